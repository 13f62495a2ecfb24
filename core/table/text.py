"""From the bytes of a file to rows of cells: encoding, kind of file, delimiter."""

import codecs
import csv
import functools
import io
import itertools
import re
from collections.abc import Callable, Iterator
from typing import Protocol

from core.task import DataError

MAX_COLUMNS = 100
DELIMITERS = (",", ";", "\t", "|")
NO_DELIMITER = ""  # of a file with one cell a line
UNUSED = "\x1f"  # a delimiter that does not occur in text
SAMPLE_ROWS = 60  # that the delimiter is found by
SAMPLE = 60_000  # characters that they may have
BINARY = {
    b"PK\x03\x04": "an Excel workbook or another archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
}
# Words by which encodings are recognised: 22 of 22 test files in these encodings.
# charset-normalizer uses the frequencies of letters and recognises 13 (15 if limited to
# these encodings), as tables have few letters; it is used for other scripts.
WORDS = {
    "cp932": "日付|年月日|終値|始値|高値|安値|株価|価格|円|[ぁ-んァ-ヶー]{2,}",
    "gb18030": "日期|时间|收盘|开盘|最高|最低|价格|价|元",
    "big5": "日期|時間|收盤|開盤|最高|最低|價格|價|元",
    "cp949": "날짜|일자|종가|시가|고가|저가|가격|원",
    "cp1251": "[А-ЯЁ]?[а-яё]{3,}",
    "cp1250": "(?i:zamknięcie|najwyższy|wartość|závěr|závěrečná|záró|dátum)",
    "cp1254": "(?i:kapanış|şimdi|açılış|yüksek|düşük)",
}
WESTERN = "cp1252"
OTHER_SCRIPT = re.compile(rb"[\x80-\xff]{4}")  # Western text has single such letters
START = 4000  # bytes in which words and scripts are looked for
JSON = re.compile(r"\s*(\{\s*[\"}]|\[\s*[\[{]\s*[\"\d\[{-])")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
MARKUP = re.compile(r"\s*<(!doctype|html|head|body|table|\?xml|!--)", re.IGNORECASE)
NAMED_DELIMITER = re.compile(
    r"\"?sep=([^\r\n]?)\"?\r?\n", re.IGNORECASE
)  # Excel's first line
IN_QUOTES = re.compile(r'\s*"(.+)"\s*')

Row = tuple[int, list[str]]  # line number in the file, and its cells


def read_text(
    content: bytes, max_bytes: int, expected: str, advice: str
) -> tuple[str, str]:
    """Return the text of a file, and its encoding; `utf-8-sig` with a mark.

    Messages of a DataError begin with what is `expected`, such as `Expected a CSV`; of
    a file that is too large they end with `advice`.
    """
    if len(content) > max_bytes:
        raise DataError(
            f"Expected at most {max_bytes // 10**6} MB, got "
            f"{len(content) / 10**6:.1f} MB. {advice}"
        )
    for start, kind in BINARY.items():
        if content.startswith(start):
            raise DataError(
                f"{expected}, got {kind}, which is not text. Export it as CSV first."
            )
    text, encoding = _decode(content)
    text = text.removeprefix("\ufeff").rstrip("\x1a\0")
    if not text.strip():
        raise DataError(f"{expected}, got an empty file. Choose another file.")
    if MARKUP.match(text):
        raise DataError(
            f"{expected}, got a web page (HTML) saved under the name of a CSV. Open "
            "the page and use its download button."
        )
    if JSON.match(text):
        raise DataError(f"{expected}, got JSON. Convert it to CSV first.")
    if CONTROL.search(text[:START]):
        raise DataError(
            f"{expected}, got a file that is not text, such as a picture or a "
            "spreadsheet. Export it as CSV first."
        )
    return text, encoding


def _decode(content: bytes) -> tuple[str, str]:
    encoding = "utf-8-sig" if content.startswith(codecs.BOM_UTF8) else "utf-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError:
        encoding = _encoding_by_words(content)
        return content.decode(encoding, errors="replace"), encoding


def _encoding_by_words(content: bytes) -> str:
    """Return the encoding of a text that is not in Unicode."""
    start = content[:START]
    found = {
        encoding: len(re.findall(words, start.decode(encoding, errors="ignore")))
        for encoding, words in WORDS.items()
    }
    best = max(found, key=lambda encoding: found[encoding])
    if found[best]:
        return best
    if OTHER_SCRIPT.search(start):
        import charset_normalizer

        lines = b"\n".join(ln for ln in start.split(b"\n") if not ln.isascii())
        unicode = ["utf_16", "utf_16_be", "utf_16_le", "utf_32"]
        guess = charset_normalizer.from_bytes(lines, cp_exclusion=unicode).best()
        if guess is not None:
            return guess.encoding
    return WESTERN


class _Reader(Protocol):
    """The type of `csv.reader`."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...


class Cells:
    """A text divided into cells by one delimiter, or `NO_DELIMITER`.

    `skipped` lines of the file come before the text.
    """

    def __init__(self, text: str, delimiter: str, skipped: int = 0) -> None:
        self.text, self.delimiter, self._skipped = text, delimiter, skipped

    @functools.cached_property
    def sample(self) -> list[list[str]]:
        """Cells of the first rows that are not blank, none with too many columns."""
        part = self.text[:SAMPLE]
        if len(self.text) > SAMPLE and "\n" in part:
            part = part[: part.rindex("\n") + 1]
        found = []
        try:
            for cells in itertools.islice(self._reader(part), SAMPLE_ROWS):
                if any(cell.strip() for cell in cells):
                    found.append(cells[: MAX_COLUMNS + 1])
        except csv.Error:  # reported by `rows`
            pass
        return found

    def rows(self) -> Iterator[Row]:
        """Yield the line number and the cells of each row that is not blank."""
        reader = self._reader(self.text)
        try:
            for cells in reader:
                number = self._skipped + reader.line_num
                if len(cells) > MAX_COLUMNS:
                    raise DataError(
                        f"Row {number}: expected at most {MAX_COLUMNS} columns, found "
                        f"{len(cells):,}. Keep the columns that are needed only."
                    )
                if any(cell.strip() for cell in cells):
                    yield number, cells
        except csv.Error as error:
            raise DataError(
                f"Row {self._skipped + reader.line_num}: expected cells divided by "
                f"{self.delimiter!r}, got a row that cannot be read ({error}). Correct "
                "or remove it."
            ) from error

    def _reader(self, text: str) -> _Reader:
        lines = io.StringIO(text, newline="")
        if self.delimiter == NO_DELIMITER:
            if self._quotes_are_text:
                return csv.reader(lines, delimiter=UNUSED, quoting=csv.QUOTE_NONE)
            return csv.reader(lines, delimiter=UNUSED)
        spaced = f'{self.delimiter} "' in self.text[:SAMPLE]
        return csv.reader(lines, delimiter=self.delimiter, skipinitialspace=spaced)

    @functools.cached_property
    def _quotes_are_text(self) -> bool:
        """Whether quotes in lines of one cell are not at both ends of their line."""
        lines = io.StringIO(self.text, newline="")
        try:
            reader = csv.reader(lines, delimiter=UNUSED, strict=True)
            return any(len(cells) > 1 for cells in reader)
        except csv.Error:
            return True


def normalised(name: str) -> str:
    """Return a column's name without case and punctuation: `<CLOSE>` is `close`."""
    plain = re.sub(r"^\d+[a-z]?\.\s", "", name.casefold())  # 4. close
    return re.sub(r"[\W_]+", " ", plain).strip()


def listed(names: str) -> tuple[str, ...]:
    """Return names that are divided by commas, on one line or on several."""
    return tuple(" ".join(name.split()) for name in names.split(","))


def divide(
    text: str,
    score: Callable[[Cells], float],
    otherwise: str | None = None,
    sure: float = 1.0,
    notes: list[str] | None = None,
) -> Cells:
    """Divide a text into cells by the delimiter with the highest score.

    The caller's score of a sample recognises rows: a date and a price, or a sentence
    and a label. This is right for all 122 test files; clevercsv, which is made for
    patterns of cells and not for prose, divides 8 lists of sentences at their commas or
    words. If no score is above 0, `otherwise` is the delimiter, or the best one is.
    Quotation marks around whole lines are removed if the score is then `sure`.
    """
    notes = [] if notes is None else notes
    named = NAMED_DELIMITER.match(text)
    if named:
        mark = named[1] or "\t"
        if mark not in DELIMITERS:
            raise DataError(
                "Row 1: expected sep= with a comma, a semicolon, a tab or |, got "
                f"{named[0].strip()!r}. Correct or remove that line."
            )
        notes.append(f"Delimiter taken from the first line ({named[0].strip()}).")
        return Cells(text[named.end() :], mark, skipped=1)
    best = max((Cells(text, mark) for mark in DELIMITERS), key=score)
    if score(best) > 0:
        return best
    whole = _without_outer_quotes(text)
    if whole != text:
        unquoted = max((Cells(whole, mark) for mark in DELIMITERS), key=score)
        if score(unquoted) >= sure:
            notes.append("Quotation marks around whole lines taken off.")
            return unquoted
    return best if otherwise is None else Cells(text, otherwise)


def _without_outer_quotes(text: str) -> str:
    """Remove quotes around lines of several cells: `"2024-01-31,100"`."""
    lines = text.splitlines()
    if not all(map(IN_QUOTES.fullmatch, filter(str.strip, lines[:SAMPLE_ROWS]))):
        return text
    return "\n".join(
        match[1].replace('""', '"') if match else line
        for match, line in zip(map(IN_QUOTES.fullmatch, lines), lines, strict=True)
    )
