"""Reading a column of numbers: thousands, currency signs, and the decimal mark.

The decimal mark of a column is decided once, from the cells that prove it; where none
does, a `Question` is raised.
"""

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.stock.csv.question import Answers, Choice, Question, index_of_answer
from core.stock.wording import quoted
from core.task import DataError

MISSING = frozenset(
    {"", "null", "nan", "none", "n/a", "na", "#n/a", "n/d", "nat", "-", "--", "–", "."}
)
FACTORS = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " ") | {"\u2019": "'"})
SIGN = r"(?:[A-Za-z]{0,3}[$€£¥₹₽₩₺₿฿₫₱]|USD|EUR|GBP|GBX|GBp|JPY|CHF|INR|CAD|AUD|kr|zł)"
NUMBER = re.compile(
    rf"(?P<minus>-?){SIGN}?\s?(?P<inner>[-+]?)(?P<digits>\d[\d.,' ]*|[.,]\d+)"
    rf"(?P<power>[eE][-+]?\d+)?\s?(?P<factor>[KMBT]?)\s?{SIGN}?"
)
PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
CURRENCY = re.compile("[$€£¥₹₽₩₺₿฿₫₱]|USD|EUR|GBP|GBX|GBp|JPY|CHF|INR|CAD|AUD")
# Certain to hold thousands: 1,234.5 or 1,234,567 or 1 234 or 1'234.
GROUPED = re.compile(r"\d[., ']\d{3}[.,]\d|\d[ ']\d{3}")
MARKS = {"point": ".", "comma": ","}
AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")  # 1.234: a thousand, or a bit over one
MAX_LOG_CHANGE = math.log(100)  # of a price from row to row


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no number."""
    return cell.casefold() in MISSING


def is_number(cell: str) -> bool:
    """Whether a cell is a number under one decimal mark or the other."""
    return any(not math.isnan(read_number(cell, mark)) for mark in ".,")


def read_number(cell: str, mark: str) -> float:
    """Read a number with its thousands, currency and K, M, B, T; NaN if it is none."""
    if mark == "." and PLAIN.fullmatch(cell):
        return float(cell)
    match = NUMBER.fullmatch(cell.translate(SPACES))
    if match is None:
        infinite = cell.casefold().lstrip("+-") in ("inf", "infinity")
        return math.inf if infinite else math.nan
    whole, _, part = match["digits"].rstrip().partition(mark)
    if not _is_grouped(whole, "," if mark == "." else "."):
        return math.nan
    if part and not part.isdecimal():
        return math.nan
    plain = re.sub(r"[.,' ]", "", whole)
    value = float(f"{plain or 0}.{part or 0}{match['power'] or ''}")
    negative = "-" in (match["minus"], match["inner"])
    return (-value if negative else value) * FACTORS[match["factor"]]


def _is_grouped(whole: str, mark: str) -> bool:
    """Whether the thousands separators, if there are any, are in the usual places."""
    if whole.isdecimal() or not whole:
        return True
    marks = {letter for letter in whole if not letter.isdecimal()}
    first, *groups = re.split(r"[.,' ]", whole)
    return (
        len(marks) == 1
        and marks <= {mark, "'", " "}
        and 1 <= len(first) <= 3
        and len(groups[-1]) == 3
        and all(2 <= len(group) <= 3 for group in groups)  # two in India
    )


def currency(cells: Sequence[str]) -> str:
    """Return the currency that the first cell is marked with, or ""."""
    found = CURRENCY.search(cells[0]) if cells else None
    return found.group() if found else ""


def notes_on_numbers(cells: Sequence[str], numbers: Sequence[int]) -> list[str]:
    """Return what was removed from the cells of these rows to read them as numbers."""
    notes = []
    if sign := currency(cells):
        notes.append(f"Currency sign {sign} taken off the prices.")
    for cell, number in zip(cells, numbers, strict=True):
        if GROUPED.search(cell.translate(SPACES)):
            shown = f"{cell[:20]} in row {number}"
            notes.append(f"Thousands separators taken out, such as {shown}.")
            break
    return notes


@dataclass(frozen=True, kw_only=True)
class Decimals:
    """The decimal mark of a column.

    Attributes
    ----------
    mark
        The decimal mark.
    note
        What the report says of it, or None.
    alternatives
        Both readings, if nothing in the column proves one and the usual one was taken.
    """

    mark: str
    note: str | None = None
    alternatives: tuple[Choice, ...] = ()


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
        Of the cells of a row.
    answers
        The person's answers.

    Raises
    ------
    Question
        If 1.234 may be one thousand or a little over one.
    DataError
        If some cells prove one mark and some the other.
    """
    found = _evidence(cells)
    if answers.decimals is not None:
        choices = _both_readings("1.234")
        name = choices[index_of_answer("decimals", answers.decimals, choices)].value
        note = f"Numbers read with a decimal {name}, as you chose."
        return Decimals(mark=MARKS[name], note=note)
    if found.point is not None and found.comma is not None:
        raise DataError(
            f"Row {numbers[found.comma]} has {quoted(cells[found.comma])} and row "
            f"{numbers[found.point]} has {quoted(cells[found.point])}: expected one "
            "decimal mark in the whole column. Correct one of them."
        )
    if found.comma is not None:
        cell, row = cells[found.comma], numbers[found.comma]
        read = f"{read_number(cell, ','):.10g}"
        note = f"Decimal comma: {cell[:20]} in row {row} read as {read}."
        return Decimals(mark=",", note=note)
    if found.point is not None or found.ambiguous is None:
        return Decimals(mark=".")
    return _ambiguous_mark(cells, found, others, delimiter)


@dataclass(frozen=True, kw_only=True)
class _Evidence:
    """What a column tells about its decimal mark.

    Attributes
    ----------
    point, comma
        Index of the first cell that can only be read with that mark, or None.
    ambiguous
        Index of the first cell like 1.234 or 1,234, or None.
    marks
        The marks that such ambiguous cells have.
    """

    point: int | None = None
    comma: int | None = None
    ambiguous: int | None = None
    marks: frozenset[str] = frozenset()


def _evidence(cells: Sequence[str]) -> _Evidence:
    proofs: dict[str, int] = {}
    ambiguous, marks = None, set()
    for place, cell in enumerate(cells):
        if cell.isdecimal():
            continue
        kind = _mark_of(cell)
        if kind in MARKS:
            proofs.setdefault(kind, place)
        elif kind:
            marks.add(kind)
            ambiguous = place if ambiguous is None else ambiguous
    return _Evidence(**proofs, ambiguous=ambiguous, marks=frozenset(marks))


def _mark_of(cell: str) -> str | None:
    """`point` or `comma` if a cell proves it, its mark if ambiguous, None without."""
    match = NUMBER.fullmatch(cell.translate(SPACES).rstrip("%"))
    digits = match["digits"].strip() if match else ""
    point, comma = digits.rfind("."), digits.rfind(",")
    if max(point, comma) < 0:
        return None
    if min(point, comma) >= 0:
        return "point" if point > comma else "comma"
    mark = digits[max(point, comma)]
    name, other = ("point", "comma") if mark == "." else ("comma", "point")
    if digits.count(mark) > 1:  # only a thousands separator occurs more than once
        return other if _is_grouped(digits, mark) else None
    if AMBIGUOUS.fullmatch(digits) and not (match and match["power"]):
        return mark
    return name


def _ambiguous_mark(
    cells: Sequence[str],
    found: _Evidence,
    others: Iterable[Sequence[str]],
    delimiter: str,
) -> Decimals:
    """Read a point in a comma-separated file as the decimal mark, if nothing objects.

    Raises
    ------
    Question
        If the mark is a comma, or commas are not the delimiter, or prices would jump,
        or another column has a decimal comma.
    """
    assert found.ambiguous is not None
    cell = cells[found.ambiguous][:20]
    readings = _both_readings(cell)
    usual = delimiter == "," and found.marks == {"."}
    elsewhere = [_evidence(column) for column in others] if usual else []
    smooth = not _jumps([read_number(price, ".") for price in cells])
    if usual and smooth and all(column.comma is None for column in elsewhere):
        if any(column.point is not None for column in elsewhere):
            return Decimals(mark=".")
        note = (
            f"Prices such as {cell} read with a decimal point, as is usual in a file "
            "divided by commas; nothing else in it says so."
        )
        return Decimals(mark=".", note=note, alternatives=readings)
    raise Question(
        "decimals",
        f"Is {cell!r} one thousand or a little over one? Nothing in this file says "
        "which mark is the decimal one.",
        readings,
    )


def _both_readings(cell: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=name, preview=f"{cell} is {read_number(cell, mark):.10g}")
        for name, mark in MARKS.items()
    )


def _jumps(prices: Sequence[float]) -> bool:
    logs = [math.log(price) for price in prices if 0 < price < math.inf]
    return any(abs(a - b) > MAX_LOG_CHANGE for a, b in itertools.pairwise(logs))
