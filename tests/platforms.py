"""A platform without workers: its tests do what a worker does."""

from contextlib import contextmanager

import pytest

from core.runs import worker
from core.runs.store import Checkpoints, RunWriter
from core.runs.worker import Execution
from pages.ui.session import platform

NOBODY = "tcp://127.0.0.1:9"  # the address of no scheduler


@contextmanager
def own_platform(home):
    """A platform with a store of its own, whose runs save after each epoch."""
    _renew_platform()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNROLLED_HOME", str(home))
        patch.setenv("DASK_SCHEDULER_ADDRESS", NOBODY)
        patch.setattr(worker, "EPOCH_SECONDS", 0)
        yield platform()
        _renew_platform()


def _renew_platform():
    platform().close(timeout=5)
    platform.cache_clear()


def execute(run_id, stop_at=None):
    """Train a run as a worker does; if wished, have Stop pressed at an epoch."""
    site, store = platform().site, platform().store
    checkpoints = Checkpoints(site.checkpoints, store.installation())
    execution = Execution(site, RunWriter.claim(store, run_id), checkpoints)
    handle = execution._handle

    def handle_and_stop(progress):
        if progress.epoch == stop_at:
            store.request_any_stop(run_id)
        return handle(progress)

    execution._handle = handle_and_stop
    execution.train()
    return run_id
