"""Copied runs, counted by hand and by brute force."""

import itertools

import numpy as np
import pytest

from core.music.judging.originality import LENGTHS, CopyGuard, CopyIndex
from core.music.score.piece import Piece
from core.music.theory.notes import FOUR_FOUR, Meter

TUNE = (60, 62, 64, 65, 67, 65, 64, 62, 60, 67)
OTHER = (60, 59, 57, 60, 55, 71, 60, 50, 63, 61, 60, 70, 58, 61)


def piece(pitches, steps=2, title="Tune", pickup=0, meter=FOUR_FOUR):
    """Notes of equal lengths, or of the lengths given."""
    lengths = [steps] * len(pitches) if isinstance(steps, int) else steps
    grid = [
        value
        for pitch, length in zip(pitches, lengths, strict=True)
        for value in [pitch, *[-1] * (length - 1)]
    ]
    return Piece(title, "Book", np.array(grid), pickup=pickup, meter=meter)


def moved(pitches, semitones):
    return [pitch + semitones for pitch in pitches]


def test_a_melody_of_the_corpus_is_copied_whole():
    found = CopyIndex([piece(OTHER), piece(TUNE)]).originality(piece(TUNE))
    assert found.found == {6: 5, 8: 3, 12: 0, 16: 0}
    assert found.runs == {6: 5, 8: 3, 12: 0, 16: 0}
    assert found.rates == {6: 1.0, 8: 1.0, 12: 0.0, 16: 0.0}
    assert (found.longest.notes, found.longest.first) == (10, 0)
    assert found.longest.title == "Tune"


def test_another_rhythm_is_no_copy():
    corpus = CopyIndex([piece(TUNE)])
    assert corpus.originality(piece(TUNE, steps=4)).longest is None
    # One note later than in the corpus, in the middle: five notes on each side.
    late = [2, 2, 2, 2, 3, 2, 2, 2, 2, 2]
    assert corpus.originality(piece(TUNE, late)).longest_notes == 0
    late = [2, 2, 3, 2, 2, 2, 2, 2, 2, 2]
    found = corpus.originality(piece(TUNE, late))
    assert (found.longest.notes, found.longest.first) == (7, 3)


def test_how_long_a_note_is_held_does_not_matter():
    held = piece(TUNE)
    short = Piece("", "", np.where(held.melody == -1, -2, held.melody))
    assert CopyIndex([held]).originality(short).longest_notes == 10


def test_rates_count_runs_from_each_note():
    # Seven notes of the tune between notes of its own: 2 of 8 runs of six.
    melody = piece([80, 50, 81, *moved(TUNE[1:8], 3), 40, 90, 41])
    found = CopyIndex([piece(TUNE)]).originality(melody)
    assert found.found == {6: 2, 8: 0, 12: 0, 16: 0}
    assert found.runs == {6: 8, 8: 6, 12: 2, 16: 0}
    assert found.rates[6] == 0.25
    assert (found.longest.notes, found.longest.first) == (7, 3)


def test_a_run_lies_within_one_piece():
    corpus = CopyIndex([piece(TUNE[:5]), piece(TUNE[5:])])
    assert corpus.originality(piece(TUNE)).longest is None


@pytest.mark.parametrize(
    ("begin", "pickup", "meter", "bar"),
    [
        (4, 0, Meter(), 1),
        (4, 0, Meter(2, 4), 2),
        (4, 2, Meter(2, 4), 1),
        (4, 6, Meter(), 1),
        (0, 6, Meter(), 0),
    ],
)
def test_the_bar_of_the_source_is_named(begin, pickup, meter, bar):
    source = piece(TUNE, pickup=pickup, meter=meter)
    found = CopyIndex([source]).originality(piece(moved(TUNE[begin:], 5)))
    assert (found.longest.notes, found.longest.bar) == (len(TUNE) - begin, bar)


def test_short_and_empty_melodies_have_nothing_to_copy():
    corpus = CopyIndex([piece(TUNE)])
    for melody in (piece([]), piece([60]), piece(TUNE[:5])):
        found = corpus.originality(melody)
        assert found.longest is None
        assert set(found.rates.values()) == {0.0}
    assert CopyIndex([]).originality(piece(TUNE)).longest is None
    assert CopyIndex([piece([]), piece([60])]).originality(piece(TUNE)).longest is None


def brute(corpus, melody):
    """Copied runs and the longest, by comparing everything with everything."""

    def steps(one):
        pitches, starts = one.melody[one.onsets], one.onsets
        return [
            (int(pitches[i + 1] - pitches[i]), int(starts[i + 1] - starts[i]))
            for i in range(len(starts) - 1)
        ]

    tunes, own = [steps(one) for one in corpus], steps(melody)
    best = [0] * (len(own) + 1)
    for start, tune in itertools.product(range(len(own)), tunes):
        for place in range(len(tune)):
            length = 0
            while (
                start + length < len(own)
                and place + length < len(tune)
                and own[start + length] == tune[place + length]
            ):
                length += 1
            best[start] = max(best[start], length + 1)
    longest = max(best)
    found = {n: sum(length >= n for length in best) for n in LENGTHS}
    return found, longest if longest >= min(LENGTHS) else 0


@pytest.mark.parametrize("seed", range(25))
def test_the_index_finds_what_comparing_everything_finds(seed):
    random = np.random.default_rng(seed)

    def tune(notes):
        pitches = 60 + np.cumsum(random.choice([-1, 0, 1], notes))
        return piece(pitches.tolist(), random.integers(1, 3, notes).tolist())

    corpus = [tune(int(random.integers(0, 40))) for _ in range(30)]
    melody = tune(60)
    found = CopyIndex(corpus).originality(melody)
    assert (found.found, found.longest_notes) == brute(corpus, melody)


def test_the_human_rate_is_that_of_pieces_that_are_not_in_the_corpus():
    half = piece([*TUNE[:8], 30, 90, 31])  # 3 of 6 runs of six, 1 of 4 runs of eight
    none = piece(OTHER)  # 0 of 9, 0 of 7
    found = CopyIndex([piece(TUNE)]).human_rate([half, none])
    assert found.rates == pytest.approx({6: 3 / 15, 8: 1 / 11, 12: 0.0, 16: 0.0})
    assert found.longest == (0, 8)
    assert found.median == 4.0


def test_the_longest_run_names_the_book_and_a_single_run_is_a_rate_of_one():
    corpus = CopyIndex([piece(OTHER), piece(TUNE)])
    longest = corpus.originality(piece(TUNE[:6])).longest
    assert (longest.notes, longest.title, longest.source) == (6, "Tune", "Book")
    human = corpus.human_rate([piece(TUNE[:6])])
    assert human.rates == {6: 1.0, 8: 0.0, 12: 0.0, 16: 0.0}
    assert human.longest == (6,)


@pytest.mark.parametrize("longest", [2, 3, 5])
def test_a_guard_finds_the_pitches_that_would_copy_too_long_a_run(longest):
    pieces = piece(TUNE), piece(OTHER, steps=3)
    guard, pitches = CopyGuard(pieces, longest), np.arange(40, 90)
    for corpus, steps in zip(pieces, (2, 3), strict=True):
        notes = corpus.melody[corpus.onsets].tolist()
        runs = {tuple(np.diff(notes[n : n + longest + 1])) for n in range(len(notes))}
        for end in range(longest, len(notes)):
            recent = [60, 61, *notes[:end]]
            onsets = [0, 1, *(2 + steps * n for n in range(end + 1))]
            found = guard.copied(recent, onsets, pitches)
            wanted = [
                (*np.diff(recent[-longest:]), pitch - recent[-1]) in runs
                for pitch in pitches
            ]
            assert (found.dtype, found.tolist()) == (bool, wanted)
            assert sum(wanted) > 0
            later = [*onsets[:-1], onsets[-1] + 1]  # another rhythm
            assert not guard.copied(recent, later, pitches).any()


def test_a_guard_lets_short_melodies_and_melodies_without_a_corpus_go_on():
    pitches = np.arange(40, 90)
    notes, onsets = list(TUNE[:2]), [0, 2, 4]
    assert CopyGuard([piece(TUNE)], 2).copied(notes, onsets, pitches).any()
    short = CopyGuard([piece(TUNE)], 3).copied(notes, onsets, pitches)
    assert (short.dtype, short.any()) == (bool, False)
    assert not CopyGuard([], 2).copied(notes, onsets, pitches).any()
    assert not CopyGuard([piece(TUNE[:1])], 2).copied(notes, onsets, pitches).any()
    silence = [0, 300, 700]  # beyond the longest interval that the index distinguishes
    slow = CopyGuard([piece(TUNE[:3], steps=256)], 2)
    assert slow.copied(notes, silence, pitches).any()
