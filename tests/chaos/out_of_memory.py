"""A task that takes more memory than any worker has, without end."""

import numpy as np

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

CHUNK = 2**24  # bytes taken at each step


def train(config, data, resume=None):
    chunks = []
    while True:
        chunks.append(np.ones(CHUNK // 8))
        yield Progress(epoch=0, total=1, state=dict)
