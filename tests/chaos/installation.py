"""A whole installation: a web process, its local cluster, and the store they share."""

import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import closing, suppress

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from core.runs.settings import PROJECT, Site
from core.runs.store import Store
from tests.conftest import end_cluster
from tests.postgres import Postgres

ROUTES = ["distributed.http.health", "tests.chaos.recorder_route"]  # of a worker
POLL_SECONDS = 0.2
REFRESH_SECONDS = 3.0  # between two reloads: the page may have met a lost store


class Installation:
    """Everything that runs, so that it can be killed, and started again.

    Parameters
    ----------
    home
        An empty folder.
    kind
        "sqlite" or "postgresql".
    """

    def __init__(self, home, kind):
        self.home, self.keep = home, False
        self.postgres = Postgres() if kind == "postgresql" else None
        address = (
            self.postgres.empty_schema()
            if self.postgres
            else f"sqlite:///{home / 'runs.sqlite'}"
        )
        self.site = Site(home=home, database_url=address)
        self.store = Store(address)
        self.web = Web(home, address)

    def close(self):
        self.web.close()
        self.store.close()
        end_cluster(self.home)
        if self.postgres:
            self.postgres.remove()

    def process(self, role):
        """The scheduler or the nanny, if it lives."""
        with suppress(OSError, ValueError, psutil.Error):
            pid = int((self.home / f"{role}.pid").read_text())
            return psutil.Process(pid)
        return None

    def workers(self):
        """The worker processes that live: they train."""
        with suppress(psutil.Error):
            nanny = self.process("worker")
            children = nanny.children() if nanny else []
            return [p for p in children if "spawn_main" in " ".join(p.cmdline())]
        return []

    def kill_all(self):
        """Kill all processes but the database's: the machine loses its power."""
        end_cluster(self.home)

    def hold_lock(self, seconds):
        """Keep every writer of a SQLite store waiting."""
        with closing(sqlite3.connect(self.home / "runs.sqlite", timeout=30)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)


class Web:
    """A web process that is started again when it ends, with an open page.

    One browser tab is open all the time and connects again by itself. Streamlit
    starts the supervisor of the runs when the first one comes.
    """

    def __init__(self, home, database_url):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.log = home / "web.log"
        self.environment = os.environ | {
            "UNROLLED_HOME": str(home),
            "DATABASE_URL": database_url,
            "DASK_DISTRIBUTED__WORKER__HTTP__ROUTES": repr(ROUTES),
        }
        self.process = None
        self.may_start = threading.Event()
        self.may_start.set()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep_running)
        self._thread.start()

    def close(self):
        self._ending.set()
        self._thread.join()
        if self.process:
            self.process.kill()
            self.process.wait()

    def _keep_running(self):
        while not self._ending.wait(POLL_SECONDS):
            if self.process is None or self.process.poll() is not None:
                if self.may_start.is_set():
                    self._start()
            elif self._answers():
                with suppress(OSError, WebSocketException, TimeoutError):
                    self._keep_page_open()

    def _start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "streamlit",
                    "run",
                    "app.py",
                    "--server.address=127.0.0.1",
                    f"--server.port={self.port}",
                ],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def _answers(self):
        health = f"http://127.0.0.1:{self.port}/_stcore/health"
        with suppress(OSError):
            return urllib.request.urlopen(health, timeout=2).read() == b"ok"
        return False

    def _keep_page_open(self):
        """Open the page, and reload it repeatedly until the connection ends."""
        with connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            origin=f"http://127.0.0.1:{self.port}",
            subprotocols=["streamlit"],
            max_size=None,
            close_timeout=0.2,
        ) as tab:
            message = BackMsg()
            message.rerun_script.query_string = ""
            refreshed = float("-inf")
            while not self._ending.is_set():
                if time.monotonic() - refreshed > REFRESH_SECONDS:
                    tab.send(message.SerializeToString())
                    refreshed = time.monotonic()
                with suppress(TimeoutError):
                    tab.recv(timeout=POLL_SECONDS)
