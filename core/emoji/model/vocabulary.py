"""The words of a training, numbered: rows of its embedding matrix."""

from collections.abc import Iterable, Sequence

import numpy as np

from core.emoji.text.tokens import TokenizedText
from core.emoji.vectors.glove import Vectors

PADDING, UNKNOWN, FIRST_WORD = 0, 1, 2  # rows of the embedding matrix


class Vocabulary:
    """Rows of the embedding matrix: padding, unknown, then each word in use."""

    def __init__(self, table: Vectors, words: Iterable[str]) -> None:
        unique = dict.fromkeys(words)
        self.table = table
        self.ids = {word: row for row, word in enumerate(unique, start=FIRST_WORD)}

    def encode(self, text: TokenizedText) -> list[int]:
        """Return the row of each token; a word that is not in use is unknown.

        A text without any token is one unknown word.
        """
        rows = [self.ids.get(token.word or "", UNKNOWN) for token in text.tokens]
        return rows or [UNKNOWN]

    def embedding(self) -> np.ndarray:
        """Return the matrix as it is before training (FIRST_WORD + words, size)."""
        array = np.zeros((FIRST_WORD + len(self.ids), self.table.size), np.float32)
        rows = [self.table.row(word) for word in self.ids]
        if rows:
            array[FIRST_WORD:] = self.table.take([r for r in rows if r is not None])
        return array


def pad_sequences(sequences: Sequence[Sequence[int]], least: int = 1) -> np.ndarray:
    """Fill sequences up with PADDING to the same length (rows, time) int32."""
    longest = max([least, *map(len, sequences)])
    array = np.full((len(sequences), longest), PADDING, np.int32)
    for row, sequence in enumerate(sequences):
        array[row, : len(sequence)] = sequence
    return array
