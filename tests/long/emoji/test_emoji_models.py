"""The three models: NumPy answers as TensorFlow does, v2 is the classic, and so on."""

import json
from dataclasses import replace

import numpy as np
import pytest

from core.arrays import pack, unpack
from core.emoji import TASK, Config, Result
from core.emoji.judging.selective import choose_sure
from core.emoji.labels import NONE
from core.emoji.model.answering import Ensemble, weight_name
from core.emoji.pretrained import half_precision
from core.emoji.text.rows import Rows
from core.emoji.vectors.own import read_vectors
from core.task import ConfigError
from tests.core.emoji.helpers import (
    MODELS,
    end_of,
    few,
    trained,
    training_of,
)
from tests.driver.core.lazy import Lazy, adam, keras, tf

training = Lazy("core.emoji.training")
ONE_EPOCH = Config.preset("v1", epochs=1)
PARTS = ("kernel", "recurrent_kernel", "bias")
every_model = pytest.mark.parametrize("kind", MODELS)


def small(kind):
    """The result of a small training, for tests that only look at it."""
    return training_of(kind)[0]


def numpy_ensemble(model):
    """The networks in NumPy, with the weights that TensorFlow has."""
    weights = {key: weight.numpy() for key, weight in model.named.items()}
    return Ensemble(
        config=model.config,
        classes=model.outputs - 1,
        weights=weights,
        padding=model.vectors.numpy()[0],
        length=model.length,
    )


@pytest.mark.parametrize(
    "kind", sorted(set(MODELS) - {"small"})
)  # which has no network
def test_numpy_answers_as_tensorflow_does(kind):
    model, random = (
        training.TrainableModel(MODELS[kind], few()),
        np.random.default_rng(0),
    )
    for weight in model.weights:  # as if they had been trained: none is zero
        weight.assign_add(0.1 * random.standard_normal(weight.shape))
    ids, lengths = model.validation
    wanted = model.predict(ids, lengths).numpy()
    vectors = model.vectors.numpy()
    sentences = [
        vectors[row[: int((row > 0).sum())]] for row in np.asarray(ids.numpy())
    ]
    got = numpy_ensemble(model).probabilities(sentences)
    assert np.ptp(wanted) > 0.01
    np.testing.assert_allclose(got, wanted, atol=1e-6)
    alone = [
        numpy_ensemble(model).probabilities([sentence])[0] for sentence in sentences
    ]
    np.testing.assert_allclose(alone, wanted, atol=1e-6)


@pytest.fixture
def classic():
    """Our v2 without dropout, and the classic script's layers with its weights."""
    config = Config.preset("v2", units=6, dropout=0.0, batch=256, epochs=1)
    model = training.TrainableModel(config, replace(few(), off_topic_train=Rows()))
    start = model.vectors.numpy()
    script = keras.Sequential(
        [
            keras.layers.Embedding(*start.shape),
            keras.layers.LSTM(6, return_sequences=True),
            keras.layers.Dropout(0.0),
            keras.layers.LSTM(6),
            keras.layers.Dropout(0.0),
            keras.layers.Dense(5),
            keras.layers.Activation("softmax"),
        ]
    )
    script.build((None, model.length))
    lstms = [
        model.named[weight_name(0, layer, "forward", part)].numpy()
        for layer in (0, 1)
        for part in PARTS
    ]
    head = [
        model.named[weight_name(0, "head", "out", p)].numpy()
        for p in ("kernel", "bias")
    ]
    script.set_weights([start, *lstms, *head])
    return model, script


def test_v2_is_the_classic_network(classic):
    model, script = classic
    ids = model.ids
    wanted = script.predict(ids, verbose=0)
    got = model.predict(
        tf.constant(ids), tf.constant([ids.shape[1]] * len(ids))
    ).numpy()
    np.testing.assert_allclose(got, wanted, atol=1e-6)


def test_a_step_of_v2_is_the_classic_step(classic):
    model, script = classic
    script.compile(keras.optimizers.Adam(1e-3), loss="categorical_crossentropy")
    script.train_on_batch(model.ids, np.eye(5)[model.targets])
    model.compile(adam.Adam(model.weights, model.config.learning_rate))
    model.train_step(next(model.batches(0)))
    keys = [
        weight_name(0, layer, "forward", part) for layer in (0, 1) for part in PARTS
    ]
    keys += [weight_name(0, "head", "out", part) for part in ("kernel", "bias")]
    for key, their in zip(["vectors", *keys], script.get_weights(), strict=True):
        np.testing.assert_allclose(model.named[key].numpy(), their, atol=2e-5)


@every_model
def test_a_result_answers_the_same_after_travelling_as_bytes(kind):
    result = small(kind)
    again = Result.decode(result.encode())
    texts = ["I love you", "not hungry", "zebra football", "asdfghjkl", ""]
    for one, other in zip(result.answer(texts), again.answer(texts), strict=True):
        np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-9)
        assert (one.sure, one.tokens) == (other.sure, other.tokens)


def test_resuming_gives_the_same_weights():
    kind = "everything"  # the default is in tests/core/test_contract.py
    whole, metrics, states = training_of(kind)
    middle = states[len(states) // 2 + 1]  # within the second epoch
    again, rest, _ = end_of(TASK.train(MODELS[kind], few(), middle))
    assert len(rest) == 1
    for key, weight in whole.weights.items():
        np.testing.assert_allclose(again.weights[key], weight, atol=1e-6)
    assert rest[-1] == pytest.approx(metrics[-1], abs=1e-6)


def test_a_model_of_half_the_size_answers_almost_the_same():
    result = small("best")
    halved = half_precision(result)
    assert len(halved.encode()) < len(result.encode())
    again = Result.decode(halved.encode())
    wanted = result.probabilities["test"]
    np.testing.assert_allclose(again.probabilities["test"], wanted, atol=0.02)
    got = again.model.predict(again.data.test.texts)
    np.testing.assert_allclose(got, again.probabilities["test"], atol=1e-6)


def test_taught_sentences_are_learned():
    rows = Rows.of([("the blue kettle sings", 1), ("my lamp is purple", 4)])
    config = replace(
        MODELS["v1"],
        epochs=30,
        patience=0,
        word_dropout=0.0,
        taught=20,
        dropout=0.0,
        learning_rate=2e-2,
    )
    result = trained(config, few().teach(rows))
    assert [answer.label for answer in result.answer(rows.texts)] == [1, 4]


def test_own_vectors_are_used_and_their_unknown_words_are_said():
    lines = [f"{word} " + " ".join(["0.1"] * 12) for word in ("food", "love", "i")]
    own = read_vectors("\n".join(lines).encode(), "mine")
    config = replace(MODELS["v1"], vectors="own")
    result = Result.decode(trained(config, replace(few(), own_vectors=own)).encode())
    answer = result.answer(["i love football"])[0]
    assert answer.tokens == ["i", "love", "football"]
    assert answer.unknown == ["football"]


def test_training_without_sentences_kept_aside_ends_with_a_model():
    data = few()
    nothing = Rows()
    data = replace(data, development=nothing, test=nothing, challenge=nothing)
    data = replace(data, off_topic=nothing, off_topic_development=nothing)
    result, metrics, _ = end_of(TASK.train(MODELS["v1"], data))
    assert result.summary()["accuracy"] is None
    assert result.epochs == 2
    assert "val_loss" not in metrics[0]
    assert result.answer(["hello"])[0].label is not None


def test_a_model_too_large_for_a_worker_is_refused():
    with pytest.raises(ConfigError, match="units x batch"):
        Config(units=256, batch=256, layers=3, networks=5)


def test_a_result_of_version_1_0_gets_a_threshold_of_this_meaning():
    content = unpack(small("v1").encode())
    facts = json.loads(content["facts"].tobytes())
    del facts["none_doubt"]
    facts["threshold"] = 0.7
    content["facts"] = np.frombuffer(json.dumps(facts).encode(), np.uint8)
    assert Result.decode(pack(content)).threshold == choose_sure(
        *small("v1").choosing()
    )


def test_a_model_learns_none_from_rows_that_are_labelled_so():
    data = few()
    rows = data.train + Rows.of([(f"the bus stops at {n}", NONE) for n in range(9)])
    own = replace(data.replace_train(rows, "mine"), taught=Rows.of([("hm", NONE)]))
    assert len(own.learned) == len(data.train)
    assert len(own.learned_none) == 10  # and none of those that ship
    result = trained(ONE_EPOCH, own)
    assert result.detects_none
    shares = result.model.predict_shares(["the bus stops here", "we love it"])
    assert (shares[:, -1] > 0).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    again = Result.decode(result.encode())
    for name in ("test", "mixed"):
        np.testing.assert_allclose(again.shares(name), result.shares(name), atol=1e-6)


def test_a_model_without_such_rows_never_answers_none():
    data = few().replace_train(few().train, "mine")
    result = trained(ONE_EPOCH, data)
    assert not result.detects_none
    texts = ["water boils at 100 degrees", "I love you"]
    assert not result.model.predict_shares(texts)[:, -1].any()
    assert all(not answer.is_none for answer in result.answer(texts))
