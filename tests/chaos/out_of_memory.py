"""A task that takes more memory than any worker has, without end."""

import numpy as np

from core.task import Progress
from tests.core.runs.counting import Counting

CHUNK = 2**24  # bytes taken at each step


class OutOfMemory(Counting):
    name = "out_of_memory"

    def train(self, config, data, resume=None):
        chunks = []
        while True:
            chunks.append(np.ones(CHUNK // 8))
            yield Progress(epoch=0, total=1, state=dict)


TASK = OutOfMemory()
