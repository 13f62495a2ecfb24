"""Dask over TLS, with certificates made and settings given as docs/scaling.md says."""

import json
import os
import socket
import ssl
import subprocess
import sys

import pytest
from distributed import Client, Security

from core.runs.settings import PROJECT
from tests.conftest import wait_until
from tests.hosts.compose import services

HERE = "127.0.0.1"
VALUES = {
    "MAIN": HERE,
    "HOST": HERE,
    "DATABASE_PASSWORD": "unused",
    "COOKIE_SECRET": "unused",
}


def certificates(folder, *hosts):
    script = ["sh", "ops/certificates.sh", str(folder), *hosts]
    subprocess.run(script, cwd=PROJECT, check=True)
    return folder


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """What goes to this host."""
    return certificates(tmp_path_factory.mktemp("keys"), HERE) / HERE


@pytest.fixture(scope="module")
def foreign(tmp_path_factory):
    """Keys of the same name that another authority has signed."""
    return certificates(tmp_path_factory.mktemp("foreign"), HERE) / HERE


def environment(name, keys, home):
    """What compose.yaml gives a service, with its folders where they are here."""
    given = services(VALUES)[name].environment
    there = {k: v.replace("/srv/certificates", str(keys)) for k, v in given.items()}
    own = {"UNROLLED_HOME": str(home), "DATABASE_URL": f"sqlite:///{home}/runs.sqlite"}
    own |= {"UNROLLED_CHECKPOINTS": f"file://{home}/checkpoints"}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), **there, **own}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def scheduler(keys, home):
    """Address of a scheduler as compose.yaml has it, but at a free port."""
    command = services(VALUES)["scheduler"].command
    place = home / "scheduler.json"
    port = command.index("--port") + 1
    command = [*command[:port], "0", *command[port + 1 :], "--scheduler-file", place]
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        env=environment("scheduler", keys, home),
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(place.exists, what="the scheduler")
        yield json.loads(place.read_text())["address"]
    finally:
        process.kill()
        process.wait()


def connect(address, trusted, held):
    """Connect as a client that trusts one authority and holds a key of any."""
    security = Security(
        tls_ca_file=str(trusted / "ca.crt"),
        tls_client_cert=str(held / "host.crt"),
        tls_client_key=str(held / "host.key"),
        require_encryption=True,
    )
    return Client(address, security=security, timeout=5)


def test_a_client_with_a_key_of_ours_is_let_in(scheduler, keys):
    assert scheduler.startswith("tls://")
    with connect(scheduler, keys, keys) as client:
        assert client.scheduler_info()["workers"] == {}


def test_a_client_with_a_foreign_key_is_refused(scheduler, keys, foreign):
    with pytest.raises(OSError, match=r"unknown ca|reset by peer"):
        connect(scheduler, keys, foreign)


def test_a_client_without_a_key_is_refused(scheduler, keys):
    trusting = ssl.create_default_context(cafile=keys / "ca.crt")
    port = int(scheduler.rpartition(":")[2])
    with (
        socket.create_connection((HERE, port), timeout=20) as plain,
        trusting.wrap_socket(plain, server_hostname=HERE) as secure,
        pytest.raises(OSError, match=r"(?i)certificate required|reset by peer"),
    ):
        secure.recv(1)


def test_an_unencrypted_client_is_refused(scheduler):
    clear = Security(require_encryption=False)
    address = scheduler.replace("tls", "tcp")
    with pytest.raises(OSError, match=r"Timed out|closed"):
        Client(address, security=clear, timeout=2)


def test_a_scheduler_with_a_foreign_key_is_not_trusted(scheduler, foreign):
    with pytest.raises(OSError, match="TLS certificate does not match"):
        connect(scheduler, foreign, foreign)


def test_a_worker_with_a_foreign_key_does_not_get_in(scheduler, keys, foreign, home):
    command = [sys.executable, "-m", "dask", "worker", scheduler, "--no-nanny"]
    command += ["--death-timeout", "3", "--no-dashboard", "--host", HERE]
    worker = subprocess.run(
        command,
        env=environment("worker", foreign, home),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert worker.returncode != 0
    with connect(scheduler, keys, keys) as client:
        assert client.scheduler_info()["workers"] == {}


def test_the_command_that_asks_for_readiness_speaks_tls(scheduler, keys, home, foreign):
    for holds, answer in ((keys, "ok"), (foreign, "does not answer at")):
        given = environment("web-a", holds, home)
        given["DASK_SCHEDULER_ADDRESS"] = scheduler
        asked = subprocess.run(
            [sys.executable, "-m", "core.runs", "ready"],
            env=given,
            stdout=subprocess.PIPE,
        )
        assert answer in json.loads(asked.stdout)["scheduler"]


def test_the_key_of_a_host_is_for_its_owner_only(keys):
    assert (keys / "host.key").stat().st_mode & 0o077 == 0
    assert (keys.parent / "ca.key").stat().st_mode & 0o077 == 0
    assert not (keys / "ca.key").exists()


def test_a_host_that_comes_later_is_trusted_by_those_that_are_there(tmp_path):
    first = certificates(tmp_path, "main.example") / "main.example"
    kept = (first / "host.crt").read_bytes()
    later = certificates(tmp_path, "10.0.0.7", "fd00::7")
    for host in ("10.0.0.7", "fd00::7"):
        verify = ["openssl", "verify", "-x509_strict", "-CAfile", first / "ca.crt"]
        check = ["-verify_ip", host, later / host / "host.crt"]
        subprocess.run([*verify, *check], check=True, stdout=subprocess.DEVNULL)
    assert (first / "host.crt").read_bytes() == kept
