"""The message that clears Streamlit's caches changes nothing for anybody else."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks.load.address import Address
from benchmarks.load.counts import Counts
from benchmarks.load.session import Session
from tests.browser.conftest import Dashboard

SECONDS = 400  # workers that start on a busy machine come last
TIMES = 200
POOL = 20  # what the store's pool of connections may open; one a time would be 180
BETWEEN = 20  # what a page or the queue opens for a moment is not there each time
RUN = "lstm_step=Learning&lstm_task=text&lstm_epochs=500&lstm_units=64"


@pytest.fixture
def dashboard(home):
    dashboard = Dashboard(home)
    yield dashboard
    dashboard.kill()


def held(process):
    """Threads, open files and connections of the server."""
    connections = process.net_connections("tcp")
    return process.num_threads(), process.num_fds(), len(connections)


def test_clearing_the_caches_leaves_everything_and_everybody_as_they_are(dashboard):
    counts = Counts(max_requests=5000)
    process = psutil.Process(dashboard.process.pid)

    async def until(true):
        async with asyncio.timeout(SECONDS):
            while not true():
                await asyncio.sleep(0.05)

    async def clear(eve, times):
        seen = []
        for _ in range(times):
            await eve._connection.send(BackMsg(clear_cache=True))
            await eve._connection.run()
            seen.append(held(process))
        return [min(column) for column in zip(*seen, strict=True)]

    async def whole():
        ann, eve = (Session(Address(dashboard.url), counts) for _ in range(2))
        await ann.open("lstm", RUN)
        await ann.train("lstm", "a run")
        await until(lambda: ann.page.epoch)
        await eve.open("runs")
        before = await clear(eve, BETWEEN)
        for _ in range(TIMES // BETWEEN - 2):
            await clear(eve, BETWEEN)
        epoch = ann.page.epoch
        after = await clear(eve, BETWEEN)
        await until(lambda: ann.page.epoch != epoch)
        assert ann.has("lstm_stop")
        await ann.press("lstm_stop")
        await until(lambda: ann.has("lstm_close"))
        await eve.close()
        await ann.close()
        return before, after

    with ThreadPoolExecutor(1) as own:  # Playwright has this one
        before, after = own.submit(asyncio.run, whole()).result()
    assert counts.errors == {}
    assert all(now <= then + POOL for then, now in zip(before, after, strict=True)), (
        before,
        after,
    )
