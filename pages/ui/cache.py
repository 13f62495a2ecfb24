"""Caches of what takes a moment to make: one for each session, one for all sessions.

A class looks at one run: without a cache, fifty sessions would read the same row and
the same points and build the same figure fifty times in half a second; and every
visitor sees the same examples. A run is found by its reader only, here as well. What is
shared is never changed.
"""

import math
import threading
from collections import OrderedDict
from functools import lru_cache
from weakref import WeakKeyDictionary, WeakValueDictionary

import streamlit as st
from plotly.graph_objects import Figure

from core.runs.recent import Recent
from core.task import Point
from pages.ui.session import platform

MAX_POINTS = 200
VERSIONS = 64  # states of runs, and their points, in the cache
MAX_VALUES = 12  # in the cache for each source


def session_cache(prefix: str, what: str, version, make, most: int = 1):
    """Return `make()`, from this session's cache if this version of it is there.

    The cache has the last `most` versions of each thing that a page makes.
    """
    cache = st.session_state.setdefault(f"{prefix}_cache", {}).setdefault(what, {})
    if version not in cache:
        cache[version] = make()
        for oldest in list(cache)[:-most]:
            del cache[oldest]
    return cache[version]


_values = WeakKeyDictionary()  # by source: an ordered dictionary of what was made of it
_making = WeakKeyDictionary()  # by source: the lock of whoever makes something of it
_lock = threading.Lock()


def shared_cache(make, source, *args):
    """Return `make(source, *args)`, such as a figure, from a cache of all sessions.

    It is in the cache as long as the source lives: of an example for ever, of a run's
    result for as long as a session has it open, of points until there are newer ones.
    When a class sees a result at one moment, the first session makes its figures, and
    the others wait for them. What is made must not refer to the source. A plain list
    of points belongs to one session, and what is made of it is not cached.

    Parameters
    ----------
    source
        A result, or the `Points` of a run.
    args
        Numbers, texts, switches and settings.
    """
    if isinstance(source, list) and not isinstance(source, Points):
        return make(source, *args)
    with _lock:
        values = _values.setdefault(source, OrderedDict())
        making = _making.setdefault(source, threading.RLock())
    with making:
        if (make, args) not in values:
            values[make, args] = _serialised(make(source, *args))
            while len(values) > MAX_VALUES:
                values.popitem(last=False)
        values.move_to_end((make, args))
        return values[make, args]


_results = WeakValueDictionary()  # by version
_reading = Recent(0, most=VERSIONS)


def shared_result(version, read):
    """Return `read()`, or what another session that has it open has read.

    A class that looks on at one run reads its result, and draws its figures, once.
    The run itself must have been found by its reader before.
    """
    result = _results.get(version)
    if result is None and (result := _reading.get(version, read)) is not None:
        _results[version] = result
        _reading.forget(version)
    return result


def _serialised(made):
    """Turn a figure into a dictionary once: Streamlit does it for every session."""
    if isinstance(made, Figure):
        spec = made.to_dict()
        made.to_dict = lambda: spec
    return made


class Points(list[Point]):
    """The points of a run at one moment; its version tells it from other moments."""

    def __init__(self, points, version: tuple) -> None:
        super().__init__(points)
        self.version = version

    def __hash__(self) -> int:
        return hash(self.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Points) and self.version == other.version


_points = Recent(math.inf, most=VERSIONS)


def points_of(run) -> Points:
    """Return the points of a run, read once for each heartbeat of its training.

    The runs of one training share them; a run that left it has the first ones.
    """
    version = run.training, run.left_progress, run.heartbeat

    def read():
        return Points(platform().store.points(run.id, MAX_POINTS), version)

    return _points.get(version, read)


@lru_cache(VERSIONS)
def first_points(points: Points, count: int) -> Points:
    """The first points of a run, as they are in a replay."""
    return Points(points[:count], (*points.version, count))
