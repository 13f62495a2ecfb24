"""Word vectors of a person's own: a GloVe or word2vec file in text form."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from core.arrays import pack, unpack
from core.task import DataError

MAX_BYTES = 5_000_000  # largest upload
MIN_SIZE, MAX_SIZE = 10, 300  # dimensions
MAX_WORDS = 30_000  # read from a file, the first ones
MAX_LINE = 10_000
ADVICE = "Use a GloVe or word2vec file in text form: a word and its numbers on a line."


@dataclass(frozen=True, eq=False)
class OwnVectors:
    """Vectors from a person's file, a `core.emoji.vectors.glove.Vectors`."""

    name: str  # what to call them
    words: tuple[str, ...]  # words in the order of the file
    array: np.ndarray  # (words, size) float32

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

    def most_frequent(self, count: int) -> tuple[list[str], np.ndarray]:
        """Return at most `count` words and their vectors, (words, size) float32."""
        words = list(dict.fromkeys(self.words))[:count]
        return words, self.take([self._rows[word] for word in words])

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
        """Decode the bytes of `encode`."""
        arrays = unpack(content)
        name, *words = arrays["words"].tobytes().decode().split("\n")
        return cls(name, tuple(words), arrays["array"])


def read_vectors(content: bytes, name: str) -> OwnVectors:
    """Read an uploaded GloVe or word2vec file in text form.

    Raise a DataError if it is too large, or naming a line that cannot be read.
    """
    if len(content) > MAX_BYTES:
        raise DataError(
            f"Word vectors: expected at most {MAX_BYTES // 10**6} MB, got "
            f"{len(content) / 10**6:.1f} MB. Keep the first lines, which have the "
            "most frequent words."
        )
    words: list[str] = []
    rows: list[np.ndarray] = []
    size = 0
    for number, line in enumerate(content.split(b"\n"), start=1):
        where = f"Word vectors, line {number}"
        parts = _split(line, number == 1, where)
        header = number == 1 and len(parts) == 2 and all(map(str.isdecimal, parts))
        if not parts or header:  # word2vec's first line counts words and dimensions
            continue
        if not size:
            size = len(parts) - 1
            if not MIN_SIZE <= size <= MAX_SIZE:
                raise DataError(
                    f"{where}: expected a word and {MIN_SIZE} to {MAX_SIZE} numbers, "
                    f"got {size}. {ADVICE}"
                )
        word, vector = _word_and_vector(parts, size, where)
        if len(words) < MAX_WORDS:
            words.append(word.casefold())
            rows.append(vector)
    if not words:
        raise DataError(f"Word vectors: expected at least one word, got none. {ADVICE}")
    return OwnVectors(name, tuple(words), np.stack(rows))


def _split(line: bytes, is_first: bool, where: str) -> list[str]:
    if len(line) > MAX_LINE:
        raise DataError(
            f"{where}: expected at most {MAX_LINE:,} characters, got {len(line):,}. "
            f"{ADVICE}"
        )
    try:
        return line.decode("utf-8-sig" if is_first else "utf-8").split()
    except UnicodeDecodeError as error:
        raise DataError(
            f"{where}: expected text in UTF-8, got byte {line[error.start]:#04x}. "
            f"{ADVICE}"
        ) from error


def _word_and_vector(parts: list[str], size: int, where: str) -> tuple[str, np.ndarray]:
    word, cells = " ".join(parts[:-size]), parts[-size:]
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
            f"{where}: expected a word and {size} numbers, got {found}. Correct or "
            "remove that line."
        )
    return word, vector
