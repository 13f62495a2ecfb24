"""Vectors of words that a sentence encoder has learned, for the small model."""

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.arrays import unpack
from core.emoji.vectors.glove import Glove, glove

FILE = Path(__file__).parents[3] / "data" / "pretrained" / "words.npz"


class SentenceWords:
    """GloVe's words with the vectors of `core.emoji.word_vectors`.

    A word that has none has a vector of zeros, so that it does not count. The numbers
    are stored as bytes: 19,000 words take 5 MB.
    """

    def __init__(self, words: Glove, content: bytes) -> None:
        arrays = unpack(content)
        self._words = words
        self._rows = arrays["rows"]  # rows in GloVe, ascending
        self._vectors, self._scale = arrays["vectors"], arrays["scale"]
        self.size = int(self._vectors.shape[1])

    def row(self, word: str) -> int | None:
        """Return the row of a word, which is its rank by frequency, or None."""
        return self._words.row(word)

    def most_frequent(self, count: int) -> tuple[list[str], np.ndarray]:
        """Return at most `count` words and their vectors, (words, size) float32."""
        words, _ = self._words.most_frequent(count)
        return words, self.take(range(len(words)))

    def take(self, rows: Sequence[int]) -> np.ndarray:
        """Return copies of some rows, (rows, size) float32."""
        wanted = np.asarray(rows, np.int64)
        places = np.minimum(np.searchsorted(self._rows, wanted), len(self._rows) - 1)
        found = self._vectors[places] * self._scale
        found[self._rows[places] != wanted] = 0.0
        return found


@functools.cache
def sentence_words() -> SentenceWords:
    """Open the vectors."""
    return SentenceWords(glove(), FILE.read_bytes())
