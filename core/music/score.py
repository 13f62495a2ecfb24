"""Music as it is played: notes, tracks, chords in time.

Times and lengths are in quarter notes throughout (floats; an eighth is 0.5), pitches
are MIDI numbers (60 is middle C), velocities 1 to 127. A `Score` is what is read,
shown, sounded and written; what networks learn and write is a `Piece`, in `piece`.
"""

from dataclasses import dataclass

from core.music.chord import Chord

STEPS_A_QUARTER = 4  # a step is a sixteenth
LONGEST_BAR = 64  # steps
LOWEST, HIGHEST = 0, 127
DEFAULT_VELOCITY = 80
DEFAULT_TEMPO = 120.0


@dataclass(frozen=True, order=True)
class Note:
    """One note.

    Attributes
    ----------
    pitch
        MIDI number, 0 to 127.
    start, length
        In quarter notes from the beginning of the score; length is positive.
    velocity
        How hard it is struck, 1 to 127.
    """

    start: float
    length: float
    pitch: int
    velocity: int = DEFAULT_VELOCITY

    @property
    def end(self) -> float:
        """When it ends, in quarter notes."""
        return self.start + self.length


@dataclass(frozen=True)
class Track:
    """What one instrument, or one hand, plays.

    Attributes
    ----------
    name
        As the file calls it; may be empty.
    program
        General MIDI instrument, 0 to 127 (0 is a grand piano).
    drums
        Whether pitches are drums instead of notes.
    notes
        By start; may sound together.
    """

    name: str
    notes: tuple[Note, ...]
    program: int = 0
    drums: bool = False


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
        whole = self.beats > 0 and self.steps == STEPS_A_QUARTER * self.quarters
        return whole and self.steps <= LONGEST_BAR

    @property
    def compound(self) -> bool:
        """Whether beats are of three: 6/8, 9/8, 12/8."""
        return self.unit >= 8 and self.beats % 3 == 0 and self.beats > 3

    def __str__(self) -> str:
        return f"{self.beats}/{self.unit}"


FOUR_FOUR = Meter()


@dataclass(frozen=True)
class ChordSpan:
    """A chord and when it sounds, in quarter notes; None is no chord at all."""

    start: float
    length: float
    chord: Chord | None

    @property
    def end(self) -> float:
        """When it ends, in quarter notes."""
        return self.start + self.length


@dataclass(frozen=True)
class Score:
    """Some tracks that sound together.

    Attributes
    ----------
    tracks
        At least one.
    tempo
        Quarter notes a minute; of a piece that changes it, the middle one.
    meter
        Of a piece that changes it, the one that lasts longest.
    title
        As the file or the generator calls it; may be empty.
    chords
        By start, without gaps or overlaps; empty where none are known.
    pickup
        Quarter notes before the first full bar; less than a bar.
    """

    tracks: tuple[Track, ...]
    tempo: float = DEFAULT_TEMPO
    meter: Meter = FOUR_FOUR
    title: str = ""
    chords: tuple[ChordSpan, ...] = ()
    pickup: float = 0.0

    @property
    def length(self) -> float:
        """When the last note or chord ends, in quarter notes."""
        ends = [note.end for track in self.tracks for note in track.notes]
        return max([*ends, *(span.end for span in self.chords)], default=0.0)

    @property
    def seconds(self) -> float:
        """How long it lasts at its tempo."""
        return self.length * 60 / self.tempo
