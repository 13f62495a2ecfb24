"""Sentences in CSV files: those that people bring, and those that they take away."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from core.emoji.labels import parse_label
from core.emoji.text.rows import Rows
from core.task import DataError

MAX_BYTES = 5_000_000
MAX_ROWS = 50_000
MAX_COLUMNS = 100
TEXT_NAMES = ("text", "sentence", "sentences")
LABEL_NAMES = ("label", "emoji", "class")
FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # a spreadsheet would run such a cell
WANTED = "Expected a CSV with the columns text and label"
Cells = tuple[int, list[str]]  # line number in the file, and its cells


def read_csv(content: bytes, need_labels: bool = True) -> Rows:
    """Read sentences, with a label each where there is one.

    The columns are named text and label; without a header the first is the text
    and the second the label. A column phenomena is read too, others are left out.

    Parameters
    ----------
    content
        The file.
    need_labels
        Whether every row must have a label.

    Raises
    ------
    DataError
        If it is not such a file, with the row where reading ended.
    """
    rows = _rows(_text(content))
    first = next(rows, None)
    if first is None:
        raise DataError(f"{WANTED}, got no rows. Choose another file.")
    columns = _columns(first[1])
    found: list[tuple[str, int | None, str]] = []
    if columns is None:
        columns = {"text": 0, "label": 1}
        found.append(_read(first, columns, need_labels))
    for row in rows:
        found.append(_read(row, columns, need_labels))
        if len(found) > MAX_ROWS:
            raise DataError(
                f"Expected at most {MAX_ROWS:,} sentences, found more. "
                "Split the file into smaller ones."
            )
    if not found:
        raise DataError(f"{WANTED}, got a header only. Add sentences below it.")
    texts, labels, phenomena = zip(*found, strict=True)
    return Rows(texts=texts, labels=labels, phenomena=phenomena)


def write_csv(columns: Mapping[str, Iterable[object]]) -> str:
    """Write columns of equal length, safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([_safe(cell) for cell in row])
    return text.getvalue()


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _runs(cell) else cell


def _runs(cell: str) -> bool:
    """Whether a spreadsheet may run a cell; some drop the spaces before it."""
    return cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA)


def _text(content: bytes) -> str:
    if not content.strip():
        raise DataError(f"{WANTED}, got an empty file. Choose another file.")
    if len(content) > MAX_BYTES:
        raise DataError(
            f"Expected at most {MAX_BYTES // 10**6} MB, got "
            f"{len(content) / 10**6:.1f} MB. Split the file into smaller ones."
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


def _rows(text: str) -> Iterator[Cells]:
    """Yield rows that are not blank."""
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise DataError(
                    f"Row {reader.line_num}: expected at most {MAX_COLUMNS} columns, "
                    f"found {len(cells):,}. Keep the text and label columns only."
                )
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise DataError(
            f"Row {reader.line_num}: expected cells separated by commas, got a row "
            f"that cannot be read ({error}). Correct or remove it."
        ) from error


def _columns(cells: list[str]) -> dict[str, int] | None:
    """Return where each column is, or None if the row is not a header."""
    names = [cell.casefold() for cell in cells]
    text = next((name for name in TEXT_NAMES if name in names), None)
    if text is None:
        return None
    columns = {"text": names.index(text)}
    label = next((name for name in LABEL_NAMES if name in names), None)
    if label is not None:
        columns["label"] = names.index(label)
    if "phenomena" in names:
        columns["phenomena"] = names.index("phenomena")
    return columns


def _read(
    row: Cells, columns: Mapping[str, int], need_label: bool
) -> tuple[str, int | None, str]:
    number, cells = row
    found = {
        name: cells[place] for name, place in columns.items() if place < len(cells)
    }
    text, label = found.get("text", ""), found.get("label", "")
    if text.startswith("'") and _runs(text[1:]):
        text = text[1:]  # as `write_csv` left it
    if not text:
        raise DataError(
            f"Row {number}: expected a sentence, got an empty cell. Write one or "
            "remove that row."
        )
    if not label and not need_label:
        return text, None, found.get("phenomena", "")
    return text, parse_label(label, f"Row {number}"), found.get("phenomena", "")
