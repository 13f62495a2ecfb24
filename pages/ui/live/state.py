"""Runs and the queue as they were a moment ago, read once for all who look at them."""

from core.runs.recent import Recent
from core.runs.run import Run
from core.runs.store.readers import Reader
from core.runs.store.store import owner_key
from pages.ui.session import platform

SECONDS = 0.25  # in which all see the same state

_unfinished: Recent[dict[tuple[str, str], Run]] = Recent(SECONDS)
_runs: Recent[Run | None] = Recent(SECONDS)
_places: Recent[dict[str, int]] = Recent(SECONDS)


def is_changing(run: Run) -> bool:
    """Whether there is something to wait for: an epoch, or the result so far."""
    return run.active or run.closing


def run_of(reader: Reader, run_id: str) -> Run | None:
    """The run, as it was a moment ago, or as it is if it has ended by then.

    Of fifty that train or wait, each on a page of its own, all are read at once.
    """
    unfinished = _unfinished.get("all", lambda: platform().store.unfinished())
    own = isinstance(reader, str)
    run = unfinished.get((owner_key(reader), run_id)) if own else None
    if run is None:
        run = _runs.get((reader, run_id), lambda: platform().store.get(reader, run_id))
    return run if run and is_changing(run) else platform().store.get(reader, run_id)


def place_in_queue(run: Run) -> int:
    """The place of a queued run, as it was a moment ago: 1 is next."""
    places = _places.get("all", lambda: platform().store.places_in_queue())
    return places.get(run.training, 0)
