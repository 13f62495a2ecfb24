"""Look after an installation: python -m core.runs ready, clean, backup, restore."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.cli import Parser, exit_on_user_error
from core.logs import set_up
from core.runs.ready import check_readiness
from core.runs.settings import Site, checked_environment
from core.runs.store import Store
from core.runs.store.backup import backup, restore
from core.runs.store.cleaning import Cleaner

PROGRAM = "core.runs"


def main() -> None:
    """Run a command and print its answer: one JSON object on one line."""
    set_up()
    args, site = _parser().parse_args(), checked_environment()
    answer = exit_on_user_error(PROGRAM, lambda: args.work(site, args))
    print(json.dumps(answer))
    raise SystemExit(0 if answer.get("ready", True) else 1)


def _parser() -> Parser:
    parser = Parser(prog=PROGRAM, description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    ready = commands.add_parser(
        "ready", help="Say whether trainings can be taken; exit status 0 or 1."
    )
    ready.set_defaults(work=_ready)
    clean = commands.add_parser(
        "clean", help="Remove old runs: UNROLLED_KEEP_DAYS, UNROLLED_KEEP_MB."
    )
    clean.add_argument(
        "--dry-run", action="store_true", help="Only say what would be removed."
    )
    clean.set_defaults(work=_clean)
    save = commands.add_parser("backup", help="Write the store to a new file.")
    save.add_argument("file", type=Path, metavar="FILE")
    save.set_defaults(work=_backup)
    fill = commands.add_parser("restore", help="Fill the store from such a file.")
    fill.add_argument("file", type=Path, metavar="FILE")
    fill.add_argument(
        "--force", action="store_true", help="Even if runs in the store are lost."
    )
    fill.set_defaults(work=_restore)
    return parser


def _ready(site: Site, _: argparse.Namespace) -> dict[str, object]:
    return check_readiness(site).summary()


def _clean(site: Site, args: argparse.Namespace) -> dict[str, int]:
    with _store(site) as store:
        cleaner = Cleaner(site, store)
        return (cleaner.plan() if args.dry_run else cleaner.clean()).summary()


def _backup(site: Site, args: argparse.Namespace) -> dict[str, int]:
    with _store(site) as store:
        return backup(site, store, args.file)


def _restore(site: Site, args: argparse.Namespace) -> dict[str, int]:
    with _store(site) as store:
        return restore(site, store, args.file, force=args.force)


@contextmanager
def _store(site: Site) -> Iterator[Store]:
    store = Store(site.database_url)
    try:
        yield store
    finally:
        store.close()


if __name__ == "__main__":
    main()
