"""Parts of the reports and notebooks of all tasks: introduction and illustrations.

The functions at the end are the defaults of tasks without a `report` module.
"""

from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from core.figures import learning_curves, metric_lines
from core.task import AnyTask, Outcome, Point


class Introduction(NamedTuple):
    """The introduction of a report, and the code of a notebook."""

    # About the training
    title: str
    text: str
    training: str  # the module with the training loop
    finish: str = ""  # lines of code after the training, which complete its result
    loop: str = "train"  # the name of the loop in its module


class Illustration(NamedTuple):
    """A figure with its heading and alternative text."""

    heading: str
    figure: go.Figure
    alt: str


def metric_curves(
    points: Sequence[Point], base: str, heading: str, axis: str
) -> list[Illustration]:
    """Draw one metric of a training and its validation; nothing without points."""
    lines = metric_lines(points, base, f"val_{base}")
    if not lines:
        return []
    parts = {base: "training", f"val_{base}": "validation"}
    last = ", ".join(f"{parts[name]} {line[-1][1]:.3g}" for name, line in lines.items())
    figure = learning_curves(lines).update_yaxes(title=axis)
    return [Illustration(heading, figure, f"{axis} after the last epoch: {last}.")]


def introduction(task: AnyTask, _result: Outcome) -> Introduction:
    """Return title and description of the task."""
    loop = f"{type(task).__name__}.train"
    return Introduction(task.TITLE, task.ABOUT, task.module, loop=loop)


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
    lines = metric_lines(points, *points[-1].metrics)
    last = ", ".join(f"{name} {line[-1][1]:.3g}" for name, line in lines.items())
    alt = f"After the last epoch: {last}."
    return [Illustration("Learning curves", learning_curves(lines), alt)]
