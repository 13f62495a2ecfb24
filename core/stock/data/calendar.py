"""The expected dates of the rows after the last one."""

from collections.abc import Callable

import numpy as np

from core.stock.data.frequency import MONTHS, SECONDS, Frequency, weekdays

RECENT = 250  # rows from which the days with prices are taken
WEEKS = 4  # weeks of intraday rows that give the times with prices
# Keep weekly slots that occur in at least this share of the weeks: so half days stay
# in, and a single longer session does not.
SHARE = 0.3
MAX_MONTHLY = 3  # days of the month that all rows are on
DAY = 86_400
WEEK = 7 * DAY
MONDAY = np.datetime64("1970-01-05", "s")


def next_dates(dates: np.ndarray, rows: int, frequency: Frequency) -> np.ndarray:
    """Return the dates of the next rows (rows,), like those of the latest ones.

    Holidays are included: no calendar of an exchange is used.
    """
    if frequency.intraday:
        return _next_times(dates, rows, frequency)
    if frequency.daily:
        return _next_days(dates, rows)
    if frequency.step == "day":
        return _next_of_every(dates, rows, frequency.size)
    if frequency.step == "week":
        usual = np.bincount(weekdays(dates[-RECENT:]), minlength=7).argmax()
        last = dates[-1] + (usual - weekdays(dates[-1:])[0])
        return np.asarray(last + 7 * np.arange(1, rows + 1))
    return _next_months(dates, rows, MONTHS[frequency.step])


def _next_days(dates: np.ndarray, rows: int) -> np.ndarray:
    """Return the next days, on weekdays that recently had prices.

    Stocks have prices from Monday to Friday, cryptocurrencies every day. A weekday with
    less than a tenth of its usual share is ignored.
    """
    week = weekdays(dates[-RECENT:])
    open_on = [day for day in range(7) if np.mean(week == day) > 0.1 / 7]
    coming = dates[-1] + np.arange(1, 7 * rows + 8)
    return np.asarray(coming[np.isin(weekdays(coming), open_on)][:rows])


def _next_of_every(dates: np.ndarray, rows: int, days: int) -> np.ndarray:
    """Return the next dates a number of days apart, in step with most recent ones.

    Rows on two or three days of each month, such as the 1st and the 15th, go on so.
    """
    used = np.unique(_days_of_month(dates[-RECENT:]))
    if used.size <= MAX_MONTHLY:
        coming = dates[-1] + np.arange(1, 31 * (rows + 1))
        return np.asarray(coming[np.isin(_days_of_month(coming), used)][:rows])
    late = np.bincount((dates[-RECENT:] - dates[-1]).astype(np.int64) % days)
    shift = int(late.argmax()) if 2 * late.max() > late.sum() else 0
    if 2 * shift > days:
        shift -= days
    return np.asarray(dates[-1] + shift + days * np.arange(1, rows + 1))


def _next_months(dates: np.ndarray, rows: int, step: int) -> np.ndarray:
    """Return days of the next months, by the rule that most of the latest rows follow.

    The rules are the last day of the month, its last or first weekday, and one day of
    the month.
    """
    recent = dates[-RECENT:]
    months = recent.astype("datetime64[M]")
    usual = int(np.bincount(_days_of_month(recent)).argmax())

    def same_day(month: np.ndarray) -> np.ndarray:
        day = month.astype("datetime64[D]") + usual
        return np.asarray(np.minimum(day, _last_day(month)))

    rules: tuple[Callable[[np.ndarray], np.ndarray], ...] = (
        same_day,
        _last_day,
        lambda month: np.busday_offset(_last_day(month), 0, roll="backward"),
        lambda month: np.busday_offset(
            month.astype("datetime64[D]"), 0, roll="forward"
        ),
    )
    rule = max(rules, key=lambda rule: np.mean(rule(months) == recent))
    return np.asarray(rule(months[-1] + step * np.arange(1, rows + 1)))


def _days_of_month(dates: np.ndarray) -> np.ndarray:
    """Return the number of days since the first of the month (rows,)."""
    return np.asarray((dates - dates.astype("datetime64[M]")).astype(np.int64))


def _last_day(month: np.ndarray) -> np.ndarray:
    return np.asarray((month + 1).astype("datetime64[D]") - 1)


def _next_times(dates: np.ndarray, rows: int, frequency: Frequency) -> np.ndarray:
    """Return the next times, at the times of the week of the last four weeks.

    This covers nights, weekends and pauses at noon. With less than a week of rows the
    times of its days are used for all weekdays.
    """
    times = dates.astype("datetime64[s]")
    last = times[-1]
    seconds = (times[times > last - WEEKS * WEEK] - MONDAY).astype(np.int64)
    first = seconds[0]
    span = seconds[-1] - first
    if span < DAY:
        step = frequency.size * SECONDS[frequency.step]
        return np.asarray(last + step * np.arange(1, rows + 1))
    period = WEEK if span >= WEEK else DAY
    slots, counts = np.unique(seconds % period, return_counts=True)
    # How often each slot lay between the first and the last row.
    chances = (seconds[-1] - slots) // period - (first - 1 - slots) // period
    slots = slots[counts > SHARE * chances]
    periods = int(seconds[-1] // period) + np.arange(rows // len(slots) + 12)
    coming = MONDAY + (periods[:, None] * period + slots).ravel()
    coming = coming[coming > last]
    if period == DAY:
        coming = coming[np.isin(weekdays(coming), _open_days(times))]
    return np.asarray(coming[:rows])


def _open_days(times: np.ndarray) -> np.ndarray:
    """Return the weekdays with rows, and all from Monday to Friday."""
    return np.union1d(weekdays(times), np.arange(5))
