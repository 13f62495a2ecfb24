"""A score as a piano roll: its notes in seconds, and its description in words."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TypedDict

import numpy as np

from core.figures.palette import CURVES
from core.music.arranger.arranging import MELODY, arranged
from core.music.config import Performance
from core.music.improviser.origins import Origin
from core.music.judging.originality import CopiedRun
from core.music.score.piece import Piece
from core.music.score.score import Score
from core.music.theory.keys import C_MAJOR, Key, key_of, pitch_name
from core.music.theory.notes import HIGHEST, ChordSpan, Note

LOW, HIGH = 60, 72  # shown if there are no notes
COPIED_COLOUR = CURVES[1]


class RollData(TypedDict):
    """What a piano roll shows, as values for JSON."""

    seconds: float  # length of the whole; other times are in seconds too
    # Lowest and highest pitch, MIDI numbers
    low: int
    high: int
    # Start of each bar, and its number: 1 is the first full one, 0 a pickup
    bars: list[float]
    numbers: list[int]
    # Start, length and name of each; "N.C." is none
    chords: list[tuple[float, float, str]]
    # Start, length, pitch and name of each, whether it is the melody's, whether it is
    # copied, and its origin: the name of an `Origin` in small letters, or ""
    notes: list[tuple[float, float, int, str, bool, bool, str]]
    legend: list[tuple[str, str]]  # name and words of each origin


def roll_data(
    score: Score, copied: CopiedRun | None = None, origins: Sequence[int] = ()
) -> RollData:
    """Return the data of a piano roll; the first track is the melody.

    `copied` is its longest copied run, `origins` the `Origin` of each of its notes.
    """
    key = _key(score)
    marked = set(_copied_notes(score, copied))
    of = dict(zip(_melody_notes(score), origins, strict=False))
    notes: list[tuple[float, float, int, str, bool, bool, str]] = []
    for place, track in enumerate(score.tracks):
        for note in () if track.drums else track.notes:
            start = in_seconds(score, note.start)
            length = in_seconds(score, note.length)
            own = place == MELODY
            name = pitch_name(note.pitch, key)
            origin = Origin(of[note]).name.lower() if own and note in of else ""
            copy = own and note in marked
            notes.append((start, length, note.pitch, name, own, copy, origin))
    starts = bar_starts(score)
    return {
        "seconds": in_seconds(score, score.length),
        "low": min((note[2] for note in notes), default=LOW),
        "high": max((note[2] for note in notes), default=HIGH),
        "bars": [in_seconds(score, start) for start in starts],
        "numbers": [bar_number(score, start) for start in starts],
        "chords": [
            (
                in_seconds(score, span.start),
                in_seconds(score, span.length),
                chord_name(span),
            )
            for span in score.chords
        ],
        "notes": notes,
        "legend": [(one.name.lower(), one.words) for one in Origin if one in origins],
    }


def step_times(piece: Piece, how: Performance) -> list[float]:
    """Return when each sixteenth begins, swung, in seconds."""
    every = np.full(piece.steps, LOW, np.int16)
    score = arranged(replace(piece, melody=every), how)
    return [in_seconds(score, note.start) for note in score.tracks[MELODY].notes]


def pitch_names(score: Score) -> list[str]:
    """Return the names of all pitches in the key of a score."""
    key = _key(score)
    return [pitch_name(pitch, key) for pitch in range(HIGHEST + 1)]


def chord_name(span: ChordSpan) -> str:
    """Return a chord's symbol, or "N.C."."""
    return "N.C." if span.chord is None else str(span.chord)


def _melody_notes(score: Score) -> list[Note]:
    return sorted(score.tracks[MELODY].notes) if score.tracks else []


def _copied_notes(score: Score, copied: CopiedRun | None) -> list[Note]:
    if copied is None:
        return []
    return _melody_notes(score)[copied.first : copied.first + copied.notes]


def describe_copy(copied: CopiedRun) -> str:
    """Say in words where a copied run is from."""
    return f"{copied.notes} notes as in {copied.title}, bar {copied.bar}"


def bar_starts(score: Score) -> list[float]:
    """Return the start of each bar in quarter notes, a pickup at 0 first."""
    size = score.meter.quarters
    count = max(1, math.ceil((score.length - score.pickup) / size - 1e-9))
    full = (score.pickup + size * place for place in range(count))
    return [*([0.0] if score.pickup > 0 else []), *full]


def bar_number(score: Score, time: float) -> int:
    """Return the number of the bar at a time in quarter notes; 0 is the pickup."""
    return math.floor((time - score.pickup) / score.meter.quarters + 1e-9) + 1


def in_seconds(score: Score, quarters: float) -> float:
    """Return quarter notes as seconds at the score's tempo, to a tenth of a ms."""
    return round(quarters * 60 / score.tempo, 4)


def _key(score: Score) -> Key:
    return score.key or key_of(_melody_notes(score)) or C_MAJOR


def roll_alt(score: Score, copied: CopiedRun | None = None) -> str:
    """Describe the piano roll in words."""
    own = _melody_notes(score)
    bars = len(bar_starts(score))
    seconds = f"{score.seconds:.0f} seconds"
    if not own:
        return f"Piano roll of {bars} bars, {seconds}, without a melody"
    key = _key(score)
    low = pitch_name(min(note.pitch for note in own), key)
    high = pitch_name(max(note.pitch for note in own), key)
    text = (
        f"Piano roll of {bars} bars, {seconds}: a melody of {len(own)} notes "
        f"between {low} and {high}"
    )
    return f"{text}; {describe_copy(copied)}" if copied else text
