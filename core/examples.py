"""The finished example of each task: made by `make examples`, shown by its page."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.arrays import pack, unpack
from core.registry import TASKS, room
from core.runs.run import Point
from core.task import Progress

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parents[1] / "data" / "examples"


@dataclass(frozen=True, kw_only=True)
class Example:
    """A training as it was: its points, and the room's Result."""

    points: list[Point]
    result: Any


def load(task: str) -> Example:
    """Read the example that ships with a task."""
    content = unpack((FOLDER / f"{task}.npz").read_bytes())
    points = [
        Point(epoch=epoch, metrics=metrics)
        for epoch, metrics in json.loads(str(content["points"]))
    ]
    result = room(task).Result.decode(content["result"].tobytes())
    return Example(points=points, result=result)


def make(task: str) -> Path:
    """Train a task's example, write it, and return where it is."""
    door = room(task)
    training = door.train(*door.example())
    points = []
    try:
        while True:
            progress: Progress = next(training)
            if progress.metrics:
                points.append([progress.epoch, dict(progress.metrics)])
    except StopIteration as end:
        result = end.value.encode()
    path = FOLDER / f"{task}.npz"
    FOLDER.mkdir(parents=True, exist_ok=True)
    content = {"points": np.array(json.dumps(points)), "result": _bytes(result)}
    path.write_bytes(pack(content))
    return path


def _bytes(content: bytes) -> np.ndarray:
    return np.frombuffer(content, np.uint8)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    for name in TASKS:
        log.info("made %s", make(name))
