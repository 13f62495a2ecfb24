"""Dates given as a count since 1970, and days that begin in another time zone."""

import re
from collections.abc import Sequence

import numpy as np

FORM = re.compile(r"(?:-\d{7}|\d{9})\d{0,12}(?:\.0*)?")
SHORT = re.compile(r"-?\d{1,20}(?:\.0*)?")  # in a column of such counts: about 1970
# The largest count of seconds that a daily price can have: the year 2100. What is
# larger counts something smaller.
MOST = 4_102_444_800
UNITS = (("seconds", 1), ("milliseconds", 10**3), ("microseconds", 10**6))
SMALLEST = ("nanoseconds", 10**9)
EVENING = 20 * 3600


def read(cells: Sequence[str]) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Read counts since 1970-01-01 UTC (rows,), each in the unit of its size.

    Binance, for one, went from milliseconds to microseconds on 2025-01-01.

    Returns
    -------
    tuple
        Days, seconds since midnight UTC, and what the report says.
    """
    stamps, used = np.empty(len(cells), np.int64), []
    for row, cell in enumerate(cells):
        value = int(cell.partition(".")[0])
        name, unit = _unit(value)
        stamps[row] = value // unit
        if name not in used:
            used.append(name)
    days, seconds = np.divmod(stamps, 86_400)
    local, moved = exchange_days(days.astype("datetime64[D]"), seconds)
    note = f"Dates read as {' and '.join(used)} since 1970, in UTC."
    return local, seconds, (note, *moved)


def _unit(value: int) -> tuple[str, int]:
    fits = ((name, unit) for name, unit in UNITS if abs(value) <= MOST * unit)
    return next(fits, SMALLEST)


def exchange_days(
    days: np.ndarray, seconds: np.ndarray
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Turn days in UTC into those of the exchange.

    Midnight in Paris is late evening in London: such a series seems to trade from
    Sunday to Thursday.
    """
    weekdays = (days.astype(np.int64) + 3) % 7  # Monday is 0
    share = np.bincount(weekdays, minlength=7) / max(1, len(days))
    friday, saturday, sunday = share[4:]
    if (seconds >= EVENING).all() and sunday > 0.1 and max(friday, saturday) < 0.03:
        note = (
            "Times are late evening in UTC, midnight at the exchange: next day taken."
        )
        return days + 1, (note,)
    return days, ()
