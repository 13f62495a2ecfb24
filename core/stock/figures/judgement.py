"""Figures of how good the forecast is, functions of the Result, and their alt texts."""

import numpy as np
import plotly.graph_objects as go

from core.figures import add_band, log_axis, plain
from core.figures.palette import INK_LIGHT, MODEL, NAIVE, tint
from core.stock.figures.forecast import add_line, days_text, thinning
from core.stock.judging.breakdown import coverage_by_year, judged_by
from core.stock.judging.calibration import BINS, pit_histogram
from core.stock.models import LSTM
from core.stock.result import Result

GARCH = "#0072B2"
LINEAR = "#009E73"
MONTH = 21  # days of a realised volatility


def error_by_horizon(result: Result, ink: str = INK_LIGHT) -> go.Figure:
    """Draw the error at each horizon as a multiple of that of the last price."""
    figure = go.Figure()
    forecasts = result.by_horizon.values()
    frequency = result.series.frequency
    horizons = [frequency.short(forecast.horizon) for forecast in forecasts]
    lines = (
        ("Network", LSTM, MODEL, "solid"),
        ("Mean return", "drift", ink, "dot"),
        ("Linear model", "linear", LINEAR, "dot"),
    )
    for name, model, colour, dash in lines:
        found = [forecast.models.get(model) for forecast in forecasts]
        ratios = [each and each.rel_rmse for each in found]
        if None not in ratios:
            figure.add_scatter(
                x=horizons,
                y=ratios,
                name=name,
                mode="lines+markers",
                line={"color": colour, "dash": dash, "width": 2},
                marker={"size": 8},
                hovertemplate="%{y:.4f}",
            )
    figure.add_scatter(
        x=horizons,
        y=[1.0] * len(horizons),
        name="Last price",
        mode="lines",
        line={"color": NAIVE, "dash": "dash"},
        hovertemplate="1",
    )
    figure.update_xaxes(title=f"{frequency.step.title()}s ahead", type="category")
    figure.update_yaxes(title="Error, × the last price's", automargin=True)
    return plain(figure, ink)


def coverage_of_each_year(
    result: Result, ink: str = INK_LIGHT, horizon: int = 1
) -> go.Figure:
    """Draw the share of prices inside both intervals in each calendar year.

    Filled marks are the intervals shown, open ones those of the network alone.
    """
    figure = go.Figure()
    for kind, symbol, name in (
        ("", "circle", "shown"),
        ("raw", "circle-open", "network alone"),
    ):
        every_year = coverage_by_year(result.by_horizon[horizon], kind)
        years = [year for year in every_year if year.full]
        for level, colour in ((95, MODEL), (80, GARCH)):
            figure.add_scatter(
                x=[year.year for year in years],
                y=[100 * year.coverage[level] for year in years],
                name=f"{level}%, {name}",
                mode="markers" if kind else "lines+markers",
                line={"color": tint(colour, 0.4), "width": 1},
                marker={"color": colour, "symbol": symbol, "size": 8},
                hovertemplate="%{y:.1f}%",
            )
    for level in (95, 80):
        figure.add_hline(level, line={"color": ink, "width": 1, "dash": "dash"})
    period, _ = judged_by(result.by_horizon[horizon])
    if period == "year":
        # At most one tick per year: a few years would get ticks between them.
        drawn = [year for trace in figure.data for year in trace.x]
        tick = max(1, (max(drawn) - min(drawn)) // 8) if drawn else 1
        figure.update_xaxes(title="Year", tickformat="d", dtick=tick)
    else:
        title = "Month" if period == "month" else "Week from"
        figure.update_xaxes(title=title, type="date")
    figure.update_yaxes(title="Prices inside the interval, %")
    return plain(figure, ink)


def pit(result: Result, ink: str = INK_LIGHT, horizon: int = 1) -> go.Figure:
    """Draw the histogram of the PIT values of the network, and its band of chance."""
    forecast = result.by_horizon[horizon]
    figure = go.Figure()
    if forecast.distribution is not None:
        found = pit_histogram(forecast.log_returns, forecast.distribution, horizon)
        edges = np.linspace(0, 1, BINS + 1)
        steps = np.repeat(edges, 2)[1:-1]  # both ends of each bar
        low, high = (100 * np.repeat(end, 2) for end in (found.low, found.high))
        figure.add_bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=100 * found.shares,
            width=1 / BINS,
            marker={"color": tint(MODEL, 0.55), "line": {"color": MODEL, "width": 1}},
            name="Network",
            hovertemplate="%{y:.1f}%",
        )
        name, look = "95% of right forecasts", {"color": tint(ink, 0.35), "width": 1}
        add_band(figure, steps, low, high, name, tint(ink, 0.12), **look)
        figure.add_hline(100 / BINS, line={"color": ink, "width": 1, "dash": "dash"})
    figure.update_xaxes(
        title="Forecast probability of a lower return", range=[0, 1], tickformat=".0%"
    )
    figure.update_yaxes(title="Share of the rows, %", rangemode="tozero")
    return plain(figure, ink)


def volatility(result: Result, ink: str = INK_LIGHT) -> go.Figure:
    """Draw the volatility of the next day: by the network, by GARCH, and realised.

    All in percent a year. The realised volatility is that of the 21 days around each
    day, future ones included; of other rows than days, of the longest horizon's number.
    """
    figure = go.Figure()
    forecast = result.by_horizon[1]
    frequency = result.series.frequency
    yearly = 100 * np.sqrt(frequency.per_year)
    rows = MONTH if frequency.daily else frequency.horizons[-1]
    window = np.ones(rows)
    counted = np.convolve(np.ones(len(forecast.log_returns)), window, mode="same")
    realised = np.sqrt(
        np.convolve(forecast.log_returns**2, window, mode="same") / counted
    )
    name = f"Realised, {frequency.ahead(rows)}"
    lines = [(name, realised, {"color": NAIVE, "width": 1})]
    if "garch" in forecast.volatility:
        garch = forecast.volatility["garch"].deviation
        lines.append(("GARCH(1,1)", garch, {"color": GARCH, "width": 1}))
    if forecast.distribution is not None:
        network = forecast.distribution.deviation
        lines.append(("Network", network, {"color": MODEL, "width": 1.5}))
    shown = slice(None, None, thinning(len(forecast.dates)))
    dates = days_text(forecast.dates[shown])
    for name, values, line in lines:
        drawn = yearly * values[shown]
        add_line(figure, name, dates, drawn, line, hover="%{y:.3g}%")
    figure.update_xaxes(type="date")
    figure.update_yaxes(title="Volatility, % a year", rangemode="tozero")
    return plain(figure, ink)


def lag_detector(result: Result, ink: str = INK_LIGHT) -> go.Figure:
    """Draw the correlation of forecast and actual daily changes at each lag."""
    lag = result.lag
    colours = [MODEL if days == lag.best else tint(NAIVE, 0.6) for days in lag.lags]
    figure = go.Figure()
    figure.add_bar(
        x=lag.lags,
        y=lag.correlations,
        marker={"color": colours},
        name="Correlation",
        hovertemplate="%{y:.3f}",
    )
    frequency = result.series.frequency
    figure.update_xaxes(title=f"Lag of the forecast, {frequency.row}s", dtick=1)
    title = f"Correlation of {frequency.adjective} changes"
    figure.update_yaxes(title=title, range=[-0.25, 1.05])
    return plain(figure, ink).update_layout(showlegend=False)


def trading(result: Result, ink: str = INK_LIGHT) -> go.Figure:
    """Draw the value of an initial 1, by following the forecast and by holding."""
    figure = go.Figure()
    simulated = result.trading
    shown = slice(None, None, thinning(len(simulated.dates)))
    dates = days_text(simulated.dates[shown])
    for name, values, line in (
        ("Buy and hold", simulated.holding, {"color": NAIVE, "dash": "dash"}),
        ("Following the forecast", simulated.strategy, {"color": MODEL, "width": 2}),
    ):
        add_line(figure, name, dates, values[shown], line, hover="%{y:.3g}")
    figure.update_xaxes(type="date")
    values = np.concatenate([simulated.holding, simulated.strategy])
    figure.update_yaxes(
        log_axis(values.min(), values.max()), title="Value of an initial 1"
    )
    return plain(figure, ink)


def error_by_horizon_alt(result: Result) -> str:
    """Describe `error_by_horizon`."""
    parts = [
        f"{forecast.network.rel_rmse:.3f} at "
        f"{result.series.frequency.ahead(forecast.horizon)}"
        for forecast in result.by_horizon.values()
        if forecast.network.rel_rmse is not None
    ]
    return f"Error as a multiple of that of the last price: {', '.join(parts)}."


def coverage_of_each_year_alt(result: Result, horizon: int = 1) -> str:
    """Describe `coverage_of_each_year`."""
    forecast = result.by_horizon[horizon]
    period, _ = judged_by(forecast)
    years = [y for y in coverage_by_year(forecast) if y.full]
    if not years:
        return f"Coverage by calendar {period}: there is no interval, or no full one."
    shares = [year.coverage[80] for year in years]
    return (
        f"Share of prices inside the 80% interval in {len(years)} calendar {period}s: "
        f"from {min(shares):.0%} to {max(shares):.0%}."
    )


def pit_alt(result: Result, horizon: int = 1) -> str:
    """Describe `pit`."""
    forecast = result.by_horizon[horizon]
    if forecast.distribution is None:
        return "Histogram of PIT values: this recipe forecasts no distribution."
    found = pit_histogram(forecast.log_returns, forecast.distribution, horizon)
    ahead = result.series.frequency.ahead(horizon)
    return (
        f"Histogram of the network's PIT values {ahead} ahead: "
        f"{found.inside} of {BINS} bars lie in the 95% band of right forecasts; the "
        f"first has {found.shares[0]:.1%} of the rows and the last "
        f"{found.shares[-1]:.1%}, where {1 / BINS:.0%} are expected."
    )


def volatility_alt(result: Result) -> str:
    """Describe `volatility`."""
    return (
        f"Forecast volatility of {result.name} beside that of GARCH and the realised "
        f"one. {result.risk.text}"
    )


def lag_detector_alt(result: Result) -> str:
    """Describe `lag_detector`."""
    return f"Correlation of forecast and actual changes by lag. {result.lag.sentence}"


def trading_alt(result: Result) -> str:
    """Describe `trading`."""
    return f"Value over time in a trading simulation. {result.trading.sentence}"
