"""The forecasts of compared runs over each other."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures import plain
from core.figures.palette import INK_LIGHT, LETTERS, RUNS
from core.stock.figures.forecast import add_line, days_text
from core.stock.result import Result


@dataclass(frozen=True, kw_only=True, eq=False)
class Forecasts:
    """The next day's forecasts of the latest test rows, of one run."""

    # Days and prices (rows,)
    dates: np.ndarray
    actual: np.ndarray
    predicted: np.ndarray
    # Half of the 80% interval in percent of the last known price (rows,); None for a
    # recipe without intervals
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

    `forecasts` are by the position of the run in the comparison, all of the same
    prices.
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
