"""Jazz in quavers: a bar of 4/4 is read as the models' 2/4, in values half as long.

The models have learnt sixteenths of 2/4 and of slow 4/4. Jazz and swing move in
quavers: read so, a chart's bar has as many notes as a bar of the training pieces.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.music.config import SWUNG, Performance
from core.music.score.piece import HOLD, REST, Grid, Piece
from core.music.theory.notes import FOUR_FOUR, Meter


def in_quavers(piece: Piece, how: Performance) -> bool:
    """Tell whether a piece is read in quavers."""
    fits = piece.meter == FOUR_FOUR and piece.pickup % 2 == 0
    return how.style in SWUNG and fits


def halved(piece: Piece) -> Piece:
    """Return a piece in values half as long; of two notes in a quaver the first."""
    melody = np.append(piece.melody, [REST] * (piece.steps % 2)).astype(np.int16)
    first, second = melody[::2], melody[1::2]
    return replace(
        piece,
        melody=np.where((first < 0) & (second >= 0), second, first),
        harmony=piece.harmony[::2],
        meter=Meter(2, 4),
        pickup=piece.pickup // 2,
        tempo=piece.tempo / 2,
    )


def doubled(melody: Grid, steps: int) -> Grid:
    """Return a melody of so many steps in values twice as long."""
    longer = np.repeat(melody, 2)
    longer[1::2] = np.where(longer[1::2] >= 0, HOLD, longer[1::2])
    return longer[:steps]


def mask_halved(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which quavers have a sixteenth of a mask."""
    return np.logical_or.reduceat(mask, np.arange(0, len(mask), 2))
