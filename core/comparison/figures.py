"""Figures of compared runs: forecasts, errors and influences."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.comparison.curves import LETTERS
from core.figures import plain
from core.figures.palette import INK_LIGHT, RUNS
from core.lesson import adding
from core.lesson.adding.problem import predictions, test_data
from core.lesson.cells import CELLS
from core.lesson.figures import SMALLEST
from core.stock import Result
from core.stock.figures.forecast import add_line, days_text


@dataclass(frozen=True, kw_only=True, eq=False)
class Forecasts:
    """The next day's forecasts of the latest test rows, of one run.

    Attributes
    ----------
    dates, actual, predicted
        Days and prices (rows,).
    width
        Half of the 80% interval in percent of the last known price (rows,); None for a
        recipe without intervals.
    """

    dates: np.ndarray
    actual: np.ndarray
    predicted: np.ndarray
    width: np.ndarray | None


def latest_forecasts(result: Result, rows: int) -> Forecasts:
    """Return the forecasts of so many of the latest test rows."""
    width = None
    if result.bands:
        span = result.bands["high_80"] - result.bands["low_80"]
        width = (50 * span / result.naive)[-rows:].astype(np.float32)
    return Forecasts(
        dates=result.dates[-rows:],
        actual=result.actual[-rows:].astype(np.float32),
        predicted=result.predicted[-rows:].astype(np.float32),
        width=width,
    )


def forecasts_figure(
    forecasts: Mapping[int, Forecasts], ink: str = INK_LIGHT
) -> go.Figure:
    """Draw actual and forecast prices, and below each run's uncertainty.

    Parameters
    ----------
    forecasts
        By the position of the run in the comparison, all of the same prices.
    """
    above, below = go.Figure(), go.Figure()
    longest = max(forecasts.values(), key=lambda each: len(each.dates))
    line: dict[str, object] = {"color": ink, "width": 1.5}
    dates = days_text(longest.dates)
    add_line(above, "Actual", dates, longest.actual, line, hover="%{y:.5g}")
    for place, each in forecasts.items():
        line = {"color": RUNS[place], "width": 1.5}
        dates, name = days_text(each.dates), LETTERS[place]
        add_line(above, name, dates, each.predicted, line, hover="%{y:.5g}")
        if each.width is not None:
            add_line(below, name, dates, each.width, line, hover="±%{y:.3g}%")
    figure = make_subplots(
        rows=2, shared_xaxes=True, row_heights=[0.6, 0.4], vertical_spacing=0.06
    )
    for row, part in ((1, above), (2, below)):
        for trace in part.data:
            figure.add_trace(trace.update(showlegend=row == 1), row=row, col=1)
    figure.update_yaxes(title="Price", row=1, col=1)
    figure.update_yaxes(title="80% interval, ± %", row=2, col=1)
    return plain(figure, ink)


def adding_errors(result: adding.Result) -> dict[str, np.ndarray]:
    """Return each network's errors on the test sequences of its run (sequences,)."""
    x, targets = test_data(result.config)
    return {
        cell: (predictions(network, x) - targets).astype(np.float32)
        for cell, network in result.networks.items()
    }


def influences_figure(
    norms: Mapping[int, np.ndarray], ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the gradient of the last state by each input, of the network of each run.

    Parameters
    ----------
    norms
        The influences after training (`core.lesson.influence`), by the position of the
        run in the comparison.
    """
    figure = go.Figure()
    for place, values in norms.items():
        figure.add_scatter(
            x=np.arange(len(values)),
            y=np.maximum(values, SMALLEST),
            name=LETTERS[place],
            mode="lines",
            line={"color": RUNS[place], "width": 2.5},
            hovertemplate="%{y:.2e}",
        )
    figure.update_yaxes(title="Gradient norm", type="log", exponentformat="power")
    figure.update_xaxes(title="Steps back")
    return plain(figure, ink)


def errors_figure(
    errors: Mapping[int, Mapping[str, np.ndarray]], ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the errors of the networks of each run as boxes from quartile to quartile.

    Parameters
    ----------
    errors
        Those of `adding_errors` by the position of the run in the comparison.
    """
    figure = go.Figure()
    for place, by_cell in errors.items():
        for cell, values in by_cell.items():
            name = f"{LETTERS[place]}, {CELLS[cell].title}"
            figure.add_box(
                y=values,
                name=name,
                marker={"color": RUNS[place], "size": 3},
                line={"width": 1.5},
            )
    figure.update_yaxes(title="Predicted minus actual sum", zeroline=True)
    return plain(figure, ink).update_layout(showlegend=False, hovermode="closest")
