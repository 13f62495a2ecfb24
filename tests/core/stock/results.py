"""Results made up by hand, whose figures can be worked out."""

import numpy as np

from core.stock import Config, Result
from core.stock.outlook import Outlook, single
from core.stock.result import SeedFigures
from core.stock.rivals import RISKS, Rivals
from core.stock.split import Split

HORIZONS = (1, 5, 10, 20)


def known_outlook(days, deviation=0.01, freedom=5.0):
    """One percent a day, and no drift."""
    shape = (days, len(HORIZONS))
    log_variance = np.log(deviation**2 * np.array(HORIZONS)) + np.zeros(shape)
    return Outlook.of(np.zeros(shape), log_variance, freedom).rounded()


def made_up_result(series, deviation=0.01, **changes):
    """Forecasts of no change, with one percent of risk a day."""
    rows, test = len(series), len(series) // 2
    days = rows - test + 1
    flat = np.zeros((days, len(HORIZONS)))
    rivals = Rivals(
        risks={name: known_outlook(days, 0.02) for name in RISKS},
        drift=single(flat + 0.001),
        linear=flat,
    )
    values = {
        "config": Config(seed=7, folds=2),
        "series": series,
        "split": Split(rows=rows, validation=int(0.8 * test), test=test),
        "epochs": 5,
        "seconds": 1.5,
        "outlook": known_outlook(days, deviation),
        "factors": {80: flat + 1.25, 95: flat + 2.0},
        "rivals": rivals,
        "seeds": (SeedFigures(rel_rmse=1.0, nll=1.25),),
        "model": b"weights",
    }
    return Result(**{**values, **changes})


def bare_result(series):
    """The result of a recipe without intervals."""
    rows, test = len(series), len(series) // 2
    return Result(
        config=Config.preset("seed"),
        series=series,
        split=Split(rows=rows, validation=test, test=test),
        epochs=5,
        seconds=1.5,
        levels=series.prices[test:] + 1.0,
    )
