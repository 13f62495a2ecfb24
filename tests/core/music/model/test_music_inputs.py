"""What the default network reads at each step."""

from dataclasses import fields, replace

import numpy as np

from core.music.corpora import folk, ragtime
from core.music.model.inputs import (
    COLUMNS,
    FEATURES,
    SIXTEENTHS,
    Inputs,
    StepwiseInputs,
    conditions,
    dense,
    inputs_of,
)
from core.music.model.repetition import BARS_AGO, NOTHING
from core.music.model.vocabulary import prepared
from core.music.score.piece import HOLD, REST
from core.music.theory.keys import Key
from tests.core.music.drawn_pieces import over

PIECES = [*folk().train[::900], ragtime().train[1], ragtime().test[0]]


def test_several_pieces_at_once_are_read_as_each_alone():
    pieces = [prepared(piece) for piece in PIECES]
    for piece, together in zip(pieces, inputs_of(pieces), strict=True):
        alone = inputs_of([piece])[0]
        for item in fields(Inputs):
            found = getattr(together, item.name)
            np.testing.assert_array_equal(found, getattr(alone, item.name))


def test_melodies_that_go_on_from_one_are_read_as_that_one_is():
    piece = prepared(PIECES[0])
    whole, stepwise = inputs_of([piece])[0], StepwiseInputs([piece] * 3)
    for step, token in enumerate(whole.tokens):
        read = stepwise.next()
        for item in fields(Inputs):
            if item.name != "tokens":
                wanted = getattr(whole, item.name)[step]
                np.testing.assert_array_equal(getattr(read, item.name)[1], wanted)
        stepwise.append(np.array([token + 1, token, 0]))
        if step % 8 == 7:
            stepwise.keep(1)


def test_a_figure_that_returns_is_predicted_in_any_key():
    figure = np.array([60, HOLD, 64, HOLD, 67, HOLD, 65, 62, 60, 59], np.int16)
    again = np.where(figure >= 0, figure + 5, figure)
    melody = np.concatenate([figure, [72, HOLD, 70], again])  # not bars apart
    short = ragtime().train[1].part(0, len(melody)).without_chords()
    inputs = inputs_of([replace(short, melody=melody)])[0]
    eighths = len(BARS_AGO)  # the predictor that matches the latest eight
    assert inputs.predictions[-1, eighths] == inputs.tokens[-1]
    assert (inputs.predictions[-1, :eighths] != inputs.tokens[-1]).all()


def test_a_bar_that_returns_is_predicted():
    bar = np.array([60, HOLD, 64, 65, REST, REST, 67, HOLD], np.int16)
    short = ragtime().train[1].part(0, 32).without_chords()
    piece = replace(short, melody=np.tile(bar, 4))
    inputs = inputs_of([piece])[0]
    assert piece.meter.steps == 8
    np.testing.assert_array_equal(inputs.predictions[8:, 0], inputs.tokens[8:])
    assert (inputs.hit_rates[16:, 0, 0] == 255).all()


def test_hidden_chords_are_as_if_there_were_none():
    piece = ragtime().test[0].part(0, 128)
    inputs = inputs_of([prepared(piece)])[0].take(np.arange(piece.steps)[None])
    hidden = inputs.without_chords(np.array([True]))
    without = inputs_of([prepared(piece.without_chords())])[0]
    np.testing.assert_array_equal(dense(hidden)[0], dense(without))
    shown = inputs.without_chords(np.array([False]))
    np.testing.assert_array_equal(dense(shown), dense(inputs))


def test_copies_are_hidden_in_some_segments_and_in_no_others():
    piece = ragtime().test[0].part(0, 256)
    inputs = inputs_of([prepared(piece)])[0].take(np.arange(256).reshape(2, 128))
    hidden = inputs.without_repeats(np.array([False, True]))
    assert (inputs.predictions[1] != NOTHING).any()
    assert (hidden.predictions[1] == NOTHING).all()
    assert not hidden.hit_rates[1].any()
    np.testing.assert_array_equal(dense(hidden)[0], dense(inputs)[0])


def test_conditions_of_a_step_are_its_chords_key_and_position():
    piece = over("C | F7/A", [60] + [HOLD] * 31, key=Key(9, minor=True))
    known = conditions(piece)
    assert known.shape == (32, FEATURES)

    def said(name, step):
        return np.flatnonzero(known[step, COLUMNS[name]]).tolist()

    assert said("chord", 0) == [0, 4, 7]
    assert said("next", 0) == [0, 3, 5, 9]
    assert said("chord", 16) == [0, 3, 5, 9]
    assert said("bass", 16) == [9]
    assert said("next", 16) == []
    assert said("key", 0) == [9]
    assert said("minor", 0) == [0]
    assert (said("beat", 6), said("step", 6)) == ([1], [2])
    waits = known[:, COLUMNS["wait"].start].astype(int)
    assert waits[15] == SIXTEENTHS
    assert (np.diff(waits[:16]) > 0).all()
    assert inputs_of([piece])[0].roots[[0, 16]].tolist() == [0, 5]


def test_no_input_of_a_step_depends_on_its_own_note_or_on_later_ones():
    first, second = (
        over("C | G", [60] * 8 + [62] * 8 + [pitch] * 16) for pitch in (60, 71)
    )
    ours, others = dense(inputs_of([first])[0]), dense(inputs_of([second])[0])
    np.testing.assert_array_equal(ours[:17], others[:17])
    assert inputs_of([first])[0].pitches[:2].tolist() == [-1, 60]
