"""Metrics of a forecast: pure functions of arrays of the same rows."""

import math
from statistics import NormalDist

import numpy as np


def rmse(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Root of the mean squared error, in the unit of the prices."""
    return float(np.sqrt(np.mean(np.square(actual - forecast))))


def mae(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Mean absolute error, in the unit of the prices."""
    return float(np.mean(np.abs(actual - forecast)))


def mape(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Mean absolute error in percent of the actual prices."""
    return float(100 * np.mean(np.abs(actual - forecast) / actual))


def coverage(actual: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
    """Share of the rows whose actual value lies in the interval, ends included."""
    return float(np.mean((low <= actual) & (actual <= high)))


def winkler(
    actual: np.ndarray, low: np.ndarray, high: np.ndarray, level: float
) -> float:
    """Mean interval score (Winkler 1972): the width, and a penalty for each miss.

    Parameters
    ----------
    level
        Nominal coverage, such as 0.8. The penalty is the distance to the interval times
        2 / (1 - level).
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


def wilson_interval(share: float, rows: int) -> tuple[float, float]:
    """95% confidence interval of a share of `rows` rows (Wilson 1927)."""
    if rows == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.975)
    centre = (share + z * z / (2 * rows)) / (1 + z * z / rows)
    spread = z * math.sqrt(share * (1 - share) / rows + (z / (2 * rows)) ** 2)
    spread /= 1 + z * z / rows
    return centre - spread, centre + spread
