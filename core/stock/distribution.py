"""The distribution that is forecast: Student-t, its likelihood, quantiles and CRPS."""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from core.task import State

STEPS = 20_000  # steps of the angle
FIELDS = ("mean", "log_variance", "freedom")


@dataclass(frozen=True, kw_only=True, eq=False)
class ForecastDistribution:
    """Student-t distributions of the log return from each day's close on."""

    # Of the sum of the next 1, 5, ... log returns (days, horizons)
    mean: np.ndarray
    log_variance: np.ndarray
    freedom: np.ndarray  # degrees of freedom (days, horizons)

    @classmethod
    def broadcast(
        cls, mean: np.ndarray, log_variance: np.ndarray, freedom: np.ndarray | float
    ) -> Self:
        """Broadcast mean and freedom to the shape of the variances (days, horizons)."""
        shape = log_variance.shape
        return cls(
            mean=np.broadcast_to(mean, shape).astype(np.float64),
            log_variance=log_variance.astype(np.float64),
            freedom=np.broadcast_to(freedom, shape).astype(np.float64),
        )

    @classmethod
    def concatenate(cls, parts: Sequence["ForecastDistribution"]) -> Self:
        """Join parts that follow one another in time."""
        return cls(
            **{f: np.concatenate([getattr(part, f) for part in parts]) for f in FIELDS}
        )

    def __len__(self) -> int:
        return len(self.mean)

    def __getitem__(self, days: slice | np.ndarray) -> Self:
        return type(self)(**{f: getattr(self, f)[days] for f in FIELDS})

    def moved(self, by: np.ndarray) -> Self:
        """Return the same with the means moved, in standard deviations."""
        return type(self)(
            mean=self.mean + by * self.deviation,
            log_variance=self.log_variance,
            freedom=self.freedom,
        )

    def without(self, rows: np.ndarray) -> Self:
        """Return the same with NaN in some rows (days,), a mask."""
        masked = {f: np.where(rows[:, None], np.nan, getattr(self, f)) for f in FIELDS}
        return type(self)(**masked)

    def column(self, index: int) -> Self:
        """Return one horizon, by its index; its arrays are (days,)."""
        return type(self)(**{f: getattr(self, f)[:, index] for f in FIELDS})

    @property
    def deviation(self) -> np.ndarray:
        """Standard deviations, in the shape of the other arrays."""
        return np.exp(0.5 * self.log_variance)

    def nll(self, actual: np.ndarray) -> np.ndarray:
        """Negative log-likelihood of actual values, in the shape of the arrays."""
        return student_t_nll(actual, self.mean, self.log_variance, self.freedom)

    def cdf(self, actual: np.ndarray) -> np.ndarray:
        """Probability below actual values (rows,) of one horizon."""
        below = np.empty(len(self))
        standard = (actual - self.mean) / self.deviation
        for freedom in np.unique(self.freedom):
            rows = self.freedom == freedom
            t = standard[rows] * math.sqrt(freedom / (freedom - 2))
            below[rows] = student_t_cdf(t, float(freedom))
        return below

    def quantile(self, probability: float) -> np.ndarray:
        """Values below which the outcome lies with a probability (rows,)."""
        values, index = np.unique(self.freedom, return_inverse=True)
        each = [student_t_quantile(probability, float(value)) for value in values]
        return np.asarray(self.mean + np.asarray(each)[index] * self.deviation)

    def encode(self, name: str) -> State:
        """Return named arrays, single precision; `decode` reads them again."""
        return {f"{name}/{f}": getattr(self, f).astype(np.float32) for f in FIELDS}

    @classmethod
    def decode(cls, name: str, arrays: State) -> Self:
        """Decode the bytes of `encode`."""
        return cls(**{f: arrays[f"{name}/{f}"].astype(np.float64) for f in FIELDS})


def single_precision(values: np.ndarray) -> np.ndarray:
    """Round to single precision, so that a result that is stored stays the same."""
    return values.astype(np.float32).astype(np.float64)


def student_t_nll(
    actual: np.ndarray,
    mean: np.ndarray,
    log_variance: np.ndarray,
    freedom: np.ndarray | float,
) -> np.ndarray:
    """Negative log-likelihood of each row under a Student-t distribution.

    The distribution is given by its variance, as in the GARCH-t of Bollerslev (1987),
    so that `freedom` changes the tails and not the variance.

    Parameters
    ----------
    actual, mean, log_variance
        One value a row (rows,).
    freedom
        Degrees of freedom, above 2: one for all rows, or one a row.
    """
    log_scale = log_variance + np.log((freedom - 2) / freedom)
    constant = (
        _log_gamma((freedom + 1) / 2)
        - _log_gamma(freedom / 2)
        - 0.5 * np.log(freedom * math.pi)
    )
    squared = np.square(actual - mean) * np.exp(-log_scale) / freedom
    tails = 0.5 * (freedom + 1) * np.log1p(squared)
    return np.asarray(0.5 * log_scale - constant + tails)


def student_t_crps(
    actual: np.ndarray, mean: np.ndarray, log_variance: np.ndarray, freedom: float
) -> np.ndarray:
    """Continuous ranked probability score of each row, in the unit of `actual`.

    The closed form of Jordan, Krüger and Lerch (2019), appendix A.2; smaller is
    better, and a forecast without spread scores its absolute error.
    """
    scale = np.exp(0.5 * log_variance) * math.sqrt((freedom - 2) / freedom)
    z = (actual - mean) / scale
    log_beta = functools.partial(_log_beta, 0.5)
    density = np.exp(
        -0.5 * (freedom + 1) * np.log1p(z * z / freedom) - log_beta(freedom / 2)
    ) / math.sqrt(freedom)
    spread = math.exp(log_beta(freedom - 0.5) - 2 * log_beta(freedom / 2))
    score = (
        z * (2 * student_t_cdf(z, freedom) - 1)
        + 2 * density * (freedom + z * z) / (freedom - 1)
        - 2 * math.sqrt(freedom) / (freedom - 1) * spread
    )
    return np.asarray(scale * score)


def student_t_cdf(t: np.ndarray, freedom: float) -> np.ndarray:
    """Probability below `t` under the standard Student-t distribution."""
    angles, below = _probabilities(freedom)
    return np.asarray(np.interp(np.arctan(t / math.sqrt(freedom)), angles, below))


def student_t_quantile(probability: np.ndarray | float, freedom: float) -> np.ndarray:
    """Quantile of the Student-t distribution with unit variance."""
    angles, below = _probabilities(freedom)
    angle = np.interp(probability, below, angles)
    return np.asarray(np.tan(angle) * math.sqrt(freedom - 2))


@functools.lru_cache(maxsize=64)
def _probabilities(freedom: float) -> tuple[np.ndarray, np.ndarray]:
    """Return angles, and the probability below each.

    With t = sqrt(freedom) * tan(angle) the density is cos(angle) ** (freedom - 1),
    which is smooth and bounded, so a plain sum over angles is accurate to about 1e-6.
    """
    angles = np.linspace(-np.pi / 2, np.pi / 2, STEPS + 1)
    density = np.cos(angles[:-1] + (angles[1] - angles[0]) / 2) ** (freedom - 1)
    below = np.concatenate([[0.0], np.cumsum(density)])
    return angles, below / below[-1]


def _log_gamma(x: np.ndarray | float) -> np.ndarray:
    if np.ndim(x) == 0:
        return np.asarray(math.lgamma(float(x)))
    values, index = np.unique(x, return_inverse=True)  # few distinct values
    return np.array([math.lgamma(value) for value in values])[index]


def _log_beta(first: float, second: float) -> float:
    return math.lgamma(first) + math.lgamma(second) - math.lgamma(first + second)
