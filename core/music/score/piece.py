"""Music as the models learn it: a melody over its chords, on a grid of sixteenths."""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.music.score.score import Score, Track
from core.music.theory.chord import OCTAVE, Chord
from core.music.theory.keys import Key
from core.music.theory.notes import (
    DEFAULT_TEMPO,
    DEFAULT_VELOCITY,
    FOUR_FOUR,
    HIGHEST,
    LOWEST,
    STEPS_A_QUARTER,
    ChordSpan,
    Meter,
    Note,
)

REST, HOLD = -2, -1  # marks in a melody's grid; other numbers are onsets of notes
NO_CHORD = -1  # mark in a piece's harmony

Grid = NDArray[np.int16]  # one whole number a step
T = TypeVar("T", int, NDArray[np.integer])


@dataclass(frozen=True, eq=False)
class Piece:
    """One melody, a note at a time, over its chords, on a grid of sixteenths."""

    title: str
    source: str  # collection or file
    # (steps,) the pitch where a note begins, `HOLD` where it goes on, `REST`. HOLD is
    # neither the first step nor follows REST.
    melody: Grid
    meter: Meter = FOUR_FOUR  # `meter.steps` sixteenths are a bar
    pickup: int = 0  # steps before the first full bar, less than a bar
    # The different chords of the piece; empty if none are known
    chords: tuple[Chord, ...] = ()
    # (steps,) index in `chords` of the chord at each step, or `NO_CHORD`
    harmony: Grid = field(default_factory=lambda: np.empty(0, np.int16))
    key: Key | None = None  # None if it is not known
    tempo: float = DEFAULT_TEMPO  # quarter notes a minute
    # Whether the chords were inferred from the melody itself. Then they tell something
    # about its notes, and no loss with them is compared with one without.
    inferred: bool = False

    def __post_init__(self) -> None:
        melody = np.asarray(self.melody, np.int16)
        harmony = np.asarray(self.harmony, np.int16)
        if not len(harmony):
            harmony = np.full(len(melody), NO_CHORD, np.int16)
        object.__setattr__(self, "melody", melody)
        object.__setattr__(self, "harmony", harmony)
        if len(melody) != len(harmony):
            raise ValueError(
                f"Expected as many steps of harmony as of melody, got {len(harmony)} "
                f"and {len(melody)}."
            )
        before = np.concatenate([[REST], melody[:-1]]) if len(melody) else melody
        if ((melody == HOLD) & (before == REST)).any():
            raise ValueError("Expected HOLD after a note only, not after a rest.")
        if len(melody) and not REST <= melody.min() <= melody.max() <= HIGHEST:
            raise ValueError("Expected pitches up to 127, HOLD and REST in a melody.")
        if len(harmony) and not (
            NO_CHORD <= harmony.min() <= harmony.max() < len(self.chords)
        ):
            raise ValueError("Expected places in `chords`, or NO_CHORD, in a harmony.")

    @property
    def steps(self) -> int:
        """Its length in sixteenths."""
        return len(self.melody)

    @property
    def bars(self) -> int:
        """Bars, with a pickup and an unfinished last one counted as one each."""
        return self.full_bars + (self.pickup > 0)

    @property
    def full_bars(self) -> int:
        """Bars after the pickup, and the number of the last one."""
        return -(-(self.steps - self.pickup) // self.meter.steps)

    def bar_at(self, step: T) -> T:
        """Return the number of the bar at a step, or at several; 0 is the pickup."""
        return (step - self.pickup) // self.meter.steps + 1

    @property
    def form(self) -> tuple[int, int, Meter]:
        """Its steps, its pickup and its meter."""
        return self.steps, self.pickup, self.meter

    def notes_in(self, bars: Collection[int]) -> NDArray[np.bool_]:
        """Return which steps are of some bars, or of a note held into one, (steps,)."""
        inside = np.isin(self.bar_at(np.arange(self.steps)), list(bars))
        for step in np.flatnonzero(inside[1:] & (self.melody[1:] == HOLD))[::-1]:
            inside[step] = True
        return inside

    @property
    def positions(self) -> Grid:
        """Position of each step in its bar, (steps,), 0 to meter.steps - 1."""
        steps = np.arange(self.steps) - self.pickup
        return np.asarray(steps % self.meter.steps, np.int16)

    @property
    def onsets(self) -> NDArray[np.intp]:
        """Steps at which a note begins."""
        return np.flatnonzero(self.melody >= 0)

    def chord_at(self, step: int) -> Chord | None:
        """Return the chord at a step, or None."""
        index = int(self.harmony[step])
        return None if index == NO_CHORD else self.chords[index]

    def notes(self, velocity: int = DEFAULT_VELOCITY) -> tuple[Note, ...]:
        """Return the melody as notes, in quarter notes."""
        ends = np.append(np.flatnonzero(self.melody != HOLD), self.steps)
        return tuple(
            Note(
                start=int(step) / STEPS_A_QUARTER,
                length=int(end - step) / STEPS_A_QUARTER,
                pitch=int(self.melody[step]),
                velocity=velocity,
            )
            for step, end in itertools.pairwise(ends)
            if self.melody[step] >= 0
        )

    def spans(self) -> tuple[ChordSpan, ...]:
        """Return the chords with their times, in quarter notes."""
        if not self.chords:
            return ()
        begins = np.flatnonzero(np.diff(self.harmony, prepend=-2))
        return tuple(
            ChordSpan(
                start=int(begin) / STEPS_A_QUARTER,
                length=int(end - begin) / STEPS_A_QUARTER,
                chord=self.chord_at(int(begin)),
            )
            for begin, end in itertools.pairwise([*begins.tolist(), self.steps])
        )

    def transposed(self, semitones: int) -> Self:
        """Return the piece transposed by semitones, with its chords and key."""
        melody = transpose_melody(self.melody, semitones)
        key = self.key and replace(
            self.key, tonic=(self.key.tonic + semitones) % OCTAVE
        )
        chords = tuple(chord.transposed(semitones) for chord in self.chords)
        return replace(self, melody=melody, chords=chords, key=key)

    def without_chords(self) -> Self:
        """Return the same melody without its chords."""
        harmony = np.full(self.steps, NO_CHORD, np.int16)
        return replace(self, chords=(), harmony=harmony, inferred=False)

    def without_inferred_chords(self) -> Self:
        """Return the same piece, its chords only if they are not inferred from it."""
        return self.without_chords() if self.inferred else self

    def part(self, begin: int, end: int) -> Self:
        """Return the steps from `begin` to before `end` as a piece of its own.

        A note cut off at `begin` becomes a rest.
        """
        melody = self.melody[begin:end].copy()
        cut_off = np.flatnonzero(melody != HOLD)
        melody[: cut_off[0] if len(cut_off) else len(melody)] = REST
        pickup = (self.pickup - begin) % self.meter.steps
        return replace(
            self, melody=melody, harmony=self.harmony[begin:end], pickup=pickup
        )

    def score(self, name: str = "Melody", program: int = 0) -> Score:
        """Return the piece as a score of one track, with its chords written above."""
        return Score(
            tracks=(Track(name=name, notes=self.notes(), program=program),),
            tempo=self.tempo,
            meter=self.meter,
            title=self.title,
            chords=self.spans(),
            pickup=self.pickup / STEPS_A_QUARTER,
            key=self.key,
        )


def transpose_melody(melody: Grid, semitones: int) -> Grid:
    """Return a melody transposed; notes beyond 0 to 127 are moved in by octaves."""
    moved = melody.astype(np.int64) + semitones
    under = np.maximum(0, -((moved - LOWEST) // OCTAVE))
    over = np.maximum(0, -((HIGHEST - moved) // OCTAVE))
    moved += OCTAVE * (under - over)
    return np.where(melody >= 0, moved, melody).astype(np.int16)


def without_stray(melody: Grid) -> Grid:
    """Return a melody whose held steps after a rest are rests."""
    melody, before = melody.copy(), REST
    for step, value in enumerate(melody.tolist()):
        before = REST if value == HOLD and before == REST else value
        melody[step] = before
    return melody


def melody_grid(notes: Sequence[Note], steps: int) -> Grid:
    """Quantise a sequence of notes to a grid of sixteenths of a given length.

    Starts and ends go to the nearest step. A note ends where the next one begins; of
    two on one step the later in `notes` stays. Notes get at least one step.
    """
    melody = np.full(steps, REST, np.int16)
    for note in notes:
        begin = round(note.start * STEPS_A_QUARTER)
        end = max(begin + 1, round(note.end * STEPS_A_QUARTER))
        if 0 <= begin < steps:
            melody[begin:] = REST
            melody[begin] = note.pitch
            melody[begin + 1 : end] = HOLD
    return melody


def chord_grid(
    spans: Sequence[ChordSpan], steps: int
) -> tuple[tuple[Chord, ...], Grid]:
    """Return `chords` and `harmony` of a `Piece`; `Piece.spans` is the inverse."""
    chords = tuple(dict.fromkeys(span.chord for span in spans if span.chord))
    harmony = np.full(steps, NO_CHORD, np.int16)
    for span in spans:
        if span.chord is not None:
            begin, end = (
                round(time * STEPS_A_QUARTER) for time in (span.start, span.end)
            )
            harmony[max(begin, 0) : max(end, 0)] = chords.index(span.chord)
    return chords, harmony


def has_chords(pieces: Sequence[Piece]) -> bool:
    """Tell whether any of the pieces has chords."""
    return any(piece.chords for piece in pieces)


def has_known_chords(pieces: Sequence[Piece]) -> bool:
    """Tell whether any of the pieces has chords that are not inferred from it."""
    return any(piece.chords and not piece.inferred for piece in pieces)


def common_meter(pieces: Sequence[Piece]) -> Meter:
    """Return the most common meter of some pieces."""
    meters = [piece.meter for piece in pieces]
    return max(dict.fromkeys(meters), key=meters.count)
