"""Which rows teach, which decide when to stop, and which are only judged."""

from dataclasses import dataclass

import numpy as np

from core.stock.config import Config
from core.stock.series import PriceSeries
from core.task import DataError

VALIDATION = 0.2  # of the first half


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
    return Split(rows=rows, validation=_validation(config.recipe, test), test=test)


def required_rows(config: Config) -> int:
    """Return how many rows the window needs, so that there are two windows."""
    test = config.window + 3
    while _validation(config.recipe, test) < config.window + 3:
        test += 1
    return 2 * test


def _validation(recipe: str, test: int) -> int:
    return test if recipe == "seed" else int(test * (1 - VALIDATION))
