"""A score as a roll of notes in seconds, for pictures and for what moves."""

import math
from typing import TypedDict

from core.music.chord import OCTAVE
from core.music.keys import key_of
from core.music.notation import C_MAJOR, spelled
from core.music.originality import Borrowed
from core.music.piece import Key
from core.music.score import ChordSpan, Note, Score

SIGNS = {-1: "b", 0: "", 1: "#"}
LOW, HIGH = 60, 72  # shown where there are no notes


class RollData(TypedDict):
    """What a piano roll shows, as plain values that JSON can hold.

    Attributes
    ----------
    seconds
        Length of the whole; other times are in seconds too.
    low, high
        Lowest and highest pitch, MIDI numbers.
    bars, numbers
        Where each bar begins, and its number: 1 is the first full one, 0 a pickup.
    chords
        Start, length and name of each; "N.C." is none.
    notes
        Start, length, pitch and name of each, whether it is the melody's, and whether
        it is borrowed.
    """

    seconds: float
    low: int
    high: int
    bars: list[float]
    numbers: list[int]
    chords: list[tuple[float, float, str]]
    notes: list[tuple[float, float, int, str, bool, bool]]


def roll_data(
    score: Score, melody: int = 0, borrowed: Borrowed | None = None
) -> RollData:
    """Return what a piano roll shows, as plain values that JSON can hold.

    Parameters
    ----------
    score
        What to show; drums are left out.
    melody
        Place of the track that is the melody.
    borrowed
        The melody's longest copied run, if it is to be marked.
    """
    key = key_of_melody(score, melody)
    marked = set(borrowed_notes(score, melody, borrowed))
    notes: list[tuple[float, float, int, str, bool, bool]] = []
    for place, track in enumerate(score.tracks):
        for note in track.notes if not track.drums else ():
            start, length = (
                in_seconds(score, note.start),
                in_seconds(score, note.length),
            )
            own = place == melody
            name = pitch_name(note.pitch, key)
            notes.append((start, length, note.pitch, name, own, own and note in marked))
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
    }


def chord_name(span: ChordSpan) -> str:
    """Return a chord as it is written above the notes."""
    return "N.C." if span.chord is None else str(span.chord)


def melody_notes(score: Score, melody: int) -> tuple[Note, ...]:
    """Return the notes of a track by start; none if it is drums or not there."""
    tracks = score.tracks[melody : melody + 1]
    return tuple(
        sorted(note for track in tracks if not track.drums for note in track.notes)
    )


def borrowed_notes(
    score: Score, melody: int, borrowed: Borrowed | None
) -> tuple[Note, ...]:
    """Return the notes of the melody that are borrowed; its notes are one at a time."""
    if borrowed is None:
        return ()
    notes = melody_notes(score, melody)
    return notes[borrowed.first : borrowed.first + borrowed.notes]


def borrowing(borrowed: Borrowed) -> str:
    """Say where a copied run is from."""
    return f"{borrowed.notes} notes as in {borrowed.title}, bar {borrowed.bar}"


def bar_starts(score: Score) -> list[float]:
    """Return where each bar begins in quarter notes, a pickup at 0 first."""
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


def pitch_name(pitch: int, key: Key = C_MAJOR) -> str:
    """Return a pitch as musicians call it in a key, such as "Bb4"; C4 is middle C."""
    name = spelled(pitch % OCTAVE, key)
    octave = (pitch - name.alter) // OCTAVE - 1
    return f"{name.letter}{SIGNS[name.alter]}{octave}"


def key_of_melody(score: Score, melody: int) -> Key:
    """Return the key that names the pitches of a score."""
    return key_of(melody_notes(score, melody)) or C_MAJOR
