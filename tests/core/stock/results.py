"""Results made up by hand, whose figures can be worked out."""

import numpy as np

from core.stock import Config, Result
from core.stock.data.split import Split
from core.stock.distribution import ForecastDistribution, single_precision
from core.stock.judging.breakdown import SeedMetrics
from core.stock.rivals.classical import VOLATILITY_MODELS, Rivals

HORIZONS = (1, 5, 10, 20)


def known_distribution(days, deviation=0.01, freedom=5.0):
    """One percent a day, and no drift."""
    shape = (days, len(HORIZONS))
    log_variance = np.log(deviation**2 * np.array(HORIZONS)) + np.zeros(shape)
    means = np.zeros(shape)
    return ForecastDistribution.broadcast(means, log_variance, freedom).rounded()


def made_up_result(series, deviation=0.01, **changes):
    """Forecasts of no change, with one percent of risk a day."""
    rows, test = len(series), len(series) // 2
    days = rows - test + 1
    flat = np.zeros((days, len(HORIZONS)))
    rivals = Rivals(
        volatility={name: known_distribution(days, 0.02) for name in VOLATILITY_MODELS},
        price={"drift": single_precision(flat + 0.001), "linear": flat},
    )
    values = {
        "config": Config(seed=7, folds=2),
        "series": series,
        "split": Split(rows=rows, validation=int(0.8 * test), test=test),
        "epochs": 5,
        "seconds": 1.5,
        "distribution": known_distribution(days, deviation),
        "factors": {80: flat + 1.25, 95: flat + 2.0},
        "rivals": rivals,
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
