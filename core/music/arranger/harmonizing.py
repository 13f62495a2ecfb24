"""Harmonizes a melody without chords: with chords of its key, a bar or half a bar each.

Viterbi's algorithm finds the best sequence: each chord scores by the notes above it,
and each change has a cost, which prefers cadences. It begins and ends on the tonic
unless the notes clearly say another chord, as those of a tune in a mode do.
"""

import itertools
from dataclasses import replace

import numpy as np

from core.music.score.piece import HOLD, Piece
from core.music.theory.chord import OCTAVE, Chord
from core.music.theory.keys import C_MAJOR
from core.music.theory.viterbi import Table, best_path

# Semitones above the tonic, and kind, of the chords of a key: I ii iii IV V7 vi.
MAJOR = ((0, ""), (2, "m"), (4, "m"), (5, ""), (7, "7"), (9, "m"))
MINOR = ((0, "m"), (3, ""), (5, "m"), (7, "7"), (8, ""), (10, ""))
TONIC, DOMINANT = 0, {False: 4, True: 3}
RARENESS = {
    False: (0, 0.7, 1.2, 0.1, 0.35, 0.45),
    True: (0, 0.4, 0.4, 0.4, 0.5, 0.3),
}
INSIDE, ROOT, STRONG = 1.0, 0.3, 1.6  # score of a sixteenth in the chord; on the beat
OUTSIDE = -0.9
# Cost of a change, of one from the dominant not to the tonic or of beginning on another
# chord than that, and of ending on another.
CHANGE, NOT_TONIC, OTHER_END = 0.4, 1.2, 2.0


def harmonized(piece: Piece) -> Piece:
    """Return a melody over chords of its key, which is C major if it is not known.

    They are marked as inferred, because they were chosen from the notes.
    """
    key = piece.key or C_MAJOR
    begins = _begins(piece)
    kinds = MINOR if key.minor else MAJOR
    chords = tuple(
        Chord((key.tonic + above) % OCTAVE, quality) for above, quality in kinds
    )
    scores = _scores(piece, chords, begins)
    scores -= np.array(RARENESS[key.minor])
    other = np.arange(len(chords)) != TONIC
    scores[0] -= NOT_TONIC * other
    scores[-1] -= OTHER_END * other
    costs = _costs(len(chords), DOMINANT[key.minor])
    path = best_path(scores, itertools.repeat(costs))
    lengths = np.diff(begins, append=piece.steps)
    harmony = np.repeat(np.array(path, np.int16), lengths)
    used = sorted(set(path))
    places = np.zeros(len(chords), np.int16)
    places[used] = np.arange(len(used))
    return replace(
        piece,
        chords=tuple(chords[place] for place in used),
        harmony=places[harmony],
        inferred=True,
    )


def _begins(piece: Piece) -> list[int]:
    """Return the possible chord starts: each bar, and the middle of four beats."""
    bar = piece.meter.steps
    step = bar // 2 if bar >= 16 and bar % 8 == 0 else bar
    return sorted({0, *range(piece.pickup, piece.steps, step)})


def _scores(piece: Piece, chords: tuple[Chord, ...], begins: list[int]) -> Table:
    """Return how well each chord fits the notes from each beginning, (begins, chords).

    A quarter note that belongs to the chord scores 1.
    """
    latest = np.maximum.accumulate(
        np.where(piece.melody == HOLD, 0, np.arange(piece.steps))
    )
    pitches = piece.melody[latest]
    beat = 6 if piece.meter.compound else 4
    strong = (piece.melody >= 0) & (piece.positions % beat == 0)
    weights = np.where(strong, STRONG, 1.0) * (pitches >= 0) / 4
    tones = pitches % OCTAVE
    fits = [
        np.where(
            np.isin(tones, chord.tones), INSIDE + ROOT * (tones == chord.root), OUTSIDE
        )
        for chord in chords
    ]
    return np.add.reduceat(weights[:, None] * np.array(fits).T, begins, axis=0)


def _costs(count: int, dominant: int) -> Table:
    costs = np.full((count, count), CHANGE)
    costs[dominant] += NOT_TONIC
    costs[dominant, TONIC] = 0
    np.fill_diagonal(costs, 0)
    return costs
