"""The dashboard under load, in its own process, and its resources."""

import os
import re
import tempfile
from pathlib import Path

import numpy as np
import psutil

from core.runs.store import Store
from tests.browser.conftest import Dashboard
from tests.conftest import end_cluster

ERROR = re.compile(r"^\S+ error ", re.MULTILINE)  # core.logs' own form
TRAINING_SECONDS = 3600  # more than a load takes
MOST_WAITING = 2000  # trainings in the queue


class Server(Dashboard):
    """A web process on loopback with a store and a cluster in a folder of its own."""

    def __init__(self):
        home = Path(tempfile.mkdtemp(prefix="load-"))
        os.environ["UNROLLED_RUN_SECONDS"] = str(TRAINING_SECONDS)
        os.environ["UNROLLED_QUEUED"] = str(MOST_WAITING)
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("DASK_SCHEDULER_ADDRESS", None)
        self.log = home / "web.log"
        super().__init__(home, self.log.open("wb"))
        self.web = psutil.Process(self.process.pid)
        url = f"sqlite:///{home / 'runs.sqlite'}"
        self.store = Store(url, waiting_in_all=MOST_WAITING, seconds=TRAINING_SECONDS)

    def used(self):
        """Return the megabytes and the seconds of CPU of the web process."""
        times = self.web.cpu_times()
        return np.array([self.web.memory_info().rss / 2**20, times.user + times.system])

    def ended(self, run):
        """Return when each epoch of a run ended, as its worker wrote it down."""
        return {point.epoch: point.at for point in self.store.points(run, 10**6)}

    def logged_errors(self):
        """Return how many errors the web process has logged."""
        return len(ERROR.findall(self.log.read_text(errors="replace")))

    def close(self):
        """End the web process and the cluster."""
        self.store.close()
        self.kill()
        end_cluster(self.home)
        self.output.close()
