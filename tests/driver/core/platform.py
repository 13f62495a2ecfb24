"""Runs of a platform."""

import os
from contextlib import suppress

import numpy as np
import psutil
import pytest

from core.lesson import writing
from tests.conftest import processes_of, wait_until

EPOCHS = 200


def config(**changes):
    values = {"units": 8, "steps": 10, "sample": 1, "epochs": EPOCHS, **changes}
    return writing.Config(**values)


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
    _, names = writing.TASK.tiny()
    return platform.start(owner, "text", config(**changes), names)


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


def family(home):
    """The processes of the cluster, and all that they started."""
    parents = [p for p in processes_of(home) if "dask" in p.cmdline()]
    return {p for parent in parents for p in [parent, *descendants(parent)]}


def descendants(process):
    with suppress(psutil.Error):
        return process.children(recursive=True)
    return []


def same(platform, run, owner, expected):
    """Whether a run came to the same end as the undisturbed one."""
    theirs = platform.store.points(expected.id, most=EPOCHS)
    assert [p.epoch for p in theirs] == list(range(1, EPOCHS + 1))
    ours = platform.store.points(run.id, most=EPOCHS)
    assert [p.epoch for p in ours] == [p.epoch for p in theirs]
    for mine, other in zip(ours, theirs, strict=True):
        for name, value in other.metrics.items():
            np.testing.assert_allclose(mine.metrics[name], value, rtol=0, atol=1e-6)
    for name in ("loss", "epochs"):
        assert run.summary[name] == pytest.approx(expected.summary[name], abs=1e-6)
