"""The key of a melody, by the profiles of Krumhansl and Kessler (1982)."""

from collections.abc import Sequence

import numpy as np

from core.music.chord import OCTAVE
from core.music.piece import Key
from core.music.score import Note

# How well each pitch class above the tonic fits, as listeners rated it.
MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def key_of(notes: Sequence[Note]) -> Key | None:
    """Return the key whose profile goes best with how long pitch classes sound.

    None where there are no notes, or all pitch classes sound equally long.
    """
    durations = np.zeros(OCTAVE)
    for note in notes:
        durations[note.pitch % OCTAVE] += note.length
    if durations.std() == 0:
        return None
    fits = [
        (float(np.corrcoef(np.roll(profile, tonic), durations)[0, 1]), tonic, minor)
        for minor, profile in enumerate((MAJOR, MINOR))
        for tonic in range(OCTAVE)
    ]
    _, tonic, minor = max(fits)
    return Key(tonic, bool(minor))
