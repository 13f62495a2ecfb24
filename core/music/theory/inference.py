"""Infers chords from notes, quarter by quarter.

A hidden Markov model solved by Viterbi's algorithm, as in Sheh and Ellis (2003), with
emission probabilities set by hand instead of learnt: of each quarter's pitch classes,
weighted by duration, and of its lowest note. A change of chord has a cost, which is
lower where a bar begins.
"""

import functools
import math
from collections.abc import Sequence

import numpy as np

from core.music.theory.chord import OCTAVE, QUALITIES, Chord
from core.music.theory.notes import FOUR_FOUR, ChordSpan, Meter, Note, merge_equal
from core.music.theory.viterbi import Table, best_path

FOUND = ("", "m", "7", "maj7", "m7", "m7b5", "dim7", "aug", "sus4")
# Prior penalty of each, against a major triad.
RARENESS = dict(zip(FOUND, (0.0, 0.1, 0.2, 1.0, 0.4, 0.8, 0.5, 1.2, 1.0), strict=True))
STRANGE = 0.02  # probability of each pitch class that is not in the chord
WEIGHTS = (1.2, 1.0, 0.9, 0.8)  # weights of root, third, fifth, seventh
BASS_IS_ROOT, BASS_IS_TONE, BASS_IS_STRANGE = 0.55, 0.12, 0.01
BAR, BEAT = 1.0, 2.2  # cost of a change where a bar begins, and on other quarters
LONGEST = 32  # quarters of a note that count; then it is a drone
SHORTEST_BASS = 0.1  # shortest note that may be the bass of a quarter, as a share of it
SILENCE = 0.3  # cost of a quarter without a chord


def infer_chords(
    notes: Sequence[Note], length: float, meter: Meter = FOUR_FOUR, pickup: float = 0
) -> tuple[ChordSpan, ...]:
    """Return the most likely chords of some notes, without the drums'.

    The result has `length` quarter notes and no gaps; without notes it is empty.
    `meter` and `pickup` tell where bars begin.
    """
    quarters = math.ceil(length)
    if not notes or quarters <= 0:
        return ()
    sounding, lowest = _quarters(notes, quarters)
    scores = _scores(sounding, lowest)
    changes = 1 - np.eye(scores.shape[1])
    costs = (cost * changes for cost in _costs(quarters, meter, pickup)[1:])
    places = best_path(scores, costs)
    return merge_equal(
        ChordSpan(float(at), min(1.0, length - at), _candidates()[place])
        for at, place in enumerate(places)
    )


@functools.cache
def _candidates() -> tuple[Chord | None, ...]:
    chords = [Chord(root, quality) for quality in FOUND for root in range(OCTAVE)]
    return (None, *chords)


@functools.cache
def _profiles() -> tuple[Table, Table]:
    """Return log-probabilities of pitch classes and of basses, (chords, 12) each."""
    pitches = np.full((len(_candidates()), OCTAVE), 1 / OCTAVE)
    basses = np.full((len(_candidates()), OCTAVE), 1 / OCTAVE)
    for place, chord in enumerate(_candidates()):
        if chord is None:
            continue
        pitches[place], basses[place] = STRANGE, BASS_IS_STRANGE
        share = 1 - STRANGE * (OCTAVE - len(chord.tones))
        weights = np.array(WEIGHTS[: len(QUALITIES[chord.quality])])
        pitches[place, list(chord.tones)] = share * weights / weights.sum()
        basses[place, list(chord.tones)] = BASS_IS_TONE
        basses[place, chord.root] = BASS_IS_ROOT
    return np.log(pitches), np.log(basses)


def _quarters(notes: Sequence[Note], quarters: int) -> tuple[Table, Table]:
    """Return each pitch class's duration, and which is lowest, (quarters, 12)."""
    start, end = np.array([(note.start, note.end) for note in notes]).T
    pitch = np.array([note.pitch for note in notes])
    sounding = np.zeros((quarters, OCTAVE))
    low = np.full(quarters, np.inf)
    first = np.floor(start).astype(int)
    for later in range(LONGEST):
        at = first + later
        overlap = np.minimum(end, at + 1) - np.maximum(start, at)
        here = (overlap > 0) & (at >= 0) & (at < quarters)
        np.add.at(sounding, (at[here], pitch[here] % OCTAVE), overlap[here])
        here &= overlap > SHORTEST_BASS
        np.minimum.at(low, at[here], pitch[here])
    lowest = np.zeros((quarters, OCTAVE))
    notes_at = np.flatnonzero(np.isfinite(low))
    lowest[notes_at, low[notes_at].astype(int) % OCTAVE] = 1
    return sounding, lowest


def _scores(sounding: Table, lowest: Table) -> Table:
    """Return the log-probability of each chord in each quarter, (quarters, chords)."""
    pitches, basses = _profiles()
    capped = np.minimum(sounding, 1.0)  # a doubled note is no further evidence
    scores = 2 * capped @ pitches.T + lowest @ basses.T
    rareness = [RARENESS[chord.quality] if chord else 0.0 for chord in _candidates()]
    scores -= np.array(rareness)
    scores[:, 0] -= SILENCE
    return np.asarray(scores)


def _costs(quarters: int, meter: Meter, pickup: float) -> Table:
    """Return the cost of a change at the beginning of each quarter, (quarters,)."""
    into_bar = (np.arange(quarters) - pickup) % meter.quarters
    return np.where(into_bar < 1, BAR, BEAT)
