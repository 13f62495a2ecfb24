"""Word vectors of a person's own: a GloVe or word2vec file in text form."""

import functools
import os
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from core.arrays import pack, unpack
from core.task import DataError, UserError

MAX_BYTES = 5_000_000  # of an upload
SMALLEST, LARGEST = 10, 300  # dimensions
MOST_WORDS = 30_000  # kept of a file besides those that are wanted
LONGEST_LINE = 10_000
FOLDER_VARIABLE = "UNROLLED_VECTORS"
ADVICE = "Use a GloVe or word2vec file in text form: a word and its numbers on a line."


@dataclass(frozen=True, eq=False)
class OwnVectors:
    """Vectors from a person's file.

    Attributes
    ----------
    name
        What to call them.
    words
        In the order of the file.
    array
        (words, size) float32.
    """

    name: str
    words: tuple[str, ...]
    array: np.ndarray

    @property
    def size(self) -> int:
        """Dimensions of a vector."""
        return int(self.array.shape[1])

    @functools.cached_property
    def _rows(self) -> dict[str, int]:
        return {word: row for row, word in reversed(list(enumerate(self.words)))}

    def row(self, word: str) -> int | None:
        """Return the row of a word, or None."""
        return self._rows.get(word)

    def take(self, rows: Sequence[int]) -> np.ndarray:
        """Return copies of some rows, (rows, size) float32."""
        return np.array(self.array[np.asarray(rows, np.int64)], np.float32)

    def encode(self) -> bytes:
        """Write them; `decode` reads them again."""
        text = "\n".join([self.name.replace("\n", " "), *self.words])
        words = np.frombuffer(text.encode(), np.uint8)
        return pack({"words": words, "array": self.array}, compress=True)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read what `encode` wrote."""
        arrays = unpack(content)
        name, *words = arrays["words"].tobytes().decode().split("\n")
        return cls(name, tuple(words), arrays["array"])


def read_vectors(content: bytes, name: str) -> OwnVectors:
    """Read an uploaded GloVe or word2vec file in text form.

    Raises
    ------
    DataError
        If it is too large or a line of it cannot be read, with the line's number.
    """
    if len(content) > MAX_BYTES:
        raise DataError(
            f"Word vectors: expected at most {MAX_BYTES // 10**6} MB, got "
            f"{len(content) / 10**6:.1f} MB. Keep the first lines, which have the "
            "most frequent words."
        )
    return _read(content.split(b"\n"), name, wanted=frozenset())


def open_vectors(name: str, wanted: Container[str]) -> OwnVectors:
    """Read a file from the folder that `UNROLLED_VECTORS` names on the server.

    Parameters
    ----------
    name
        Name of a file in that folder.
    wanted
        Words that are kept wherever in the file they are; of the others, the
        first 30,000.

    Raises
    ------
    DataError
        If there is no such folder or file, or the file lies outside the folder.
    """
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        raise DataError(
            f"Word vectors: expected a folder in {FOLDER_VARIABLE} on the server, got "
            "none. Upload a file instead."
        )
    root = Path(folder).resolve()
    try:
        path = (root / name).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            raise ValueError(name)
        with path.open("rb") as lines:
            return _read(lines, path.stem, wanted)
    except (OSError, ValueError) as error:
        if isinstance(error, UserError):
            raise
        raise DataError(
            f"Word vectors: expected the name of a file in the server's folder, got "
            f"{name[:80]!r}. Check the name."
        ) from error


def _read(lines: Iterable[bytes], name: str, wanted: Container[str]) -> OwnVectors:
    words: list[str] = []
    rows: list[np.ndarray] = []
    size = 0
    for number, line in enumerate(lines, start=1):
        parts = _split(line, number)
        if not parts or (number == 1 and _is_header(parts)):
            continue
        size = size or _size(parts, number)
        word, cells = " ".join(parts[:-size]), parts[-size:]
        vector = _numbers(word, cells, size, number)
        if len(words) < MOST_WORDS or word in wanted:
            words.append(word.casefold())
            rows.append(vector)
    if not words:
        raise DataError(f"Word vectors: expected at least one word, got none. {ADVICE}")
    return OwnVectors(name, tuple(words), np.stack(rows))


def _split(line: bytes, number: int) -> list[str]:
    if len(line) > LONGEST_LINE:
        raise DataError(
            f"Word vectors, line {number}: expected at most {LONGEST_LINE:,} "
            f"characters, got {len(line):,}. {ADVICE}"
        )
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise DataError(
            f"Word vectors, line {number}: expected text in UTF-8, got byte "
            f"{line[error.start]:#04x}. {ADVICE}"
        ) from error
    return text.split()


def _is_header(parts: list[str]) -> bool:
    """Whether this is word2vec's first line: how many words, how many numbers."""
    return len(parts) == 2 and all(part.isdecimal() for part in parts)


def _size(parts: list[str], number: int) -> int:
    """Return the dimensions of a table from its first word's line."""
    size = len(parts) - 1
    if not SMALLEST <= size <= LARGEST:
        raise DataError(
            f"Word vectors, line {number}: expected a word and {SMALLEST} to {LARGEST} "
            f"numbers, got {size}. {ADVICE}"
        )
    return size


def _numbers(word: str, cells: list[str], size: int, number: int) -> np.ndarray:
    found = ""
    try:
        with np.errstate(over="ignore"):  # too large is not finite: refused below
            vector = np.array(cells, np.float32)
        if not np.isfinite(vector).all():
            found = "one that is not finite"
    except ValueError as error:
        found = str(error)[-60:]
    if not word:
        found = f"{len(cells)} in all"
    if found:
        raise DataError(
            f"Word vectors, line {number}: expected a word and {size} numbers, got "
            f"{found}. Correct or remove that line."
        )
    return vector
