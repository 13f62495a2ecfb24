"""Copied runs: sequences of notes that also occur in a corpus.

A run of n notes is n - 1 transitions, each the interval to the next note in semitones
and the time until it begins in sixteenths: a transposed tune, or one with shorter
notes, is the same run; at half the speed it is not. The copy rate at n is the share of
a melody's runs of n notes that are in some piece of the corpus. `CopyGuard` prevents
longer copied runs while a melody is generated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.music.score.piece import Piece

LENGTHS = (6, 8, 12, 16)  # notes in a run
SHORTEST = LENGTHS[0]  # shorter runs are not counted as copied
WIDEST = 127  # semitones of an interval
LATEST = 255  # sixteenths to the next note; longer ones count as this
TIMES = LATEST + 1
# Ends of pieces and of the melody: equal to no transition, nor to each other.
PIECE_ENDS, MELODY_ENDS = 255 * TIMES, 255 * TIMES + 1
FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, well-mixed bits: 2^64 / golden ratio
MEDIAN, RARE = 0.5, 0.95

Steps = NDArray[np.uint16]
Places = NDArray[np.int64]
Longs = NDArray[np.int64]
Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class CopiedRun:
    """The longest run of a melody in the corpus."""

    notes: int  # number of notes
    first: int  # index of its first note in the melody
    # Of the piece of the corpus
    title: str
    source: str
    # Of that piece, in which the run begins: 1 is the first full bar, 0 a pickup
    bar: int


@dataclass(frozen=True)
class Originality:
    """The copied runs of a melody."""

    # By the length of runs: how many are in the corpus, and how many there are
    found: Mapping[int, int]
    runs: Mapping[int, int]
    longest: CopiedRun | None  # the longest copied run of at least six notes, or None

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
    """The copied runs of pieces by composers, which are not in the corpus."""

    # By the length of runs, over all runs of all pieces together
    rates: Mapping[int, float]
    longest: tuple[int, ...]  # notes of the longest copied run of each piece, ascending

    @property
    def median(self) -> float:
        """Median of the longest runs."""
        return float(np.quantile(self.longest, MEDIAN))

    @property
    def rare(self) -> float:
        """The 95th percentile of the longest runs."""
        return float(np.quantile(self.longest, RARE))


class CopyIndex:
    """An index of the runs of notes of a corpus, of 14 bytes a note."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        steps = [np.append(_steps(piece), np.uint16(PIECE_ENDS)) for piece in pieces]
        sizes = [len(found) for found in steps]
        self.pieces = tuple(pieces)
        self._begins = np.cumsum([0, *sizes])
        self._steps = np.concatenate([*steps, np.empty(0, np.uint16)])
        hashes = rolling_hashes(self._steps, SHORTEST - 1)
        self._places = np.argsort(hashes, kind="stable").astype(np.int32)
        self._hashes = hashes[self._places]

    def originality(self, melody: Piece) -> Originality:
        """Find the runs of a melody that are in the corpus."""
        steps = _steps(melody)
        longest, where = self._matches(steps)
        notes = len(melody.onsets)
        found = {n: int((longest >= n).sum()) for n in LENGTHS}
        runs = {n: max(0, notes - n + 1) for n in LENGTHS}
        if not found[SHORTEST]:
            return Originality(found, runs, None)
        first = int(longest.argmax())
        return Originality(
            found, runs, self._run(int(longest[first]), first, int(where[first]))
        )

    def human_rate(self, pieces: Sequence[Piece]) -> HumanRate:
        """Return the copied runs of pieces that are not in the corpus."""
        judged = [self.originality(piece) for piece in pieces]
        rates = {
            n: sum(one.found[n] for one in judged)
            / max(1, sum(one.runs[n] for one in judged))
            for n in LENGTHS
        }
        return HumanRate(rates, tuple(sorted(one.longest_notes for one in judged)))

    def _matches(self, steps: Steps) -> tuple[Places, Places]:
        """Return for each note how many from it on are copied, and from where.

        Both (notes,); 0 where fewer than six are.
        """
        longest = np.zeros(len(steps) + 1, np.int64)
        where = np.zeros(len(steps) + 1, np.int64)
        hashes = rolling_hashes(steps, SHORTEST - 1)
        low = np.searchsorted(self._hashes, hashes, side="left")
        high = np.searchsorted(self._hashes, hashes, side="right")
        ended = np.append(steps, np.uint16(MELODY_ENDS))
        for note in np.flatnonzero(high > low).tolist():
            places = self._places[low[note] : high[note]].astype(np.int64)
            length, place = self._extended(ended[note:], places)
            if length + 1 >= SHORTEST:
                longest[note], where[note] = length + 1, place
        return longest, where

    def _extended(self, steps: Steps, places: Places) -> tuple[int, int]:
        """Return the longest common prefix with the corpus at places, and where."""
        length, place = 0, 0
        while len(places):
            place = int(places[0])
            places = places[self._steps[places + length] == steps[length]]
            length += len(places) > 0
        return length, place

    def _run(self, notes: int, first: int, place: int) -> CopiedRun:
        number = int(np.searchsorted(self._begins, place, side="right")) - 1
        piece = self.pieces[number]
        bar = piece.bar_at(int(piece.onsets[place - self._begins[number]]))
        return CopiedRun(notes, first, piece.title, piece.source, bar)


class CopyGuard:
    """Finds notes that would copy a run of more than `longest` (2 or more) notes."""

    def __init__(self, pieces: Sequence[Piece], longest: int) -> None:
        self.longest = longest
        found = [rolling_hashes(_steps(piece), longest) for piece in pieces]
        self._known = np.unique(np.concatenate([*found, np.empty(0, np.uint64)]))

    def copied(
        self, pitches: Sequence[int], onsets: Sequence[int], next: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Return which of the next pitches would copy too long a run, (next,).

        `onsets` are those of the melody so far and of the next note.
        """
        size = self.longest
        if len(pitches) < size or not len(self._known):
            return np.zeros(len(next), bool)
        recent, begun = np.array(pitches[-size:]), np.array(onsets[-size - 1 :])
        hashes = rolling_hashes(_transitions(recent, begun[:-1]), size - 1)
        times = np.full(len(next), begun[-1] - begun[-2])
        last = (next - recent[-1] + WIDEST) * TIMES + np.minimum(times, LATEST)
        hashes = mix(np.repeat(hashes, len(next)), last.astype(np.uint64))
        places = np.searchsorted(self._known, hashes)
        places = np.minimum(places, len(self._known) - 1)
        return np.asarray(self._known[places] == hashes)


def mix(hashes: Hashes, values: NDArray[np.unsignedinteger]) -> Hashes:
    """Extend hashes of sequences by one value each."""
    # 64-bit integers wrap around, as hashing needs.
    hashes = (hashes + values) * FACTOR
    return hashes ^ (hashes >> np.uint64(29))


def rolling_hashes(values: NDArray[np.unsignedinteger], size: int) -> Hashes:
    """Return the hash of each `size` values in a row, (values - size + 1,) or none."""
    count = max(0, len(values) - size + 1)
    hashes = np.zeros(count, np.uint64)
    for place in range(size):
        hashes = mix(hashes, values[place : place + count])
    return hashes


def _transitions(pitches: Longs, onsets: Longs) -> Steps:
    """Return interval and time to each note's next one, packed, (notes - 1,)."""
    times = np.minimum(np.diff(onsets), LATEST)
    return ((np.diff(pitches) + WIDEST) * TIMES + times).astype(np.uint16)


def _steps(piece: Piece) -> Steps:
    return _transitions(piece.melody[piece.onsets].astype(np.int64), piece.onsets)
