"""The arrays that the networks of one fold are trained on and forecast from."""

from dataclasses import dataclass

import numpy as np

from core.stock.config import Config
from core.stock.data.features import Scaling, returns_ahead
from core.stock.data.frequency import horizons_of
from core.stock.data.series import PriceSeries
from core.stock.data.split import Fold, training_windows
from core.stock.models.choice import Choice
from core.stock.models.model import Rows
from core.stock.models.start import Start, choose_start, start_of


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """A whole series as inputs and targets of the networks of one fold.

    Attributes
    ----------
    fold, horizons
        Which rows train, validate and test, and the horizons in rows.
    training, before
        The rows before the validation part, and all rows before the test part.
    choice
        Which classical forecast of each horizon is the start: one of `STARTS`, as
        `forecast.py` does not compute the others.
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
    def accept(self) -> int:
        """The first row of the second half of the validation part."""
        return (self.fold.validation + self.fold.test) // 2


def prepare(series: PriceSeries, fold: Fold, config: Config) -> Prepared:
    """Prepare a series for the networks of a fold."""
    horizons = horizons_of(config.horizon, series.frequency)
    scaling = Scaling.fit(series.prices, until=fold.validation)
    training = Rows(
        series=series, until=fold.validation, horizons=horizons, scaling=scaling
    )
    ahead = returns_ahead(training.returns, horizons)
    days = np.arange(len(series))[:, None]
    ends = days + np.array(horizons)
    gaps = [np.searchsorted(series.breaks, row, side="right") for row in (days, ends)]
    may_train = (ends < fold.validation) & (gaps[0] == gaps[1])
    before = training.before(fold.test)
    choice = choose_start(before)
    start = start_of(training, choice)
    forecast = start.distribution
    mean = (forecast.mean - scaling.mean * np.array(horizons)) / scaling.scale
    log_variance = forecast.log_variance - 2 * np.log(scaling.scale)
    return Prepared(
        fold=fold,
        horizons=horizons,
        training=training,
        before=before,
        choice=choice,
        start=start,
        mean=mean.astype(np.float32),
        log_variance=log_variance.astype(np.float32),
        targets=np.nan_to_num(ahead).astype(np.float32),
        weights=may_train.astype(np.float32),
        starts=training_windows(config, series, fold),
    )
