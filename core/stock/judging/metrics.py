"""Metrics of a forecast: pure functions of arrays of the same rows."""

import math

import numpy as np

from core.stats import wilson
from core.stock.long_run import estimate_mean


def rmse(errors: np.ndarray) -> float:
    """Root of the mean square of errors (rows,)."""
    return float(np.sqrt(np.mean(np.square(errors))))


def mae(errors: np.ndarray) -> float:
    """Mean size of errors (rows,)."""
    return float(np.mean(np.abs(errors)))


def coverage(actual: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
    """Share of the rows whose actual value lies in the interval, ends included."""
    return float(np.mean((low <= actual) & (actual <= high)))


def winkler(
    actual: np.ndarray, low: np.ndarray, high: np.ndarray, level: float
) -> float:
    """Mean interval score (Winkler 1972): the width, and a penalty for each miss.

    `level` is the nominal coverage, such as 0.8. The penalty is the distance to the
    interval times 2 / (1 - level).
    """
    below, above = np.maximum(low - actual, 0), np.maximum(actual - high, 0)
    return float(np.mean(high - low + 2 / (1 - level) * (below + above)))


def directional_accuracy(
    actual: np.ndarray, forecast: np.ndarray, before: np.ndarray
) -> tuple[float, float, int]:
    """Share of the rows whose rise or fall was forecast correctly.

    Rows whose price did not change are left out. A forecast of no change counts as one
    of a rise.

    Returns
    -------
    tuple
        That share, the share of the more frequent direction (the accuracy of always
        forecasting it), and the rows counted.
    """
    moved = actual != before
    rows = int(moved.sum())
    if rows == 0:
        return math.nan, math.nan, 0
    up = actual[moved] > before[moved]
    right = up == (forecast[moved] >= before[moved])
    return float(right.mean()), float(max(up.mean(), 1 - up.mean())), rows


def directional_interval(
    actual: np.ndarray, forecast: np.ndarray, before: np.ndarray, horizon: int = 1
) -> tuple[float, float]:
    """95% confidence interval of the expected share of right directions.

    Windows of more than one row overlap: 20 rows ahead, neighbouring outcomes share 19
    of 20 returns and are right or wrong together. So this is Wilson's interval with the
    effective number of rows, the one whose independent outcomes would have the variance
    of the mean that is estimated here.

    `core.stock.long_run` estimates that variance.

    `benchmarks.direction` measures how often it holds the expected share, over random
    walks with and without drift, with constant and with clustered volatility, and
    forecasts that always say up, nearly always, or change sign slowly, at random, by
    momentum or by reversal; 600 walks of each of 13 kinds at 500 and 1,250 rows. The
    coverage is 92.8 to 97.3% at one row ahead, 93.8 to 97.2% at 5, 93.2 to 96.2% at 10
    and 93.2 to 97.2% at 20, where Wilson's interval with all rows has about 40%.

    The arrays are as in `directional_accuracy`, in the order of time; the forecasts are
    of `horizon` rows ahead.
    """
    share, _, rows = directional_accuracy(actual, forecast, before)
    if rows == 0:
        return 0.0, 1.0
    effective = float(rows)
    if horizon > 1:
        up = (actual > before) == (forecast >= before)
        # Rows that did not move are 0, and not counted.
        right = np.where(actual != before, up - share, 0.0)
        error = estimate_mean(right, horizon).normal_error * len(right) / rows
        effective = rows / horizon  # as if windows did not overlap
        if 0 < error < math.inf:
            effective = min(share * (1 - share) / error**2, rows)
    effective = max(effective, 1.0)
    interval = wilson(share * effective, effective)
    return interval.low, interval.high
