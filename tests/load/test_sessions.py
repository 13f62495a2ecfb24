"""Sessions of pages that were closed: nothing of them stays."""

import os
import signal
import time
from unittest import mock

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import ROOT, Dashboard
from tests.conftest import wait_until
from tests.driver.security.server import socket
from tests.platforms import NOBODY

PAGES = sorted(page.stem for page in (ROOT / "pages").glob("*.py"))
FORGOTTEN = 1.5  # seconds after which a closed session cannot be taken up again


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


@pytest.fixture
def dashboard(tmp_path):
    """A dashboard without workers that forgets a closed session in a second."""
    own = {
        "DASK_SCHEDULER_ADDRESS": NOBODY,
        "SESSIONS_ALIVE": str(tmp_path / "alive"),
        "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1",
    }
    with mock.patch.dict(os.environ, own):
        dashboard = CountingDashboard(tmp_path)
    yield dashboard
    dashboard.kill()


def visit(dashboard, page):
    """Open a page, wait until it is drawn, and close it."""
    asked, message = BackMsg(), ForwardMsg()
    asked.rerun_script.page_name = page
    with socket(dashboard, dashboard.url) as stream:
        stream.send(asked.SerializeToString())
        while message.WhichOneof("type") != "script_finished":
            message = ForwardMsg.FromString(stream.recv(timeout=60))


def test_nothing_of_a_session_stays_when_it_has_left(dashboard):
    for page in PAGES:
        visit(dashboard, page)
    assert len(PAGES) > 10
    assert max(dashboard.alive()) > 2  # just now they could still come back
    left = time.monotonic()

    def gone():
        """The next one to leave turns those out who left a while ago."""
        nonlocal left
        if time.monotonic() - left < FORGOTTEN:
            return False
        visit(dashboard, "runs")
        left = time.monotonic()
        return max(dashboard.alive()) <= 2

    wait_until(gone, what="the end of the closed sessions")
