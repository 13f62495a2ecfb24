"""Checkpoints in a folder, and in an object store as fsspec opens it."""

import resource
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.runs import worker
from core.runs.settings import Site
from core.runs.store import Checkpoints, RunWriter
from core.runs.store.checkpoints import Installation
from core.runs.worker import Execution
from core.task import UserError
from tests.core.runs.counting import Config, Result

RUN = "0123456789abcdef" * 2
HERE = Installation("here")


@pytest.fixture
def url(sqlite_store):
    """Of SQLite alone: test_store.py has the queries on both databases."""
    return sqlite_store


@pytest.fixture(params=["a folder", "an object store"])
def place(request, tmp_path):
    """Where checkpoints may be; any `Checkpoints` of it sees what others wrote."""
    return {
        "a folder": str(tmp_path / "saved"),
        "the URL of a folder": f"file://{tmp_path}/saved",
        "an object store": f"memory://{secrets.token_hex(8)}/saved",
    }[request.param]


def numbers(value, size=10):
    return {"numbers": np.full(size, float(value))}


@pytest.mark.parametrize(
    "place", ["a folder", "the URL of a folder", "an object store"], indirect=True
)
def test_another_machine_reads_what_one_has_saved(place):
    here, there = Checkpoints(place, HERE), Checkpoints(place, HERE)
    assert there.load(RUN) == (None, 0)
    for epoch in (3, 4):
        here.save(RUN, numbers(epoch), epoch, 1)
        state, found = there.load(RUN)
        assert (found, state["numbers"][0]) == (epoch, epoch)
    assert there.sizes() == {RUN: len(there.read(RUN))}
    there.discard(RUN)
    assert here.load(RUN) == (None, 0)
    assert here.sizes() == {}
    assert here.read(RUN) is None


def test_an_execution_presumed_dead_cannot_overwrite_its_successors_checkpoint(place):
    dead, alive = Checkpoints(place, HERE), Checkpoints(place, HERE)
    dead.save(RUN, numbers(1), 10, start=1)
    assert alive.load(RUN)[1] == 10
    alive.save(RUN, numbers(2), 50, start=2)
    dead.save(RUN, numbers(1), 11, start=1)
    state, epoch = Checkpoints(place, HERE).load(RUN)
    assert (epoch, state["numbers"][0]) == (50, 2)
    assert Checkpoints(place, HERE).read(RUN) == alive.read(RUN)


def test_the_tenth_start_comes_after_the_ninth(place):
    checkpoints = Checkpoints(place, HERE)
    for start in (9, 10):
        checkpoints.save(RUN, numbers(start), start, start)
    assert Checkpoints(place, HERE).load(RUN)[1] == 10


def test_a_new_start_keeps_the_last_checkpoint_until_it_has_one_of_its_own(place):
    first, second = Checkpoints(place, HERE), Checkpoints(place, HERE)
    first.save(RUN, numbers(1), 10, start=1)
    one = first.sizes()
    second.load(RUN)
    assert second.sizes() == one
    second.save(RUN, numbers(2), 20, start=2)
    assert second.sizes() == one  # and not two of them
    assert first.load(RUN)[1] == 20


def test_executions_that_save_at_once_leave_whole_checkpoints(place):
    """Two workers in containers may even have one process id."""
    writers = [Checkpoints(place, HERE) for _ in range(4)]

    def save(writer):
        for epoch in range(1, 26):
            writer.save(RUN, numbers(epoch, size=20_000), epoch, 1)

    with ThreadPoolExecutor(5) as pool:
        saving = [pool.submit(save, writer) for writer in writers]
        reader = Checkpoints(place, HERE)
        while not all(save.done() for save in saving):
            state, epoch = reader.load(RUN)
            if state is not None:
                assert (state["numbers"] == epoch).all()
        for save in saving:
            save.result()
    assert reader.load(RUN)[1] == 25
    assert reader.sizes() == {RUN: len(reader.read(RUN))}  # and nothing beside it


def cut(checkpoints, path):
    """Leave half a file, as a machine does that loses its power."""
    files = checkpoints._files
    files.pipe_file(path, files.cat_file(path)[:40])


def test_a_checkpoint_cut_in_half_starts_the_run_anew(place, caplog):
    checkpoints = Checkpoints(place, HERE)
    checkpoints.save(RUN, {}, epoch=4)
    cut(checkpoints, f"{checkpoints.folder}/{RUN}.npz")
    assert checkpoints.load(RUN) == (None, 0)
    assert "starts anew" in caplog.text


def test_a_checkpoint_cut_in_half_is_passed_over_for_an_older_whole_one(place):
    checkpoints = Checkpoints(place, HERE)
    checkpoints.save(RUN, numbers(1), 10, start=1)
    checkpoints.save(RUN, numbers(2), 20, start=2)
    cut(checkpoints, f"{checkpoints.folder}/{RUN}.2.npz")
    assert checkpoints.load(RUN)[1] == 10


def test_a_checkpoint_that_does_not_fit_leaves_no_half_behind(tmp_path):
    checkpoints = Checkpoints(tmp_path / "saved", HERE)
    checkpoints.save(RUN, numbers(1), 10, start=1)
    kept = checkpoints.sizes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            checkpoints.save(RUN, numbers(2, size=100_000), 11, start=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert checkpoints.sizes() == kept
    assert checkpoints.load(RUN)[1] == 10


def test_a_checkpoint_put_back_replaces_all_that_are_there(place):
    checkpoints = Checkpoints(place, HERE)
    checkpoints.save(RUN, numbers(1), 10, start=1)
    old = checkpoints.read(RUN)
    checkpoints.save(RUN, numbers(2), 20, start=2)
    checkpoints.replace(RUN, old)
    assert checkpoints.load(RUN)[1] == 10


def test_installations_at_one_place_have_nothing_to_do_with_each_others_runs(place):
    here, there = Checkpoints(place, HERE), Checkpoints(place, Installation("there"))
    here.save(RUN, numbers(1), 10)
    assert there.load(RUN) == (None, 0)
    there.save(RUN, numbers(2), 20)
    there.discard(RUN)
    there.discard_all()
    assert here.load(RUN)[1] == 10
    assert set(here.sizes()) == {RUN}
    assert there.sizes() == {}


def test_a_checkpoint_name_cannot_lead_out_of_its_folder(place):
    with pytest.raises(ValueError, match="32 hexadecimal digits"):
        Checkpoints(place, HERE).load("../../etc/passwd")


def test_a_run_whose_dead_execution_still_saves_ends_like_an_undisturbed_one(
    store, site, place, counting, monkeypatch
):
    monkeypatch.setattr(worker, "EPOCH_SECONDS", 0)

    def begin(run_id=None):
        run_id = run_id or store.create(
            "ann", "counting", Config(epochs=40), title="t", data=b"1"
        )
        claimed = RunWriter.claim(store, run_id)
        return Execution(site, claimed, Checkpoints(place, HERE))

    whole = begin()
    whole.train()
    dead = begin()
    training = dead._open()
    for _ in range(13):
        dead._handle(training.send(None))
    late = training.send(None)  # it stands still here, before it saves
    second = begin(dead.run.id)
    training = second._open()
    for _ in range(21):
        second._handle(training.send(None))
    dead.checkpoints.save(dead.run.id, late.state(), late.epoch, dead.run.starts)
    third = begin(dead.run.id)
    assert third.checkpoints.load(dead.run.id)[1] == 32
    third.train()
    results = [
        Result.decode(store.result("ann", execution.run.id))
        for execution in (third, whole)
    ]
    assert results[0] == results[1]
    assert store.points(third.run.id) == store.points(whole.run.id)
    assert third.checkpoints.sizes() == {}


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("/shared/checkpoints", "URL of a folder that all workers share"),
        ("file://shared/checkpoints", "URL of a folder that all workers share"),
        ("memory://checkpoints", "URL of a folder that all workers share"),
        ("nowhere://checkpoints", "cannot be opened: Protocol not known"),
    ],
)
def test_a_place_that_no_other_machine_could_see_is_refused(
    given, complaint, monkeypatch
):
    monkeypatch.setenv("UNROLLED_CHECKPOINTS", given)
    with pytest.raises(UserError, match=complaint):
        Site.from_env()


def test_the_checkpoints_are_where_the_environment_says(tmp_path, monkeypatch):
    assert Site.from_env().checkpoints == str(Site.from_env().home / "checkpoints")
    monkeypatch.setenv("UNROLLED_CHECKPOINTS", f"file://{tmp_path}/shared")
    Checkpoints(Site.from_env().checkpoints, HERE).save(RUN, {}, 1)
    found = [path for path in Path(tmp_path / "shared").rglob("*") if path.is_file()]
    assert [path.name for path in found] == [f"{RUN}.npz"]
