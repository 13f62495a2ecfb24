"""What a person plays: checked, put on the grid, continued and answered."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.music import Performance
from core.music.playing.clicks import clicks
from core.music.playing.played import (
    EARLY,
    MOST_BARS,
    MOST_NOTES,
    TITLE,
    answer,
    as_primer,
    bar_chords,
    played_piece,
    read_notes,
    sounding,
)
from core.music.playing.takes import perform
from core.music.score.piece import HOLD, REST
from core.music.shipped import load
from core.music.theory.chord import PITCH_CLASSES
from core.music.theory.notes import FOUR_FOUR, Meter, Note
from core.task import DataError

HOW = Performance(bars=8, meter="4/4")
CALL = [60, 64, 67, 72, 71, 67, 64, 62]

times = st.floats(-2, 20)
sent = st.lists(
    st.tuples(times, st.floats(0.001, 4), st.integers(0, 127), st.integers(1, 127)),
    max_size=40,
)


def call(pitches=CALL, meter=FOUR_FOUR, bars=2):
    """Quarter notes, one after the other."""
    notes = [Note(float(at), 1.0, pitch) for at, pitch in enumerate(pitches)]
    return played_piece(notes, bars, meter, 100)


@given(sent, st.integers(1, MOST_BARS))
def test_recorded_notes_are_rounded_to_sixteenths_and_the_latest_note_sounds(
    notes, bars
):
    read = read_notes([list(note) for note in notes])
    assert len(read) == sum(start >= -EARLY for start, *_ in notes)
    nearest = {}
    for start, _, pitch, _ in sorted(notes):
        if start >= -EARLY:
            nearest.setdefault(max(0, round(start * 4)), set()).add(pitch)
    inside = {step: found for step, found in nearest.items() if step < bars * 16}
    if not inside:
        with pytest.raises(DataError, match="got none"):
            played_piece(read, bars, FOUR_FOUR, 100)
        return
    piece = played_piece(read, bars, FOUR_FOUR, 100)
    assert piece.steps == bars * 16
    assert set(piece.onsets) == set(inside)
    assert all(piece.melody[step] in found for step, found in inside.items())


def test_a_note_that_is_very_short_counts_and_an_early_one_is_on_the_first_beat():
    read = read_notes([[-0.1, 0.02, 60, 90], [1.03, 0.01, 62, 90], [-2, 0.5, 64, 90]])
    piece = played_piece(read, 1, FOUR_FOUR, 100)
    assert list(piece.melody[:5]) == [60, REST, REST, REST, 62]
    assert len(piece.onsets) == 2


def test_a_note_held_under_another_ends_where_that_begins():
    read = read_notes([[0, 4, 60, 90], [1, 1, 64, 90]])
    piece = played_piece(read, 1, FOUR_FOUR, 100)
    assert list(piece.melody) == [60, *[HOLD] * 3, 64, *[HOLD] * 3, *[REST] * 8]


def test_the_key_is_that_of_the_notes():
    assert str(call([69, 71, 72, 74, 76, 68, 69, 69]).key) == "Key(tonic=9, minor=True)"
    assert call().title == TITLE


BAD = (
    (None, "list of notes"),
    ("notes", "list of notes"),
    ({"0": 1}, "list of notes"),
    ([[0, 1, 60]], "four finite numbers"),
    ([["0", 1, 60, 90]], "four finite numbers"),
    ([[math.nan, 1, 60, 90]], "four finite numbers"),
    ([[math.inf, 1, 60, 90]], "four finite numbers"),
    ([[0, 1, 10**400, 90]], "four finite numbers"),
    ([[0, 1, True, 90]], "four finite numbers"),
    ([[0, 1, 128, 90]], "pitch from 0 to 127"),
    ([[0, 1, -1, 90]], "pitch from 0 to 127"),
    ([[0, 1, 60.5, 90]], "pitch from 0 to 127"),
    ([[0, 1, 60, 0]], "velocity from 1 to 127"),
    ([[0, 0, 60, 90]], "length"),
    ([[0, 1e5, 60, 90]], "length"),
    ([[1e5, 1, 60, 90]], "start"),
    ([[0, 1, 60, 90]] * (MOST_NOTES + 1), "at most 512"),
)


@pytest.mark.parametrize(("notes", "why"), BAD)
def test_notes_that_no_keyboard_sends_are_refused(notes, why):
    with pytest.raises(DataError, match=rf"expected.*{why}.*got"):
        read_notes(notes)


nested = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner),
)


@given(nested)
def test_whatever_is_sent_is_read_or_refused(content):
    try:
        notes = read_notes(content)
    except DataError:
        return
    assert all(0 <= note.pitch <= 127 and note.start >= 0 for note in notes)


@pytest.mark.parametrize("bars", [0, 5, -1, 2.0, "2", None, True])
def test_a_recording_has_one_to_four_bars(bars):
    with pytest.raises(DataError, match="Bars: expected 1 to 4"):
        played_piece([Note(0, 1, 60)], bars, FOUR_FOUR, 100)


@pytest.mark.parametrize("model", ["ragtime", "folk"])
@pytest.mark.parametrize("key", ["as written", "Eb", "A"])
def test_a_take_continues_the_recorded_notes(model, key):
    result = load(model)
    how = replace(HOW, key=key)
    primer = as_primer(call(), result, how, "Dm7 | G7")
    take = perform(result, how, "Dm7 | G7", primer)
    assert take.given == 32
    assert list(take.piece.melody[:32:4]) == CALL
    assert len(take.piece.onsets[take.piece.onsets >= 32])
    if key != "as written" and model == "ragtime":
        first, second = take.score.chords[:2]
        assert second.chord.root == (first.chord.root + 5) % 12
        tonics = {PITCH_CLASSES[take.piece.key.tonic]}
        assert tonics == {key}


@pytest.mark.parametrize("model", ["ragtime", "folk"])
def test_calls_are_answered_with_as_many_bars_and_nothing_of_before_changes(model):
    result = load(model)
    first = answer(result, HOW, call(), "C | F | G7 | C")
    assert first.piece.steps == 64
    assert first.given == 32
    assert list(first.piece.melody[:32:4]) == CALL
    assert (first.piece.melody[32:] >= 0).any()
    second = answer(result, HOW, call(CALL[::-1]), "C | F | G7 | C", first.piece)
    assert second.piece.steps == 128
    assert second.given == 96
    np.testing.assert_array_equal(second.piece.melody[:64], first.piece.melody)
    assert list(second.piece.melody[64:96:4]) == CALL[::-1]
    if model == "ragtime":
        roots = [span.chord.root for span in second.score.chords][:4]
        assert roots == [0, 5, 7, 0]


def test_the_chords_of_each_bar_are_those_that_sound():
    over = sounding(load(), HOW, "C | F G7", 3)
    assert bar_chords(over) == ("C", "F G7", "C")
    assert bar_chords(sounding(load(), replace(HOW, key="D"), "C | F G7", 2)) == (
        "D",
        "G A7",
    )
    deaf = replace(load("folk"), chords_read=False)
    assert bar_chords(sounding(deaf, HOW, "", 2)) == ()
    with pytest.raises(DataError, match="expected a chord"):
        sounding(load(), HOW, "C | H", 2)


@given(st.lists(st.integers(0, 127), min_size=1, max_size=4))
@settings(max_examples=5)
def test_notes_of_any_range_are_answered(pitches):
    take = answer(load(), HOW, call(pitches, bars=1), "C")
    assert list(take.piece.melody[: 4 * len(pitches) : 4]) == pitches
    assert take.piece.steps == 32


def test_another_meter_or_too_long_an_exchange_is_refused():
    waltz = Meter(3, 4)
    before = answer(load(), HOW, call(bars=1), "C").piece
    in_three = replace(HOW, meter="3/4")
    with pytest.raises(DataError, match="meter of the exchange, 4/4, got 3/4"):
        answer(load(), in_three, call(meter=waltz), "C", before)
    with pytest.raises(DataError, match="meter that is set, 3/4, got 4/4"):
        answer(load(), in_three, call(), "C")
    long = replace(
        before, melody=np.tile(before.melody, 32), harmony=np.tile(before.harmony, 32)
    )
    with pytest.raises(DataError, match="at most 64 bars"):
        answer(load(), HOW, call(), "C", long)


def test_clicks_are_on_the_beats():
    assert clicks(FOUR_FOUR, 120) == {"first": 0, "beat": 0.5, "beats": 4}
    assert clicks(Meter(6, 8), 90) == {"first": 0, "beat": 1.0, "beats": 2}
    assert clicks(Meter(3, 4), 60, 1.0) == {"first": 1, "beat": 1, "beats": 3}
    assert clicks(Meter(5, 8), 60) == {"first": 0, "beat": 0.5, "beats": 5}
    assert clicks(Meter(2, 2), 60) == {"first": 0, "beat": 2, "beats": 2}
