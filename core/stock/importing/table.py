"""From text to a table: the delimiter, the lines above the header, the header."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.stock.importing.dates import looks_like_date
from core.stock.importing.delimiter import find_delimiter, is_value
from core.stock.importing.names import ADJUSTED, CLOSE, DATE, KLINE, YAHOO, folded
from core.stock.importing.numbers import is_number
from core.stock.importing.text import WANTED
from core.stock.importing.words import rows as row_words
from core.stock.importing.words import shortened
from core.task import DataError

HEADER_WITHIN = 10  # lines
LEVELS = ("price", "ticker", "symbol", "attributes", "")  # names of a header's levels

Row = tuple[int, list[str]]  # line number in the file, and its cells


@dataclass(frozen=True, kw_only=True)
class Table:
    """The cells of a file, under the names of their columns.

    Attributes
    ----------
    columns
        Names, each once.
    symbols
        The security that each column belongs to, or "" where the header names none.
    rows
        Rows of data, none of them blank.
    delimiter
        What parts the cells.
    notes
        What the report says of the reading.
    headless
        Whether the names are not from the file.
    """

    columns: list[str]
    symbols: list[str]
    rows: list[Row]
    delimiter: str
    notes: tuple[str, ...] = ()
    headless: bool = False

    def cells(self, column: int) -> list[str]:
        """Return a column (rows,); "" where a row is too short."""
        return [row[column] if column < len(row) else "" for _, row in self.rows]


def read_table(text: str) -> Table:
    """Divide a file into cells.

    Raises
    ------
    DataError
        If it has no rows, or nothing in it is a table with dates.
    """
    delimiter, body, notes = find_delimiter(text)
    rows = list(_rows(body, delimiter, first=1 + bool(notes)))
    if not rows:
        raise DataError(f"{WANTED}, got no rows. Choose another file.")
    for find in (_levels, _named, _headless, _above_data):
        if found := find(rows):
            above, columns, symbols, headless = found
            break
    else:
        shown = ", ".join(rows[0][1][:8])[:80]
        raise DataError(
            f"{WANTED}, got no column of dates in the first rows, which begin with "
            f"{shown}. Add a header, or choose another file."
        )
    skipped = [number for number, _ in rows[: above.start]]
    if skipped:
        notes.append(f"Text above the header left out ({row_words(skipped)}).")
    if headless:
        notes.append(f"No header: the columns read as {', '.join(columns)}.")
    data = rows[above.stop :]
    columns, symbols, data = _fitted(columns, symbols, data)
    return Table(
        columns=_unique(columns, symbols),
        symbols=symbols,
        rows=data,
        delimiter=delimiter,
        notes=tuple(notes),
        headless=headless,
    )


# The rows of a header (rows before it are left out, after it is data), the names of
# the columns, their symbols, and whether the names are made up.
Found = tuple[slice, list[str], list[str], bool]


def _rows(text: str, delimiter: str, first: int) -> Iterator[Row]:
    """Yield rows that are not blank."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield reader.line_num + first - 1, stripped
    except csv.Error as error:
        raise DataError(
            f"Row {reader.line_num}: expected cells divided by {delimiter!r}, got a "
            f"row that cannot be read ({error}). Correct or remove it."
        ) from error


def _levels(rows: Sequence[Row]) -> Found | None:
    """Find a header of two or three rows, as pandas writes yfinance's."""
    for at in range(1, min(len(rows) - 1, HEADER_WITHIN)):
        fields, second = rows[at - 1][1], rows[at][1]
        if len(fields) != len(second) or len(fields) < 2:
            continue
        if fields[0].casefold() not in LEVELS or second[0].casefold() not in LEVELS:
            continue
        if not _names_prices(fields):
            fields, second = second, fields
        if not _names_prices(fields) or _names_prices(second):
            continue
        if any(map(looks_like_date, second)):
            continue
        below = rows[at + 1][1]
        index_row = folded(below[0]) in DATE and not any(below[1:])
        columns, symbols = ["Date", *fields[1:]], ["", *second[1:]]
        return slice(at - 1, at + 1 + index_row), columns, symbols, False
    return None


def _names_prices(cells: Sequence[str]) -> bool:
    return any(folded(cell) in (*ADJUSTED, *CLOSE) for cell in cells[1:])


def _named(rows: Sequence[Row]) -> Found | None:
    """Find a header that names the date and something else."""
    for at, (number, cells) in enumerate(rows[:HEADER_WITHIN]):
        names = [folded(cell) for cell in cells]
        if number > HEADER_WITHIN + 1:
            break
        if any(looks_like_date(cell) or is_number(cell) for cell in cells):
            continue
        if any(name in DATE for name in names) and sum(map(bool, names)) > 1:
            return slice(at, at + 1), cells, [""] * len(cells), False
    return None


def _headless(rows: Sequence[Row]) -> Found | None:
    """Name the columns of a file whose first row is data."""
    cells = rows[0][1]
    if not _is_data(cells):
        return None
    names: list[str]
    if len(cells) == len(YAHOO) and looks_like_date(cells[0]) and ":" not in cells[1]:
        names = list(YAHOO)
    elif len(cells) == len(KLINE):
        names = list(KLINE)
    else:
        names = [f"Column {number}" for number in range(1, len(cells) + 1)]
    return slice(0, 0), names, [""] * len(names), True


def _is_data(cells: Sequence[str]) -> bool:
    """Whether a row has a date, and beside it a number or the lack of one."""
    dates = sum(map(looks_like_date, cells))
    return dates > 0 and sum(map(is_value, cells)) > dates


def _above_data(rows: Sequence[Row]) -> Found | None:
    """Take the row above the first row with a date for the header, if it is words."""
    for at in range(1, min(len(rows), HEADER_WITHIN + 1)):
        cells, above = rows[at][1], rows[at - 1][1]
        if _is_data(cells):
            if len(above) > 1 and not any(map(is_value, filter(None, above))):
                return slice(at - 1, at), above, [""] * len(above), False
            return None
    return None


def _fitted(
    columns: list[str], symbols: list[str], rows: list[Row]
) -> tuple[list[str], list[str], list[Row]]:
    """Make names and cells fit: R writes no name above its row numbers.

    Raises
    ------
    DataError
        If a row has more cells than the header has names.
    """
    width = len(columns)
    longer = [row for row in rows if any(row[1][width:])]
    if len(longer) == len(rows) and all(
        len(cells) == width + 1 and cells[0].isdecimal() for _, cells in rows
    ):
        return columns, symbols, [(number, cells[1:]) for number, cells in rows]
    if longer:
        number, cells = longer[0]
        raise DataError(
            f"Row {number}: expected {width} cells as in the header, found "
            f"{len(cells)}, the last of them {shortened(cells[-1])}. If the decimal "
            "mark is a comma, put the numbers in quotation marks or divide the cells "
            "by semicolons."
        )
    return columns, symbols, rows


def _unique(columns: Sequence[str], symbols: Sequence[str]) -> list[str]:
    """Give each column of a symbol a name of its own."""
    seen: dict[tuple[str, str], int] = {}
    names = []
    for place, (name, symbol) in enumerate(zip(columns, symbols, strict=True), start=1):
        name = name or f"Column {place}"
        seen[name, symbol] = times = seen.get((name, symbol), 0) + 1
        names.append(name if times == 1 else f"{name} ({times})")
    return names
