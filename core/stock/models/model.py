"""The interface of all models: fit to the rows before one, forecast from any row."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, TypeVar, cast

import numpy as np

from core.stock.data.features import (
    LinearModel,
    Scaling,
    VarianceModel,
    returns_ahead,
)
from core.stock.data.series import PriceSeries
from core.stock.distribution import ForecastDistribution, student_t_nll

Answer = TypeVar("Answer")

FREEDOMS = np.array([2.5, 3, 3.5, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100])
MIN_TAIL = 20  # rows that degrees of freedom are fitted to
MIN_DEVIATION = 1e-9  # least deviation of a log return, where a price stands still


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """The rows that a model is fitted to, and those that it forecasts from."""

    # All prices. A model is fitted to the rows before `until` and reads later ones only
    # to forecast from them.
    series: PriceSeries
    until: int  # the first row that is not fitted to
    horizons: tuple[int, ...]  # rows ahead that are forecast
    scaling: Scaling  # the unit of the returns, of the first rows of them
    _answers: dict[Callable[["Rows"], object], object] = field(
        default_factory=dict, repr=False
    )

    def before(self, until: int) -> "Rows":
        """Return the same series with another first row that is not fitted to."""
        return replace(self, until=until, _answers={})

    def fit(self, model: "Model") -> "Fitted":
        """Fit a model, or return it if it was fitted to these rows before."""
        return self.once(model.fit)

    def once(self, function: Callable[["Rows"], Answer]) -> Answer:
        """Call a function of these rows, or return its earlier answer."""
        if function not in self._answers:
            self._answers[function] = function(self)
        return cast(Answer, self._answers[function])

    @cached_property
    def returns(self) -> np.ndarray:
        """Standardised log returns (rows,), the first 0."""
        return self.scaling.standardise(self.series.prices)

    @cached_property
    def logs(self) -> np.ndarray:
        """Logarithms of the prices (rows,)."""
        logs: np.ndarray = np.log(self.series.prices)
        return logs

    @cached_property
    def ahead(self) -> np.ndarray:
        """Log returns ahead of each row (rows, horizons), NaN where not known."""
        returns = np.diff(self.logs, prepend=self.logs[0])
        return returns_ahead(returns, self.horizons)

    def known(self, column: int) -> slice:
        """Rows from whose closes a horizon ends before `until`."""
        return slice(1, max(1, self.until - self.horizons[column]))


@dataclass(frozen=True, kw_only=True, eq=False)
class Fitted:
    """A fitted model."""

    # Its forecasts from the close of every row (rows, horizons)
    distribution: ForecastDistribution
    # The first row from whose close it forecasts rows that it was not fitted to
    first: int
    # Those that a download needs: of the variance, or linear, one a horizon
    parameters: VarianceModel | tuple[LinearModel, ...] | None = None

    def predict(self, origins: slice) -> ForecastDistribution:
        """Forecast the log returns ahead from the closes of rows (rows, horizons).

        NaN from rows that it was fitted to.
        """
        found = self.distribution[origins]
        seen = np.arange(len(self.distribution))[origins] < self.first
        return found.without(seen) if seen.any() else found


class Model(ABC):
    """A way to forecast log returns."""

    name: ClassVar[str]  # its name in files and the JSON
    # Its names in a table of models, and within a sentence
    title: ClassVar[str]
    phrase: ClassVar[str]
    # Whether it is a rival of the network's price, and of its risk. Models that share a
    # mean or a variance are not compared on it.
    of_price: ClassVar[bool] = False
    of_risk: ClassVar[bool] = False

    @abstractmethod
    def fit(self, rows: Rows) -> Fitted:
        """Fit the model to the rows before `rows.until`."""


def fitted_mean(
    rows: Rows,
    mean: np.ndarray,
    parameters: tuple[LinearModel, ...] | None = None,
    variance: np.ndarray | None = None,
) -> Fitted:
    """Return a model of the price with a variance that does not change.

    `mean` are log returns ahead of every row (rows, horizons), `variance` that of their
    errors (horizons,); by default of the rows before `until`.
    """
    if variance is None:
        variance = mean_square(rows, mean)
    log_variance = np.broadcast_to(np.log(variance), mean.shape)
    return fitted_distribution(rows, mean, log_variance, parameters)


def fitted_variance(
    rows: Rows,
    variance: np.ndarray,
    mean: float,
    parameters: VarianceModel | None = None,
) -> Fitted:
    """Return a model of the risk with a mean that does not change.

    `variance` is of the sums of standardised returns ahead of every row (rows,
    horizons), `mean` of a standardised return.
    """
    scaling = rows.scaling
    ahead = (scaling.mean + scaling.scale * mean) * np.array(rows.horizons)
    log_variance = np.log(variance) + 2 * np.log(scaling.scale)
    ahead = np.broadcast_to(ahead, log_variance.shape)
    return fitted_distribution(rows, ahead, log_variance, parameters)


def mean_square(rows: Rows, mean: np.ndarray) -> np.ndarray:
    """Mean squared error on the rows before `until` (horizons,).

    Where no row is known, it grows from that of the shorter horizon like a random
    walk's.
    """
    found: list[float] = []
    for column, ahead in enumerate(rows.horizons):
        errors = (rows.ahead - mean)[rows.known(column), column]
        if len(errors):
            found.append(max(float(np.mean(np.square(errors))), MIN_DEVIATION**2))
        else:
            found.append(found[-1] * ahead / rows.horizons[column - 1])
    return np.array(found)


def fitted_distribution(
    rows: Rows,
    mean: np.ndarray,
    log_variance: np.ndarray,
    parameters: VarianceModel | tuple[LinearModel, ...] | None = None,
) -> Fitted:
    """Return a model with the degrees of freedom that fit best.

    `mean` and `log_variance` are of the log returns ahead of every row (rows,
    horizons).
    """
    freedom = best_freedoms(rows, mean, log_variance)
    return Fitted(
        distribution=ForecastDistribution.broadcast(mean, log_variance, freedom),
        first=rows.until - 1,
        parameters=parameters,
    )


def best_freedoms(rows: Rows, mean: np.ndarray, log_variance: np.ndarray) -> np.ndarray:
    """Return the degrees of freedom of the greatest likelihood (horizons,)."""
    best: list[float] = []
    for column in range(len(rows.horizons)):
        known = rows.known(column)
        if known.stop < MIN_TAIL:
            best.append(best[-1] if best else float(FREEDOMS[-1]))
            continue
        errors = rows.ahead[known, column] - mean[known, column]
        standard = errors * np.exp(-0.5 * log_variance[known, column])
        zero = np.zeros(())
        losses = [  # but for half the log-variance, the same for each
            student_t_nll(standard, zero, zero, freedom).mean() for freedom in FREEDOMS
        ]
        best.append(float(FREEDOMS[np.argmin(losses)]))
    return np.array(best)
