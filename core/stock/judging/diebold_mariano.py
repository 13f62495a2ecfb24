"""Whether one forecast is significantly better than another, and than several."""

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
    """Compare the losses of two forecasts on the same rows (Diebold and Mariano 1995).

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
    return _test_of_mean(losses, horizon)


def clark_west(
    actual: np.ndarray, smaller: np.ndarray, larger: np.ndarray, horizon: int = 1
) -> Comparison:
    """Test whether a model knows more than one that it contains (Clark and West 2007).

    The larger model has to estimate what the smaller one sets to zero, which costs it
    accuracy even where there is something to know. So the squared distance of the two
    forecasts is taken off its error:

    f = (actual - smaller)^2 - ((actual - larger)^2 - (smaller - larger)^2)

    The test is one-sided: with a small p the larger model knows more.

    Parameters
    ----------
    actual, smaller, larger
        Actual values and both forecasts (rows,). All are divided by the forecast of the
        smaller model, so that high prices do not count more.
    horizon
        Rows ahead of the forecasts.
    """
    errors = np.square(actual / smaller - 1)
    adjusted = np.square((actual - larger) / smaller) - np.square(larger / smaller - 1)
    found = _test_of_mean(adjusted - errors, horizon)
    p = found.p / 2 if found.difference < 0 else 1 - found.p / 2
    return Comparison(difference=found.difference, statistic=found.statistic, p=p)


def _test_of_mean(losses: np.ndarray, horizon: int) -> Comparison:
    """Test whether the mean of differences (rows,) is zero; see `diebold_mariano`."""
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
