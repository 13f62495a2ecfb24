"""The platform whole: a real store, a real cluster, and what can happen to them."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace

import dask
import numpy as np
import psutil
import pytest

from core import registry, stock
from core.runs import LimitError, Platform, Site
from core.runs.local import HAS_IDLE, LocalCluster
from core.runs.settings import PROJECT
from core.task import UserError
from tests.conftest import end_cluster, processes_of, wait_until
from tests.core.runs import poisoned as poison

EPOCHS = 300
QUIET_DASK = ["--no-dashboard"]


def config(**changes):
    values = {"units": 8, "window": 40, "batch": 30, "epochs": EPOCHS, **changes}
    return stock.Config.preset("seed", **values)


@pytest.fixture(scope="module")
def platform(home):
    platform = Platform()
    platform.supervisor.warm()
    wait_until(lambda: workers(platform), what="workers")
    yield platform
    platform.close()


@pytest.fixture
def owner():
    return os.urandom(8).hex()


@pytest.fixture(scope="module")
def expected(platform):
    """What an undisturbed run comes to."""
    return ended(platform, "undisturbed", begin(platform, "undisturbed"))


def workers(platform):
    view = platform.supervisor.view
    return len(view.workers) if view else 0


def begin(platform, owner, **changes):
    _, series = stock.tiny()
    return platform.start(owner, "stock", config(**changes), series)


def ended(platform, owner, run_id, status="done"):
    def over():
        run = platform.store.get(owner, run_id)
        return None if run.active or run.closing else run

    run = wait_until(over, what=f"the end of run {run_id}")
    assert (run.status, run.error) == (status, run.error)
    return run


def at_epoch(platform, owner, run_id, epoch):
    def there():
        run = platform.store.get(owner, run_id)
        assert run.active, run.error
        return run.progress >= epoch

    wait_until(there, what=f"epoch {epoch}")


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


def family(home):
    """The processes of the cluster, and all that they started."""
    parents = processes_of(home)
    return {p for parent in parents for p in [parent, *descendants(parent)]}


def descendants(process):
    with suppress(psutil.Error):
        return process.children(recursive=True)
    return []


def listens(port):
    """Returns a function that gives a process's id if it listens at the port."""

    def pid(process):
        with suppress(psutil.Error):
            for connection in process.net_connections("tcp"):
                if connection.status == "LISTEN" and connection.laddr.port == int(port):
                    return process.pid
        return None

    return pid


def same(platform, run, owner, expected):
    """Whether a run came to the same end as the undisturbed one."""
    theirs = platform.store.points(expected.id, most=EPOCHS)
    assert [p.epoch for p in theirs] == list(range(1, EPOCHS + 1))
    ours = platform.store.points(run.id, most=EPOCHS)
    assert [p.epoch for p in ours] == [p.epoch for p in theirs]
    for mine, other in zip(ours, theirs, strict=True):
        for name, value in other.metrics.items():
            np.testing.assert_allclose(mine.metrics[name], value, rtol=0, atol=1e-6)
    for name in ("rmse", "epochs"):
        assert run.summary[name] == pytest.approx(expected.summary[name], abs=1e-6)


def test_a_run_in_a_worker_ends_with_its_result(platform, expected):
    result = stock.Result.decode(platform.store.result("undisturbed", expected.id))
    assert result.epochs == EPOCHS
    assert result.summary()["rmse"] == expected.summary["rmse"]


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


def test_a_run_goes_on_when_the_process_that_started_it_is_killed(
    platform, owner, expected
):
    script = (
        "import sys, time\n"
        "from core.runs import Platform\n"
        "from tests.core.runs.test_platform import begin\n"
        "print(begin(Platform(), sys.argv[1]), flush=True)\n"
        "time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, owner], stdout=subprocess.PIPE, cwd=PROJECT
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
    poisoned = poisonous.start(owner, "poisoned", poison.Config(), 1.0)
    run = ended(poisonous, owner, poisoned, "failed")
    assert run.starts > 6
    assert "died 6 times in a row" in run.error
    innocent = ended(poisonous, "innocent", other)
    assert innocent.starts == 1
    for name in ("rmse", "epochs"):
        assert innocent.summary[name] == pytest.approx(expected.summary[name], abs=1e-6)


def test_stop_ends_a_running_run_and_resume_brings_it_to_the_same_end(
    platform, owner, expected
):
    run_id = begin(platform, owner)
    at_epoch(platform, owner, run_id, EPOCHS // 3)
    platform.stop(owner, run_id)
    stopped = ended(platform, owner, run_id, "stopped")
    assert stopped.summary["epochs"] < EPOCHS
    platform.resume(owner, run_id)
    same(platform, ended(platform, owner, run_id), owner, expected)


def test_a_run_that_ignores_stop_is_ended_by_force(platform, owner):
    run_id = begin(platform, owner, epochs=1000)
    at_epoch(platform, owner, run_id, 5)
    pid = worker_of(platform, run_id)
    os.kill(pid, signal.SIGSTOP)
    platform.stop(owner, run_id)
    run = ended(platform, owner, run_id, "stopped")
    assert "did not answer" in run.error
    wait_until(lambda: not psutil.pid_exists(pid), what="the end of the worker")
    again = begin(platform, owner, epochs=3)
    ended(platform, owner, again)


def test_one_person_trains_one_run_at_a_time_and_queues_three(platform, owner):
    runs = [begin(platform, owner, epochs=1000) for _ in range(4)]
    with pytest.raises(LimitError):
        begin(platform, owner)
    at_epoch(platform, owner, runs[0], 5)
    states = [platform.store.get(owner, run_id).status for run_id in runs]
    assert states == ["running", "queued", "queued", "queued"]
    for run_id in reversed(runs):
        platform.stop(owner, run_id)
        assert platform.store.get(owner, run_id).status == "stopped"


def test_a_second_process_finds_the_cluster_and_starts_none(platform):
    address = platform.supervisor.cluster.local.address()
    before = {process.pid for process in processes_of(platform.site.home)}
    second = Platform()
    second.supervisor.warm()
    second.supervisor.wake()
    wait_until(lambda: workers(second))
    assert second.supervisor.cluster.local.address() == address
    assert {process.pid for process in processes_of(platform.site.home)} <= before
    second.close()


def test_nothing_of_the_cluster_listens_beyond_this_machine(platform):
    platform.supervisor.warm()
    wait_until(lambda: workers(platform), what="workers")
    addresses = {
        connection.laddr.ip
        for process in family(platform.site.home)
        for connection in process.net_connections("tcp")
        if connection.status == "LISTEN"
    }
    assert addresses == {"127.0.0.1"}


def test_nothing_of_the_cluster_answers_who_has_no_keys(platform):
    ports = {
        connection.laddr.port
        for process in family(platform.site.home)
        for connection in process.net_connections("tcp")
        if connection.status == "LISTEN"
    }
    assert len(ports) > 2 * workers(platform)
    request = b"GET /info/main/workers.html HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for port in ports:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as anybody:
            anybody.sendall(request)
            with suppress(ConnectionError):
                answer = anybody.recv(100)
                assert not answer.startswith(b"HTTP") or b" 404 " in answer
                assert b"compression" not in answer  # a Dask server's first words


def test_an_unused_cluster_ends_and_leaves_no_process(tmp_path):
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
@pytest.mark.parametrize("priority", ["idle", "low"])
def test_what_trains_here_gives_way_as_is_wished(tmp_path, priority):
    cluster = LocalCluster(replace(Site.from_env(), home=tmp_path, priority=priority))
    try:
        cluster.ensure()
        pid = int((tmp_path / "worker.pid").read_text())
        policies = {"idle": os.SCHED_IDLE, "low": os.SCHED_OTHER}
        wait_until(lambda: os.sched_getscheduler(pid) == policies[priority])
        assert os.getpriority(os.PRIO_PROCESS, pid) > 0
        scheduler = int((tmp_path / "scheduler.pid").read_text())
        assert os.sched_getscheduler(scheduler) == os.SCHED_OTHER
    finally:
        end_cluster(tmp_path)


def test_an_encrypted_scheduler_is_refused_without_keys(monkeypatch):
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tls://main.example:8786")
    with pytest.raises(UserError, match="is spoken to with keys only"):
        Site.from_env()


def test_an_existing_cluster_is_used_where_one_is_named(platform, owner):
    local = platform.supervisor.cluster.local
    tls = local.security().get_tls_config_for_role("client")
    keys = {"client": {"cert": tls["cert"], "key": tls["key"]}}
    with dask.config.set({"distributed.comm.tls": {"ca-file": tls["ca_file"], **keys}}):
        other = Platform(replace(Site.from_env(), scheduler=local.address()))
        try:
            ended(other, owner, begin(other, owner, epochs=2))
            assert other.supervisor.cluster.local is None
        finally:
            other.close()


def test_a_run_trains_just_so_with_its_store_on_postgresql(postgres_url, tmp_path):
    site = replace(Site.from_env(), home=tmp_path, database_url=postgres_url)
    platform = Platform(site)
    try:
        run = ended(platform, "ann", begin(platform, "ann", epochs=4))
        assert [p.epoch for p in platform.store.points(run.id)] == [1, 2, 3, 4]
        assert platform.store.result("ann", run.id)
    finally:
        platform.close()
        end_cluster(tmp_path)
