import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest

from benchmarks.load.address import Address
from benchmarks.load.behaviour import Behaviour
from benchmarks.load.counts import Counts
from benchmarks.load.scenarios import Classroom
from tests.browser.conftest import Dashboard
from tests.conftest import wait_until

NOBODY = "tcp://127.0.0.1:9"  # no scheduler: for what needs no worker
QUICK = 0.0, 0.05  # seconds of think time


class CountingDashboard(Dashboard):
    """A dashboard that can be asked how many sessions it holds."""

    program = ("-m", "tests.load.counting_dashboard")

    def alive(self):
        """How many sessions there are, and how many states of sessions."""
        file = self.home / "alive"
        file.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        wait_until(file.exists, what="the count")
        return tuple(map(int, file.read_text().split()))


@pytest.fixture(scope="session")
def dashboard(home):
    """With a store and workers."""
    dashboard = Dashboard(home)
    yield dashboard
    dashboard.kill()


@pytest.fixture
def counting_dashboard(tmp_path):
    """Without workers, of a test's own; a closed session is forgotten in a second."""
    own = {
        "DASK_SCHEDULER_ADDRESS": NOBODY,
        "SESSIONS_ALIVE": str(tmp_path / "alive"),
        "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1",
    }
    with mock.patch.dict(os.environ, own):
        dashboard = CountingDashboard(tmp_path)
    yield dashboard
    dashboard.kill()


@pytest.fixture
def counts():
    return Counts(max_requests=5000)


@pytest.fixture
def in_classroom(counts):
    """Returns a function that runs a scenario in a class before a dashboard."""

    def in_classroom(dashboard, scenario):
        async def whole():
            classroom = Classroom(Address(dashboard.url), counts, Behaviour(0, QUICK))
            try:
                return await scenario(classroom)
            finally:
                await classroom.empty()

        with ThreadPoolExecutor(1) as own:  # Playwright has this one
            return own.submit(asyncio.run, whole()).result()

    return in_classroom
