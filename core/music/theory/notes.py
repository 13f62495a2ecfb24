"""Notes, meters, and chords in time.

Times and lengths are in quarter notes throughout (floats; an eighth is 0.5), pitches
are MIDI numbers (60 is middle C), velocities 1 to 127.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.music.theory.chord import Chord

STEPS_A_QUARTER = 4  # a step is a sixteenth
LONGEST_BAR = 64  # steps
MOST_BEATS = 255  # most beats a bar: one byte in a MIDI file
LOWEST, HIGHEST = 0, 127
DEFAULT_VELOCITY = 80
DEFAULT_TEMPO = 120.0  # quarter notes a minute


@dataclass(frozen=True, order=True)
class Note:
    """One note."""

    # In quarter notes from the beginning of the score; length is positive
    start: float
    length: float
    pitch: int  # MIDI number, 0 to 127
    velocity: int = DEFAULT_VELOCITY  # loudness, 1 to 127

    @property
    def end(self) -> float:
        """The end, in quarter notes."""
        return self.start + self.length


@dataclass(frozen=True)
class Meter:
    """A time signature: `beats` notes of 1 / `unit` in a bar."""

    beats: int = 4
    unit: int = 4

    @property
    def quarters(self) -> float:
        """Length of a bar in quarter notes."""
        return 4 * self.beats / self.unit

    @property
    def steps(self) -> int:
        """Sixteenths in a bar, at least one."""
        return max(1, 4 * STEPS_A_QUARTER * self.beats // self.unit)

    @property
    def fits(self) -> bool:
        """Whether its bars are whole sixteenths, and no longer than four of 4/4."""
        whole = self.steps == STEPS_A_QUARTER * self.quarters
        return 0 < self.beats <= MOST_BEATS and whole and self.steps <= LONGEST_BAR

    @property
    def compound(self) -> bool:
        """Whether beats are of three: 6/8, 9/8, 12/8."""
        return self.unit >= 8 and self.beats % 3 == 0 and self.beats > 3

    def __str__(self) -> str:
        return f"{self.beats}/{self.unit}"


FOUR_FOUR = Meter()


@dataclass(frozen=True)
class ChordSpan:
    """A chord and its time, in quarter notes; None is no chord ("N.C.")."""

    start: float
    length: float
    chord: Chord | None

    @property
    def end(self) -> float:
        """The end, in quarter notes."""
        return self.start + self.length


def merge_equal(spans: Iterable[ChordSpan]) -> tuple[ChordSpan, ...]:
    """Join neighbouring spans of the same chord."""
    joined: list[ChordSpan] = []
    for span in spans:
        if joined and joined[-1].chord == span.chord:
            last = joined[-1]
            joined[-1] = ChordSpan(last.start, span.end - last.start, last.chord)
        else:
            joined.append(span)
    return tuple(joined)
