"""Whether one forecast is significantly better: Diebold and Mariano (1995)."""

import math
from dataclasses import dataclass

import numpy as np

from core.stock.distribution import student_t_cdf

SIGNIFICANT = 0.05


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The outcome of the test.

    Attributes
    ----------
    difference
        Mean loss of the first forecast minus that of the second: below 0, the first
        is better.
    statistic, p
        The corrected statistic, and its two-sided p-value.
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
        Loss of each row (rows,), such as squared errors, in the order of time.
    horizon
        Days ahead of the forecasts.
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
    """Variance of the mean of a series without covariances from lag `horizon` on."""
    rows = len(centred)
    covariances = np.array(
        [centred[lag:] @ centred[: rows - lag] / rows for lag in range(horizon)]
    )
    total = covariances[0] + 2 * covariances[1:].sum()
    if total <= 0:  # possible by chance; decreasing weights keep it positive
        weights = 1 - np.arange(1, horizon) / horizon  # Newey & West (1987)
        total = covariances[0] + 2 * weights @ covariances[1:]
    return float(total / rows)
