"""What a melody would play at each step if it repeated itself.

Melodies repeat themselves: a bar returns after one, two, four or eight others, and a
figure returns on another degree. A predictor is the token of some bars ago, or the one
that followed the last time the latest sixteenths were played, in any key.
"""

import numpy as np
from numpy.typing import NDArray

from core.music.judging.originality import rolling_hashes
from core.music.model.vocabulary import FIRST_NOTE, HOLD_TOKEN, REST_TOKEN
from core.music.score.piece import HOLD, Piece

Longs = NDArray[np.int64]

BARS_AGO = (1, 2, 4, 8, 16)
MATCHED = (8, 16, 32)  # latest sixteenths that have been played before
PREDICTORS = len(BARS_AGO) + len(MATCHED)
NOTHING = -1  # no prediction, or no note before
WINDOWS = (16, 64)  # sixteenths over which a predictor's hit rate is counted
SAME_PITCH = FIRST_NOTE + 128  # number of the interval 0 beside rests and holds


def repetitions(piece: Piece, tokens: Longs, size: int) -> NDArray[np.int8]:
    """Return the token that each predictor predicts at each step, or NOTHING.

    Parameters
    ----------
    piece, tokens
        A piece, and its tokens (steps,).
    size
        Of the vocabulary.

    Returns
    -------
    numpy.ndarray
        (steps, PREDICTORS).
    """
    predictions = np.full((piece.steps, PREDICTORS), NOTHING, np.int8)
    for column, bars in enumerate(BARS_AGO):
        ago = bars * piece.meter.steps
        predictions[ago:, column] = tokens[: max(0, piece.steps - ago)]
    moves = np.where(piece.melody == HOLD, HOLD_TOKEN, REST_TOKEN).astype(np.uint64)
    pitches = piece.melody[piece.onsets].astype(np.int64)
    moves[piece.onsets] = SAME_PITCH + np.diff(pitches, prepend=pitches[:1])
    for column, length in enumerate(MATCHED, len(BARS_AGO)):
        at, earlier = _seen_before(moves, length)
        predictions[at, column] = _continued(piece, tokens, (at, earlier), size)
    return predictions


def _seen_before(moves: NDArray[np.uint64], length: int) -> tuple[Longs, Longs]:
    """Return steps before which `length` moves are as before earlier steps, and these.

    Of several earlier ones the latest.
    """
    hashes = rolling_hashes(moves, length)[:-1]  # the last has nothing after it
    order = np.argsort(hashes, kind="stable")
    same = np.flatnonzero(hashes[order[1:]] == hashes[order[:-1]])
    return order[same + 1] + length, order[same] + length


def _continued(
    piece: Piece, tokens: Longs, steps: tuple[Longs, Longs], size: int
) -> Longs:
    """Return what came at earlier steps, transposed to where the melody is now."""
    at, earlier = steps
    latest = np.maximum.accumulate(
        np.where(piece.melody >= 0, np.arange(piece.steps), NOTHING)
    )
    latest = np.concatenate([[NOTHING], latest[:-1]])
    now, then = latest[at], latest[earlier]
    moved = (now != NOTHING) & (then != NOTHING) & (tokens[earlier] >= FIRST_NOTE)
    shift = np.where(moved, piece.melody[now] - piece.melody[then], 0)
    predicted = tokens[earlier] + shift
    inside = ~moved | ((predicted >= FIRST_NOTE) & (predicted < size))
    return np.where(inside, predicted, NOTHING)


def hit_rates(predictions: NDArray[np.int8], tokens: Longs) -> NDArray[np.uint8]:
    """Return how often predictors were right about the notes before each step.

    Parameters
    ----------
    predictions
        (steps, PREDICTORS) as `repetitions` returns them.
    tokens
        (steps,) the actual ones.

    Returns
    -------
    numpy.ndarray
        (steps, PREDICTORS, WINDOWS) shares of the latest notes in 255ths; a predicted
        note counts as wrong where there is none.
    """
    note = tokens[:, None] >= FIRST_NOTE
    counted = (note & (predictions != NOTHING)) | (predictions >= FIRST_NOTE)
    right = counted & (predictions == tokens[:, None])
    rates = [
        rate(_in_window(right, window), _in_window(counted, window))
        for window in WINDOWS
    ]
    return np.stack(rates, axis=2)


def rate(right: Longs, counted: Longs) -> NDArray[np.uint8]:
    """Return a share in 255ths; of nothing it is 0."""
    return (255 * right // np.maximum(1, counted)).astype(np.uint8)


def _in_window(flags: NDArray[np.bool_], window: int) -> Longs:
    """Count the true flags in the `window` steps before each one."""
    zeros = np.zeros((1, flags.shape[1]), np.int64)
    sums = np.concatenate([zeros, flags.cumsum(axis=0)])
    begin = np.maximum(np.arange(len(flags)) - window, 0)
    return np.asarray(sums[:-1] - sums[begin])


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
