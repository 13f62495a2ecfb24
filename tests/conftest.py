import os

# Read by NumPy when it is first imported. The matrices are too small for more
# threads, which on a busy machine only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg  # noqa: F401 - before TensorFlow: see core/runs/preload.py
import pytest


def wait_until(true, seconds=120.0, what="the condition"):
    """Wait for a condition; return its value once it holds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := true():
            return value
        time.sleep(0.02)
    return pytest.fail(f"waited {seconds} s in vain for {what}")


def processes_of(home: Path):
    """The processes of the local cluster that lives in a folder."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("UNROLLED_HOME") == str(home) and (
                process.pid != os.getpid()
            ):
                found.append(process)
    return found


def end_cluster(home: Path):
    """Kill what is left of a local cluster."""
    for process in processes_of(home):
        with suppress(psutil.Error):
            process.send_signal(signal.SIGKILL)
    psutil.wait_procs(processes_of(home), timeout=10)


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory):
    """A home folder of the tests' own, with its own store and cluster."""
    folder = tmp_path_factory.mktemp("home")
    os.environ["UNROLLED_HOME"] = str(folder)
    os.environ["UNROLLED_PRIORITY"] = "low"  # tests beside it leave it little else
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("DASK_SCHEDULER_ADDRESS", None)
    yield folder
    if session := sys.modules.get("pages.ui.session"):
        session.platform().close()  # its supervisor would start the cluster anew
    end_cluster(folder)


class Clock:
    """One that a test moves."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def browser():
    """A real browser: one in each process, where Playwright can be started but once."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import QUIET, chromium

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=QUIET)
        yield browser
        browser.close()
