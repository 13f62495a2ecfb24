"""What a trained model plays, and what it is kept from."""

from dataclasses import replace
from itertools import groupby

import numpy as np
import pytest

from core.music import Performance
from core.music.arranger.arranging import MELODY
from core.music.corpora import ragtime
from core.music.improviser.sampling import MOST_REPEATED, Constraints, generate, sample
from core.music.judging.originality import CopyGuard, CopyIndex
from core.music.model.vocabulary import prepared
from core.music.playing.quiz import count_right, questions
from core.music.playing.snapshots import snapshot_score
from core.music.playing.sound import write_wav
from core.music.playing.takes import perform
from core.music.score.piece import HOLD, REST, common_meter
from core.music.shipped import load
from core.music.theory.notes import FOUR_FOUR

HOW = Performance(bars=8)
BLUES = "C7 | F7 | C7 | C7"


class Parrot:
    """A model that always wants the same pitch, or a melody by heart."""

    def __init__(self, melody):
        self.melody, self.step = melody, 0

    def scores(self):
        scores = np.zeros(130)
        scores[int(self.melody[self.step]) + 2] = 9.0
        return scores

    def values(self):
        return np.arange(-2, 128)

    def append(self, value, token):
        self.step += 1


@pytest.mark.parametrize("model", ["ragtime", "folk", "classic"])
def test_whatever_is_played_satisfies_the_constraints(model):
    result = load(model)
    for seed in range(6):
        take = perform(result, replace(HOW, seed=seed, temperature=1.3, top_p=1.0))
        notes = take.piece.melody[take.piece.onsets]
        assert len(notes) >= 4
        assert max(len(list(run)) for _, run in groupby(notes)) <= MOST_REPEATED
        lowest, highest = result.range
        assert lowest <= prepared(take.piece).melody[take.piece.onsets].min()
        assert prepared(take.piece).melody[take.piece.onsets].max() <= highest
        assert take.originality.longest_notes <= max(5, result.most_copied)
        assert take.piece.bars == 8


def played(wanted, over, constraints, fixed=None, temperature=0.0):
    """What comes of a model that wants a melody, within some constraints."""
    fixed = np.zeros(over.steps, bool) if fixed is None else fixed
    how = Performance(temperature=temperature)
    return generate(Parrot(wanted), over, fixed, constraints, how)


@pytest.fixture(scope="module")
def over():
    return ragtime().train[1].part(0, 64).without_chords()


def test_steps_that_are_fixed_keep_their_melody_and_the_others_do_not(over):
    fixed = np.ones(64, bool)
    fixed[16:32] = False
    found = played(np.full(64, 70), over, Constraints(40, 90), fixed).melody
    assert found[fixed].tolist() == over.melody[fixed].tolist()
    assert set(found[16:20].tolist()) == {70}


def test_a_note_is_repeated_four_times_at_most(over):
    found = played(np.full(64, 70), over, Constraints(40, 90)).melody
    notes = found[found >= 0]
    assert len(notes) > 10
    assert max(len(list(run)) for _, run in groupby(notes)) == MOST_REPEATED


def test_a_pitch_out_of_range_is_not_played(over):
    wanted = np.full(64, 100)
    found = played(wanted, over, Constraints(50, 80), temperature=1.5).melody
    assert 50 <= found[found >= 0].min() <= found.max() <= 80


def test_a_rest_lasts_two_bars_at_most(over):
    found = played(np.full(64, REST), over, Constraints(50, 80)).melody
    assert found[2 * over.meter.steps] >= 0


def test_the_copy_guard_breaks_off_what_is_learned_by_heart():
    piece = ragtime().train[1]
    over, originals = piece.without_chords(), CopyIndex(ragtime().train)
    free = played(piece.melody, over, Constraints(0, 127, ending=False))
    copied = originals.originality(replace(over, melody=free.melody))
    assert copied.longest_notes > 100
    guard = CopyGuard(ragtime().train, 8)
    kept = played(piece.melody, over, Constraints(0, 127, guard, ending=False))
    assert kept.refused > 10
    judged = originals.originality(replace(over, melody=kept.melody))
    assert judged.longest_notes == 8
    assert judged.found[12] == 0


def test_the_last_bar_is_an_end():
    take = perform(load(), HOW, BLUES)
    bar = take.piece.meter.steps
    last = take.piece.part(take.piece.steps - bar, take.piece.steps)
    assert (last.onsets < bar // 2).all()
    for step in last.onsets:
        assert last.melody[step] % 12 in last.chord_at(int(step)).tones


def test_typed_chords_are_played_over_and_come_again():
    take = perform(load(), replace(HOW, meter="4/4"), "Dm7 G7 | Cmaj7")
    assert take.score.meter == FOUR_FOUR
    names = [str(span.chord) for span in take.score.chords]
    assert names == ["Dm7", "G7", "Cmaj7"] * 4
    assert take.score.chords[-1].end == 8 * 4


def test_a_key_moves_melody_and_chords_together():
    plain = perform(load(), HOW, BLUES)
    moved = perform(load(), replace(HOW, key="Eb"), BLUES)
    shift = 3
    assert str(moved.score.chords[0].chord) == "Eb7"
    wanted = np.where(
        plain.piece.melody >= 0, plain.piece.melody + shift, plain.piece.melody
    )
    np.testing.assert_array_equal(moved.piece.melody, wanted)


def test_a_primer_is_kept_and_gone_on_from():
    primer = ragtime().test[0]
    take = perform(load(), replace(HOW, primer_bars=4), primer=primer)
    steps = primer.pickup + 4 * primer.meter.steps
    assert take.given == steps
    np.testing.assert_array_equal(take.piece.melody[:steps], primer.melody[:steps])
    spans = take.score.chords
    assert spans[0].chord == primer.spans()[0].chord
    assert (take.piece.melody[steps:] >= 0).any()
    other = perform(load(), replace(HOW, primer_bars=4), primer=ragtime().test[1])
    assert list(other.piece.melody[steps:]) != list(take.piece.melody[steps:])


def test_a_model_without_chords_gets_some_that_fit():
    take = perform(replace(load("folk"), chords_read=False), HOW)
    assert take.score.chords
    assert str(take.score.chords[-1].chord) == "C"
    fitting = [
        take.piece.melody[step] % 12 in take.piece.chord_at(int(step)).tones
        for step in take.piece.onsets
    ]
    assert np.mean(fitting) > 0.5


def test_a_temperature_of_nothing_takes_the_likeliest():
    scores, everything = np.array([0.0, 3.0, 1.0]), np.ones(3, bool)
    assert sample(scores, everything, Performance(temperature=0), 0.99) == 1
    without = np.array([True, False, True])
    assert sample(scores, without, Performance(temperature=0), 0.0) == 2


def test_tokens_are_drawn_by_their_chances():
    scores = np.log(np.array([0.5, 0.3, 0.15, 0.05]))
    places = (np.arange(1000) + 0.5) / 1000
    everything = np.ones(4, bool)

    def shares(**settings):
        how = Performance(**{"temperature": 1.0, "top_p": 1.0, **settings})
        found = [sample(scores, everything, how, place) for place in places]
        return np.bincount(found, minlength=4) / 1000

    np.testing.assert_allclose(shares(), [0.5, 0.3, 0.15, 0.05], atol=2e-3)
    np.testing.assert_allclose(shares(top_k=2), [0.625, 0.375, 0, 0], atol=2e-3)
    np.testing.assert_allclose(shares(top_p=0.6), [0.625, 0.375, 0, 0], atol=2e-3)
    assert shares(temperature=2.0)[3] > 0.05 > shares(temperature=0.5)[3]


def test_instruments_swing_and_style_are_in_the_score():
    how = replace(HOW, instrument="Clarinet", chord_instrument="Banjo", style="swing")
    take = perform(load(), replace(how, swing=2.0), BLUES)
    assert take.score.tracks[MELODY].program == 71
    assert [track.name for track in take.score.tracks] == ["Melody", "Chords", "Bass"]
    starts = [note.start % 1 for note in take.score.tracks[MELODY].notes]
    assert any(abs(start - 2 / 3) < 1e-6 for start in starts)
    alone = perform(load(), replace(HOW, style="none"), BLUES)
    assert len(alone.score.tracks) == 1
    assert write_wav(alone.score)


def test_a_snapshot_is_played_over_eight_bars():
    steps = 8 * common_meter(ragtime().train).steps
    melody = np.full(steps, HOLD, np.int16)
    melody[0] = 72
    score = snapshot_score(ragtime(), melody, HOW)
    assert score.length == steps / 4
    assert score.tracks[MELODY].notes[0].pitch == 72


@pytest.mark.parametrize("model", ["ragtime", "folk"])
def test_the_quiz_gives_nothing_away_but_the_music(model):
    result = load(model)
    asked = questions(result, seed=2, count=10)
    assert len(asked) == 10
    assert len({(one.title, one.bar) for one in asked}) == 10
    assert {one.human for one in asked} == {True, False}
    for one in asked:
        assert len(one.score.tracks) == 2
        held_out = (*result.corpus.test, *result.corpus.validation)
        piece = next(p for p in held_out if p.title == one.title)
        bars = one.score.length / piece.meter.quarters
        assert 3 < bars <= 4
    kinds = {human: [o for o in asked if o.human is human] for human in (True, False)}
    programs = [
        {tuple(track.program for track in one.score.tracks) for one in kinds[human]}
        for human in (True, False)
    ]
    assert programs[0] == programs[1]
    assert count_right([one.human for one in asked], asked) == 10
