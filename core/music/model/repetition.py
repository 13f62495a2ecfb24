"""What a melody would play at each step if it repeated itself.

Melodies repeat themselves: a bar returns after one, two, four or eight others, and a
figure returns on another degree. A predictor is the token of some bars ago, or the one
that followed the last time the latest sixteenths were played, in any key; see
`inputs.StepwiseInputs`. `first_time` tells which half bars are no copies.
"""

import itertools

import numpy as np
from numpy.typing import NDArray

from core.music.model.vocabulary import FIRST_NOTE
from core.music.score.piece import Grid, Piece

BARS_AGO = (1, 2, 4, 8, 16)
MATCHED = (8, 16, 32)  # latest sixteenths that have been played before
PREDICTORS = len(BARS_AGO) + len(MATCHED)
NOTHING = -1  # no prediction, or no note before
WINDOWS = (16, 64)  # sixteenths over which a predictor's hit rate is counted
SAME_PITCH = FIRST_NOTE + 128  # number of the interval 0 beside rests and holds


def first_time(piece: Piece) -> NDArray[np.bool_]:
    """Return which steps are in a fresh half bar: one that no copy of half a bar gives.

    It is not fresh if its notes, holds and rests have been in the piece before, at any
    pitch and at any place, also across bar lines.
    """
    half = max(1, piece.meter.steps // 2)
    first = piece.pickup % half
    begins = [0] * (first > 0) + list(range(first, piece.steps, half))
    fresh = np.zeros(piece.steps, bool)
    known: set[bytes] = set()
    passed = 0
    for begin, end in itertools.pairwise([*begins, piece.steps]):
        for start in range(passed, begin - half + 1):
            known.add(_at_any_pitch(piece.melody[start : start + half]))
            passed = start + 1
        fresh[begin:end] = _at_any_pitch(piece.melody[begin:end]) not in known
    return fresh


def _at_any_pitch(melody: Grid) -> bytes:
    content = melody.astype(np.int64)
    notes = content >= 0
    content[notes] += SAME_PITCH - content[notes][:1]  # apart from HOLD and REST
    return content.tobytes()
