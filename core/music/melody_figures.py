"""Five figures of a melody, to be set beside those of the music it learnt from.

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

from core.music.chord import OCTAVE
from core.music.piece import Piece
from core.music.score import HIGHEST, STEPS_A_QUARTER, Meter, Note

SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10))  # major, natural minor
LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95

Steps = NDArray[np.int64]


@dataclass(frozen=True)
class MelodyFigures:
    """Figures of one melody; NaN where there is nothing to count.

    Attributes
    ----------
    pitch_class_entropy
        In bits, 0 (one pitch class) to log2(12) = 3.58 (all equally often).
    scale_consistency
        Largest share of notes that one major or natural minor scale holds.
    groove_consistency
        1 less the share of sixteenths at which neighbouring bars differ in whether a
        note begins there.
    polyphony
        Mean number of pitches that sound, where any does.
    empty_beat_rate
        Share of quarter notes in which nothing sounds.
    """

    pitch_class_entropy: float
    scale_consistency: float
    groove_consistency: float
    polyphony: float
    empty_beat_rate: float


@dataclass(frozen=True)
class Range:
    """Where nine in ten pieces of a corpus lie, and their median."""

    low: float
    median: float
    high: float


def figures_of(notes: Sequence[Note], meter: Meter, pickup: float = 0) -> MelodyFigures:
    """Return the figures of some notes, which go to the nearest sixteenth.

    Parameters
    ----------
    notes
        A melody, or more.
    meter, pickup
        Of the score they are of; the pickup in quarter notes.
    """
    starts = np.array([round(note.start * STEPS_A_QUARTER) for note in notes], int)
    ends = np.array([round(note.end * STEPS_A_QUARTER) for note in notes], int)
    ends = np.maximum(ends, starts + 1)
    pitches = np.array([note.pitch for note in notes], int)
    shift = -round(pickup * STEPS_A_QUARTER) % meter.steps
    return MelodyFigures(
        pitch_class_entropy=_entropy(pitches),
        scale_consistency=_in_scale(pitches),
        groove_consistency=_groove(starts + shift, ends + shift, meter.steps),
        polyphony=_polyphony(starts, ends, pitches),
        empty_beat_rate=_empty_beats(starts, ends),
    )


def figures_of_piece(piece: Piece) -> MelodyFigures:
    """Return the figures of a piece's melody."""
    return figures_of(piece.notes(), piece.meter, piece.pickup / STEPS_A_QUARTER)


def ranges(pieces: Sequence[Piece]) -> dict[str, Range]:
    """Return the range of each figure over pieces, by the figure's name.

    Raises
    ------
    ValueError
        If there are no pieces.
    """
    if not pieces:
        raise ValueError("Expected some pieces to take the range of, got none.")
    table = np.array([dataclasses.astuple(figures_of_piece(piece)) for piece in pieces])
    names = [item.name for item in dataclasses.fields(MelodyFigures)]
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


def _polyphony(starts: Steps, ends: Steps, pitches: Steps) -> float:
    if not len(pitches):
        return math.nan
    roll = np.zeros((ends.max(), HIGHEST + 1), bool)
    for start, end, pitch in zip(starts, ends, pitches, strict=True):
        roll[start:end, pitch] = True
    sounding = roll.sum(axis=1)
    return float(sounding.sum() / (sounding > 0).sum())


def _empty_beats(starts: Steps, ends: Steps) -> float:
    if not len(ends):
        return math.nan
    played = np.zeros(ends.max() // STEPS_A_QUARTER + 1, bool)
    for start, end in zip(starts, ends, strict=True):
        played[start // STEPS_A_QUARTER : end // STEPS_A_QUARTER + 1] = True
    return float(1 - played.mean())
