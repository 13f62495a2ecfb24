"""What all who look at one training share: read and drawn once, never out of date."""

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import plotly.graph_objects as go
import pytest

from core import stock
from core.runs.recent import Recent
from core.runs.run import StoreError
from core.runs.store import RunWriter
from core.task import Point
from pages.ui import cache
from pages.ui.cache import MAX_VALUES, Points, points_of, shared_cache, shared_result
from pages.ui.live import state
from pages.ui.live.state import run_of
from tests.conftest import wait_until

ME = "m" * 43


@pytest.fixture
def store(own_store, monkeypatch):
    found = SimpleNamespace(store=own_store)
    for module in (cache, state):
        monkeypatch.setattr(module, "platform", lambda: found)
    for name in ("_unfinished", "_runs"):
        monkeypatch.setattr(state, name, Recent(0))
    return own_store


@pytest.fixture
def writer(store):
    """The writer of a run that trains here, in no worker."""
    run_id = store.create(ME, "stock", stock.Config(), title="Mine", data=b"")
    writer = RunWriter.claim(store, run_id)
    yield writer
    writer.finish("done")


def note(writer, epoch):
    point = Point(epoch=epoch, metrics={"loss": 1 / epoch})
    writer.record([point], progress=float(epoch), total=9, seconds=1.0)
    return writer.store.get(ME, writer.run.id)


def test_all_who_look_get_the_same_points_until_there_are_new_ones(store, writer):
    first = note(writer, 1)
    assert points_of(first) is points_of(store.get(ME, first.id))
    second = note(writer, 2)
    assert [point.epoch for point in points_of(second)] == [1, 2]
    third = note(writer, 3)
    assert [point.epoch for point in points_of(third)] == [1, 2, 3]
    assert points_of(third)[0] is points_of(second)[0]  # not read again
    writer.rewind(1)  # a resumed training starts again from there
    again = store.get(ME, first.id)
    assert [point.epoch for point in points_of(again)] == [1]


def test_the_points_of_a_school_stay_in_the_cache(store, writer):
    run = note(writer, 1)
    school = [replace(run, training=f"{number}") for number in range(300)]
    first = [points_of(run) for run in school]
    assert list(map(id, map(points_of, school))) == list(map(id, first))


def test_a_store_that_is_away_is_waited_for_by_all_at_once_and_asked_anew_later():
    asked, back = [], threading.Event()

    def read(version):
        asked.append(version)
        back.wait(10)
        raise StoreError("away")

    def look(version):
        with pytest.raises(StoreError):
            shared_result(version, lambda: read(version))

    versions = [("away", number % 2) for number in range(10)]
    with ThreadPoolExecutor(10) as people:
        looks = [people.submit(look, version) for version in versions]
        wait_until(lambda: len(asked) == 2, 5, "both readings at one time")
        back.set()
        for each in looks:
            each.result()
    assert sorted(asked) == sorted(set(versions))
    assert isinstance(shared_result(versions[0], Result), Result)


def test_a_run_is_seen_by_its_owner_only_and_its_end_soon(store, writer):
    note(writer, 1)
    assert run_of(ME, writer.run.id).active
    assert run_of("s" * 43, writer.run.id) is None
    run_id = store.create(ME, "stock", stock.Config(), title="", data=b"")
    ended = RunWriter.claim(store, run_id)
    assert run_of(ME, run_id).active
    ended.finish("done")
    wait_until(lambda: run_of(ME, run_id).status == "done", 5, "the end")


def test_a_figure_is_made_once_for_each_moment_run_and_setting():
    made = []

    def make(points, setting):
        made.append((points.version, setting))
        return object()

    known = {v: Points([], v) for v in (("a", 1), ("a", 2), ("b", 1))}

    def ask(run, heartbeat, setting):
        return shared_cache(make, known[run, heartbeat], setting)

    assert ask("a", 1, "dark") is ask("a", 1, "dark")
    others = [ask("a", 1, "light"), ask("a", 2, "dark"), ask("b", 1, "dark")]
    assert len({id(figure) for figure in [ask("a", 1, "dark"), *others]}) == 4
    assert len(made) == 4


def test_two_figures_of_the_same_points_are_not_taken_for_each_other():
    points = Points([], ("c", 1))
    assert shared_cache(_first, points) == "first"
    assert shared_cache(_second, points) == "second"


def _first(_):
    return "first"


def _second(_):
    return "second"


def test_values_of_a_single_session_are_not_cached():
    assert shared_cache(lambda points: [*points], [1, 2]) == [1, 2]
    assert shared_cache(lambda points: [*points], [3]) == [3]


class Result:
    """Two of them are never the same, as with those of a training."""


def test_a_figure_of_a_result_is_made_once_for_each_setting():
    one, other = Result(), Result()
    figures = [
        shared_cache(_figure, result, setting)
        for result in (one, other)
        for setting in "ab"
    ]
    assert shared_cache(_figure, one, "a") is figures[0]
    assert len({id(figure) for figure in figures}) == 4
    assert figures[1].to_dict()["layout"]["title"]["text"] == "b"
    assert figures[1].to_dict() is figures[1].to_dict()  # written down once


def test_cached_figures_of_a_result_are_limited_and_freed_with_it():
    result = Result()
    first = weakref.ref(shared_cache(_figure, result, 0))
    last = [
        weakref.ref(shared_cache(_figure, result, n)) for n in range(1, MAX_VALUES + 1)
    ][-1]
    gc.collect()
    assert first() is None
    assert last() is not None
    del result
    gc.collect()
    assert last() is None


def _figure(_, setting):
    return go.Figure(layout_title=str(setting))
