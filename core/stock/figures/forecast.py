"""Figures of the forecast prices, functions of the Result, and their alt texts."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures import add_band, log_axis, plain
from core.figures.palette import (
    INK_LIGHT,
    MODEL,
    NAIVE,
    TEST_TINT,
    TRAIN_TINT,
    VALIDATION_TINT,
    tint,
)
from core.stock.data.series import PriceSeries
from core.stock.future import Future
from core.stock.result import Result
from core.stock.wording import format_time

MAX_TRAINING_POINTS = 1_000  # the training part is thinned
MAX_POINTS = 12_000  # most points of a line; longer ones are thinned
MAX_SESSIONS = 1_000  # rows of an axis without nights, which is slow to draw
DAY = 86_400  # seconds
FAN_DAYS = 60  # rows drawn before a forecast


def forecast(
    result: Result, ink: str = INK_LIGHT, log: bool = False, days: int | None = None
) -> go.Figure:
    """Draw predicted and actual prices, with the last known price and intervals.

    Parameters
    ----------
    ink
        Colour of text, axes and actual prices.
    log
        Whether prices are on a log axis, where equal steps are equal percentages.
    days
        Number of days at the end of the test part; with None, all of it and, thinned,
        the training part.
    """
    figure = go.Figure()
    shown = _shown(result, days)
    dates = days_text(result.dates[shown])
    bands = {name: values[shown] for name, values in result.bands.items()}
    if bands:
        _add_bands(figure, dates, bands)
    training = _training_rows(result) if days is None else np.array([], int)
    test = np.arange(result.split.test, result.split.rows)[shown]
    rows = np.concatenate([training, test])
    all_dates = days_text(result.series.dates[rows])
    actual, naive = {"color": ink, "width": 1.5}, {"color": NAIVE, "dash": "dash"}
    lines = (
        ("Actual", all_dates, result.series.prices[rows], actual),
        ("Last known price", dates, result.naive[shown], {**naive, "width": 1}),
        ("Predicted", dates, result.predicted[shown], {"color": MODEL, "width": 1.5}),
    )
    for name, at, values, line in lines:
        add_line(figure, name, at, values, line, hover="%{y:.5g}")
    _tint_parts(figure, result, first=int(rows[0]))
    figure.update_xaxes(_time_axis(result.series.dates[rows]))
    figure.update_yaxes(_price_axis(figure, log))
    return plain(figure, ink)


def residuals(
    result: Result, ink: str = INK_LIGHT, days: int | None = None
) -> go.Figure:
    """Draw the errors in percent of the last known price; `days` as in `forecast`."""
    shown = _shown(result, days)
    errors = 100 * (result.actual - result.predicted) / result.naive
    figure = go.Figure()
    dates, line = days_text(result.dates[shown]), {"color": MODEL, "width": 1}
    name = "Actual minus predicted"
    add_line(figure, name, dates, errors[shown], line, hover="%{y:.3g}%")
    figure.add_hline(0, line={"color": ink, "width": 1})
    figure.update_xaxes(_time_axis(result.dates[shown]))
    figure.update_yaxes(title="Error, % of the last price")
    return plain(figure, ink)


def overview(
    result: Result, ink: str = INK_LIGHT, log: bool = False, days: int | None = None
) -> go.Figure:
    """Draw `forecast` with `residuals` below it, on one axis of time."""
    above, below = forecast(result, ink, log, days), residuals(result, ink, days)
    figure = make_subplots(
        rows=2, shared_xaxes=True, row_heights=[0.72, 0.28], vertical_spacing=0.06
    )
    for row, part in ((1, above), (2, below)):
        for trace in part.data:
            figure.add_trace(trace.update(showlegend=row == 1), row=row, col=1)
    for shape in above.layout.shapes:
        figure.add_shape(shape.update(yref="paper"))
    for note in above.layout.annotations:
        figure.add_annotation(note.update(yref="paper"))
    figure.update_xaxes(
        type=above.layout.xaxis.type, rangebreaks=above.layout.xaxis.rangebreaks
    )
    figure.update_yaxes(_price_axis(above, log), row=1, col=1)
    figure.update_yaxes(title="Error, %", row=2, col=1)
    figure.add_hline(0, line={"color": ink, "width": 1}, row=2, col=1)
    return plain(figure, ink)


def fan(result: Result, ink: str = INK_LIGHT) -> go.Figure:
    """Draw the last prices, and the forecast after them if there is one."""
    return _before_and_ahead(result.series, result.split.rows, result.future, ink)


def forecast_from(
    result: Result, ink: str, row: int, days: int, shown: bool
) -> go.Figure:
    """Draw the prices before a test row; if `shown`, their forecast and what came."""
    series, until = result.series, result.split.test + row
    times = series.dates[max(0, until - FAN_DAYS) : until + days]
    future = result.future_at(row, days) if shown else None
    figure = _before_and_ahead(series, until, future, ink, times=times)
    if shown:
        came, line = slice(until - 1, until + days), {"color": ink, "width": 3}
        dates, prices = days_text(series.dates[came]), series.prices[came]
        add_line(figure, "What came", dates, prices, line, hover="%{y:.5g}")
    return figure.update_xaxes(range=days_text(times[[0, -1]]))


def latest_prices(
    series: PriceSeries, ink: str = INK_LIGHT, rows: int = 250
) -> go.Figure:
    """Draw the actual prices of the latest rows."""
    return _before_and_ahead(series, len(series), None, ink, rows)


def _before_and_ahead(
    series: PriceSeries,
    until: int,
    future: Future | None,
    ink: str,
    rows: int = FAN_DAYS,
    times: np.ndarray | None = None,
) -> go.Figure:
    """Draw the last of the prices that are known, and the forecast after them.

    `times` are those of the axis, by default of what is drawn.
    """
    figure = go.Figure()
    shown = slice(max(0, until - rows), until)
    dates, prices = series.dates[shown], series.prices[shown]
    drawn = dates if future is None else np.concatenate([dates, future.dates])
    if future is not None:
        ahead = days_text(drawn[len(dates) - 1 :])
        bands = {n: np.append(prices[-1], ends) for n, ends in future.bands.items()}
        _add_bands(figure, ahead, bands)
        median = np.append(prices[-1], future.median)
        line = {"color": MODEL, "width": 2}
        add_line(figure, "Forecast", ahead, median, line, hover="%{y:.5g}")
    line = {"color": ink, "width": 1.5}
    add_line(figure, "Actual", days_text(dates), prices, line, hover="%{y:.5g}")
    figure.update_xaxes(_time_axis(drawn if times is None else times))
    figure.update_yaxes(_price_axis(figure, log=False))
    return plain(figure, ink)


def thinning(rows: int) -> int:
    """Return which of so many rows are drawn: each, each second, third, ..."""
    return max(1, -(-rows // MAX_POINTS))


def _shown(result: Result, days: int | None) -> slice:
    """Return the test rows that are drawn, the last one among them."""
    rows = len(result.dates)
    first = 0 if days is None else max(0, rows - days)
    stride = thinning(rows - first)
    return slice(first + (rows - 1 - first) % stride, None, stride)


def _time_axis(dates: np.ndarray) -> dict[str, object]:
    """Return an axis of dates (rows,) in order.

    That of a few rows within days leaves out nights and weekends without any.
    """
    is_days = np.datetime_data(dates.dtype)[0] == "D"
    if is_days or not 1 < len(dates) <= MAX_SESSIONS:
        return {"type": "date"}
    breaks = []
    seconds = dates.astype("datetime64[s]").astype(np.int64)
    if seconds[-1] - seconds[0] < DAY:
        return {"type": "date"}
    hours, step = seconds % DAY / 3600, float(np.median(np.diff(seconds))) / 3600
    first, end = float(hours.min()), float(hours.max()) + step
    if end - first < 23:
        breaks.append({"bounds": [end % 24, first], "pattern": "hour"})
    if np.is_busday(dates.astype("datetime64[D]")).all():
        breaks.append({"bounds": ["sat", "mon"]})
    return {"type": "date", "rangebreaks": breaks}


def days_text(dates: np.ndarray) -> list[str]:
    """Return days, or times to the minute, as text, as Plotly takes them."""
    has_days = np.datetime_data(dates.dtype)[0] == "D"
    shown = dates if has_days else dates.astype("datetime64[m]")
    days: list[str] = np.datetime_as_string(shown).tolist()
    return days


def add_line(
    figure: go.Figure,
    name: str,
    dates: list[str],
    values: np.ndarray,
    line: Mapping[str, object],
    hover: str,
) -> None:
    """Add a line of values to a figure; single precision halves what a page loads."""
    figure.add_scatter(
        x=dates,
        y=values.astype(np.float32),
        name=name,
        line=line,
        hovertemplate=hover,
    )


def _training_rows(result: Result) -> np.ndarray:
    stride = -(-result.split.test // MAX_TRAINING_POINTS)
    return np.arange(0, result.split.test, stride)


def _add_bands(
    figure: go.Figure, dates: list[str], bands: Mapping[str, np.ndarray]
) -> None:
    for level, opacity in ((95, 0.15), (80, 0.3)):
        low, high = (
            bands[f"{end}_{level}"].astype(np.float32) for end in ("low", "high")
        )
        edge = {"color": tint(MODEL, 0.6), "width": 1 if level == 95 else 0}
        colour = tint(MODEL, opacity)
        add_band(figure, dates, low, high, f"{level}% likely", colour, **edge)


def _price_axis(figure: go.Figure, log: bool) -> dict[str, object]:
    """Return the axis of a figure's prices."""
    if not log:
        return {"type": "linear", "title": "Price"}
    prices = np.concatenate([trace.y for trace in figure.data])
    return log_axis(prices.min(), prices.max()) | {"title": "Price"}


def _tint_parts(figure: go.Figure, result: Result, first: int) -> None:
    """Colour the background of the training, validation and test part from `first`."""
    dates, parts = result.series.dates, result.split
    borders = (
        ("Train", 0, parts.validation, TRAIN_TINT, 0),
        # Lower than its neighbours: the part is narrower than its name on a phone.
        ("Validation", parts.validation, parts.test, VALIDATION_TINT, -16),
        ("Test", parts.test, parts.rows - 1, TEST_TINT, 0),
    )
    for name, start, last, colour, rise in borders:
        if max(start, first) < last:
            left, right = days_text(dates[[max(start, first), last]])
            figure.add_vrect(
                x0=left,
                x1=right,
                fillcolor=colour,
                line_width=0,
                layer="below",
                annotation={"text": name, "font": {"size": 12}, "yshift": rise},
                annotation_position="top left",
            )


def overview_alt(result: Result) -> str:
    """Describe `overview` and `forecast`."""
    return (
        f"Predicted and actual prices of {result.name}, with the errors below. "
        f"{result.price.text}"
    )


def fan_alt(result: Result) -> str:
    """Describe `fan`."""
    if (future := result.future) is None:
        return (
            f"The last prices of {result.name}; this recipe does not forecast further."
        )
    return (
        f"The last prices of {result.name} and their forecast up to "
        f"{format_time(future.dates[-1])}: {future.median[-1]:.4g}, with 80% "
        f"probability between {future.bands['low_80'][-1]:.4g} and "
        f"{future.bands['high_80'][-1]:.4g}."
    )
