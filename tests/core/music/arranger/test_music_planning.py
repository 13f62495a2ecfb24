"""Phrases, motifs, cadences and endings, and what a plan keeps to."""

from dataclasses import replace

import numpy as np
import pytest

from core.music.arranger.breathing import PHRASE, Breath, Breathing, breathing_of
from core.music.arranger.ending import ended_on_tonic, resolved
from core.music.arranger.guide import PlanGuide, transposed_in_scale
from core.music.arranger.planning import MOST_RETURNS, plan_of, returns_of
from core.music.corpora import Corpus, ragtime
from core.music.improviser.guided import CANDIDATES
from core.music.improviser.origins import Origin
from core.music.judging.melody_metrics import (
    ends_on_tonic,
)
from core.music.model.players import DefaultPlayer, DefaultPlayers, StepwiseNetwork
from core.music.model.vocabulary import prepared
from core.music.playing.rewriting import bar_mask, rewrite
from core.music.playing.takes import edited, improvise, part_of, perform
from core.music.score.piece import HOLD, REST
from core.music.shipped import load
from core.music.theory.keys import Key, key_of_chords
from core.music.theory.notes import Meter
from core.music.theory.progressions import parse_chords
from tests.core.music.drawn_pieces import over
from tests.driver.core.music_planning import BLUES, HOW, planned


def silent(text, bars, meter=None, **more):
    meter = meter or Meter()
    return over(text, [REST] * (bars * meter.steps), meter=meter, **more)


@pytest.mark.parametrize(
    ("model", "meter"),
    [("ragtime", "2/4"), ("ragtime", "4/4"), ("folk", "3/4"), ("folk", "6/8")],
)
def test_a_breath_is_a_held_note_of_the_chord_and_then_silence(model, meter):
    result, breaths = load(model), 0
    for seed in range(2):
        how = replace(HOW, meter=meter, seed=seed)
        piece = perform(result, how, "C | F | G7 | C").piece
        plan = planned(piece, how, result)
        assert len(plan.phrases) == 16 / PHRASE
        for breath in (one for phrase in plan.phrases for one in phrase.breaths):
            breaths += 1
            assert piece.melody[breath.note] >= 0
            assert piece.melody[breath.note] % 12 in piece.chord_at(breath.note).tones
            assert (piece.melody[breath.note + 1 : breath.rest] == HOLD).all()
            assert (piece.melody[breath.rest : breath.end] == REST).all()
            if breath.rest < breath.end < piece.steps:
                assert piece.melody[breath.end] >= 0
    assert breaths >= 2  # each piece has its ending at least


def test_phrases_breathe_where_those_that_were_learnt_from_do():
    # Four bars of 2/4 with a rest of a quarter in the second one and a long last note.
    first = [60, HOLD] * 4 + [62, HOLD, HOLD, HOLD] + [REST] * 4
    second = [64, HOLD] * 4 + [65] + [HOLD] * 7
    piece = over("C", (first + second) * 10, meter=Meter(2, 4))
    corpus = Corpus("own", (piece,), (), ())
    breathing = breathing_of(corpus, Meter(2, 4))
    assert breathing.phrases == ((Breath(-24, -20, -16), Breath(-8, 0, 0)),) * 10
    assert breathing.endings == (Breath(-8, 0, 0),)
    plan = plan_of(silent("C", 8, Meter(2, 4)), HOW, breathing)
    assert plan.phrases[0].breaths == (Breath(8, 12, 16), Breath(24, 32, 32))
    assert plan.phrases[1].breaths == (Breath(40, 44, 48), Breath(56, 64, 64))


def test_phrases_with_rests_are_drawn_as_often_as_they_are_found():
    resting, other = (Breath(-8, -4, 0),), (Breath(-8, 0, 0),)
    breathing = Breathing((resting,) + (other,) * 9)
    random = np.random.default_rng(0)
    found = np.mean([breathing.phrase(random) == resting for _ in range(2_000)])
    assert found == pytest.approx(0.1, abs=0.03)


def test_a_model_of_pieces_without_a_whole_phrase_plays_with_a_plan_too():
    piece = silent("C | G7", 8)
    plan = plan_of(piece, HOW, breathing_of(Corpus("own", (), (), ()), piece.meter))
    assert plan.phrases[0].breaths == ()
    assert plan.phrases[-1].breaths == (Breath(112, 120, 128),)


def test_the_last_note_begins_the_last_bar_and_its_length_varies():
    piece = silent("C | F | G7 | C", 8)
    folk = load("folk")
    lasts = [
        planned(piece, replace(HOW, seed=seed), folk).phrases[-1].breaths[-1]
        for seed in range(20)
    ]
    assert {last.note for last in lasts} == {7 * 16}
    assert len({last.rest for last in lasts}) > 1


def test_bars_that_are_no_multiple_of_four_are_phrases_too():
    for bars in (1, 2, 3, 5, 6, 7, 11):
        phrases = planned(silent("C | G7", bars)).phrases
        assert phrases[0].begin == 0
        assert phrases[-1].end == 16 * bars
        assert phrases[-1].breaths[-1].note >= 16 * (bars - 1)
        assert all(2 <= (p.end - p.begin) / 16 <= 5 for p in phrases) or bars == 1


def test_a_motif_comes_from_an_earlier_phrase_in_the_form_aaba():
    piece = silent("C | F | G7 | C | Am | Dm | G7 | C", 16)
    source = planned(piece).source
    assert source[4 * 16] == 0  # A again
    assert source[12 * 16] == 0  # and after B
    assert source[8 * 16] == -1 or source[8 * 16] == 0
    steps = np.flatnonzero(source >= 0)
    assert (source[steps] < steps).all()


@pytest.mark.parametrize(("bar", "returns"), [([64, 65, 67], True), ([64, 65], False)])
def test_a_bar_comes_back_if_it_has_three_notes_or_more(bar, returns):
    piece = silent("C | F | C | G7", 4, key=Key(0, False))
    values, begin = np.array([REST, HOLD, *range(48, 85)]), 32  # of the third bar
    plan = plan_of(piece, HOW, Breathing())
    guide = PlanGuide(plan, piece, values, returns=0.1)
    assert plan.source[begin] == 0
    melody = piece.melody.copy()
    melody[:16] = HOLD
    melody[: len(bar)] = bar
    biases = guide.biases(begin + 10, np.zeros((1, len(values))), melody[None])[0]
    assert (biases[values == HOLD] > 0).all() == returns


def test_as_many_bars_are_to_return_varied_as_in_the_pieces_that_were_learnt_from():
    # Of eight bars the second repeats the first, the third brings it back a tone
    # higher, and the others have a rhythm of their own.
    first, own = [60, HOLD, 62, 64] * 2, [67] + [HOLD] * 7
    higher = [pitch + 2 if pitch != HOLD else HOLD for pitch in first]
    piece = over("C", first + first + higher + own * 5, meter=Meter(2, 4))
    assert returns_of(Corpus("own", (piece,), (), ())) == 1 / 8
    often = over("C", (first + higher) * 4, meter=Meter(2, 4))
    assert returns_of(Corpus("own", (often,), (), ())) == MOST_RETURNS
    assert returns_of(Corpus("own", (), (), ())) == 0.0
    ragtime, folk = (returns_of(load(model).corpus) for model in ("ragtime", "folk"))
    assert ragtime > folk > 0.1


def test_a_motif_is_transposed_along_the_scale_with_its_accidentals():
    assert [transposed_in_scale(p, 1) for p in (60, 64, 71, 66)] == [62, 65, 72, 68]
    assert [transposed_in_scale(p, -2) for p in (60, 64, 71)] == [57, 60, 67]


@pytest.mark.parametrize("model", ["ragtime", "folk", "classic"])
@pytest.mark.parametrize("plan", ["phrases", "free"])
def test_melody_and_accompaniment_end_on_the_tonic_when_asked(model, plan):
    for seed in range(2):
        how = replace(HOW, bars=12, seed=seed, ending="tonic", plan=plan)
        take = perform(load(model), how, BLUES)
        assert take.piece.key == Key(0)
        assert ends_on_tonic(take.piece)
        assert take.score.chords[-1].chord.root == 0
        assert take.score.chords[-1].length >= take.piece.meter.quarters


def test_the_last_chord_becomes_the_tonic_that_the_piece_has_and_no_other_changes():
    piece = silent(BLUES, 12, key=Key(0))
    ended = resolved(piece)
    assert str(ended.spans()[-1].chord) == "C7"
    assert (ended.harmony[: 11 * 16] == piece.harmony[: 11 * 16]).all()
    minor = resolved(silent("Dm7b5 | G7", 2, key=Key(0, minor=True)))
    assert str(minor.spans()[-1].chord) == "Cm"
    own = silent("F | Dm7 G7 Cmaj7 Cmaj7", 2, key=Key(0))
    assert resolved(own) is own
    late = resolved(silent("F | F F F C", 2, key=Key(0)))
    assert [str(span.chord) for span in late.spans()] == ["F", "C"]
    assert resolved(piece.without_chords()).chords == ()


def test_a_last_note_that_is_fixed_is_not_moved_to_the_tonic():
    piece = over("C", [67, HOLD, 62, HOLD], key=Key(0))
    assert ended_on_tonic(piece, np.zeros(4, bool)).melody.tolist() == [67, -1, 60, -1]
    assert ended_on_tonic(piece, np.ones(4, bool)) is piece


@pytest.mark.parametrize("plan", ["phrases", "free"])
@pytest.mark.parametrize(
    ("model", "chords"),
    [
        ("ragtime", "Bb7 | Eb7 | Bb7 | F7"),
        ("folk", "Dm7 | G7 | C6/9"),
        ("classic", "C | Dm7 G7"),
    ],
)
def test_a_take_ends_on_root_third_or_fifth_of_the_last_chord(model, plan, chords):
    how = replace(HOW, plan=plan, seed=1, choruses=1)
    piece = perform(load(model), how, chords).piece
    last = piece.melody[piece.onsets[-1]] % 12
    assert last in piece.chord_at(piece.steps - 1).tones[:3]


def test_each_note_has_the_origin_that_the_plan_gives_it():
    take = perform(load(), HOW, BLUES)
    plan = planned(take.piece)
    ruled = plan.resumed.copy()
    for breath in (one for phrase in plan.phrases for one in phrase.breaths):
        ruled[breath.note : breath.end] = True
    assert (take.origins[ruled] == Origin.RULE).all()
    clashed = (take.origins == Origin.RULE) & ~ruled  # long notes, moved to the chord
    assert set(np.flatnonzero(clashed)) <= set(take.piece.onsets)
    ruled |= clashed
    pushed = ((plan.source >= 0) | plan.strong) & ~ruled
    assert ((take.origins == Origin.PUSHED) == pushed).all()
    assert (take.origins[~ruled & ~pushed] == Origin.NETWORK).all()
    found = take.credits
    assert (found.candidates, len(found.kept)) == (CANDIDATES, len(plan.phrases))
    others = sum(len(track.notes) for track in take.score.tracks[1:])
    assert found.accompaniment == others > 0


def test_the_parts_of_a_take_differ_in_what_the_rules_add():
    take = perform(load(), HOW, BLUES)
    plan, alone = (part_of(load(), HOW, take, p, BLUES) for p in ("plan", "network"))
    assert part_of(load(), HOW, take, "accompaniment", BLUES) is take
    assert plan.words == take.words
    assert plan.credits.accompaniment == alone.credits.accompaniment == 0
    free = replace(HOW, plan="free", ending="free")
    assert alone.words == perform(load(), free, BLUES).words
    assert alone.credits.pushed_by_plan == 0
    assert alone.credits.by_network > 0
    last = alone.piece.onsets >= alone.piece.steps - alone.piece.meter.steps
    assert alone.credits.by_rule == last.sum()  # the last bar is an ending


def test_a_primer_is_given_and_a_change_by_hand_is_said():
    primer = ragtime().test[0]
    take = perform(load(), replace(HOW, primer_bars=2), BLUES, primer)
    assert (take.origins[: take.given] == Origin.GIVEN).all()
    assert (take.origins[take.given :] != Origin.GIVEN).all()
    melody = take.piece.melody.copy()
    melody[take.piece.onsets[-1]] += 2
    changed = edited(load(), HOW, take, replace(take.piece, melody=melody))
    assert changed.credits.edited == 1
    assert "1 changed by hand" in changed.credits.words


def test_rewritten_bars_are_the_networks_and_all_others_keep_their_origins():
    take = perform(load(), HOW, BLUES)
    free = bar_mask(take.piece, 5, 8)
    assert (take.origins[free] == Origin.PUSHED).any()
    best = rewrite(load(), HOW, take.piece, 5, 8).candidates[0]
    changed = edited(load(), HOW, take, best.piece, best.origins)
    assert (changed.origins[free] == Origin.NETWORK).all()
    assert (changed.origins[~free] == take.origins[~free]).all()


def test_steps_that_are_fixed_are_never_changed_by_the_plan():
    first = perform(load(), HOW, BLUES).piece
    bar = first.meter.steps
    fixed = np.ones(first.steps, bool)
    fixed[4 * bar : 8 * bar] = False
    for ending in ("free", "tonic"):
        how = replace(HOW, seed=5, ending=ending)
        again = improvise(load(), how, first, fixed).melody
        assert again[fixed].tolist() == first.melody[fixed].tolist()
        assert again[~fixed].tolist() != first.melody[~fixed].tolist()


def test_the_same_seed_plays_the_same_with_a_plan_and_without():
    for plan in ("phrases", "free"):
        how = replace(HOW, plan=plan, seed=3)
        first, again = perform(load(), how), perform(load(), how)
        assert first.piece.melody.tolist() == again.piece.melody.tolist()
        other = perform(load(), replace(how, seed=4))
        assert first.piece.melody.tolist() != other.piece.melody.tolist()


@pytest.mark.parametrize("plan", ["phrases", "free"])
def test_at_temperature_zero_every_seed_plays_the_same(plan):
    how = replace(HOW, plan=plan, temperature=0.0)
    first, other = (perform(load(), replace(how, seed=seed)) for seed in (0, 4))
    assert first.words == other.words


def test_several_melodies_in_a_batch_score_as_one_alone_does():
    piece = prepared(ragtime().test[0].part(0, 64))
    batch = DefaultPlayers(StepwiseNetwork(load().weights), piece, CANDIDATES)
    alone = DefaultPlayer(StepwiseNetwork(load().weights), piece)
    for step, value in enumerate(piece.melody.tolist()):
        scores = batch.scores()
        np.testing.assert_allclose(scores[1], alone.scores(), rtol=0, atol=1e-4)
        values = np.full(CANDIDATES, value)
        if value >= 0:
            values[2:] = value + 1  # others play something else
        batch.append(values)
        alone.append(value, -1)
        if step % 16 == 15:
            batch.keep(1)


def test_the_key_of_chords_is_that_of_the_first_or_last_one():
    for text, key in (
        ("C | E7 | A7 | A7 | D7 | G7 | C | G7", Key(0)),
        (BLUES, Key(0)),
        ("Dm7b5 | G7b9 | Cm6 | Cm6", Key(0, minor=True)),
        ("Am | Am/G | F | E7", Key(9, minor=True)),
        ("Dm7 | G7 | Cmaj7 | Cmaj7 A7", Key(0)),
    ):
        assert key_of_chords(parse_chords(text)) == key
    assert key_of_chords(()) is None
