"""What a person can play: in an instrument's range, with breaths, without clashes.

Rules for melodies that were generated. Steps that are fixed stay as they are.
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.music.config import Performance
from core.music.score.instruments import Instrument, instrument_of
from core.music.score.piece import HOLD, REST, Grid, Piece
from core.music.theory.chord import OCTAVE
from core.music.theory.notes import STEPS_A_QUARTER

LONGEST, AIR = 8.0, 0.4  # seconds from one breath to the next, and to take one
SHORTEST = 2.0  # seconds from a breath to one that a rule adds
# Costs of a breath: each note in its place, an end off the beat or within a bar, and
# being early.
CUT, OFF_BEAT, IN_BAR, EARLY = 1.0, 0.7, 0.5, 2.0
MOVES = (0, -1, 1, -2, 2)  # semitones by which a long note is moved

Flags = NDArray[np.bool_]


def playable(piece: Piece, fixed: Flags, how: Performance, unit: int = 1) -> Piece:
    """Return a melody for an instrument; breaths begin on multiples of `unit` steps."""
    instrument = instrument_of(how.instrument)
    if how.plan == "phrases":
        piece = without_clashes(piece, fixed)
    piece = in_range(piece, fixed, instrument)
    return (
        with_breaths(piece, fixed, how.swing > 1, unit) if instrument.blown else piece
    )


def air_steps(tempo: float) -> int:
    """Return the sixteenths of a rest in which a breath is taken."""
    return math.ceil(AIR / _seconds(tempo))


def _seconds(tempo: float) -> float:
    """Return the seconds of a sixteenth."""
    return 60 / tempo / STEPS_A_QUARTER


def octaves(lowest: int, highest: int, instrument: Instrument) -> int:
    """Return the semitones, in octaves, that move a range best into an instrument's."""

    def outside(by: int) -> tuple[int, int]:
        low = max(0, instrument.lowest - lowest - by)
        return low + max(0, highest + by - instrument.highest), abs(by)

    return min(range(-4 * OCTAVE, 5 * OCTAVE, OCTAVE), key=outside)


def in_range(piece: Piece, fixed: Flags, instrument: Instrument) -> Piece:
    """Return a piece whose notes beyond an instrument's range are moved by octaves."""
    melody = piece.melody.astype(int)
    under = np.maximum(0, -((melody - instrument.lowest) // OCTAVE))
    over = np.maximum(0, -((instrument.highest - melody) // OCTAVE))
    free = (melody >= 0) & ~fixed
    return replace(piece, melody=melody + np.where(free, OCTAVE * (under - over), 0))


def without_clashes(piece: Piece, fixed: Flags) -> Piece:
    """Return a piece whose long notes on beats do not clash with their chords.

    Those of a quarter or more, with each chord under which they are as long.
    """
    melody = piece.melody.copy()
    beat = 6 if piece.meter.compound else STEPS_A_QUARTER
    for step, note in zip(piece.onsets.tolist(), piece.notes(), strict=True):
        end = step + round(note.length * STEPS_A_QUARTER)
        if fixed[step] or piece.positions[step] % beat or end - step < STEPS_A_QUARTER:
            continue
        places, counts = np.unique(piece.harmony[step:end], return_counts=True)
        chords = [
            piece.chords[place]
            for place in places[counts >= STEPS_A_QUARTER].tolist()
            if place >= 0
        ]
        clear = (
            by
            for by in MOVES
            if not any(chord.clashes(note.pitch + by) for chord in chords)
        )
        melody[step] += next(clear, 0)
    return replace(piece, melody=melody)


def with_breaths(piece: Piece, fixed: Flags, swung: bool, unit: int = 1) -> Piece:
    """Return a piece with a rest of `AIR` after `LONGEST` seconds at the latest.

    The rest ends on a bar line or a beat if possible, in the place of few notes.
    """
    air, second = air_steps(piece.tempo), 1 / _seconds(piece.tempo)
    longest = int(LONGEST * second) - swung
    melody, onsets = piece.melody.copy(), piece.onsets
    beginning = int(onsets[0]) if len(onsets) else piece.steps

    def ends(start: int) -> int:
        """Return where a rest from a step ends; swing shortens those off the beat."""
        off = swung and piece.positions[start] % STEPS_A_QUARTER > 0
        return start + math.ceil((air + off) / unit) * unit

    def cost(start: int) -> float:
        end = ends(start)
        cut = (melody[start:end] >= 0).sum()
        position = int(piece.positions[end]) if end < piece.steps else 0
        off = OFF_BEAT * (position % STEPS_A_QUARTER > 0) + IN_BAR * (position > 0)
        return CUT * float(cut) + off - EARLY * (start - beginning) / longest

    while beginning < piece.steps:
        start, end = _silence(melody, beginning, air, piece.steps)
        if start - beginning > longest:
            ways = [
                step
                for step in range(
                    beginning + int(SHORTEST * second), beginning + longest + 1
                )
                if not step % unit
                and ends(step) <= onsets[-1]
                and not fixed[step : _held_to(melody, ends(step))].any()
            ]
            start = min(ways, key=cost, default=-1)
            end = ends(start) if ways else beginning + longest
            if ways:
                melody[start : _held_to(melody, end)] = REST
        beginning = end
    return replace(piece, melody=melody)


def _silence(melody: Grid, begin: int, shortest: int, default: int) -> tuple[int, int]:
    """Return begin and end of the first silence of some steps from a step on."""
    start = begin
    for step in range(begin, len(melody) + 1):
        if step == len(melody) or melody[step] != REST:
            if step - start >= shortest:
                return start, step
            start = step + 1
    return default, default


def _held_to(melody: Grid, step: int) -> int:
    """Return the end of a note that is held at a step."""
    while step < len(melody) and melody[step] == HOLD:
        step += 1
    return step
