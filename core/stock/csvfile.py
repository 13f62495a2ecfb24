"""Reading a CSV of prices in Yahoo's form, with or without a header."""

import csv
import datetime
import io
import math
from collections.abc import Iterator, Sequence

import numpy as np

from core.stock.series import MAX_ROWS, MIN_ROWS, PriceSeries
from core.task import DataError

MAX_BYTES = 5_000_000
MAX_COLUMNS = 100
YAHOO = ("date", "open", "high", "low", "close", "adj close", "volume")
WANTED = (
    "Expected a CSV of daily prices with the columns Date and Adj Close (or Close), "
    "as Yahoo Finance gives it"
)
MISSING = {"", "null", "nan", "none", "n/a"}

Row = tuple[int, list[str]]  # line number in the file, and its cells


def read_csv(content: bytes, name: str) -> PriceSeries:
    """Read dates and adjusted closing prices, or closing prices if only they exist.

    Rows without a price are left out. The size and shape of the file are checked
    before it is parsed, so that no file costs more than a moment.

    Parameters
    ----------
    content
        The file.
    name
        What to call the series; only shown, never opened.

    Raises
    ------
    DataError
        If it is not such a file, with the row where reading ended.
    """
    lines = _text(content).splitlines()
    _check_shape(lines)
    rows = _rows(lines)
    first = next(rows, None)
    if first is None:
        raise DataError(f"{WANTED}, got no rows. Choose another file.")
    header = _header(first[1])
    date, price = _columns(header or list(YAHOO[: len(first[1])]))
    if header is None:
        rows = _rows(lines)
    found = [item for row in rows if (item := _read(row, date, price)) is not None]
    if len(found) < MIN_ROWS:
        raise DataError(
            f"Expected at least {MIN_ROWS} rows with a price, found {len(found)}. "
            "Use a longer series."
        )
    days, prices = zip(*found, strict=True)
    return PriceSeries(
        name=name, dates=np.array(days, "datetime64[D]"), prices=np.array(prices)
    )


def _text(content: bytes) -> str:
    """Decode the file, or say what it is instead of text."""
    if not content.strip():
        raise DataError(f"{WANTED}, got an empty file. Choose another file.")
    if len(content) > MAX_BYTES:
        raise DataError(
            f"Expected at most {MAX_BYTES // 10**6} MB, got "
            f"{len(content) / 10**6:.1f} MB. Keep the date and price columns only."
        )
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if any(ord(letter) < 32 and letter not in "\t\r\n\f" for letter in text[:4096]):
        raise DataError(
            f"{WANTED}, got a file that is not text, such as a picture or a "
            "spreadsheet. Export it as CSV first."
        )
    return text


def _check_shape(lines: Sequence[str]) -> None:
    if len(lines) > MAX_ROWS + 1:
        raise DataError(
            f"Expected at most {MAX_ROWS:,} rows, found {len(lines):,}. "
            "Remove the oldest ones."
        )
    for number, line in enumerate(lines, start=1):
        if (columns := line.count(",") + 1) > MAX_COLUMNS:
            raise DataError(
                f"Row {number}: expected at most {MAX_COLUMNS} columns, found "
                f"{columns:,}. Keep the date and price columns only."
            )


def _rows(lines: Sequence[str]) -> Iterator[Row]:
    """Yield rows that are not blank."""
    reader = csv.reader(io.StringIO("\n".join(lines)), skipinitialspace=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise DataError(
            f"Row {reader.line_num}: expected cells separated by commas, got a row "
            f"that cannot be read ({error}). Correct or remove it."
        ) from error


def _header(cells: list[str]) -> list[str] | None:
    """Return the column names in lower case, or None if the row holds data."""
    if _day(cells[0]) is not None:
        return None
    return [cell.casefold() for cell in cells]


def _columns(header: list[str]) -> tuple[int, int]:
    for price in ("adj close", "close"):
        if "date" in header and price in header:
            return header.index("date"), header.index(price)
    found = ", ".join(header[:8])[:80]
    raise DataError(f"{WANTED}, got the columns {found}. Rename or add them.")


def _read(row: Row, date: int, price: int) -> tuple[datetime.date, float] | None:
    """Return the day and price of a row, or None if it has no price."""
    number, cells = row
    if len(cells) <= max(date, price):
        raise DataError(
            f"Row {number}: expected at least {max(date, price) + 1} columns, found "
            f"{len(cells)}. Complete or remove that row."
        )
    day = _day(cells[date])
    if day is None:
        raise DataError(
            f"Row {number}: expected a date such as 2024-01-31, got "
            f"{cells[date][:40]!r}. Correct or remove that row."
        )
    if cells[price].casefold() in MISSING:
        return None
    value = _number(cells[price])
    if not (math.isfinite(value) and value > 0):
        raise DataError(
            f"Row {number}: expected a positive price, got {cells[price][:40]!r}. "
            "Correct or remove that row."
        )
    return day, value


def _day(cell: str) -> datetime.date | None:
    """Read a date; a time of day after it is left out."""
    try:
        return datetime.date.fromisoformat(cell[:10])
    except ValueError:
        return None


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan
