"""Whether one forecast is better than another by more than chance."""

import math
from dataclasses import dataclass

import numpy as np

from core.stock.student_t import student_t_cdf

SIGNIFICANT = 0.05


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The test of Diebold and Mariano (1995).

    Attributes
    ----------
    difference
        Mean loss of the first forecast minus that of the second: below 0, the first
        is better.
    statistic, p
        The corrected statistic, and its two-sided p-value: how often chance alone
        gives two equally good forecasts a difference as large as this.
    """

    difference: float
    statistic: float
    p: float

    @property
    def better(self) -> bool:
        """Whether the first forecast is better, beyond chance."""
        return self.p < SIGNIFICANT and self.difference < 0

    @property
    def worse(self) -> bool:
        """Whether the first forecast is worse, beyond chance."""
        return self.p < SIGNIFICANT and self.difference > 0


def diebold_mariano(
    first: np.ndarray, second: np.ndarray, horizon: int = 1
) -> Comparison:
    """Compare the losses of two forecasts on the same rows.

    Errors of forecasts `horizon` days ahead overlap, so the variance of their mean
    counts the covariances at lags below the horizon. With the small-sample
    correction, and the Student-t distribution, of Harvey, Leybourne and Newbold
    (1997).

    Parameters
    ----------
    first, second
        Loss of each row (rows,), in the order of time: squared errors, say.
    horizon
        Days between a forecast and what it is about.
    """
    losses = np.asarray(first, np.float64) - second
    rows, difference = len(losses), float(np.mean(losses))
    if rows < 2 * horizon + 2 or not np.any(losses):
        return Comparison(difference=difference, statistic=0.0, p=1.0)
    variance = _variance_of_mean(losses - difference, horizon)
    if variance <= 0:  # every row differs by the same
        return Comparison(
            difference=difference, statistic=math.copysign(math.inf, difference), p=0.0
        )
    correction = (rows + 1 - 2 * horizon + horizon * (horizon - 1) / rows) / rows
    statistic = difference / math.sqrt(variance) * math.sqrt(correction)
    below = float(student_t_cdf(np.array(-abs(statistic)), float(rows - 1)))
    return Comparison(difference=difference, statistic=statistic, p=min(1.0, 2 * below))


def _variance_of_mean(centred: np.ndarray, horizon: int) -> float:
    """Variance of the mean of a series whose covariances end before the horizon."""
    rows = len(centred)
    covariances = np.array(
        [centred[lag:] @ centred[: rows - lag] / rows for lag in range(horizon)]
    )
    total = covariances[0] + 2 * covariances[1:].sum()
    if total <= 0:  # as can happen by chance; falling weights keep it positive
        weights = 1 - np.arange(1, horizon) / horizon  # Newey & West (1987)
        total = covariances[0] + 2 * weights @ covariances[1:]
    return float(total / rows)
