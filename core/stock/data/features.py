"""The inputs of the network, and the variance model of the base forecast.

This module needs NumPy only: it is part of the download of a trained model, where it
prepares the prices for `forecast.py`.
"""

from dataclasses import dataclass

import numpy as np

# Decay a day of the three moving variances, about a week, a month and a quarter:
# traders act at different time scales (Corsi 2009).
MEMORIES = (0.8, 0.94, 0.985)
LEAN = 0.25  # the square of a fall counts by so much more, that of a rise less
OFFSET = 0.8  # about the mean of the absolute surprise
FLOOR = 1e-4  # least variance: a halted price must not divide by zero
# Bound of a surprise, in standard deviations. While a price stands still, the variance
# forecast decays towards `FLOOR`, and the next return would be a surprise of thousands.
# The bundled series reach 15.
LARGEST_SURPRISE = 30.0
RISK_INPUTS = 2 + len(MEMORIES)  # inputs that the risk is forecast from


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """Mean and standard deviation of the log returns of the training part."""

    mean: float
    scale: float

    @classmethod
    def fit(cls, prices: np.ndarray, until: int) -> "Scaling":
        """Compute them from prices (days,) without those from day `until` on."""
        returns = np.diff(np.log(prices))[: until - 1]
        return cls(mean=float(returns.mean()), scale=float(returns.std()))

    def standardise(self, prices: np.ndarray) -> np.ndarray:
        """Turn prices (days,) into standardised log returns (days,), the first 0."""
        log_returns = np.diff(np.log(prices), prepend=np.log(prices[0]))
        returns = (log_returns - self.mean) / self.scale
        returns[0] = 0.0
        return np.asarray(returns)


@dataclass(frozen=True, kw_only=True)
class VarianceModel:
    """The parameters of a GARCH model, or of a simpler model of the variance.

    v[t + 1] = omega + (alpha + gamma * fell[t]) * e[t] ** 2 + beta * v[t], where e[t]
    is the return minus `mean`, and fell[t] is 1 if it is negative. With gamma 0 it is
    the GARCH(1,1) of Bollerslev (1986), else that of Glosten, Jagannathan and Runkle
    (1993); with omega 0 and alpha + beta 1 it is the EWMA of RiskMetrics (1996); with
    omega alone it is constant.
    """

    mean: float
    omega: float
    alpha: float
    gamma: float
    beta: float
    start: float = 1.0  # the variance before the first row

    def next_variance(self, returns: np.ndarray) -> np.ndarray:
        """Variance forecast for the day after each of the returns (days,)."""
        errors = returns - self.mean
        squares = np.square(errors)
        shocks = (self.alpha + self.gamma * (errors < 0)) * squares + self.omega
        last = self.omega + (self.alpha + self.gamma / 2 + self.beta) * self.start
        variance = np.empty(len(returns))
        for day, shock in enumerate(shocks.tolist()):
            last = shock + self.beta * last
            variance[day] = last
        return np.maximum(variance, FLOOR)

    def sum_of_variances(
        self, variance: np.ndarray, horizons: tuple[int, ...]
    ) -> np.ndarray:
        """Variance of the sum of the next 1, 5, ... returns (days, horizons).

        Each day's expected variance follows from that of the day before it.

        `variance` is what `next_variance` returned (days,).
        """
        persistence = self.alpha + self.gamma / 2 + self.beta
        ahead, total, sums = variance, np.zeros_like(variance), []
        for day in range(1, max(horizons) + 1):
            total = total + ahead
            if day in horizons:
                sums.append(total)
            ahead = self.omega + persistence * ahead
        return np.stack(sums, axis=1)


@dataclass(frozen=True, kw_only=True, eq=False)
class LinearModel:
    """A linear forecast of the log return over a horizon."""

    constant: float  # added to it
    # Of the logarithms of the last prices, each minus the last one (lags,)
    weights: np.ndarray

    def forecast(self, prices: np.ndarray) -> np.ndarray:
        """Forecast from each of the prices (rows,) the log return ahead (rows,)."""
        differences = log_differences(prices, len(self.weights))
        return np.asarray(self.constant + differences @ self.weights)


def log_differences(prices: np.ndarray, lags: int) -> np.ndarray:
    """Logarithms of the 1, 2, ... rows earlier prices minus the present (rows, lags).

    Zero where there is no earlier price.
    """
    logs = np.log(prices)
    differences = np.zeros((len(prices), lags))
    for lag in range(1, min(lags, len(prices) - 1) + 1):
        differences[lag:, lag - 1] = logs[:-lag] - logs[lag:]
    return differences


def inputs(returns: np.ndarray, model: VarianceModel, dates: np.ndarray) -> np.ndarray:
    """Return the inputs of the network at the close of each day (days, inputs).

    The return divided by the standard deviation forecast for it the day before, at
    most `LARGEST_SURPRISE`, its absolute value, and the logarithms of three moving
    variances divided by the variance forecast for the next day: the first
    `RISK_INPUTS`; and the calendar.

    Parameters
    ----------
    returns
        Standardised log returns (days,).
    model
        The classical forecast that the network corrects.
    dates
        What `calendar` returned for the same days (days, columns).
    """
    variance = model.next_variance(returns)
    expected = np.concatenate([[1.0], variance[:-1]])  # forecast the day before
    surprise = (returns - model.mean) / np.sqrt(expected)
    surprise = np.clip(surprise, -LARGEST_SURPRISE, LARGEST_SURPRISE)
    moving = [moving_variance(returns, memory, LEAN) for memory in MEMORIES]
    ratios = [np.log(each / variance) for each in moving]
    of_risk = np.stack([surprise, np.abs(surprise) - OFFSET, *ratios], axis=1)
    return np.concatenate([of_risk, dates], axis=1)


def calendar(dates: np.ndarray, yearly: bool, weekly: bool) -> np.ndarray:
    """Return the day of the week and the season of the year of dates (rows, columns).

    `yearly` and `weekly`: whether a year, and a week, has several rows.
    """
    days = dates.astype("datetime64[D]").astype(np.int64)
    columns = []
    if weekly:  # the first of January 1970 was a Thursday; Monday is 0
        columns += [((days + 3) % 7 == day).astype(float) for day in range(7)]
    if yearly:
        year = 2 * np.pi * days / 365.2425
        columns += [wave(k * year) for k in (1, 2) for wave in (np.sin, np.cos)]
    return np.stack(columns, axis=1) if columns else np.zeros((len(days), 0))


def moving_variance(
    returns: np.ndarray, memory: float, lean: float = 0.0
) -> np.ndarray:
    """Exponentially weighted variance (RiskMetrics 1996), starting from one.

    v[t] = memory * v[t - 1] + (1 - memory) * returns[t] ** 2, where the square of a
    fall counts 1 + lean times and that of a rise 1 - lean times (Black 1976).
    """
    squares = np.square(returns) * (1 - lean * np.sign(returns))
    variance = np.empty(len(returns))
    last = 1.0
    for day, square in enumerate(squares.tolist()):
        last = memory * last + (1.0 - memory) * square
        variance[day] = last
    return np.maximum(variance, FLOOR)


def returns_ahead(returns: np.ndarray, horizons: tuple[int, ...]) -> np.ndarray:
    """Sum of the next 1, 5, ... returns after each day (days, horizons).

    NaN where the series ends before.
    """
    total = np.concatenate([[0.0], np.cumsum(returns)])  # sum of the first k returns
    ahead = np.full((len(returns), len(horizons)), np.nan)
    for column, days in enumerate(horizons):
        ahead[:-days, column] = total[1 + days :] - total[1:-days]
    return ahead
