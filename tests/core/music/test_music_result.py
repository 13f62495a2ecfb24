"""Results travel, and what ships keeps its promises."""

import numpy as np
import pytest

from core.music import TASK, Config, Result
from core.music.corpora import folk, ragtime
from core.music.judging.originality import CopyGuard
from core.music.model.markov import MarkovFigures
from core.music.model.players import DefaultPlayer, StepwiseNetwork
from core.music.model.vocabulary import VOCABULARY, prepared
from core.music.result import bundled_name, decode_corpus, encode_corpus
from core.music.shipped import FILE, MAX_BYTES, MODELS, load, markov_of, start_weights
from core.task import UserError

BETTER = 0.15  # nats a sixteenth than the best Markov order


def nats(result, pieces):
    """Nats a sixteenth, by the steps of the NumPy model."""
    total, steps = 0.0, 0
    for piece in pieces:
        home = prepared(piece)
        player = DefaultPlayer(StepwiseNetwork(result.weights), home)
        for value, token in zip(
            home.melody.tolist(), VOCABULARY.encode(home).tolist(), strict=True
        ):
            scores = player.scores().astype(float)
            total += np.log(np.exp(scores - scores.max()).sum())
            total += scores.max() - scores[token]
            player.append(value, -1)
            steps += 1
    return total / steps


def test_bundled_music_models_are_small():
    assert FILE.stat().st_size <= MAX_BYTES
    assert all(load(name).weights for name in MODELS)


def test_a_model_that_does_not_ship_is_refused():
    with pytest.raises(UserError, match=r"expected one that ships \(ragtime.*polka"):
        load("polka")


@pytest.mark.parametrize("name", ["ragtime", "folk"])
def test_bundled_models_beat_the_best_markov_chain(name):
    result = load(name)
    assert result.judgement.nats <= result.markov.nats - BETTER
    assert result.judgement.onset_accuracy > result.markov.onset_accuracy
    assert np.argmin(result.markov.orders[1:]) + 1 == result.markov.order


def test_folk_tunes_are_known_to_less_than_a_nat():
    assert load("folk").judgement.nats <= 1.0


def test_chords_are_worth_something_on_rags():
    gain = load("ragtime").judgement.chord_gain
    assert gain is not None
    assert gain > 0.015


def test_the_judgement_that_ships_is_the_models_own():
    """Weights in half precision, in NumPy, on all test rags: the same figure."""
    result = load("ragtime")
    assert nats(result, ragtime().test) == pytest.approx(
        result.judgement.nats, abs=2e-3
    )


def test_the_baseline_that_ships_is_the_baselines_own():
    fitted = MarkovFigures.of(ragtime())
    shipped = markov_of(ragtime())
    assert shipped.order == fitted.order
    assert shipped.nats == pytest.approx(fitted.nats)
    assert shipped.orders == pytest.approx(fitted.orders)


def test_a_corpus_that_ships_travels_as_its_name():
    assert decode_corpus(encode_corpus(folk())) is folk()
    assert len(encode_corpus(folk())) < 1000
    _, own = TASK.tiny()
    assert bundled_name(own) == ""
    again = decode_corpus(encode_corpus(own))
    np.testing.assert_array_equal(again.train[0].melody, own.train[0].melody)


@pytest.mark.parametrize("name", MODELS)
def test_a_result_is_the_same_when_it_is_read_again(name):
    result = load(name)
    again = Result.decode(result.encode())
    assert again.summary() == result.summary()
    assert again.judgement == result.judgement
    assert again.markov == result.markov
    assert again.human == result.human
    assert again.sweep == result.sweep
    for key, weights in result.weights.items():
        np.testing.assert_array_equal(again.weights[key], weights)


def test_a_training_on_rags_begins_with_the_folk_model():
    assert load("ragtime").started_from == "folk"
    start = start_weights(Config())
    assert start is not None
    np.testing.assert_array_equal(
        start["kernel"], load("folk").weights["kernel"].astype(np.float32)
    )
    assert start_weights(Config(start="nothing")) is None
    assert start_weights(Config.preset("classic")) is None


def test_the_copy_guard_is_as_strict_as_composers_are_original():
    result = load("ragtime")
    assert result.most_copied == int(np.quantile(result.human.longest, 0.95))
    piece = ragtime().train[0]
    pitches = piece.melody[piece.onsets].tolist()
    onsets = piece.onsets.tolist()
    guard = CopyGuard([piece], 6)
    choices = np.arange(40, 100)
    copied = guard.copied(pitches[:6], onsets[:7], choices)
    assert pitches[6] in choices[copied]
    assert not guard.copied(pitches[:5], onsets[:6], choices).any()
    shifted = guard.copied([p + 2 for p in pitches[:6]], onsets[:7], choices)
    assert pitches[6] + 2 in choices[shifted]


def test_the_classic_recipe_knows_its_snippets_and_not_the_rest():
    judged = load("classic").judgement
    assert judged.train < 0.1
    assert judged.nats > load("classic").markov.nats


def test_a_stopped_training_has_a_result_that_can_play():
    from core.music import Performance
    from core.music.playing.takes import perform

    training = TASK.train(*TASK.tiny())
    next(training)
    try:
        training.send(True)
        while True:
            next(training)
    except StopIteration as end:
        result = end.value
    assert result.epochs == 0
    assert len(perform(result, Performance(bars=2)).piece.onsets)
