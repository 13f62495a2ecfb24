"""Cached reads of runs and the queue, shared by all sessions."""

from core.runs.recent import Recent
from core.runs.run import Run
from core.runs.store.readers import Reader
from core.runs.store.store import owner_key
from pages.ui.session import platform

SECONDS = 0.25  # lifetime of the cache: a read of 300 runs takes 20 ms

_unfinished: Recent[dict[tuple[str, str], Run]] = Recent(SECONDS)
_runs: Recent[Run | None] = Recent(SECONDS)
_places: Recent[dict[str, int]] = Recent(SECONDS)


def is_changing(run: Run) -> bool:
    """Whether a run is unfinished, or its result so far is being computed."""
    return run.active or run.closing


def run_of(reader: Reader, run_id: str) -> Run | None:
    """The cached run while it is unfinished, else the current one.

    One query reads all unfinished runs, for the pages of a whole class.
    """
    unfinished = _unfinished.get("all", lambda: platform().store.unfinished())
    own = isinstance(reader, str)
    run = unfinished.get((owner_key(reader), run_id)) if own else None
    if run is None:
        run = _runs.get((reader, run_id), lambda: platform().store.get(reader, run_id))
    return run if run and is_changing(run) else platform().store.get(reader, run_id)


def place_in_queue(run: Run) -> int:
    """The cached place of a queued run: 1 is next."""
    places = _places.get("all", lambda: platform().store.places_in_queue())
    return places.get(run.training, 0)
