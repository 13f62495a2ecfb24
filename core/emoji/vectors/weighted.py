"""Word vectors of equal length, of which rare words may count more."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.emoji.vectors.glove import Vectors

ZIPF = 0.1
FIRST_RANK = 2.7  # offset of the ranks (Mandelbrot 1953)


@dataclass(frozen=True)
class WeightedVectors:
    """A table of word vectors, each divided by its length and weighted by rarity.

    A word counts a / (a + p), where p is its share of all words (Arora, Liang & Ma
    2017), here by Zipf's law: p = 0.1 / rank. With a = 0 all count alike.
    """

    table: Vectors
    a: float

    @property
    def size(self) -> int:
        """Dimensions of a vector."""
        return self.table.size

    def row(self, word: str) -> int | None:
        """Return the row of a word, which is its rank by frequency, or None."""
        return self.table.row(word)

    def most_frequent(self, count: int) -> tuple[list[str], np.ndarray]:
        """Return at most `count` words and their vectors, (words, size) float32."""
        words, vectors = self.table.most_frequent(count)
        return words, self.weighted(vectors, np.arange(len(words)))

    def take(self, rows: Sequence[int]) -> np.ndarray:
        """Return copies of some rows, (rows, size) float32."""
        return self.weighted(self.table.take(rows), np.asarray(rows, np.int64))

    def weighted(self, vectors: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return vectors of the words of some rows, of equal length and weighted."""
        lengths = np.maximum(np.linalg.norm(vectors, axis=1), 1e-9)
        shares = ZIPF / (rows + FIRST_RANK)
        weights = self.a / (self.a + shares) if self.a else np.ones(len(rows))
        return np.asarray(vectors * (weights / lengths)[:, None], np.float32)
