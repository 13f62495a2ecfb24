"""What a report and a notebook say and show of a price forecast."""

from collections.abc import Sequence

from core.report import Illustration, Introduction, metric_curves
from core.stock.figures.forecast import fan, fan_alt, overview, overview_alt
from core.stock.figures.judgement import (
    coverage_of_each_year,
    coverage_of_each_year_alt,
    error_by_horizon,
    error_by_horizon_alt,
    lag_detector,
    lag_detector_alt,
    pit,
    pit_alt,
    trading,
    trading_alt,
    volatility,
    volatility_alt,
)
from core.stock.judging.breakdown import coverage_by_year
from core.stock.result import Result
from core.task import AnyTask, Point

INTRODUCTION = Introduction(
    "Price forecast",
    "An LSTM reads a series of prices and forecasts the coming ones: the price, and "
    "how uncertain it is. The honest recipe lets it correct the best classical "
    "forecast; it is compared with that forecast and with its rivals on the last part "
    "of the series, which it was not trained on.",
    "core.stock.recipes.training",
)


def introduction(_task: AnyTask, _result: Result) -> Introduction:
    """Return the settings of the training."""
    return INTRODUCTION


def report_verdicts(result: Result) -> list[str]:
    """Return the evaluation in sentences."""
    leakage = [result.leakage.sentence] if result.leakage else []
    return [
        f"{result.price.plain} {result.price.text}",
        f"{result.risk.plain} {result.risk.text}",
        *leakage,
        result.lag.sentence,
        result.trading.sentence,
    ]


def report_figures(result: Result, points: Sequence[Point]) -> list[Illustration]:
    """Draw the training, the forecasts, and their evaluation."""
    loss = "Negative log-likelihood" if result.distribution is not None else "Loss"
    figures = [
        *metric_curves(points, "loss", "Learning curves", loss),
        Illustration("Predicted and actual", overview(result), overview_alt(result)),
    ]
    if result.future is not None:
        figures.append(Illustration("Forecast", fan(result), fan_alt(result)))
    if result.distribution is not None:
        figures += [
            Illustration(
                "Error by horizon",
                error_by_horizon(result),
                error_by_horizon_alt(result),
            ),
            *_coverage(result),
            Illustration("Calibration", pit(result), pit_alt(result)),
            Illustration("Volatility", volatility(result), volatility_alt(result)),
        ]
    return [
        *figures,
        Illustration("Lag detector", lag_detector(result), lag_detector_alt(result)),
        Illustration("Trading simulation", trading(result), trading_alt(result)),
    ]


def _coverage(result: Result) -> list[Illustration]:
    """Draw the coverage by calendar year, where there is a full one."""
    if not any(year.full for year in coverage_by_year(result.by_horizon[1])):
        return []
    figure, alt = coverage_of_each_year(result), coverage_of_each_year_alt(result)
    return [Illustration("Coverage of the intervals", figure, alt)]
