"""A worker that does not answer, and a nanny that does not either."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from core.runs import Platform
from tests.conftest import processes_of, wait_until
from tests.driver.chaos import operations as base
from tests.driver.chaos.operations import FOREVER, begin, until

installation, store = (
    base.installation,
    base.store,
)  # fixtures: pytest finds them by name


def listener(processes, address):
    """The process that listens at a worker's address."""
    port = int(address.rpartition(":")[2])
    return next(
        process
        for process in processes
        for connection in process.net_connections("tcp")
        if connection.status == "LISTEN" and connection.laddr.port == port
    )


def is_locked(home):
    """Whether a transaction that writes to the store stays open."""
    with closing(sqlite3.connect(home / "runs.sqlite", timeout=1)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
    return False


@pytest.mark.parametrize("stuck", [FOREVER, {**FOREVER, "lock_at": 1}])
def test_a_stuck_run_is_ended_and_blocks_no_other(installation, store, stuck):
    """Its nanny does not answer either: waiting for the nanny takes 30 s.

    An open transaction of the worker blocks all others until its process is killed.
    """
    nanny = next(
        p
        for p in processes_of(installation.home)
        if {"dask", "worker"} <= {*p.cmdline()}
    )
    platform = Platform(replace(installation.site, run_seconds=5))
    run_id = begin(store, **stuck)
    try:
        until(store, run_id, "running")
        address = wait_until(
            lambda: (
                (v := platform.supervisor.view) and v.tasks.get(run_id, ("", ""))[1]
            ),
            what="its worker",
        )
        worker = listener(nanny.children(recursive=True), address)
        if "lock_at" in stuck:
            wait_until(
                lambda: is_locked(installation.home), what="the open transaction"
            )
        worker.suspend()
        nanny.suspend()
        ended = until(store, run_id, "stopped")
        assert "did not respond" in ended.error
        other = begin(store, "bob", epochs=3)
        wait_until(
            lambda: store.get("bob", other).status == "done",
            seconds=20,
            what="the end of another's run",
        )
    finally:
        nanny.resume()
        platform.close()
