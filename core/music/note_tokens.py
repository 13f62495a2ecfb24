"""Melodies as the classic recipe writes them: a token for each note, with its length.

A token is a degree above the chord's root, or a rest, and a duration, as in the tokens
of Gillick, Tang and Keller (2010). Which values there are is taken from all pieces that
are learned or judged, so that none is unknown; what follows what is learned from the
snippets alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.music.piece import HOLD, REST, Piece
from core.music.vocabulary import REST_TOKEN, Tokens, Vocabulary
from core.task import State


@dataclass(frozen=True)
class NoteTokens:
    """The values of a corpus.

    Attributes
    ----------
    vocabulary
        Its degrees.
    values
        Each a token of the vocabulary, a rest or a note, and a length in sixteenths.
    """

    vocabulary: Vocabulary
    values: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> Self:
        """Return the values of some pieces."""
        vocabulary = Vocabulary.of(pieces, "degrees")
        found = (pair for piece in pieces for pair in _pairs(vocabulary, piece))
        return cls(vocabulary, tuple(sorted(set(found))))

    @property
    def size(self) -> int:
        """Number of different tokens."""
        return len(self.values)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Sixteenths of each token."""
        return np.array([length for _, length in self.values])

    @property
    def notes(self) -> NDArray[np.bool_]:
        """Which tokens are notes."""
        return np.array([note != REST_TOKEN for note, _ in self.values])

    def encode(self, piece: Piece) -> Tokens:
        """Write a piece of the corpus as tokens, (notes and rests,)."""
        places = {pair: place for place, pair in enumerate(self.values)}
        return np.array([places[pair] for pair in _pairs(self.vocabulary, piece)])

    def pitches(self, before: int, root: int) -> NDArray[np.int64]:
        """Return the pitch of each token after a note and over a root, or `REST`."""
        return np.array(
            [
                REST
                if note == REST_TOKEN
                else self.vocabulary.pitch(note, before, root)
                for note, _ in self.values
            ]
        )

    def to_arrays(self) -> State:
        """Write the values, to be saved with a model."""
        return {**self.vocabulary.to_arrays(), "values": np.array(self.values)}

    @classmethod
    def from_arrays(cls, arrays: State) -> Self:
        """Read what `to_arrays` wrote."""
        values = tuple((note, length) for note, length in arrays["values"].tolist())
        return cls(Vocabulary.from_arrays(arrays), values)


def _pairs(vocabulary: Vocabulary, piece: Piece) -> list[tuple[int, int]]:
    tokens = vocabulary.encode(piece)
    same = (piece.melody == HOLD) | (
        (piece.melody == REST) & (np.roll(piece.melody, 1) == REST)
    )
    same[0] = False
    begins = np.flatnonzero(~same)
    lengths = np.diff(begins, append=piece.steps)
    return list(zip(tokens[begins].tolist(), lengths.tolist(), strict=True))
