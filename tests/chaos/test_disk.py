"""A disk that is full, for real: a small file system, or a small limit of a file."""

import os
import resource
import signal
import subprocess
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from core.runs import worker
from core.runs.ready import check_readiness
from core.runs.store import Checkpoints, RunWriter, Store
from core.runs.store.checkpoints import Installation
from core.runs.worker import Execution
from tests.chaos.conftest import came_to
from tests.conftest import wait_until
from tests.core.runs.counting import Config

HERE = Installation("here")
SIZE = 2**24  # bytes of the small disk
EPOCHS = 200


class Disk:
    """A folder with little room, which can be filled and freed."""

    def __init__(self, folder):
        self.folder = folder

    @contextmanager
    def full(self):
        """Fill it to the last byte."""
        path = self.folder / "ballast"
        with path.open("wb", buffering=0) as ballast:
            for size in (2**16, 2**12, 1):
                _write_until_full(ballast, bytes(size))
        yield
        path.unlink()


def _write_until_full(file, content):
    with suppress(OSError):
        while True:
            file.write(content)


class Limit(Disk):
    """The same for one who may not mount: no file may grow by a single byte."""

    @contextmanager
    def full(self):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(params=["disk", "limit"])
def disk(request, tmp_path):
    """A disk that can be full."""
    if request.param == "limit":
        before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error, no death
        yield Limit(tmp_path)
        signal.signal(signal.SIGXFSZ, before)
        return
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(folder)]
    if os.getuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("Only root may mount a small disk; a limit is tested instead.")
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def begin(store, site, checkpoints, run_id=None):
    config = Config(epochs=EPOCHS)
    run_id = run_id or store.create("ann", "counting", config, title="t", data=b"1.0")
    return Execution(site, RunWriter.claim(store, run_id), checkpoints)


def train_until(execution, epoch):
    training, answer = execution._open(), None
    while (progress := training.send(answer)).epoch < epoch:
        answer = execution._handle(progress)
    return training


@pytest.fixture
def save_each_epoch(monkeypatch):
    """Has every epoch recorded and saved."""
    monkeypatch.setattr(worker, "EPOCH_SECONDS", 0)
    monkeypatch.setattr(worker, "RECORD_SECONDS", 0)


@pytest.fixture
def other_store(postgres_url, counting):
    """A store on another disk, in a process without the limit."""
    store = Store(postgres_url)
    yield store
    store.close()


def test_a_training_goes_on_without_room_for_its_checkpoints(
    disk, other_store, site, save_each_epoch, undisturbed, caplog
):
    checkpoints = Checkpoints(disk.folder, HERE)
    execution = begin(other_store, site, checkpoints)
    training = train_until(execution, 20)
    with disk.full():
        for _ in range(50):
            execution._handle(training.send(None))
    assert "checkpoint not saved" in caplog.text
    assert checkpoints.load(execution.run.id)[1] == 19  # the last whole one
    assert [path.suffix for path in Path(checkpoints.folder).iterdir()] == [".npz"]
    second = begin(
        other_store, site, checkpoints, execution.run.id
    )  # the first one dies
    second.train()
    assert came_to(other_store, "ann", second.run.id) == undisturbed(epochs=EPOCHS)


def test_an_installation_on_a_full_disk_is_not_ready_until_there_is_room(disk, site):
    url = f"sqlite:///{disk.folder / 'runs.sqlite'}"
    here = replace(site, home=disk.folder, database_url=url)
    store = Store(url)
    store.installation()  # makes it
    store.close()
    assert check_readiness(here).ready
    assert store.counts() == {}
    with disk.full():
        found = check_readiness(here)
    assert not found.ready
    assert found.store.startswith("The store cannot be")
    assert found.checkpoints.startswith("failed (")
    assert check_readiness(here).ready
    assert not list(Path(here.checkpoints).iterdir())
    store.close()


def test_checkpoints_are_saved_again_as_soon_as_there_is_room(
    disk, other_store, site, save_each_epoch
):
    checkpoints = Checkpoints(disk.folder, HERE)
    execution = begin(other_store, site, checkpoints)
    training = train_until(execution, 20)
    with disk.full():
        execution._handle(training.send(None))
    execution._handle(training.send(None))
    assert checkpoints.load(execution.run.id)[1] == 22


def test_a_run_that_stops_on_a_full_disk_says_that_its_last_epochs_are_not_saved(
    disk, other_store, site, save_each_epoch
):
    checkpoints = Checkpoints(disk.folder, HERE)
    execution = begin(other_store, site, checkpoints)
    training = train_until(execution, 20)
    other_store.request_stop("ann", execution.run.id)
    with disk.full():
        assert execution._handle(training.send(None))
    execution._finish(execution._iterate(training))
    run = other_store.get("ann", execution.run.id)
    assert run.status == "stopped"
    assert "could not be saved" in run.error
    other_store.request_resume("ann", run.id)
    begin(other_store, site, checkpoints, run.id).train()
    assert other_store.get("ann", run.id).status == "done"
    assert other_store.get("ann", run.id).error is None


def test_a_training_waits_for_room_for_its_points_and_loses_none(
    disk, site, checkpoints, counting, save_each_epoch, undisturbed
):
    store = Store(f"sqlite:///{disk.folder / 'runs.sqlite'}")
    execution = begin(store, site, checkpoints)
    train_until(execution, 20)
    tried = []
    event.listen(store.engine, "handle_error", tried.append)
    second = begin(store, site, checkpoints, execution.run.id)
    trains = threading.Thread(target=second.train, daemon=True)
    with disk.full():
        trains.start()
        wait_until(lambda: len(tried) >= 2, what="two writes in vain")
    wait_until(lambda: not trains.is_alive(), what="the end of the training")
    assert store.get("ann", second.run.id).status == "done"
    assert came_to(store, "ann", second.run.id) == undisturbed(epochs=EPOCHS)
    store.close()
