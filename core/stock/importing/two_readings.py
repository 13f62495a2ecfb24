"""Dates of three numbers, such as 03/04/2024: which is the day, decided once."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.stock.importing.question import Answers, Choice, Question, settle
from core.stock.importing.years import century_note, full_years, right_century
from core.task import DataError

# Name of each order -> which of the three numbers is the year, the month, the day.
ORDERS = {"day-first": (2, 1, 0), "month-first": (2, 0, 1), "year-first": (0, 1, 2)}
WORDS = {
    "day-first": "day/month/year",
    "month-first": "month/day/year",
    "year-first": "year/month/day",
}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The dates of a column under one order.

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
    def wrong(self) -> np.ndarray:
        """Rows that are no date in this order."""
        return np.flatnonzero(np.isnat(self.days))


def numeric_days(
    matches: Sequence[re.Match[str]], numbers: Sequence[int], answers: Answers
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Decide the order of day, month and year in a column, and read it.

    Parameters
    ----------
    matches
        The dates (rows,), with the groups `first`, `second`, `last` and `part`.
    numbers
        Their rows in the file.
    answers
        What the person said.

    Returns
    -------
    tuple
        The days, and what the report says.

    Raises
    ------
    Question
        If nothing in the column tells the orders apart.
    DataError
        If the column is no date in any order.
    """
    table = np.array(
        [[int(m[k]) for k in ("first", "second", "last")] for m in matches]
    )
    short = len(matches[0]["last"]) == 2
    orders = [order for order in ORDERS if short or order != "year-first"]
    readings = [_reading(order, table, short) for order in orders]
    chosen, why = _choose(readings, matches, numbers, answers)
    if chosen.wrong.size:
        row = int(chosen.wrong[0])
        raise DataError(
            f"Row {numbers[row]}: expected a date as {WORDS[chosen.order]}, got "
            f"{matches[row].group()[:40]!r}. Correct that row, or read the dates in "
            "another order (--dates)."
        )
    note = f"Dates read as {WORDS[chosen.order]} because {why}."
    return chosen.days, (note, *(century_note(chosen.days) if short else ()))


def _reading(order: str, table: np.ndarray, short: bool) -> Reading:
    years, months, days = (table[:, place] for place in ORDERS[order])
    if short:
        years = full_years(years)
    fits = (months >= 1) & (months <= 12) & (days >= 1)
    month = (years - 1970) * 12 + np.where(fits, months, 1) - 1
    start = month.astype("datetime64[M]")
    length = (start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")
    fits &= days <= length.astype(np.int64)
    dates = start.astype("datetime64[D]") + np.where(fits, days - 1, 0)
    dates[~fits] = np.datetime64("NaT")
    return Reading(order=order, days=right_century(dates) if short else dates)


def _choose(
    readings: Sequence[Reading],
    matches: Sequence[re.Match[str]],
    numbers: Sequence[int],
    answers: Answers,
) -> tuple[Reading, str]:
    """Return the reading that holds, and why."""
    possible = [reading for reading in readings if not reading.wrong.size]
    if answers.dates is not None:
        said = [Choice(value=reading.order, preview="") for reading in readings]
        return readings[settle("dates", answers.dates, said)], "you chose so"
    if not possible:
        raise _no_order(readings, matches, numbers)
    others = [reading for reading in readings if reading.wrong.size]
    if all(np.array_equal(possible[0].days, other.days) for other in possible):
        if not others:
            return possible[0], "every order gives the same days"
        row = int(min(reading.wrong[0] for reading in others))
        parts = matches[row]
        short = parts["part"].join((parts["first"], parts["second"]))
        shown = short if len(parts["last"]) == 4 else parts.group()[:8]
        return possible[0], f"row {numbers[row]} has {shown}"
    fit = [(_is_regular(r.days), _keeps_weekends(r.days)) for r in possible]
    best = max(fit)
    if fit.count(best) == 1 and best[1] >= max(weekends for _, weekends in fit):
        return possible[fit.index(best)], (
            "only then are the days evenly spaced, weekends aside"
        )
    raise _question(possible, matches)


def _no_order(
    readings: Sequence[Reading],
    matches: Sequence[re.Match[str]],
    numbers: Sequence[int],
) -> DataError:
    rows = sorted({int(reading.wrong[0]) for reading in readings})
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


def _question(
    possible: Sequence[Reading], matches: Sequence[re.Match[str]]
) -> Question:
    """Ask, with a date that every order reads in another way."""
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
    """Whether nearly all days are as far apart as the others, holidays allowed."""
    gaps = np.diff(np.unique(days)).astype(np.int64)
    if not gaps.size:
        return False
    usual = int(np.median(gaps))
    return bool(np.mean(np.abs(gaps - usual) <= max(3, usual // 4)) >= 0.98)


def _keeps_weekends(days: np.ndarray) -> bool:
    """Whether weekends are left out, or every day is there."""
    weekend = (days.astype(np.int64) + 3) % 7 >= 5
    return not weekend.any() or bool(np.ptp(days).astype(np.int64) < len(days) * 1.02)
