"""Caches of results, points and figures: one for each session, one for all sessions.

When a class opens one run, fifty sessions need the same row, points and figures within
half a second. The rights to a run are checked before a cache is used. Shared values are
never changed.
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
MAX_VALUES = 12  # most values of a source


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


_values = WeakKeyDictionary()  # ordered dictionary of values for each source
_making = WeakKeyDictionary()  # lock for each source
_lock = threading.Lock()


def shared_cache(make, source, *args):
    """Return `make(source, *args)`, such as a figure, from a cache of all sessions.

    A value is cached as long as its source lives: an example for ever, a run's result
    while a session has it open, points until there are newer ones. Concurrent sessions
    wait for the first one to make a value. Values must not refer to their source. A
    plain list of points belongs to one session, and its values are not cached.

    `source` is a result, or the `Points` of a run; `args` are numbers, texts, switches
    and settings.
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


_results = WeakValueDictionary()  # results by version
_reading = Recent(0, most=VERSIONS)


def shared_result(version, read):
    """Return `read()`, shared by all sessions that have it open.

    The caller has checked the rights to the run.
    """
    result = _results.get(version)
    if result is None and (result := _reading.get(version, read)) is not None:
        _results[version] = result
        _reading.forget(version)
    return result


def cached_result(prefix: str, what: str, run, read, most: int = 1):
    """Return `read()`, made of the result of a run, from both caches.

    By the run's end: a resumed run gets another result.
    """
    version = what, run.training, run.finished
    return session_cache(
        prefix, what, version, lambda: shared_result(version, read), most
    )


def _serialised(made):
    """Turn a figure into a dictionary once: Streamlit does it for every session."""
    if isinstance(made, Figure):
        spec = made.to_dict()
        made.to_dict = lambda: spec
    return made


class Points(list[Point]):
    """The points of a run at one moment, with a version for caches."""

    def __init__(self, points, version: tuple) -> None:
        super().__init__(points)
        self.version = version

    def __hash__(self) -> int:
        return hash(self.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Points) and self.version == other.version


_points: Recent[Points] = Recent(math.inf)
_newest = WeakValueDictionary()  # the latest in the cache, by training and end


def points_of(run) -> Points:
    """Return the points of a run, cached for each heartbeat of its training.

    The runs of one training share them; a run that was left has fewer.
    """
    version = run.training, run.left_progress, run.heartbeat

    def read():
        if not run.heartbeat:
            return Points((), version)
        known = _newest.get(version[:2], ())
        points = Points(platform().store.points(run.id, MAX_POINTS, known), version)
        _newest[version[:2]] = points
        return points

    return _points.get(version, read)


@lru_cache(VERSIONS)
def first_points(points: Points, count: int) -> Points:
    """The first points of a run, as they are in a replay."""
    return Points(points[:count], (*points.version, count))
