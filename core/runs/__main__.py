"""Maintain an installation: python -m core.runs ready, clean, backup, restore, erase.

And list, show and export the runs of all owners. Each command needs UNROLLED_HOME,
DATABASE_URL and the other settings as the dashboard has them.
"""

import argparse
import functools
import json
from contextlib import closing
from pathlib import Path
from typing import Any

from core.cli import (
    Parser,
    add_files,
    exit_on_sigterm,
    exit_on_user_error,
    say,
    write_files,
)
from core.logs import set_up
from core.registry import get_task, part_of_task
from core.runs.ready import MISSING, check_readiness
from core.runs.run import MissingStoreError, Run
from core.runs.settings import Site, checked_environment, warn_of_unknown_variables
from core.runs.store import Store
from core.runs.store.all_owners import (
    erase_owner,
    every_run,
    find_run,
    result_of,
)
from core.runs.store.backup import backup, restore
from core.runs.store.cleaning import Cleaner
from core.settings_file import write_settings
from core.takeaway import make_report
from core.takeaway.notebook import write_notebook
from core.task import UserError

PROGRAM = "core.runs"
EXPORTS = {
    "notebook": "Write a Jupyter notebook that trains it again and compares the "
    "numbers.",
    "model": "Write the trained model, with a script that uses it (ZIP).",
    "report": "Write a page of HTML with settings, figures and verdicts.",
    "settings": "Write its settings, which --settings of the task reads (JSON).",
}
ID_DIGITS = 12  # digits of an id in the table
MOST_POINTS = 100_000
MOST_LISTED = 100_000  # runs


def main() -> None:
    """Run a command and print its answer: one JSON object on one line.

    `list` prints an object for each run, or a table; `show` one, or a line each.
    """
    set_up()
    warn_of_unknown_variables()
    args = _parser().parse_args()
    creates = args.work is _restore  # the others would only work on an empty store
    site = checked_environment(create=creates)
    with (
        exit_on_sigterm(),  # a back-up is written to a temporary folder first
        closing(Store(site.database_url, create=creates)) as store,
    ):
        answer = exit_on_user_error(PROGRAM, lambda: args.work(site, store, args))
        say(f"Store: {store.address}", as_json=False)
    if isinstance(answer, str):
        print(answer)
        return
    print(json.dumps(answer))
    raise SystemExit(0 if answer.get("ready", True) else 1)


def _parser() -> Parser:
    parser = Parser(prog=PROGRAM, description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    parsers = {}
    for name, (work, what) in COMMANDS.items():
        parsers[name] = commands.add_parser(name, help=what)
        parsers[name].set_defaults(work=work)
    for name in ("clean", "erase"):
        parsers[name].add_argument(
            "--dry-run", action="store_true", help="Print the plan, remove nothing."
        )
    parsers["erase"].add_argument(
        "owner",
        metavar="OWNER",
        help="The id of a run of the owner, or the value of the cookie unrolled_owner; "
        "where users sign in, the id or the user's name.",
    )
    for name in ("backup", "restore"):
        parsers[name].add_argument("file", type=Path, metavar="FILE")
    parsers["restore"].add_argument(
        "--force", action="store_true", help="Replace the runs in the store."
    )
    parsers["list"].add_argument(
        "--most", type=int, default=100, metavar="N", help="How many; default 100."
    )
    add_files(parsers["export"], "FILE", EXPORTS)
    for name in ("show", "export"):
        parsers[name].add_argument(
            "run", metavar="RUN", help="The run's id, or a unique beginning of it."
        )
    for name in ("list", "show"):
        parsers[name].add_argument("--json", action="store_true", help="As JSON.")
    return parser


def _ready(site: Site, store: Store, _: argparse.Namespace) -> dict[str, object]:
    readiness = check_readiness(site)
    if readiness.store == MISSING:
        raise MissingStoreError(store.address)
    return readiness.summary()


def _clean(site: Site, store: Store, args: argparse.Namespace) -> dict[str, int]:
    cleaner = Cleaner(site, store)
    return (cleaner.plan() if args.dry_run else cleaner.clean()).summary()


def _backup(site: Site, store: Store, args: argparse.Namespace) -> dict[str, int]:
    return backup(site, store, args.file)


def _restore(site: Site, store: Store, args: argparse.Namespace) -> dict[str, int]:
    return restore(site, store, args.file, force=args.force)


def _erase(site: Site, store: Store, args: argparse.Namespace) -> dict[str, int]:
    return erase_owner(site, store, args.owner, dry_run=args.dry_run)


def _list(_: Site, store: Store, args: argparse.Namespace) -> str:
    if not 1 <= args.most <= MOST_LISTED:
        raise UserError(
            f"--most: expected 1 to {MOST_LISTED:,} runs, got {args.most:.10g}."
        )
    found = [_facts(run) for run in every_run(store, args.most)]
    if args.json:
        return "\n".join(json.dumps(facts) for facts in found)
    return "\n".join(
        f"{f['id'][:ID_DIGITS]}  "
        f"{f['task']:<7} {f['status']:<8} {f['epochs']:>4} epochs  "
        f"{_on_a_line(f['name'])}"
        for f in found
    )


def _show(_: Site, store: Store, args: argparse.Namespace) -> str:
    run = find_run(store, args.run)
    facts = {**_facts(run), "settings": run.settings, "summary": run.summary}
    if args.json:
        return json.dumps(facts)
    lines = [f"{name}: {value}" for name, value in facts.items() if value is not None]
    return "\n".join(map(_on_a_line, lines))


def _on_a_line(text: str) -> str:
    """Replace control characters, which a terminal would interpret."""
    line = " ".join(text.split())
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)


def _facts(run: Run) -> dict[str, Any]:
    """Return the columns of a run in a list."""
    return {
        "id": run.id,
        "task": run.task,
        "name": run.name,
        "status": run.status,
        "created": run.created,
        "seconds": run.seconds,
        "epochs": int(run.progress),
        "note": run.note,
        "error": run.error,
        "follows": run.training if run.joined else None,
    }


def _export(_: Site, store: Store, args: argparse.Namespace) -> dict[str, str]:
    """Write the requested files; return their names by option."""
    wanted = {option: file for option in EXPORTS if (file := getattr(args, option))}
    if not wanted:
        options = ", ".join(f"--{option}" for option in EXPORTS)
        raise UserError(f"export: expected one of {options}, got none.")
    run = find_run(store, args.run)
    task = get_task(run.task)
    config = task.Config.from_json(run.config)
    write_files(args, {"settings": lambda: write_settings(run.task, config)})
    if set(wanted) == {"settings"}:
        return wanted
    if run.study:
        raise UserError(
            f"{run.id}: expected a run with a result, got a trial of a search, "
            "which has none. Export its --settings, and train with them."
        )
    result = task.Result.decode(result_of(store, run.id))
    points = store.points(run.id, MOST_POINTS)
    if args.notebook:
        stopped = run.status == "stopped"
        write_notebook(args.notebook, run.task, result, points, stopped=stopped)

    def model() -> bytes:
        if (part := part_of_task(run.task, "download")) is None:
            raise UserError(f"--model: {task.TITLE} has no model to export.")
        archive: bytes = part.model_archive(result)
        return archive

    report = functools.partial(make_report, run.task, result, points, name=run.name)
    write_files(args, {"report": report, "model": model})
    return wanted


COMMANDS = {
    "ready": (_ready, "Check whether trainings can run; exit status 0 or 1."),
    "clean": (_clean, "Remove old runs: UNROLLED_KEEP_DAYS, UNROLLED_KEEP_MB."),
    "backup": (_backup, "Write the store, without its classes, to a new file."),
    "restore": (_restore, "Fill the store from such a file."),
    "erase": (_erase, "Erase all data of one owner."),
    "list": (_list, "List the newest runs of all owners."),
    "show": (_show, "Show the state of a run."),
    "export": (_export, "Write the files of a run."),
}

if __name__ == "__main__":
    main()
