"""Melodies as tokens.

A `Vocabulary` has a token a sixteenth: a rest, a held note, or the beginning of a note.
There are two, which name the note differently:

- `steps`: by its pitch.
- `degrees`: by its degree above the chord's root, and its octave around the last note.
  The same tokens fit other chords, as those of Gillick, Tang and Keller (2010): chord,
  key and register do not matter.

`NoteTokens` are those of the classic recipe: one a note or rest, with its duration.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from core.music.score.piece import HOLD, NO_CHORD, REST, Piece, transpose_melody
from core.music.theory.chord import OCTAVE, smallest_interval
from core.music.theory.notes import HIGHEST, LOWEST
from core.task import State

Alphabet = Literal["steps", "degrees"]
ALPHABETS: tuple[Alphabet, ...] = get_args(Alphabet)
REST_TOKEN, HOLD_TOKEN, FIRST_NOTE = 0, 1, 2
TRITONE = 6
LOWEST_MEDIAN, HIGHEST_MEDIAN = 62, 86  # pitches; others are moved in by octaves

Tokens = NDArray[np.int64]


@dataclass(frozen=True)
class Vocabulary:
    """The tokens of an alphabet for notes within a range."""

    alphabet: Alphabet
    # The range of pitches, MIDI numbers
    lowest: int
    highest: int

    @classmethod
    def of(cls, pieces: Sequence[Piece], alphabet: Alphabet) -> Self:
        """Return the vocabulary for these pieces transposed by up to a tritone."""
        pitches = np.concatenate([piece.melody[piece.onsets] for piece in pieces])
        low, high = int(pitches.min()) - TRITONE, int(pitches.max()) + TRITONE
        return cls(alphabet, max(LOWEST, low), min(HIGHEST, high))

    @property
    def size(self) -> int:
        """Number of different tokens."""
        if self.alphabet == "steps":
            return FIRST_NOTE + self.highest - self.lowest + 1
        return FIRST_NOTE + OCTAVE * (2 * self._octaves + 1)

    @property
    def middle(self) -> int:
        """The pitch that the degree of the first note is counted from."""
        return (self.lowest + self.highest) // 2

    def folded(self, piece: Piece) -> Piece:
        """Return the piece with notes beyond the range moved in by octaves.

        If the range is less than an octave, some are clipped to its ends.
        """
        melody = piece.melody.copy()
        notes = melody[piece.onsets]
        under = np.maximum(0, -((notes - self.lowest) // OCTAVE))
        over = np.maximum(0, -((self.highest - notes) // OCTAVE))
        moved = notes + OCTAVE * (under - over)
        melody[piece.onsets] = np.clip(moved, self.lowest, self.highest)
        return replace(piece, melody=melody)

    def encode(self, piece: Piece) -> Tokens:
        """Write a melody as tokens, (steps,); its notes are within the range."""
        notes = piece.melody[piece.onsets]
        if not ((self.lowest <= notes) & (notes <= self.highest)).all():
            raise ValueError(
                f"Expected notes from {self.lowest} to {self.highest}; {piece.title!r} "
                "has others. Use `folded` first."
            )
        tokens = np.where(piece.melody == REST, REST_TOKEN, HOLD_TOKEN).astype(np.int64)
        before = self.middle
        for step in piece.onsets:
            pitch = int(piece.melody[step])
            tokens[step] = self.token(pitch, before, root_at(piece, int(step)))
            before = pitch
        return tokens

    def token(self, pitch: int, before: int, root: int) -> int:
        """Return the token of a note, given the note before and the chord's root."""
        if self.alphabet == "steps":
            return FIRST_NOTE + pitch - self.lowest
        octave = (pitch - before + TRITONE) // OCTAVE + self._octaves
        return FIRST_NOTE + octave * OCTAVE + (pitch - root) % OCTAVE

    def pitch(self, token: int, before: int, root: int) -> int:
        """Return the pitch of a degree's token, moved into the range by octaves."""
        octave, degree = divmod(token - FIRST_NOTE, OCTAVE)
        interval = smallest_interval(root + degree - before)
        return self._within(before + interval + OCTAVE * (octave - self._octaves))

    def to_arrays(self) -> State:
        """Return the vocabulary as arrays, to be saved with a model."""
        return {
            "alphabet": np.array(self.alphabet),
            "range": np.array([self.lowest, self.highest]),
        }

    @classmethod
    def from_arrays(cls, arrays: State) -> Self:
        """Decode the arrays of `to_arrays`."""
        lowest, highest = arrays["range"].tolist()
        alphabet = next(name for name in ALPHABETS if name == str(arrays["alphabet"]))
        return cls(alphabet, lowest, highest)

    @property
    def _octaves(self) -> int:
        """Octaves up or down of an interval, beyond the nearest note."""
        return (self.highest - self.lowest + TRITONE) // OCTAVE

    def _within(self, pitch: int) -> int:
        while pitch < self.lowest and pitch + OCTAVE <= self.highest:
            pitch += OCTAVE
        while pitch > self.highest and pitch - OCTAVE >= self.lowest:
            pitch -= OCTAVE
        return min(max(pitch, self.lowest), self.highest)


@dataclass(frozen=True)
class NoteTokens:
    """The classic recipe's tokens: a degree or a rest, with its duration.

    All pieces that are learned or judged are covered, so that no token is unknown.
    """

    vocabulary: Vocabulary  # vocabulary with the alphabet `degrees`
    # For each token one of the vocabulary, and a duration in sixteenths
    values: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> Self:
        """Return the tokens of some pieces."""
        vocabulary = Vocabulary.of(pieces, "degrees")
        found = (pair for piece in pieces for pair in _pairs(vocabulary, piece))
        return cls(vocabulary, tuple(sorted(set(found))))

    @property
    def size(self) -> int:
        """Number of different tokens."""
        return len(self.values)

    @property
    def durations(self) -> NDArray[np.int64]:
        """Sixteenths of each token."""
        return np.array([length for _, length in self.values])

    @property
    def notes(self) -> NDArray[np.bool_]:
        """Which tokens are notes, not rests."""
        return np.array([note != REST_TOKEN for note, _ in self.values])

    def encode(self, piece: Piece) -> Tokens:
        """Write a piece as tokens, (notes and rests,)."""
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
        """Return the tokens as arrays, to be saved with a model."""
        return {**self.vocabulary.to_arrays(), "values": np.array(self.values)}

    @classmethod
    def from_arrays(cls, arrays: State) -> Self:
        """Decode the arrays of `to_arrays`."""
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


def root_at(piece: Piece, step: int) -> int:
    """Return the root of the chord at a step; C without a chord."""
    index = int(piece.harmony[step])
    return 0 if index == NO_CHORD else piece.chords[index].root


def in_c(piece: Piece) -> Piece:
    """Return a piece transposed to C major or A minor, if its key is known."""
    return piece.transposed(semitones_to_c(piece))


def semitones_to_c(piece: Piece) -> int:
    """Return the semitones from a piece's key to C major or A minor, -5 to 6."""
    if piece.key is None:
        return 0
    relative_major = piece.key.tonic + (3 if piece.key.minor else 0)
    return (TRITONE - 1 - relative_major) % OCTAVE - (TRITONE - 1)


# One range for all corpora, so that weights learnt on one can be the start of another.
VOCABULARY = Vocabulary("steps", 48, 100)


def prepared(piece: Piece) -> Piece:
    """Return a piece as the models read it: in C major or A minor, in one range.

    A piece whose median pitch is low or high is first moved by octaves.
    """
    piece = in_c(piece)
    if len(piece.onsets):
        median = float(np.median(piece.melody[piece.onsets]))
        under = max(0, int(np.ceil((LOWEST_MEDIAN - median) / OCTAVE)))
        over = max(0, int(np.ceil((median - HIGHEST_MEDIAN) / OCTAVE)))
        melody = transpose_melody(piece.melody, OCTAVE * (under - over))
        piece = replace(piece, melody=melody)
    return VOCABULARY.folded(piece)
