"""Melodies as tokens and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.music.model.vocabulary import (
    ALPHABETS,
    FIRST_NOTE,
    HOLD_TOKEN,
    Vocabulary,
    in_c,
    root_at,
    semitones_to_c,
)
from core.music.score.piece import HOLD, NO_CHORD, REST
from core.music.theory.keys import Key
from tests.core.music.drawn_pieces import over, pieces


def decoded(vocabulary, tokens, over):
    """Return the melody that degrees stand for over the chords of a piece."""
    melody, before = np.full(over.steps, REST, np.int16), vocabulary.middle
    for step, token in enumerate(tokens):
        if token >= FIRST_NOTE:
            root = root_at(over, step)
            melody[step] = before = vocabulary.pitch(int(token), before, root)
        elif token == HOLD_TOKEN and step and melody[step - 1] != REST:
            melody[step] = HOLD
    return melody


@given(pieces())
def test_degrees_are_read_back_exactly(piece):
    vocabulary = Vocabulary("degrees", 40, 90)
    tokens = vocabulary.encode(piece)
    assert tokens.min() >= 0
    assert tokens.max() < vocabulary.size
    assert (decoded(vocabulary, tokens, piece) == piece.melody).all()


@given(pieces(), st.data())
def test_any_degrees_are_a_melody_within_the_range(piece, data):
    vocabulary = Vocabulary("degrees", 55, 80)
    numbers = st.integers(0, vocabulary.size - 1)
    tokens = data.draw(st.lists(numbers, min_size=piece.steps, max_size=piece.steps))
    melody = decoded(vocabulary, tokens, piece)
    assert ((melody < 0) | (melody >= 55) & (melody <= 80)).all()


@given(pieces())
def test_steps_are_the_pitches(piece):
    tokens = Vocabulary("steps", 40, 90).encode(piece)
    notes = piece.melody >= 0
    assert (tokens[notes] == piece.melody[notes] - 40 + FIRST_NOTE).all()
    assert (tokens[piece.melody == HOLD] == HOLD_TOKEN).all()


@given(pieces(45, 85), st.integers(-5, 5))
def test_degrees_are_independent_of_the_key(piece, semitones):
    moved = piece.transposed(semitones)
    vocabulary = Vocabulary("degrees", 20, 110)
    tokens, other = vocabulary.encode(piece), vocabulary.encode(moved)
    later = slice(int(piece.onsets[0]) + 1 if len(piece.onsets) else 0, None)
    known = piece.harmony[later] != NO_CHORD
    assert (tokens[later] == other[later])[known].all()


def degrees(tokens):
    """Return octave and degree of tokens of a range of 40 to 90."""
    return [divmod(int(token) - FIRST_NOTE - 48, 12) for token in tokens]


def test_the_same_degrees_go_over_other_chords():
    vocabulary = Vocabulary("degrees", 40, 90)
    piece = over("C | F", [64, HOLD, 67, 72] + [REST] * 28)
    tokens = vocabulary.encode(piece)
    assert degrees(tokens[[0, 2, 3]]) == [(0, 4), (0, 7), (0, 0)]
    other = decoded(vocabulary, tokens, over("Eb7 | Ab", [REST] * 32))
    assert [pitch % 12 for pitch in other if pitch >= 0] == [7, 10, 3]


def test_degrees_tell_octaves_around_the_note_before():
    vocabulary = Vocabulary("degrees", 40, 90)
    tokens = vocabulary.encode(over("C |", [60, 72, 64, 40] + [REST] * 12))
    assert degrees(tokens[:4]) == [(0, 0), (1, 0), (-1, 4), (-2, 4)]


def test_a_note_out_of_range_is_refused_or_moved_by_octaves():
    vocabulary = Vocabulary("steps", 60, 72)
    piece = over("C |", [50, 96, 66, 72] + [REST] * 12)
    with pytest.raises(ValueError, match="Expected notes from 60 to 72"):
        vocabulary.encode(piece)
    assert vocabulary.folded(piece).melody[:4].tolist() == [62, 72, 66, 72]


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_a_vocabulary_is_read_as_it_was_written(alphabet):
    vocabulary = Vocabulary(alphabet, 50, 83)
    assert Vocabulary.from_arrays(vocabulary.to_arrays()) == vocabulary


@given(pieces())
def test_transposition_to_c_is_a_tritone_at_most(piece):
    assert -6 <= semitones_to_c(piece) <= 6
    if piece.key:
        assert in_c(piece).key == Key(9 if piece.key.minor else 0, piece.key.minor)
