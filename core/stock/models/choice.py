"""Model selection and shrinkage by rows that were not fitted to."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.stock.distribution import ForecastDistribution
from core.stock.models.model import Model, Rows

ERRORS = 2.0  # standard errors by which a correction must improve the forecasts
SHRINKAGE = 3.0  # constant of the shrinkage factor
CHANGING = ("ewma", "garch", "gjr")  # models of a variance that changes from row to row


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The best classical model of each horizon, chosen before the test part."""

    # The name of a model for each horizon
    volatility: tuple[str, ...]
    price: tuple[str, ...]


def choose(
    parts: Sequence[tuple[Rows, int]],
    volatility_models: Sequence[Model],
    means: Sequence[Model],
) -> Choice:
    """Choose the best models by their forecasts of rows that were not fitted to.

    The simplest model is preferred on few rows (the one-standard-error rule of Breiman
    et al. 1984). For the risk this is a constant volatility, unless the model with the
    greatest likelihood is better by more than a standard error; if the volatility
    changes one row ahead, a changing model is chosen further ahead, too. For the price
    it is the last price, unless the mean return or a more complex model has a squared
    error that is smaller by a standard error.

    Parameters
    ----------
    parts
        Consecutive parts: the rows before a part, for the fit, and the row after its
        last.
    volatility_models, means
        The models to choose from, the simplest first.
    """
    volatility: list[str] = []
    price: list[str] = []
    for column, rows_ahead in enumerate(parts[0][0].horizons):
        risks, errors = _losses(parts, column, rows_ahead, volatility_models, means)
        if not len(risks["constant"]):  # too few rows: as at the horizon before
            volatility.append(volatility[-1])
            price.append(price[-1])
            continue
        changing = bool(volatility) and volatility[0] in CHANGING
        volatility.append(_best_of_risks(risks, rows_ahead, changing=changing))
        price.append(_best_of_prices(errors, rows_ahead))
    return Choice(volatility=tuple(volatility), price=tuple(price))


def _losses(
    parts: Sequence[tuple[Rows, int]],
    column: int,
    rows_ahead: int,
    volatility_models: Sequence[Model],
    means: Sequence[Model],
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return the negative log-likelihoods and the squared errors by model.

    `column` is the index of the horizon, `rows_ahead` its length.
    """
    end = parts[-1][1]
    risks: dict[str, list[np.ndarray]] = {}
    errors: dict[str, list[np.ndarray]] = {}
    for before, last in parts:
        first = before.until
        # Forecasts from the closes before the part, of returns that end before the end
        # of the last one.
        rows = slice(first - 1, max(min(last - 1, end - rows_ahead), first - 1))
        actual = before.ahead[rows, column]
        for model in volatility_models:
            forecast = before.fit(model).predict(rows).column(column)
            risks.setdefault(model.name, []).append(forecast.nll(actual))
        for model in means:
            forecast = before.fit(model).predict(rows).column(column)
            loss = np.square(actual - forecast.mean)
            errors.setdefault(model.name, []).append(loss)
    return (
        {name: np.concatenate(values) for name, values in risks.items()},
        {name: np.concatenate(values) for name, values in errors.items()},
    )


def _best_of_risks(
    nll: dict[str, np.ndarray], rows_ahead: int, *, changing: bool
) -> str:
    """Return the likeliest model, or the constant one if the gain is not significant.

    With `changing`, a constant volatility is not among the choices.
    """
    likeliest = min(nll, key=lambda name: nll[name].mean())
    gain = nll["constant"] - nll[likeliest]
    if gain.mean() > standard_error(gain, rows_ahead):
        return likeliest
    if not changing:
        return "constant"
    others = [name for name in nll if name != "constant"]
    return min(others, key=lambda name: nll[name].mean())


def _best_of_prices(squares: dict[str, np.ndarray], rows_ahead: int) -> str:
    """Return the last model that is better by a standard error than those before it."""
    best = next(iter(squares))
    for name in squares:
        gain = squares[best] - squares[name]
        if gain.mean() > standard_error(gain, rows_ahead):
            best = name
    return best


def standard_error(values: np.ndarray, horizon: int) -> float:
    """Estimate the standard error of the mean of values that overlap (rows,).

    With the weights of Newey and West (1987) at lags below twice the horizon, and the
    small-sample correction of Harvey, Leybourne and Newbold (1997). Infinite for too
    few rows.
    """
    rows = len(values)
    if rows < 2 * horizon + 2:
        return math.inf
    centred = values - values.mean()
    total, lags = centred @ centred, 2 * horizon - 1
    for lag in range(1, lags):
        total += 2 * (1 - lag / lags) * (centred[lag:] @ centred[:-lag])
    correction = (rows + 1 - 2 * horizon + horizon * (horizon - 1) / rows) / rows
    return float(np.sqrt(max(total, 0.0) / correction) / rows)


def gains(
    before: ForecastDistribution,
    after: ForecastDistribution,
    actual: np.ndarray,
    horizons: tuple[int, ...],
) -> np.ndarray:
    """Return the gain in log-likelihood of each row by a correction (rows, horizons).

    NaN where the return ahead ends after these rows.

    Parameters
    ----------
    before, after
        Forecasts of rows that follow one another without the correction, and with it.
    actual
        Log returns ahead of the same rows (rows, horizons).
    """
    gained: np.ndarray = before.nll(actual) - after.nll(actual)
    for column, rows_ahead in enumerate(horizons):
        gained[max(0, len(gained) - rows_ahead + 1) :, column] = np.nan
    return gained


def shrinkage(gained: np.ndarray, horizons: tuple[int, ...]) -> np.ndarray:
    """Return the shrinkage factor of a correction at each horizon (horizons,).

    Let z be the mean gain of rows outside the training data, divided by its standard
    error. The factor is 1 - 3 / z ** 2, because small gains are probably noise, and 0
    for z below 2. Form and constants were tuned on simulated and on the bundled series;
    `python -m benchmarks.truth` evaluates them on other series.

    `gained` is returned by `gains`, of one or more parts (rows, horizons).
    """
    factors = np.zeros(len(horizons))
    for column, rows_ahead in enumerate(horizons):
        known = gained[:, column][~np.isnan(gained[:, column])]
        if len(known) > 1 and (error := standard_error(known, rows_ahead)):
            z = float(known.mean()) / error
            factors[column] = 1 - SHRINKAGE / z**2 if z > ERRORS else 0.0
    return factors
