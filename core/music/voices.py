"""Which track is the melody, and how a track becomes one note at a time."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.music.instruments import DRUMS, INSTRUMENTS
from core.music.score import STEPS_A_QUARTER, Note, Score, Track

LEADING = re.compile(
    r"melod|lead|solo|vocal|voice|sing|sax|trumpet|flute|violin|fiddle|clarinet|"
    r"treble|soprano|right|\brh\b|upper|\bup\b|theme|tune",
    re.IGNORECASE,
)
FOLLOWING = re.compile(
    r"bass|drum|perc|chord|comp|pad|rhythm|accomp|left|\blh\b|lower|\bdown\b|"
    r"string|harmon|back",
    re.IGNORECASE,
)
FEWEST_NOTES = 8  # of a melody
TOO_FEW = 100.0  # what having fewer costs: more than all else is worth
BASSES, LEADS = range(32, 40), (*range(52, 55), *range(56, 88))
MIDDLE, WIDTH = 72, 12  # where melodies are, in semitones


@dataclass(frozen=True)
class Voice:
    """A track as a person would choose it by.

    Attributes
    ----------
    track
        Place in the score's tracks.
    name, instrument
        Its name in the file, which may be empty, and what plays it.
    drums
        Whether it is drums, and no melody at all.
    notes
        How many there are.
    lowest, highest
        Pitches, MIDI numbers.
    alone
        Share of the notes that begin with no other, 0 to 1.
    likely
        How much like a melody it is; the greatest of all is the guess.
    """

    track: int
    name: str
    instrument: str
    drums: bool
    notes: int
    lowest: int
    highest: int
    alone: float
    likely: float


def voices(score: Score) -> tuple[Voice, ...]:
    """Describe every track of a score, in its order."""
    most = max(len(track.notes) for track in score.tracks)
    return tuple(_voice(place, track, most) for place, track in enumerate(score.tracks))


def guess(score: Score) -> int:
    """Return the place of the track that is most like a melody."""
    return max(voices(score), key=lambda voice: voice.likely).track


def skyline(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return the highest voice of notes that may sound together.

    Of notes that begin within one sixteenth the highest is kept; a lower note under
    one that outlasts it is left out; a note ends where the next begins.
    """
    kept: list[Note] = []
    for note in _highest_of_each_step(notes):
        if kept and kept[-1].pitch > note.pitch and kept[-1].end >= note.end:
            continue
        if kept and kept[-1].end > note.start:
            last = kept[-1]
            kept[-1] = Note(
                last.start, note.start - last.start, last.pitch, last.velocity
            )
        kept.append(note)
    return tuple(kept)


def _highest_of_each_step(notes: Sequence[Note]) -> list[Note]:
    highest: dict[int, Note] = {}
    for note in notes:
        step = round(note.start * STEPS_A_QUARTER)
        if step not in highest or highest[step].pitch < note.pitch:
            highest[step] = note
    return [highest[step] for step in sorted(highest)]


def _voice(place: int, track: Track, most: int) -> Voice:
    pitches = [note.pitch for note in track.notes]
    return Voice(
        track=place,
        name=track.name,
        instrument=DRUMS if track.drums else INSTRUMENTS[track.program],
        drums=track.drums,
        notes=len(pitches),
        lowest=min(pitches),
        highest=max(pitches),
        alone=_alone(track.notes),
        likely=-math.inf if track.drums else _likely(track, most),
    )


def _likely(track: Track, most: int) -> float:
    """Score a track: a melody is alone, high, moving, long, and called so."""
    pitches = np.array([note.pitch for note in track.notes])
    steps = np.abs(np.diff(pitches[:5000]))
    moving = float(np.mean((steps > 0) & (steps <= 7))) if len(steps) else 0.0
    different = min(1.0, len(set(pitches.tolist())) / 12)
    named = bool(LEADING.search(track.name)) - bool(FOLLOWING.search(track.name))
    played_by = (track.program in LEADS) - 2 * (track.program in BASSES)
    return (
        2 * _alone(track.notes)
        + 2 * math.exp(-(((float(np.mean(pitches)) - MIDDLE) / WIDTH) ** 2) / 2)
        + 1 * moving
        + 1 * different
        + 1.5 * math.sqrt(len(pitches) / most)
        + 1.5 * named
        + 0.5 * played_by
        - TOO_FEW * (len(skyline(track.notes)) < FEWEST_NOTES)
    )


def _alone(notes: Sequence[Note]) -> float:
    starts = np.array([round(note.start * 8) for note in notes])
    _, counts = np.unique(starts, return_counts=True)
    return float(counts[counts == 1].sum() / len(notes))
