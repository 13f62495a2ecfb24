"""Labelled sentences, and the CSV files that they are read from and written to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from core.emoji.labels import LABELS, NONE, Labels, NewLabels, read_label
from core.emoji.text.table import (
    EXPECTED,
    FileError,
    Table,
    cell_of,
    first_rows,
    read_table,
)
from core.table.writer import is_formula
from core.task import DataError

MAX_ROWS = 50_000


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Sentences in a row."""

    texts: tuple[str, ...] = ()  # texts as typed
    # Indices into `Sentences.labels`, or NONE; None if it is not known.
    labels: tuple[int | None, ...] = ()
    phenomena: tuple[str, ...] = ()  # the difficulties: names joined with ";"

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

    @property
    def label_of(self) -> dict[str, int | None]:
        """The label of each text; of a text that occurs twice, the last one."""
        return dict(zip(self.texts, self.labels, strict=True))

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


def evenly(rows: int, most: int) -> np.ndarray:
    """Return the indices of at most `most` of the rows, evenly spread."""
    return np.linspace(0, rows - 1, min(most, rows)).astype(int)


def read_csv(
    content: bytes,
    need_labels: bool = True,
    labels: Labels | NewLabels = LABELS,
) -> Rows:
    """Read sentences, with a label each where there is one.

    `core.emoji.text.table` finds out how the file is written. A column phenomena is
    read too, others are left out. `NewLabels` take up the classes that come. A
    FileError has the first rows of a file that is not such a one.
    """
    return rows_of(read_table(content, labels), need_labels)


def rows_of(table: Table, need_labels: bool = True) -> Rows:
    """Read the sentences of a table; see `read_csv`."""
    try:
        if need_labels and table.label is None and (table.header or table.is_lines):
            raise _without_labels(table)
        return _sentences(table, need_labels)
    except DataError as error:
        raise FileError(str(error), first_rows(table)) from error


def _without_labels(table: Table) -> DataError:
    got = ", ".join(table.header)[:80] or "lines of one cell each"
    names = ""
    if not isinstance(table.labels, NewLabels):
        known = ", ".join(label.name for label in table.labels)
        names = f"; a label is one of {known[:80]}"
    return DataError(
        "Expected a column of labels, divided by commas, semicolons or tabs, got "
        f"{got}. Name it label{names}."
    )


def _sentences(table: Table, need_labels: bool) -> Rows:
    texts, labels, phenomena = [], [], []
    for number, cells in table.rows():
        label, where = cell_of(cells, table.label), f"Row {number}"
        texts.append(_sentence(cell_of(cells, table.text), where))
        has_label = bool(label) or need_labels
        labels.append(read_label(label, where, table.labels) if has_label else None)
        phenomena.append(cell_of(cells, table.phenomena))
        if len(texts) > MAX_ROWS:
            raise DataError(
                f"Expected at most {MAX_ROWS:,} sentences, found more. "
                "Split the file into smaller ones."
            )
    if not texts:
        what = "a header only" if table.header else "no rows"
        raise DataError(f"{EXPECTED}, got {what}. Add sentences below it.")
    return Rows(texts=tuple(texts), labels=tuple(labels), phenomena=tuple(phenomena))


def _sentence(text: str, where: str) -> str:
    if text.startswith("'") and is_formula(text[1:]):
        text = text[1:]  # prefix of `write_csv`
    if not text:
        raise DataError(
            f"{where}: expected a sentence, got an empty cell. Write one or remove "
            "that row."
        )
    return text
