"""Our own backward pass through time equals the kernel's and Keras's."""

import numpy as np
import pytest

from tests.driver.core.lazy import keras, lstm, tf

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


def operations(step, inputs):
    graph = step.get_concrete_function(*inputs).graph
    return {operation.type for operation in graph.get_operations()}


@pytest.fixture
def inputs():
    batch, units = 4, lstm.WIDE
    return draw(batch, TIME, FEATURES), draw(batch, units), 3.0 * draw(batch, units)


@pytest.fixture
def wide():
    layer = lstm.BlockLSTM(lstm.WIDE)
    layer.build((None, None, FEATURES))
    return layer


def test_all_gradients_equal_those_of_the_kernel(wide, inputs, monkeypatch):
    ours, step = gradients_of(wide, inputs)
    assert "BlockLSTMGrad" not in operations(step, inputs)
    monkeypatch.setattr("core.layers.lstm.WIDE", lstm.WIDE + 1)
    theirs, step = gradients_of(wide, inputs)
    assert "BlockLSTMGrad" in operations(step, inputs)
    assert len(ours) == 6
    for our, their in zip(ours, theirs, strict=True):
        scale = np.abs(their).max()
        assert scale > 1e-3
        np.testing.assert_allclose(our / scale, their / scale, atol=2e-6)


def test_all_gradients_equal_those_of_keras(wide, inputs):
    plain = keras.layers.LSTM(lstm.WIDE, return_sequences=True, return_state=True)
    plain.build((None, TIME, FEATURES))
    plain.set_weights(wide.get_weights())

    class Alike:
        weights = plain.weights

        def __call__(self, x, state):
            sequence, *last = plain(x, initial_state=state)
            return sequence, last

    ours, _ = gradients_of(wide, inputs)
    theirs, _ = gradients_of(Alike(), inputs)
    for our, their in zip(ours, theirs, strict=True):
        scale = np.abs(their).max()
        np.testing.assert_allclose(our / scale, their / scale, atol=2e-6)


def test_a_tape_gets_the_same_gradients(wide, inputs):
    ours, _ = gradients_of(wide, inputs)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        sequence, (last, cells) = wide(inputs[0], inputs[1:])
        loss = sum(
            tf.reduce_sum(draw(*output.shape, seed=place) * output)
            for place, output in enumerate((sequence, last, cells))
        )
    values = [weight.value for weight in wide.weights]
    for our, their in zip(ours, tape.gradient(loss, [*inputs, *values]), strict=True):
        scale = np.abs(their).max()
        np.testing.assert_allclose(our / scale, their / scale, atol=2e-6)


def test_two_layers_learn_through_each_other(wide):
    """The gradient passes from layer to layer, not only through the last step."""
    above = lstm.BlockLSTM(lstm.WIDE, seed=5)
    above.build((None, None, lstm.WIDE))

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
