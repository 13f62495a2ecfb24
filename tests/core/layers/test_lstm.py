"""The fused LSTM equals Keras's, forward and backward."""

import numpy as np
import pytest

from tests.driver.core.lazy import keras, lstm, tf

BATCH, TIME, FEATURES, UNITS = 5, 40, 3, 7


@pytest.fixture
def twins():
    """Both layers with the same weights, large enough that cells pass 3."""
    random = np.random.default_rng(0)
    fused = lstm.BlockLSTM(UNITS)
    plain = keras.layers.LSTM(UNITS, return_sequences=True, return_state=True)
    for layer in (fused, plain):
        layer.build((BATCH, TIME, FEATURES))
    weights = [
        0.3 * random.standard_normal(variable.shape) for variable in plain.weights
    ]
    fused.set_weights(weights)
    plain.set_weights(weights)
    return fused, plain


def draw(*shape, scale=1.0):
    values = scale * np.random.default_rng(1).standard_normal(shape)
    return tf.constant(values, tf.float32)


def outputs_and_gradients(forward, layer, inputs):
    """Outputs, and the gradient of a random projection of all of them."""
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = forward(*inputs)
        loss = sum(
            tf.reduce_sum(draw(*output.shape) * output) / output.shape.num_elements()
            for output in outputs
        )
    weights = [variable.value for variable in layer.weights]
    return [*outputs, *tape.gradient(loss, [*inputs, *weights])]


def test_outputs_and_all_gradients_equal_those_of_keras(twins):
    fused, plain = twins
    inputs = [
        draw(BATCH, TIME, FEATURES, scale=3.0),
        draw(BATCH, UNITS),
        draw(BATCH, UNITS, scale=5.0),
    ]

    def run_fused(x, hidden, cell):
        sequence, (hidden, cell) = fused(x, (hidden, cell))
        return sequence, hidden, cell

    def run_plain(x, hidden, cell):
        return plain(x, initial_state=[hidden, cell])

    ours = outputs_and_gradients(run_fused, fused, inputs)
    theirs = outputs_and_gradients(run_plain, plain, inputs)
    assert float(tf.reduce_max(tf.abs(theirs[2]))) > 1.0  # the cells are far from 0
    assert len(ours) == 9
    for our, their in zip(ours, theirs, strict=True):
        assert float(tf.reduce_max(tf.abs(their))) > 1e-5
        np.testing.assert_allclose(our, their, atol=1e-6)


def test_without_a_state_it_starts_from_zeros(twins):
    fused, plain = twins
    x = draw(BATCH, TIME, FEATURES)
    np.testing.assert_allclose(fused(x)[0], plain(x)[0], atol=1e-6)


def test_a_sequence_in_two_parts_equals_the_whole(twins):
    fused, _ = twins
    x = draw(BATCH, TIME, FEATURES)
    first, state = fused(x[:, :15])
    second, _ = fused(x[:, 15:], state)
    np.testing.assert_allclose(
        tf.concat([first, second], axis=1), fused(x)[0], atol=1e-6
    )


def test_cells_grow_beyond_three():
    """The kernel's default would clip them there, and Keras would not."""
    fused = lstm.BlockLSTM(1)
    fused.build((1, None, 1))
    always_on = np.full(4, 50.0)
    fused.set_weights([np.zeros((1, 4)), np.zeros((1, 4)), always_on])
    _, (_, cell) = fused(tf.zeros((1, 10, 1)))
    assert float(cell[0, 0]) == pytest.approx(10.0)


def test_the_same_seed_draws_the_same_weights():
    def kernel(seed):
        layer = lstm.BlockLSTM(UNITS, seed=seed)
        layer.build((None, None, FEATURES))
        return layer.get_weights()

    for same, again, other in zip(kernel(3), kernel(3), kernel(4), strict=True):
        np.testing.assert_array_equal(same, again)
        assert same.ndim == 1 or not np.array_equal(same, other)
