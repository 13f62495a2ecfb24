"""What a person can play: in an instrument's range, with breaths, without clashes.

Rules for melodies that were generated. Steps that are fixed stay as they are.
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.music.arranger.arranging import STRAIGHT, TRIPLETS, swung
from core.music.config import Performance
from core.music.score.instruments import Instrument, instrument_of
from core.music.score.piece import HOLD, REST, Grid, Piece
from core.music.score.triplets import in_quarters
from core.music.theory.chord import OCTAVE
from core.music.theory.notes import STEPS_A_QUARTER

LONGEST, AIR = 8.0, 0.4  # seconds from one breath to the next, and to take one
ROUNDING = 1e-6  # seconds
SHORTEST = 2.0  # seconds from a breath to one that a rule adds
# Costs of a breath: each note in its place, an end off the beat or within a bar, and
# being early.
CUT, OFF_BEAT, IN_BAR, EARLY = 1.0, 0.7, 0.5, 2.0
MOVES = (0, -1, 1, -2, 2)  # semitones by which a long note is moved

Flags = NDArray[np.bool_]
Seconds = NDArray[np.float64]


def playable(piece: Piece, fixed: Flags, how: Performance, unit: int = 1) -> Piece:
    """Return a melody for an instrument; breaths begin on multiples of `unit` steps."""
    instrument = instrument_of(how.instrument)
    if how.plan == "phrases":
        piece = without_clashes(piece, fixed)
    piece = in_range(piece, fixed, instrument)
    return with_breaths(piece, fixed, how.swing, unit) if instrument.blown else piece


def air_steps(tempo: float, how: Performance) -> int:
    """Return the sixteenths of a rest before a beat in which a breath is taken."""
    off_beat = how.swing / (1 + how.swing) - 0.5  # quarters that swing makes it shorter
    seconds = AIR + off_beat * 60 / how.tempo
    return math.ceil(seconds * tempo / 60 * STEPS_A_QUARTER - ROUNDING)


def octaves(lowest: int, highest: int, instrument: Instrument) -> int:
    """Return the semitones, in octaves, that move a range best into an instrument's."""

    def outside(by: int) -> tuple[int, int]:
        low = max(0, instrument.lowest - lowest - by)
        return low + max(0, highest + by - instrument.highest), abs(by)

    return min(range(-4 * OCTAVE, 5 * OCTAVE, OCTAVE), key=outside)


def in_range(piece: Piece, fixed: Flags, instrument: Instrument) -> Piece:
    """Return a piece whose notes beyond an instrument's range are moved by octaves."""
    melody = piece.melody.astype(int)
    # Octaves that each note is out of the range, rounded up.
    under = np.maximum(0, -((melody - instrument.lowest) // OCTAVE))
    over = np.maximum(0, -((instrument.highest - melody) // OCTAVE))
    free = (melody >= 0) & ~fixed
    return replace(piece, melody=melody + np.where(free, OCTAVE * (under - over), 0))


def without_clashes(piece: Piece, fixed: Flags) -> Piece:
    """Return a piece whose long notes on beats do not clash with their chords.

    A note of a quarter or more is long, and so is its part under a chord.
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


def with_breaths(piece: Piece, fixed: Flags, swing: float, unit: int = 1) -> Piece:
    """Return a piece that rests for `AIR` after `LONGEST` seconds, as it sounds swung.

    The rest ends on a bar line or a beat if possible, in the place of few notes. Where
    fixed notes leave no place in time, it comes as soon as possible.
    """
    early, late = sounding_seconds(piece, swing)
    ends = -(-np.searchsorted(early, late + AIR - ROUNDING) // unit) * unit
    melody, last = piece.melody.copy(), max(piece.onsets, default=piece.steps)
    begin = min(piece.onsets, default=piece.steps)

    def cost(start: int) -> float:
        end = int(ends[start])
        cut = (melody[start:end] >= 0).sum()
        position = int(piece.positions[end])
        off = OFF_BEAT * (position % STEPS_A_QUARTER > 0) + IN_BAR * (position > 0)
        waited = float(late[start] - early[begin]) / LONGEST
        return CUT * float(cut) + off - EARLY * waited

    while begin < piece.steps:
        start, end = _silence(melody, begin, early, late)
        if late[start] - early[begin] > LONGEST + ROUNDING:
            since_breath = late - early[begin] - ROUNDING  # seconds
            possible = [
                step
                for step in range(begin + 1, start)
                if not step % unit
                and ends[step] <= last
                and not fixed[step : _held_to(melody, ends[step])].any()
            ]
            in_time = [step for step in possible if since_breath[step] <= LONGEST]
            spaced = [step for step in in_time if since_breath[step] >= SHORTEST]
            if possible:
                start = min(spaced or in_time or possible[:1], key=cost)
                end = _held_to(melody, ends[start])
            elif start > last:  # the last note is too long, and is cut short
                start = int((since_breath <= LONGEST).sum() - 1) // unit * unit
                start = max(start, last + unit)
                end = piece.steps
            if not fixed[start:end].any():
                melody[start:end] = REST
        begin = end
    return replace(piece, melody=melody)


def sounding_seconds(piece: Piece, swing: float) -> tuple[Seconds, Seconds]:
    """Return when each step sounds at the earliest and latest, (steps + 1,).

    Beats that are triplets swing 2 to 1 at any ratio.
    """
    swings = swing > STRAIGHT and in_quarters(piece.meter)
    steps, pickup = np.arange(piece.steps + 1), piece.pickup / STEPS_A_QUARTER
    times = [
        [swung(step / STEPS_A_QUARTER, pickup, ratio) for step in steps.tolist()]
        for ratio in ((swing, TRIPLETS) if swings else (STRAIGHT,))
    ]
    seconds = np.array(times) * 60 / piece.tempo
    return seconds.min(axis=0), seconds.max(axis=0)


def _silence(
    melody: Grid, begin: int, early: Seconds, late: Seconds
) -> tuple[int, int]:
    """Return begin and end of the first rest of `AIR`, or of the last one of all."""
    start = begin
    for step in range(begin, len(melody)):
        if melody[step] != REST:
            if early[step] - late[start] >= AIR - ROUNDING:
                return start, step
            start = step + 1
    return start, len(melody)


def _held_to(melody: Grid, step: int) -> int:
    """Return the end of a note that is held at a step."""
    while step < len(melody) and melody[step] == HOLD:
        step += 1
    return step
