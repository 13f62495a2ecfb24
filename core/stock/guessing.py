"""A game: guess whether the price was higher or lower after a row of the test part."""

from typing import NamedTuple

import numpy as np

from core.stock.result import Result

LEAST_MOVE = 1e-4  # smallest relative change that is asked about


class Score(NamedTuple):
    """Guesses, and how many of them, and of their rivals, were right."""

    guesses: int = 0
    person: int = 0
    forecast: int = 0  # the sign of the median
    higher: int = 0  # always "higher"
    inside: int = 0  # prices inside the 80% interval


def rows_to_guess(result: Result) -> np.ndarray:
    """Return the test rows after which the price moved within the longest horizon.

    Empty for a recipe without distributions, and while splits are undecided. A forecast
    of row i is made at the close before it.
    """
    if result.distribution is None or result.series.splits:
        return np.array([], np.int64)
    days, prices = result.horizons[-1], result.series.prices[result.split.test - 1 :]
    return np.flatnonzero(np.abs(prices[days:] / prices[:-days] - 1) >= LEAST_MOVE)


def judge(result: Result, row: int, guess: int, score: Score) -> Score:
    """Add a guess, 1 for higher and -1 for lower, to a score."""
    days, until = result.horizons[-1], result.split.test + row
    before, after = result.series.prices[[until - 1, until - 1 + days]]
    future = result.future_at(row, days)
    assert future is not None
    sign = np.sign(after - before)
    low, high = (future.bands[end][-1] for end in ("low_80", "high_80"))
    return Score(
        score.guesses + 1,
        score.person + int(guess == sign),
        score.forecast + int(np.sign(future.median[-1] - before) == sign),
        score.higher + int(sign > 0),
        score.inside + int(low <= after <= high),
    )
