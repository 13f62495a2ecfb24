"""A training in the terminal, with the notebook that repeats it."""

import time
from argparse import Namespace

from core.cli import follow
from core.takeaway.notebook import write_notebook
from core.task import C, D, Point, R, Task


def train(task: Task[C, D, R], config: C, data: D, args: Namespace) -> tuple[R, float]:
    """Train with a progress bar, then write the file of --notebook.

    Returns the result, and the seconds of the training.
    """
    points: list[Point] = []
    began = time.perf_counter()
    result = follow(task.train(config, data), args.json, points)
    seconds = time.perf_counter() - began
    if args.notebook:
        write_notebook(args.notebook, task.name, result, points)
    return result, seconds
