"""Stock splits that the prices of a file are not adjusted for."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd
from pandas.api.indexers import FixedForwardWindowIndexer

WINDOW = 20  # rows on either side that tell the local volatility
MIN_SIDE = 5  # fewest of these rows
MIN_RETURNS = 60  # below which there is no tail to estimate
FLOOR = 0.5  # least local volatility, as a share of that of the series
TO_SIGMA = 1.4826  # median absolute return -> standard deviation of a normal one
TAIL = 25  # the largest 1 / TAIL of all returns give the tail index
MAX_INDEX = 6.0  # a thinner tail than that is not relied on
CENSORED = 8  # the largest 1 / CENSORED of those only count: they may be splits
CALM = 4.0  # times the volatility before a split is the most after it
MIN_JUMP = 8.0  # local standard deviations
NEAR = 5.0  # local standard deviations between the jump and the ratio
EXPECTED = 0.01  # returns so large and so near a ratio, of a series without splits
LONG_GAP = 21  # days without prices, over which volatility adds up
FORWARD = (2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50)
RATIOS = (  # new shares, for so many old ones
    *((new, 1) for new in FORWARD),
    *((3, 2), (4, 3), (5, 4)),
    *((1, old) for old in FORWARD),
)
LOG_RATIOS = np.log([old / new for new, old in RATIOS])


@dataclass(frozen=True, kw_only=True)
class StockSplit:
    """A split, or in reverse a consolidation, between two rows of a series."""

    row: int  # the first row at the new price
    # So many new shares for so many old ones: 2 and 1, or 1 and 10
    new: int
    old: int
    date: str  # the day of that row, such as 2012-03-05
    # The last price before it and the first one after it, not adjusted
    before: float
    after: float

    @property
    def ratio(self) -> str:
        """The ratio in the usual notation: 2:1."""
        return f"{self.new}:{self.old}"

    def __str__(self) -> str:
        return f"{self.ratio} on {self.date}: {self.before:.5g} -> {self.after:.5g}"

    @property
    def adjustment(self) -> str:
        """What adjusting does to the prices before it: `divided by 2`."""
        if self.new > self.old:
            return f"divided by {Fraction(self.new, self.old)}"
        return f"multiplied by {Fraction(self.old, self.new)}"


def find_splits(dates: np.ndarray, prices: np.ndarray) -> tuple[StockSplit, ...]:
    """Find the jumps of a series that are probably unadjusted splits.

    A return counts as a split if all of this is so:

    1. It is at least 8 local standard deviations. The local one is the larger of the
       two that the median absolute returns of the 20 rows before and of the 20 rows
       after it give, and that after it is at most 4 times that before it: a crash is
       followed by high volatility, a split is not.
    2. It differs from the logarithm of a ratio by at most 5 local standard deviations,
       the return of the day itself.
    3. In a series without splits, of the same length, less than 0.01 returns would be
       so large and so near that ratio. They are counted by a Pareto tail for the
       returns in local standard deviations: the 4% largest give its index by the
       estimator of Hill (1975), with the largest eighth of these censored, as splits
       may be among them. In a series with many large returns of its own, a split has
       to be larger to be told apart.
    4. No return within 20 rows takes most of it back, as after a wrong price, and the
       price stays on its side of the jump's middle for so long, unlike after a peak.

    A return over a gap of more than 21 days has the volatility of all of them, and is
    counted among such gaps. Within the day only the first return of each day can be a
    split.

    Dates are in order, prices positive (rows,).

    Returns
    -------
    tuple
        The splits, oldest first.
    """
    days = dates.astype("datetime64[D]").astype(np.int64)
    rows = np.flatnonzero(np.diff(days)) + 1
    if len(rows) < MIN_RETURNS:
        return ()
    returns = np.log(prices[rows] / prices[rows - 1])
    before, after = _local_volatility(returns)
    sigma = np.maximum(before, after)
    gap = days[rows] - days[rows - 1]
    long = gap > max(LONG_GAP, 10 * np.median(gap))
    sigma[long] *= np.sqrt(gap[long] / gap[~long].mean())
    size = np.abs(returns) / sigma
    distances = np.abs(returns[:, None] - LOG_RATIOS)
    nearest = distances.argmin(axis=1)
    distance = distances.min(axis=1) / sigma
    index, start, share = _tail(size[~long])
    beyond = share * np.minimum(start / np.maximum(size, MIN_JUMP), 1.0) ** index
    close = 2 * index * np.maximum(distance, 1.0) / np.maximum(size, MIN_JUMP)
    chances = np.where(long, long.sum(), (~long).sum())
    is_split = (
        (size >= MIN_JUMP)
        & (distance <= NEAR)
        & (chances * beyond * np.minimum(close, 1.0) < EXPECTED)
        & (after <= CALM * before)
        & ~_taken_back(returns, size >= MIN_JUMP)
        & ~come_back(np.log(prices), rows, WINDOW)
    )
    return tuple(
        StockSplit(
            row=int(rows[k]),
            new=RATIOS[nearest[k]][0],
            old=RATIOS[nearest[k]][1],
            date=str(dates[rows[k]].astype("datetime64[D]")),
            before=float(prices[rows[k] - 1]),
            after=float(prices[rows[k]]),
        )
        for k in np.flatnonzero(is_split)
    )


def adjust(prices: np.ndarray, splits: Sequence[StockSplit]) -> np.ndarray:
    """Return prices (rows,) with those before each split at the level after it."""
    adjusted = prices.copy()
    for split in splits:
        adjusted[: split.row] *= split.old / split.new
    return adjusted


def come_back(logs: np.ndarray, rows: np.ndarray, near: int) -> np.ndarray:
    """Whether jumps to these rows (jumps,) lead to a peak, or out of a trough.

    Then prices (rows,), here their logarithms, are beyond the middle of the jump within
    so many rows before or after it.
    """
    series, coming = pd.Series(logs), FixedForwardWindowIndexer(window_size=near)
    before = series.rolling(near, min_periods=1).agg(["min", "max"]).iloc[rows - 1]
    after = series.rolling(coming, min_periods=1).agg(["min", "max"]).iloc[rows]
    middle = (logs[rows - 1] + logs[rows]) / 2
    peak = (after["min"].to_numpy() < middle) | (before["max"].to_numpy() > middle)
    trough = (after["max"].to_numpy() > middle) | (before["min"].to_numpy() < middle)
    return np.asarray(np.where(logs[rows] > logs[rows - 1], peak, trough))


def _local_volatility(returns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the volatilities before and after each return.

    Infinite for the first and last returns, where it is not known.
    """
    sizes = np.abs(returns)
    padded = np.pad(sizes, WINDOW, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)
    known = windows[MIN_SIDE : len(windows) - MIN_SIDE]
    medians = np.full(len(windows), np.inf)
    medians[MIN_SIDE : len(windows) - MIN_SIDE] = np.nanmedian(known, axis=1)
    moved = sizes[sizes > 0]
    floor = FLOOR * np.median(moved) if moved.size else np.inf
    sigma = TO_SIGMA * np.maximum(medians, floor)
    return sigma[: len(sizes)], sigma[WINDOW + 1 :]


def _tail(sizes: np.ndarray) -> tuple[float, float, float]:
    """Return the tail's index, where it is extrapolated from, and the share beyond."""
    largest = np.sort(sizes)[::-1]
    top = max(len(largest) // TAIL, 20)
    censored = top // CENSORED
    if largest[top] == 0:  # hardly any price moves
        return 0.0, 1.0, 1.0
    logs = np.log(largest[censored:top] / largest[top])
    inverse = (logs.sum() + censored * logs[0]) / (top - censored)
    index = 1 / max(inverse, 1 / MAX_INDEX)
    return index, largest[censored], (censored + 1) / len(largest)


def _taken_back(returns: np.ndarray, large: np.ndarray) -> np.ndarray:
    """Whether a large return has another one near it that undoes half of it or more."""
    found = np.zeros(len(returns), bool)
    rows = np.flatnonzero(large)
    for row in rows:
        near = returns[rows[np.abs(rows - row) <= WINDOW]]
        found[row] = (near / returns[row]).min() < -0.5
    return found
