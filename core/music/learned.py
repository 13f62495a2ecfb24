"""Pieces as both models learn and play them: in one key and one range."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.music.chord import OCTAVE
from core.music.inputs import VOCABULARY
from core.music.piece import NO_CHORD, Piece, shifted
from core.music.score import Meter
from core.music.vocabulary import at_home

LOW, HIGH = 62, 86  # medians beyond these are moved in by octaves


def prepared(piece: Piece, chords: bool = True) -> Piece:
    """Return a piece as it is learned: in C major or A minor, within the range.

    Parameters
    ----------
    piece
        Any piece; one that lies low or high as a whole is moved by octaves.
    chords
        Whether its chords are kept.
    """
    home = at_home(piece if chords else bare(piece))
    if len(home.onsets):
        middle = float(np.median(home.melody[home.onsets]))
        under = max(0, int(np.ceil((LOW - middle) / OCTAVE)))
        over = max(0, int(np.ceil((middle - HIGH) / OCTAVE)))
        home = replace(home, melody=shifted(home.melody, OCTAVE * (under - over)))
    return VOCABULARY.folded(home)


def bare(piece: Piece) -> Piece:
    """Return a piece without its chords."""
    harmony = np.full(piece.steps, NO_CHORD, np.int16)
    return replace(piece, chords=(), harmony=harmony)


def has_chords(pieces: Sequence[Piece]) -> bool:
    """Tell whether any of the pieces has chords."""
    return any(piece.chords for piece in pieces)


def common_meter(pieces: Sequence[Piece]) -> Meter:
    """Return the commonest meter of some pieces."""
    meters = [piece.meter for piece in pieces]
    return max(dict.fromkeys(meters), key=meters.count)
