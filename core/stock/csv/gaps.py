"""Warnings about a series: gaps, jumps, wide spacing. They change nothing."""

from collections.abc import Iterable

import numpy as np

from core.stock.data.frequency import Frequency, has_weekends
from core.stock.data.stock_splits import come_back
from core.stock.wording import MAX_NAMED, count, format_time

DAY = 86_400  # seconds
# Days from row to row above which a gap is long: windows of the training end there.
LONG_DAILY = 7  # of a series that has every day
LONG_TRADING = 21  # with weekends and holidays; a closed exchange is shorter
LONG_HOURS = 1  # with rows within days, and without nights and weekends
LONG_CLOSED = 12  # with these; the holidays of an exchange are shorter
LONG_ROWS = 3.5  # with weeks and longer steps: times the step
UNLIKE = 1.5  # factor between the spacing of rows and that of their frequency
JUMP = 0.5  # change of a row that a split may have caused
NEAR = 40  # rows within which a peak comes back down
MAX_PEAKS = 0.01  # share of the rows: with more, they are the nature of the series


def find_gaps(
    dates: np.ndarray,
    prices: np.ndarray,
    frequency: Frequency,
    explained: Iterable[int] = (),
) -> tuple[tuple[str, ...], np.ndarray]:
    """Look for gaps and jumps in dates (rows,) in order, and prices (rows,).

    Return warnings, none of jumps to rows that are `explained`, and the rows that come
    first after a long gap (breaks,), increasing.
    """
    breaks = np.array([], np.int64)
    if len(dates) < 2:
        return (), breaks
    steps = np.diff(dates.astype("datetime64[s]")).astype(np.int64) / DAY
    always = not (frequency.daily or frequency.intraday) or has_weekends(dates)
    breaks = np.flatnonzero(steps > _longest(frequency, always)) + 1
    notes = [*_note_on_spacing(steps, frequency)]
    if always:
        notes += _note_on_missing(dates, steps, frequency)
    if breaks.size:
        notes.append(
            f"{count(len(breaks), 'long gap')}, which no window of the training goes "
            f"across: {_spans(dates, breaks)}."
        )
    return (*notes, *_notes_on_jumps(dates, prices, frequency, explained)), breaks


def _longest(frequency: Frequency, always: bool) -> float:
    """Return the longest step, in days, that is no long gap.

    A series has `always` every row, or lacks nights, weekends and holidays.
    """
    if frequency.intraday:
        return LONG_HOURS if always else LONG_CLOSED
    if frequency.daily:
        return LONG_DAILY if always else LONG_TRADING
    return LONG_ROWS * frequency.days


def _note_on_spacing(steps: np.ndarray, frequency: Frequency) -> list[str]:
    """Return a note if the spacing of the rows differs from that of the frequency."""
    if frequency.intraday:
        return []
    usual, expected = float(np.median(steps)), frequency.days
    if max(usual, expected) <= UNLIKE * min(usual, expected):
        return []
    return [
        f"The rows are {usual:.3g} days apart, and are treated as {frequency.adjective}"
        f" ones: each is {frequency.one}. Choose the frequency if that is wrong."
    ]


def _note_on_missing(
    dates: np.ndarray, steps: np.ndarray, frequency: Frequency
) -> list[str]:
    """Count the rows that are missing from a series that should have every one."""
    missing = np.rint(steps / frequency.days).astype(np.int64) - 1
    gaps = np.flatnonzero(missing > 0) + 1
    if not gaps.size:
        return []
    lost = count(int(missing[missing > 0].sum()), frequency.row)
    return [
        f"{lost} missing in {count(len(gaps), 'gap')} of a series that trades every "
        f"{frequency.unit}: {_spans(dates, gaps)}. Nothing was filled in."
    ]


def _spans(dates: np.ndarray, rows: np.ndarray) -> str:
    """Name the gaps before some rows."""
    spans = [
        f"{format_time(dates[row - 1])} to {format_time(dates[row])}"
        for row in rows[:MAX_NAMED]
    ]
    return ", ".join(spans) + _more(rows)


def _more(rows: np.ndarray) -> str:
    rest = len(rows) - MAX_NAMED
    return f" and {rest:,} more" if rest > 0 else ""


def _notes_on_jumps(
    dates: np.ndarray,
    prices: np.ndarray,
    frequency: Frequency,
    explained: Iterable[int],
) -> list[str]:
    """Warn of jumps: a split stays, a peak or a trough is left again.

    With many peaks, they are the nature of the series, as of sales: no warning.
    """
    change = prices[1:] / prices[:-1] - 1.0
    rows = np.setdiff1d(np.flatnonzero(np.abs(change) > JUMP) + 1, list(explained))
    is_peak = come_back(np.log(prices), rows, NEAR)

    def list_jumps(rows: np.ndarray) -> str:
        jumps = [
            f"{change[row - 1]:+.0%} on {format_time(dates[row])}"
            for row in rows[:MAX_NAMED]
        ]
        return f"{', '.join(jumps)}{_more(rows)}"

    notes = []
    if not is_peak.all():
        notes.append(
            f"The price moved by more than half in {frequency.one}: "
            f"{list_jumps(rows[~is_peak])}. That may be a split the prices are not "
            "adjusted for. Nothing was changed."
        )
    if 0 < is_peak.sum() <= MAX_PEAKS * len(prices):
        notes.append(
            f"The price moved by more than half in {frequency.one}, and came back: "
            f"{list_jumps(rows[is_peak])}. Check these prices. Nothing was changed."
        )
    return notes
