"""The training of both models, and that NumPy plays what TensorFlow learned."""

from dataclasses import replace

import numpy as np
import pytest

from core.layers.setup import single_thread
from core.music import TASK, Config, Result
from core.music.arranger.harmonizing import harmonized
from core.music.corpora import corpus_of, ragtime
from core.music.model.copying import Rivals
from core.music.model.inputs import dense, inputs_of
from core.music.model.markov import MarkovFigures
from core.music.model.players import ClassicPlayer, DefaultPlayer, StepwiseNetwork
from core.music.model.repetition import NOTHING, first_time
from core.music.model.vocabulary import prepared
from core.music.result import player_of
from core.music.score.piece import REST, common_meter
from core.task import ConfigError, DataError
from core.training import TrainingLoop
from tests.driver.core.music_training import end_of


def compiled(model):
    from core.layers.adam import Adam

    model.compile(Adam(model.weights, model.config.learning_rate))
    return model


@pytest.fixture(scope="module")
def model():
    """A default model after a few training steps."""
    single_thread()
    from core.music.model.default import DefaultModel

    config, corpus = TASK.tiny()
    model = compiled(DefaultModel(replace(config, units=12), corpus, None))
    list(model.prepare(TrainingLoop(1).pause))
    for batch in model.batches(0):
        model.train_step(batch)
    return model


@pytest.fixture(scope="module")
def classic():
    """The classic model in its initial state."""
    single_thread()
    from core.music.model.classic import ClassicModel

    return compiled(
        ClassicModel(Config.preset("classic", units=10), TASK.tiny()[1], None)
    )


def assert_scores_agree(model, seen, player, piece):
    """Compare the scores of the network over a whole piece with a player's."""
    whole = model.network(
        dense(seen)[np.newaxis],
        (
            seen.pitches[None].astype(np.int32),
            seen.roots[None].astype(np.int32),
            seen.predictions[None].astype(np.int32),
        ),
    ).numpy()[0]
    for step, value in enumerate(piece.melody.tolist()):
        np.testing.assert_allclose(player.scores(), whole[step], atol=1e-5)
        player.append(value, -1)


def test_batches_are_padded_to_whole_bars_and_the_rest_is_masked(model):
    """For each other length oneDNN would keep compiled code."""
    for epoch in range(3):
        for batch in model.batches(epoch):
            rows, steps = batch.mask.shape
            assert batch.inputs.tokens.shape == (rows, steps)
            assert steps % 16 == 0
            longest = int(batch.mask.sum(axis=1).max())
            assert steps - 16 < longest <= steps


def test_numpy_plays_what_tensorflow_learned(model):
    piece = prepared(model.corpus.test[0])
    seen = inputs_of([piece])[0]
    player = DefaultPlayer(StepwiseNetwork(model.values()), piece)
    assert_scores_agree(model, seen, player, piece)


def test_a_plain_network_reads_no_repetitions_in_training_nor_in_playing():
    single_thread()
    from core.music.model.default import DefaultModel

    config, corpus = TASK.tiny()
    model = DefaultModel(replace(config, repeats="none"), corpus, None)
    piece = corpus.test[0]
    ((seen, fresh),) = model.read([piece])
    np.testing.assert_array_equal(fresh, first_time(piece))
    assert (seen.predictions == NOTHING).all()
    assert not seen.hit_rates.any()
    home = prepared(piece)
    player = player_of(model.config, model.values(), model.vocabulary, home)
    assert_scores_agree(model, seen, player, home)


def test_a_training_that_starts_from_folk_tunes_reads_some_segments_without_copies():
    from core.music.model.default import HIDDEN_REPEATS, DefaultModel

    config = replace(TASK.tiny()[0], epochs=1, batch=8)
    for start, expected in ((None, 0.0), ("its own", HIDDEN_REPEATS)):
        model = DefaultModel(config, ragtime(), None)
        if start:
            model = DefaultModel(config, ragtime(), model.values())
        list(model.prepare(TrainingLoop(1).pause))
        found = [
            (inputs.predictions == NOTHING).all(axis=(1, 2)).mean()
            for inputs, *_ in model.batches(0)
        ]
        assert np.mean(found) == pytest.approx(expected, abs=0.08)


def test_a_model_is_not_judged_with_chords_that_tell_of_the_melody(model):
    known = ragtime().test[0].part(0, 128)
    inferred = harmonized(known)
    with_known, with_inferred, without = (
        model.read([piece])[0].inputs
        for piece in (known, inferred, known.without_chords())
    )
    np.testing.assert_array_equal(dense(with_inferred), dense(without))
    assert (dense(with_known) != dense(without)).any()


def test_training_on_inferred_chords_hears_chords_and_claims_no_gain_by_them():
    config, corpus = TASK.tiny()
    parts = {
        name: tuple(harmonized(piece) for piece in getattr(corpus, name))
        for name in ("train", "validation", "test")
    }
    result, _, _ = end_of(
        TASK.train(replace(config, epochs=1), replace(corpus, **parts))
    )
    assert result.chords_read
    assert result.judgement.chord_gain is None
    bare = {name: tuple(p.without_chords() for p in parts[name]) for name in parts}
    assert result.markov.nats == MarkovFigures.of(replace(corpus, **bare)).nats


@pytest.fixture(scope="module")
def one_epoch():
    """The result of an epoch; the folk model's weights have another shape."""
    config, corpus = TASK.tiny()
    return end_of(TASK.train(replace(config, start="folk", epochs=1), corpus))[0]


def test_fresh_bars_and_rivals_are_in_the_result_and_travel(one_epoch):
    corpus, result = TASK.tiny()[1], one_epoch
    again = Result.decode(result.encode())
    assert again.rivals == result.rivals == Rivals.of(corpus)
    summary = again.summary()
    assert summary["nats_copy"] == result.rivals.copy_nats
    assert summary["nats_plain"] is None
    assert summary["nats_fresh"] == result.judgement.fresh
    assert summary["nats_fresh_markov"] == result.rivals.markov_fresh


def test_numpy_plays_what_the_classic_recipe_learned(classic):
    piece = prepared(classic.corpus.test[0])
    tokens = classic.vocabulary.encode(piece)
    whole = classic.scores(tokens[None].astype(np.int32)).numpy()[0]
    player = ClassicPlayer(StepwiseNetwork(classic.values()), classic.vocabulary, piece)
    begun = np.cumsum([0, *classic.vocabulary.durations[tokens]]).tolist()
    for step, value in enumerate(piece.melody.tolist()):
        scores, values = player.scores(), player.values()
        if step in begun:
            place = begun.index(step)
            np.testing.assert_allclose(scores[:-1], whole[place], atol=1e-5)
            token = int(tokens[place])
            assert values[token] == value
        else:
            token = len(values) - 1
            assert np.isfinite(scores).nonzero()[0].tolist() == [token]
        player.append(value, token)


def test_the_classic_recipe_is_the_original_graph(classic):
    """Calls of one Keras cell in a row, as in the original script.

    Of the first eight steps: its thirty take Keras half a minute to put together.
    """
    import keras

    keras.utils.set_random_seed(0)
    size, units = classic.vocabulary.size, classic.config.units
    cell, head = keras.layers.LSTMCell(units), keras.layers.Dense(size, "softmax")
    tokens = classic.snippets[:, :8]
    window = tokens.shape[1]
    tokens_in = keras.Input((window, size))
    a0, c0 = keras.Input((units,)), keras.Input((units,))
    states, outputs = [a0, c0], []
    for step in range(window):
        hidden, states = cell(tokens_in[:, step], states)
        outputs.append(head(hidden))
    model = keras.Model([tokens_in, a0, c0], outputs)
    start = classic.values()
    cell.set_weights([start["kernel"], start["recurrent"], start["gates"]])
    head.set_weights([start["score"], start["bias"]])
    values = np.eye(size, dtype=np.float32)[tokens]
    inputs = np.concatenate([np.zeros_like(values[:, :1]), values[:, :-1]], axis=1)
    zeros = np.zeros((len(tokens), units), np.float32)
    chances = np.stack(model.predict_on_batch([inputs, zeros, zeros]), axis=1)
    ours = keras.ops.softmax(classic.scores(tokens.astype(np.int32))).numpy()
    np.testing.assert_allclose(ours, chances, atol=1e-6)
    model.compile(
        keras.optimizers.Adam(classic.config.learning_rate),
        ["categorical_crossentropy"] * window,
    )
    wanted = list(values.swapaxes(0, 1))
    for _ in range(3):
        model.train_on_batch([inputs, zeros, zeros], wanted)
        classic.train_step(tokens)
    ours = classic.values()
    classic.use(start)
    for name, classic in zip(
        ("kernel", "recurrent", "gates", "score", "bias"),
        [*cell.get_weights(), *head.get_weights()],
        strict=True,
    ):
        np.testing.assert_allclose(ours[name], classic, atol=1e-4)


def test_the_best_weights_are_kept():
    config, corpus = TASK.tiny()
    result, metrics, snapshots = end_of(
        TASK.train(replace(config, epochs=8, learning_rate=0.1), corpus)
    )
    best = min(point["val_loss"] for point in metrics)
    assert best < metrics[-1]["val_loss"]
    assert result.judgement.validation == pytest.approx(best, abs=1e-6)
    assert len(snapshots) == len(metrics)
    bars = 8 * common_meter(corpus.train).steps
    assert all(len(one["melody"]) == bars for one in snapshots)


def test_training_on_ones_own_pieces_needs_no_chords():
    pieces = [piece.part(0, 256).without_chords() for piece in ragtime().train]
    config, _ = TASK.tiny()
    result, _, _ = end_of(TASK.train(config, corpus_of("Mine", pieces)))
    assert not result.chords_read
    assert result.judgement.chord_gain is None
    assert result.summary()["corpus"] == "Mine"


def test_a_start_from_folk_needs_as_many_units(one_epoch):
    assert one_epoch.started_from == "nothing"
    config, corpus = TASK.tiny()
    units = Config().units
    changed = replace(config, start="folk", units=units, epochs=1)
    result, _, _ = end_of(TASK.train(changed, corpus))
    assert result.started_from == "folk"


def test_pieces_without_a_note_are_refused():
    config, corpus = TASK.tiny()
    silent = replace(corpus.test[0], melody=np.full(64, REST, np.int16))
    with pytest.raises(DataError, match="Expected notes in the pieces for test"):
        TASK.check(config, replace(corpus, test=(silent,)))
    with pytest.raises(DataError, match="sixteenths to learn from"):
        TASK.check(config, replace(corpus, train=(corpus.train[0].part(0, 40),)))


def test_settings_that_need_too_much_memory_are_refused():
    with pytest.raises(ConfigError, match="units x batch x window"):
        Config(units=384, batch=128, window=512)
