"""Reading numbers as people and programs write them."""

import math
import re
from collections.abc import Sequence

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
        return _special(cell)
    whole, _, part = match["digits"].rstrip().partition(mark)
    if not is_grouped(whole, "," if mark == "." else "."):
        return math.nan
    if part and not part.isdecimal():
        return math.nan
    plain = re.sub(r"[.,' ]", "", whole)
    value = float(f"{plain or 0}.{part or 0}{match['power'] or ''}")
    negative = "-" in (match["minus"], match["inner"])
    return (-value if negative else value) * FACTORS[match["factor"]]


def is_grouped(whole: str, mark: str) -> bool:
    """Whether thousands, if marked at all, are marked as people mark them."""
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


def _special(cell: str) -> float:
    return math.inf if cell.casefold().lstrip("+-") in ("inf", "infinity") else math.nan


def currency(cells: Sequence[str]) -> str:
    """Return the currency that the cells are marked with, or ""."""
    found = CURRENCY.search(cells[0]) if cells else None
    return found.group() if found else ""


def writing(cells: Sequence[str], numbers: Sequence[int]) -> list[str]:
    """Return what is taken off the numbers (rows,), for the report."""
    notes = []
    if sign := currency(cells):
        notes.append(f"Currency sign {sign} taken off the prices.")
    for cell, number in zip(cells, numbers, strict=True):
        if GROUPED.search(cell.translate(SPACES)):
            shown = f"{cell[:20]} in row {number}"
            notes.append(f"Thousands separators taken out, such as {shown}.")
            break
    return notes
