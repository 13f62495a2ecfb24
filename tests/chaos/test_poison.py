"""A run that kills its worker at the same place each time, checkpoints or not."""

import pytest

from core.runs import worker
from core.runs.store import RunWriter
from core.runs.worker import Execution
from tests.core.runs.counting import Config

DEATH = 9  # the epoch


@pytest.fixture
def begin(store, site, checkpoints, counting, monkeypatch):
    """Returns a function that claims a run, a new one or one that is there."""
    monkeypatch.setattr(worker, "RECORD_SECONDS", 0)
    config = Config(epochs=50)

    def begin(run_id=None):
        new = run_id or store.create("ann", "counting", config, title="", data=b"1.0")
        return Execution(site, RunWriter.claim(store, new), checkpoints)

    return begin


def die_at(execution, epoch, *, saves):
    """Train until the worker would be killed, with so many checkpoints on the way."""
    training = execution._open()
    while (progress := training.send(None)).epoch < epoch:
        execution.saved = float("-inf") if saves > 0 else float("inf")
        execution._handle(progress)
        saves -= 1


def test_a_run_that_dies_at_the_same_place_after_checkpoints_fails_with_the_reason(
    store, begin
):
    execution = begin()
    for _ in range(6):
        die_at(execution, DEATH, saves=1)
        execution = begin(execution.run.id)
    execution.train()
    run = store.get("ann", execution.run.id)
    assert run.status == "failed"
    assert "crashed 6 times in a row" in run.error


def test_a_run_whose_worker_is_killed_again_and_again_but_gets_on_is_not_given_up(
    store, begin, monkeypatch
):
    monkeypatch.setattr(worker, "PROGRESS_SECONDS", 0)
    execution = begin()
    for epoch in range(5, 45, 5):  # more often than is allowed at one place
        die_at(execution, epoch, saves=epoch)
        execution = begin(execution.run.id)
    execution.train()
    assert store.get("ann", execution.run.id).status == "done"
