"""Search for better settings in the terminal: python -m core.search stock."""

import argparse
import json
import secrets
import signal
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

from core.cli import (
    Parser,
    add_json,
    add_settings,
    exit_on_user_error,
    given_settings,
    say,
)
from core.registry import TASKS, get_task
from core.runs import Platform
from core.runs.search.engine import BEST, DEFAULT
from core.runs.search.space import Extent, Plan, parse_space, read_scalar
from core.runs.settings import checked_environment
from core.runs.store.studies import Study
from core.stock.sources.samples import SAMPLES
from core.task import ConfigError, Settings, UserError

PROGRAM = "core.search"
LOOK_SECONDS = 0.3


def main() -> None:
    """Read the arguments, search on this installation's workers, print the result."""
    args = _parser().parse_args()
    site = checked_environment()

    def search() -> Study:
        config, data, plan = _request(args)
        platform = Platform(site)
        owner = secrets.token_hex(16)
        try:
            interruptions = _note_interruptions()
            study_id = platform.start_search(owner, args.task, config, data, plan)
            study = _follow(platform, owner, study_id, args.json, interruptions)
            if study.active:
                platform.stop_search(owner, study_id)
                sys.exit(f"{PROGRAM}: the search was stopped.")
            return study
        finally:
            platform.close(timeout=1)

    study = exit_on_user_error(PROGRAM, search)
    if study.status != "done":
        sys.exit(f"{PROGRAM}: {study.error}")
    answer = result(study)
    sys.stdout.write(json.dumps(answer, allow_nan=False) + "\n")


def _parser() -> Parser:
    parser = Parser(prog=PROGRAM, description=__doc__)
    parser.add_argument("task", choices=tuple(TASKS), help="What is trained.")
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="A CSV of prices for stock, a text for text; else the bundled data.",
    )
    parser.add_argument(
        "--sample",
        type=str.upper,
        metavar="NAME",
        help=f"A bundled series for stock: {', '.join(SAMPLES)}; default SP500.",
    )
    parser.add_argument(
        "--space",
        nargs="+",
        required=True,
        metavar="NAME=VALUES",
        help="The space: units=4:32 learning_rate=1e-3:2e-2:log cell=rnn,lstm.",
    )
    parser.add_argument(
        "--base",
        nargs="+",
        default=[],
        metavar="NAME=VALUE",
        help="Changes of the initial settings: epochs=20.",
    )
    add_settings(parser, Extent)
    add_json(parser)
    return parser


def _request(args: argparse.Namespace) -> tuple[Settings, object, Plan]:
    """Return the initial settings, the data, and the plan."""
    kind = get_task(args.task).Config
    given = {}
    for text in args.base:
        name, equals, value = text.partition("=")
        if not equals:
            raise ConfigError(f"base: expected NAME=VALUE, got {text!r}.")
        given[name] = read_scalar(kind, name, value)
    usual, data = _data(args)
    extent = Extent.from_dict(given_settings(args, Extent))
    plan = Plan(space=parse_space(args.space, kind), extent=extent)
    return kind.from_dict({**usual.values, **given}), data, plan


def _data(args: argparse.Namespace) -> tuple[Settings, object]:
    """Return the default settings and the data of the options."""
    task = get_task(args.task)
    if args.sample and args.file:
        raise ConfigError("--sample: expected it without a FILE.")
    if args.sample:
        return task.from_sample(args.sample)
    return task.from_file(args.file) if args.file else task.example()


def _note_interruptions() -> list[int]:
    """Append the first Ctrl-C to a list; the second one ends the program at once.

    A KeyboardInterrupt within a lock would leave it locked, and the supervisor and the
    store have locks. (So has `threading.Event`.)
    """
    interruptions: list[int] = []

    def note(number: int, frame: object) -> None:
        del frame
        interruptions.append(number)
        signal.signal(number, signal.default_int_handler)

    signal.signal(signal.SIGINT, note)
    return interruptions


def _follow(
    platform: Platform,
    owner: str,
    study_id: str,
    as_json: bool,
    interruptions: Sequence[int],
) -> Study:
    """Wait for the end of a search or for Ctrl-C; print finished trials."""
    said: set[int] = set()
    confirming = False
    while True:
        study = platform.studies.get(owner, study_id)
        if study is None:
            raise UserError("The search was removed from the store.")
        for trial in study.summary.get("trials", []):
            if trial["state"] != "running" and trial["number"] not in said:
                said.add(trial["number"])
                say(_line(trial), as_json)
        if study.status == "confirming" and not confirming:
            confirming = True
            say("Training the best settings and the default with new seeds.", as_json)
        if interruptions or not study.active:
            return study
        time.sleep(LOOK_SECONDS)


def _line(trial: dict[str, Any]) -> str:
    settings = "  ".join(f"{name} {value}" for name, value in trial["settings"].items())
    value = "" if trial["value"] is None else f" {trial['value']:.4g}"
    spread = "" if trial["spread"] is None else f" ± {trial['spread']:.2g}"
    return f"trial {trial['number']}: {trial['state']}{value}{spread}  {settings}"


def result(study: Study) -> dict[str, Any]:
    """Return the outcome of a finished search for printing.

    The values of the best settings and of the default are those with new seeds.
    """
    summary = study.summary
    trials = summary["trials"]
    names = ("settings", "value", "spread", "state")
    confirmed = summary["confirmed"]
    default = _confirmed(trials[0], confirmed[DEFAULT])
    best = _confirmed(trials[summary["best"]], confirmed.get(BEST, confirmed[DEFAULT]))
    return {
        "trials": [{name: trial[name] for name in names} for trial in trials],
        "best": best,
        "default": default,
        "beats_default": summary["beats_default"],
        "p": summary["p"],
        "seconds": round(study.seconds, 1),
    }


def _confirmed(trial: dict[str, Any], values: Sequence[float | None]) -> dict[str, Any]:
    numbers = [value for value in values if value is not None]
    whole = len(numbers) == len(values)
    return {
        "settings": trial["settings"],
        "value": statistics.fmean(numbers) if whole else None,
        "spread": statistics.stdev(numbers) if whole else None,
    }


if __name__ == "__main__":
    main()
