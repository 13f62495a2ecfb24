"""From bytes to text: the encoding, and what a file is that is no text."""

import re

from core.stock.series import MAX_ROWS
from core.task import DataError

MAX_BYTES = 5_000_000
MAX_COLUMNS = 100
HEADER_LINES = 13  # a header of three lines within the first ten, and sep=;
DELIMITERS = ",;\t|"
WANTED = (
    "Expected a CSV of daily prices with the columns Date and Adj Close (or Close), "
    "as Yahoo Finance gives it"
)
BINARY = {
    b"PK\x03\x04": "an Excel workbook or another archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
MARKUP = re.compile(r"\s*<(!doctype|html|head|body|table|\?xml|!--)", re.IGNORECASE)


def read_text(content: bytes) -> str:
    """Decode a file and check its shape, before anything parses it.

    Raises
    ------
    DataError
        If it is empty, too large, too wide, or something other than a CSV.
    """
    if not content.strip():
        raise DataError(f"{WANTED}, got an empty file. Choose another file.")
    if len(content) > MAX_BYTES:
        raise DataError(
            f"Expected at most {MAX_BYTES // 10**6} MB, got "
            f"{len(content) / 10**6:.1f} MB. Keep the date and price columns only."
        )
    for start, kind in BINARY.items():
        if content.startswith(start):
            raise DataError(
                f"{WANTED}, got {kind}, which is not text. Export it as CSV first."
            )
    text = _decode(content).removeprefix("\ufeff").rstrip("\x1a\0")
    _check_kind(text)
    _check_shape(text)
    return text


def _decode(content: bytes) -> str:
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        if (without_mark := _utf_16_without_mark(content)) is not None:
            return content.decode(without_mark)
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _utf_16_without_mark(content: bytes) -> str | None:
    """Every second byte of such digits and commas is zero."""
    start = content[:400]
    if len(start) < 8 or len(content) % 2:
        return None
    even, odd = (start[place::2].count(0) / (len(start) / 2) for place in (0, 1))
    if min(even, odd) > 0.1 or max(even, odd) < 0.8:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _check_kind(text: str) -> None:
    if not text.strip():
        raise DataError(f"{WANTED}, got an empty file. Choose another file.")
    if MARKUP.match(text):
        raise DataError(
            f"{WANTED}, got a web page (HTML) saved under the name of a CSV. Open "
            "the page and use its download button."
        )
    if text.lstrip().startswith(("{", "[{", "[[")):
        raise DataError(f"{WANTED}, got JSON. Convert it to CSV first.")
    if CONTROL.search(text):
        raise DataError(
            f"{WANTED}, got a file that is not text, such as a picture or a "
            "spreadsheet. Export it as CSV first."
        )


def _check_shape(text: str) -> None:
    lines = text.splitlines()
    if (found := sum(map(bool, lines))) > MAX_ROWS + HEADER_LINES:
        raise DataError(
            f"Expected at most {MAX_ROWS:,} rows, found {found:,}. "
            "Remove the oldest ones."
        )
    for number, line in enumerate(lines, start=1):
        columns = 1 + max(map(line.count, DELIMITERS))
        if columns > MAX_COLUMNS:
            raise DataError(
                f"Row {number}: expected at most {MAX_COLUMNS} columns, found "
                f"{columns:,}. Keep the date and price columns only."
            )
