"""Repeats of a run: runs of its owner with the same settings but for the seed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, or_, select

from core.registry import digest_of
from core.runs.run import Run, settings_but_seed
from core.runs.store.joining import TRAINING
from core.runs.store.schema import files, runs, studies
from core.runs.store.store import Store, as_run, readable_by, select_runs


def repeats(store: Store, reader: str, compared: Sequence[Run]) -> list[Run]:
    """Return all that the reader may read and that repeats one of the compared runs.

    They have a name of data in common, and perhaps not the data. Trials of searches
    are left out: a search picks settings whose seeds were lucky. So are, but for the
    compared runs, further ones that follow the same training.
    """
    if not compared:
        return []
    wanted = {_repeated(run.task, run.title, run.config) for run in compared}
    _, readable, present = readable_by(reader, compared[0].id)
    candidates = select(runs.c.id, runs.c.task, runs.c.title, runs.c.config).where(
        readable,
        present,
        runs.c.task.in_({run.task for run in compared}),
        runs.c.title.in_({run.title for run in compared}),
        or_(runs.c.study.is_(None), runs.c.id.in_([run.id for run in compared])),
    )
    ids = [
        row.id
        for row in _all(store, candidates)
        if _repeated(row.task, row.title, row.config) in wanted
    ]
    query = select_runs().where(runs.c.id.in_(ids)).order_by(runs.c.created)
    found = [as_run(row) for row in _all(store, query)]
    chosen = {run.id for run in compared}
    first = sorted(found, key=lambda run: (run.id not in chosen, run.status != "done"))
    of_training = {run.training: run.id for run in reversed(first)}
    listed = chosen.union(of_training.values())
    return [run for run in found if run.id in listed]


def data_of(store: Store, reader: str, run_id: str) -> bytes | None:
    """Return the encoded data of a run that the reader may read, or None."""
    readable = readable_by(reader, run_id)
    own = select(files.c.content).join(runs, files.c.run == TRAINING)
    of_search = select(studies.c.data).join(runs, runs.c.study == studies.c.id)
    for query in (own.where(files.c.name == "data"), of_search):
        if rows := _all(store, query.where(*readable)):
            return bytes(rows[0][0])
    return None


def data_digest(store: Store, reader: str, run_id: str) -> str:
    """Return what tells the data of a run from others; they never change."""
    return digest_of(data_of(store, reader, run_id) or b"")


def _repeated(task: str, title: str, config: str) -> tuple[str, str, str]:
    return task, title, settings_but_seed(task, config)


def _all(store: Store, query: Select[Any]) -> Sequence[Row[Any]]:
    with store.engine.connect() as connection:
        return connection.execution_options(reading=True).execute(query).all()
