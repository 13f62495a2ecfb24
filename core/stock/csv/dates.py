"""Reading a column of dates, all written in one form.

Handles forms with the month as a number or by name, the order of day and month, years
of two digits, months without a day, counts since 1970, and times in UTC that belong to
the exchange's next day. Where the order of day and month stays open, a `Question` is
raised.
"""

import datetime
import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.stock.csv.question import Answers, Choice, Question, index_of_answer
from core.stock.data.frequency import weekdays
from core.stock.wording import quoted
from core.task import DataError

HOURS, MINUTES = r"(?:[01]?\d|2[0-4])", r"[0-5]\d"
HALF = r"[AaPp]\.?[Mm](?![A-Za-z])\.?"  # of the day: AM, p.m.; not the P of 09:30 PDT
ZONE = (
    r"(?:(?:(?:UTC|GMT)\s?)?[+-]\d{1,2}(?::?\d{2})?|[A-Z]\w+/[\w/+-]+|[A-Z]{1,5})?"
    r"(?:\[[\w/+-]+\])?(?:\s?\([A-Za-z ]+\))?"
)
TIME_OF_DAY = (
    rf"(?:{HOURS}(?::{MINUTES}(?::{MINUTES}(?:[.,]\d+)?)?|h{MINUTES}"
    rf"|{MINUTES}(?:{MINUTES})?)(?:\s?{HALF})?|{HOURS}\s?{HALF})"
)
CLOCK = rf"(?P<clock>[T ,]\s*{TIME_OF_DAY}\s?{ZONE})?"
PARTS = re.compile(rf"({HOURS})(?:[:h]?({MINUTES})(?::?({MINUTES}))?)?(?!\d)")
UTC = ("Z", "UTC", "GMT", "+00:00", "+0000")
# The months in English, German, French, Spanish, Portuguese, Italian and Dutch, without
# accents.
MONTHS = [
    "january januar janvier enero janeiro gennaio januari",
    "february februar fevrier febrero fevereiro febbraio februari",
    "march maerz marz mrz mars marzo marco maart mrt",
    "april avril abril aprile",
    "may mai mayo maio maggio mei",
    "june juni juin junio junho giugno",
    "july juli juillet julio julho luglio",
    "august aout agosto augustus",
    "september septembre septiembre setembro settembre",
    "october oktober octobre octubre outubro ottobre",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dezembro dicembre",
]
MONTH = r"(?P<month>[^\W\d_]{3,10})\.?"
WEEKDAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,?\s+)?"
YEAR, DAY = r"(?P<year>\d{4})", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
CENTURIES = r"(?P<year>(?:1[89]|2[01])\d\d)"
NUMBER = r"(?P<number>\d{1,2})"
SHORT_MONTH = "name of month, two digits"  # Jan-20
FORMS = {
    "year first": re.compile(rf"{YEAR}(?P<part>[-/.]){NUMBER}(?P=part){DAY}{CLOCK}"),
    "numbers": re.compile(
        rf"(?P<first>\d{{1,2}})(?P<part>[-/.])(?P<second>\d{{1,2}})(?P=part)"
        rf"(?P<last>\d{{4}}|\d{{2}}){CLOCK}"
    ),
    "compact": re.compile(rf"{CENTURIES}(?P<number>\d{{2}})(?P<day>\d{{2}}){CLOCK}"),
    "month, day": re.compile(rf"{WEEKDAY}{MONTH}[-\s]\s*{DAY},?[-\s]\s*{YEAR}{CLOCK}"),
    "day, month": re.compile(
        rf"{WEEKDAY}{DAY}\.?[-\s/]?\s?(?:de\s)?{MONTH}[-\s,/]*(?:de\s)?"
        rf"(?P<year>\d{{4}}|\d{{2}}){CLOCK}"
    ),
    "year, month": re.compile(rf"{YEAR}[-\s/]{MONTH}[-\s/]{DAY}{CLOCK}"),
    "characters": re.compile(rf"{YEAR}[年년]\s?{NUMBER}[月월]\s?{DAY}[日일]{CLOCK}"),
    "timestamp": re.compile(r"(?:-\d{7}|\d{9})\d{0,12}(?:\.0*)?"),
    # Months without a day.
    "year-month": re.compile(rf"{CENTURIES}(?:[-/]M?|M|[年년]\s?){NUMBER}[月월]?"),
    "month-year": re.compile(rf"{NUMBER}[-/]{CENTURIES}"),
    "name of month, year": re.compile(rf"{MONTH}[-\s,/]*{CENTURIES}"),
    "year, name of month": re.compile(rf"{CENTURIES}[-\s/]+{MONTH}"),
    SHORT_MONTH: re.compile(rf"{MONTH}[-\s/]*'?(?P<year>\d{{2}})"),
    # These are numbers as well: only a column of nothing else can be of dates.
    "yearmonth": re.compile(rf"{CENTURIES}\.?(?P<number>0[1-9]|1[0-2])"),
    "month.year": re.compile(rf"(?P<number>0[1-9]|1[0-2])\.{CENTURIES}"),
}
NUMBER_LIKE = ("yearmonth", "month.year")
MAX_LENGTH = 60  # characters of a date

# A column of timestamps may also hold short ones, of days about 1970.
TIMESTAMP = re.compile(r"-?\d{1,20}(?:\.0*)?")
# The largest count of seconds that a daily price can have: the year 2100. A larger
# count is in a smaller unit.
MAX_SECONDS = 4_102_444_800
UNITS = (("seconds", 1), ("milliseconds", 10**3), ("microseconds", 10**6))
SMALLEST_UNIT = ("nanoseconds", 10**9)
LATE_EVENING = 20 * 3600  # seconds since midnight

CENTURY = 100
MAX_FUTURE = 10  # years that a series may reach into the future

# Name of each order -> which of the three numbers is the year, the month, the day.
ORDERS = {"day-first": (2, 1, 0), "month-first": (2, 0, 1), "year-first": (0, 1, 2)}
ORDER_FORMATS = {
    "day-first": "day/month/year",
    "month-first": "month/day/year",
    "year-first": "year/month/day",
}


@dataclass(frozen=True, kw_only=True)
class Days:
    """A column of dates.

    Attributes
    ----------
    days
        The days (rows,), datetime64[D].
    seconds
        Time of day (rows,), in seconds since midnight; 0 where none is given.
    notes
        What the report says of the reading.
    """

    days: np.ndarray
    seconds: np.ndarray
    notes: tuple[str, ...] = ()


def looks_like_date(cell: str) -> bool:
    """Whether a cell is written as a date, in any of the forms."""
    form, match = _form(cell)
    return (
        match is not None
        and form not in NUMBER_LIKE
        and (form in ("timestamp", "numbers") or _date(match, 2000) is not None)
    )


def looks_like_month(cell: str) -> bool:
    """Whether a cell may be a month as 202001, 2020.01 or 01.2020, or a number."""
    return _form(cell)[0] in NUMBER_LIKE


def read_days(cells: Sequence[str], numbers: Sequence[int], answers: Answers) -> Days:
    """Read dates (rows,) that are all written in one form.

    Parameters
    ----------
    cells, numbers
        The dates as they are written, and their rows in the file.
    answers
        The person's answers.

    Raises
    ------
    Question
        If day and month cannot be told apart.
    DataError
        If a cell is no date, or is written in another form than the others.
    """
    found = [_form(cell) for cell in cells]
    if any(form == "timestamp" for form, _ in found) and all(
        map(TIMESTAMP.fullmatch, cells)
    ):
        return _read_timestamps(cells)
    matches = _of_one_form(found, cells, numbers)
    form, names = found[0][0], matches[0].re.groupindex
    clocks = [match["clock"] for match in matches] if "clock" in names else []
    seconds = np.array([_seconds(clock) for clock in clocks] or [0] * len(matches))
    if form == "numbers":
        days, notes = _numeric_days(matches, numbers, answers)
    else:
        days, notes = _unambiguous_days(matches, numbers)
    if "day" not in names and form != "numbers":
        notes = (*notes, *_check_months(form, days))
    if clocks and all((clock or "").endswith(UTC) for clock in clocks):
        days, moved = _exchange_days(days, seconds)
        notes = (*notes, *moved)
    return Days(days=days, seconds=seconds, notes=notes)


def _form(cell: str) -> tuple[str, re.Match[str] | None]:
    if len(cell) <= MAX_LENGTH:
        for name, pattern in FORMS.items():
            if match := pattern.fullmatch(cell):
                return name, match
    return "", None


def _of_one_form(
    found: Sequence[tuple[str, re.Match[str] | None]],
    cells: Sequence[str],
    numbers: Sequence[int],
) -> list[re.Match[str]]:
    """Return the matches, or name two cells that differ in form.

    A spreadsheet that reads 01/02/2024 as a date and 13/02/2024 as text swaps day and
    month in one and not in the other: such a column cannot be read.
    """
    matches, first = [], None
    for (form, match), cell, number in zip(found, cells, numbers, strict=True):
        if match is None:
            raise _not_a_date(cell, number)
        kind = form, _separator_and_digits(match)
        first = first or kind
        if kind != first:
            raise DataError(
                f"Row {numbers[0]} has {quoted(cells[0])} and row {number} has "
                f"{quoted(cell)}: expected dates that are all written in one way. "
                "Write the whole column in one."
            )
        matches.append(match)
    return matches


def _separator_and_digits(match: re.Match[str]) -> tuple[str, int]:
    """Return what separates the parts, and how many digits the year has."""
    parts = match.groupdict()
    year = parts.get("last") or parts.get("year") or ""
    return parts.get("part") or "", len(year)


def _unambiguous_days(
    matches: Sequence[re.Match[str]], numbers: Sequence[int]
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Read dates of a form that can be read in one way only."""
    years = np.array([int(match["year"]) for match in matches])
    short = len(matches[0]["year"]) == 2
    if short:
        years = _full_years(years)
    days = np.empty(len(matches), "datetime64[D]")
    for row, (match, year) in enumerate(zip(matches, years.tolist(), strict=True)):
        day = _date(match, year)
        if day is None:
            raise _not_a_date(match.group(), numbers[row])
        days[row] = day
    if not short:
        return days, ()
    days = _most_likely_century(days)
    return days, (_century_note(days),)


def _date(match: re.Match[str], year: int | None = None) -> datetime.date | None:
    parts = match.groupdict()
    name = parts.get("month")
    month = _month(name) if name else int(parts["number"])
    day = int(parts.get("day", 1))
    try:
        return datetime.date(year or int(parts["year"]), month, day)
    except ValueError:
        return None


def _check_months(form: str, days: np.ndarray) -> tuple[str, ...]:
    """Return the note on months without a day.

    Raises
    ------
    DataError
        If Jan-20 seems to be a day without a year.
    """
    steps = np.diff(days.astype("datetime64[M]")).astype(np.int64)
    if form == SHORT_MONTH and not ((steps >= 0).all() or (steps <= 0).all()):
        raise DataError(
            "Expected dates with a year, got days without one, or months that are not "
            "in order. Write the dates as 2024-01-31."
        )
    return ("Months without a day: each dated as its first day.",)


@functools.lru_cache(maxsize=256)
def _month(name: str) -> int:
    """Return the number of a month, from three letters of its name; 0 for none."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    start = "".join(letter for letter in letters if not unicodedata.combining(letter))
    for number, names in enumerate(MONTHS, 1):
        if any(month.startswith(start) for month in names.split()):
            return number
    return 0


@functools.lru_cache(maxsize=4096)
def _seconds(clock: str | None) -> int:
    """Return the time of day in seconds, whatever its time zone."""
    found = PARTS.search(clock) if clock else None
    if clock is None or found is None:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    half = re.match(rf"(?:[.,]\d+)?\s?({HALF})", clock[found.end() :])
    if half:
        afternoon = half[1][0] in "Pp"
        hours = hours % 12 + 12 * afternoon if hours <= 12 else hours
    return hours * 3600 + minutes * 60 + seconds


def _not_a_date(cell: str, number: int) -> DataError:
    serial = re.fullmatch(r"[2-6]\d{4}(\.\d+)?", cell)
    advice = (
        "It looks like a spreadsheet's day number: format that column as a date."
        if serial
        else "Correct or remove that row."
    )
    return DataError(
        f"Row {number}: expected a date such as 2024-01-31, got {quoted(cell)}. "
        f"{advice}"
    )


def _read_timestamps(cells: Sequence[str]) -> Days:
    """Read counts since 1970-01-01 UTC (rows,), the unit of each from its size.

    Binance, for one, went from milliseconds to microseconds on 2025-01-01.
    """
    stamps, used = np.empty(len(cells), np.int64), []
    for row, cell in enumerate(cells):
        value = int(cell.partition(".")[0])
        fits = (unit for unit in UNITS if abs(value) <= MAX_SECONDS * unit[1])
        name, unit = next(fits, SMALLEST_UNIT)
        stamps[row] = value // unit
        if name not in used:
            used.append(name)
    days, seconds = np.divmod(stamps, 86_400)
    local, moved = _exchange_days(days.astype("datetime64[D]"), seconds)
    note = f"Dates read as {' and '.join(used)} since 1970, in UTC."
    return Days(days=local, seconds=seconds, notes=(note, *moved))


def _exchange_days(
    days: np.ndarray, seconds: np.ndarray
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Turn days in UTC into those of the exchange.

    Midnight in Paris is late evening in UTC: such a series seems to trade from Sunday
    to Thursday.
    """
    share = np.bincount(weekdays(days), minlength=7) / max(1, len(days))
    friday, saturday, sunday = share[4:]
    late = (seconds >= LATE_EVENING).all()
    if late and sunday > 0.1 and max(friday, saturday) < 0.03:
        note = (
            "Times are late evening in UTC, midnight at the exchange: next day taken."
        )
        return days + 1, (note,)
    return days, ()


def _full_years(years: np.ndarray) -> np.ndarray:
    """Put two-digit years (rows,) into the latest century that they can be of.

    On the circle of a hundred years, the series begins after the longest stretch of
    years that are missing from it.
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
    while start + along.max() + CENTURY <= this_year + MAX_FUTURE:
        start += CENTURY
    full: np.ndarray = start + along
    return full


def _most_likely_century(days: np.ndarray) -> np.ndarray:
    """Move days (rows,) a century back if only then none is on a weekend.

    A hundred years shift the days of the week, so that a series of trading days
    determines its century. NaT stays NaT.
    """
    months = days.astype("datetime64[M]")
    back = (months - 12 * CENTURY).astype("datetime64[D]") + (
        days - months.astype("datetime64[D]")
    )
    return back if _has_weekend(days) and not _has_weekend(back) else days


def _has_weekend(days: np.ndarray) -> bool:
    return not np.is_busday(days[~np.isnat(days)]).all()


def _century_note(days: np.ndarray) -> str:
    first, last = (str(day)[:4] for day in (days.min(), days.max()))
    return f"Two-digit years read as {first} to {last}."


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """The dates of a column under one order of day, month and year.

    Attributes
    ----------
    order
        A key of `ORDERS`.
    days
        The days (rows,); NaT where the numbers are no date.
    """

    order: str
    days: np.ndarray

    @property
    def invalid(self) -> np.ndarray:
        """Rows that are no date in this order."""
        return np.flatnonzero(np.isnat(self.days))


def _numeric_days(
    matches: Sequence[re.Match[str]], numbers: Sequence[int], answers: Answers
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Read dates of three numbers, such as 03/04/2024, once their order is decided.

    Parameters
    ----------
    matches
        The dates (rows,), with the groups `first`, `second`, `last` and `part`.
    numbers
        Their rows in the file.
    answers
        The person's answers.

    Returns
    -------
    tuple
        The days, and what the report says.
    """
    table = np.array(
        [[int(m[k]) for k in ("first", "second", "last")] for m in matches]
    )
    short = len(matches[0]["last"]) == 2
    orders = [order for order in ORDERS if short or order != "year-first"]
    readings = [_read_in_order(order, table, short) for order in orders]
    chosen, why = _choose_order(readings, matches, numbers, answers)
    form = ORDER_FORMATS[chosen.order]
    if chosen.invalid.size:
        row = int(chosen.invalid[0])
        raise DataError(
            f"Row {numbers[row]}: expected a date as {form}, got "
            f"{matches[row].group()[:40]!r}. Correct that row, or read the dates in "
            "another order (--dates)."
        )
    note = f"Dates read as {form} because {why}."
    return chosen.days, (note, _century_note(chosen.days)) if short else (note,)


def _read_in_order(order: str, table: np.ndarray, short: bool) -> _Reading:
    years, months, days = (table[:, place] for place in ORDERS[order])
    if short:
        years = _full_years(years)
    valid = (months >= 1) & (months <= 12) & (days >= 1)
    month = (years - 1970) * 12 + np.where(valid, months, 1) - 1
    start = month.astype("datetime64[M]")
    length = (start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")
    valid &= days <= length.astype(np.int64)
    dates = start.astype("datetime64[D]") + np.where(valid, days - 1, 0)
    dates[~valid] = np.datetime64("NaT")
    return _Reading(order=order, days=_most_likely_century(dates) if short else dates)


def _choose_order(
    readings: Sequence[_Reading],
    matches: Sequence[re.Match[str]],
    numbers: Sequence[int],
    answers: Answers,
) -> tuple[_Reading, str]:
    """Return the right reading, and why it is."""
    possible = [reading for reading in readings if not reading.invalid.size]
    if answers.dates is not None:
        choices = [Choice(value=reading.order, preview="") for reading in readings]
        chosen = readings[index_of_answer("dates", answers.dates, choices)]
        return chosen, "you chose so"
    if not possible:
        raise _no_order(readings, matches, numbers)
    others = [reading for reading in readings if reading.invalid.size]
    if all(np.array_equal(possible[0].days, other.days) for other in possible):
        if not others:
            return possible[0], "every order gives the same days"
        row = int(min(reading.invalid[0] for reading in others))
        parts = matches[row]
        short = parts["part"].join((parts["first"], parts["second"]))
        shown = short if len(parts["last"]) == 4 else parts.group()[:8]
        return possible[0], f"row {numbers[row]} has {shown}"
    scores = [(_is_regular(r.days), _weekends_plausible(r.days)) for r in possible]
    best = max(scores)
    if scores.count(best) == 1 and best[1] >= max(weekends for _, weekends in scores):
        return possible[scores.index(best)], (
            "only then are the days evenly spaced, weekends aside"
        )
    raise _order_question(possible, matches)


def _no_order(
    readings: Sequence[_Reading],
    matches: Sequence[re.Match[str]],
    numbers: Sequence[int],
) -> DataError:
    rows = sorted({int(reading.invalid[0]) for reading in readings})
    if len(rows) == 1:
        return DataError(
            f"Row {numbers[rows[0]]}: expected a date, got "
            f"{matches[rows[0]].group()[:40]!r}. Correct or remove that row."
        )
    shown = " and ".join(
        f"row {numbers[r]} has {matches[r].group()[:20]}" for r in rows
    )
    return DataError(
        f"Expected one order of day, month and year in the whole column, but {shown}. "
        "Correct or remove the rows of one kind."
    )


def _order_question(
    possible: Sequence[_Reading], matches: Sequence[re.Match[str]]
) -> Question:
    """Ask, with a date as the example that differs in every order."""
    days = np.stack([reading.days for reading in possible])
    different = [len(np.unique(column)) for column in days.T]
    row = int(np.argmax(different))
    example = matches[row].group()[:20]
    choices = []
    for reading in possible:
        day = reading.days[row].astype(datetime.date)
        span = f"all from {reading.days.min()} to {reading.days.max()}"
        preview = f"{example} is {day.day} {day:%B %Y}, {span}"
        choices.append(Choice(value=reading.order, preview=preview))
    text = f"Which number is the day in {example!r}? The file makes sense either way."
    return Question("dates", text, choices)


def _is_regular(days: np.ndarray) -> bool:
    """Whether nearly all days are equally far apart, holidays allowed."""
    gaps = np.diff(np.unique(days)).astype(np.int64)
    if not gaps.size:
        return False
    usual = int(np.median(gaps))
    return bool(np.mean(np.abs(gaps - usual) <= max(3, usual // 4)) >= 0.98)


def _weekends_plausible(days: np.ndarray) -> bool:
    """Whether weekends are left out, or every day is there."""
    every_day = np.ptp(days).astype(np.int64) < len(days) * 1.02
    return not _has_weekend(days) or bool(every_day)
