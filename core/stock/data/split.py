"""Training, validation and test rows."""

import itertools
from dataclasses import dataclass, replace

import numpy as np

from core.stock.config import Config
from core.stock.data.series import PriceSeries
from core.task import DataError, bounds_of

VALIDATION = 0.2  # share of the rows before the test part
# Blocks of that length: the seeds of the network validate on them in turn, and the fits
# of its inputs without the LSTM leave them out in turn.
BLOCKS = 3


@dataclass(frozen=True, kw_only=True)
class Split:
    """The parts of a series in the order of time: training, validation, test."""

    rows: int  # number of all rows
    # The first row of the validation part, or of the test part if there is no
    # validation
    validation: int
    test: int  # the first row of the test part: half of the rows, rounded down


@dataclass(frozen=True, kw_only=True)
class Fold:
    """A part of the test half, and the rows before it that train (rolling origin)."""

    # The first row of the validation part, the first row of the test part, and the row
    # after its last. Rows before `validation` train.
    validation: int
    test: int
    end: int


def split(config: Config, series: PriceSeries) -> Split:
    """Divide the rows as the recipe does.

    Raise a DataError if the series is too short for the window, or constant in the rows
    that the first network learns from.
    """
    rows = len(series)
    required = required_rows(config)
    if rows < required:
        raise DataError(
            f"{series.name}: a window of {config.window} {series.frequency.row}s needs "
            f"at least {required} rows, found {rows}. Use a shorter window, of at most "
            f"{_longest_window(config, rows)}, or a longer series."
        )
    test = rows // 2
    parts = Split(rows=rows, validation=_validation(config.recipe, test), test=test)
    if np.ptp(series.prices[: parts.validation]) == 0:
        raise DataError(
            f"{series.name}: expected prices that move in the rows to learn from, got "
            f"{series.prices[0]:g} in each of the first {parts.validation:,}. "
            "Remove those rows."
        )
    if not training_windows(config, series, folds(config, parts)[0]).size:
        raise DataError(
            f"{series.name}: expected {config.window} "
            f"{series.frequency.row}s in a row without a long gap "
            "in the half to learn from, found none. Use a shorter window or a series "
            "with fewer gaps."
        )
    return parts


def training_windows(config: Config, series: PriceSeries, fold: Fold) -> np.ndarray:
    """Return the first rows (windows,) of the windows that a fold can learn from.

    The day after a window is a target and lies in the training part, with no long gap
    between a window and its target. The classic recipe leaves out the last window.
    """
    classic = config.recipe == "classic"
    starts = series.whole_windows(config.window + classic)
    return starts[starts < fold.validation - config.window - classic]


def folds(config: Config, parts: Split) -> list[Fold]:
    """Divide the test half into equal parts; all rows before each are for training."""
    borders = np.linspace(parts.test, parts.rows, config.folds + 1).astype(int)
    return [
        Fold(
            validation=_validation(config.recipe, int(test)),
            test=int(test),
            end=int(end),
        )
        for test, end in itertools.pairwise(borders)
    ]


def required_rows(config: Config) -> int:
    """Return how many rows are needed for two training windows."""
    test = config.window + 3
    while _validation(config.recipe, test) < config.window + 3:
        test += 1
    return 2 * test


def _longest_window(config: Config, rows: int) -> int:
    """Return the longest window for a number of rows; a series has 100 at least."""
    shortest = int(bounds_of(Config.__dataclass_fields__["window"]).low)
    windows = range(shortest, config.window)
    return max(w for w in windows if required_rows(replace(config, window=w)) <= rows)


def validation_row(test: int) -> int:
    """Return the first row of the validation part before a test part."""
    return int(test * (1 - VALIDATION))


def _validation(recipe: str, test: int) -> int:
    return test if recipe == "classic" else validation_row(test)
