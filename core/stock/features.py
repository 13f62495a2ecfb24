"""What the honest recipe reads: standardised returns and moving risks."""

from dataclasses import dataclass

import numpy as np

from core.stock.outlook import Outlook

MEAN_SHARE = 0.03  # of the risk: how far the network may move the mean; chance
# patterns must not steer the price
# Memory of the three moving variances, about a week, a month and a quarter, and
# their weights: different people trade at each pace (Corsi 2009).
MEMORIES = (0.8, 0.94, 0.985)
WEIGHTS = (1 / 6, 3 / 6, 2 / 6)
STEADY = 0.05  # share of the usual variance, to which every storm returns
LEAN = 0.25  # a fall's square counts by so much more, a rise's less (Black 1976)
OFFSET = 0.8  # about the mean of the absolute surprise
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
        Log of the weighted moving variances at the close of each day (days,): the
        forecast of the next day's risk that the network corrects.
    mean, scale
        The unit: mean and standard deviation of the log returns before `until`.
    drift
        What is believed of the mean: the less it stands out from chance, the less.
    """

    returns: np.ndarray
    inputs: np.ndarray
    log_variance: np.ndarray
    mean: float
    scale: float
    drift: float

    @property
    def doubt(self) -> float:
        """What is added to a day's mean so that it is the drift, in standard units."""
        return (self.drift - self.mean) / self.scale

    def outlook(
        self,
        mean: np.ndarray,
        log_variance: np.ndarray,
        freedom: np.ndarray | float,
        horizons: tuple[int, ...],
    ) -> Outlook:
        """Turn forecasts in standard units into those of log returns.

        Parameters
        ----------
        mean, log_variance, freedom
            Of the sum of the next 1, 5, ... standardised returns (days, horizons),
            or what can be stretched to that.
        """
        steady = self.mean * np.array(horizons)
        return Outlook.of(
            steady + self.scale * mean, log_variance + 2 * np.log(self.scale), freedom
        )


def features(prices: np.ndarray, until: int) -> Features:
    """Turn prices (days,) into features, with no statistic from day `until` on."""
    raw = np.diff(np.log(prices), prepend=np.log(prices[0]))
    mean, scale = float(raw[1:until].mean()), float(raw[1:until].std())
    returns = (raw - mean) / scale
    returns[0] = 0.0
    moving = [moving_variance(returns, keep, LEAN) for keep in MEMORIES]
    fast, _, slow = moving
    base = STEADY + (1 - STEADY) * np.asarray(np.dot(WEIGHTS, moving))
    expected = np.concatenate([[1.0], base[:-1]])  # as seen the day before
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
        mean=mean,
        scale=scale,
        drift=believed(mean, scale, until - 1),
    )


def believed(mean: float, scale: float, days: int) -> float:
    """Shrink the mean of `days` returns towards zero (James and Stein 1961).

    The mean's own error is scale / sqrt(days). With z the mean in units of it, the
    share z ** 2 / (1 + z ** 2) is kept: half of a mean that is as large as its error.
    """
    square = days * (mean / scale) ** 2
    return mean * square / (1 + square)


def moving_variance(returns: np.ndarray, keep: float, lean: float = 0.0) -> np.ndarray:
    """Exponentially weighted variance (RiskMetrics 1996), starting from one.

    v[t] = keep * v[t - 1] + (1 - keep) * returns[t] ** 2, where the square of a fall
    counts 1 + lean times and that of a rise 1 - lean times.
    """
    squares = np.square(returns) * (1 - lean * np.sign(returns))
    variance = np.empty(len(returns))
    last = 1.0
    for day, square in enumerate(squares):
        last = keep * last + (1.0 - keep) * square
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
