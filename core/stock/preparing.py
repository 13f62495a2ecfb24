"""What one fold's networks learn from: inputs, targets, and what they may see."""

from dataclasses import dataclass

import numpy as np

from core.stock.config import Config
from core.stock.features import Features, features, returns_ahead
from core.stock.series import PriceSeries
from core.stock.split import Fold, taught_windows


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """The whole series as the networks of one fold read it.

    Row k holds what is known at the close of day k.

    Attributes
    ----------
    fold
        Which rows teach, and which are judged.
    features
        In the standard units of the rows before the fold's test part.
    inputs
        (rows, inputs), single precision.
    log_variance
        Of the returns ahead as the moving variance has it (rows, horizons).
    ahead
        The returns ahead (rows, horizons), NaN where the series ends before.
    targets, counted
        The same with zeros for NaN, and 1 where the target ends before the
        validation part and no long gap lies within it, so that it may teach (rows,
        horizons), single precision.
    crops
        Rows at which a window to learn from can start.
    """

    fold: Fold
    features: Features
    inputs: np.ndarray
    log_variance: np.ndarray
    ahead: np.ndarray
    targets: np.ndarray
    counted: np.ndarray
    crops: np.ndarray


def prepare(series: PriceSeries, fold: Fold, config: Config) -> Prepared:
    """Prepare a series for the networks of a fold."""
    horizons = config.horizons
    known = features(series.prices, until=fold.test)
    ahead = returns_ahead(known.returns, horizons)
    days = np.arange(len(series))[:, None]
    ends = days + np.array(horizons)
    gaps = [np.searchsorted(series.breaks, row, side="right") for row in (days, ends)]
    counted = (ends < fold.validation) & (gaps[0] == gaps[1])
    return Prepared(
        fold=fold,
        features=known,
        inputs=known.inputs.astype(np.float32),
        log_variance=(known.log_variance[:, None] + np.log(horizons)).astype(
            np.float32
        ),
        ahead=ahead,
        targets=np.nan_to_num(ahead).astype(np.float32),
        counted=counted.astype(np.float32),
        crops=taught_windows(config, series, fold),
    )
