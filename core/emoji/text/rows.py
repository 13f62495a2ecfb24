"""Labelled sentences, and the CSV files that they are read from and written to.

Files are read with the csv module, not with pandas: of a row with one cell more than
the header pandas takes the first for an index and moves the others by a column, and
it knows neither the line of a bad row nor a limit of columns (a line of 200,000 commas
takes it minutes).
"""

import contextlib
import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from core.emoji.labels import LABELS, NONE, Labels, parse_label
from core.task import DataError

MAX_BYTES = 5_000_000
MAX_ROWS = 50_000
MAX_COLUMNS = 100
SAMPLE = 4_096  # characters in which the delimiter and control codes are looked for
TEXT_NAMES = ("text", "sentence", "sentences")
LABEL_NAMES = ("label", "emoji", "class")
FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # a spreadsheet would run such a cell
EXPECTED = "Expected a CSV with the columns text and label"


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Sentences in a row."""

    texts: tuple[str, ...] = ()  # as they were typed
    # Indices into `Sentences.labels`, or NONE; None where it is not known.
    labels: tuple[int | None, ...] = ()
    phenomena: tuple[str, ...] = ()  # what is difficult: names joined with ";"

    def __len__(self) -> int:
        return len(self.texts)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, int | None]]) -> Self:
        """Return sentences with their labels."""
        texts, labels = tuple(zip(*pairs, strict=True)) or ((), ())
        return cls(texts=texts, labels=labels, phenomena=("",) * len(texts))

    @property
    def targets(self) -> np.ndarray:
        """The labels (rows,), all of which must be known."""
        return np.array(self.labels, np.int32)

    @property
    def labelled(self) -> bool:
        """Whether there is a row, and each has a label."""
        return bool(self.labels) and None not in self.labels

    def of_phenomenon(self, name: str) -> np.ndarray:
        """Return which rows show a phenomenon (rows,)."""
        return np.array([name in tags.split(";") for tags in self.phenomena], bool)

    @property
    def all_phenomena(self) -> list[str]:
        """The names of the phenomena, the most frequent first."""
        names = [name for tags in self.phenomena for name in tags.split(";") if name]
        return sorted(set(names), key=lambda name: (-names.count(name), name))

    @property
    def of_classes(self) -> Self:
        """The rows that are not labelled as none of the classes."""
        return self.take(n for n, label in enumerate(self.labels) if label != NONE)

    @property
    def of_none(self) -> Self:
        """The rows that are labelled as none of the classes."""
        return self.take(n for n, label in enumerate(self.labels) if label == NONE)

    def take(self, indices: Iterable[int]) -> Self:
        """Return some of the rows."""
        chosen = list(indices)
        columns = vars(self).items()
        return replace(self, **{k: tuple(c[i] for i in chosen) for k, c in columns})

    def __add__(self, other: "Rows") -> Self:
        columns = vars(self).items()
        return replace(self, **{k: c + getattr(other, k) for k, c in columns})


def read_csv(content: bytes, need_labels: bool = True, labels: Labels = LABELS) -> Rows:
    """Read sentences, with a label each where there is one.

    The columns are named text and label; without a header the first is the text
    and the second the label. A column phenomena is read too, others are left out.
    Cells are separated by commas, semicolons or tabs.

    Parameters
    ----------
    content
        The file.
    need_labels
        Whether every row must have a label.
    labels
        The classes that there are.

    Raises
    ------
    DataError
        If it is not such a file, with the row where reading ended.
    """
    lines = _lines(_decode(content), labels)
    first = next(lines, None)
    if first is None:
        raise DataError(f"{EXPECTED}, got no rows. Choose another file.")
    columns = _header(first[1])
    if not columns:
        columns = {"text": 0, "label": 1}
        lines = itertools.chain([first], lines)
    found: list[tuple[str, int | None, str]] = []
    for number, cells in lines:
        found.append(_row(number, cells, columns, need_labels, labels))
        if len(found) > MAX_ROWS:
            raise DataError(
                f"Expected at most {MAX_ROWS:,} sentences, found more. "
                "Split the file into smaller ones."
            )
    if not found:
        raise DataError(f"{EXPECTED}, got a header only. Add sentences below it.")
    texts, numbers, phenomena = zip(*found, strict=True)
    return Rows(texts=texts, labels=numbers, phenomena=phenomena)


def write_csv(columns: Mapping[str, Iterable[object]]) -> str:
    """Write columns of equal length, safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow(
            f"'{cell}" if isinstance(cell, str) and _is_formula(cell) else cell
            for cell in row
        )
    return text.getvalue()


def _is_formula(cell: str) -> bool:
    """Whether a spreadsheet may run a cell; some drop the spaces before it."""
    return cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA)


def _decode(content: bytes) -> str:
    if not content.strip():
        raise DataError(f"{EXPECTED}, got an empty file. Choose another file.")
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
    if any(ord(letter) < 32 and letter not in "\t\r\n\f" for letter in text[:SAMPLE]):
        raise DataError(
            f"{EXPECTED}, got a file that is not text, such as a picture or a "
            "spreadsheet. Export it as CSV first."
        )
    return text


def _delimiter(text: str, labels: Labels) -> str:
    """Return the delimiter with which the first line is a header, or has a label."""
    first = (text[:SAMPLE].strip() or "?").splitlines()[0]
    rows = {d: next(csv.reader([first], delimiter=d)) for d in ",;\t"}
    for delimiter, cells in rows.items():
        if _header([cell.strip(' "') for cell in cells]):
            return delimiter
    for delimiter, cells in rows.items():
        with contextlib.suppress(DataError):
            parse_label(cells[1] if len(cells) > 1 else "", "Row 1", labels)
            return delimiter
    return ","


def _lines(text: str, labels: Labels) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and the cells of each row that is not blank."""
    delimiter = _delimiter(text, labels)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
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


def _header(cells: list[str]) -> dict[str, int]:
    """Return the index of each column by name; empty if the row is not a header."""
    names = [cell.casefold() for cell in cells]
    columns = {}
    for column, accepted in (
        ("text", TEXT_NAMES),
        ("label", LABEL_NAMES),
        ("phenomena", ("phenomena",)),
    ):
        if found := next((name for name in accepted if name in names), None):
            columns[column] = names.index(found)
    return columns if "text" in columns else {}


def _row(
    number: int,
    cells: list[str],
    columns: Mapping[str, int],
    need_label: bool,
    labels: Labels,
) -> tuple[str, int | None, str]:
    found = {
        name: cells[index] for name, index in columns.items() if index < len(cells)
    }
    text, label = found.get("text", ""), found.get("label", "")
    if text.startswith("'") and _is_formula(text[1:]):
        text = text[1:]  # as `write_csv` left it
    if not text:
        raise DataError(
            f"Row {number}: expected a sentence, got an empty cell. Write one or "
            "remove that row."
        )
    has_label = bool(label) or need_label
    return (
        text,
        parse_label(label, f"Row {number}", labels) if has_label else None,
        found.get("phenomena", ""),
    )
