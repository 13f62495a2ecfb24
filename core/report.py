"""What the reports and notebooks of all tasks are made of: words, and figures.

The functions at the end serve a task that has no `report` module of its own.
"""

from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from core.figures import learning_curves
from core.task import Outcome, Point, Task


class Introduction(NamedTuple):
    """What is trained, and how a notebook repeats it.

    Attributes
    ----------
    title, text
        What it is, in words.
    training
        The module whose `train` is the loop to read.
    finish
        Lines of code that turn the result of a training into the one at hand.
    """

    title: str
    text: str
    training: str
    finish: str = ""


class Illustration(NamedTuple):
    """A figure with its heading, and what it shows in words."""

    heading: str
    figure: go.Figure
    alt: str


def metric_curves(
    points: Sequence[Point], base: str, heading: str, axis: str
) -> list[Illustration]:
    """Draw one metric of a training and its validation; nothing without points."""
    lines = {
        name: [(p.epoch, p.metrics[name]) for p in points if name in p.metrics]
        for name in (base, f"val_{base}")
    }
    lines = {name: line for name, line in lines.items() if line}
    if not lines:
        return []
    parts = {base: "training", f"val_{base}": "validation"}
    last = ", ".join(f"{parts[name]} {line[-1][1]:.3g}" for name, line in lines.items())
    figure = learning_curves(lines).update_yaxes(title=axis)
    return [Illustration(heading, figure, f"{axis} after the last epoch: {last}.")]


def introduction(task: Task, _result: Outcome) -> Introduction:
    """Return what was trained."""
    return Introduction(task.TITLE, task.ABOUT, task.module)


def report_verdicts(result: Outcome) -> list[str]:
    """Return the figures of a result."""
    return [
        f"{name.replace('_', ' ').capitalize()}: {value:.4g}."
        for name, value in result.summary().items()
        if isinstance(value, int | float)
    ]


def report_figures(_result: Outcome, points: Sequence[Point]) -> list[Illustration]:
    """Draw the metrics of the epochs."""
    if not points:
        return []
    lines = {
        name: [(p.epoch, p.metrics[name]) for p in points if name in p.metrics]
        for name in points[-1].metrics
    }
    last = ", ".join(f"{name} {line[-1][1]:.3g}" for name, line in lines.items())
    alt = f"After the last epoch: {last}."
    return [Illustration("Learning curves", learning_curves(lines), alt)]
