"""Choruses and bars, meters, primers and pickups: what is played over."""

from dataclasses import replace

import numpy as np
import pytest

from core.music import Performance
from core.music.corpora import ragtime
from core.music.playing.form import (
    Form,
    in_meter,
    meter_of,
    prepare_piece,
    read_as,
    remarks,
)
from core.music.score.melody_track import extract_piece
from core.music.score.piece import Piece, chord_grid
from core.music.score.score import Score, Track
from core.music.shipped import load
from core.music.theory.notes import FOUR_FOUR, Meter, Note
from core.music.theory.progressions import DEFAULT_CHART, parse_chords
from core.task import DataError

BLUES = "C7 | F7 | C7 | C7 | F7 | F7 | C7 | A7 | Dm7 | G7 | C7 A7 | Dm7 G7"


def tune(meter=FOUR_FOUR, bars=4, pickup=0, chords="", more=0):
    steps = pickup + bars * meter.steps + more
    found, harmony = (), np.empty(0, np.int16)
    if chords:
        spans = [
            replace(span, start=span.start + pickup / 4)
            for span in parse_chords(chords, meter)
        ]
        found, harmony = chord_grid(spans, steps)
    return Piece("Tune", "", np.full(steps, 60), meter, pickup, found, harmony)


@pytest.mark.parametrize(
    ("settings", "bars", "words"),
    [
        ({"choruses": 1}, 12, "12 bars of 4/4: 1 chorus of 12."),
        ({"choruses": 3}, 36, "36 bars of 4/4: 3 choruses of 12."),
        ({"bars": 24}, 24, "24 bars of 4/4: 2 choruses of 12."),
        (
            {},
            16,
            "16 bars of 4/4: 1 chorus of 12 and the first 4 of the form's 12, so it "
            "ends within the form.",
        ),
        (
            {"bars": 8},
            8,
            "8 bars of 4/4: the first 8 of the form's 12, so it ends within the form.",
        ),
    ],
)
def test_choruses_are_whole_forms_and_bars_say_what_they_cut(settings, bars, words):
    how = Performance(**settings)
    over, given = prepare_piece(load(), how, BLUES)
    assert (over.bars, given) == (bars, 0)
    assert Form.of(load(), how, BLUES).words == words
    assert Form.of(load(), how, BLUES).left_over == bars % 12
    assert remarks(load(), replace(how, ending="free"), BLUES) == ()


def test_without_chords_a_chorus_is_sixteen_bars_in_any_meter():
    for meter in ("2/4", "4/4", "as written"):
        how = Performance(choruses=1, meter=meter)
        assert prepare_piece(load(), how)[0].bars == 16
    four = prepare_piece(load(), Performance(choruses=1, meter="4/4"))[0]
    assert [span.length for span in four.spans()][:3] == [4, 4, 4]


def test_too_many_bars_are_refused():
    with pytest.raises(DataError, match="at most 128 bars together, got 8 x 32"):
        Form.of(load(), Performance(choruses=8), "C | F | x31")


def test_a_primer_that_is_a_tune_is_the_form():
    primer = tune(Meter(2, 4), bars=8, chords="C | F | G | C | F | C | G | C |")
    how = Performance(choruses=2, primer_bars=4)
    over, given = prepare_piece(load(), how, primer=primer)
    assert over.bars == 16
    assert given == 4 * 8
    first, second = (over.harmony[begin : begin + 64] for begin in (0, 64))
    assert len(set(first.tolist())) == 3
    assert first.tolist() == second.tolist()
    long = ragtime().test[0]
    assert prepare_piece(load(), how, primer=long)[0].bars - bool(long.pickup) == 32


def test_typed_chords_follow_the_primers_own_in_whole_choruses():
    primer = tune(Meter(2, 4), bars=8, chords="C | F |")
    over, given = prepare_piece(
        load(), Performance(choruses=1, primer_bars=2), "Am | Dm | E7", primer
    )
    assert over.bars == 2 + 3
    assert given == 16
    names = [str(span.chord) for span in over.spans()]
    assert names == ["C", "F", "Am", "Dm", "E7"]


@pytest.mark.parametrize("pickup", [0, 2, 4])
@pytest.mark.parametrize("more", [0, 4])
def test_chords_change_on_bar_lines_after_a_pickup_and_an_unfinished_bar(pickup, more):
    size = 8
    bare = tune(Meter(2, 4), 3, pickup, more=more)
    own = tune(Meter(2, 4), 3, pickup, "C | F | G |", more=more)
    how = Performance(bars=12, primer_bars=16)
    for primer, chords in ((bare, "C | F | G |"), (own, ""), (own, "Am | Dm |")):
        over, given = prepare_piece(load(), how, chords, primer)
        changes = np.flatnonzero(np.diff(over.harmony)) + 1
        assert len(changes) >= 9
        assert {int(step - pickup) % size for step in changes} == {0}
        assert given == primer.steps


def test_typed_chords_of_a_file_begin_after_its_pickup():
    notes = tuple(Note(place, 1, 60 + place % 5) for place in range(13))
    score = Score((Track("Tune", notes),), pickup=1.0)
    piece = extract_piece(score, chords=parse_chords("C | F | G"))
    assert [span.start for span in piece.spans()] == [0, 1, 5, 9]
    assert piece.chord_at(0) is None


def test_a_primer_in_two_four_is_read_in_four_four_and_one_in_three_is_told_not_to_be():
    primer = tune(Meter(2, 4), bars=8, pickup=2)
    how = Performance(meter="4/4", primer_bars=2, ending="free")
    over, given = prepare_piece(load(), how, BLUES, primer)
    assert (over.meter, over.pickup, given) == (FOUR_FOUR, 2, 2 + 2 * 16)
    assert (over.melody[:given] == 60).all()
    assert in_meter(tune(FOUR_FOUR, pickup=12), Meter(2, 4)).pickup == 4
    waltz = tune(Meter(3, 4))
    assert prepare_piece(load(), how, BLUES, waltz)[1] == 0
    (told,) = remarks(load(), how, BLUES, waltz)
    assert "not used: it is in 3/4, and the meter is 4/4. Choose 3/4 or" in told
    assert remarks(load(), replace(how, primer_bars=0), BLUES, waltz) == ()
    assert remarks(load(), how, BLUES, primer) == ()
    assert prepare_piece(load(), Performance(), BLUES, waltz)[1] > 0


def test_the_meter_is_chosen_or_written_or_the_primers_or_the_corpus_own():
    waltz = tune(Meter(3, 4))
    assert meter_of(load(), Performance()) == Meter(2, 4)
    assert meter_of(load(), Performance(), primer=waltz) == Meter(3, 4)
    assert meter_of(load(), Performance(), "T44{C^7 |F7 }", waltz) == FOUR_FOUR
    assert meter_of(load(), Performance(), "C | F") == FOUR_FOUR
    assert meter_of(load(), Performance(), "3/4 C | F") == Meter(3, 4)
    assert meter_of(load(), Performance(), "C | F", waltz) == Meter(3, 4)
    assert meter_of(load(), Performance(), DEFAULT_CHART) == Meter(2, 4)
    chosen = Performance(meter="6/8")
    assert meter_of(load(), chosen, "4/4 C | F", waltz) == Meter(6, 8)


def test_jazz_is_in_four_four_or_three_four_or_refused_in_words():
    jazz = Performance(style="jazz")
    assert meter_of(load(), jazz) == FOUR_FOUR
    assert meter_of(load(), jazz, primer=tune(Meter(3, 4))) == Meter(3, 4)
    with pytest.raises(DataError, match="expected the meter 4/4 or 3/4 for jazz, got"):
        meter_of(load(), replace(jazz, meter="6/8"))


def test_inputs_without_effect_are_reported():
    free = Performance(choruses=1, ending="free")
    assert remarks(load(), free, BLUES) == ()
    (told,) = remarks(load(), Performance(choruses=1), BLUES)
    assert told.startswith("The last bar is C7 instead of Dm7 G7, for an end on the")
    with_pickup = tune(Meter(2, 4), pickup=2, chords="C | F | G7 |")
    how = Performance(choruses=1, meter="4/4")
    (told,) = remarks(load(), how, "C | F G7", with_pickup)
    assert told.startswith("The last bar is C instead of F G7, for an end")
    assert remarks(load(), how, "C | F | G7 | F C") == ()
    primer = tune(Meter(2, 4))
    assert "classic recipe" in remarks(load("classic"), Performance(), primer=primer)[0]
    deaf = replace(load(), chords_read=False)
    assert "chords are not used" in remarks(deaf, Performance(), BLUES)[0]
    assert not prepare_piece(deaf, Performance(), BLUES)[0].chords


@pytest.mark.parametrize(
    ("chords", "explained"),
    [
        (BLUES, ""),
        ("F#m7b5 B7 Em", ""),
        ("Dm7 | G7 | % | N.C.", ""),
        ("|: Dm7 | G7 :|", "Dm7 | G7 | Dm7 | G7"),
        ("Key: Bb | ii7 | V7", "Cm7 | F7"),
        ("Do7 | G7", "Ddim7 | G7"),
        ("Do7 | Sol7", "C7 | G7"),
        ("T44{C^7 |A-7 D-7 }", "C^7 | A-7 D-7 | C^7 | A-7 D-7"),
    ],
)
def test_chords_are_explained_where_they_are_not_typed_bar_by_bar(chords, explained):
    assert read_as(load(), Performance(), chords) == explained
