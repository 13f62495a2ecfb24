"""The load driver before a real dashboard: what it does, sees and counts."""

import asyncio
import sqlite3
import time

import pytest

from benchmarks.load import actions
from benchmarks.load.browsers import Browsers
from benchmarks.load.counts import Counts, TooManyRequestsError
from benchmarks.load.school_class import TASK, TOGETHER, SchoolClass, start_class
from core.runs.store import Store
from pages.ui.server import new_owner
from tests.conftest import wait_until

SECONDS = 120  # for what comes by itself
FORGOTTEN = 1.5  # seconds after which a closed session cannot be taken up again


async def until(true, what):
    async with asyncio.timeout(SECONDS):
        while not true():
            await asyncio.sleep(0.05)
    assert true(), what


def test_students_get_through_every_action_without_an_error(
    dashboard, counts, in_classroom
):
    async def scenario(classroom):
        session = classroom.enter()
        await session.open()
        for action in actions.ACTIONS:
            await action(session, classroom.behaviour)
        return session

    session = in_classroom(dashboard, scenario)
    assert counts.errors == {}
    assert session.owner


def test_a_moved_slider_stays_moved_over_a_refresh(
    counting_dashboard, counts, in_classroom
):
    async def scenario(classroom):
        session = classroom.enter()
        await session.open("rnn")
        before = session.page.widgets["rnn_cell_units"].proto.default
        await session.set("rnn_cell_units", 3)
        await session.refresh()
        widget = session.page.widgets["rnn_cell_units"]
        return before, session.page.states[widget.id].double_value

    before, after = in_classroom(counting_dashboard, scenario)
    assert before != after == 3
    assert counts.errors == {}


def test_an_uploaded_file_is_read_by_the_page(counting_dashboard, counts, in_classroom):
    async def scenario(classroom):
        session = classroom.enter()
        await session.open("stock")
        await session.set("stock_source", ["Upload"])
        assert not session.has("stock_train")
        content = (actions.DATA / "prices" / "KO.csv").read_bytes()
        await session.upload("stock_upload", "KO.csv", content)
        return session.has("stock_train")

    assert in_classroom(counting_dashboard, scenario)
    assert counts.errors == {}


def test_all_who_look_on_see_epoch_after_epoch_even_the_restless(
    dashboard, counts, in_classroom
):
    async def scenario(classroom):
        owner, run = await classroom.start_training()
        await classroom.watch_run(owner, run)
        await classroom.watch_run(owner, run)
        classroom.begin(classroom.watch_run(owner, run, interact=True))
        await until(lambda: len(counts.watches) == 3, "three who look on")
        await until(
            lambda: all(len(w.new_epochs) > 1 for w in counts.watches), "new epochs"
        )
        teacher = classroom.sessions[0]
        await teacher.press("stock_stop")
        await until(lambda: teacher.has("stock_close"), "the end of the training")
        return owner, run

    owner, run = in_classroom(dashboard, scenario)
    assert counts.errors == {}
    assert all(w.updates > 1 for w in counts.watches)
    assert counts.first_pages
    assert len(owner) == 43
    assert len(run) == 32


def test_a_class_joins_and_trains_one_task_which_the_board_shows(
    dashboard, counts, in_classroom
):
    store, teacher = Store(f"sqlite:///{dashboard.home / 'runs.sqlite'}"), new_owner()
    settings = TASK | {"lstm_epochs": 8, "lstm_seed": 17}

    async def scenario(classroom):
        code, task = start_class(store, classroom.address, teacher, settings)
        browsers = Browsers(classroom.address, counts, dashboard.home)
        await browsers.watch_board(teacher, code)
        try:
            students = SchoolClass(classroom, store, 3)
            await students.join(code, task)
            await students.train(TOGETHER, SECONDS, press_seconds=1)
            return [(each.owner, each.request) for each in students.students]
        finally:
            await browsers.close()

    asked = in_classroom(dashboard, scenario)
    found = [store.get(owner, request.run) for owner, request in asked]
    store.close()
    assert counts.errors == {}
    assert len({run.id for run in found}) == 3
    assert len({run.training for run in found}) == 1
    assert all(request.first_epoch <= request.result for _, request in asked)
    assert {watch.run for watch in counts.tiles} == {run.id for run in found}


def test_a_page_that_breaks_is_an_error_of_the_load(
    counting_dashboard, counts, in_classroom
):
    async def scenario(classroom):
        session = classroom.enter()
        await session.open("runs")
        assert counts.errors == {}
        with sqlite3.connect(counting_dashboard.home / "runs.sqlite") as store:
            store.execute("DROP TABLE runs")  # the store is taken away
        store.close()
        await until(lambda: counts.errors, "the error")

    in_classroom(counting_dashboard, scenario)
    assert any("error on the page" in what for what in counts.errors)


def test_a_server_that_goes_away_is_an_error_of_the_load(
    counting_dashboard, counts, in_classroom
):
    async def scenario(classroom):
        await classroom.enter().open("runs")
        counting_dashboard.kill()
        await until(lambda: counts.errors, "the error")

    in_classroom(counting_dashboard, scenario)
    assert any("socket" in what for what in counts.errors)


def test_no_more_requests_are_sent_than_were_foreseen(
    counting_dashboard, in_classroom, counts
):
    counts.max_requests = 3

    async def scenario(classroom):
        session = classroom.enter()
        for _ in range(5):
            await session.open("runs")
            await session.close()

    with pytest.raises(TooManyRequestsError, match="3 requests"):
        in_classroom(counting_dashboard, scenario)


def test_nothing_of_a_session_stays_when_it_has_left(counting_dashboard, in_classroom):
    async def come_and_go(classroom, paths):
        for path in paths:
            session = classroom.enter()
            await session.open(path)
            await session.close()

    in_classroom(
        counting_dashboard, lambda classroom: come_and_go(classroom, actions.PAGES)
    )
    assert max(counting_dashboard.alive()) > 2  # just now they could still come back
    left = time.monotonic()

    def gone():
        """The next one to leave turns those out who left a while ago."""
        nonlocal left
        if time.monotonic() - left < FORGOTTEN:
            return False
        in_classroom(
            counting_dashboard, lambda classroom: come_and_go(classroom, ["runs"])
        )
        left = time.monotonic()
        return max(counting_dashboard.alive()) <= 2

    wait_until(gone, what="the end of the closed sessions")


def test_errors_are_counted_by_kind():
    counts = Counts(max_requests=1)
    counts.error("a")
    counts.error("a")
    assert counts.errors == {"a": 2}
