"""A dashboard of the load's own, and what its web process uses."""

import os
import re
import statistics
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.load.address import Address
from core.runs.store import Store
from tests.browser.conftest import Dashboard
from tests.conftest import end_cluster

SAMPLES = 5  # of the memory, whose median counts
BETWEEN = 0.2  # seconds between two of them
ERROR = re.compile(r"^\S+ error ", re.MULTILINE)  # core.logs' own form
MARGIN = 1200  # seconds that a training may last longer than the load


class Server:
    """A web process on loopback with a store and a cluster in a folder of its own."""

    def __init__(self, seconds):
        self.home = Path(tempfile.mkdtemp(prefix="load-"))
        os.environ["UNROLLED_RUN_SECONDS"] = str(seconds + MARGIN)
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("DASK_SCHEDULER_ADDRESS", None)
        self.log = (self.home / "web.log").open("wb")
        self.dashboard = Dashboard(self.home, self.log)
        self.address = Address(self.dashboard.url)
        self.process = psutil.Process(self.dashboard.process.pid)
        self.store = Store(f"sqlite:///{self.home / 'runs.sqlite'}")

    def memory(self):
        """Megabytes that the web process holds."""
        found = []
        for _ in range(SAMPLES):
            found.append(self.process.memory_info().rss / 2**20)
            time.sleep(BETWEEN)
        return statistics.median(found)

    def cpu(self):
        """Seconds of CPU that the web process has used."""
        times = self.process.cpu_times()
        return times.user + times.system

    def ended(self, run):
        """When each epoch of a run ended, as its worker wrote it down."""
        return {point.epoch: point.at for point in self.store.points(run, 10**6)}

    def complaints(self):
        """How many errors the web process has logged.

        A tab that closes while something is sent to it is none: the web server's own
        words on that are in another form.
        """
        return len(ERROR.findall((self.home / "web.log").read_text(errors="replace")))

    def close(self):
        """End the web process and the cluster."""
        self.store.close()
        self.dashboard.kill()
        end_cluster(self.home)
        self.log.close()
