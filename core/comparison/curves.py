"""The curves of several runs over each other, by epoch or by time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

import numpy as np
import plotly.graph_objects as go

from core.figures import epoch_axis, log_axis, plain
from core.figures.palette import INK_LIGHT, LETTERS, RUNS, tint
from core.lesson.cells import CELLS
from core.runs.run import PAUSE, Run
from core.table.writer import write_rows
from core.task import Measure, Point

VALIDATION_LOSS = "val_loss"
AXES = {"epoch": "Epoch", "time": "Seconds since the first epoch, without pauses"}
NEAR = 0.05  # part of the axes within which two letters would cover each other
FAINT = 0.3  # opacity of curves not chosen, and of those before smoothing


@dataclass(frozen=True)
class Curve:
    """One metric of one run."""

    place: int  # the run's position in the comparison: its letter and its colour
    # Epochs or seconds, and the values there (points,)
    x: list[float]
    y: list[float]


def metrics_of(runs_points: Sequence[Sequence[Point]]) -> list[str]:
    """Return the metrics that any of the runs has, in their order."""
    names = [
        name
        for points in runs_points
        for point in points[-1:]
        for name in point.metrics
    ]
    return list(dict.fromkeys(names))


def default_metric(metrics: Sequence[str], measures: Sequence[Measure]) -> str:
    """Return the validation loss, else a metric that results are measured by."""
    wanted = [VALIDATION_LOSS, *(measure.key for measure in measures)]
    return next((name for name in wanted if name in metrics), metrics[0])


def curves_of(
    runs_points: Sequence[Sequence[Point]], metric: str, axis: str
) -> list[Curve]:
    """Return the curve of each run that has the metric, by `epoch` or by `time`."""
    found = []
    for place, points in enumerate(runs_points):
        x = seconds(points) if axis == "time" else [float(p.epoch) for p in points]
        pairs = [
            (at, point.metrics[metric])
            for at, point in zip(x, points, strict=True)
            if metric in point.metrics
        ]
        if pairs:
            found.append(Curve(place, [at for at, _ in pairs], [y for _, y in pairs]))
    return found


def seconds(points: Sequence[Point]) -> list[float]:
    """Return the seconds of training between the first point and each (points,).

    Where a stopped run waited for its owner, an epoch counts as long as usual.
    """
    if not points:
        return []
    steps = [
        (after.epoch - before.epoch, after.at - before.at)
        for before, after in pairwise(points)
    ]
    usual = median_low([taken / epochs for epochs, taken in steps]) if steps else 0.0
    total, found = 0.0, [0.0]
    for epochs, taken in steps:
        pause = taken > PAUSE * usual * epochs
        total += usual * epochs if pause else max(0.0, taken)
        found.append(total)
    return found


def smoothed(values: Sequence[float], weight: float) -> list[float]:
    """Return an exponential moving average: of the one before, `weight` remains.

    The first values are not drawn to zero: each is divided by the sum of its weights.
    """
    total, weights, found = 0.0, 0.0, []
    for value in values:
        total = weight * total + (1 - weight) * value
        weights = weight * weights + 1 - weight
        found.append(total / weights)
    return found


def curves_figure(
    curves: Sequence[Curve],
    *,
    metric: str,
    axis: str,
    smoothing: float = 0.0,
    log: bool = False,
    chosen: int | None = None,
    ink: str = INK_LIGHT,
) -> go.Figure:
    """Draw the curves; each ends with its run's letter.

    Trace n is the curve n, trace n + number of curves the same before smoothing.

    Parameters
    ----------
    smoothing
        Weight of the moving average, 0 to below 1.
    log
        Whether the values are on a log axis; left linear if one is not positive.
    chosen
        Position of the run that stands out.
    """
    lines = [smoothed(curve.y, smoothing) for curve in curves]
    traces = [
        _line(curve, y, faint=chosen not in (None, curve.place))
        for curve, y in zip(curves, lines, strict=True)
    ]
    if smoothing:
        traces += [_raw(curve) for curve in curves]
    values = [value for curve in curves for value in curve.y]
    is_log = log and bool(values) and min(values) > 0
    y_axis = log_axis(min(values), max(values)) if is_log else {"type": "linear"}
    last = max((curve.x[-1] for curve in curves), default=1.0)
    x_axis = epoch_axis(last) if axis == "epoch" else {"rangemode": "tozero"}
    layout = {
        "xaxis": x_axis | {"title": AXES[axis]},
        "yaxis": y_axis | {"title": metric_name(metric)},
        "annotations": _letters(curves, lines, is_log=is_log),
        "showlegend": False,
    }
    figure = go.Figure(traces, layout)  # at once: piece by piece takes twice as long
    return plain(figure, ink).update_layout(hovermode="closest")


def _line(curve: Curve, y: list[float], *, faint: bool) -> dict[str, object]:
    colour, letter = RUNS[curve.place], LETTERS[curve.place]
    return {
        "type": "scatter",
        "x": np.array(curve.x),
        "y": np.array(y),
        "name": letter,
        "mode": "lines",
        "line": {"color": tint(colour, FAINT) if faint else colour, "width": 2.5},
        "hovertemplate": letter + ": %{y:.4g} at %{x:.4g}<extra></extra>",
    }


def _raw(curve: Curve) -> dict[str, object]:
    return {
        "type": "scatter",
        "x": np.array(curve.x),
        "y": np.array(curve.y),
        "name": LETTERS[curve.place],
        "mode": "lines",
        "line": {"color": tint(RUNS[curve.place], FAINT), "width": 1},
        "hoverinfo": "skip",
    }


def _letters(
    curves: Sequence[Curve], lines: Sequence[Sequence[float]], *, is_log: bool
) -> list[dict[str, object]]:
    """Return each run's letter at the end of its curve, beside any that is there."""
    scale = math.log10 if is_log else float
    ends = [
        (curve.x[-1], scale(line[-1]))
        for curve, line in zip(curves, lines, strict=True)
    ]
    y = [scale(value) for curve in curves for value in curve.y]
    spans = (
        NEAR * max((x for x, _ in ends), default=0.0),
        NEAR * (max(y, default=0.0) - min(y, default=0.0)),
    )
    return [
        {
            "x": end[0],
            "y": end[1],
            "text": f"<b>{LETTERS[curve.place]}</b>",
            "font": {"color": RUNS[curve.place]},
            "showarrow": False,
            "xanchor": "left",
            "xshift": 5 + 12 * sum(_near(end, other, spans) for other in ends[:n]),
        }
        for n, (curve, end) in enumerate(zip(curves, ends, strict=True))
    ]


def _near(
    one: tuple[float, float], other: tuple[float, float], spans: tuple[float, float]
) -> bool:
    return all(abs(a - b) <= span for a, b, span in zip(one, other, spans, strict=True))


def metric_name(metric: str) -> str:
    """Return a metric as people read it: `val_loss` is the validation loss."""
    base = metric.removeprefix("val_")
    words = base.replace("_", " ").replace("mse", "squared error")
    named = f"validation {words}" if base != metric else words
    named = named[:1].upper() + named[1:]
    for cell in CELLS.values():
        named = named.replace(cell.name.capitalize(), cell.title)
    return named


def curves_csv(runs: Sequence[Run], runs_points: Sequence[Sequence[Point]]) -> str:
    """Write one line for each run and epoch, with all metrics."""
    metrics = metrics_of(runs_points)
    rows = [
        [LETTERS[place], run.name, point.epoch, round(at, 3)]
        + [point.metrics.get(name, "") for name in metrics]
        for place, (run, points) in enumerate(zip(runs, runs_points, strict=True))
        for at, point in zip(seconds(points), points, strict=True)
    ]
    names = ["run", "name", "epoch", "seconds", *metrics]
    return write_rows([names, *rows])
