"""A task that kills its worker in the second epoch, each time. Loaded by a worker."""

import os
import signal

from core import registry
from core.task import Progress
from tests.core.runs.counting import Counting


def dask_setup(_):
    """Add the task to the registry of this worker. Called by Dask."""
    registry.TASKS["poisoned"] = "tests.core.runs.poisoned"


class Poisoned(Counting):
    name = "poisoned"

    def train(self, config, data, resume=None):
        if resume is None:
            yield Progress(epoch=1, total=2, metrics={"total": data}, state=dict)
        os.kill(os.getpid(), signal.SIGKILL)


TASK = Poisoned()
