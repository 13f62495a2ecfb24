"""The base forecast: the classical one that the networks correct."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from core.stock.data.features import LinearModel, VarianceModel, inputs
from core.stock.data.split import validation_row
from core.stock.distribution import ForecastDistribution
from core.stock.models.choice import Choice, choose
from core.stock.models.linear import Autoregression, Drift, Linear, Naive
from core.stock.models.model import Model, Rows
from core.stock.models.variance import Constant, Ewma, Garch, Gjr

# That the networks may correct; other rivals are in `SIMPLE` of the package.
VOLATILITY: tuple[Model, ...] = (Constant(), Ewma(), Garch(), Gjr())
MEANS: tuple[Model, ...] = (Naive(), Drift(), Autoregression(), Linear())
BY_NAME = {model.name: model for model in (*VOLATILITY, *MEANS)}


@dataclass(frozen=True, kw_only=True, eq=False)
class BaseForecast:
    """The classical forecast that the networks correct, and their inputs."""

    # `features.inputs` at each day's close (rows, inputs), single precision
    inputs: np.ndarray
    # Of the log returns ahead of each day's close (rows, horizons)
    distribution: ForecastDistribution
    # The models of the variance, one a horizon, and the linear models of the horizons
    # in rows whose mean they forecast
    variance: tuple[VarianceModel, ...]
    linear: dict[int, LinearModel]

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters as numbers and lists, for `forecast.py`."""
        return {
            "variance": [asdict(each) for each in self.variance],
            "linear": {
                str(rows): {**asdict(each), "weights": each.weights.tolist()}
                for rows, each in self.linear.items()
            },
        }


def choose_base(rows: Rows) -> Choice:
    """Choose the models of each horizon on the second half of the rows before `until`.

    That half has two parts, each forecast by models fitted to the rows before it.
    """
    validation = validation_row(rows.until)
    early, training = rows.before(rows.until // 2), rows.before(validation)
    return choose(((early, validation), (training, rows.until)), VOLATILITY, MEANS)


def fit_base(rows: Rows, choice: Choice) -> BaseForecast:
    """Fit the chosen models, and combine their forecasts.

    The mean is that of the volatility model, or a linear forecast if one was chosen.
    """
    fits = [rows.fit(BY_NAME[name]) for name in choice.volatility]
    columns = [fit.distribution.column(column) for column, fit in enumerate(fits)]
    mean = np.stack([each.mean for each in columns], axis=1)
    linear = {}
    for column, name in enumerate(choice.price):
        fitted = rows.fit(BY_NAME[name])
        if isinstance(fitted.parameters, tuple):
            mean[:, column] = fitted.distribution.mean[:, column]
            linear[rows.horizons[column]] = fitted.parameters[column]
    variance = [
        fit.parameters for fit in fits if isinstance(fit.parameters, VarianceModel)
    ]
    dates = rows.series.calendar
    return BaseForecast(
        inputs=inputs(rows.returns, variance[0], dates).astype(np.float32),
        distribution=ForecastDistribution.broadcast(
            mean,
            np.stack([each.log_variance for each in columns], axis=1),
            np.stack([each.freedom for each in columns], axis=1),
        ),
        variance=tuple(variance),
        linear=linear,
    )
