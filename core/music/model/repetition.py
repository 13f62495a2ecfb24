"""What a melody would play at each step if it repeated itself.

Melodies repeat themselves: a bar returns after one, two, four or eight others, and a
figure returns on another degree. A predictor is the token of some bars ago, or the one
that followed the last time the latest sixteenths were played, in any key; see
`inputs.StepwiseInputs`. `first_time` tells which bars none of this explains.
"""

import numpy as np
from numpy.typing import NDArray

from core.music.model.vocabulary import FIRST_NOTE
from core.music.score.piece import Piece

BARS_AGO = (1, 2, 4, 8, 16)
MATCHED = (8, 16, 32)  # latest sixteenths that have been played before
PREDICTORS = len(BARS_AGO) + len(MATCHED)
NOTHING = -1  # no prediction, or no note before
WINDOWS = (16, 64)  # sixteenths over which a predictor's hit rate is counted
SAME_PITCH = FIRST_NOTE + 128  # number of the interval 0 beside rests and holds


def first_time(piece: Piece) -> NDArray[np.bool_]:
    """Return which steps are in a fresh bar: one that repeats no earlier bar.

    A bar repeats another if it has the same notes, holds and rests, at any pitch.
    """
    bars = (np.arange(piece.steps) - piece.pickup) // piece.meter.steps
    known: set[bytes] = set()
    fresh = np.zeros(piece.steps, bool)
    for bar in np.unique(bars):
        here = bars == bar
        content = piece.melody[here].astype(np.int64)
        notes = content >= 0
        content[notes] += SAME_PITCH - content[notes][:1]  # apart from HOLD and REST
        fresh[here] = content.tobytes() not in known
        known.add(content.tobytes())
    return fresh
