"""Puts chords under a melody that has none: a few of its key, a bar or half a bar each.

Each chord of the key is held against the notes above it, and the likeliest sequence
is found under fixed chances of one chord following another, which prefer what cadences
do; it ends at home, and begins there if it can.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.music.chord import OCTAVE, Chord
from core.music.piece import HOLD, Key, Piece

# Semitones above the tonic, and kind, of the chords of a key: I ii iii IV V7 vi.
MAJOR = ((0, ""), (2, "m"), (4, "m"), (5, ""), (7, "7"), (9, "m"))
MINOR = ((0, "m"), (3, ""), (5, "m"), (7, "7"), (8, ""), (10, ""))
HOME, DOMINANT = 0, {False: 4, True: 3}
RARENESS = {False: (0, 1.0, 1.6, 0.4, 0.2, 0.8), True: (0, 0.7, 0.6, 0.3, 0.9, 0.4)}
INSIDE, ROOT, STRONG = 1.0, 0.3, 1.6  # worth of a sixteenth in the chord; on the beat
OUTSIDE = -0.9
# Cost of a change, of leaving a dominant not for home or beginning elsewhere, and of
# ending elsewhere.
CHANGE, AWAY, NEVER = 0.8, 1.5, 1e3

Table = NDArray[np.float64]


def harmonised(piece: Piece) -> Piece:
    """Return a melody over chords of its key, which is C major if it is not known."""
    key = piece.key or Key(0)
    begins = _begins(piece)
    kinds = MINOR if key.minor else MAJOR
    chords = tuple(
        Chord((key.tonic + above) % OCTAVE, quality) for above, quality in kinds
    )
    worth = np.array(
        [
            [_worth(piece, chord, begin, end) for chord in chords]
            for begin, end in zip(begins, [*begins[1:], piece.steps], strict=True)
        ]
    )
    worth -= np.array(RARENESS[key.minor])
    away = np.arange(len(chords)) != HOME
    worth[0] -= AWAY * away
    worth[-1] -= NEVER * away
    path = _best(worth, _costs(len(chords), DOMINANT[key.minor]))
    lengths = np.diff(begins, append=piece.steps)
    harmony = np.repeat(np.array(path, np.int16), lengths)
    used = sorted(set(path))
    places = np.zeros(len(chords), np.int16)
    places[used] = np.arange(len(used))
    return replace(
        piece, chords=tuple(chords[place] for place in used), harmony=places[harmony]
    )


def _begins(piece: Piece) -> list[int]:
    """Return where a chord may begin: each bar, and the middle of one of four beats."""
    bar = piece.meter.steps
    step = bar // 2 if bar >= 16 and bar % 8 == 0 else bar
    return sorted({0, *range(piece.pickup, piece.steps, step)})


def _worth(piece: Piece, chord: Chord, begin: int, end: int) -> float:
    """Return how well a chord goes with the notes of a stretch."""
    positions = piece.positions
    total, pitch = 0.0, -1
    beat = 6 if piece.meter.compound else 4
    for step in range(begin, end):
        value = int(piece.melody[step])
        if value != HOLD:
            pitch = value
        if pitch < 0:
            continue
        weight = STRONG if value >= 0 and positions[step] % beat == 0 else 1.0
        tone = pitch % OCTAVE
        inside = (
            INSIDE + ROOT * (tone == chord.root) if tone in chord.tones else OUTSIDE
        )
        total += weight * inside
    return total / 4


def _costs(count: int, dominant: int) -> Table:
    costs = np.full((count, count), CHANGE)
    costs[dominant] += AWAY
    costs[dominant, HOME] = 0
    np.fill_diagonal(costs, 0)
    return costs


def _best(worth: Table, costs: Table) -> list[int]:
    """Return the places of the most worthy sequence (Viterbi's algorithm)."""
    best, came_from = worth[0], []
    for row in worth[1:]:
        ways = best[:, None] - costs
        came_from.append(ways.argmax(axis=0))
        best = ways.max(axis=0) + row
    path = [int(best.argmax())]
    for came in reversed(came_from):
        path.append(int(came[path[-1]]))
    return path[::-1]
