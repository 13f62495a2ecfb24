"""The arrays that the networks of one fold are trained on."""

from dataclasses import dataclass

import numpy as np

from core.stock.config import Config
from core.stock.data.features import Features, Scaling, features, returns_ahead
from core.stock.data.frequency import horizons_of
from core.stock.data.series import PriceSeries
from core.stock.data.split import Fold, training_windows


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """A whole series as inputs and targets of the networks of one fold.

    Row k holds what is known at the close of day k.

    Attributes
    ----------
    fold
        Which rows train, validate and test.
    features
        Scaled by the rows before the fold's test part.
    inputs
        `Features.inputs` (rows, inputs), single precision.
    log_variance
        Of the returns ahead by the moving variance (rows, horizons), single precision.
    ahead
        The standardised returns ahead (rows, horizons), NaN where the series ends.
    targets, weights
        The same with zeros for NaN, and 1 where a target may train: it ends before the
        validation part without a long gap in it, else 0 (rows, horizons), single
        precision.
    starts
        First rows of the windows for training.
    """

    fold: Fold
    features: Features
    inputs: np.ndarray
    log_variance: np.ndarray
    ahead: np.ndarray
    targets: np.ndarray
    weights: np.ndarray
    starts: np.ndarray


def prepare(series: PriceSeries, fold: Fold, config: Config) -> Prepared:
    """Prepare a series for the networks of a fold."""
    horizons = horizons_of(config.horizon, series.frequency)
    known = features(series.prices, Scaling.fit(series.prices, until=fold.test))
    ahead = returns_ahead(known.returns, horizons)
    days = np.arange(len(series))[:, None]
    ends = days + np.array(horizons)
    gaps = [np.searchsorted(series.breaks, row, side="right") for row in (days, ends)]
    may_train = (ends < fold.validation) & (gaps[0] == gaps[1])
    log_variance = known.log_variance[:, None] + np.log(horizons)
    return Prepared(
        fold=fold,
        features=known,
        inputs=known.inputs.astype(np.float32),
        log_variance=log_variance.astype(np.float32),
        ahead=ahead,
        targets=np.nan_to_num(ahead).astype(np.float32),
        weights=may_train.astype(np.float32),
        starts=training_windows(config, series, fold),
    )
