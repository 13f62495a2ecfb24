"""Repeats of a run: runs of its owner with the same settings but for the seed."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from core.registry import digest_of
from core.runs.run import Run, settings_but_seed
from core.runs.store.joining import RUNS
from core.runs.store.readers import Reader
from core.runs.store.schema import files, runs, studies, trainings
from core.runs.store.store import OF_FILE, Store, as_run, readable_by, select_runs


def repeats(store: Store, reader: Reader, compared: Sequence[Run]) -> list[Run]:
    """Return the readable runs that repeat one of the compared runs.

    They have the same name of the data; the data may differ. Trials of searches are
    left out, as a search selects lucky seeds, and so are further runs of one training.
    """
    if not compared:
        return []
    wanted, chosen = set(map(_repeated, compared)), {run.id for run in compared}
    _, readable, present = readable_by(reader, compared[0].id)
    candidates = select_runs().where(
        readable,
        present,
        trainings.c.task.in_({run.task for run in compared}),
        trainings.c.title.in_({run.title for run in compared}),
        or_(trainings.c.study.is_(None), runs.c.id.in_(chosen)),
    )
    rows = store.rows(candidates.order_by(runs.c.created))
    found = [run for run in map(as_run, rows) if _repeated(run) in wanted]
    first = sorted(found, key=lambda run: (run.id not in chosen, run.status != "done"))
    of_training = {run.training: run.id for run in reversed(first)}
    listed = chosen.union(of_training.values())
    return [run for run in found if run.id in listed]


def data_of(store: Store, reader: Reader, run_id: str) -> bytes | None:
    """Return the encoded data of a run that the reader may read, or None."""
    readable = readable_by(reader, run_id)
    own = select(files.c.content).join(runs, OF_FILE).where(files.c.name == "data")
    searched = select(studies.c.data).select_from(RUNS)
    of_search = searched.join(studies, studies.c.id == trainings.c.study)
    for query in (own, of_search):
        if row := store.first(query.where(*readable)):
            return bytes(row[0])
    return None


def data_digest(store: Store, reader: Reader, run_id: str) -> str:
    """Return the hash of a run's data, which never change."""
    return digest_of(data_of(store, reader, run_id) or b"")


def _repeated(run: Run) -> tuple[str, str, str]:
    return run.task, run.title, settings_but_seed(run.task, run.config)
