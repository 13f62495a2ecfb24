"""Metrics of a melody, to compare it with the music that a model learnt from.

Pitch-class entropy and groove consistency are those of Wu and Yang, "The Jazz
Transformer on the Front Line" (ISMIR 2020), scale consistency that of Mogren,
"C-RNN-GAN" (2016), empty-beat rate that of Dong et al., "Pypianoroll" (2018); the
details, such as a beat counting as played at which a note only ends, are those of
the library muspy 0.5.0 at four steps a quarter note.
"""

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.music.score.piece import Piece
from core.music.theory.chord import OCTAVE
from core.music.theory.notes import STEPS_A_QUARTER

SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10))  # major, natural minor
LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95

Steps = NDArray[np.int64]


@dataclass(frozen=True)
class MelodyMetrics:
    """Metrics of one melody; NaN if there are no notes, or too few bars.

    Attributes
    ----------
    pitch_class_entropy
        In bits, 0 (one pitch class) to log2(12) = 3.58 (all equally often).
    scale_consistency
        Largest share of notes that one major or natural minor scale holds.
    groove_consistency
        1 less the share of sixteenths at which neighbouring bars differ in whether a
        note begins there.
    empty_beat_rate
        Share of quarter notes in which nothing sounds.
    """

    pitch_class_entropy: float
    scale_consistency: float
    groove_consistency: float
    empty_beat_rate: float


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
