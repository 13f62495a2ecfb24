"""Pieces on their grid, as tokens and back, and what is known at each step."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.music.chord import QUALITIES, Chord
from core.music.conditions import (
    FEATURES,
    PLACES,
    conditions,
    notes_before,
    without_chords,
)
from core.music.packing import from_arrays, pack_score, to_arrays, unpack_score
from core.music.piece import HOLD, NO_CHORD, REST, Key, Piece, melody_of, shifted
from core.music.progression import on_grid, parse_chords
from core.music.score import ChordSpan, Meter, Note, Score, Track
from core.music.vocabulary import (
    ALPHABETS,
    Vocabulary,
    at_home,
    home_shift,
)
from core.music.voices import skyline

METERS = [Meter(4, 4), Meter(3, 4), Meter(6, 8), Meter(9, 8), Meter(2, 4)]


@st.composite
def pieces(draw, low=40, high=90):
    """A piece of any notes, rests, chords and meter."""
    drawn = draw(
        st.lists(
            st.tuples(st.integers(low - 1, high), st.integers(1, 9)),
            min_size=1,
            max_size=30,
        )
    )
    melody = []
    for pitch, length in drawn:
        begin, after = (REST, REST) if pitch < low else (pitch, HOLD)
        melody += [begin] + [after] * (length - 1)
    chords = draw(
        st.lists(
            st.builds(Chord, st.integers(0, 11), st.sampled_from(sorted(QUALITIES))),
            unique=True,
            max_size=4,
        )
    )
    places = st.integers(NO_CHORD, len(chords) - 1)
    harmony = draw(st.lists(places, min_size=len(melody), max_size=len(melody)))
    meter = draw(st.sampled_from(METERS))
    return Piece(
        title=draw(st.text(max_size=9)),
        source="drawn",
        melody=np.array(melody),
        meter=meter,
        pickup=draw(st.integers(0, meter.steps - 1)),
        chords=tuple(chords),
        harmony=np.array(harmony),
        key=draw(st.none() | st.builds(Key, st.integers(0, 11), st.booleans())),
        tempo=draw(st.floats(20, 300)),
    )


def over(text, melody, **more):
    chords, harmony = on_grid(parse_chords(text), len(melody))
    return Piece("", "", np.array(melody), chords=chords, harmony=harmony, **more)


@settings(deadline=None)
@given(pieces())
def test_a_piece_is_its_notes_and_its_chords(piece):
    assert (melody_of(piece.notes(), piece.steps) == piece.melody).all()
    if piece.chords:
        chords, harmony = on_grid(piece.spans(), piece.steps)
        rebuilt = Piece("", "", piece.melody, chords=chords, harmony=harmony)
        for step in range(piece.steps):
            assert rebuilt.chord_at(step) == piece.chord_at(step)


@settings(deadline=None)
@given(pieces(), st.sampled_from(ALPHABETS))
def test_tokens_are_read_back_exactly(piece, alphabet):
    vocabulary = Vocabulary(alphabet, 40, 90)
    tokens = vocabulary.encode(piece)
    assert tokens.min() >= 0
    assert tokens.max() < vocabulary.size
    assert (vocabulary.decode(tokens, piece).melody == piece.melody).all()


@settings(deadline=None)
@given(pieces(), st.sampled_from(ALPHABETS), st.data())
def test_any_tokens_are_a_melody_within_the_range(piece, alphabet, data):
    vocabulary = Vocabulary(alphabet, 55, 80)
    numbers = st.integers(0, vocabulary.size - 1)
    tokens = data.draw(st.lists(numbers, min_size=piece.steps, max_size=piece.steps))
    assert vocabulary.fits(vocabulary.decode(tokens, piece))


@settings(deadline=None)
@given(pieces(45, 85), st.integers(-5, 5))
def test_neither_intervals_nor_degrees_know_the_key(piece, semitones):
    moved = piece.transposed(semitones)
    for alphabet in ("intervals", "degrees"):
        vocabulary = Vocabulary(alphabet, 20, 110)
        tokens, other = vocabulary.encode(piece), vocabulary.encode(moved)
        later = slice(int(piece.onsets[0]) + 1 if len(piece.onsets) else 0, None)
        known = piece.harmony[later] != NO_CHORD if alphabet == "degrees" else ...
        assert (tokens[later] == other[later])[known].all()


@given(st.lists(st.integers(0, 127), min_size=1), st.integers(-150, 150))
def test_a_melody_is_moved_whole_or_by_octaves_where_it_would_leave(pitches, semitones):
    melody = np.array([REST, *pitches, HOLD], np.int16)
    moved = shifted(melody, semitones)
    assert (moved[[0, -1]] == melody[[0, -1]]).all()
    for before, after in zip(pitches, moved[1:-1].tolist(), strict=True):
        there = before + semitones
        assert after == there or not 0 <= there <= 127
        assert 0 <= after <= 127
        assert (after - there) % 12 == 0


def test_the_same_degrees_go_over_other_chords():
    vocabulary = Vocabulary("degrees", 40, 90)
    piece = over("C | F", [64, HOLD, 67, 72] + [REST] * 28)
    tokens = vocabulary.encode(piece)
    assert [vocabulary.word(t) for t in tokens[:5]] == ["3", "hold", "5", "1", "rest"]
    other = vocabulary.decode(tokens, over("Eb7 | Ab", [REST] * 32))
    assert [note.pitch % 12 for note in other.notes()] == [7, 10, 3]


def test_degrees_tell_octaves_around_the_note_before():
    vocabulary = Vocabulary("degrees", 40, 90)
    tokens = vocabulary.encode(over("C |", [60, 72, 64, 40] + [REST] * 12))
    assert [vocabulary.word(token) for token in tokens[:4]] == ["1", "1'", "3,", "3,,"]


def test_other_alphabets_in_words():
    piece = over("C |", [60, 64, HOLD, 57] + [REST] * 12)
    words = {
        alphabet: [Vocabulary(alphabet, 50, 70).word(t) for t in tokens[:4]]
        for alphabet in ("steps", "intervals")
        for tokens in [Vocabulary(alphabet, 50, 70).encode(piece)]
    }
    assert words["steps"] == ["60", "64", "hold", "57"]
    assert words["intervals"] == ["+0", "+4", "hold", "-7"]


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


def test_a_wrong_vocabulary_is_refused():
    with pytest.raises(ValueError, match="Expected one of"):
        Vocabulary("letters", 50, 60)
    with pytest.raises(ValueError, match="Expected a range"):
        Vocabulary("steps", 60, 50)


@settings(deadline=None)
@given(pieces())
def test_home_is_a_tritone_away_at_most(piece):
    assert -6 <= home_shift(piece) <= 6
    if piece.key:
        assert at_home(piece).key == Key(9 if piece.key.minor else 0, piece.key.minor)


@settings(deadline=None)
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
def test_what_is_no_piece_is_refused(wrong):
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
    assert melody_of(notes, 6).tolist() == [60, REST, 62, HOLD, 64, HOLD]


def test_what_is_known_at_a_step():
    piece = over("C | F7/A", [60] + [HOLD] * 31, key=Key(9, minor=True))
    known = conditions(piece)
    assert known.features.shape == (32, FEATURES)

    def said(name, step):
        return np.flatnonzero(known.features[step, PLACES[name]]).tolist()

    assert said("chord", 0) == [0, 4, 7]
    assert said("next", 0) == [0, 3, 5, 9]
    assert said("chord", 16) == [0, 3, 5, 9]
    assert said("bass", 16) == [9]
    assert said("next", 16) == []
    assert said("key", 0) == [9]
    assert said("minor", 0) == [0]
    assert (said("beat", 6), said("step", 6)) == ([1], [2])
    waits = known.features[:, PLACES["wait"].start]
    assert waits[15] == 1
    assert (np.diff(waits[:16]) > 0).all()
    assert known.roots[[0, 16]].tolist() == [0, 5]


@settings(deadline=None)
@given(pieces(45, 85), st.integers(-5, 5))
def test_what_is_known_from_the_root_does_not_know_the_key(piece, semitones):
    here = conditions(piece, from_root=True).features
    there = conditions(piece.transposed(semitones), from_root=True).features
    chorded = piece.harmony != NO_CHORD
    np.testing.assert_array_equal(here[chorded], there[chorded])


def test_nothing_at_a_step_tells_of_its_own_note_or_of_later_ones():
    first, second = (
        over("C | G", [60] * 8 + [62] * 8 + [pitch] * 16) for pitch in (60, 71)
    )
    ours, others = conditions(first), conditions(second)
    np.testing.assert_array_equal(ours.features, others.features)
    np.testing.assert_array_equal(ours.before[:17], others.before[:17])
    assert notes_before(first)[:2].tolist() == [-1, 60]


def test_without_chords_only_chords_are_missing():
    known = conditions(over("C | F", [60] * 32))
    bare = without_chords(known).features
    assert not bare[:, PLACES["chord"]].any()
    np.testing.assert_array_equal(
        bare[:, PLACES["beat"]], known.features[:, PLACES["beat"]]
    )
