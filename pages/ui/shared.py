"""What all who look at one thing see alike, read and drawn once for all of them.

A class looks at one run: fifty sessions would read the same row and the same points and
build the same figure fifty times in the same half second; and every visitor sees the
same examples. A run is found by its owner only, here as well. Nobody changes what is
shared.
"""

import threading
import time
from collections import OrderedDict
from functools import lru_cache
from weakref import WeakKeyDictionary

from plotly.graph_objects import Figure

from core.runs.run import Point
from pages.ui.session import platform

POINTS = 200
TOGETHER = 0.3  # seconds, in which all see the same moment of a run
VERSIONS = 16  # of runs, of points, and of figures, that are kept
MOST = 12  # things that are kept of one result


class Points(list[Point]):
    """The points of a run at one moment; its version tells it from other moments."""

    def __init__(self, points, version: tuple[str, int]) -> None:
        super().__init__(points)
        self.version = version

    def __hash__(self) -> int:
        return hash(self.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Points) and self.version == other.version


def under_way(run) -> bool:
    """Whether there is something to wait for: an epoch, or the result so far."""
    return run.active or run.closing


def run_of(owner: str, run_id: str):
    """The owner's run, as it was a moment ago, or as it is if it has ended by then."""
    run = _look(owner, run_id, int(time.monotonic() / TOGETHER))
    return run if run and under_way(run) else platform().store.get(owner, run_id)


@lru_cache(VERSIONS)
def _look(owner: str, run_id: str, moment: int):  # noqa: ARG001 - tells them apart
    return platform().store.get(owner, run_id)


def points_of(run) -> Points:
    """The points of a run that trains: whatever its worker writes counts its beat."""
    return _read(run.id, run.beat)


@lru_cache(VERSIONS)
def _read(run_id: str, beat: int) -> Points:
    return Points(platform().store.points(run_id, POINTS), (run_id, beat))


def drawn(make, points, *wishes):
    """What a function makes of points and wishes, such as a figure.

    It is shared where the points are; of points that only one session has it is made
    anew. Wishes are numbers, texts, switches and settings.
    """
    return (_make if isinstance(points, Points) else _make.__wrapped__)(
        make, points, *wishes
    )


@lru_cache(VERSIONS)
def _make(make, points, *wishes):
    return _written(make(points, *wishes))


_shelves = WeakKeyDictionary()  # by result: what was made of it, the latest last
_lock = threading.Lock()


def once(make, result, *wishes):
    """What a function makes of a result and wishes, such as a figure.

    It is kept as long as the result is: of an example for all who come, of a run for
    as long as a session has it open. What is made must not hold the result itself.
    """
    with _lock:
        shelf = _shelves.setdefault(result, OrderedDict())
        if (make, wishes) in shelf:
            shelf.move_to_end((make, wishes))
            return shelf[make, wishes]
    made = _written(make(result, *wishes))
    with _lock:
        shelf[make, wishes] = made
        while len(shelf) > MOST:
            shelf.popitem(last=False)
    return made


def _written(made):
    """Have a figure written down once: Streamlit asks it to for every session."""
    if isinstance(made, Figure):
        spec = made.to_dict()
        made.to_dict = lambda: spec
    return made
