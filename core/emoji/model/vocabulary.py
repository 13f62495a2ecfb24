"""The words in use, each with its vector: what a model reads instead of words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from core.emoji.config import Config
from core.emoji.text.corpus import Sentences
from core.emoji.text.tokens import Reading
from core.emoji.vectors.glove import Vectors, glove
from core.task import DataError

PADDING, UNKNOWN, FIRST = 0, 1, 2  # rows of a model's table of vectors


def table_of(config: Config, data: Sentences) -> Vectors:
    """Return the vectors that a model starts from.

    Raises
    ------
    DataError
        If own vectors are wanted and there are none.
    """
    if config.vectors == "glove":
        return glove()
    if data.own_vectors is None:
        raise DataError(
            "vectors: expected a file of your own word vectors, got none. Add one, or "
            "choose glove."
        )
    return data.own_vectors


@dataclass(kw_only=True)
class Lexicon:
    """Rows of a model's own table: padding, unknown, then each word in use.

    Attributes
    ----------
    table
        Where vectors come from.
    places
        Row of each word in use.
    """

    table: Vectors
    places: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Vectors, words: Iterable[str]) -> Self:
        """Give each word a row, in the order in which they come."""
        unique = dict.fromkeys(words)
        return cls(table=table, places={w: FIRST + i for i, w in enumerate(unique)})

    def rows(self, reading: Reading) -> list[int]:
        """Return the row of each token; a word that is not in use is unknown.

        A text without any token is one unknown word.
        """
        rows = [self.places.get(t.word or "", UNKNOWN) for t in reading.tokens]
        return rows or [UNKNOWN]

    def vectors(self) -> np.ndarray:
        """Return the table as it is before training (FIRST + words, size)."""
        array = np.zeros((FIRST + len(self.places), self.table.size), np.float32)
        rows = [self.table.row(word) for word in self.places]
        if rows:
            array[FIRST:] = self.table.take([row for row in rows if row is not None])
        return array


def padded(sequences: Sequence[Sequence[int]], least: int = 1) -> np.ndarray:
    """Fill sequences up with PADDING to the same length (rows, time) int32."""
    longest = max([least, *map(len, sequences)])
    array = np.full((len(sequences), longest), PADDING, np.int32)
    for row, sequence in enumerate(sequences):
        array[row, : len(sequence)] = sequence
    return array
