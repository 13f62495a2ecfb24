"""A local cluster as other accounts of its machine see it."""

import json
import os
import shutil
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from distributed import Client, Security

from core.runs import Site, local
from core.runs.cluster import Cluster
from core.runs.local import LOOPBACK, LocalCluster
from core.runs.settings import PROJECT
from core.version import code_version
from tests.conftest import end_cluster, wait_until

SECRETS = {
    "UNROLLED_ADMIN_TOKEN": "correct horse battery",
    "STREAMLIT_SERVER_COOKIE_SECRET": "staple",
}
NOBODY = "nobody"
INTRUDER = """
import json, sys
from distributed import Client, Security
address, came_in = sys.argv[1], []
for address, security in (
    (address, Security.temporary()),
    (address.replace("tls", "tcp"), Security(require_encryption=False)),
):
    try:
        Client(address, security=security, timeout=3)
        came_in.append(address)
    except OSError:
        pass
print(json.dumps(came_in))
"""
IN_VAIN = """
import json, sys
from dataclasses import replace
from pathlib import Path
import psutil
from core.runs import Site, cluster
cluster.CONNECT_SECONDS = 0.05
process, home = psutil.Process(), Path(sys.argv[1])
site = replace(Site.from_env(), home=home, scheduler="tcp://127.0.0.1:9")
tried = cluster.Cluster(site)
counts = []
for times in (1, 50):
    assert not any(tried.connect(start=True) for _ in range(times))
    counts.append({"threads": process.num_threads(), "descriptors": process.num_fds()})
print(json.dumps(counts))
"""


@pytest.fixture(scope="module")
def local_cluster():
    """A cluster without its workers, in a home that lies where all accounts can look.

    (The folders of pytest do not.)
    """
    above = Path(tempfile.mkdtemp())
    above.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        patch.setenv("UNROLLED_HOME", str(above / "home"))
        cluster = LocalCluster(Site.from_env())
        cluster.ensure()
        environments = [
            # Empty for a moment after the process has begun.
            wait_until(process.environ, what="the environment of a process")
            for name in ("scheduler.pid", "worker.pid")
            for process in [psutil.Process(int((cluster.site.home / name).read_text()))]
        ]
        address = wait_until(cluster.address, what="the scheduler")
        cluster._end("worker")
        yield SimpleNamespace(
            cluster=cluster,
            address=address,
            home=cluster.site.home,
            environments=environments,
        )
        end_cluster(cluster.site.home)
    shutil.rmtree(above)


def test_a_client_with_the_keys_is_accepted(local_cluster):
    assert local_cluster.address.startswith(f"tls://{LOOPBACK}:")
    with Client(
        local_cluster.address, security=local_cluster.cluster.security()
    ) as client:
        assert client.run_on_scheduler(lambda: "here") == "here"


def test_a_client_without_keys_is_refused(local_cluster):
    port = int(local_cluster.address.rpartition(":")[2])
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((LOOPBACK, port), timeout=20) as plain,
        anybody.wrap_socket(plain) as secure,
        pytest.raises(OSError, match=r"(?i)certificate required|reset by peer"),
    ):
        secure.recv(1)


def test_a_client_with_foreign_keys_is_refused(local_cluster):
    with pytest.raises(OSError, match=r"(?i)certificate|unknown ca|reset by peer"):
        Client(local_cluster.address, security=Security.temporary(), timeout=5)


def test_files_of_the_cluster_are_readable_by_its_own_account_only(local_cluster):
    assert stat.S_IMODE(local_cluster.home.stat().st_mode) == 0o700
    files = [path for path in local_cluster.home.rglob("*") if path.is_file()]
    names = {path.name for path in files}
    assert {"cluster.key", "cluster.log", "scheduler.json", "scheduler.pid"} <= names
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the flags")
def test_the_log_may_be_cut_while_the_cluster_writes_it(local_cluster):
    """What is written after the cut then follows it, and not a gap."""
    scheduler = psutil.Process(int((local_cluster.home / "scheduler.pid").read_text()))
    log = str(local_cluster.home / "cluster.log")
    flags = [file.flags for file in scheduler.open_files() if file.path == log]
    assert flags
    assert all(flag & os.O_APPEND for flag in flags)


def test_secrets_of_the_web_process_are_not_in_the_clusters_environment(local_cluster):
    for environment in local_cluster.environments:
        assert environment["UNROLLED_HOME"] == str(local_cluster.home)
        assert not SECRETS.keys() & environment.keys()


def test_a_process_that_dask_has_given_a_title_is_recognised(site):
    """As it does where setproctitle is installed: else another one was started."""
    title, code = "dask scheduler [tls://127.0.0.1:1]", "input()"
    with subprocess.Popen(
        [title, "-c", code], executable=sys.executable, stdin=subprocess.PIPE
    ) as process:
        (site.home / "scheduler.pid").write_text(str(process.pid))
        found = wait_until(lambda: LocalCluster(site)._process("scheduler"))
        assert found.pid == process.pid
        (site.home / "worker.pid").write_text(str(process.pid))
        assert LocalCluster(site)._process("worker") is None
        process.communicate(b"\n")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can act as another account")
def test_another_account_is_refused_and_finds_nothing_to_read(local_cluster):
    as_nobody = {"user": NOBODY, "group": "nogroup", "cwd": "/", "text": True}
    found = subprocess.run(
        ["find", local_cluster.home.parent, "-readable"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        **as_nobody,
    )
    assert found.stdout.split() == [str(local_cluster.home.parent)]
    python = [sys.executable, "-c", INTRUDER, local_cluster.address]
    try:
        subprocess.run([sys.executable, "--version"], check=True, **as_nobody)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this Python is in a folder of root's")
    environment = {"PATH": os.environ["PATH"], "DASK_CONFIG": "/nonexistent"}
    tried = subprocess.run(
        python, check=True, stdout=subprocess.PIPE, env=environment, **as_nobody
    )
    assert json.loads(tried.stdout) == []


@pytest.fixture
def plain(tmp_path):
    """A scheduler as an older version started it, which lets everybody in."""
    where = ["--scheduler-file", str(tmp_path / "scheduler.json"), "--host", LOOPBACK]
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", "scheduler", "--port", "0", *where],
        cwd=PROJECT,
        stderr=subprocess.DEVNULL,
    )
    (tmp_path / "scheduler.pid").write_text(str(process.pid))
    wait_until((tmp_path / "scheduler.json").exists, what="the scheduler")
    yield process
    process.kill()
    process.wait()


def test_a_cluster_of_an_older_version_is_ended_even_if_none_is_needed(plain, tmp_path):
    cluster = Cluster(replace(Site.from_env(), home=tmp_path))
    assert cluster.local.address() is None
    assert not cluster.connect(start=False)
    assert not psutil.pid_exists(plain.pid) or plain.poll() is not None
    assert not (tmp_path / "scheduler.json").exists()


def test_failed_connections_leave_neither_threads_nor_descriptors(tmp_path):
    """In a process of its own: other threads of this one open connections, too."""
    command = [sys.executable, "-c", IN_VAIN, str(tmp_path)]
    said = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE)
    before, after = json.loads(said.stdout)
    assert after["threads"] <= before["threads"]
    assert after["descriptors"] <= before["descriptors"]


@pytest.mark.parametrize("version", [None, "another", "this"])
def test_a_cluster_that_runs_other_code_is_ended_when_a_dashboard_starts(
    plain, tmp_path, version
):
    (tmp_path / "scheduler.json").write_text('{"address": "tls://127.0.0.1:9"}')
    if version:
        content = code_version() if version == "this" else version
        (tmp_path / "cluster.version").write_text(content)
    cluster = LocalCluster(replace(Site.from_env(), home=tmp_path))
    cluster.end_outdated()
    assert (plain.poll() is None) == (version == "this")
    (tmp_path / "cluster.version").write_text("of a dashboard that started later")
    cluster.end_outdated()
    assert (plain.poll() is None) == (version == "this")


@pytest.fixture
def workers(tmp_path, monkeypatch):
    """A cluster whose workers' process is replaced by numbers; time is the test's."""
    now = SimpleNamespace(seconds=1000.0, started=1000.0, lacking=True, ended=0)
    now.process = SimpleNamespace(create_time=lambda: now.started)
    cluster = LocalCluster(replace(Site.from_env(), home=tmp_path))

    def end(role):
        now.ended, now.started = now.ended + 1, now.seconds

    def look_for(seconds):
        for _ in range(seconds):
            now.seconds += 1
            cluster.restart_if_worker_lost(1)

    def clock():
        return now.seconds

    monkeypatch.setattr(local, "time", SimpleNamespace(time=clock, monotonic=clock))
    monkeypatch.setattr(local, "_lacks_workers", lambda *_: now.lacking)
    monkeypatch.setattr(cluster, "_process", lambda role: now.process)
    monkeypatch.setattr(cluster, "_end", end)
    monkeypatch.setattr(cluster, "ensure", lambda: None)
    now.look_for = look_for
    return now


def test_workers_that_start_or_are_all_there_are_left_alone(workers):
    workers.look_for(60)  # they start
    workers.lacking = False
    workers.look_for(1000)
    workers.lacking = True
    workers.look_for(20)  # one is being started anew by its nanny
    workers.lacking = False
    workers.look_for(5)
    assert not workers.ended


def test_workers_that_cannot_all_be_kept_up_are_restarted_more_and_more_rarely(workers):
    workers.look_for(120)
    assert workers.ended == 1
    workers.look_for(3600)
    assert 3 < workers.ended < 9
    workers.look_for(10_000)
    assert workers.ended < 12


def test_workers_whose_process_has_ended_are_started_again(workers):
    workers.look_for(10)
    workers.process = None
    workers.look_for(20)
    assert not workers.ended  # the whole cluster may be ending
    workers.look_for(20)
    assert workers.ended == 1


def test_a_cluster_is_ended_before_its_keys_are_out_of_date(local_cluster, monkeypatch):
    monkeypatch.setattr(local, "KEY_SECONDS", 0)
    assert local_cluster.cluster.address() is None
    local_cluster.cluster.end_outdated()
    assert local_cluster.cluster._process("scheduler") is None
