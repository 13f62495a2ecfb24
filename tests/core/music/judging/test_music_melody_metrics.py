"""Metrics of a melody, against muspy's and against values by hand.

The golden values are muspy 0.5.0's: `muspy.Music(resolution=4)` of one track with the
notes below, through `pitch_class_entropy`, `scale_consistency`, `groove_consistency`
with the bar's steps, and `empty_beat_rate` of `muspy.metrics`.
"""

import dataclasses
import math

import numpy as np
import pytest

from core.music.judging.melody_metrics import (
    bars_of,
    chord_tones_strong,
    ends_on_tonic,
    is_varied,
    metrics_of,
    ranges,
    rest_share,
    scale_fit,
    strong_beats,
)
from core.music.score.piece import Piece, chord_grid, melody_grid
from core.music.theory.keys import Key
from core.music.theory.notes import FOUR_FOUR, Meter, Note
from core.music.theory.progressions import parse_chords

JIG = (69, 74, 78, 74, 69, 66, 67, 71, 74, 71, 67, 71)
# Notes as start, length (in sixteenths) and pitch; meter; muspy's metrics.
GOLDEN = {
    "scale": (
        [(2 * place, 2, p) for place, p in enumerate((60, 62, 64, 65, 67, 69, 71, 72))],
        Meter(),
        (2.75, 1.0, 0.5, 0.0),
    ),
    "waltz with gaps": (
        [
            *((0, 4, 67), (4, 4, 64), (8, 2, 66), (24, 3, 71), (27, 1, 61)),
            *((28, 8, 60), (48, 5, 55)),
        ],
        Meter(3, 4),
        (2.521640636343318, 6 / 7, 0.7916666666666666, 0.3571428571428571),
    ),
    "one note": ([(3, 2, 69)], Meter(), (0.0, 1.0, math.nan, 0.0)),
    "jig": (
        [(2 * place, 2, JIG[place % 12]) for place in range(24)],
        Meter(6, 8),
        (2.292481250360578, 1.0, 0.875, 0.0),
    ),
}


def piece_of(notes, meter=FOUR_FOUR, pickup=0):
    steps = round(max((note.end for note in notes), default=0) * 4)
    return Piece("", "", melody_grid(notes, steps), meter=meter, pickup=pickup)


@pytest.mark.parametrize("name", GOLDEN)
def test_the_metrics_are_those_of_muspy(name):
    table, meter, expected = GOLDEN[name]
    notes = [Note(start / 4, length / 4, pitch) for start, length, pitch in table]
    found = dataclasses.astuple(metrics_of(piece_of(notes, meter)))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_a_note_that_repeats_has_no_entropy_and_every_groove():
    notes = [Note(place, 1.0, 60) for place in range(15)]
    found = metrics_of(piece_of(notes))
    assert found.pitch_class_entropy == 0.0
    assert found.groove_consistency == 1 - 1 / 16 / 3  # the last beat is silent


def test_bars_are_counted_from_the_pickup():
    notes = [Note(0.0, 1.0, 60)]
    notes += [Note(1 + bar * 4 + beat, 0.5, 62) for bar in range(4) for beat in (0, 1)]
    found = metrics_of(piece_of(notes, pickup=4))
    # The upbeat's bar differs from the first full one at three places, no other does.
    assert found.groove_consistency == 1 - 3 / 16 / 4


def test_no_notes_have_no_metrics():
    found = dataclasses.astuple(metrics_of(piece_of([])))
    assert all(math.isnan(value) for value in found)


def melody(*pitches):
    grid = np.full(4 * len(pitches), -1, np.int16)
    grid[::4] = pitches
    return Piece("", "", grid)


def test_a_range_holds_the_middle_of_a_corpus():
    pieces = [melody(*range(60, 60 + count)) for count in range(1, 12)]
    entropies = [metrics_of(piece).pitch_class_entropy for piece in pieces]
    assert entropies == pytest.approx([math.log2(count) for count in range(1, 12)])
    found = ranges(pieces)["pitch_class_entropy"]
    assert found.median == pytest.approx(math.log2(6))
    assert found.low == pytest.approx(np.quantile(entropies, 0.05))
    assert found.high == pytest.approx(np.quantile(entropies, 0.95))


def test_chord_tones_are_counted_on_strong_beats_only():
    # C E | D F over C: strong are the first and the third beat of each bar.
    notes = [Note(beat, 1.0, pitch) for beat, pitch in enumerate((60, 62, 65, 64))]
    piece = piece_of(notes)
    chords, harmony = chord_grid(parse_chords("C"), piece.steps)
    piece = dataclasses.replace(piece, chords=chords, harmony=harmony)
    assert chord_tones_strong(piece) == 0.5
    assert math.isnan(chord_tones_strong(piece.without_chords()))
    assert strong_beats(Meter(6, 8)) == (0, 6)
    assert strong_beats(Meter(3, 4)) == (0,)
    assert strong_beats(Meter(2, 4)) == (0, 4)


def test_the_scale_is_that_of_the_key():
    piece = melody(57, 59, 60, 66, 68, 61)
    assert scale_fit(dataclasses.replace(piece, key=Key(9, minor=True))) == 5 / 6
    assert scale_fit(dataclasses.replace(piece, key=Key(2))) == 4 / 6
    assert scale_fit(piece) == 3 / 6


def test_rests_after_the_last_note_do_not_count():
    piece = Piece("", "", np.array([-2, 60, -1, -2, -2, 62, -1, -1, -2, -2, -2]))
    assert rest_share(piece) == 3 / 8


def test_the_last_note_is_the_tonic_or_not():
    assert ends_on_tonic(melody(60, 67)) is False
    assert ends_on_tonic(dataclasses.replace(melody(60, 67), key=Key(7)))
    assert ends_on_tonic(piece_of([])) is None


def test_a_bar_is_varied_if_it_has_the_rhythm_and_contour_but_not_the_pitches():
    first, higher, other = [60, 62, 64, 65], [62, 64, 65, 67], [67, 60, 64, 59]
    bars = bars_of(melody(*first, *first, *higher, *other))
    assert [is_varied(bar, bars[0]) for bar in bars] == [False, False, True, False]
