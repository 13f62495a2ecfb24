"""What each figure of a price forecast shows, for those who cannot see it."""

from core.stock.result import Result
from core.stock.years import coverage_by_year


def overview_alt(result: Result) -> str:
    """Of `figures.overview` and `figures.forecast`."""
    return (
        f"Predicted and actual prices of {result.name}, with the errors below. "
        f"{result.verdict_price}"
    )


def fan_alt(result: Result) -> str:
    """Of `figures.fan`."""
    if (future := result.future) is None:
        return (
            f"The last prices of {result.name}; this recipe does not forecast further."
        )
    return (
        f"The last prices of {result.name} and their forecast up to "
        f"{future.dates[-1]}: {future.median[-1]:.4g}, with 80% probability between "
        f"{future.bands['low_80'][-1]:.4g} and {future.bands['high_80'][-1]:.4g}."
    )


def error_by_horizon_alt(result: Result) -> str:
    """Of `judgement_figures.error_by_horizon`."""
    parts = [
        f"{view.figures['rel_rmse']:.3f} at {_days(view.horizon)}"
        for view in result.views.values()
        if view.figures["rel_rmse"] is not None
    ]
    return f"Error as a multiple of that of the last price: {', '.join(parts)}."


def coverage_of_years_alt(result: Result, horizon: int = 1) -> str:
    """Of `judgement_figures.coverage_of_years`."""
    years = [y for y in coverage_by_year(result.views[horizon]) if y.full]
    if not years:
        return "Coverage by calendar year: there is no interval, or no full year."
    shares = [year.coverage[80] for year in years]
    return (
        f"Share of prices inside the 80% interval in {len(years)} calendar years: from "
        f"{min(shares):.0%} to {max(shares):.0%}."
    )


def volatility_alt(result: Result) -> str:
    """Of `judgement_figures.volatility`."""
    return (
        f"Forecast volatility of {result.name} beside that of GARCH and the realised "
        f"one. {result.verdict_risk}"
    )


def lag_detector_alt(result: Result) -> str:
    """Of `judgement_figures.lag_detector`."""
    return f"Correlation of forecast and actual changes by lag. {result.lag.sentence}"


def trading_alt(result: Result) -> str:
    """Of `judgement_figures.trading`."""
    return f"Value over time in a trading simulation. {result.trading.sentence}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
