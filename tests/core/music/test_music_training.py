"""What the models learn from, and that NumPy plays what TensorFlow learned."""

from dataclasses import fields, replace

import numpy as np
import pytest

from core.layers.setup import single_thread
from core.music import Config, check, tiny, train
from core.music.corpora import folk, of_pieces, ragtime
from core.music.forward import DefaultPlayer, SeedPlayer
from core.music.inputs import Material, dense, material
from core.music.learned import bare, common_meter, prepared
from core.music.listener import Listener
from core.music.piece import HOLD, REST
from core.music.silence import without_chords
from core.music.sources import BARS_AGO
from core.task import ConfigError, DataError
from core.training import TrainingLoop

PIECES = [*folk().train[::900], ragtime().train[1], ragtime().test[0]]


def end_of(training):
    metrics, snapshots = [], []
    try:
        while True:
            progress = next(training)
            if progress.metrics:
                metrics.append(dict(progress.metrics))
            if progress.snapshot is not None:
                snapshots.append(progress.snapshot)
    except StopIteration as end:
        return end.value, metrics, snapshots


def compiled(fit):
    from core.layers.adam import Adam

    fit.compile(Adam(fit.weights, fit.config.learning_rate))
    return fit


@pytest.fixture(scope="module")
def fit():
    """A default model that has learned a few steps."""
    single_thread()
    from core.music.fit import Fit

    config, corpus = tiny()
    fit = compiled(Fit(replace(config, units=12), corpus, None))
    list(fit.prepare(TrainingLoop(1).pause))
    for batch in fit.batches(0):
        fit.train_step(batch)
    return fit


@pytest.fixture(scope="module")
def seed_fit():
    """The classic model as it begins."""
    single_thread()
    from core.music.seed_fit import SeedFit

    return compiled(SeedFit(Config.preset("seed", units=10), tiny()[1], None))


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.title)
def test_what_is_seen_step_by_step_is_what_is_seen_afterwards(piece):
    piece = prepared(piece)
    listener, seen = Listener(piece), []
    afterwards = material(piece)
    for token in afterwards.tokens:
        seen.append(listener.see())
        listener.hear(int(token))
    together = Material.joined(seen)
    for item in fields(Material):
        if item.name != "tokens":
            wanted = getattr(afterwards, item.name)
            np.testing.assert_array_equal(getattr(together, item.name), wanted)


def test_a_figure_that_comes_again_is_foretold_in_any_key():
    figure = np.array([60, HOLD, 64, HOLD, 67, HOLD, 65, 62, 60, 59], np.int16)
    again = np.where(figure >= 0, figure + 5, figure)
    melody = np.concatenate([figure, [72, HOLD, 70], again])  # not bars apart
    piece = replace(bare(ragtime().train[1].part(0, len(melody))), melody=melody)
    seen = material(piece)
    eighths = len(BARS_AGO)  # the source that knows the latest eight
    assert seen.sources[-1, eighths] == seen.tokens[-1]
    assert (seen.sources[-1, :eighths] != seen.tokens[-1]).all()


def test_a_bar_that_comes_again_is_foretold():
    bar = np.array([60, HOLD, 64, 65, REST, REST, 67, HOLD], np.int16)
    piece = replace(bare(ragtime().train[1].part(0, 32)), melody=np.tile(bar, 4))
    seen = material(piece)
    assert piece.meter.steps == 8
    np.testing.assert_array_equal(seen.sources[8:, 0], seen.tokens[8:])
    assert (seen.success[16:, 0, 0] == 255).all()


def test_numpy_plays_what_tensorflow_learned(fit):
    piece = prepared(fit.corpus.test[0])
    seen = material(piece)
    whole = fit.network(
        dense(seen)[np.newaxis],
        (
            seen.before[None].astype(np.int32),
            seen.roots[None].astype(np.int32),
            seen.sources[None].astype(np.int32),
        ),
    ).numpy()[0]
    player = DefaultPlayer(fit.values(), piece)
    for step, value in enumerate(piece.melody.tolist()):
        np.testing.assert_allclose(player.scores(), whole[step], atol=1e-5)
        player.hear(value, -1)


def test_numpy_plays_what_the_classic_recipe_learned(seed_fit):
    piece = prepared(seed_fit.corpus.test[0])
    tokens = seed_fit.vocabulary.encode(piece)
    whole = seed_fit.scores(tokens[None].astype(np.int32)).numpy()[0]
    player = SeedPlayer(seed_fit.values(), seed_fit.vocabulary, piece)
    begun = np.cumsum([0, *seed_fit.vocabulary.lengths[tokens]]).tolist()
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
        player.hear(value, token)


def test_the_seed_recipe_is_the_classic_graph(seed_fit):
    """Calls of one Keras cell in a row, as the classic script writes them.

    Of the first eight steps: its thirty take Keras half a minute to put together.
    """
    import keras

    keras.utils.set_random_seed(0)
    size, units = seed_fit.vocabulary.size, seed_fit.config.units
    cell, head = keras.layers.LSTMCell(units), keras.layers.Dense(size, "softmax")
    tokens = seed_fit.snippets[:, :8]
    window = tokens.shape[1]
    heard = keras.Input((window, size))
    a0, c0 = keras.Input((units,)), keras.Input((units,))
    states, outputs = [a0, c0], []
    for step in range(window):
        hidden, states = cell(heard[:, step], states)
        outputs.append(head(hidden))
    model = keras.Model([heard, a0, c0], outputs)
    start = seed_fit.values()
    cell.set_weights([start["kernel"], start["recurrent"], start["gates"]])
    head.set_weights([start["score"], start["bias"]])
    values = np.eye(size, dtype=np.float32)[tokens]
    inputs = np.concatenate([np.zeros_like(values[:, :1]), values[:, :-1]], axis=1)
    zeros = np.zeros((len(tokens), units), np.float32)
    chances = np.stack(model.predict_on_batch([inputs, zeros, zeros]), axis=1)
    ours = keras.ops.softmax(seed_fit.scores(tokens.astype(np.int32))).numpy()
    np.testing.assert_allclose(ours, chances, atol=1e-6)
    model.compile(
        keras.optimizers.Adam(seed_fit.config.learning_rate),
        ["categorical_crossentropy"] * window,
    )
    wanted = list(values.swapaxes(0, 1))
    for _ in range(3):
        model.train_on_batch([inputs, zeros, zeros], wanted)
        seed_fit.train_step(tokens)
    ours = seed_fit.values()
    seed_fit.use(start)
    for name, classic in zip(
        ("kernel", "recurrent", "gates", "score", "bias"),
        [*cell.get_weights(), *head.get_weights()],
        strict=True,
    ):
        np.testing.assert_allclose(ours[name], classic, atol=1e-4)


def test_hidden_chords_change_nothing(fit):
    piece = prepared(fit.corpus.test[0])
    seen = material(piece).take(np.arange(piece.steps)[None])
    hidden = without_chords(seen, np.array([True]))
    deaf = material(prepared(fit.corpus.test[0], chords=False))
    np.testing.assert_array_equal(dense(hidden)[0], dense(deaf))
    kept = without_chords(seen, np.array([False]))
    np.testing.assert_array_equal(dense(kept), dense(seen))


def test_the_best_weights_are_kept():
    config, corpus = tiny()
    result, metrics, snapshots = end_of(
        train(replace(config, epochs=12, learning_rate=0.05), corpus)
    )
    best = min(point["val_loss"] for point in metrics)
    assert result.judgement.validation == pytest.approx(best, abs=1e-6)
    assert len(snapshots) == len(metrics)
    bars = 8 * common_meter(corpus.train).steps
    assert all(len(one["melody"]) == bars for one in snapshots)


def test_training_on_ones_own_pieces_needs_no_chords():
    pieces = [bare(piece.part(0, 256)) for piece in ragtime().train]
    config, _ = tiny()
    result, _, _ = end_of(train(config, of_pieces("Mine", pieces)))
    assert not result.hears_chords
    assert result.judgement.chord_gain is None
    assert result.summary()["corpus"] == "Mine"


def test_a_start_from_folk_needs_as_many_units():
    config, corpus = tiny()
    result, _, _ = end_of(train(replace(config, start="folk", epochs=1), corpus))
    assert result.started_from == "nothing"
    units = Config().units
    changed = replace(config, start="folk", units=units, epochs=1)
    result, _, _ = end_of(train(changed, corpus))
    assert result.started_from == "folk"


def test_pieces_without_a_note_are_refused():
    config, corpus = tiny()
    silent = replace(corpus.test[0], melody=np.full(64, REST, np.int16))
    with pytest.raises(DataError, match="Expected notes in the pieces for test"):
        check(config, replace(corpus, test=(silent,)))
    with pytest.raises(DataError, match="sixteenths to learn from"):
        check(config, replace(corpus, train=(corpus.train[0].part(0, 40),)))


def test_settings_that_need_too_much_memory_are_refused():
    with pytest.raises(ConfigError, match="units x batch x window"):
        Config(units=384, batch=128, window=512)
