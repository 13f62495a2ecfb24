"""Keeps a melody from copying a longer run of notes than it may."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.music.originality import LATEST, SPEEDS, WIDEST
from core.music.piece import Piece
from core.music.sources import FACTOR

Hashes = NDArray[np.uint64]


class CopyGuard:
    """Knows every run of `longest` + 1 notes of a corpus, as `originality` does.

    Parameters
    ----------
    pieces
        The corpus.
    longest
        Notes of the longest run that may be copied, at least 2.
    """

    def __init__(self, pieces: Sequence[Piece], longest: int) -> None:
        self.longest = longest
        found = [_all_hashes(piece, longest) for piece in pieces]
        self._known = np.unique(np.concatenate([*found, np.empty(0, np.uint64)]))

    def copied(
        self, pitches: Sequence[int], onsets: Sequence[int], next: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Tell which pitches would complete a run that is too long, (pitches,).

        Parameters
        ----------
        pitches, onsets
            The melody so far: of each note its pitch and the step where it begins,
            and at the end of `onsets` the step at which the next one would begin.
        next
            The pitches to choose from.
        """
        size = self.longest
        if len(pitches) < size or not len(self._known):
            return np.zeros(len(next), bool)
        recent = np.array(pitches[-size:], np.int64)
        begun = np.array(onsets[-size - 1 :], np.int64)
        times = begun[1:] - begun[:-1]
        hashes = np.zeros(1, np.uint64)
        for leap, time in zip(np.diff(recent), times[:-1], strict=True):
            hashes = _mixed(hashes, _steps(np.array([leap]), np.array([time])))
        last = _steps(next - recent[-1], np.full(len(next), times[-1]))
        hashes = _mixed(np.repeat(hashes, len(next)), last)
        places = np.searchsorted(self._known, hashes)
        places = np.minimum(places, len(self._known) - 1)
        return np.asarray(self._known[places] == hashes)


def _all_hashes(piece: Piece, size: int) -> Hashes:
    """Return the hash of each run of `size` steps from note to note."""
    pitches = piece.melody[piece.onsets].astype(np.int64)
    begun = piece.onsets.astype(np.int64)
    steps = _steps(pitches[1:] - pitches[:-1], begun[1:] - begun[:-1])
    count = max(0, len(steps) - size + 1)
    hashes = np.zeros(count, np.uint64)
    for place in range(size):
        hashes = _mixed(hashes, steps[place : place + count])
    return hashes


def _steps(leaps: NDArray[np.int64], times: NDArray[np.int64]) -> Hashes:
    packed = (leaps + WIDEST) * SPEEDS + np.minimum(times, LATEST)
    return packed.astype(np.uint64)


def _mixed(hashes: Hashes, steps: Hashes) -> Hashes:
    # Whole numbers of 64 bits wrap around, as hashing wants.
    hashes = (hashes + steps) * np.uint64(FACTOR)
    return hashes ^ (hashes >> np.uint64(29))
