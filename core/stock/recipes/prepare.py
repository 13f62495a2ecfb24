"""The arrays that the networks of one fold are trained on and forecast from."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from core.stock.config import Config
from core.stock.data.features import (
    LinearModel,
    Scaling,
    VarianceModel,
    inputs,
    returns_ahead,
)
from core.stock.data.frequency import horizons_of
from core.stock.data.series import PriceSeries
from core.stock.data.split import Fold, training_windows
from core.stock.distribution import ForecastDistribution
from core.stock.models import STARTS, Choice, Rows, choose

BY_NAME = {model.name: model for model in STARTS}


@dataclass(frozen=True, kw_only=True, eq=False)
class Start:
    """The classical forecast that the networks correct, and what they read.

    Attributes
    ----------
    inputs
        `features.inputs` at each day's close (rows, INPUTS), single precision.
    distribution
        Of the log returns ahead of each day's close (rows, horizons).
    variance, linear
        The models of the variance, one a horizon, and the linear model of the
        horizons in rows whose mean it forecasts.
    """

    inputs: np.ndarray
    distribution: ForecastDistribution
    variance: tuple[VarianceModel, ...]
    linear: dict[int, LinearModel]

    @property
    def parameters(self) -> dict[str, Any]:
        """Return them as numbers and lists, for `forecast.py`."""
        return {
            "variance": [asdict(each) for each in self.variance],
            "linear": {
                str(rows): {**asdict(each), "weights": each.weights.tolist()}
                for rows, each in self.linear.items()
            },
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """A whole series as inputs and targets of the networks of one fold.

    Attributes
    ----------
    fold, horizons
        Which rows train, validate and test, and the horizons in rows.
    early, training, before
        The first half of the rows before the test part, the rows before the
        validation part, and all rows before the test part.
    choice
        Which classical forecast of each horizon is the start: the best one in the
        second half of the rows before the test part. ETS, ARIMA and the seasonal naive
        forecast are rivals only, as `forecast.py` does not compute them.
    start
        Fitted to the training rows only.
    mean, log_variance
        Of `start`, in standardised returns (rows, horizons), single precision.
    targets, weights
        The standardised returns ahead, with zeros where not known, and 1 where a target
        may train: it ends before the validation part without a long gap in it, else 0
        (rows, horizons), single precision.
    starts
        First rows of the windows for training.
    """

    fold: Fold
    horizons: tuple[int, ...]
    early: Rows
    training: Rows
    before: Rows
    choice: Choice
    start: Start
    mean: np.ndarray
    log_variance: np.ndarray
    targets: np.ndarray
    weights: np.ndarray
    starts: np.ndarray

    @property
    def steps_of_choice(self) -> tuple[tuple[Rows, int], ...]:
        """The parts that models are chosen by, for `choose`."""
        return (
            (self.early, self.fold.validation),
            (self.training, self.fold.test),
        )


def prepare(series: PriceSeries, fold: Fold, config: Config) -> Prepared:
    """Prepare a series for the networks of a fold."""
    horizons = horizons_of(config.horizon, series.frequency)
    scaling = Scaling.fit(series.prices, until=fold.validation)
    training = Rows(
        series=series, until=fold.validation, horizons=horizons, scaling=scaling
    )
    early = training.before(fold.test // 2)
    ahead = returns_ahead(training.returns, horizons)
    days = np.arange(len(series))[:, None]
    ends = days + np.array(horizons)
    gaps = [np.searchsorted(series.breaks, row, side="right") for row in (days, ends)]
    may_train = (ends < fold.validation) & (gaps[0] == gaps[1])
    choice = choose(((early, fold.validation), (training, fold.test)), STARTS)
    start = start_of(training, choice)
    forecast = start.distribution
    mean = (forecast.mean - scaling.mean * np.array(horizons)) / scaling.scale
    log_variance = forecast.log_variance - 2 * np.log(scaling.scale)
    return Prepared(
        fold=fold,
        horizons=horizons,
        early=early,
        training=training,
        before=training.before(fold.test),
        choice=choice,
        start=start,
        mean=mean.astype(np.float32),
        log_variance=log_variance.astype(np.float32),
        targets=np.nan_to_num(ahead).astype(np.float32),
        weights=may_train.astype(np.float32),
        starts=training_windows(config, series, fold),
    )


def start_of(rows: Rows, choice: Choice) -> Start:
    """Fit the chosen models, and join their forecasts of each horizon.

    The mean is that of the model of the risk, or the linear forecast if that was chosen
    for the price.
    """
    fits = [rows.fit(BY_NAME[name]) for name in choice.volatility]
    columns = [fit.distribution.column(column) for column, fit in enumerate(fits)]
    mean = np.stack([each.mean for each in columns], axis=1)
    linear = {}
    for column, name in enumerate(choice.price):
        if name == "linear":
            fitted = rows.fit(BY_NAME[name])
            mean[:, column] = fitted.distribution.mean[:, column]
            assert isinstance(fitted.parameters, tuple)
            linear[rows.horizons[column]] = fitted.parameters[column]
    variance = [
        fit.parameters for fit in fits if isinstance(fit.parameters, VarianceModel)
    ]
    return Start(
        inputs=inputs(rows.returns, variance[0]).astype(np.float32),
        distribution=ForecastDistribution.broadcast(
            mean,
            np.stack([each.log_variance for each in columns], axis=1),
            np.stack([each.freedom for each in columns], axis=1),
        ),
        variance=tuple(variance),
        linear=linear,
    )
