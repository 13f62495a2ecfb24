"""Sentences with their labels: the sets that ship, and the files people bring."""

import csv
import functools
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np

from core.arrays import pack, unpack
from core.emoji.labels import LABELS, parse_label
from core.emoji.vectors import OwnVectors
from core.task import DataError

FOLDER = Path(__file__).parents[2] / "data" / "emoji"
MAX_BYTES = 5_000_000
MAX_ROWS = 50_000
MAX_TRAINING_ROWS = 20_000
MIN_TRAINING_ROWS = 10
MAX_COLUMNS = 100
TEXT_NAMES = ("text", "sentence", "sentences")
LABEL_NAMES = ("label", "emoji", "class")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run such a cell
WANTED = "Expected a CSV with the columns text and label"
Cells = tuple[int, list[str]]  # line number in the file, and its cells


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Sentences in a row.

    Attributes
    ----------
    texts
        As they were typed.
    labels
        Place in `core.emoji.labels.LABELS`, or None where there is none.
    phenomena
        What is difficult about each: names joined with ";", empty for none.
    """

    texts: tuple[str, ...] = ()
    labels: tuple[int | None, ...] = ()
    phenomena: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.texts)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, int]]) -> Self:
        """Take sentences with their labels."""
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
        """Which rows show a phenomenon (rows,)."""
        return np.array([name in tags.split(";") for tags in self.phenomena], bool)

    @property
    def all_phenomena(self) -> list[str]:
        """The names of the phenomena, the most frequent first."""
        names = [name for tags in self.phenomena for name in tags.split(";") if name]
        return sorted(set(names), key=lambda name: (-names.count(name), name))

    def take(self, places: Iterable[int]) -> Self:
        """Return some of the rows."""
        chosen = list(places)
        return replace(
            self,
            texts=tuple(self.texts[place] for place in chosen),
            labels=tuple(self.labels[place] for place in chosen),
            phenomena=tuple(self.phenomena[place] for place in chosen),
        )

    def __add__(self, other: "Rows") -> Self:
        return replace(
            self,
            texts=self.texts + other.texts,
            labels=self.labels + other.labels,
            phenomena=self.phenomena + other.phenomena,
        )


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """All that a training reads.

    Attributes
    ----------
    name
        What to call them in a list of runs.
    train
        What is learned from.
    taught
        A person's own sentences, learned from as well; see `Config.taught`.
    development
        Decides when training ends, the temperature, and when an answer is sure.
    test, challenge
        Only judge the finished model.
    off_topic_development, off_topic
        Sentences that none of the emojis fits, without labels.
    own_vectors
        Word vectors for `Config(vectors="own")`.
    """

    name: str
    train: Rows
    taught: Rows = field(default_factory=Rows)
    development: Rows = field(default_factory=Rows)
    test: Rows = field(default_factory=Rows)
    challenge: Rows = field(default_factory=Rows)
    off_topic_development: Rows = field(default_factory=Rows)
    off_topic: Rows = field(default_factory=Rows)
    own_vectors: OwnVectors | None = None

    @property
    def learned(self) -> Rows:
        """What is learned from, the taught sentences last."""
        return self.train + self.taught

    def teach(self, rows: Rows) -> Self:
        """Return the sentences with others taught instead of those taught before.

        Of a sentence that is taught and also ships, only the taught label counts.
        """
        taught = {_key(text) for text in rows.texts}
        kept = [
            n for n, text in enumerate(self.train.texts) if _key(text) not in taught
        ]
        return replace(self, train=self.train.take(kept), taught=rows)

    def encode(self) -> bytes:
        """Write all of it; `decode` reads it again."""
        rows = {
            name: [value.texts, value.labels, value.phenomena]
            for name, value in vars(self).items()
            if isinstance(value, Rows)
        }
        text = json.dumps({"name": self.name, "rows": rows})
        arrays = {"sentences": np.frombuffer(text.encode(), np.uint8)}
        if self.own_vectors is not None:
            content = self.own_vectors.encode()
            arrays["own_vectors"] = np.frombuffer(content, np.uint8)
        return pack(arrays, compress=True)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read what `encode` wrote."""
        arrays = unpack(content)
        facts = json.loads(arrays["sentences"].tobytes())
        rows = {
            name: Rows(
                texts=tuple(texts), labels=tuple(labels), phenomena=tuple(phenomena)
            )
            for name, (texts, labels, phenomena) in facts["rows"].items()
        }
        own = arrays.get("own_vectors")
        vectors = None if own is None else OwnVectors.decode(own.tobytes())
        return cls(name=facts["name"], own_vectors=vectors, **rows)


def _key(text: str) -> str:
    """Return what two ways of writing the same sentence have in common."""
    return " ".join(re.findall(r"\w+", text.casefold()))


@functools.cache
def shipped() -> Sentences:
    """Return the sets that ship with the project; data/README.md describes them."""
    return Sentences(
        name="Shipped sentences",
        train=_shipped("train"),
        development=_shipped("development"),
        test=_shipped("test"),
        challenge=_shipped("challenge"),
        off_topic_development=_shipped("development_offtopic", need_labels=False),
        off_topic=_shipped("offtopic", need_labels=False),
    )


def _shipped(name: str, need_labels: bool = True) -> Rows:
    content = (FOLDER / f"{name}.csv").read_bytes()
    return read_csv(content, need_labels=need_labels)


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
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell


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
    if text.startswith("'") and text[1:].startswith(FORMULA):
        text = text[1:]  # as `write_csv` left it
    if not text:
        raise DataError(
            f"Row {number}: expected a sentence, got an empty cell. Write one or "
            "remove that row."
        )
    if not label and not need_label:
        return text, None, found.get("phenomena", "")
    return text, parse_label(label, f"Row {number}"), found.get("phenomena", "")


def check_training(rows: Rows) -> None:
    """Refuse sentences that nothing can be learned from.

    Raises
    ------
    DataError
        If there are too few or too many, a label is missing, or all are the same.
    """
    if not MIN_TRAINING_ROWS <= len(rows) <= MAX_TRAINING_ROWS:
        raise DataError(
            f"Expected {MIN_TRAINING_ROWS} to {MAX_TRAINING_ROWS:,} sentences to learn "
            f"from, found {len(rows):,}. Add or remove some."
        )
    if None in rows.labels:
        raise DataError(
            f"Sentence {rows.labels.index(None) + 1} to learn from: expected a label, "
            "got none. Give it one or remove it."
        )
    if len(set(rows.labels)) < 2:
        only = LABELS[rows.labels[0] or 0].name
        raise DataError(
            f"Expected sentences of at least two labels to learn from, got only "
            f"{only}. Add sentences of another label."
        )
