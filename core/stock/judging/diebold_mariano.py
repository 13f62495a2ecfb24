"""Whether one forecast is significantly better than another, and than several."""

from dataclasses import dataclass

import numpy as np

from core.stock.long_run import estimate_mean

SIGNIFICANT = 0.05


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The outcome of the test."""

    # Mean loss of the first forecast minus that of the second: below 0, the first is
    # better
    difference: float
    # The difference in standard errors, and its two-sided p-value
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

    The losses of neighbouring rows depend on each other: at one row ahead because
    volatility comes in clusters, beyond also because windows overlap. See
    `core.stock.long_run`.

    The losses are of each row (rows,), such as squared errors, in the order of time, of
    forecasts `horizon` days ahead.
    """
    return _test_of_mean(np.asarray(first, np.float64) - second, horizon)


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
    """Test whether the mean of differences (rows,) is zero."""
    found = estimate_mean(losses, horizon)
    return Comparison(difference=found.mean, statistic=found.statistic, p=found.p)
