"""Years written with two digits."""

import datetime

import numpy as np

from core.task import DataError

CENTURY = 100
AHEAD = 10  # years that a series may reach into the future


def full_years(years: np.ndarray) -> np.ndarray:
    """Put two-digit years (rows,) into the latest century that they can be of.

    Going round the hundred years, the series begins after the longest stretch of
    years that it has not.

    Raises
    ------
    DataError
        If they go round almost all hundred: then no century is the right one.
    """
    present = np.unique(years)
    gaps = np.diff(present, append=present[0] + CENTURY)
    if gaps.max() < 5:
        raise DataError(
            "Expected years with four digits in a series of about a hundred years, "
            f"got two, such as {years[0]:02d}. Write the years in full."
        )
    first = present[(int(gaps.argmax()) + 1) % len(present)]
    along = (years - first) % CENTURY
    start = 1900 + first
    this_year = datetime.date.today().year
    while start + along.max() + CENTURY <= this_year + AHEAD:
        start += CENTURY
    full: np.ndarray = start + along
    return full


def century_note(days: np.ndarray) -> tuple[str, ...]:
    """Return what the report says of two-digit years."""
    first, last = (str(day)[:4] for day in (days.min(), days.max()))
    return (f"Two-digit years read as {first} to {last}.",)


def right_century(days: np.ndarray) -> np.ndarray:
    """Move days (rows,) a century back if only there none is on a weekend.

    A hundred years shift the days of the week, so that a series of trading days
    tells its century. NaT stays NaT.
    """
    months = days.astype("datetime64[M]")
    back = (months - 12 * CENTURY).astype("datetime64[D]") + (
        days - months.astype("datetime64[D]")
    )
    return back if _has_weekend(days) and not _has_weekend(back) else days


def _has_weekend(days: np.ndarray) -> bool:
    known = days[~np.isnat(days)].astype(np.int64)
    return bool(((known + 3) % 7 >= 5).any())
