"""Faults of a cluster, one at a time, on two real workers."""

import os
import signal
import time

from tests.chaos import recorder
from tests.chaos.conftest import begin, came_to, ended, workers
from tests.chaos.findings import Findings, check_executions
from tests.conftest import wait_until
from tests.driver.chaos.cluster import is_changing, suspend

LONG = 100_000  # epochs: some 5 s, so that it has not ended when it is suspended
PAUSED_SECONDS = 6.0  # the supervisor holds a silent run for lost after 4


def test_a_run_goes_on_while_its_scheduler_is_paused_and_is_not_run_twice(
    own, undisturbed
):
    store = own.platform.store
    run_id = begin(own.platform, "paused", epochs=20_000)
    is_changing(store, "paused", run_id)
    own.scheduler.send_signal(signal.SIGSTOP)
    try:
        before, since = store.get("paused", run_id).heartbeat, time.monotonic()
        wait_until(lambda: time.monotonic() - since > PAUSED_SECONDS)
        assert store.get("paused", run_id).heartbeat > before
        waits = begin(own.platform, "waits", epochs=5)
    finally:
        own.scheduler.send_signal(signal.SIGCONT)
    assert ended(store, "paused", run_id).starts == 1
    assert came_to(store, "paused", run_id) == undisturbed(epochs=20_000)
    assert ended(store, "waits", waits).status == "done"


def test_a_run_that_uses_all_memory_fails_with_the_reason_and_disturbs_no_other(
    own, undisturbed
):
    store = own.platform.store
    wait_until(lambda: len(workers(own.platform)) == 2, what="workers")
    beside = begin(own.platform, "beside", epochs=20_000)
    is_changing(store, "beside", beside)
    exhausted = begin(own.platform, "out_of_memory", "out_of_memory")
    run = ended(store, "out_of_memory", exhausted)
    assert run.status == "failed"
    assert "crashed 6 times in a row" in run.error
    assert "memory" in run.error
    assert ended(store, "beside", beside).starts == 1
    assert came_to(store, "beside", beside) == undisturbed(epochs=20_000)


async def drop(dask_scheduler, worker):
    """Give a worker up, as the scheduler does with one that is silent for long."""
    await dask_scheduler.remove_worker(worker, stimulus_id="silent", close=False)


def test_a_worker_that_wakes_after_its_run_was_given_to_another_writes_nothing_more(
    own, undisturbed
):
    store = own.platform.store
    wait_until(lambda: len(workers(own.platform)) == 2, what="workers")
    run_id = begin(own.platform, "asleep", epochs=LONG)
    is_changing(store, "asleep", run_id)
    supervisor = own.platform.supervisor
    worker = wait_until(
        lambda: supervisor.view and supervisor.view.tasks.get(run_id, ("", ""))[1],
        what="the run's worker",
    )
    first = next(n for n in recorder.read(own.home) if n["run"] == run_id)
    suspend(first["pid"], own.home)
    try:
        supervisor.cluster._connected().run_on_scheduler(drop, worker=worker)
        wait_until(lambda: store.get("asleep", run_id).starts == 2, what="the next one")
        is_changing(store, "asleep", run_id)
    finally:
        os.kill(first["pid"], signal.SIGCONT)
    assert ended(store, "asleep", run_id).status == "done"
    assert came_to(store, "asleep", run_id) == undisturbed(epochs=LONG)

    def records():
        found = [n for n in recorder.read(own.home) if n["run"] == run_id]
        return found if any(n["what"] == "refused" for n in found) else None

    findings = Findings()
    check_executions(wait_until(records, what="its write that is refused"), findings)
    assert (findings.executions, findings.refused) == (2, 1)
    assert findings.duplicated == []
