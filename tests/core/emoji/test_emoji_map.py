"""The map of sentences: its axes, its frames, and what a training stores of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.arrays import pack
from core.emoji import TASK, Config
from core.emoji.pretrained import load
from core.emoji.sentence_map import (
    KEPT,
    MOST,
    ROWS,
    rotated,
    sample,
    sentence_map,
    snapshot,
)
from core.emoji.text.rows import Rows
from core.process import one_thread
from tests.core.emoji.helpers import MODELS, few


@pytest.fixture(scope="module")
def shipped():
    one_thread()
    result = load()
    return sentence_map(result.model, result.data.all_learned, {})


def learned(config):
    """Train; return the result, and the snapshots by epoch."""
    snapshots, training = {}, TASK.train(config, few())
    try:
        while True:
            progress = next(training)
            if progress.snapshot is not None:
                snapshots[progress.epoch] = progress.snapshot
    except StopIteration as end:
        return end.value, snapshots


def test_the_axes_are_the_two_directions_of_the_largest_variance(shipped):
    model, texts = shipped.model, shipped.rows.texts
    states = np.concatenate(model.ensemble.features(model.vectors_of(texts)), axis=1)
    largest = np.linalg.eigvalsh(np.cov(states.T.astype(float)))[::-1]
    frame = shipped.frames[-1]
    assert frame.variance == pytest.approx(largest[:2].sum() / largest.sum(), rel=1e-3)
    assert np.var(frame.places, axis=0, ddof=1) == pytest.approx(largest[:2], rel=1e-3)
    np.testing.assert_allclose(shipped.axes @ shipped.axes.T, np.eye(2), atol=1e-6)


def test_a_sentence_lies_where_the_same_training_sentence_lies(shipped):
    texts = shipped.rows.texts[:9]
    places = shipped.frames[-1].places[:9]
    np.testing.assert_allclose(shipped.place(texts), places, atol=1e-3)
    assert shipped.place(["", "qzxvkw"]).shape == (2, 2)


def test_sentences_of_a_class_lie_together(shipped):
    places, labels = shipped.frames[-1].places, shipped.rows.targets
    classes = np.unique(labels)
    centres = np.array([places[labels == n].mean(axis=0) for n in classes])
    nearest = np.linalg.norm(places[:, None] - centres, axis=2).argmin(axis=1)
    assert np.mean(classes[nearest] == labels) > 0.6  # by chance .17


def test_each_class_has_as_many_sentences_on_the_map_if_it_has_them():
    labels = [0] * 500 + [1] * 500 + [2] * 30
    rows = Rows.of((f"sentence {n}", label) for n, label in enumerate(labels))
    counts = np.bincount(rows.take(sample(rows)).targets)
    np.testing.assert_array_equal(counts, [80, 80, 30])
    assert len(sample(Rows())) == 0


@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.booleans())
def test_a_rotation_or_reflection_is_undone(seed, dimensions, mirrored):
    random = np.random.default_rng(seed)
    points = random.normal(size=(20, dimensions))
    turn, _ = np.linalg.qr(random.normal(size=(dimensions, dimensions)))
    turn[:, 0] *= -1 if mirrored else 1
    np.testing.assert_allclose(rotated(points @ turn, points), points, atol=1e-9)


@pytest.mark.parametrize("name", ["best", "v1", "everything", "mean and padding"])
def test_the_last_epoch_is_the_finished_model_where_training_goes_to_the_end(name):
    values = MODELS[name].values
    to_the_end = {"patience": 0, "epochs": 3, "calibration": "none"}
    config = Config.from_dict({**values, **to_the_end})
    result, snapshots = learned(config)
    assert sorted(snapshots) == [1, 2, 3]
    found = sentence_map(result.model, result.data.all_learned, snapshots)
    assert [frame.epoch for frame in found.frames] == [1, 2, 3, None]
    last, finished = found.frames[-2:]
    np.testing.assert_allclose(last.places, finished.places, atol=5e-3 * found.radius)
    np.testing.assert_array_equal(last.answers, finished.answers)
    np.testing.assert_allclose(last.confidence, finished.confidence, atol=0.0051)
    assert last.variance == pytest.approx(finished.variance, abs=0.01)
    for frame in found.frames:
        assert 0 < frame.variance <= 1.001
        assert np.abs(frame.places).max() <= found.radius


def test_the_snapshots_of_the_largest_training_take_a_third_of_a_megabyte(shipped):
    model, texts = shipped.model, shipped.rows.texts
    assert len(texts) == ROWS
    taken = snapshot(model.ensemble, model.vectors_of(texts))
    assert (MOST + 1) * len(pack(taken)) < 300_000


def test_snapshots_of_other_sentences_are_left_out(shipped):
    other = {"map": np.zeros((7, KEPT), np.float16)}
    model, rows = shipped.model, load().data.learned
    assert len(sentence_map(model, rows, {1: other}).frames) == 1


def test_two_sentences_have_a_map():
    model, rows = load().model, Rows.of([("I love you", 0), ("we lost", 3)])
    frame = sentence_map(model, rows, {}).frames[0]
    assert frame.variance == pytest.approx(1)
    assert np.linalg.norm(frame.places[0] - frame.places[1]) > 0.1
