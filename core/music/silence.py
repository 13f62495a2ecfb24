"""What the default model sees where chords are hidden from it."""

from dataclasses import replace

import numpy as np

from core.music.conditions import PLACES
from core.music.inputs import Material
from core.music.sources import NOTHING

HIDDEN_PARTS = ("chord", "bass", "next", "wait")


def without_chords(seen: Material, rows: np.ndarray) -> Material:
    """Return the same with the chords of some rows (batch,) hidden.

    Parameters
    ----------
    seen
        Steps of shape (batch, time).
    rows
        Which rows, true or false.
    """
    known, roots = seen.known.copy(), seen.roots.copy()
    for part in HIDDEN_PARTS:
        known[rows, :, PLACES[part]] = 0
    roots[rows] = NOTHING
    return replace(seen, known=known, roots=roots)
