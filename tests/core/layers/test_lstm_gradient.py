"""Our own backward pass through time equals the kernel's and Keras's."""

import numpy as np
import pytest

from core.layers.setup import single_thread

single_thread()

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

from core.layers import lstm as lstm_layer  # noqa: E402
from core.layers.lstm import BlockLSTM  # noqa: E402

TIME, FEATURES = 9, 6


def draw(*shape, seed=1):
    return tf.constant(np.random.default_rng(seed).standard_normal(shape), tf.float32)


def gradients_of(layer, inputs):
    """Gradients of a random projection of all outputs, as a training step has them."""

    @tf.function
    def step(x, hidden, cell):
        sequence, (last, cells) = layer(x, (hidden, cell))
        loss = sum(
            tf.reduce_sum(draw(*output.shape, seed=place) * output)
            for place, output in enumerate((sequence, last, cells))
        )
        weights = [weight.value for weight in layer.weights]
        return tf.gradients(loss, [x, hidden, cell, *weights])

    return [gradient.numpy() for gradient in step(*inputs)], step


def operations(step):
    return {
        op.type for op in step.get_concrete_function(*INPUTS).graph.get_operations()
    }


def inputs_of(units, batch=4):
    return draw(batch, TIME, FEATURES), draw(batch, units), 3.0 * draw(batch, units)


INPUTS = inputs_of(lstm_layer.WIDE)


@pytest.fixture
def wide():
    layer = BlockLSTM(lstm_layer.WIDE)
    layer.build((None, None, FEATURES))
    return layer


def test_all_gradients_equal_those_of_the_kernel(wide, monkeypatch):
    ours, step = gradients_of(wide, INPUTS)
    assert "BlockLSTMGrad" not in operations(step)
    monkeypatch.setattr(lstm_layer, "WIDE", lstm_layer.WIDE + 1)
    theirs, step = gradients_of(wide, INPUTS)
    assert "BlockLSTMGrad" in operations(step)
    assert len(ours) == 6
    for our, their in zip(ours, theirs, strict=True):
        scale = np.abs(their).max()
        assert scale > 1e-3
        np.testing.assert_allclose(our / scale, their / scale, atol=2e-6)


def test_all_gradients_equal_those_of_keras(wide):
    plain = keras.layers.LSTM(lstm_layer.WIDE, return_sequences=True, return_state=True)
    plain.build((None, TIME, FEATURES))
    plain.set_weights(wide.get_weights())

    class Alike:
        weights = plain.weights

        def __call__(self, x, state):
            sequence, *last = plain(x, initial_state=state)
            return sequence, last

    ours, _ = gradients_of(wide, INPUTS)
    theirs, _ = gradients_of(Alike(), INPUTS)
    for our, their in zip(ours, theirs, strict=True):
        scale = np.abs(their).max()
        np.testing.assert_allclose(our / scale, their / scale, atol=2e-6)


def test_a_tape_gets_the_same_gradients(wide):
    ours, _ = gradients_of(wide, INPUTS)
    with tf.GradientTape() as tape:
        tape.watch(INPUTS)
        sequence, (last, cells) = wide(INPUTS[0], INPUTS[1:])
        loss = sum(
            tf.reduce_sum(draw(*output.shape, seed=place) * output)
            for place, output in enumerate((sequence, last, cells))
        )
    values = [weight.value for weight in wide.weights]
    for our, their in zip(ours, tape.gradient(loss, [*INPUTS, *values]), strict=True):
        scale = np.abs(their).max()
        np.testing.assert_allclose(our / scale, their / scale, atol=2e-6)


def test_two_layers_learn_through_each_other(wide):
    """The gradient passes from layer to layer, not only through the last step."""
    above = BlockLSTM(lstm_layer.WIDE, seed=5)
    above.build((None, None, lstm_layer.WIDE))

    @tf.function
    def step(x):
        _, (last, _) = above(wide(x)[0])
        return last, tf.gradients(tf.reduce_sum(last * draw(*last.shape)), x)[0]

    x = draw(2, TIME, FEATURES)
    _, slope = step(x)
    shift = 1e-2 * draw(2, TIME, FEATURES, seed=8)
    change = step(x + shift)[0] - step(x - shift)[0]
    measured = tf.reduce_sum(change * draw(*change.shape)) / 2
    assert float(tf.reduce_sum(slope * shift)) == pytest.approx(
        float(measured), rel=0.01
    )
