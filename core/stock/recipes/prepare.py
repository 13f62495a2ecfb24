"""The arrays that the networks of one fold are trained on and forecast from."""

from dataclasses import dataclass

import numpy as np

from core.stock.config import Config
from core.stock.data.features import Scaling, returns_ahead
from core.stock.data.frequency import horizons_of
from core.stock.data.series import PriceSeries
from core.stock.data.split import BLOCKS, Fold
from core.stock.models.base import BaseForecast, choose_base, fit_base
from core.stock.models.choice import Choice
from core.stock.models.model import Rows


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """The rows that some of the seeds validate on instead of training on them."""

    # Its first row, the first one of its second half, and the row after its last. The
    # first half stops the training, the second half decides how much of the correction
    # is used.
    first: int
    accept: int
    end: int
    # 1 where a target may train: it ends before the test part without a long gap in it,
    # and shares no row with the block; else 0 (rows, horizons), single precision
    weights: np.ndarray
    starts: np.ndarray  # first rows of the windows for training


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """A whole series as inputs and targets of the networks of one fold."""

    # Which rows train, validate and test, and the horizons in rows
    fold: Fold
    horizons: tuple[int, ...]
    # The rows before the validation part, and all rows before the test part
    training: Rows
    before: Rows
    # The base forecast of each horizon: of `models.base`, which `forecast.py` can
    # compute
    choice: Choice
    base: BaseForecast  # fitted to the training rows only
    # Of `base`, in standardised returns (rows, horizons), single precision
    mean: np.ndarray
    log_variance: np.ndarray
    # The standardised returns ahead, with zeros where not known (rows, horizons),
    # single precision
    targets: np.ndarray
    # The validation part, and parts of the same length before it. Seeds use them in
    # turn, so that corrections are evaluated on more rows than the last ones.
    blocks: tuple[Block, ...]

    def block(self, seed: int) -> Block:
        """Return the block of a seed, by its index."""
        return self.blocks[seed % len(self.blocks)]


def prepare(series: PriceSeries, fold: Fold, config: Config) -> Prepared:
    """Prepare a series for the networks of a fold."""
    horizons = horizons_of(config.horizon, series.frequency)
    scaling = Scaling.fit(series.prices, until=fold.validation)
    training = Rows(
        series=series, until=fold.validation, horizons=horizons, scaling=scaling
    )
    ahead = returns_ahead(training.returns, horizons)
    before = training.before(fold.test)
    choice = before.once(choose_base)
    base = fit_base(training, choice)
    forecast = base.distribution
    mean = (forecast.mean - scaling.mean * np.array(horizons)) / scaling.scale
    log_variance = forecast.log_variance - 2 * np.log(scaling.scale)
    return Prepared(
        fold=fold,
        horizons=horizons,
        training=training,
        before=before,
        choice=choice,
        base=base,
        mean=mean.astype(np.float32),
        log_variance=log_variance.astype(np.float32),
        targets=np.nan_to_num(ahead).astype(np.float32),
        blocks=tuple(
            _block(series, fold, config, horizons, number)
            for number in range(min(BLOCKS, config.seeds))
        ),
    )


def _block(
    series: PriceSeries,
    fold: Fold,
    config: Config,
    horizons: tuple[int, ...],
    number: int,
) -> Block:
    """Return a block of rows before the test part; number 0 is the validation part."""
    length = fold.test - fold.validation
    end = fold.test - number * length
    first = end - length
    days = np.arange(len(series))[:, None]
    ends = days + np.array(horizons)
    gaps = [np.searchsorted(series.breaks, row, side="right") for row in (days, ends)]
    trains = (ends < fold.test) & (gaps[0] == gaps[1])
    trains &= (ends < first) | (days >= end)
    starts = series.whole_windows(config.window)
    starts = starts[starts < fold.test - config.window]
    before = np.concatenate([[0], np.cumsum(trains.any(axis=1))])
    warm_up = config.window // 4
    targets = before[starts + config.window] - before[starts + warm_up]
    return Block(
        first=first,
        accept=(first + end) // 2,
        end=end,
        weights=trains.astype(np.float32),
        starts=starts[targets > 0],
    )
