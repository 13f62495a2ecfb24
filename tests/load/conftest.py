import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest

from benchmarks.load.address import Address
from benchmarks.load.mind import Mind
from benchmarks.load.scenes import Room
from benchmarks.load.tally import Tally
from tests.browser.conftest import Dashboard
from tests.conftest import wait_until

NOBODY = "tcp://127.0.0.1:9"  # no scheduler: for what needs no worker
QUICK = 0.0, 0.05  # seconds of thought


class Counted(Dashboard):
    """A dashboard that can be asked how many sessions it holds."""

    program = ("-m", "tests.load.counted")

    def alive(self):
        """How many sessions there are, and how many states of sessions."""
        file = self.home / "alive"
        file.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        wait_until(file.exists, what="the count")
        return tuple(map(int, file.read_text().split()))


class Crowded(Dashboard):
    """A dashboard that can draw three panels a second, not more."""

    program = ("-m", "tests.load.crowded")


@pytest.fixture(scope="session")
def dashboard(home):
    """With a store and workers."""
    dashboard = Dashboard(home)
    yield dashboard
    dashboard.kill()


@pytest.fixture
def counted(tmp_path):
    """Without workers, of a test's own; a closed session is forgotten in a second."""
    own = {
        "DASK_SCHEDULER_ADDRESS": NOBODY,
        "SESSIONS_ALIVE": str(tmp_path / "alive"),
        "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1",
    }
    with mock.patch.dict(os.environ, own):
        dashboard = Counted(tmp_path)
    yield dashboard
    dashboard.kill()


@pytest.fixture
def crowded(tmp_path):
    """Without workers: who trains there waits for one."""
    with mock.patch.dict(os.environ, {"DASK_SCHEDULER_ADDRESS": NOBODY}):
        dashboard = Crowded(tmp_path)
    yield dashboard
    dashboard.kill()


@pytest.fixture
def tally():
    return Tally(most=5000)


@pytest.fixture
def attend(tally):
    """Returns a function that has something done in a room before a dashboard."""

    def attend(dashboard, doing):
        async def whole():
            room = Room(Address(dashboard.url), tally, Mind(0, QUICK))
            try:
                return await doing(room)
            finally:
                await room.empty()

        with ThreadPoolExecutor(1) as own:  # Playwright has this one
            return own.submit(asyncio.run, whole()).result()

    return attend
