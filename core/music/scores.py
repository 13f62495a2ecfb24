"""The columns of the default model's scores, and how they make scores of tokens."""

import numpy as np
from numpy.typing import NDArray

from core.music.chord import OCTAVE
from core.music.inputs import VOCABULARY
from core.music.sources import NOTHING, SOURCES
from core.music.vocabulary import FIRST_NOTE

EMBEDDED = 96  # numbers that the inputs become
WIDEST = 18  # leap with a column of its own
LEAP_COLUMNS = 2 * WIDEST + 2  # and one for no note before
DEGREES = OCTAVE
PITCHES = np.arange(VOCABULARY.lowest, VOCABULARY.highest + 1, dtype=np.int32)


def token_scores(
    columns: NDArray[np.float32], before: int, root: int, said: NDArray[np.integer]
) -> NDArray[np.float32]:
    """Return the scores of the tokens at one step, (tokens,).

    Parameters
    ----------
    columns
        What the network says: of tokens, leaps, degrees, sources, in a row.
    before, root
        Latest pitch, root of the chord, or NOTHING.
    said
        (SOURCES,) what the sources foretell.
    """
    size = VOCABULARY.size
    scores = columns[:size].copy()
    leaps = columns[size : size + LEAP_COLUMNS]
    if before == NOTHING:
        scores[FIRST_NOTE:] += leaps[-1]
    else:
        scores[FIRST_NOTE:] += leaps[
            np.clip(PITCHES - before, -WIDEST, WIDEST) + WIDEST
        ]
    if root != NOTHING:
        degrees = columns[size + LEAP_COLUMNS :][:DEGREES]
        scores[FIRST_NOTE:] += degrees[(PITCHES - root) % DEGREES]
    speaking = said != NOTHING
    np.add.at(scores, said[speaking], columns[-SOURCES:][speaking])
    return scores
