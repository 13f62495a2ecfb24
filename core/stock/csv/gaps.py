"""Warnings about a series that are left to the person: gaps, jumps, wide spacing."""

from collections.abc import Sequence

import numpy as np

from core.stock.data.series import weekdays
from core.stock.data.stock_splits import StockSplit
from core.stock.wording import MAX_NAMED, count

LONG_DAILY = 7  # days missing in a row, of a series that has every day
LONG_TRADING = 21  # the same with weekends and holidays; a closed exchange is shorter
JUMP = 0.5  # change of a day that a split may have caused
SPARSE = 5  # days between rows, from which a series is not daily


def find_gaps(
    dates: np.ndarray, prices: np.ndarray, splits: Sequence[StockSplit] = ()
) -> tuple[tuple[str, ...], np.ndarray]:
    """Look for gaps and jumps in dates (rows,) in order, and prices (rows,).

    Jumps that are `splits` are left out.

    Returns
    -------
    tuple
        Warnings, a sentence each, and the rows that come first after a long gap
        (breaks,), increasing.
    """
    breaks = np.array([], np.int64)
    steps = np.diff(dates).astype(np.int64)  # days from row to row
    if not steps.size:
        return (), breaks
    usual = float(np.median(steps))
    if usual >= SPARSE:
        notes = [
            f"The rows are {usual:.0f} days apart: this is not a daily series. Each "
            "row is treated as one day."
        ]
    else:
        week = weekdays(dates)
        every_day = bool(min(np.mean(week == 5), np.mean(week == 6)) > 0.1)
        breaks = np.flatnonzero(steps > (LONG_DAILY if every_day else LONG_TRADING)) + 1
        notes = _notes_on_gaps(dates, steps, breaks, every_day)
    return (*notes, *_notes_on_jumps(dates, prices, splits)), breaks


def _notes_on_gaps(
    dates: np.ndarray, steps: np.ndarray, breaks: np.ndarray, every_day: bool
) -> list[str]:
    notes = []
    gaps = np.flatnonzero(steps > 1) + 1
    if every_day and gaps.size:
        missing = count(int((steps - 1).sum()), "day")
        notes.append(
            f"{missing} missing in {count(len(gaps), 'gap')} of a series that trades "
            f"every day: {_spans(dates, gaps)}. Nothing was filled in."
        )
    if breaks.size:
        notes.append(
            f"{count(len(breaks), 'long gap')}, which no window of the training goes "
            f"across: {_spans(dates, breaks)}."
        )
    return notes


def _spans(dates: np.ndarray, rows: np.ndarray) -> str:
    """Name the gaps before some rows."""
    spans = [f"{dates[row - 1]} to {dates[row]}" for row in rows[:MAX_NAMED]]
    return ", ".join(spans) + _more(rows)


def _more(rows: np.ndarray) -> str:
    rest = len(rows) - MAX_NAMED
    return f" and {rest:,} more" if rest > 0 else ""


def _notes_on_jumps(
    dates: np.ndarray, prices: np.ndarray, splits: Sequence[StockSplit]
) -> list[str]:
    change = prices[1:] / prices[:-1] - 1.0
    rows = np.flatnonzero(np.abs(change) > JUMP) + 1
    rows = np.setdiff1d(rows, [split.row for split in splits])
    if not rows.size:
        return []
    jumps = [f"{change[row - 1]:+.0%} on {dates[row]}" for row in rows[:MAX_NAMED]]
    return [
        f"The price moved by more than half in one day: {', '.join(jumps)}"
        f"{_more(rows)}. That may be a split the prices are not adjusted for. Nothing "
        "was changed."
    ]
