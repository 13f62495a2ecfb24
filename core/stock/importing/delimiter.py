"""What parts the cells of a row: a comma, a semicolon, a tab or a bar."""

import csv
from collections.abc import Sequence

from core.stock.importing.dates import looks_like_date
from core.stock.importing.numbers import is_missing, is_number
from core.stock.importing.text import DELIMITERS
from core.stock.importing.words import shortened
from core.task import DataError

SAMPLE = 40  # lines that the delimiter is found from


def find_delimiter(text: str) -> tuple[str, str, list[str]]:
    """Return the delimiter, the text without a line that names it, and a note on it."""
    first, _, rest = text.partition("\n")
    named = first.strip().strip('"').casefold()
    if named.startswith("sep=") and len(named) <= 5:
        mark = named[4:] or "\t"
        if mark not in DELIMITERS:
            raise DataError(
                f"Row 1: expected sep= with a comma, a semicolon, a tab or |, got "
                f"{shortened(first.strip())}. Correct or remove that line."
            )
        return mark, rest, [f"Delimiter taken from the first line ({first.strip()})."]
    lines = [line for line in text.splitlines() if line.strip()][:SAMPLE]
    return max(DELIMITERS, key=lambda mark: _fit(lines, mark)), text, []


def _fit(lines: Sequence[str], mark: str) -> tuple[int, int]:
    """Count the lines with a date and a number, and those with cells at all."""
    try:
        rows = list(csv.reader(lines, delimiter=mark, skipinitialspace=True))
    except csv.Error:
        return 0, 0
    cells = [[cell.strip() for cell in row] for row in rows]
    good = sum(
        any(map(looks_like_date, row)) and sum(map(is_value, row)) >= 2
        for row in cells
        if len(row) > 1
    )
    return good, sum(len(row) > 1 for row in cells)


def is_value(cell: str) -> bool:
    """Whether a cell is a date, a number, or says that there is none."""
    return looks_like_date(cell) or is_number(cell) or is_missing(cell)
