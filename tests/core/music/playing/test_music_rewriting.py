"""Bars that are rewritten, repeated, or changed by hand; and those that are not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.music import Performance
from core.music.playing.rewriting import (
    bar_mask,
    bar_range,
    locked_mask,
    move_note,
    parse_bars,
    repeat_bars,
    rewrite,
)
from core.music.playing.takes import perform
from core.music.score.piece import HOLD, REST, Piece, chord_grid
from core.music.shipped import load
from core.music.theory.chord import Chord
from core.music.theory.notes import Meter
from core.music.theory.progressions import parse_chords
from core.task import DataError
from tests.core.music.drawn_pieces import pieces as drawn_pieces

HOW = Performance(bars=12)
TWO_FOUR = Meter(2, 4)


pieces = drawn_pieces().filter(lambda piece: piece.steps > piece.pickup)


@st.composite
def marked(draw):
    """A piece, two of its bars, and some locked ones."""
    piece = draw(pieces)
    first = draw(st.integers(int(piece.pickup == 0), piece.full_bars))
    last = draw(st.integers(first, piece.full_bars))
    locked = draw(st.frozensets(st.integers(0, piece.full_bars), max_size=3))
    return piece, first, last, locked


def whole_bars(piece):
    return range(int(piece.pickup == 0), piece.full_bars + 1)


@given(pieces)
def test_the_bars_are_all_steps_one_after_the_other(piece):
    begins = [bar_range(piece, bar, bar) for bar in whole_bars(piece)]
    assert begins[0][0] == 0
    assert begins[-1][1] == piece.steps
    assert [end for _, end in begins[:-1]] == [begin for begin, _ in begins[1:]]
    assert len(begins) == piece.bars


@settings(max_examples=12)
@given(marked(), st.integers(0, 999))
def test_only_the_bars_that_are_rewritten_change(mark, seed):
    piece, first, last, locked = mark
    try:
        free = bar_mask(piece, first, last, locked)
    except DataError:
        return
    how = replace(HOW, seed=seed, temperature=1.3)
    found = rewrite(load(), how, piece, first, last, locked, count=2)
    assert found.present.piece.melody.tobytes() == piece.melody.tobytes()
    for one in found.candidates:
        assert one.piece.melody[~free].tobytes() == piece.melody[~free].tobytes()
        assert (one.piece.melody != piece.melody).any()


def test_candidates_are_ranked_by_how_well_the_bars_after_them_follow():
    piece = perform(load(), HOW).piece
    found = rewrite(load(), HOW, piece, 5, 7)
    assert len({one.piece.melody.tobytes() for one in found.candidates}) == 4
    follows = [one.follows for one in found.candidates]
    assert follows == sorted(follows)
    again = rewrite(load(), HOW, piece, 5, 7)
    assert [one.follows for one in again.candidates] == follows
    others = rewrite(load(), HOW, piece, 5, 7, again=1)
    assert {one.piece.melody.tobytes() for one in others.candidates}.isdisjoint(
        one.piece.melody.tobytes() for one in found.candidates
    )


def test_the_losses_are_those_of_the_model_over_the_whole_piece():
    piece = perform(load(), replace(HOW, key="C")).piece
    found = rewrite(load(), HOW, piece, 3, 4, count=1)
    for one in (found.present, found.candidates[0]):
        player, nats = load().player(one.piece), []
        for value in one.piece.melody.tolist():
            scores = player.scores().astype(float)
            likely = scores[list(player.values()).index(value)]
            nats.append(np.logaddexp.reduce(scores) - likely)
            player.append(value, -1)
        assert one.filling == pytest.approx(np.mean(nats[16:32]), abs=1e-4)
        assert one.follows == pytest.approx(np.mean(nats[32:64]), abs=1e-4)


def test_at_the_end_nothing_follows_and_the_last_bar_is_an_end():
    piece = perform(load(), HOW).piece
    for one in rewrite(load(), HOW, piece, 11, 12).candidates:
        assert one.follows is None
        last = one.piece.part(piece.steps - 8, piece.steps)
        assert (last.onsets < 4).all()


def test_a_rewritten_end_is_on_the_tonic_if_it_was_to_be():
    how = replace(HOW, ending="tonic", key="Eb")
    piece = perform(load(), how).piece
    for one in rewrite(load(), how, piece, 9, piece.full_bars).candidates:
        assert one.piece.melody[one.piece.onsets[-1]] % 12 == piece.key.tonic


def test_rewriting_at_temperature_zero_has_one_candidate_at_most():
    how = replace(HOW, temperature=0.0)
    piece = perform(load(), how).piece
    once = rewrite(load(), how, piece, 5, 6)
    assert len(once.candidates) <= 1


def test_a_note_held_beyond_the_rewritten_bars_stays_held():
    melody = np.array([*[60, HOLD] * 8, *[HOLD] * 8, *[64, HOLD] * 4], np.int16)
    piece = Piece("held", "a test", melody, meter=TWO_FOUR)
    for seed in range(6):
        how = replace(HOW, seed=seed, temperature=1.5)
        for one in rewrite(load(), how, piece, 2, 2, count=3).candidates:
            assert one.piece.melody[15] != REST
            assert one.piece.melody[16] == HOLD


@given(marked())
def test_repeated_bars_come_again_over_the_same_chords(mark):
    piece, first, last, locked = mark
    one_chord = {"chords": (Chord(0),), "harmony": np.zeros(piece.steps)}
    piece = replace(piece, **one_chord)
    try:
        repeated = repeat_bars(piece, first, last, locked)
    except DataError:
        return
    begin, end = bar_range(piece, max(first, 1), last)
    free = np.zeros(piece.steps, bool)
    free[end : 2 * end - begin] = True
    free &= ~locked_mask(piece, locked)
    assert repeated.melody[~free].tobytes() == piece.melody[~free].tobytes()
    if not locked:
        wanted = piece.part(begin, begin + int(free.sum()))
        copied = repeated.part(end, end + int(free.sum()))
        assert copied.melody[:-1].tolist() == wanted.melody[:-1].tolist()


def test_a_repetition_follows_the_chords():
    spans = parse_chords("C7 | F7 | Dm7 | G7", TWO_FOUR)
    chords, harmony = chord_grid(spans, 32)
    bar = [60, HOLD, 64, HOLD, 67, HOLD, 62, HOLD]
    melody = np.array([*bar, *[REST] * 8, *bar[:6], 65, HOLD, *[REST] * 8], np.int16)
    piece = Piece("t", "t", melody, meter=TWO_FOUR, chords=chords, harmony=harmony)
    second = repeat_bars(piece, 1, 1).melody[8:16]
    assert second.tolist() == [65, HOLD, 69, HOLD, 72, HOLD, 67, HOLD]
    fourth = repeat_bars(piece, 3, 3).melody[24:]
    # Over Dm7 C is a tone of the chord, E and G are not; F, its third, becomes B.
    assert fourth.tolist() == [65, HOLD, 69, HOLD, 72, HOLD, 71, HOLD]


@given(marked(), st.data())
def test_a_moved_note_stays_between_its_neighbours_and_moves_nothing_else(mark, data):
    piece, _, _, locked = mark
    count = len(piece.onsets)
    note = data.draw(st.integers(-1, count))
    step = data.draw(st.integers(-5, piece.steps + 5))
    pitch = data.draw(st.integers(-20, 160))
    if not 0 <= note < count:
        with pytest.raises(DataError, match="Expected one of"):
            move_note(piece, note, step, pitch, locked)
        return
    still = locked_mask(piece, locked)
    moved = move_note(piece, note, step, pitch)
    if (moved.melody != piece.melody)[still].any():
        with pytest.raises(DataError, match="Unlock the bar first"):
            move_note(piece, note, step, pitch, locked)
        return
    moved = move_note(piece, note, step, pitch, locked)
    assert moved.melody[still].tobytes() == piece.melody[still].tobytes()
    assert len(moved.onsets) == count
    others = np.arange(count) != note
    assert moved.onsets[others].tolist() == piece.onsets[others].tolist()
    assert moved.melody[moved.onsets[note]] == min(max(pitch, 0), 127)
    earliest = piece.onsets[note - 1] + 1 if note else 0
    latest = (piece.onsets[note + 1] if note + 1 < count else piece.steps) - 1
    assert moved.onsets[note] == min(max(step, earliest), latest)
    lengths = [round(4 * one.length) for one in piece.notes()]
    then = [round(4 * one.length) for one in moved.notes()]
    assert then[note + 1 :] == lengths[note + 1 :]
    assert then[note] <= lengths[note]


@given(pieces, st.data())
def test_a_note_that_is_moved_to_where_it_is_changes_nothing(piece, data):
    if not len(piece.onsets):
        return
    note = data.draw(st.integers(0, len(piece.onsets) - 1))
    step = int(piece.onsets[note])
    same = move_note(piece, note, step, int(piece.melody[step]))
    assert same.melody.tobytes() == piece.melody.tobytes()


@pytest.mark.parametrize("bars", [(0, 2), (5, 4), (11, 13)])
def test_bars_beyond_the_piece_are_refused(bars):
    piece = perform(load(), HOW).piece
    with pytest.raises(DataError, match=rf"bars from 1 to 12.*{bars[0]}-{bars[1]}"):
        rewrite(load(), HOW, piece, *bars)


def test_locked_bars_are_never_rewritten():
    piece = perform(load(), HOW).piece
    with pytest.raises(DataError, match="Unlock"):
        rewrite(load(), HOW, piece, 3, 4, locked={3, 4})
    for one in rewrite(load(), HOW, piece, 3, 6, locked={4}).candidates:
        assert one.piece.melody[24:32].tolist() == piece.melody[24:32].tolist()


def test_the_classic_recipe_does_not_rewrite():
    classic = load("classic")
    piece = perform(classic, HOW).piece
    with pytest.raises(DataError, match="classic recipe"):
        rewrite(classic, HOW, piece, 3, 4)


def test_bars_are_read_from_text():
    assert parse_bars("5-8") == (5, 8)
    assert parse_bars(" 3 ") == (3, 3)
    for text in ("", "a", "5-", "-5", "5-8-9", "1.5"):
        with pytest.raises(DataError, match=r"^rewrite: expected bars such as 5-8"):
            parse_bars(text)
