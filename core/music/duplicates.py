"""Finds tunes that are one tune under several titles, in whatever key."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from core.music.piece import Piece

Split = Literal["train", "validation", "test"]

RUN = 6  # intervals in a run
SHARED = 0.3  # of the shorter tune's runs, in another: then they are one tune
COMMON = 60  # a run in more tunes than this is a formula, and says nothing
# Of 100 parts: the last ten are the test, the ten before them the validation.
VALIDATION, TEST = 80, 90


def clusters(pieces: Sequence[Piece]) -> list[int]:
    """Return for each piece the place of the first piece that is the same tune.

    Two pieces are the same tune if three in ten of the shorter one's different runs
    of six intervals are also in the other, or if a third is the same tune as both.
    Rhythm does not count: collections write one tune in eighths or in sixteenths.
    """
    runs = [_runs(piece) for piece in pieces]
    owner = list(range(len(pieces)))
    for (one, other), shared in _shared(runs).items():
        if shared >= SHARED * min(len(runs[one]), len(runs[other])):
            low, high = sorted((_first(owner, one), _first(owner, other)))
            owner[high] = low
    return [_first(owner, place) for place in range(len(pieces))]


def splits(pieces: Sequence[Piece]) -> list[Split]:
    """Deal pieces to training, validation and test; one tune is never in two.

    Where a tune goes depends on the notes of its first version alone, not on its
    place in the list.
    """
    return [_deal(pieces[first]) for first in clusters(pieces)]


def _deal(piece: Piece) -> Split:
    content = np.diff(piece.melody[piece.onsets]).astype("<i2").tobytes()
    part = int.from_bytes(hashlib.sha256(content).digest()[:4]) % 100
    return "train" if part < VALIDATION else "validation" if part < TEST else "test"


def _runs(piece: Piece) -> set[bytes]:
    intervals = np.diff(piece.melody[piece.onsets]).astype("<i2")
    return {
        intervals[begin : begin + RUN].tobytes()
        for begin in range(len(intervals) - RUN + 1)
    }


def _shared(runs: Sequence[set[bytes]]) -> Counter[tuple[int, int]]:
    """Count the runs that each pair of pieces has in common."""
    places: dict[bytes, list[int]] = defaultdict(list)
    for place, found in enumerate(runs):
        for run in found:
            places[run].append(place)
    return Counter(pair for found in places.values() for pair in _pairs(found))


def _pairs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    if len(places) <= COMMON:
        for at, other in enumerate(places):
            for one in places[:at]:
                yield one, other


def _first(owner: list[int], place: int) -> int:
    while owner[place] != place:
        owner[place] = owner[owner[place]]
        place = owner[place]
    return place
