"""Corrections of the risk of the base forecast by networks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.stock.distribution import ForecastDistribution


@dataclass(frozen=True, kw_only=True, eq=False)
class RiskCorrection:
    """Corrections of the risk of some rows.

    Attributes
    ----------
    log_variance
        Added to the log-variance (rows, horizons).
    tail
        Added to the inverse softplus of the degrees of freedom minus 2 (rows,
        horizons).
    """

    log_variance: np.ndarray
    tail: np.ndarray

    @classmethod
    def average(cls, corrections: Sequence["RiskCorrection"]) -> "RiskCorrection":
        """Average those of several networks."""
        return cls(
            log_variance=np.mean([each.log_variance for each in corrections], axis=0),
            tail=np.mean([each.tail for each in corrections], axis=0),
        )

    def __getitem__(self, rows: slice) -> "RiskCorrection":
        return RiskCorrection(
            log_variance=self.log_variance[rows], tail=self.tail[rows]
        )

    def apply(
        self, forecast: ForecastDistribution, factors: np.ndarray | float = 1.0
    ) -> ForecastDistribution:
        """Correct forecasts of the same rows, scaled by factors (horizons,)."""
        tail = inverse_softplus(forecast.freedom - 2) + factors * self.tail
        freedom = np.where(
            np.broadcast_to(factors, tail.shape) == 0,
            forecast.freedom,
            2 + np.logaddexp(0, tail),
        )
        return ForecastDistribution.broadcast(
            forecast.mean, forecast.log_variance + factors * self.log_variance, freedom
        )


def inverse_softplus(values: np.ndarray) -> np.ndarray:
    """Return x with log(1 + exp(x)) = values, which are positive."""
    return np.asarray(values + np.log(-np.expm1(-values)))
