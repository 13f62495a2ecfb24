"""A worker that does not answer, and a nanny that does not either."""

from dataclasses import replace

from core.runs import Platform
from tests.conftest import processes_of, wait_until
from tests.driver.core import operations as base
from tests.driver.core.operations import FOREVER, begin, until

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


def test_a_stuck_run_is_ended_and_blocks_no_other(installation, store):
    """Its nanny does not answer either; whoever waits for that one waits for 30 s."""
    nanny = next(
        p
        for p in processes_of(installation.home)
        if {"dask", "worker"} <= {*p.cmdline()}
    )
    platform = Platform(replace(installation.site, run_seconds=2))
    run_id = begin(store, **FOREVER)
    try:
        until(store, run_id, "running")
        address = wait_until(
            lambda: (
                (v := platform.supervisor.view) and v.tasks.get(run_id, ("", ""))[1]
            ),
            what="its worker",
        )
        stuck = [nanny, listener(nanny.children(recursive=True), address)]
        for process in stuck:
            process.suspend()
        ended = until(store, run_id, "stopped")
        assert "did not respond" in ended.error
        other = begin(store, "bob", epochs=3)
        wait_until(
            lambda: store.get("bob", other).status == "done",
            seconds=20,
            what="the end of another's run",
        )
    finally:
        for process in stuck:
            process.resume()
        platform.close()
