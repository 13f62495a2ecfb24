"""Dates of rows of each frequency, with the holidays and pauses of real ones."""

import numpy as np


def every_day(rows, start="2015-01-01"):
    return np.datetime64(start) + np.arange(rows)


def trading_days(rows, start="2015-01-01"):
    """Monday to Friday; one day in thirty is a holiday."""
    days = every_day(2 * rows + 30, start)
    days = days[np.is_busday(days)]
    return days[np.arange(len(days)) % 30 != 7][:rows]


def weeks(rows, start="2015-01-02"):
    """Fridays; each twentieth week ends on a Thursday."""
    return every_day(7 * rows, start)[::7] - (np.arange(rows) % 20 == 5)


def months(rows, start="2000-01", step=1):
    return np.datetime64(start) + step * np.arange(rows)


def month_starts(rows):
    return months(rows).astype("datetime64[D]")


def month_ends(rows, step=1):
    return (months(rows, step=step) + 1).astype("datetime64[D]") - 1


def last_weekdays(rows):
    return np.busday_offset(month_ends(rows), 0, roll="backward")


def round_the_clock(rows, minutes, start="2024-01-01"):
    first = np.datetime64(start, "s")
    return first + np.timedelta64(60 * minutes, "s") * np.arange(rows)


def sessions(days, minutes, *parts):
    """Times every few minutes in the parts of each day, given in hours."""
    times = np.concatenate([np.arange(60 * a, 60 * b, minutes) for a, b in parts])
    seconds = (60 * times).astype("timedelta64[s]")
    return (days.astype("datetime64[s]")[:, None] + seconds).ravel()


NEW_YORK = (9.5, 16)
TOKYO = (9, 11.5), (12.5, 15)
