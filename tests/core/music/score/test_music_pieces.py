"""Pieces on their grid, their notes and chords, and how they are stored."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.music.score.melody_track import skyline
from core.music.score.packing import from_arrays, pack_score, to_arrays, unpack_score
from core.music.score.piece import (
    HOLD,
    NO_CHORD,
    REST,
    Piece,
    chord_grid,
    melody_grid,
    transpose_melody,
)
from core.music.score.score import Score, Track
from core.music.theory.chord import Chord
from core.music.theory.keys import Key
from core.music.theory.notes import ChordSpan, Meter, Note
from tests.core.music.drawn_pieces import pieces


@given(pieces())
def test_a_piece_is_its_notes_and_its_chords(piece):
    assert (melody_grid(piece.notes(), piece.steps) == piece.melody).all()
    if piece.chords:
        chords, harmony = chord_grid(piece.spans(), piece.steps)
        rebuilt = Piece("", "", piece.melody, chords=chords, harmony=harmony)
        for step in range(piece.steps):
            assert rebuilt.chord_at(step) == piece.chord_at(step)


@given(st.lists(st.integers(0, 127), min_size=1), st.integers(-150, 150))
def test_a_melody_is_moved_whole_or_by_octaves_where_it_would_leave(pitches, semitones):
    melody = np.array([REST, *pitches, HOLD], np.int16)
    moved = transpose_melody(melody, semitones)
    assert (moved[[0, -1]] == melody[[0, -1]]).all()
    for before, after in zip(pitches, moved[1:-1].tolist(), strict=True):
        there = before + semitones
        assert after == there or not 0 <= there <= 127
        assert 0 <= after <= 127
        assert (after - there) % 12 == 0


@given(st.lists(pieces(), max_size=3))
def test_pieces_are_unpacked_as_they_were_packed(packed):
    for before, after in zip(packed, from_arrays(to_arrays(packed)), strict=True):
        assert (before.melody == after.melody).all()
        assert (before.harmony == after.harmony).all()
        for name in ("title", "source", "meter", "pickup", "chords", "key", "tempo"):
            assert getattr(before, name) == getattr(after, name)


def test_a_score_is_unpacked_as_it_was_packed():
    score = Score(
        tracks=(
            Track("Solo", (Note(0.1, 1 / 3, 60), Note(1, 2, 61, 99)), 66),
            Track("", (), 0, drums=True),
        ),
        tempo=96.5,
        meter=Meter(6, 8),
        title="Été",
        chords=(ChordSpan(0, 2, Chord(0, "m7", 3)), ChordSpan(2, 1, None)),
        pickup=0.5,
        key=Key(9, minor=True),
        meters=((0.0, Meter()), (8.0, Meter(3, 4))),
    )
    assert unpack_score(pack_score(score)) == score


@pytest.mark.parametrize(
    "wrong",
    [
        {"melody": [HOLD, 60]},
        {"melody": [60, REST, HOLD]},
        {"melody": [128]},
        {"melody": [60], "harmony": [0]},
        {"melody": [60], "harmony": [NO_CHORD, NO_CHORD]},
    ],
)
def test_invalid_pieces_are_refused(wrong):
    with pytest.raises(ValueError, match="Expected"):
        Piece("", "", **{name: np.array(value) for name, value in wrong.items()})


def test_bars_and_positions_count_from_the_first_full_bar():
    piece = Piece("", "", np.array([60] * 20), meter=Meter(3, 4), pickup=4)
    assert piece.positions.tolist() == [8, 9, 10, 11, *range(12), 0, 1, 2, 3]
    assert piece.bars == 3
    assert piece.part(6, 20).positions[0] == piece.positions[6]


def test_a_part_of_a_piece_rests_where_its_first_note_is_cut_off():
    piece = Piece("", "", np.array([60, HOLD, HOLD, 62, HOLD]))
    assert piece.part(1, 5).melody.tolist() == [REST, REST, 62, HOLD]
    assert piece.part(1, 3).melody.tolist() == [REST, REST]


def test_the_skyline_is_the_highest_voice():
    chord = [Note(0, 1, pitch) for pitch in (60, 64, 67)]
    under = [Note(1, 4, 72), Note(2, 1, 65), Note(3, 1, 67)]
    legato = [Note(5, 1.5, 70), Note(6, 1, 69)]
    found = skyline([*chord, *under, *legato])
    assert [(n.start, n.length, n.pitch) for n in found] == [
        (0, 1, 67), (1, 4, 72), (5, 1, 70), (6, 1, 69),
    ]  # fmt: skip


def test_notes_go_to_the_nearest_sixteenth_and_last_one_at_least():
    notes = [Note(0.02, 0.05, 60), Note(0.49, 0.5, 62), Note(0.9, 5, 64)]
    assert melody_grid(notes, 6).tolist() == [60, REST, 62, HOLD, 64, HOLD]
