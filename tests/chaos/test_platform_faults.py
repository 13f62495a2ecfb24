"""The platform over its own cluster of TensorFlow workers, while parts of it die."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace

import psutil
import pytest

from core import registry
from core.runs import Platform, Site, local
from core.runs.local import HAS_IDLE, LocalCluster, worker_count
from core.runs.settings import PROJECT
from tests.conftest import end_cluster, processes_of, wait_until
from tests.core.runs.counting import Config as Counting
from tests.driver.chaos.cluster import suspend
from tests.driver.core import platform as base
from tests.driver.core.platform import (
    EPOCHS,
    at_epoch,
    begin,
    ended,
    family,
    same,
    workers,
)

expected, owner = base.expected, base.owner  # fixtures: pytest finds them by name
QUIET_DASK = ["--no-dashboard"]


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    home = tmp_path_factory.mktemp("faults")
    url = f"sqlite:///{home / 'runs.sqlite'}"
    platform = Platform(replace(Site.from_env(), home=home, database_url=url))
    platform.supervisor.warm()
    wait_until(lambda: workers(platform), what="workers")
    yield platform
    platform.close()
    end_cluster(home)


def worker_of(platform, run_id):
    """The process id of the worker that has a run: it listens where Dask says."""

    def found():
        view = platform.supervisor.view
        port = view and view.tasks.get(run_id, ("", ""))[1].rpartition(":")[2]
        return (
            next(filter(None, map(listens(port), family(platform.site.home))), None)
            if port
            else None
        )

    return wait_until(found, what="the run's worker")


def listens(port):
    """Returns a function that gives a process's id if it listens at the port."""

    def pid(process):
        with suppress(psutil.Error):
            for connection in process.net_connections("tcp"):
                if connection.status == "LISTEN" and connection.laddr.port == int(port):
                    return process.pid
        return None

    return pid


def test_a_run_whose_worker_is_killed_ends_like_an_undisturbed_one(
    platform, owner, expected
):
    run_id = begin(platform, owner)
    at_epoch(platform, owner, run_id, EPOCHS // 3)
    os.kill(worker_of(platform, run_id), signal.SIGKILL)
    run = ended(platform, owner, run_id)
    assert run.starts == 2
    same(platform, run, owner, expected)


def test_a_run_whose_scheduler_is_killed_ends_after_recovery(platform, owner, expected):
    run_id = begin(platform, owner)
    at_epoch(platform, owner, run_id, EPOCHS // 3)
    pid = int((platform.site.home / "scheduler.pid").read_text())
    os.kill(pid, signal.SIGKILL)
    run = ended(platform, owner, run_id)
    same(platform, run, owner, expected)
    assert run.starts <= 2
    ended(platform, owner, begin(platform, owner, epochs=2))


def test_a_stopped_run_gets_its_result_so_far_although_the_whole_cluster_dies(
    platform, owner, expected
):
    run_id = begin(platform, owner)
    at_epoch(platform, owner, run_id, EPOCHS // 3)
    platform.stop(owner, run_id)
    for process in family(platform.site.home):
        with suppress(psutil.Error):
            process.kill()
    stopped = ended(platform, owner, run_id, "stopped")
    assert stopped.error is None
    assert 0 < stopped.summary["epochs"] == int(stopped.progress) < EPOCHS
    platform.resume(owner, run_id)
    same(platform, ended(platform, owner, run_id), owner, expected)


def test_a_run_goes_on_when_the_process_that_started_it_is_killed(
    platform, owner, expected
):
    script = (
        "import sys, time\n"
        "from core.runs import Platform\n"
        "from tests.driver.core.platform import begin\n"
        "print(begin(Platform(), sys.argv[1]), flush=True)\n"
        "time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, owner],
        stdout=subprocess.PIPE,
        cwd=PROJECT,
        env=os.environ | {"UNROLLED_HOME": str(platform.site.home)},
    )
    run_id = process.stdout.readline().decode().strip()
    at_epoch(platform, owner, run_id, 10)
    process.kill()
    process.wait()
    process.stdout.close()
    same(platform, ended(platform, owner, run_id), owner, expected)


@pytest.fixture
def poisonous(tmp_path, monkeypatch):
    """A platform over an existing cluster whose workers know a poisoned task."""
    monkeypatch.setitem(registry.TASKS, "poisoned", "tests.core.runs.poisoned")
    monkeypatch.setenv("UNROLLED_HOME", str(tmp_path))
    where = ["--scheduler-file", str(tmp_path / "own.json"), "--host", "127.0.0.1"]
    workers = ["--nworkers", "2", "--nthreads", "1", "--preload"]
    processes = [
        subprocess.Popen([sys.executable, "-m", "dask", *command, *where, *QUIET_DASK])
        for command in (
            ["scheduler", "--port", "0"],
            ["worker", *workers, "tests.core.runs.poisoned"],
        )
    ]
    address = wait_until((tmp_path / "own.json").exists) and json.loads(
        (tmp_path / "own.json").read_text()
    )
    platform = Platform(replace(Site.from_env(), scheduler=address["address"]))
    yield platform
    platform.close()
    end_cluster(tmp_path)
    for process in processes:
        process.wait()


def test_a_poisoned_run_fails_with_the_reason_and_disturbs_no_other(
    poisonous, platform, owner, expected
):
    other = begin(poisonous, "innocent")
    poisoned = poisonous.start(owner, "poisoned", Counting(), 1.0)
    run = ended(poisonous, owner, poisoned, "failed")
    assert run.starts > 6
    assert "crashed 6 times in a row" in run.error
    innocent = ended(poisonous, "innocent", other)
    assert innocent.starts == 1
    for name in ("loss", "epochs"):
        assert innocent.summary[name] == pytest.approx(expected.summary[name], abs=1e-6)


def test_a_run_that_ignores_stop_is_ended_by_force(platform, owner):
    run_id = begin(platform, owner, steps=200)
    at_epoch(platform, owner, run_id, 5)
    pid = worker_of(platform, run_id)
    suspend(pid, platform.site.home)
    platform.stop(owner, run_id)
    run = ended(platform, owner, run_id, "stopped")
    assert "did not respond" in run.error
    wait_until(lambda: not psutil.pid_exists(pid), what="the end of the worker")
    again = begin(platform, owner, epochs=3)
    ended(platform, owner, again)


def test_a_scheduler_that_does_not_answer_does_not_stop_the_supervisor(platform):
    scheduler = psutil.Process(int((platform.site.home / "scheduler.pid").read_text()))
    first = wait_until(lambda: platform.supervisor.view, what="an answer")
    # From then on the connection is kept, and connecting cannot take too long.
    wait_until(lambda: platform.supervisor.view not in (None, first), what="another")
    scheduler.suspend()
    try:
        wait_until(
            lambda: platform.supervisor.view is None,
            seconds=60,
            what="an end of the wait for the scheduler",
        )
    finally:
        scheduler.resume()
    wait_until(lambda: workers(platform) == worker_count(), what="its answer")


async def drop(dask_scheduler, worker):
    """Give a worker up, as the scheduler does with one that is silent for long."""
    await dask_scheduler.remove_worker(worker, stimulus_id="silent", close=False)


def test_a_worker_whose_nanny_has_ended_for_good_is_replaced(
    platform, owner, monkeypatch
):
    monkeypatch.setattr(local, "LOST_SECONDS", 1.0)
    wait_until(lambda: workers(platform) == worker_count(), what="all workers")
    before = platform.supervisor.view.workers.keys()
    nannies = int((platform.site.home / "worker.pid").read_text())
    cluster, dropped = platform.supervisor.cluster, min(before)
    cluster._connected().run_on_scheduler(drop, worker=dropped)
    wait_until(
        lambda: (
            workers(platform) == worker_count()
            and not before & platform.supervisor.view.workers.keys()
        ),
        seconds=240,
        what="new workers",
    )
    assert int((platform.site.home / "worker.pid").read_text()) != nannies
    ended(platform, owner, begin(platform, owner, epochs=2))


def test_workers_that_end_while_nothing_trains_are_started_again(platform, monkeypatch):
    monkeypatch.setattr(local, "LOST_SECONDS", 1.0)
    wait_until(lambda: workers(platform) == worker_count(), what="all workers")
    nannies = psutil.Process(int((platform.site.home / "worker.pid").read_text()))
    nannies.kill()  # its workers end with it
    wait_until(lambda: workers(platform) == 0, what="the end of the workers")
    wait_until(
        lambda: workers(platform) == worker_count(), seconds=120, what="new workers"
    )
    assert not platform.store.active()


def test_an_unused_cluster_ends_and_leaves_no_process(tmp_path, monkeypatch):
    # On a busy machine the scheduler ends before its workers have found it.
    monkeypatch.setattr("core.runs.local.START_SECONDS", 30)
    site = replace(Site.from_env(), home=tmp_path, idle_minutes=0.2)
    site = replace(site, database_url=f"sqlite:///{tmp_path / 'runs.sqlite'}")
    platform = Platform(site)
    try:
        platform.supervisor.warm()
        platform.supervisor.wake()
        wait_until(lambda: processes_of(tmp_path), what="the start of the cluster")
        wait_until(lambda: not processes_of(tmp_path), what="the end of the cluster")
    finally:
        platform.close()
        end_cluster(tmp_path)


@pytest.mark.skipif(not HAS_IDLE, reason="only Linux has such a priority")
@pytest.mark.parametrize("priority", ["idle", "low", "usual"])
def test_workers_run_at_the_priority_that_is_set(tmp_path, priority):
    cluster = LocalCluster(replace(Site.from_env(), home=tmp_path, priority=priority))
    try:
        cluster.ensure()
        pid = int((tmp_path / "worker.pid").read_text())
        policy = os.SCHED_IDLE if priority == "idle" else os.SCHED_OTHER
        wait_until(lambda: os.sched_getscheduler(pid) == policy)
        ours, theirs = (os.getpriority(os.PRIO_PROCESS, each) for each in (0, pid))
        assert theirs == ours if priority == "usual" else theirs > 0
        scheduler = int((tmp_path / "scheduler.pid").read_text())
        assert os.sched_getscheduler(scheduler) == os.SCHED_OTHER
    finally:
        end_cluster(tmp_path)


def test_a_run_trains_with_its_store_on_postgresql(postgres_url, tmp_path):
    site = replace(Site.from_env(), home=tmp_path, database_url=postgres_url)
    platform = Platform(site)
    try:
        run = ended(platform, "ann", begin(platform, "ann", epochs=4))
        assert [p.epoch for p in platform.store.points(run.id)] == [1, 2, 3, 4]
        assert platform.store.result("ann", run.id)
    finally:
        platform.close()
        end_cluster(tmp_path)
