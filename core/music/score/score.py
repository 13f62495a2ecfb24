"""Scores: tracks of notes in time, as they are read, played, shown and written.

What networks learn and write is a `Piece`, in `piece`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from core.music.theory.chord import OCTAVE
from core.music.theory.keys import Key
from core.music.theory.notes import (
    DEFAULT_TEMPO,
    FOUR_FOUR,
    HIGHEST,
    LOWEST,
    ChordSpan,
    Meter,
    Note,
)


@dataclass(frozen=True)
class Track:
    """The notes of one instrument, or of one hand."""

    name: str  # name in the file; may be empty
    notes: tuple[Note, ...]  # notes by start; may overlap
    program: int = 0  # General MIDI instrument, 0 to 127 (0 is a grand piano)
    drums: bool = False  # whether pitches are drums instead of notes


@dataclass(frozen=True)
class Score:
    """Tracks that are played together."""

    tracks: tuple[Track, ...]  # one track or more
    # Quarter notes a minute; of a piece that changes it, the middle one
    tempo: float = DEFAULT_TEMPO
    meter: Meter = FOUR_FOUR  # meter of longest total duration, if it changes
    title: str = ""  # title of the file or the generator; may be empty
    # By start, without gaps or overlaps; empty where none are known
    chords: tuple[ChordSpan, ...] = ()
    pickup: float = 0.0  # quarter notes before the first full bar; less than a bar
    key: Key | None = None  # None if it is not known
    # Start and meter of each part, without the pickup, of a piece that changes it; else
    # empty
    meters: tuple[tuple[float, Meter], ...] = ()

    @property
    def length(self) -> float:
        """The end of the last note or chord, in quarter notes."""
        ends = [note.end for track in self.tracks for note in track.notes]
        return max([*ends, *(span.end for span in self.chords)], default=0.0)

    @property
    def seconds(self) -> float:
        """Duration at its tempo."""
        return self.length * 60 / self.tempo

    def transposed(self, semitones: int) -> Self:
        """Return the score transposed, but for its drums."""

        def moved(track: Track) -> Track:
            notes = (
                replace(note, pitch=min(max(note.pitch + semitones, LOWEST), HIGHEST))
                for note in track.notes
            )
            return track if track.drums else replace(track, notes=tuple(notes))

        key, chords = self.key, self.chords
        return replace(
            self,
            tracks=tuple(map(moved, self.tracks)),
            key=key and replace(key, tonic=(key.tonic + semitones) % OCTAVE),
            chords=tuple(
                replace(span, chord=span.chord and span.chord.transposed(semitones))
                for span in chords
            ),
        )


def pitched(tracks: Sequence[Track]) -> list[Note]:
    """Return the notes of all tracks but drums."""
    return [note for track in tracks if not track.drums for note in track.notes]


def printable(text: str) -> str:
    """Return a name or title without control characters, which files do not allow."""
    return "".join(letter for letter in text if letter.isprintable())
