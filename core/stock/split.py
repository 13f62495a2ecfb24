"""Which rows teach, which decide when to stop, and which are only judged."""

import itertools
from dataclasses import dataclass

import numpy as np

from core.stock.config import Config
from core.stock.series import PriceSeries
from core.task import DataError

VALIDATION = 0.2  # of the rows before the test part


@dataclass(frozen=True, kw_only=True)
class Split:
    """Rows in the order of time: training, validation, test.

    Attributes
    ----------
    rows
        All rows.
    validation
        The first row of the validation part, or that of the test part if there
        is no validation.
    test
        The first row of the test part: half of the rows, rounded down.
    """

    rows: int
    validation: int
    test: int


@dataclass(frozen=True, kw_only=True)
class Fold:
    """One part of the test half, and the rows before it that teach (rolling origin).

    Attributes
    ----------
    validation, test, end
        The first row of the validation part, the first row of the test part, and
        the row after its last. Rows before `validation` train.
    """

    validation: int
    test: int
    end: int


def split(config: Config, series: PriceSeries) -> Split:
    """Divide the rows as the recipe does, once there are enough of them.

    Raises
    ------
    DataError
        If the series is too short for the window, or its first half is constant.
    """
    rows = len(series)
    required = required_rows(config)
    if rows < required:
        raise DataError(
            f"{series.name}: a window of {config.window} days needs at least "
            f"{required} rows, found {rows}. Use a shorter window or a longer series."
        )
    test = rows // 2
    if np.ptp(series.prices[:test]) == 0:
        raise DataError(
            f"{series.name}: expected prices that move in the first half, which is "
            f"the half to learn from, got {series.prices[0]:g} in every row of it. "
            "Remove those rows."
        )
    parts = Split(rows=rows, validation=_validation(config.recipe, test), test=test)
    if not taught_windows(config, series, folds(config, parts)[0]).size:
        raise DataError(
            f"{series.name}: expected {config.window} days in a row without a long gap "
            "in the half to learn from, found none. Use a shorter window or a series "
            "with fewer gaps."
        )
    return parts


def taught_windows(config: Config, series: PriceSeries, fold: Fold) -> np.ndarray:
    """Return the first rows (windows,) of the windows that a fold can learn from.

    The day after a window is a target and lies in the training part, and no long
    gap cuts a window from its target. The classic leaves out the last window.
    """
    starts = series.whole_windows(config.window + (config.recipe == "seed"))
    end = fold.validation - config.window - (config.recipe == "seed")
    return starts[starts < end]


def folds(config: Config, parts: Split) -> list[Fold]:
    """Divide the test half into equal parts, each with all rows before it to learn."""
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
    """Return how many rows the window needs, so that there are two windows."""
    test = config.window + 3
    while _validation(config.recipe, test) < config.window + 3:
        test += 1
    return 2 * test


def _validation(recipe: str, test: int) -> int:
    return test if recipe == "seed" else int(test * (1 - VALIDATION))
