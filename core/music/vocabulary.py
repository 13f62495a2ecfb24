"""Melodies as tokens, one a sixteenth, and exactly back.

Every token is a rest, a note that goes on, or a note that begins; three alphabets
differ in how they say which note:

- `steps`: its pitch.
- `intervals`: how far it is from the note before.
- `degrees`: which degree it is above the root of the chord that sounds, and in which
  octave around the note before. The same tokens go over other chords, as in the
  tokens of Gillick, Tang and Keller (2010): chord, key and register do not matter.

Each says which note it is and nothing more, so that nats of one alphabet can be
compared with nats of another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from core.music.chord import OCTAVE
from core.music.piece import HOLD, NO_CHORD, REST, Piece
from core.music.score import HIGHEST, LOWEST
from core.task import State

Alphabet = Literal["steps", "intervals", "degrees"]
ALPHABETS: tuple[Alphabet, ...] = get_args(Alphabet)
REST_TOKEN, HOLD_TOKEN, FIRST_NOTE = 0, 1, 2
TRITONE = 6
DEGREES = ("1", "b2", "2", "b3", "3", "4", "b5", "5", "b6", "6", "b7", "7")

Tokens = NDArray[np.int64]


@dataclass(frozen=True)
class Vocabulary:
    """The tokens of an alphabet for notes within a range.

    Attributes
    ----------
    alphabet
        How a note is written.
    lowest, highest
        The pitches it can write, MIDI numbers.

    Raises
    ------
    ValueError
        If there is no such alphabet or the range is not one.
    """

    alphabet: Alphabet
    lowest: int
    highest: int

    def __post_init__(self) -> None:
        if self.alphabet not in ALPHABETS:
            raise ValueError(
                f"Expected one of {', '.join(ALPHABETS)}, got {self.alphabet!r}."
            )
        if not LOWEST <= self.lowest <= self.highest <= HIGHEST:
            raise ValueError(
                f"Expected a range within 0 to 127, got {self.lowest} to "
                f"{self.highest}."
            )

    @classmethod
    def of(
        cls, pieces: Sequence[Piece], alphabet: Alphabet, margin: int = TRITONE
    ) -> Self:
        """Return the vocabulary for these pieces moved by up to `margin` semitones."""
        pitches = np.concatenate([piece.melody[piece.onsets] for piece in pieces])
        low, high = int(pitches.min()) - margin, int(pitches.max()) + margin
        return cls(alphabet, max(LOWEST, low), min(HIGHEST, high))

    @property
    def size(self) -> int:
        """Number of different tokens."""
        notes = {
            "steps": self._span + 1,
            "intervals": 2 * self._span + 1,
            "degrees": OCTAVE * (2 * self._octaves + 1),
        }
        return FIRST_NOTE + notes[self.alphabet]

    @property
    def middle(self) -> int:
        """The pitch that the first note of a piece is measured from."""
        return (self.lowest + self.highest) // 2

    def fits(self, piece: Piece) -> bool:
        """Tell whether every note of a piece is in the range."""
        notes = piece.melody[piece.onsets]
        return bool(((self.lowest <= notes) & (notes <= self.highest)).all())

    def folded(self, piece: Piece) -> Piece:
        """Return the piece with notes beyond the range moved in by octaves.

        A range of less than an octave leaves some at its ends.
        """
        melody = piece.melody.copy()
        notes = melody[piece.onsets]
        under = np.maximum(0, -((notes - self.lowest) // OCTAVE))
        over = np.maximum(0, -((self.highest - notes) // OCTAVE))
        moved = notes + OCTAVE * (under - over)
        melody[piece.onsets] = np.clip(moved, self.lowest, self.highest)
        return replace(piece, melody=melody)

    def encode(self, piece: Piece) -> Tokens:
        """Write a melody as tokens, (steps,).

        Raises
        ------
        ValueError
            If a note is out of the range.
        """
        if not self.fits(piece):
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

    def decode(self, tokens: Sequence[int] | Tokens, over: Piece) -> Piece:
        """Read tokens as a melody over the chords of a piece of the same length.

        Tokens that `encode` cannot have written are read as near as can be: a pitch
        out of the range is moved in by octaves, a note going on after a rest rests.

        Raises
        ------
        ValueError
            If there are more or fewer tokens than steps.
        """
        if len(tokens) != over.steps:
            raise ValueError(f"Expected {over.steps} tokens, got {len(tokens)}.")
        melody = np.full(over.steps, REST, np.int16)
        before = self.middle
        for step, token in enumerate(tokens):
            if token >= FIRST_NOTE:
                before = self.pitch(int(token), before, root_at(over, step))
                melody[step] = before
            elif token == HOLD_TOKEN and step and melody[step - 1] != REST:
                melody[step] = HOLD
        return replace(over, melody=melody)

    def token(self, pitch: int, before: int, root: int) -> int:
        """Return the token of a note: its pitch, the last note's, the chord's root."""
        if self.alphabet == "steps":
            return FIRST_NOTE + pitch - self.lowest
        leap = pitch - before
        if self.alphabet == "intervals":
            return FIRST_NOTE + leap + self._span
        octave = (leap + TRITONE) // OCTAVE + self._octaves
        return FIRST_NOTE + octave * OCTAVE + (pitch - root) % OCTAVE

    def pitch(self, token: int, before: int, root: int) -> int:
        """Return the pitch that a token stands for, moved into the range by octaves."""
        number = token - FIRST_NOTE
        if self.alphabet == "steps":
            return self._within(self.lowest + number)
        if self.alphabet == "intervals":
            return self._within(before + number - self._span)
        octave, degree = divmod(number, OCTAVE)
        # The nearest from a tritone below to less than one above, then octaves.
        leap = (root + degree - before + TRITONE) % OCTAVE - TRITONE
        return self._within(before + leap + OCTAVE * (octave - self._octaves))

    def word(self, token: int) -> str:
        """Return a token in words, for the text that is taken away."""
        if token < FIRST_NOTE:
            return "rest" if token == REST_TOKEN else "hold"
        number = token - FIRST_NOTE
        if self.alphabet == "steps":
            return str(self.lowest + number)
        if self.alphabet == "intervals":
            return f"{number - self._span:+d}"
        octave, degree = divmod(number, OCTAVE)
        octave -= self._octaves
        return DEGREES[degree] + ("'" * octave if octave > 0 else "," * -octave)

    def to_arrays(self) -> State:
        """Write the vocabulary, to be saved with a model."""
        return {
            "alphabet": np.array(self.alphabet),
            "range": np.array([self.lowest, self.highest]),
        }

    @classmethod
    def from_arrays(cls, arrays: State) -> Self:
        """Read what `to_arrays` wrote."""
        lowest, highest = arrays["range"].tolist()
        alphabet = next(name for name in ALPHABETS if name == str(arrays["alphabet"]))
        return cls(alphabet, lowest, highest)

    @property
    def _span(self) -> int:
        return self.highest - self.lowest

    @property
    def _octaves(self) -> int:
        """Octaves up or down that a leap can be, beyond the nearest note."""
        return (self._span + TRITONE) // OCTAVE

    def _within(self, pitch: int) -> int:
        while pitch < self.lowest and pitch + OCTAVE <= self.highest:
            pitch += OCTAVE
        while pitch > self.highest and pitch - OCTAVE >= self.lowest:
            pitch -= OCTAVE
        return min(max(pitch, self.lowest), self.highest)


def root_at(piece: Piece, step: int) -> int:
    """Return the root of the chord at a step; C where there is none."""
    place = int(piece.harmony[step])
    return 0 if place == NO_CHORD else piece.chords[place].root


def at_home(piece: Piece) -> Piece:
    """Return a piece moved to C major or A minor by a tritone at most.

    A piece whose key is not known stays where it is.
    """
    return piece.transposed(home_shift(piece))


def home_shift(piece: Piece) -> int:
    """Return the semitones from a piece's key to C major or A minor, -5 to 6."""
    if piece.key is None:
        return 0
    relative_major = piece.key.tonic + (3 if piece.key.minor else 0)
    return (TRITONE - 1 - relative_major) % OCTAVE - (TRITONE - 1)
