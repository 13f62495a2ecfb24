"""A cluster whose processes end."""

import os
import signal
import sqlite3
from contextlib import closing

import psutil

from tests.conftest import wait_until


def is_changing(store, owner, run_id):
    wait_until(lambda: store.get(owner, run_id).progress > 1, what="its first epochs")


def is_stopped(pid):
    """Whether no thread of a process runs: a signal reaches one thread at a time."""
    try:
        threads = [psutil.Process(each.id) for each in psutil.Process(pid).threads()]
        return all(each.status() == psutil.STATUS_STOPPED for each in threads)
    except psutil.NoSuchProcess:  # one of them has just ended
        return False


def suspend(pid, home):
    """Suspend a worker, but not in a transaction: the store would be locked so long."""

    def suspended():
        os.kill(pid, signal.SIGSTOP)
        wait_until(lambda: is_stopped(pid), what="all of its threads")
        try:
            with closing(sqlite3.connect(home / "runs.sqlite", timeout=0.5)) as store:
                store.execute("BEGIN IMMEDIATE")
                return True
        except sqlite3.OperationalError:
            os.kill(pid, signal.SIGCONT)
            return False

    wait_until(suspended, what="a moment between two of its transactions")
