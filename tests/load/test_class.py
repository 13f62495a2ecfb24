"""The load driver before a real dashboard: what it does, sees and counts."""

import asyncio
import sqlite3
import time

import pytest

from benchmarks.load import deeds
from benchmarks.load.tally import SpentError, Tally
from tests.conftest import wait_until

SECONDS = 120  # for what comes by itself
FORGOTTEN = 1.5  # seconds after which a closed session cannot be taken up again


async def until(true, what):
    async with asyncio.timeout(SECONDS):
        while not true():
            await asyncio.sleep(0.05)
    assert true(), what


def test_students_get_through_every_deed_without_an_error(dashboard, tally, attend):
    async def doing(room):
        session = room.enter()
        await session.open()
        for deed in deeds.DEEDS:
            await deed(session, room.mind)
        return session

    session = attend(dashboard, doing)
    assert tally.errors == {}
    assert session.owner


def test_a_moved_slider_stays_moved_over_a_refresh(counted, tally, attend):
    async def doing(room):
        session = room.enter()
        await session.open("rnn")
        before = session.page.widgets["rnn_cell_units"].told.default
        await session.set("rnn_cell_units", 3)
        await session.refresh()
        widget = session.page.widgets["rnn_cell_units"]
        return before, session.page.states[widget.id].double_value

    before, after = attend(counted, doing)
    assert before != after == 3
    assert tally.errors == {}


def test_an_uploaded_file_is_read_by_the_page(counted, tally, attend):
    async def doing(room):
        session = room.enter()
        await session.open("stock")
        await session.set("stock_source", ["Upload"])
        assert not session.has("stock_train")
        content = (deeds.DATA / "prices" / "KO.csv").read_bytes()
        await session.upload("stock_upload", "KO.csv", content)
        return session.has("stock_train")

    assert attend(counted, doing)
    assert tally.errors == {}


def test_all_who_look_on_see_epoch_after_epoch_even_the_restless(
    dashboard, tally, attend
):
    async def doing(room):
        owner, run = await room.teach()
        await room.look_on(owner, run)
        await room.look_on(owner, run)
        room.begin(room.look_on(owner, run, fidget=True))
        await until(lambda: len(tally.watches) == 3, "three who look on")
        await until(lambda: all(len(w.news) > 1 for w in tally.watches), "news")
        teacher = room.sessions[0]
        await teacher.press("stock_stop")
        await until(lambda: teacher.has("stock_close"), "the end of the training")
        return owner, run

    owner, run = attend(dashboard, doing)
    assert tally.errors == {}
    assert all(w.updates > 1 for w in tally.watches)
    assert tally.first_pages
    assert len(owner) == 43
    assert len(run) == 32


def test_panels_slow_down_for_each_other_and_are_quick_again(crowded, tally, attend):
    async def doing(room):
        teacher = room.enter()
        await teacher.open("stock")
        await teacher.press("stock_train")

        def slower():
            return max(teacher.page.fragments.values(), default=0.0) > 0.45

        assert not slower()
        guests = [room.enter(teacher.owner) for _ in range(3)]
        for guest in guests:
            await guest.open("stock", teacher.page.query)
        await until(slower, "a slower panel")
        for guest in guests:
            await guest.close()
        await until(lambda: not slower(), "a quick one")

    attend(crowded, doing)
    assert tally.errors == {}


def test_a_page_that_breaks_is_an_error_of_the_load(counted, tally, attend):
    async def doing(room):
        session = room.enter()
        await session.open("runs")
        assert tally.errors == {}
        with sqlite3.connect(counted.home / "runs.sqlite") as store:
            store.execute("DROP TABLE runs")  # the store is taken away
        store.close()
        await until(lambda: tally.errors, "the error")

    attend(counted, doing)
    assert any("error on the page" in what for what in tally.errors)


def test_a_server_that_goes_away_is_an_error_of_the_load(counted, tally, attend):
    async def doing(room):
        await room.enter().open("runs")
        counted.kill()
        await until(lambda: tally.errors, "the error")

    attend(counted, doing)
    assert any("socket" in what for what in tally.errors)


def test_no_more_requests_are_sent_than_were_foreseen(counted, attend, tally):
    tally.most = 3

    async def doing(room):
        session = room.enter()
        for _ in range(5):
            await session.open("runs")
            await session.close()

    with pytest.raises(SpentError, match="3 requests"):
        attend(counted, doing)


def test_nothing_of_a_session_stays_when_it_has_left(counted, attend):
    async def come_and_go(room, paths):
        for path in paths:
            session = room.enter()
            await session.open(path)
            await session.close()

    attend(counted, lambda room: come_and_go(room, deeds.PAGES))
    assert max(counted.alive()) > 2  # just now they could still come back
    left = time.monotonic()

    def gone():
        """The next one to leave turns those out who left a while ago."""
        nonlocal left
        if time.monotonic() - left < FORGOTTEN:
            return False
        attend(counted, lambda room: come_and_go(room, ["runs"]))
        left = time.monotonic()
        return max(counted.alive()) <= 2

    wait_until(gone, what="the end of the closed sessions")


def test_a_tally_knows_its_errors_by_kind():
    tally = Tally(most=1)
    tally.error("a")
    tally.error("a")
    assert tally.errors == {"a": 2}
