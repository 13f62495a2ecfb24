"""What a melody may be repeating at each step: the sources it may be copied from.

Melodies repeat themselves: a bar comes back after one, two, four or eight others, and
a figure comes back on another degree. A source says what was played some bars ago, or
what followed the last time the latest sixteenths were played, in whatever key.
"""

import numpy as np
from numpy.typing import NDArray

from core.music.piece import HOLD, Piece
from core.music.vocabulary import FIRST_NOTE, HOLD_TOKEN, REST_TOKEN

Longs = NDArray[np.int64]

BARS_AGO = (1, 2, 4, 8, 16)
MATCHED = (8, 16, 32)  # latest sixteenths that have been played before
SOURCES = len(BARS_AGO) + len(MATCHED)
NOTHING = -1  # a source that has nothing to say; a note before the first
WINDOWS = (16, 64)  # sixteenths over which a source's success is counted
FACTOR = 0x9E3779B97F4A7C15  # odd, of well-mixed bits: 2^64 over the golden ratio


def sources_of(piece: Piece, tokens: Longs, size: int) -> NDArray[np.int8]:
    """Return the token that each source foretells at each step, or NOTHING.

    Parameters
    ----------
    piece
        Whose notes are in the vocabulary's range.
    tokens
        (steps,) the piece in tokens.
    size
        Of the vocabulary.

    Returns
    -------
    numpy.ndarray
        (steps, SOURCES).
    """
    sources = np.full((piece.steps, SOURCES), NOTHING, np.int8)
    for place, bars in enumerate(BARS_AGO):
        ago = bars * piece.meter.steps
        sources[ago:, place] = tokens[: max(0, piece.steps - ago)]
    moves = _moves(piece)
    for place, length in enumerate(MATCHED, len(BARS_AGO)):
        at, earlier = _seen_before(moves, length)
        sources[at, place] = _continued(piece, tokens, (at, earlier), size)
    return sources


def _moves(piece: Piece) -> NDArray[np.uint64]:
    """Return rests, holds and leaps as numbers, (steps,)."""
    moves = np.where(piece.melody == HOLD, HOLD_TOKEN, REST_TOKEN).astype(np.uint64)
    pitches = piece.melody[piece.onsets].astype(np.int64)
    moves[piece.onsets] = move_of(np.diff(pitches, prepend=pitches[:1]))
    return moves


def move_of(leap: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of a leap among rests, holds and leaps."""
    return leap + (FIRST_NOTE + 128)


def _seen_before(moves: NDArray[np.uint64], length: int) -> tuple[Longs, Longs]:
    """Return steps before which `length` moves are as before earlier steps, and these.

    Of several earlier ones the latest.
    """
    count = len(moves) - length
    if count <= 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    hashes = np.zeros(count, np.uint64)
    for place in range(length):
        hashes = (hashes + moves[place : place + count]) * np.uint64(FACTOR)
        hashes ^= hashes >> np.uint64(29)
    order = np.argsort(hashes, kind="stable")
    same = np.flatnonzero(hashes[order[1:]] == hashes[order[:-1]])
    return order[same + 1] + length, order[same] + length


def _continued(
    piece: Piece, tokens: Longs, steps: tuple[Longs, Longs], size: int
) -> Longs:
    """Return what came at earlier steps, moved to where the melody is now."""
    at, earlier = steps
    latest = np.maximum.accumulate(
        np.where(piece.melody >= 0, np.arange(piece.steps), NOTHING)
    )
    latest = np.concatenate([[NOTHING], latest[:-1]])
    now, then = latest[at], latest[earlier]
    moved = (now != NOTHING) & (then != NOTHING) & (tokens[earlier] >= FIRST_NOTE)
    shift = np.where(moved, piece.melody[now] - piece.melody[then], 0)
    answer = tokens[earlier] + shift
    inside = ~moved | ((answer >= FIRST_NOTE) & (answer < size))
    return np.where(inside, answer, NOTHING)


def success_of(sources: NDArray[np.int8], tokens: Longs) -> NDArray[np.uint8]:
    """Return how well sources have foretold the notes before each step.

    Parameters
    ----------
    sources
        (steps, SOURCES) as `sources_of` returns them.
    tokens
        (steps,) what came.

    Returns
    -------
    numpy.ndarray
        (steps, SOURCES, WINDOWS) the share of the latest notes, in 255ths.
    """
    note = tokens[:, None] >= FIRST_NOTE
    counted = (note & (sources != NOTHING)) | (sources >= FIRST_NOTE)
    right = counted & (sources == tokens[:, None])
    shares = []
    for window in WINDOWS:
        asked, told = (_latest(what, window) for what in (counted, right))
        shares.append(share_of(told, asked))
    return np.stack(shares, axis=2)


def share_of(told: Longs, asked: Longs) -> NDArray[np.uint8]:
    """Return a share in 255ths; of nothing it is 0."""
    return (255 * told // np.maximum(1, asked)).astype(np.uint8)


def _latest(what: NDArray[np.bool_], window: int) -> Longs:
    """Count what is true in the `window` steps before each one."""
    sums = np.concatenate([np.zeros((1, what.shape[1]), np.int64), what.cumsum(axis=0)])
    begin = np.maximum(np.arange(len(what)) - window, 0)
    return np.asarray(sums[:-1] - sums[begin])
