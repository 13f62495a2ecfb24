"""A web process as it is served, its visitors, its end, and what it leaves in the log.

Two workers of a cluster of its own train a task that needs no TensorFlow.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from core.runs import Platform
from core.runs.admin import Admin
from core.runs.ready import check_readiness
from core.runs.settings import PROJECT
from tests.conftest import processes_of, wait_until
from tests.driver.chaos import operations as base
from tests.driver.chaos.operations import FOREVER, SECRET, begin, until

# Fixtures: pytest finds them by name.
installation, store = base.installation, base.store


END_SECONDS = 20  # a busy machine needs longer than the 5 that are promised


@pytest.fixture
def web(installation):
    """A web process, the port it is at, and the log it writes."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = installation.home / "web.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "streamlit",
                "run",
                "app.py",
                "--server.address=127.0.0.1",
                f"--server.port={port}",
            ],
            cwd=PROJECT,
            env=os.environ | installation.environment,
            stdout=output,
            stderr=output,
        )

    def healthy():
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health")
        except OSError:
            return None

    wait_until(healthy, what="the web process").close()
    yield SimpleNamespace(process=process, port=port, log=log)
    process.kill()
    process.wait()


@pytest.fixture
def visit(web):
    """Returns a function that opens the home page, as a browser does."""
    visitors = ExitStack()

    def visit():
        visitor = visitors.enter_context(
            connect(
                f"ws://127.0.0.1:{web.port}/_stcore/stream",
                origin=f"http://127.0.0.1:{web.port}",
                subprotocols=["streamlit"],
                max_size=None,
                close_timeout=0.2,
            )
        )
        message = BackMsg()
        message.rerun_script.query_string = ""
        visitor.send(message.SerializeToString())
        answer = ForwardMsg()
        while answer.WhichOneof("type") != "script_finished":
            answer.ParseFromString(visitor.recv(timeout=60))

    with visitors:
        yield visit


def entries(log):
    """The lines of a log; whatever is no JSON must be Streamlit's own greeting."""
    lines = log.read_text().splitlines()
    others = [line for line in lines if line and not line.startswith("{")]
    greeting = r"  (You can now|URL:)"
    assert [line for line in others if not re.match(greeting, line)] == []
    return [json.loads(line) for line in lines if line.startswith("{")]


def other_clients(platform):
    """The scheduler's clients but for the given one and Dask's own."""
    client = platform.supervisor.cluster._connected()
    known = client.run_on_scheduler(lambda dask_scheduler: set(dask_scheduler.clients))
    return known - {client.id, "fire-and-forget"}


def test_the_queue_begins_before_the_first_visit_and_lines_of_all_logs_name_their_run(
    installation, web, visit, store
):
    done = begin(store, epochs=30)
    until(store, done, "done")  # a restart at night does not hold up the queue
    visit()
    failed = begin(store, fail_at=2)
    until(store, failed, "failed")
    web_lines = entries(web.log)
    worker_lines = entries(installation.home / "worker.log")
    assert entries(installation.home / "scheduler.log") is not None
    for run_id in (done, failed):
        handed = [e for e in web_lines if e.get("run") == run_id]
        assert any("submitted to the cluster" in e["message"] for e in handed)
        about_run = [e for e in worker_lines if e.get("run") == run_id]
        assert {e["task"] for e in about_run} == {"counting"}
        assert {e["attempt"] for e in about_run} == {1}
        assert all(e["worker"].startswith("tcp://127.0.0.1:") for e in about_run)
        assert about_run[0]["message"] == f"run {run_id} starts"
    for entry in web_lines + worker_lines:
        if done in entry["message"] or failed in entry["message"]:
            assert entry["run"] in (done, failed)
    (error,) = [e for e in worker_lines if e["level"] == "error"]
    assert error["error"] == "UserError"
    assert any("counting.py" in frame for frame in error["where"])
    logs = "".join(path.read_text() for path in installation.home.glob("*.log"))
    assert SECRET not in logs
    assert "cannot be done" not in logs  # a reason may quote what a person gave


def test_a_terminated_web_process_ends_soon_and_its_runs_go_on(
    installation, web, visit, store
):
    platform = Platform(installation.site)
    run_id = begin(store, **FOREVER)
    try:
        wait_until(lambda: platform.supervisor.view, what="the scheduler")
        for _ in range(3):
            visit()
        wait_until(lambda: other_clients(platform), what="the web process's client")
        until(store, run_id, "running")
        web.process.send_signal(signal.SIGTERM)
        assert web.process.wait(timeout=END_SECONDS) == -signal.SIGTERM
        wait_until(lambda: not other_clients(platform), seconds=5, what="no orphan")
        before = store.get("ann", run_id).heartbeat
        wait_until(
            lambda: store.get("ann", run_id).heartbeat > before + 3,
            what="its heartbeats",
        )
        assert store.get("ann", run_id).starts == 1
        assert web.process.pid not in {p.pid for p in processes_of(installation.home)}
        assert not [e for e in entries(web.log) if e["level"] == "error"]
    finally:
        store.give_up(run_id, "stopped", "The test is over.")
        platform.close()


HALF_A_REQUEST = "PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: x\r\n"
A_WEBSOCKET = (
    "GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    "Origin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: streamlit\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def test_silent_connections_and_a_paused_scheduler_do_not_delay_the_shutdown(
    installation, web, visit
):
    visit()
    scheduler = next(
        p
        for p in processes_of(installation.home)
        if {"dask", "scheduler"} <= {*p.cmdline()}
    )
    with ExitStack() as silent:
        for request in (A_WEBSOCKET, HALF_A_REQUEST):
            line = socket.create_connection(("127.0.0.1", web.port))
            silent.enter_context(line).sendall(request.format(port=web.port).encode())
            if request is A_WEBSOCKET:
                assert b"101 Switching" in line.recv(500)
        scheduler.suspend()
        try:
            web.process.terminate()
            web.process.wait(timeout=END_SECONDS)
        finally:
            scheduler.resume()


def test_the_administrator_sees_who_trains_what_and_can_stop_it(installation, store):
    platform = Platform(installation.site)
    admin = Admin(platform)
    run_id = begin(store, **FOREVER)
    waiting = begin(store)
    try:
        until(store, run_id, "running")
        seen = wait_until(
            lambda: busy(seen := admin.overview()) and seen, what="its worker"
        )
        assert len(seen.workers) == 2
        assert [worker.run.id for worker in seen.workers if worker.run] == [run_id]
        assert all(worker.memory > 2**20 for worker in seen.workers)
        assert [run.id for run in seen.training] == [run_id]
        assert [run.id for run in seen.queue] == [waiting]
        assert seen.counts["running"] == 1
        assert min(seen.web_memory, seen.store_size) > 2**13
        admin.stop(waiting)
        admin.stop(run_id)
        assert until(store, waiting, "stopped")
        assert until(store, run_id, "stopped").starts == 1
    finally:
        platform.close()


def busy(overview):
    return any(worker.run for worker in overview.workers or ())


def test_readiness_counts_the_workers_of_a_cluster(installation):
    found = check_readiness(installation.site)
    assert (found.ready, found.workers, found.scheduler) == (True, 2, "ok")
