"""Results made up by hand, whose figures can be worked out."""

import numpy as np

from core.stock import Config, Result
from core.stock.backtest import ForecastTable
from core.stock.data.frequency import horizons_of
from core.stock.data.split import Split
from core.stock.distribution import ForecastDistribution
from core.stock.judging.breakdown import SeedMetrics

HORIZONS = (1, 5, 10, 20)


def known_distribution(days, deviation=0.01, freedom=5.0):
    """One percent a day, and no drift."""
    shape = (days, len(HORIZONS))
    log_variance = np.log(deviation**2 * np.array(HORIZONS)) + np.zeros(shape)
    means = np.zeros(shape)
    return rounded(ForecastDistribution.broadcast(means, log_variance, freedom))


def rounded(distribution):
    """The distribution in single precision, as it is stored."""
    return distribution.decode("", distribution.encode(""))


RISKS = ("constant", "ewma", "garch", "gjr", "ets", "arima")
PRICES = ("drift", "linear")


def known_mean(days, mean=0.0):
    """A mean of each horizon (days, horizons), with two percent of risk a day."""
    risk = known_distribution(days, 0.02)
    return rounded(
        ForecastDistribution.broadcast(mean, risk.log_variance, risk.freedom)
    )


def table_of(test, forecasts, horizons=HORIZONS):
    """One fold's table of the test rows, the last row of the series among them."""
    rows = len(next(iter(forecasts.values())))
    return ForecastTable(
        origin=test - 1 + np.arange(rows),
        fold=np.zeros(rows, int),
        test=np.ones(rows, bool),
        horizons=horizons,
        forecasts=forecasts,
    )


def made_up_result(series, deviation=0.01, forecasts=None, **changes):
    """Forecasts of no change, with one percent of risk a day.

    `forecasts` are those of some models by name, instead of the usual ones.
    """
    rows, test = len(series), len(series) // 2
    days = rows - test + 1
    flat = np.zeros((days, len(HORIZONS)))
    usual = {name: known_distribution(days, 0.02) for name in RISKS[:5]}
    usual |= {
        "lstm": known_distribution(days, deviation),
        "naive": known_mean(days),
        "drift": known_mean(days, 0.001),
        "linear": known_mean(days),
    }
    config = changes.get("config", Config(seed=7, folds=2))
    horizons = horizons_of(config.horizon, series.frequency)
    values = {
        "config": config,
        "series": series,
        "split": Split(rows=rows, validation=int(0.8 * test), test=test),
        "epochs": 5,
        "seconds": 1.5,
        "table": table_of(test, usual | (forecasts or {}), horizons),
        "factors": {80: flat + 1.25, 95: flat + 2.0},
        "seeds": (SeedMetrics(rel_rmse=1.0, nll=1.25),),
        "model": b"weights",
    }
    return Result(**{**values, **changes})


def bare_result(series):
    """The result of a recipe without intervals."""
    rows, test = len(series), len(series) // 2
    return Result(
        config=Config.preset("classic"),
        series=series,
        split=Split(rows=rows, validation=test, test=test),
        epochs=5,
        seconds=1.5,
        levels=series.prices[test:] + 1.0,
    )
