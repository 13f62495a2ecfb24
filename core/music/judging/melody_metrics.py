"""Metrics of a melody, for comparison with the training pieces.

Pitch-class entropy and groove consistency are those of Wu and Yang, "The Jazz
Transformer on the Front Line" (ISMIR 2020), scale consistency that of Mogren,
"C-RNN-GAN" (2016), empty-beat rate that of Dong et al., "Pypianoroll" (2018); the
details, such as a beat counting as played at which a note only ends, are those of
the library muspy 0.5.0 at four steps a quarter note.

The others are this project's own: how a melody fits its chords and its key, where it
rests, and how its bars come back.
"""

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.music.score.piece import NO_CHORD, REST, Grid, Piece
from core.music.theory.chord import OCTAVE
from core.music.theory.keys import C_MAJOR, Key
from core.music.theory.notes import STEPS_A_QUARTER, Meter

SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10))  # major, natural minor
RAISED = (9, 11)  # sixth and seventh of a minor scale, as melodies rise to the tonic
WIDE = 7  # semitones; more are a leap
WITHIN = 8  # bars, in which a motif is to return
LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95

Steps = NDArray[np.int64]


@dataclass(frozen=True)
class MelodyMetrics:
    """Metrics of one melody; NaN if there are no notes, or too few bars."""

    # In bits, 0 (one pitch class) to log2(12) = 3.58 (all equally often)
    pitch_class_entropy: float
    # Largest share of notes that one major or natural minor scale holds
    scale_consistency: float
    # 1 less the share of sixteenths at which neighbouring bars differ in whether a note
    # begins there
    groove_consistency: float
    empty_beat_rate: float  # share of quarter notes in which nothing sounds


@dataclass(frozen=True)
class Range:
    """The middle nine tenths of the pieces of a corpus, and their median."""

    low: float
    median: float
    high: float


def metrics_of(piece: Piece) -> MelodyMetrics:
    """Return the metrics of a piece's melody."""
    notes = piece.notes()
    starts = piece.onsets
    ends = np.array([round(note.end * STEPS_A_QUARTER) for note in notes], int)
    pitches = piece.melody[starts].astype(int)
    shift = -piece.pickup % piece.meter.steps
    return MelodyMetrics(
        pitch_class_entropy=_entropy(pitches),
        scale_consistency=_in_scale(pitches),
        groove_consistency=_groove(starts + shift, ends + shift, piece.meter.steps),
        empty_beat_rate=_empty_beats(starts, ends),
    )


def ranges(pieces: Sequence[Piece]) -> dict[str, Range]:
    """Return the range of each metric over pieces, by the metric's name."""
    table = np.array([dataclasses.astuple(metrics_of(piece)) for piece in pieces])
    names = [item.name for item in dataclasses.fields(MelodyMetrics)]
    quantiles = np.nanquantile(table, (LOW, MIDDLE, HIGH), axis=0).T.tolist()
    return {name: Range(*row) for name, row in zip(names, quantiles, strict=True)}


def _entropy(pitches: Steps) -> float:
    if not len(pitches):
        return math.nan
    counts = np.bincount(pitches % OCTAVE)
    shares = counts[counts > 0] / len(pitches)
    return float(-(shares * np.log2(shares)).sum()) + 0.0  # never a negative zero


def _in_scale(pitches: Steps) -> float:
    if not len(pitches):
        return math.nan
    counts = np.bincount(pitches % OCTAVE, minlength=OCTAVE)
    inside = (
        np.roll(counts, -root)[list(scale)].sum()
        for scale in SCALES
        for root in range(OCTAVE)
    )
    return float(max(inside) / len(pitches))


def _groove(starts: Steps, ends: Steps, bar: int) -> float:
    bars = ends.max(initial=0) // bar + 1
    if bars < 2:
        return math.nan
    struck = np.zeros(bars * bar, bool)
    struck[starts] = True
    patterns = struck.reshape(bars, bar)
    return float(1 - (patterns[:-1] != patterns[1:]).mean())


def _empty_beats(starts: Steps, ends: Steps) -> float:
    if not len(ends):
        return math.nan
    played = np.zeros(ends.max() // STEPS_A_QUARTER + 1, bool)
    for start, end in zip(starts, ends, strict=True):
        played[start // STEPS_A_QUARTER : end // STEPS_A_QUARTER + 1] = True
    return float(1 - played.mean())


def strong_beats(meter: Meter) -> tuple[int, ...]:
    """Return the steps of a bar that its strong beats begin on.

    They are the first beat and, in a bar of an even number of beats, its middle; in a
    compound meter every beat of three.
    """
    if meter.compound:
        return tuple(range(0, meter.steps, 3 * 4 * STEPS_A_QUARTER // meter.unit))
    return (0, meter.steps // 2) if meter.beats % 2 == 0 else (0,)


def scale_of(key: Key | None) -> frozenset[int]:
    """Return the pitch classes of a key's scale, in minor with both sixths, sevenths.

    Without a key, C major's.
    """
    key = key or C_MAJOR
    scale = (*SCALES[1], *RAISED) if key.minor else SCALES[0]
    return frozenset((key.tonic + step) % OCTAVE for step in scale)


def chord_tones_strong(piece: Piece) -> float:
    """Return the share of notes beginning on strong beats that are of the chord.

    NaN if no note begins on one under a chord.
    """
    strong = np.isin(piece.positions, strong_beats(piece.meter))
    known = piece.harmony != NO_CHORD
    steps = np.flatnonzero(strong & (piece.melody >= 0) & known).tolist()
    tones = [piece.chords[piece.harmony[step]].tones for step in steps]
    notes = piece.melody[steps].tolist()
    fits = zip(notes, tones, strict=True)
    return _share([pitch % OCTAVE in chord for pitch, chord in fits])


def scale_fit(piece: Piece) -> float:
    """Return the share of notes in the key's scale; NaN without notes."""
    scale = scale_of(piece.key)
    notes = piece.melody[piece.onsets].tolist()
    return _share([pitch % OCTAVE in scale for pitch in notes])


def rest_share(piece: Piece) -> float:
    """Return the share of sixteenths, up to the last note's end, without a sound."""
    sounding = np.flatnonzero(piece.melody != REST)
    last = int(sounding[-1]) + 1 if len(sounding) else 0
    return _share((piece.melody[:last] == REST).tolist())


def ends_on_tonic(piece: Piece) -> bool | None:
    """Return whether the last note is the key's tonic; None without notes."""
    if not len(piece.onsets):
        return None
    tonic = (piece.key or C_MAJOR).tonic
    return int(piece.melody[piece.onsets[-1]]) % OCTAVE == tonic


def bars_of(piece: Piece) -> list[Grid]:
    """Return the melody of each whole bar."""
    bar = piece.meter.steps
    begins = range(piece.pickup, piece.steps - bar + 1, bar)
    return [piece.melody[begin : begin + bar] for begin in begins]


def is_varied(bar: Grid, other: Grid) -> bool:
    """Tell whether a bar has another's rhythm and contour, but not its pitches."""
    if len(bar) != len(other) or ((bar >= 0) != (other >= 0)).any():
        return False
    one, two = bar[bar >= 0].astype(int), other[other >= 0].astype(int)
    same = bool((one == two).all())
    return not same and bool((np.sign(np.diff(one)) == np.sign(np.diff(two))).all())


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else math.nan
