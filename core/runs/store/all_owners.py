"""Runs of all owners for the administrator."""

import re

from sqlalchemy import select

from core.runs.run import Run
from core.runs.store.schema import files, runs
from core.runs.store.store import OF_FILE, Store, as_run, select_runs
from core.task import UserError

PREFIX = re.compile(r"[0-9a-f]{1,32}")


def every_run(store: Store, most: int) -> list[Run]:
    """Return the newest runs of all owners, without deleted ones."""
    query = select_runs().where(runs.c.deleted.is_(None))
    newest = query.order_by(runs.c.created.desc()).limit(most)
    return [as_run(row) for row in store.rows(newest)]


def find_run(store: Store, prefix: str) -> Run:
    """Return the one run whose id begins with a prefix; else raise a UserError."""
    if not PREFIX.fullmatch(prefix):
        raise UserError(
            f"RUN: expected the beginning of a run's id, which has digits and a to f, "
            f"got {prefix[:40]!r}. `list` shows the ids."
        )
    query = select_runs().where(runs.c.id.startswith(prefix), runs.c.deleted.is_(None))
    found = [as_run(row) for row in store.rows(query.limit(2))]
    if not found:
        raise UserError(f"RUN: expected the id of a run, got {prefix}. See `list`.")
    if len(found) > 1:
        raise UserError(
            f"RUN: expected the id of one run, got {prefix}, the beginning of several "
            "ids. Give more digits."
        )
    return found[0]


def result_of(store: Store, run_id: str) -> bytes:
    """Return the encoded result of a run; a UserError if it has none."""
    query = select(files.c.content).join(runs, OF_FILE)
    query = query.where(
        runs.c.id == run_id, runs.c.left_at.is_(None), files.c.name == "result"
    )
    found = store.first(query)
    if found is None:
        raise UserError(
            f"{run_id}: expected a run with a result, got a run without one. Wait for "
            "its end, or resume it."
        )
    return bytes(found.content)
