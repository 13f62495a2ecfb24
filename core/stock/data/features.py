"""What the network reads each day: standardised returns and moving variances.

This module needs NumPy only: it is part of the download of a trained model, where it
prepares the prices for `forecast.py`.
"""

from dataclasses import dataclass

import numpy as np

# The network's mean is multiplied by this and by the forecast standard deviation: it
# must not follow chance patterns in the price.
MEAN_SHARE = 0.03
# Decay a day of the three moving variances, about a week, a month and a quarter, and
# their weights: traders act at different time scales (Corsi 2009).
MEMORIES = (0.8, 0.94, 0.985)
WEIGHTS = (1 / 6, 3 / 6, 2 / 6)
STEADY = 0.05  # weight of the usual variance, to which volatility returns
LEAN = 0.25  # the square of a fall counts by so much more, that of a rise less
OFFSET = 0.8  # about the mean of the absolute surprise
FLOOR = 1e-4  # of a moving variance: a halted price must not divide by zero


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """Statistics of the log returns before the test part.

    Attributes
    ----------
    mean, scale
        Their mean and standard deviation.
    drift
        The mean as a forecast: shrunk, as it is hard to tell from chance.
    """

    mean: float
    scale: float
    drift: float

    @classmethod
    def fit(cls, prices: np.ndarray, until: int) -> "Scaling":
        """Compute them from prices (days,) without those from day `until` on."""
        returns = np.diff(np.log(prices))[: until - 1]
        mean, scale = float(returns.mean()), float(returns.std())
        return cls(mean=mean, scale=scale, drift=shrunk_mean(mean, scale, until - 1))


@dataclass(frozen=True, kw_only=True)
class Features:
    """What is known at the close of each day.

    Attributes
    ----------
    returns
        Standardised log returns (days,); the first day has none, so it is 0.
    inputs
        What the network reads at the close of each day (days, 4).
    log_variance
        Log of the weighted moving variances at the close of each day (days,): the
        forecast of the next day's variance that the network corrects.
    scaling
        The unit of the returns.
    """

    returns: np.ndarray
    inputs: np.ndarray
    log_variance: np.ndarray
    scaling: Scaling


def features(prices: np.ndarray, scaling: Scaling) -> Features:
    """Turn prices (days,) into features."""
    log_returns = np.diff(np.log(prices), prepend=np.log(prices[0]))
    returns = (log_returns - scaling.mean) / scaling.scale
    returns[0] = 0.0
    moving = [moving_variance(returns, memory, LEAN) for memory in MEMORIES]
    fast, _, slow = moving
    base = STEADY + (1 - STEADY) * np.asarray(np.dot(WEIGHTS, moving))
    expected = np.concatenate([[1.0], base[:-1]])  # forecast the day before
    surprise = returns / np.sqrt(expected)
    inputs = [
        surprise,
        np.abs(surprise) - OFFSET,
        np.log(fast / base),
        np.log(slow / base),
    ]
    return Features(
        returns=returns,
        inputs=np.stack(inputs, axis=1),
        log_variance=np.log(base),
        scaling=scaling,
    )


def shrunk_mean(mean: float, scale: float, days: int) -> float:
    """Shrink the mean of `days` returns towards zero (James and Stein 1961).

    With z the mean divided by its standard error, scale / sqrt(days), it is multiplied
    by z ** 2 / (1 + z ** 2): a mean as large as its error is halved.
    """
    square = days * (mean / scale) ** 2
    return mean * square / (1 + square)


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
    for day, square in enumerate(squares):
        last = memory * last + (1.0 - memory) * square
        variance[day] = last
    return np.maximum(variance, FLOOR)


def returns_ahead(returns: np.ndarray, horizons: tuple[int, ...]) -> np.ndarray:
    """Sum of the next 1, 5, ... returns after each day (days, horizons).

    NaN where the series ends before.
    """
    total = np.concatenate([[0.0], np.cumsum(returns)])  # of the first k returns
    ahead = np.full((len(returns), len(horizons)), np.nan)
    for column, days in enumerate(horizons):
        ahead[:-days, column] = total[1 + days :] - total[1:-days]
    return ahead
