"""Chord symbols, typed progressions, and the progressions that ship."""

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.music.score.piece import chord_grid
from core.music.theory.chord import OTHERS, QUALITIES, Chord, parse_chord
from core.music.theory.notes import Meter
from core.music.theory.progressions import (
    PROGRESSIONS,
    chord_text,
    parse_chords,
    repeat,
    shares,
    transpose,
)
from core.task import DataError

METERS = [Meter(*m) for m in ((4, 4), (3, 4), (2, 4), (6, 8), (12, 8), (2, 2), (5, 4))]
CHORDS = st.builds(
    Chord, st.integers(0, 11), st.sampled_from(sorted(QUALITIES)), st.integers(0, 11)
)


@pytest.mark.parametrize(
    ("plain", "spellings"),
    [
        ("C", "C CM Cmaj Cmajor"),
        ("Cm", "Cm C- Cmin Cmi"),
        ("C7", "C7 Cdom7"),
        ("Cmaj7", "Cmaj7 CM7 Cma7 CΔ CΔ7 C△7 CMaj7 Cj7"),
        ("Cm7", "Cm7 C-7 Cmin7 Cmi7"),
        ("Cm7b5", "Cm7b5 Cø Cø7 C-7b5 Cmin7(b5) Cm7♭5"),
        ("Cdim", "Cdim C° Co"),
        ("Cdim7", "Cdim7 C°7 Co7"),
        ("Caug", "Caug C+ C(#5)"),
        ("C7#5", "C7#5 C+7 Caug7 C7+5"),
        ("C7sus4", "C7sus4 C7sus"),
        ("Csus4", "Csus4 Csus"),
        ("C69", "C69 C6/9 C6(9)"),
        ("Cmmaj7", "Cmmaj7 CmM7 Cm(maj7) C-Δ7 CminMaj7"),
        ("C7alt", "C7alt Calt"),
        ("C7b9", "C7b9 C7(b9) C7-9 C7♭9"),
        ("C13b9", "C13b9 C13(b9)"),
        ("Cadd9", "Cadd9 Cadd2"),
        ("Gbm7/Db", "F#m7/C# Gb-7/Db F♯min7/C♯"),
        ("B", "Cb B"),
    ],
)
def test_a_chord_has_many_spellings(plain, spellings):
    for symbol in spellings.split():
        assert parse_chord(symbol).name == plain
        assert str(parse_chord(symbol)) == symbol


@pytest.mark.parametrize("symbol", ["H7", "hm", "Cfoo", "", "C/", "C/H", "C##", "7"])
def test_invalid_chord_symbols_are_refused(symbol):
    with pytest.raises(ValueError, match=r"a chord begins|not a kind"):
        parse_chord(symbol)


@given(CHORDS)
def test_a_chord_is_read_from_its_name(one):
    assert parse_chord(one.name) == one


def test_every_spelling_is_of_a_quality_whose_tones_differ():
    for tones in QUALITIES.values():
        assert len(set(tones)) == len(tones)
    assert set(OTHERS.values()) <= set(QUALITIES)


def test_tones_are_above_the_root():
    assert Chord(2, "m7").tones == (2, 5, 9, 0)
    assert Chord(2, "m7", 9).transposed(-3) == Chord(11, "m7", 6)


def test_the_chords_of_a_bar_share_its_beats():
    spans = parse_chords("Dm7 G7 | Cmaj7 | F G C")
    assert [(span.start, span.length) for span in spans] == [
        (0, 2), (2, 2), (4, 4), (8, 2), (10, 1), (11, 1),
    ]  # fmt: skip
    assert shares(2, Meter(6, 8)) == [1.5, 1.5]
    assert shares(2, Meter(3, 4)) == [2, 1]
    assert shares(8, Meter()) == [0.5] * 8


def test_without_bar_lines_each_chord_is_a_bar():
    assert parse_chords("Dm7 G7 Cmaj7") == parse_chords("Dm7 | G7 | Cmaj7")


def test_repeats_slashes_silence_and_line_breaks():
    assert parse_chords("C G | % | F / / G") == parse_chords("C G | C G | F F F G")
    assert parse_chords("C |\n F || G |") == parse_chords("C | F | G")
    assert parse_chords("C | N.C. | % | F")[1].chord is None
    assert parse_chords("C | N.C. | % | F")[1].length == 8


@pytest.mark.parametrize(
    ("text", "symbol", "bar"),
    [
        ("Dm7 | H7 | G", "'H7'", "bar 2"),
        ("Dm7 | G | % | Cmaj7 dx", "'dx'", "bar 4"),
        ("% | C", "'%'", "bar 1"),
        ("Cmaj7 G7alto |", "'G7alto'", "bar 1"),
        ("C |" + 17 * " C", "17", "bar 2"),
    ],
)
def test_an_error_names_the_symbol_and_its_bar(text, symbol, bar):
    with pytest.raises(DataError) as error:
        parse_chords(text)
    assert symbol in str(error.value)
    assert bar in str(error.value)


@pytest.mark.parametrize("text", ["", " | | ", "C |" * 300, "C" * 5000])
def test_no_chords_and_too_many_are_refused(text):
    with pytest.raises(DataError, match="Chords: expected"):
        parse_chords(text)


@given(
    st.lists(st.lists(st.none() | CHORDS, min_size=1, max_size=6), min_size=1),
    st.sampled_from(METERS),
)
def test_a_progression_is_read_as_it_is_written(bars, meter):
    text = " | ".join(
        " ".join(one.name if one else "N.C." for one in bar) for bar in bars
    )
    spans = parse_chords(text + " |", meter)
    assert parse_chords(chord_text(spans, meter) + " |", meter) == spans
    assert spans[-1].end == pytest.approx(len(bars) * meter.quarters)
    for before, after in itertools.pairwise(spans):
        assert before.end == pytest.approx(after.start)
        assert before.chord != after.chord


@given(st.text(max_size=60))
def test_no_text_raises_anything_but_our_error(text):
    with contextlib.suppress(DataError):
        assert parse_chords(text)


def test_a_progression_moves_and_repeats():
    spans = parse_chords("C Am | F G")
    assert transpose(spans, 2) == parse_chords("D Bm | G A")
    assert repeat(spans, 12.0) == parse_chords("C Am | F G | C Am")
    assert repeat(parse_chords("C"), 10.0)[0].length == 10


def test_chords_on_a_grid_change_at_their_sixteenth():
    found, harmony = chord_grid(parse_chords("C N.C. G C |"), 20)
    assert found == (Chord(0), Chord(7))
    assert harmony.tolist() == [0] * 4 + [-1] * 4 + [1] * 4 + [0] * 4 + [-1] * 4


def test_every_progression_that_ships_is_whole():
    names = [progression.name for progression in PROGRESSIONS]
    assert len(set(names)) == len(names) >= 12
    for progression in PROGRESSIONS:
        assert progression.bars in (4, 8, 12, 16, 32)
        assert progression.bars * progression.meter.quarters == (
            progression.chords[-1].end
        )
