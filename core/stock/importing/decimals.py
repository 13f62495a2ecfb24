"""Which mark of a column of numbers is the decimal one: decided once, never guessed."""

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.stock.importing.numbers import NUMBER, SPACES, is_grouped, read_number
from core.stock.importing.question import Answers, Choice, Question, settle
from core.stock.importing.words import shortened
from core.task import DataError

MARKS = {"point": ".", "comma": ","}
UNCLEAR = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")  # 1.234: a thousand, or a bit over one
LEAP = math.log(100)  # a day's change that no price makes


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a column says about its decimal mark, by places in the column.

    Attributes
    ----------
    point, comma
        The first cell that can only be read with that mark, or None.
    unclear
        The first cell like 1.234 or 1,234, or None.
    marks
        The marks that such unclear cells have.
    """

    point: int | None = None
    comma: int | None = None
    unclear: int | None = None
    marks: frozenset[str] = frozenset()


def evidence(cells: Sequence[str]) -> Evidence:
    """Look for cells that prove one decimal mark or the other."""
    proofs: dict[str, int] = {}
    unclear, marks = None, set()
    for place, cell in enumerate(cells):
        if cell.isdecimal():
            continue
        kind = _mark_of(cell)
        if kind in ("point", "comma"):
            proofs.setdefault(kind, place)
        elif kind:
            marks.add(kind)
            unclear = place if unclear is None else unclear
    return Evidence(**proofs, unclear=unclear, marks=frozenset(marks))


def _mark_of(cell: str) -> str | None:
    """`point` or `comma` if a cell proves it, the mark if unclear, None without one."""
    match = NUMBER.fullmatch(cell.translate(SPACES).rstrip("%"))
    digits = match["digits"].strip() if match else ""
    point, comma = digits.rfind("."), digits.rfind(",")
    if max(point, comma) < 0:
        return None
    if min(point, comma) >= 0:
        return "point" if point > comma else "comma"
    mark = digits[max(point, comma)]
    name, other = ("point", "comma") if mark == "." else ("comma", "point")
    if digits.count(mark) > 1:  # only thousands are marked more than once
        return other if is_grouped(digits, mark) else None
    if UNCLEAR.fullmatch(digits) and not (match and match["power"]):
        return mark
    return name


@dataclass(frozen=True, kw_only=True)
class Decimals:
    """How a column of numbers is written.

    Attributes
    ----------
    mark
        The decimal mark.
    note
        What the report says of it, or None.
    doubts
        The readings there are, if nothing in the column settles it and the usual one
        was taken.
    """

    mark: str
    note: str | None = None
    doubts: tuple[Choice, ...] = ()


def decimal_mark(
    cells: Sequence[str],
    numbers: Sequence[int],
    others: Iterable[Sequence[str]],
    delimiter: str,
    answers: Answers,
) -> Decimals:
    """Decide how a column of prices is written.

    Parameters
    ----------
    cells, numbers
        The prices as they are written, and their rows in the file.
    others
        The other columns.
    delimiter
        What parts the cells of a row.
    answers
        What the person said.

    Raises
    ------
    Question
        If 1.234 may be one thousand or a little over one.
    DataError
        If some cells prove one mark and some the other.
    """
    found = evidence(cells)
    if answers.decimals is not None:
        name = list(MARKS)[settle("decimals", answers.decimals, _readings("1.234"))]
        note = f"Numbers read with a decimal {name}, as you chose."
        return Decimals(mark=MARKS[name], note=note)
    if found.point is not None and found.comma is not None:
        raise DataError(
            f"Row {numbers[found.comma]} has {shortened(cells[found.comma])} and row "
            f"{numbers[found.point]} has {shortened(cells[found.point])}: expected one "
            "decimal mark in the whole column. Correct one of them."
        )
    if found.comma is not None:
        cell, row = cells[found.comma], numbers[found.comma]
        read = f"{read_number(cell, ','):.10g}"
        note = f"Decimal comma: {cell[:20]} in row {row} read as {read}."
        return Decimals(mark=",", note=note)
    if found.point is not None or found.unclear is None:
        return Decimals(mark=".")
    return _unclear_mark(cells, found, others, delimiter)


def _unclear_mark(
    cells: Sequence[str],
    found: Evidence,
    others: Iterable[Sequence[str]],
    delimiter: str,
) -> Decimals:
    """Take a point between commas for the decimal point that it is, unless it is odd.

    Raises
    ------
    Question
        If the mark is a comma, or the cells are not divided by commas, or something
        in the file speaks against it.
    """
    assert found.unclear is not None
    cell = cells[found.unclear][:20]
    readings = _readings(cell)
    usual = delimiter == "," and found.marks == {"."}
    elsewhere = [evidence(column) for column in others] if usual else []
    smooth = not _leaps([read_number(price, ".") for price in cells])
    if usual and smooth and all(column.comma is None for column in elsewhere):
        if any(column.point is not None for column in elsewhere):
            return Decimals(mark=".")
        note = (
            f"Prices such as {cell} read with a decimal point, as is usual in a file "
            "divided by commas; nothing else in it says so."
        )
        return Decimals(mark=".", note=note, doubts=readings)
    raise Question(
        "decimals",
        f"Is {cell!r} one thousand or a little over one? Nothing in this file says "
        "which mark is the decimal one.",
        readings,
    )


def _readings(cell: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=name, preview=f"{cell} is {read_number(cell, mark):.10g}")
        for name, mark in MARKS.items()
    )


def _leaps(prices: Sequence[float]) -> bool:
    """Whether two prices in a row are apart as no two prices are."""
    logs = [math.log(price) for price in prices if 0 < price < math.inf]
    return any(abs(a - b) > LEAP for a, b in itertools.pairwise(logs))
