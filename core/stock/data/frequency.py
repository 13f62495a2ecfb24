"""The frequency of a series: the spacing of its rows, horizons and seasons."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.stock.wording import count

SHORT = {
    "minute": "min",
    "hour": "h",
    "day": "d",
    "week": "wk",
    "month": "mo",
    "quarter": "qtr",
    "year": "yr",
}
SECONDS = {"minute": 60, "hour": 3600}
DAY = 86_400  # seconds
MONTHS = {"month": 1, "quarter": 3, "year": 12}  # months in one step
DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "quarter": 91.3, "year": 365.25}
# Share of the rows that share their day with the row before: above it the rows are
# those of hours or minutes, below it a few days were written twice.
WITHIN_DAYS = 0.4
TRADING_DAYS, CALENDAR_DAYS = 252, 365  # a year
# Days from row to row, one of them a week: 28 and more are months.
EVERY = range(2, 28)
EVENLY, SLACK = 0.9, 0.2  # share of the steps that are multiples of it, so nearly
WEEKEND = 0.4  # rows on Saturdays and Sundays of an open market, of its fullest day's


@dataclass(frozen=True, kw_only=True)
class Frequency:
    """Rows at even distances in time, weekends and holidays aside."""

    name: str  # a key of `FREQUENCIES`
    # The unit of time, in the singular: `day`. A row is `size` of them.
    step: str
    horizons: tuple[int, ...]  # rows ahead that are forecast, the nearest first
    per_year: float  # rows a year, which turn the variance of a row into that of a year
    season: int = 1  # rows after which a yearly season repeats; 1 without one
    size: int = 1  # steps in one row, such as 5 for rows of five minutes

    @property
    def intraday(self) -> bool:
        """Whether a day has several rows, so that dates need a time."""
        return self.step in SECONDS

    @property
    def daily(self) -> bool:
        """Whether each day has a row, weekends and holidays aside."""
        return self.step == "day" and self.size == 1

    @property
    def days(self) -> float:
        """The length of a row."""
        if self.intraday:
            return self.size * SECONDS[self.step] / DAY
        return self.size * DAYS[self.step]

    @property
    def adjective(self) -> str:
        """As in `daily changes`."""
        return "daily" if self.daily else self.name

    @property
    def row(self) -> str:
        """What a row is called: its step if it is one of them, else `row`."""
        return self.step if self.size == 1 else "row"

    @property
    def one(self) -> str:
        """The length of a row in words: `one day`, `5 minutes`."""
        return f"one {self.step}" if self.size == 1 else self.ahead(1)

    @property
    def unit(self) -> str:
        """The same after `each` and `every`: `day`, `5 minutes`."""
        return self.one.removeprefix("one ")

    def ahead(self, rows: int) -> str:
        """Return the length of some rows in words: `1 day`, `15 minutes`."""
        return count(rows * self.size, self.step)

    def short(self, rows: int) -> str:
        """Return the same, short: `1 d`, `15 min`."""
        return f"{rows * self.size} {SHORT[self.step]}"


def _minutes(size: int) -> Frequency:
    # Of a session of six and a half hours; `PriceSeries.frequency` measures it.
    rows = TRADING_DAYS * 390 / size
    return Frequency(
        name=f"{size}-minute",
        step="minute",
        horizons=(1, 5, 15, 30),
        per_year=rows,
        size=size,
    )


def _hours(size: int) -> Frequency:
    return Frequency(
        name=f"{size}-hour" if size > 1 else "hourly",
        step="hour",
        horizons=(1, 4, 12, 24),
        per_year=TRADING_DAYS * 6.5 / size,
        size=size,
    )


def _every(days: int) -> Frequency:
    return Frequency(
        name=f"{days}-day",
        step="day",
        horizons=(1, 4, 13, 26),
        per_year=DAYS["year"] / days,
        size=days,
    )


DEFAULT = Frequency(
    name="daily", step="day", horizons=(1, 5, 10, 20), per_year=TRADING_DAYS
)
FREQUENCIES = {
    each.name: each
    for each in (
        *map(_minutes, (1, 2, 3, 5, 10, 15, 30)),
        *map(_hours, (1, 2, 4, 6, 8, 12)),
        DEFAULT,
        Frequency(
            name="every-day",
            step="day",
            horizons=DEFAULT.horizons,
            per_year=CALENDAR_DAYS,
        ),
        *(_every(days) for days in EVERY if days != DAYS["week"]),
        Frequency(name="weekly", step="week", horizons=(1, 4, 13, 26), per_year=52),
        Frequency(
            name="monthly",
            step="month",
            horizons=(1, 3, 6, 12),
            per_year=12,
            season=12,
        ),
        Frequency(
            name="quarterly",
            step="quarter",
            horizons=(1, 2, 4, 8),
            per_year=4,
            season=4,
        ),
        Frequency(name="yearly", step="year", horizons=(1, 2, 3, 5), per_year=1),
    )
}


def horizons_of(longest: int, frequency: Frequency) -> tuple[int, ...]:
    """Return the horizons in rows up to the longest, the nearest first."""
    return (*(rows for rows in frequency.horizons if rows < longest), longest)


def weekdays(days: np.ndarray) -> np.ndarray:
    """Return the day of the week of days (rows,): Monday is 0."""
    # The first of January 1970 was a Thursday.
    return np.asarray((days.astype("datetime64[D]").astype(np.int64) + 3) % 7)


def has_weekends(dates: np.ndarray) -> bool:
    """Whether a series has rows on Saturdays and on Sundays."""
    rows = np.bincount(weekdays(dates), minlength=7)
    return bool(min(rows[5:]) > WEEKEND * max(rows))


def find_frequency(dates: np.ndarray) -> str:
    """Return the name of the frequency of dates (rows,) in order.

    Rows within days are as far apart as most neighbours are, other rows as their median
    is: holidays, gaps, nights and weekends change neither. Rows evenly some days apart
    have a frequency of their own, others the nearest of day, week, month and so on.
    """
    days = dates.astype("datetime64[D]")
    same_day = days[1:] == days[:-1]
    times = dates.astype("datetime64[s]").astype(np.int64)
    seconds = np.diff(times)[same_day]
    if (seconds > 0).sum() > WITHIN_DAYS * max(1, len(same_day)):
        steps, counts = np.unique(seconds[seconds > 0], return_counts=True)
        within = (each for each in FREQUENCIES.values() if each.intraday)
        return _nearest(steps[counts.argmax()] / DAY, within)
    steps = np.diff(np.unique(days)).astype(np.int64)
    if not steps.size:
        return DEFAULT.name
    if days_apart := _days_apart(dates, steps):
        return "weekly" if days_apart == DAYS["week"] else f"{days_apart}-day"
    units = (e for e in FREQUENCIES.values() if not e.intraday and e.size == 1)
    name = _nearest(float(np.median(steps)), units)
    return "every-day" if name == DEFAULT.name and has_weekends(dates) else name


def _days_apart(dates: np.ndarray, steps: np.ndarray) -> int | None:
    """Return the number of days that rows are apart if that is one of `EVERY`.

    The steps between dates may miss a multiple of it by a fifth, as the 1st and the
    15th of each month do. Rows every second trading day are not two days apart, and
    have no weekends.
    """
    single = steps[steps < 1.5 * np.median(steps)]
    usual = round(float(single.mean()))
    off = np.abs(steps - usual * np.rint(steps / usual))
    if usual not in EVERY or np.mean(off <= SLACK * usual) < EVENLY:
        return None
    return usual if usual % 7 == 0 or has_weekends(dates) else None


def _nearest(days: float, frequencies: Iterable[Frequency]) -> str:
    """Return the name of the frequency whose length differs by the smallest factor."""
    return min(frequencies, key=lambda each: abs(np.log(each.days / days))).name


def rows_a_year(dates: np.ndarray) -> float:
    """Count the rows a year of a series with rows within days.

    The rows of a usual day times the days a year on which the market is open.
    """
    _, counts = np.unique(dates.astype("datetime64[D]"), return_counts=True)
    days = CALENDAR_DAYS if has_weekends(dates) else TRADING_DAYS
    return float(np.median(counts)) * days
