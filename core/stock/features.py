"""What the honest recipe reads: standardised returns and moving risks."""

from dataclasses import dataclass

import numpy as np

# Memory of the three moving variances: about a week, a month and a quarter.
FAST, BASE, SLOW = 0.8, 0.94, 0.985
FLOOR = 1e-4  # of the usual variance; a halted price must not divide by zero


@dataclass(frozen=True, kw_only=True)
class Features:
    """One row a day: what is known at its close, and what comes next.

    Attributes
    ----------
    returns
        Log returns in standard units (days,); the first day has none, so it is 0.
    inputs
        What the network reads at the close of each day (days, 4).
    log_variance
        Log of the moving variance at the close of each day (days,): the forecast
        of the next day's risk that the network corrects.
    mean, scale
        The unit: mean and standard deviation of the log returns before `until`.
    """

    returns: np.ndarray
    inputs: np.ndarray
    log_variance: np.ndarray
    mean: float
    scale: float


def features(prices: np.ndarray, until: int) -> Features:
    """Turn prices (days,) into features, with no statistic from day `until` on."""
    raw = np.diff(np.log(prices), prepend=np.log(prices[0]))
    mean, scale = float(raw[1:until].mean()), float(raw[1:until].std())
    returns = (raw - mean) / scale
    returns[0] = 0.0
    fast, base, slow = (moving_variance(returns, keep) for keep in (FAST, BASE, SLOW))
    expected = np.concatenate([[1.0], base[:-1]])  # as seen the day before
    surprise = returns / np.sqrt(expected)
    inputs = [
        surprise,
        np.abs(surprise) - 0.8,
        np.log(fast / base),
        np.log(slow / base),
    ]
    return Features(
        returns=returns,
        inputs=np.stack(inputs, axis=1),
        log_variance=np.log(base),
        mean=mean,
        scale=scale,
    )


def moving_variance(returns: np.ndarray, keep: float) -> np.ndarray:
    """Exponentially weighted variance (RiskMetrics 1996), starting from one.

    v[t] = keep * v[t - 1] + (1 - keep) * returns[t] ** 2
    """
    variance = np.empty(len(returns))
    last = 1.0
    for day, square in enumerate(np.square(returns)):
        last = keep * last + (1.0 - keep) * square
        variance[day] = last
    return np.maximum(variance, FLOOR)
