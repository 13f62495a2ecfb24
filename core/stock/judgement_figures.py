"""Figures of how good a price forecast is, each a function of its Result."""

import numpy as np
import plotly.graph_objects as go

from core.figures import log_axis, plain
from core.palette import INK_LIGHT, MODEL, NAIVE, tint
from core.stock.result import Result
from core.stock.years import coverage_by_year

GARCH = "#0072B2"
LINEAR = "#009E73"
YEAR = 252  # trading days
MONTH = 21  # days of a realised volatility


def error_by_horizon(result: Result, ink: str = INK_LIGHT) -> go.Figure:
    """Draw the error at each horizon as a multiple of that of the last price."""
    figure = go.Figure()
    views = result.views.values()
    horizons = [f"{view.horizon} d" for view in views]
    lines = (
        ("Network", "rel_rmse", MODEL, "solid"),
        ("Mean return", "rel_rmse_drift", ink, "dot"),
        ("Linear model", "rel_rmse_linear", LINEAR, "dot"),
    )
    for name, key, colour, dash in lines:
        ratios = [view.figures[key] for view in views]
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
    figure.update_xaxes(title="Days ahead", type="category")
    figure.update_yaxes(title="Error, × the last price's", automargin=True)
    return plain(figure, ink)


def coverage_of_years(
    result: Result, ink: str = INK_LIGHT, horizon: int = 1
) -> go.Figure:
    """Draw the share of prices inside both intervals in each calendar year.

    Filled marks are the intervals shown, open ones those of the network alone.
    """
    figure = go.Figure()
    view = result.views[horizon]
    for raw, symbol, name in (
        (False, "circle", "shown"),
        (True, "circle-open", "network alone"),
    ):
        years = [year for year in coverage_by_year(view, raw) if year.full]
        for level, colour in ((95, MODEL), (80, GARCH)):
            figure.add_scatter(
                x=[year.year for year in years],
                y=[100 * year.coverage[level] for year in years],
                name=f"{level}%, {name}",
                mode="markers" if raw else "lines+markers",
                line={"color": tint(colour, 0.4), "width": 1},
                marker={"color": colour, "symbol": symbol, "size": 8},
                hovertemplate="%{y:.1f}%",
            )
    for level in (95, 80):
        figure.add_hline(level, line={"color": ink, "width": 1, "dash": "dash"})
    figure.update_xaxes(title="Year", tickformat="d")
    figure.update_yaxes(title="Prices inside the interval, %")
    return plain(figure, ink)


def volatility(
    result: Result, ink: str = INK_LIGHT, days: int | None = None
) -> go.Figure:
    """Draw the risk of the next day: network, GARCH, and what came of it.

    All in percent a year. The realised volatility is that of the 21 days around
    each day, which nobody could have known.
    """
    figure = go.Figure()
    view = result.views[1]
    shown = slice(0 if days is None else -days, None)
    yearly = 100 * np.sqrt(YEAR)
    window = np.ones(MONTH)
    counted = np.convolve(np.ones(len(view.moves)), window, mode="same")
    realised = np.sqrt(np.convolve(view.moves**2, window, mode="same") / counted)
    lines = [("Realised, 21 days", realised, {"color": NAIVE, "width": 1})]
    if "garch" in view.rivals:
        garch = view.rivals["garch"].deviation
        lines.append(("GARCH(1,1)", garch, {"color": GARCH, "width": 1}))
    if view.outlook is not None:
        mine = view.outlook.deviation
        lines.append(("Network", mine, {"color": MODEL, "width": 1.5}))
    for name, values, line in lines:
        figure.add_scatter(
            x=np.datetime_as_string(view.dates[shown], unit="D").tolist(),
            y=(yearly * values[shown]).astype(np.float32),
            name=name,
            line=line,
            hovertemplate="%{y:.3g}%",
        )
    figure.update_xaxes(type="date")
    figure.update_yaxes(title="Volatility, % a year", rangemode="tozero")
    return plain(figure, ink)


def lag_detector(result: Result, ink: str = INK_LIGHT) -> go.Figure:
    """Draw how the forecast's daily changes agree with the actual ones, shifted."""
    lag = result.lag
    colours = [MODEL if days == lag.best else tint(NAIVE, 0.6) for days in lag.lags]
    figure = go.Figure()
    figure.add_bar(
        x=lag.lags,
        y=lag.changes,
        marker={"color": colours},
        name="Correlation",
        hovertemplate="%{y:.3f}",
    )
    figure.update_xaxes(title="Lag of the forecast, days", dtick=1)
    figure.update_yaxes(title="Correlation of daily changes", range=[-0.25, 1.05])
    return plain(figure, ink).update_layout(showlegend=False)


def trading(result: Result, ink: str = INK_LIGHT) -> go.Figure:
    """Draw what one unit of money becomes, following the forecast or holding."""
    figure = go.Figure()
    simulated = result.trading
    dates = np.datetime_as_string(simulated.dates, unit="D").tolist()
    for name, values, line in (
        ("Buy and hold", simulated.holding, {"color": NAIVE, "dash": "dash"}),
        ("Following the forecast", simulated.strategy, {"color": MODEL, "width": 2}),
    ):
        figure.add_scatter(
            x=dates,
            y=values.astype(np.float32),
            name=name,
            line=line,
            hovertemplate="%{y:.3g}",
        )
    figure.update_xaxes(type="date")
    values = np.concatenate([simulated.holding, simulated.strategy])
    figure.update_yaxes(
        log_axis(values.min(), values.max()), title="Value of an initial 1"
    )
    return plain(figure, ink)
