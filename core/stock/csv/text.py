"""From bytes to text: encoding, limits of size, and the delimiter."""

import csv
import itertools
import re
from collections.abc import Sequence

from core.stock.csv.dates import looks_like_date
from core.stock.csv.numbers import is_missing, is_number
from core.stock.data.series import MAX_ROWS
from core.stock.wording import quoted
from core.task import DataError

MAX_BYTES = 12_000_000
MAX_COLUMNS = 100
HEADER_LINES = 13  # a header of three lines within the first ten, and sep=;
DELIMITERS = ",;\t|"
DELIMITER_LINES = 40  # lines that the delimiter is inferred from
EXPECTED = (
    "Expected a CSV of prices with the columns Date and Adj Close (or Close), "
    "as Yahoo Finance gives it"
)
BINARY = {
    b"PK\x03\x04": "an Excel workbook or another archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
}
# Of files that are not in Unicode: words that only the right encoding gives.
ENCODINGS = {
    "cp932": "日付|年月日|終値|始値|高値|安値|株価|価格|円|[ぁ-んァ-ヶー]{2,}",
    "gb18030": "日期|时间|收盘|开盘|最高|最低|价格|价|元",
    "big5": "日期|時間|收盤|開盤|最高|最低|價格|價|元",
    "cp949": "날짜|일자|종가|시가|고가|저가|가격|원",
    "cp1251": "[А-ЯЁ]?[а-яё]{3,}",
    "cp1250": "(?i:zamknięcie|najwyższy|wartość|závěr|závěrečná|záró|dátum)",
    "cp1254": "(?i:kapanış|şimdi|açılış|yüksek|düşük)",
}
ENCODING_BYTES = 4000  # at the start, in which these words are looked for
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
        raise DataError(f"{EXPECTED}, got an empty file. Choose another file.")
    if len(content) > MAX_BYTES:
        raise DataError(
            f"Expected at most {MAX_BYTES // 10**6} MB, got "
            f"{len(content) / 10**6:.1f} MB. Keep the date and price columns only."
        )
    for start, kind in BINARY.items():
        if content.startswith(start):
            raise DataError(
                f"{EXPECTED}, got {kind}, which is not text. Export it as CSV first."
            )
    text = _decode(content).removeprefix("\ufeff").rstrip("\x1a\0")
    _check_kind(text)
    _check_shape(text)
    return text


def _decode(content: bytes) -> str:
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        if (encoding := _utf_16_without_mark(content)) is not None:
            return content.decode(encoding)
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_by_words(content)


def _decode_by_words(content: bytes) -> str:
    """Decode text of an encoding that its words tell, Western European without any."""
    start = content[:ENCODING_BYTES]
    found = {
        encoding: len(re.findall(words, start.decode(encoding, errors="ignore")))
        for encoding, words in ENCODINGS.items()
    }
    best = max(found, key=lambda encoding: found[encoding])
    encoding = best if found[best] else "cp1252"
    return content.decode(encoding, errors="replace")


def _utf_16_without_mark(content: bytes) -> str | None:
    """Recognise UTF-16 without a byte order mark: every second byte is zero."""
    start = content[:400]
    if len(start) < 8 or len(content) % 2:
        return None
    even, odd = (start[place::2].count(0) / (len(start) / 2) for place in (0, 1))
    if min(even, odd) > 0.1 or max(even, odd) < 0.8:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _check_kind(text: str) -> None:
    if not text.strip():
        raise DataError(f"{EXPECTED}, got an empty file. Choose another file.")
    if MARKUP.match(text):
        raise DataError(
            f"{EXPECTED}, got a web page (HTML) saved under the name of a CSV. Open "
            "the page and use its download button."
        )
    if text.lstrip().startswith(("{", "[{", "[[")):
        raise DataError(f"{EXPECTED}, got JSON. Convert it to CSV first.")
    if CONTROL.search(text):
        raise DataError(
            f"{EXPECTED}, got a file that is not text, such as a picture or a "
            "spreadsheet. Export it as CSV first."
        )


def _check_shape(text: str) -> None:
    lines = text.splitlines()
    if (found := sum(map(bool, lines))) > MAX_ROWS + HEADER_LINES:
        raise DataError(
            f"Expected at most {MAX_ROWS:,} rows, found {found:,}. "
            "Remove the oldest ones."
        )
    filled = ((number, line) for number, line in enumerate(lines, start=1) if line)
    for number, line in filled:
        columns = 1 + max(map(line.count, DELIMITERS))
        if columns > MAX_COLUMNS:
            raise DataError(
                f"Row {number}: expected at most {MAX_COLUMNS} columns, found "
                f"{columns:,}. Keep the date and price columns only."
            )


def find_delimiter(text: str) -> tuple[str, str, list[str]]:
    """Return the delimiter, the text without a `sep=` line, and a note on that line."""
    first, _, rest = text.partition("\n")
    named = first.strip().strip('"').casefold()
    if named.startswith("sep=") and len(named) <= 5:
        mark = named[4:] or "\t"
        if mark not in DELIMITERS:
            raise DataError(
                f"Row 1: expected sep= with a comma, a semicolon, a tab or |, got "
                f"{quoted(first.strip())}. Correct or remove that line."
            )
        return mark, rest, [f"Delimiter taken from the first line ({first.strip()})."]
    filled = (line for line in text.splitlines() if line and not line.isspace())
    lines = list(itertools.islice(filled, DELIMITER_LINES))
    return max(DELIMITERS, key=lambda mark: _fit(lines, mark)), text, []


def _fit(lines: Sequence[str], mark: str) -> tuple[int, int]:
    """Count the lines with a date and a number, and the lines of several cells."""
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
    """Whether a cell is a date, a number, or a mark of a missing value."""
    return looks_like_date(cell) or is_number(cell) or is_missing(cell)
