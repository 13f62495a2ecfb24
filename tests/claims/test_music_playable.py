"""Melodies that people can play: jazz in quavers, ranges, breaths, and no clashes."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.takes import CHARTS, HORNS
from core.music import Performance
from core.music.arranger.arranging import swing
from core.music.arranger.playable import AIR, LONGEST, with_breaths, without_clashes
from core.music.improviser.quavers import doubled, halved
from core.music.playing.rewriting import rewrite
from core.music.playing.takes import perform
from core.music.score.instruments import instrument_of
from core.music.score.piece import HOLD, REST
from core.music.score.triplets import triplet_beats
from core.music.shipped import load
from core.music.theory.notes import Meter
from tests.core.music.drawn_pieces import over, pieces

BLUES = "F7 | Bb7 | F7 | Cm7 F7 | Bb7 | Bdim7 | F7 | Am7b5 D7 | Gm7 | C7 | F7 | C7"


def spans(notes, quarter):
    """Seconds between rests in which one can breathe."""
    begin = notes[0].start
    for note, following in pairwise([*notes, None]):
        if following is None or (following.start - note.end) * quarter >= AIR - 1e-6:
            yield (note.end - begin) * quarter
            begin = following.start if following else 0.0


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize(("seed", "style"), [(0, "stride"), (1, "jazz")])
def test_a_horn_plays_in_its_range_and_breathes_over_every_chart(seed, style, chart):
    horn, (tempo, chords) = list(HORNS)[seed], CHARTS[chart]
    swing = 2.0 if style == "jazz" else 1.0
    how = Performance(
        instrument=horn, style=style, tempo=tempo, swing=swing, choruses=1, seed=seed
    )
    notes = perform(load(), how, chords).score.tracks[0].notes
    played = instrument_of(horn)
    assert all(played.lowest <= note.pitch <= played.highest for note in notes)
    assert max(spans(notes, 60 / tempo)) <= LONGEST + 1e-5


SWINGS = st.sampled_from([1.0, 1.4, 2.0, 3.0])


@given(pieces(), SWINGS)
def test_breaths_only_make_notes_shorter_or_silent(piece, ratio):
    free = np.zeros(piece.steps, bool)
    made = with_breaths(piece, free, ratio).melody
    kept = made != REST
    assert (made[kept] == piece.melody[kept]).all()
    fixed = ~free
    assert (with_breaths(piece, fixed, ratio).melody == piece.melody).all()


@pytest.mark.parametrize("tempo", [40, 96, 130, 160, 220, 300])
@given(st.lists(st.integers(1, 5), min_size=100, max_size=150), SWINGS, st.booleans())
@settings(max_examples=10)
def test_no_breath_is_longer_than_eight_seconds_as_it_sounds(
    tempo, lengths, ratio, jazz
):
    melody = [step for many in lengths for step in (60, *[HOLD] * (many - 1))]
    piece = over("C", melody, tempo=float(tempo))
    made = with_breaths(piece, np.zeros(piece.steps, bool), ratio)
    score = swing(made.score("", 0), ratio, triplet_beats(made) if jazz else None)
    assert max(spans(score.tracks[0].notes, 60 / tempo)) <= LONGEST + 1e-5


def test_where_fixed_notes_leave_no_place_in_time_a_breath_comes_after_them():
    piece = over("C", [60, HOLD, 62, HOLD] * 40, tempo=60.0)  # 40 s
    fixed = np.arange(160) < 80
    melody = with_breaths(piece, fixed, 1.0).melody
    assert (melody[:80] == piece.melody[:80]).all()
    assert (melody[80:82] == REST).all()


@pytest.mark.parametrize(
    ("chord", "pitch", "instead"),
    [("Cmaj7", 65, 64), ("C7", 71, 70), ("Cm7", 68, 67), ("C7", 63, 63), ("C", 71, 71)],
)
def test_a_long_note_a_semitone_above_a_tone_of_the_chord_is_that_tone(
    chord, pitch, instead
):
    melody = [pitch, *[HOLD] * 3, pitch, HOLD, 67, HOLD, *[REST] * 8]
    piece = over(chord, melody)
    made = without_clashes(piece, np.zeros(16, bool)).melody
    assert made[0] == instead
    assert made[4] == pitch  # an eighth may pass


@given(pieces().filter(lambda piece: piece.steps % 2 == 0))
def test_a_piece_in_values_twice_as_long_is_halved_to_itself(piece):
    longer = over("C", doubled(piece.melody, 2 * piece.steps))
    assert (halved(longer).melody == piece.melody).all()
    assert halved(longer).meter == Meter(2, 4)


@settings(max_examples=3)
@given(st.integers(0, 99))
def test_jazz_in_four_four_moves_in_quavers_and_its_rewritten_bars_do_too(seed):
    how = Performance(style="jazz", swing=2.0, choruses=1, seed=seed)
    piece = perform(load(), how, BLUES).piece
    assert not (piece.onsets % 2).any()
    assert len(piece.onsets) <= 8 * piece.bars
    for one in rewrite(load(), how, piece, 5, 6, count=1).candidates:
        assert not (one.piece.onsets % 2).any()


def test_jazz_breathes_elsewhere_over_other_chords():
    def rests(chords):
        how = Performance(style="jazz", swing=2.0, choruses=1, seed=1, bars=8)
        melody = perform(load(), how, chords).piece.melody
        return (melody[: 7 * 16] == REST).tolist()

    assert rests("Dm7 | G7 | C | C | Dm7 | G7 | C | C") != rests(
        "C | C | C | C | F7 | F7 | C | C"
    )
