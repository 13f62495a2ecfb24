"""How much of a melody is copied: runs of notes that are in a corpus too.

A run of n notes is known by its n - 1 steps, each the interval to the next note in
semitones and the time until it begins in sixteenths: the same tune in another key, or
with its notes held shorter, is the same run; at half the speed it is not. The copy
rate at n is the share of a melody's runs of n notes, one from each note that n - 1
follow, that some piece of the corpus holds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.music.piece import Piece

LENGTHS = (6, 8, 12, 16)  # notes in a run
SHORTEST = LENGTHS[0]  # shorter runs are anybody's
WIDEST = 127  # an interval, and the place of none in what follows
LATEST = 255  # sixteenths to the next note; longer ones count as this
SPEEDS = 256
# Ends of pieces and of the melody: like no step, and unlike each other.
PIECE_ENDS, MELODY_ENDS = 255 * SPEEDS, 255 * SPEEDS + 1
FACTOR = 0x9E3779B97F4A7C15  # odd, of well-mixed bits: 2^64 over the golden ratio
MEDIAN, RARE = 0.5, 0.95

Steps = NDArray[np.uint16]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Borrowed:
    """The longest run of a melody that is in the corpus.

    Attributes
    ----------
    notes
        How many it has.
    first
        Place of its first note among the melody's notes.
    piece
        Place of the piece in the corpus.
    title, source
        The piece's.
    bar
        Bar of the piece in which it begins there: 1 is the first full one, 0 a pickup.
    """

    notes: int
    first: int
    piece: int
    title: str
    source: str
    bar: int


@dataclass(frozen=True)
class Originality:
    """What of a melody is copied.

    Attributes
    ----------
    found, runs
        By the length of runs: how many are in the corpus, and how many there are.
    longest
        The longest one of at least six notes; None where there is none.
    """

    found: Mapping[int, int]
    runs: Mapping[int, int]
    longest: Borrowed | None

    @property
    def rates(self) -> dict[int, float]:
        """The copy rates, 0 to 1; 0 for a melody too short for any run."""
        return {n: self.found[n] / max(1, self.runs[n]) for n in self.runs}

    @property
    def longest_notes(self) -> int:
        """Notes of the longest copied run, 0 if it is shorter than six."""
        return self.longest.notes if self.longest else 0


@dataclass(frozen=True)
class HumanRate:
    """How much of pieces by people is in a corpus that they are not in.

    Attributes
    ----------
    rates
        By the length of runs, over all runs of all pieces together.
    longest
        Notes of the longest copied run of each piece, ascending.
    """

    rates: Mapping[int, float]
    longest: tuple[int, ...]

    @property
    def median(self) -> float:
        """Median of the longest runs."""
        return float(np.quantile(self.longest, MEDIAN))

    @property
    def rare(self) -> float:
        """The 95th percentile of the longest runs."""
        return float(np.quantile(self.longest, RARE))


class Originals:
    """A corpus in which runs of notes are found fast, in 14 bytes a note.

    Parameters
    ----------
    pieces
        The corpus.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        steps = [np.append(_steps(piece), np.uint16(PIECE_ENDS)) for piece in pieces]
        sizes = [len(found) for found in steps]
        self.pieces = tuple(pieces)
        self._begins = np.cumsum([0, *sizes])
        self._steps = np.concatenate([*steps, np.empty(0, np.uint16)])
        hashes = _hashes(self._steps)
        self._places = np.argsort(hashes, kind="stable").astype(np.int32)
        self._hashes = hashes[self._places]

    def judge(self, melody: Piece, besides: Collection[int] = ()) -> Originality:
        """Find what of a melody is in the corpus.

        Parameters
        ----------
        melody
            The melody to judge.
        besides
            Places of pieces of the corpus that do not count, such as the melody's own.
        """
        steps = _steps(melody)
        longest, where = self._matches(steps, besides)
        notes = len(melody.onsets)
        found = {n: int((longest >= n).sum()) for n in LENGTHS}
        runs = {n: max(0, notes - n + 1) for n in LENGTHS}
        if not found[SHORTEST]:
            return Originality(found, runs, None)
        first = int(longest.argmax())
        return Originality(
            found, runs, self._borrowed(int(longest[first]), first, int(where[first]))
        )

    def human(self, pieces: Sequence[Piece]) -> HumanRate:
        """Judge pieces by people that are not in the corpus.

        Raises
        ------
        ValueError
            If there are none.
        """
        if not pieces:
            raise ValueError("Expected some pieces that are not in the corpus.")
        judged = [self.judge(piece) for piece in pieces]
        rates = {
            n: sum(one.found[n] for one in judged)
            / max(1, sum(one.runs[n] for one in judged))
            for n in LENGTHS
        }
        return HumanRate(rates, tuple(sorted(one.longest_notes for one in judged)))

    def _matches(self, steps: Steps, besides: Collection[int]) -> tuple[Places, Places]:
        """Return for each note how many from it on are copied, and from which place.

        Both (notes,); 0 where fewer than six are.
        """
        longest = np.zeros(len(steps) + 1, np.int64)
        where = np.zeros(len(steps) + 1, np.int64)
        hashes = _hashes(steps)
        low = np.searchsorted(self._hashes, hashes, side="left")
        high = np.searchsorted(self._hashes, hashes, side="right")
        ended = np.append(steps, np.uint16(MELODY_ENDS))
        for note in np.flatnonzero(high > low).tolist():
            places = self._places[low[note] : high[note]].astype(np.int64)
            if besides:
                owners = np.searchsorted(self._begins, places, side="right") - 1
                places = places[~np.isin(owners, list(besides))]
            length, place = self._extended(ended[note:], places)
            if length + 1 >= SHORTEST:
                longest[note], where[note] = length + 1, place
        return longest, where

    def _extended(self, steps: Steps, places: Places) -> tuple[int, int]:
        """Return how many steps the best of some places has in common, and which."""
        length, place = 0, 0
        while len(places):
            place = int(places[0])
            places = places[self._steps[places + length] == steps[length]]
            length += len(places) > 0
        return length, place

    def _borrowed(self, notes: int, first: int, place: int) -> Borrowed:
        number = int(np.searchsorted(self._begins, place, side="right")) - 1
        piece = self.pieces[number]
        step = int(piece.onsets[place - self._begins[number]])
        bar = (step - piece.pickup) // piece.meter.steps + 1
        return Borrowed(notes, first, number, piece.title, piece.source, bar)


def _steps(piece: Piece) -> Steps:
    """Return interval and time to each note's next one, packed, (notes - 1,)."""
    onsets = piece.onsets
    intervals = np.diff(piece.melody[onsets].astype(np.int64)) + WIDEST
    times = np.minimum(np.diff(onsets), LATEST)
    return (intervals * SPEEDS + times).astype(np.uint16)


def _hashes(steps: Steps) -> NDArray[np.uint64]:
    """Return a hash of each run of six notes, by its first: (steps - 4,) or none.

    Runs over the end of a piece have one too, which no melody's run has.
    """
    size = SHORTEST - 1
    count = max(0, len(steps) - size + 1)
    hashes = np.zeros(count, np.uint64)
    for place in range(size):
        # Whole numbers of 64 bits wrap around, as hashing wants.
        hashes = (hashes + steps[place : place + count]) * np.uint64(FACTOR)
        hashes ^= hashes >> np.uint64(29)
    return hashes
