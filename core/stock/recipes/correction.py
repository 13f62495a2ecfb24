"""What networks add to a classical forecast, and how much of it is accepted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.stock.distribution import ForecastDistribution
from core.stock.models.choice import standard_error

ERRORS = 2.0  # standard errors by which a correction must improve the validation
SHRINKAGE = 3.0  # of a correction that improves it by little more


@dataclass(frozen=True, kw_only=True, eq=False)
class Correction:
    """Corrections of the forecasts of some rows.

    Attributes
    ----------
    mean
        Added to the mean, in standard deviations of the forecast (rows, horizons).
    log_variance
        Added to the log-variance (rows, horizons).
    tail
        Added to the inverse softplus of the degrees of freedom minus 2 (rows,
        horizons).
    """

    mean: np.ndarray
    log_variance: np.ndarray
    tail: np.ndarray

    @classmethod
    def average(cls, corrections: Sequence["Correction"]) -> "Correction":
        """Average those of several networks."""
        return cls(
            mean=np.mean([each.mean for each in corrections], axis=0),
            log_variance=np.mean([each.log_variance for each in corrections], axis=0),
            tail=np.mean([each.tail for each in corrections], axis=0),
        )

    def __getitem__(self, rows: slice) -> "Correction":
        return Correction(
            mean=self.mean[rows],
            log_variance=self.log_variance[rows],
            tail=self.tail[rows],
        )

    def apply(
        self, forecast: ForecastDistribution, shares: np.ndarray | float = 1.0
    ) -> ForecastDistribution:
        """Correct forecasts of the same rows by shares of this (horizons,)."""
        tail = inverse_softplus(forecast.freedom - 2) + shares * self.tail
        freedom = np.where(
            np.broadcast_to(shares, tail.shape) == 0,
            forecast.freedom,
            2 + np.logaddexp(0, tail),
        )
        return ForecastDistribution.broadcast(
            forecast.mean + shares * self.mean * forecast.deviation,
            forecast.log_variance + shares * self.log_variance,
            freedom,
        )


def inverse_softplus(values: np.ndarray) -> np.ndarray:
    """Return x with log(1 + exp(x)) = values, which are positive."""
    return np.asarray(values + np.log(-np.expm1(-values)))


def accepted_shares(
    forecast: ForecastDistribution,
    correction: Correction,
    actual: np.ndarray,
    horizons: tuple[int, ...],
) -> np.ndarray:
    """Return the share of a correction that is accepted at each horizon (horizons,).

    Let z be the gain in the mean likelihood of the validation rows divided by its
    standard error. The share is 1 - 3 / z ** 2, as in the estimator of James and Stein
    (1961): what stands out of chance by little is mostly chance. With z below 2 it is
    none: where there is nothing to learn, the forecast stays as it is. Both constants
    were set on simulated series and on the bundled ones; `python -m benchmarks.truth`
    judges them on series that set nothing.

    Parameters
    ----------
    forecast, correction
        Of the validation rows.
    actual
        Log returns ahead of the same rows (rows, horizons).
    """
    shares = np.zeros(len(horizons))
    corrected = correction.apply(forecast)
    for column, rows_ahead in enumerate(horizons):
        # Whose returns ahead end in the validation part.
        known = slice(0, max(0, len(actual) - rows_ahead + 1))
        before, after = (
            each[known].column(column).nll(actual[known, column])
            for each in (forecast, corrected)
        )
        if len(before) > 1 and (error := standard_error(before - after, rows_ahead)):
            z = float((before - after).mean()) / error
            shares[column] = 1 - SHRINKAGE / z**2 if z > ERRORS else 0.0
    return shares
