"""What is odd about a series and stays as it is: gaps, jumps, wide spacing."""

from dataclasses import dataclass

import numpy as np

from core.stock.importing.words import NAMED, count

LONG_DAILY = 7  # days missing in a row, of a series that has every day
LONG_TRADING = 21  # the same with weekends and holidays; a closed exchange is shorter
JUMP = 0.5  # change of a day that a split may have caused
SPARSE = 5  # days between rows, from which a series is not daily


@dataclass(frozen=True, kw_only=True, eq=False)
class Survey:
    """What to know about a series before one trusts a forecast of it.

    Attributes
    ----------
    warnings
        Sentences for the report.
    breaks
        Rows that come first after a long gap (breaks,), increasing.
    """

    warnings: tuple[str, ...]
    breaks: np.ndarray


def survey(dates: np.ndarray, prices: np.ndarray) -> Survey:
    """Look through a series: dates (rows,) in order, and prices (rows,)."""
    steps = np.diff(dates).astype(np.int64)  # days from row to row
    if not steps.size:
        return Survey(warnings=(), breaks=np.array([], np.int64))
    usual = float(np.median(steps))
    if usual >= SPARSE:
        note = (
            f"The rows are {usual:.0f} days apart: this is not a daily series. Each "
            "row is treated as one day."
        )
        return Survey(
            warnings=(note, *_jumps(dates, prices)), breaks=np.array([], np.int64)
        )
    every_day = has_weekends(dates)
    longest = LONG_DAILY if every_day else LONG_TRADING
    breaks = np.flatnonzero(steps > longest) + 1
    notes = [*_gaps(dates, steps, breaks, every_day), *_jumps(dates, prices)]
    return Survey(warnings=tuple(notes), breaks=breaks)


def has_weekends(dates: np.ndarray) -> bool:
    """Whether a series trades on Saturdays and on Sundays, as crypto does."""
    weekdays = (dates.astype(np.int64) + 3) % 7
    return bool(min(np.mean(weekdays == 5), np.mean(weekdays == 6)) > 0.1)


def _gaps(
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
    named = ", ".join(f"{dates[row - 1]} to {dates[row]}" for row in rows[:NAMED])
    return named + (f" and {len(rows) - NAMED:,} more" if len(rows) > NAMED else "")


def _jumps(dates: np.ndarray, prices: np.ndarray) -> list[str]:
    change = prices[1:] / prices[:-1] - 1.0
    rows = np.flatnonzero(np.abs(change) > JUMP) + 1
    if not rows.size:
        return []
    named = ", ".join(f"{change[row - 1]:+.0%} on {dates[row]}" for row in rows[:NAMED])
    more = f" and {len(rows) - NAMED:,} more" if len(rows) > NAMED else ""
    return [
        f"The price moved by more than half in one day: {named}{more}. That may be a "
        "split the prices are not adjusted for. Nothing was changed."
    ]
