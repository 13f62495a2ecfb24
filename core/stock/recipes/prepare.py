"""The arrays that the networks of one fold are trained on and forecast from."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from core.stock.config import Config
from core.stock.data.features import Scaling, inputs, returns_ahead
from core.stock.data.frequency import horizons_of
from core.stock.data.series import PriceSeries
from core.stock.data.split import Fold, training_windows
from core.stock.distribution import ForecastDistribution
from core.stock.rivals.classical import (
    Choice,
    Classical,
    Part,
    Rivals,
    add_smoothing,
    choose,
    fit_classical,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Start:
    """The classical forecast that the networks correct, and what they read.

    Attributes
    ----------
    inputs
        `features.inputs` at each day's close (rows, INPUTS), single precision.
    distribution
        Of the log returns ahead of each day's close (rows, horizons).
    fitted
        The classical models.
    """

    inputs: np.ndarray
    distribution: ForecastDistribution
    fitted: Classical


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """A whole series as inputs and targets of the networks of one fold.

    Attributes
    ----------
    series, fold, horizons
        The series, which rows train, validate and test, and the horizons in rows.
    scaling
        The unit of the returns, of the training rows.
    parts
        The second half of the rows before the test part, in two parts, and the
        classical models fitted to the rows before each.
    choice
        Which classical forecast of each horizon is the start: the best one in these
        parts. ETS, ARIMA and the seasonal naive forecast are rivals only, as
        `forecast.py` does not compute them.
    start
        Fitted to the training rows only.
    mean, log_variance
        Of `start`, in standardised returns (rows, horizons), single precision.
    ahead
        The standardised returns ahead (rows, horizons), NaN where the series ends.
    targets, weights
        The same with zeros for NaN, and 1 where a target may train: it ends before the
        validation part without a long gap in it, else 0 (rows, horizons), single
        precision.
    starts
        First rows of the windows for training.
    """

    series: PriceSeries
    fold: Fold
    horizons: tuple[int, ...]
    scaling: Scaling
    parts: tuple[Part, ...]
    choice: Choice
    start: Start
    mean: np.ndarray
    log_variance: np.ndarray
    ahead: np.ndarray
    targets: np.ndarray
    weights: np.ndarray
    starts: np.ndarray

    def parameters(self, start: Start) -> dict[str, Any]:
        """Return a start of this fold in numbers and lists, for `forecast.py`."""
        fitted, linear = start.fitted, {}
        for column, (name, rows) in enumerate(
            zip(self.choice.price, self.horizons, strict=True)
        ):
            if name == "linear":
                model = fitted.linear[column]
                linear[str(rows)] = {**asdict(model), "weights": model.weights.tolist()}
        return {
            "mean": self.scaling.mean,
            "scale": self.scaling.scale,
            "variance": [asdict(fitted.models[n]) for n in self.choice.volatility],
            "linear": linear,
        }

    def before_test(self) -> Start:
        """Return the start fitted to all rows before the test part of the fold."""
        fitted = fit_classical(
            self.series.prices, self.scaling, self.fold.test, self.horizons
        )
        return _start(self.series, self.scaling, self.choice, fitted)

    def rivals(self, start: Start, days: slice) -> Rivals:
        """Return what all rivals forecast, fitted to all rows before the test part.

        Parameters
        ----------
        start
            What `before_test` returned.
        """
        return Rivals.of(self._all_rivals(start.fitted, self.fold.test), days)

    def best_rivals(self) -> Choice:
        """Choose the best rival of each horizon, the start's models or another.

        By the same rule and rows as `choice`. It is done after the training, so that
        the training does not wait for it.
        """
        parts = [
            (self._all_rivals(fitted, first), first, last)
            for fitted, first, last in self.parts
        ]
        log_returns = (
            self.scaling.mean * np.array(self.horizons)
            + self.scaling.scale * self.ahead
        )
        return choose(parts, log_returns, self.horizons)

    def _all_rivals(self, fitted: Classical, until: int) -> Classical:
        return add_smoothing(
            fitted,
            self.series.prices,
            until,
            self.horizons,
            self.series.frequency.season,
        )


def prepare(series: PriceSeries, fold: Fold, config: Config) -> Prepared:
    """Prepare a series for the networks of a fold."""
    horizons = horizons_of(config.horizon, series.frequency)
    scaling = Scaling.fit(series.prices, until=fold.validation)
    ahead = returns_ahead(scaling.standardise(series.prices), horizons)
    days = np.arange(len(series))[:, None]
    ends = days + np.array(horizons)
    gaps = [np.searchsorted(series.breaks, row, side="right") for row in (days, ends)]
    may_train = (ends < fold.validation) & (gaps[0] == gaps[1])
    half = fold.test // 2
    early, fitted = (
        fit_classical(series.prices, scaling, until, horizons)
        for until in (half, fold.validation)
    )
    log_returns = scaling.mean * np.array(horizons) + scaling.scale * ahead
    parts = (
        (early, half, fold.validation),
        (fitted, fold.validation, fold.test),
    )
    choice = choose(parts, log_returns, horizons)
    start = _start(series, scaling, choice, fitted)
    forecast = start.distribution
    mean = (forecast.mean - scaling.mean * np.array(horizons)) / scaling.scale
    log_variance = forecast.log_variance - 2 * np.log(scaling.scale)
    return Prepared(
        series=series,
        fold=fold,
        horizons=horizons,
        scaling=scaling,
        parts=parts,
        choice=choice,
        start=start,
        mean=mean.astype(np.float32),
        log_variance=log_variance.astype(np.float32),
        ahead=ahead,
        targets=np.nan_to_num(ahead).astype(np.float32),
        weights=may_train.astype(np.float32),
        starts=training_windows(config, series, fold),
    )


def _start(
    series: PriceSeries, scaling: Scaling, choice: Choice, fitted: Classical
) -> Start:
    """Join the chosen forecasts of each horizon.

    The mean is that of the model of the risk, or the linear forecast if that was chosen
    for the price.
    """
    columns = [
        fitted.volatility[name].column(column)
        for column, name in enumerate(choice.volatility)
    ]
    mean = np.stack([each.mean for each in columns], axis=1)
    for column, name in enumerate(choice.price):
        if name == "linear":
            mean[:, column] = fitted.price[name][:, column]
    returns = scaling.standardise(series.prices)
    return Start(
        inputs=inputs(returns, fitted.models[choice.volatility[0]]).astype(np.float32),
        distribution=ForecastDistribution.broadcast(
            mean,
            np.stack([each.log_variance for each in columns], axis=1),
            np.stack([each.freedom for each in columns], axis=1),
        ),
        fitted=fitted,
    )
