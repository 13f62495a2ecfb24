"""Reading a column of dates: which form it has, decided once."""

import datetime
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.stock.importing import epochs
from core.stock.importing.question import Answers
from core.stock.importing.two_readings import numeric_days
from core.stock.importing.words import shortened
from core.stock.importing.years import century_note, full_years, right_century
from core.task import DataError

CLOCK = (
    r"(?P<clock>[T ,]\s*\d{1,2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)?(?:\s?[AaPp][Mm])?"
    r"\s?(?:Z|[A-Z]{3,4}|[+-]\d{2}(?::?\d{2})?)?)?"
)
MONTHS = [
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
]
MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
WEEKDAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,?\s+)?"
YEAR, DAY = r"(?P<year>\d{4})", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
FORMS = {
    "year first": re.compile(
        rf"{YEAR}(?P<part>[-/.])(?P<number>\d{{1,2}})(?P=part){DAY}{CLOCK}"
    ),
    "numbers": re.compile(
        rf"(?P<first>\d{{1,2}})(?P<part>[-/.])(?P<second>\d{{1,2}})(?P=part)"
        rf"(?P<last>\d{{4}}|\d{{2}}){CLOCK}"
    ),
    "compact": re.compile(
        rf"(?P<year>1[89]\d\d|2[01]\d\d)(?P<number>\d{{2}})(?P<day>\d{{2}}){CLOCK}"
    ),
    "month, day": re.compile(rf"{WEEKDAY}{MONTH}\s+{DAY},?\s+{YEAR}{CLOCK}"),
    "day, month": re.compile(
        rf"{WEEKDAY}{DAY}[-\s]{MONTH}[-\s,]+(?P<year>\d{{4}}|\d{{2}}){CLOCK}"
    ),
    "year, month": re.compile(rf"{YEAR}[-\s]{MONTH}[-\s]{DAY}{CLOCK}"),
    "epoch": epochs.FORM,
}
LONGEST = 60  # characters of a date; a longer cell is none


@dataclass(frozen=True, kw_only=True)
class Days:
    """A column of dates, read.

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
    return match is not None and (
        form in ("epoch", "numbers") or _day(match) is not None
    )


def read_days(cells: Sequence[str], numbers: Sequence[int], answers: Answers) -> Days:
    """Read dates (rows,) that are all written in one form.

    Parameters
    ----------
    cells, numbers
        The dates as they are written, and their rows in the file.
    answers
        What the person said.

    Raises
    ------
    Question
        If day and month cannot be told apart.
    DataError
        If a cell is no date, or is written in another form than the others.
    """
    found = [_form(cell) for cell in cells]
    if any(form == "epoch" for form, _ in found) and all(
        map(epochs.SHORT.fullmatch, cells)
    ):
        days, seconds, notes = epochs.read(cells)
        return Days(days=days, seconds=seconds, notes=notes)
    matches = _of_one_form(found, cells, numbers)
    seconds = np.array([_seconds(match["clock"]) for match in matches])
    if found[0][0] == "numbers":
        days, notes = numeric_days(matches, numbers, answers)
    else:
        days, notes = _plain_days(matches, numbers)
    if all(
        (match["clock"] or "").endswith(("Z", "UTC", "+00:00")) for match in matches
    ):
        days, moved = epochs.exchange_days(days, seconds)
        notes = (*notes, *moved)
    return Days(days=days, seconds=seconds, notes=notes)


def _form(cell: str) -> tuple[str, re.Match[str] | None]:
    if len(cell) <= LONGEST:
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

    A spreadsheet that takes 01/02/2024 for a date and 13/02/2024 for text swaps day
    and month in one and not in the other: such a column cannot be read.
    """
    matches, first = [], None
    for (form, match), cell, number in zip(found, cells, numbers, strict=True):
        if match is None:
            raise _no_date(cell, number)
        kind = form, _width(match)
        first = first or kind
        if kind != first:
            raise DataError(
                f"Row {numbers[0]} has {shortened(cells[0])} and row {number} has "
                f"{shortened(cell)}: expected dates that are all written in one way. "
                "Write the whole column in one."
            )
        matches.append(match)
    return matches


def _width(match: re.Match[str]) -> tuple[str, int]:
    parts = match.groupdict()
    year = parts.get("last") or parts.get("year") or ""
    return parts.get("part") or "", len(year)


def _plain_days(
    matches: Sequence[re.Match[str]], numbers: Sequence[int]
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Read dates of a form that can be read in one way only."""
    years = np.array([int(match["year"]) for match in matches])
    short = len(matches[0]["year"]) == 2
    if short:
        years = full_years(years)
    days = np.empty(len(matches), "datetime64[D]")
    for row, (match, year) in enumerate(zip(matches, years.tolist(), strict=True)):
        day = _day(match, year)
        if day is None:
            raise _no_date(match.group(), numbers[row])
        days[row] = day
    if not short:
        return days, ()
    days = right_century(days)
    return days, century_note(days)


def _day(match: re.Match[str], year: int | None = None) -> datetime.date | None:
    parts = match.groupdict()
    name = parts.get("month")
    month = _month(name) if name else int(parts["number"])
    try:
        return datetime.date(year or int(parts["year"]), month, int(parts["day"]))
    except ValueError:
        return None


def _month(name: str) -> int:
    """Return the number of a month, from three letters of its name; 0 for none."""
    folded = name.casefold()
    found = (n for n, month in enumerate(MONTHS, 1) if month.startswith(folded))
    return next(found, 0)


@functools.lru_cache(maxsize=4096)
def _seconds(clock: str | None) -> int:
    """Return the time of day, as the exchange's clocks show it."""
    if not clock:
        return 0
    numbers = [int(part) for part in re.findall(r"\d+", clock)[:3]]
    if numbers[0] > 24:  # 0930 or 093000
        digits = str(numbers[0]).zfill(4)
        numbers = [int(digits[:2]), int(digits[2:4])]
    hours, minutes, *rest = [*numbers, 0, 0]
    if "p" in clock.casefold() and hours < 12:
        hours += 12
    return hours * 3600 + minutes * 60 + (rest[0] if rest else 0)


def _no_date(cell: str, number: int) -> DataError:
    serial = re.fullmatch(r"[2-6]\d{4}(\.\d+)?", cell)
    advice = (
        "It looks like a spreadsheet's day number: format that column as a date."
        if serial
        else "Correct or remove that row."
    )
    return DataError(
        f"Row {number}: expected a date such as 2024-01-31, got {shortened(cell)}. "
        f"{advice}"
    )
