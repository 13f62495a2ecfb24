"""A checkpoint of which the end is missing, as after a power cut."""

import pytest

from core.runs import worker
from core.runs.store import RunWriter
from core.runs.worker import Execution
from tests.chaos.conftest import came_to
from tests.core.runs.counting import Config

EPOCHS, SAVED = 12, 7


@pytest.fixture
def begin(store, site, checkpoints, counting, monkeypatch):
    """Returns a function that claims a run, a new one or one that is there."""
    monkeypatch.setattr(worker, "EPOCH_SECONDS", 0)
    config = Config(epochs=EPOCHS)

    def begin(run_id=None):
        new = run_id or store.create("ann", "counting", config, title="", data=b"1.0")
        return Execution(site, RunWriter.claim(store, new), checkpoints)

    return begin


@pytest.fixture
def dead(begin):
    """An execution that died after a few epochs."""
    execution = begin()
    training = execution._open()
    for _ in range(SAVED + 1):  # the first tells that it has begun
        execution._handle(training.send(None))
    return execution


def test_a_checkpoint_cut_at_any_byte_is_as_good_as_none(dead, checkpoints):
    content = checkpoints.read(dead.run.id)
    assert checkpoints.load(dead.run.id)[1] == SAVED
    for length in range(len(content)):
        checkpoints.replace(dead.run.id, content[:length])
        assert checkpoints.load(dead.run.id) == (None, 0), length


@pytest.mark.parametrize("part", [0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.99, 0.999])
def test_a_run_whose_checkpoint_is_cut_starts_anew_and_ends_like_any_other(
    part, dead, begin, store, checkpoints, undisturbed
):
    content = checkpoints.read(dead.run.id)
    checkpoints.replace(dead.run.id, content[: int(part * len(content))])
    second = begin(dead.run.id)
    second.train()
    assert store.get("ann", dead.run.id).status == "done"
    assert came_to(store, "ann", dead.run.id) == undisturbed(epochs=EPOCHS)
