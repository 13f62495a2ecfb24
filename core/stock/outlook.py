"""What is forecast at each day's close: a distribution for each horizon."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from core.stock.student_t import student_t_nll
from core.task import State

FIELDS = ("mean", "log_variance", "freedom")


@dataclass(frozen=True, kw_only=True, eq=False)
class Outlook:
    """Student-t distributions of the log return from each day's close on.

    Attributes
    ----------
    mean, log_variance
        Of the sum of the next 1, 5, ... log returns (days, horizons).
    freedom
        Degrees of freedom (days, horizons).
    """

    mean: np.ndarray
    log_variance: np.ndarray
    freedom: np.ndarray

    @classmethod
    def of(
        cls, mean: np.ndarray, log_variance: np.ndarray, freedom: np.ndarray | float
    ) -> Self:
        """Take arrays that can be stretched to (days, horizons)."""
        shape = log_variance.shape
        return cls(
            mean=np.broadcast_to(mean, shape).astype(np.float64),
            log_variance=log_variance.astype(np.float64),
            freedom=np.broadcast_to(freedom, shape).astype(np.float64),
        )

    @classmethod
    def average(cls, outlooks: Sequence["Outlook"]) -> Self:
        """Mean of the means, of the log-variances and of the freedoms."""
        return cls(
            **{
                name: np.mean([getattr(outlook, name) for outlook in outlooks], axis=0)
                for name in FIELDS
            }
        )

    @classmethod
    def join(cls, outlooks: Sequence["Outlook"]) -> Self:
        """Put parts that follow one another in time into one."""
        return cls(
            **{
                name: np.concatenate([getattr(outlook, name) for outlook in outlooks])
                for name in FIELDS
            }
        )

    def __len__(self) -> int:
        return len(self.mean)

    def __getitem__(self, days: slice) -> Self:
        return type(self)(**{name: getattr(self, name)[days] for name in FIELDS})

    def column(self, horizon: int) -> Self:
        """Return one horizon, by its place; its arrays are (days,)."""
        return type(self)(**{name: getattr(self, name)[:, horizon] for name in FIELDS})

    @property
    def deviation(self) -> np.ndarray:
        """Standard deviations, in the shape of the other arrays."""
        return np.exp(0.5 * self.log_variance)

    def nll(self, actual: np.ndarray) -> np.ndarray:
        """Negative log likelihood of what came, in the shape of the other arrays."""
        return student_t_nll(actual, self.mean, self.log_variance, self.freedom)

    def rounded(self) -> Self:
        """Return what `encode` and `decode` would: numbers of single precision."""
        return type(self)(**{name: single(getattr(self, name)) for name in FIELDS})

    def encode(self, name: str) -> State:
        """Return named arrays, single precision; `decode` reads them again."""
        return {
            f"{name}/{field}": getattr(self, field).astype(np.float32)
            for field in FIELDS
        }

    @classmethod
    def decode(cls, name: str, arrays: State) -> Self:
        """Read what `encode` wrote."""
        return cls(
            **{field: arrays[f"{name}/{field}"].astype(np.float64) for field in FIELDS}
        )


def single(values: np.ndarray) -> np.ndarray:
    """Round to single precision, so that a result that travels stays the same."""
    return values.astype(np.float32).astype(np.float64)
