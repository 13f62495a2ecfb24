"""A task that kills its worker in the second epoch, each time. Loaded by a worker."""

import os
import signal

from core import registry
from core.task import Progress
from tests.core.runs.counting import (
    Config,
    Result,
    bundled,
    check,
    decode_data,
    encode_data,
    title,
)

__all__ = [
    "Config",
    "Result",
    "bundled",
    "check",
    "decode_data",
    "encode_data",
    "title",
    "train",
]


def dask_setup(_):
    """Add the task to the registry of this worker. Called by Dask."""
    registry.TASKS["poisoned"] = "tests.core.runs.poisoned"


def train(config, data, resume=None):
    if resume is None:
        yield Progress(epoch=1, total=2, metrics={"total": data}, state=dict)
    os.kill(os.getpid(), signal.SIGKILL)
