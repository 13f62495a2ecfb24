"""Reading a column of dates, all written in one form.

Handles the month as a number or by name, the order of day and month, years of two
digits, months, quarters, weeks and years without a day, counts since 1970, and times in
UTC that belong to the exchange's next day. Where the order of day and month stays open,
or swapping them would put the rows in order, a `Question` is raised.
"""

import datetime
import functools
import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.table.question import Choice, Question, read_answer
from core.task import DataError

# Name of each order -> which of the three numbers is the year, the month, the day.
ORDERS = {"day-first": (2, 1, 0), "month-first": (2, 0, 1), "year-first": (0, 1, 2)}
ORDER_FORMATS = {
    "day-first": "day/month/year",
    "month-first": "month/day/year",
    "year-first": "year/month/day",
}
SWAPPED, AS_WRITTEN = "swapped", "as-written"  # answers to dates out of order
ANSWERS = (*ORDERS, SWAPPED, AS_WRITTEN)
MIN_SWAPPED = 3  # dates that have to be out of order
IN_ORDER = 0.99  # share of the steps of a column in order

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
CLOCK_PARTS = re.compile(rf"({HOURS})(?:[:h]?({MINUTES})(?::?({MINUTES}))?)?(?!\d)")
UTC = ("Z", "UTC", "GMT", "+00:00", "+0000")
LATE_EVENING = 20 * 3600  # seconds since midnight
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
NAME = r"(?P<name>[^\W\d_]{3,10})\.?"
# In English and German, and as the other languages shorten them.
WEEKDAY = (
    r"(?:(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*|[A-Z][a-z]+tag|Mittwoch"
    r"|(?i:mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|mie|jue|vie|sáb|sab"
    r"|dom|gio|seg|ter|qua|qui|sex|ma|wo|vr|za|zo))\.?,?\s+)?"
)
YEAR, DAY = r"(?P<year>\d{4})", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
SURE_YEAR = r"(?P<year>(?:1[5-9]|2[01])\d\d)"
MONTH, PART = r"(?P<month>\d{1,2})", r"(?P<part>[-/.])"
NUMBERS = "three numbers"  # whose order is not certain
SHORT_MONTH = "name of month, two digits"  # Jan-20
TIMESTAMP = "timestamp"
FORMS = {
    "year first": rf"{YEAR}{PART}{MONTH}(?P=part){DAY}",
    NUMBERS: rf"(?P<first>\d{{1,2}}){PART}(?P<second>\d{{1,2}})(?P=part)"
    r"(?P<last>\d{4}|\d{2})",
    "compact": rf"{SURE_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})",
    "month, day": rf"{NAME}[-\s]\s*{DAY},?[-\s]\s*{YEAR}",
    "day, month": rf"{DAY}\.?[-\s/]?\s?(?:de\s)?{NAME}[-\s,/]*(?:de\s)?"
    r"(?P<year>\d{4}|\d{2})",
    "year, month": rf"{YEAR}[-\s/]{NAME}[-\s/]{DAY}",
    "characters": rf"{YEAR}[年년]\s?{MONTH}[月월]\s?{DAY}[日일]",
    TIMESTAMP: r"(?P<year>(?:-\d{7}|\d{9})\d{0,12})(?:\.0*)?",
    # Months, quarters and weeks without a day.
    "year-month": rf"{SURE_YEAR}(?:[-/]M?|M|[年년]\s?){MONTH}[月월]?",
    "month-year": rf"{MONTH}[-/]{SURE_YEAR}",
    "name of month, year": rf"{NAME}[-\s,/]*{SURE_YEAR}",
    "year, name of month": rf"{SURE_YEAR}[-\s/]+{NAME}",
    SHORT_MONTH: rf"{NAME}[-\s/]*'?(?P<year>\d{{2}})",
    "quarter": rf"{SURE_YEAR}[-\s/:]?[Qq](?P<quarter>[1-4])",
    "quarter first": rf"[Qq](?P<quarter>[1-4])[-\s/:]*{SURE_YEAR}",
    "week": rf"{SURE_YEAR}[-\s/]?[Ww](?P<week>\d{{1,2}})(?:-(?P<weekday>[1-7]))?",
    # Also numbers, so dates only if the file has no other column of dates.
    "yearmonth": rf"{SURE_YEAR}(?:\.?(?P<month>0[1-9]|1[0-2])|\.1)",
    "month.year": rf"(?P<month>0[1-9]|1[0-2])\.{SURE_YEAR}",
    "year": rf"{SURE_YEAR}(?:\.0)?",
}
PATTERNS = {name: re.compile(WEEKDAY + form + CLOCK) for name, form in FORMS.items()}
# Between the first and the last date of a range, such as a week. Without spaces it is
# the middle one of the signs, as the dates may have them, too.
BETWEEN = re.compile(
    r"\s+(?:[–—-]|to|through|until|bis|au|al|tot|do)\s+|\s*(?:\.\.+|[~→])\s*"
)
SIGN = re.compile(r"[–—/-]")
BEFORE_RANGE = re.compile(r"^(?:from|vom|du|del)\s+", re.IGNORECASE)
# The first date without what the last one says: 5, 05.01., Jan 5 or 5 Jan.
SHORT_START = re.compile(
    r"\d{1,2}(?:\.|[./]\d{1,2}\.?)?|[^\W\d_]{3,10}\.?\s\d{1,2}"
    r"|\d{1,2}\.?\s[^\W\d_]{3,10}\.?"
)
WITH_SHORT_START = (NUMBERS, "month, day", "day, month")
# Jan 5 - 11, 2020: the month of the last date stands before the first one.
ONE_MONTH = re.compile(
    r"(?P<month>[^\W\d_]{3,10}\.?)\s\d{1,2}\s?[–—-]\s?(?P<end>\d{1,2},?\s\d{4})"
)
NUMBER_LIKE = ("yearmonth", "month.year", "year")
MAX_LENGTH = 60  # characters of a date

# A column of timestamps may also hold short ones, of days about 1970.
ANY_TIMESTAMP = re.compile(r"-?\d{1,20}(?:\.0*)?")
# The largest count of seconds that a price can have: the year 2100. A larger count is
# in a smaller unit.
MAX_SECONDS = 4_102_444_800
UNITS = (("seconds", 1), ("milliseconds", 10**3), ("microseconds", 10**6))
SMALLEST_UNIT = ("nanoseconds", 10**9)
CENTURY = 100
MAX_FUTURE = 10  # years after today that years of two digits may be


def looks_like_date(cell: str) -> bool:
    """Whether a cell is written as a date or a range of dates, in any of the forms."""
    form, match = _form(cell)
    if match is None:
        return bool(_end_of_range(cell))
    if form in NUMBER_LIKE:
        return False
    parts = match.groupdict()
    month = (
        month_number(parts["name"]) if "name" in parts else int(parts.get("month", 1))
    )
    return 1 <= month <= 12 and 1 <= int(parts.get("day", 1)) <= 31


def looks_like_period(cell: str) -> bool:
    """Whether a cell may be a month or year as 202001, 2020.01 or 2020, or a number."""
    return _form(cell)[0] in NUMBER_LIKE


def read_days(
    cells: Sequence[str], numbers: Sequence[int], answer: str | None, notes: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the days (rows,) and times of day in seconds (rows,) of a column of dates.

    The cells, in rows of a file with these numbers, are all written in one form. Of
    ranges of dates, the ends are read. A `Question` is raised if the order of day and
    month is ambiguous, or if the dates would be in order only with day and month
    swapped; its answer is one of `ANSWERS`.
    Sentences for the report are appended to the notes.
    """
    if answer is not None:
        answer = read_answer("dates", answer, ANSWERS)
    column = pd.Series(list(cells), index=list(numbers), dtype=object)
    if _form(cells[0])[1] is None and _end_of_range(cells[0]):
        column = _ends_of_ranges(column)
        notes.append(
            f"Date ranges such as {cells[0]!r}: each row is dated as the end of its "
            "range."
        )
        cells = column.tolist()
    if column.map(PATTERNS[TIMESTAMP].fullmatch).any() and all(
        map(ANY_TIMESTAMP.fullmatch, cells)
    ):
        return _read_timestamps(cells, notes)
    form, parts = _in_one_form(column)
    if form == NUMBERS:
        days = _days_of_three_numbers(column, parts, answer, notes)
    else:
        days = _days_of_certain_form(form, column, parts, notes)
    if form in ("year first", NUMBERS, "compact") and answer not in ORDERS:
        days = _swap_or_ask(days, cells, answer, notes)
    clocks = parts["clock"].fillna("")
    seconds = clocks.map(_seconds).to_numpy(np.int64)
    if clocks.str.endswith(UTC).all():
        days = _exchange_days(days, seconds, notes)
    return days, seconds


def _form(cell: str) -> tuple[str, re.Match[str] | None]:
    if len(cell) <= MAX_LENGTH:
        for name, pattern in PATTERNS.items():
            if match := pattern.fullmatch(cell):
                return name, match
    return "", None


def _end_of_range(cell: str) -> str:
    """Return the last date of a range of dates, "" for other cells."""
    if len(cell) > MAX_LENGTH:
        return ""
    cell = BEFORE_RANGE.sub("", cell, count=1)
    if month := ONE_MONTH.fullmatch(cell):
        end = f"{month['month']} {month['end']}"
        return end if month_number(month["month"].rstrip(".")) else ""
    start, *ends = BETWEEN.split(cell)
    if not ends and (signs := list(SIGN.finditer(cell))):
        middle = signs[len(signs) // 2]
        start, ends = cell[: middle.start()].rstrip(), [cell[middle.end() :].lstrip()]
    if len(ends) != 1:
        return ""
    form, match = _form(ends[0])
    if match is None or form in (TIMESTAMP, *NUMBER_LIKE):
        return ""
    short = form in WITH_SHORT_START and SHORT_START.fullmatch(start)
    return ends[0] if short or PATTERNS[form].fullmatch(start) else ""


def _ends_of_ranges(column: pd.Series) -> pd.Series:
    ends = column.map(_end_of_range)
    single = np.flatnonzero(ends == "")
    if single.size:
        raise _several_forms(column, int(single[0]))
    return ends


def _in_one_form(column: pd.Series) -> tuple[str, pd.DataFrame]:
    """Return the form of a column and the parts of its dates; a DataError for mixtures.

    A spreadsheet that reads 01/02/2024 as a date and 13/02/2024 as text swaps day and
    month in the first only: such a column cannot be read.
    """
    form, match = _form(column.iloc[0])
    if match is None:
        raise _not_a_date(column, 0)
    cells = column.where(column.str.len() <= MAX_LENGTH)
    parts = cells.str.extract(rf"^(?:{PATTERNS[form].pattern})\Z").astype(object)
    year = parts["last" if form == NUMBERS else "year"]
    style = year.str.len().astype(str)
    if "part" in parts:
        style += parts["part"]
    different = np.flatnonzero(style != style.iloc[0])
    if different.size:
        row = int(different[0])
        if _form(column.iloc[row])[1] is None:
            raise _not_a_date(column, row)
        raise _several_forms(column, row)
    return form, parts


def _several_forms(column: pd.Series, row: int) -> DataError:
    return DataError(
        f"Row {column.index[0]} has {column.iloc[0][:40]!r} and row "
        f"{column.index[row]} has {column.iloc[row][:40]!r}: expected dates that "
        "are all written in one way. Write the whole column in one."
    )


def _days_of_certain_form(
    form: str, column: pd.Series, parts: pd.DataFrame, notes: list[str]
) -> np.ndarray:
    """Read dates of an unambiguous form."""
    short = len(parts["year"].iloc[0]) == 2
    years = parts["year"].astype(int).to_numpy()
    frame = pd.DataFrame({"year": _full_years(years) if short else years})
    frame["month"] = 1
    if "name" in parts:
        frame["month"] = parts["name"].map(month_number).to_numpy()
    elif "month" in parts:  # 1871.1 is 1871.10 as a number
        frame["month"] = parts["month"].fillna("10").astype(int).to_numpy()
    elif "quarter" in parts:
        frame["month"] = 3 * parts["quarter"].astype(int).to_numpy() - 2
    frame["day"] = parts["day"].astype(int).to_numpy() if "day" in parts else 1
    days = _days(frame)
    if form == "week":
        days = _days_of_weeks(years, parts)
    invalid = np.flatnonzero(np.isnat(days))
    if invalid.size:
        raise _not_a_date(column, int(invalid[0]))
    if short:
        notes.append(_note_on_years(days))
    if form == "yearmonth" and parts["month"].isna().any():
        row = int(parts["month"].isna().argmax())
        notes.append(f"{column.iloc[row]} read as October.")
    if "day" not in parts:
        step = form.removesuffix(" first")
        each = step if step in ("quarter", "week", "year") else "month"
        first = "Monday" if each == "week" else "first day"
        notes.append(f"{each.capitalize()}s without a day: each dated as its {first}.")
    if form == SHORT_MONTH and _steps_back(days):
        raise DataError(
            "Expected dates with a year, got days without one, or months that are not "
            "in order. Write the dates as 2024-01-31."
        )
    return days


def _days(parts: pd.DataFrame) -> np.ndarray:
    """Return the days (rows,), NaT where year, month and day are no date."""
    found = pd.to_datetime(parts, errors="coerce")
    return found.to_numpy().astype("datetime64[D]")


def _days_of_weeks(years: np.ndarray, parts: pd.DataFrame) -> np.ndarray:
    """Return days (rows,) of ISO weeks, NaT where a year has no such week."""
    weeks = parts["week"].astype(int).to_numpy()
    days = parts["weekday"].fillna("1").astype(int).to_numpy()
    # The fourth of January is always in the first week.
    fourth = (years - 1970).astype("datetime64[Y]").astype("datetime64[D]") + 3
    monday = fourth - pd.DatetimeIndex(fourth).day_of_week.to_numpy()
    found = monday + 7 * (weeks - 1) + days - 1
    valid = pd.DatetimeIndex(found).isocalendar()["week"].to_numpy() == weeks
    return np.where(valid, found, np.datetime64("NaT"))


@functools.lru_cache(maxsize=256)
def month_number(name: str) -> int:
    """Return the number of a month, from three letters of its name; 0 for none."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    start = "".join(letter for letter in letters if not unicodedata.combining(letter))
    for number, names in enumerate(MONTHS, 1):
        if len(start) > 2 and any(month.startswith(start) for month in names.split()):
            return number
    return 0


@functools.lru_cache(maxsize=4096)
def _seconds(clock: str) -> int:
    """Return the time of day in seconds; its time zone is ignored."""
    found = CLOCK_PARTS.search(clock)
    if found is None:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    half = re.match(rf"(?:[.,]\d+)?\s?({HALF})", clock[found.end() :])
    if half and hours <= 12:
        hours = hours % 12 + 12 * (half[1][0] in "Pp")
    return hours * 3600 + minutes * 60 + seconds


def _not_a_date(column: pd.Series, row: int) -> DataError:
    cell = column.iloc[row]
    advice = (
        "It looks like a spreadsheet's day number: format that column as a date."
        if re.fullmatch(r"[2-6]\d{4}(\.\d+)?", cell)
        else "Correct or remove that row."
    )
    return DataError(
        f"Row {column.index[row]}: expected a date such as 2024-01-31, got "
        f"{cell[:40]!r}. {advice}"
    )


def _read_timestamps(
    cells: Sequence[str], notes: list[str]
) -> tuple[np.ndarray, np.ndarray]:
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
    notes.append(f"Dates read as {' and '.join(used)} since 1970, in UTC.")
    return _exchange_days(days.astype("datetime64[D]"), seconds, notes), seconds


def _exchange_days(
    days: np.ndarray, seconds: np.ndarray, notes: list[str]
) -> np.ndarray:
    """Turn days in UTC into those of the exchange.

    Midnight in Paris is late evening in UTC: such dates are from Sunday to Thursday.
    """
    weekday = pd.DatetimeIndex(days).day_of_week
    friday, saturday, sunday = (float((weekday == day).mean()) for day in (4, 5, 6))
    late = (seconds >= LATE_EVENING).all()
    if late and sunday > 0.1 and max(friday, saturday) < 0.03:
        notes.append(
            "Times are late evening in UTC, midnight at the exchange: next day taken."
        )
        return days + 1
    return days


def _full_years(years: np.ndarray) -> np.ndarray:
    """Put two-digit years (rows,) into the hundred years that end ten after today."""
    present = np.unique(years)
    if np.diff(present, append=present[0] + CENTURY).max() < 5:
        raise DataError(
            "Expected years with four digits in a series of about a hundred years, "
            f"got two, such as {years[0]:02d}. Write the years in full."
        )
    last = datetime.date.today().year + MAX_FUTURE
    return np.asarray(last - (last - years) % CENTURY)


def _note_on_years(days: np.ndarray) -> str:
    first, last = (str(day)[:4] for day in (days.min(), days.max()))
    return f"Two-digit years read as {first} to {last}."


def _days_of_three_numbers(
    column: pd.Series, parts: pd.DataFrame, answer: str | None, notes: list[str]
) -> np.ndarray:
    """Read dates of three numbers, such as 03/04/2024, once their order is decided."""
    three = parts[["first", "second", "last"]].astype(int).to_numpy()
    short = len(parts["last"].iloc[0]) == 2
    readings = {}
    for order, places in ORDERS.items():
        if short or order != "year-first":
            frame = pd.DataFrame(three[:, places], columns=["year", "month", "day"])
            if short:
                frame["year"] = _full_years(frame["year"].to_numpy())
            readings[order] = _days(frame)
    if answer in ORDERS:
        chosen, why = read_answer("dates", answer or "", list(readings)), "you chose so"
    else:
        chosen, why = _find_order(readings, column)
    days, form = readings[chosen], ORDER_FORMATS[chosen]
    invalid = np.flatnonzero(np.isnat(days))
    if invalid.size:
        row = int(invalid[0])
        raise DataError(
            f"Row {column.index[row]}: expected a date as {form}, got "
            f"{column.iloc[row]!r}. Correct that row, or read the dates in another "
            "order (--dates)."
        )
    notes.append(f"Dates read as {form} because {why}.")
    if short:
        notes.append(_note_on_years(days))
    return days


def _find_order(readings: dict[str, np.ndarray], column: pd.Series) -> tuple[str, str]:
    """Return the right order, and the reason."""
    wrong = {o: np.flatnonzero(np.isnat(days)) for o, days in readings.items()}
    possible = {o: days for o, days in readings.items() if not wrong[o].size}
    if not possible:
        raise _no_order([int(rows[0]) for rows in wrong.values()], column)
    first = next(iter(possible))
    if all(np.array_equal(possible[first], days) for days in possible.values()):
        if len(possible) == len(readings):
            return first, "every order gives the same days"
        row = min(int(rows[0]) for rows in wrong.values() if rows.size)
        return first, f"row {column.index[row]} has {_numbers_of(column.iloc[row])}"
    scores = {o: (_is_regular(d), _plausible_weekends(d)) for o, d in possible.items()}
    best = max(scores, key=lambda order: scores[order])
    fits = scores[best][1] >= max(weekends for _, weekends in scores.values())
    if list(scores.values()).count(scores[best]) == 1 and fits:
        return best, "only then are the days evenly spaced, weekends aside"
    raise _question_of_order(possible, column)


def _numbers_of(cell: str) -> str:
    """Return `13/01/2020` of a date with a weekday or a time of day."""
    return "".join(re.findall(r"\d[\d/.-]+", cell)[:1])


def _no_order(first: Sequence[int], column: pd.Series) -> DataError:
    rows = sorted(set(first))
    if len(rows) == 1:
        return _not_a_date(column, rows[0])
    shown = " and ".join(
        f"row {column.index[row]} has {column.iloc[row][:20]}" for row in rows
    )
    return DataError(
        f"Expected one order of day, month and year in the whole column, but {shown}. "
        "Correct the rows of one kind."
    )


def _question_of_order(possible: dict[str, np.ndarray], column: pd.Series) -> Question:
    """Return a question with an example date that differs in every order."""
    different = [len(np.unique(days)) for days in np.stack([*possible.values()]).T]
    row = int(np.argmax(different))
    example = _numbers_of(column.iloc[row])
    choices = []
    for order, days in possible.items():
        day = days[row].astype(datetime.date)
        span = f"all from {days.min()} to {days.max()}"
        preview = f"{example} is {day.day} {day:%B %Y}, {span}"
        choices.append(Choice(value=order, preview=preview))
    text = f"Which number is the day in {example!r}? The file fits several orders."
    return Question("dates", text, choices)


def _is_regular(days: np.ndarray) -> bool:
    """Whether nearly all days are equally far apart, holidays allowed."""
    gaps = np.diff(np.unique(days)).astype(np.int64)
    if not gaps.size:
        return False
    usual = int(np.median(gaps))
    return bool(np.mean(np.abs(gaps - usual) <= max(3, usual // 4)) >= 0.98)


def _plausible_weekends(days: np.ndarray) -> bool:
    """Whether the days have no weekends, or are complete."""
    every_day = np.ptp(days).astype(np.int64) < len(days) * 1.02
    return bool(np.is_busday(days).all() or every_day)


def _swap_or_ask(
    days: np.ndarray, cells: Sequence[str], answer: str | None, notes: list[str]
) -> np.ndarray:
    """Swap day and month, or ask, if the dates are in order only with them swapped.

    A spreadsheet swaps them in every date whose day is at most 12, and leaves the
    others as they are. In a file of several parts it may have done so in one of them.
    """
    if answer == AS_WRITTEN or (answer is None and _steps_back(days) < MIN_SWAPPED):
        return days
    index = pd.DatetimeIndex(days)
    ambiguous = np.asarray((index.day <= 12) & (index.day != index.month))
    parts = {"year": index.year, "month": index.day, "day": index.month}
    all_swapped = np.where(ambiguous, _days(pd.DataFrame(parts)), days)
    swapped = _nearer(days, all_swapped)
    if _steps_back(all_swapped) <= _steps_back(swapped):
        swapped = all_swapped
    count = (swapped != days).sum()
    if answer == SWAPPED:
        notes.append(f"Day and month swapped in {count:,} dates, as you chose.")
        return swapped
    allowed = (1 - IN_ORDER) * len(days)
    if _steps_back(swapped) > min(allowed, _steps_back(days) / 10):
        return days
    row = int(np.flatnonzero(swapped != days)[0])
    example = cells[row][:20]
    text = (
        f"Are day and month swapped in {count:,} dates, such as {example!r}? As "
        "written the dates are out of order; with day and month swapped in these they "
        "are in order."
    )
    choices = [
        Choice(value=SWAPPED, preview=f"{example} is {swapped[row]}; all in order"),
        Choice(value=AS_WRITTEN, preview=f"{example} is {days[row]}; sorted by date"),
    ]
    raise Question("dates", text, choices)


def _nearer(days: np.ndarray, swapped: np.ndarray) -> np.ndarray:
    """Swap only the dates that come nearer to the others around them (rows,)."""
    rows, known = np.arange(len(days)), np.flatnonzero(days == swapped)
    if len(known) < 2:
        return swapped
    numbers = days.astype(np.int64)
    expected = np.interp(rows, known, numbers[known])
    is_nearer = np.abs(swapped.astype(np.int64) - expected) < np.abs(numbers - expected)
    return np.where(is_nearer, swapped, days)


def _steps_back(days: np.ndarray) -> int:
    """Count the rows out of order, whether the oldest or the newest comes first."""
    steps = np.diff(days).astype(np.int64)
    return int(min((steps < 0).sum(), (steps > 0).sum()))
