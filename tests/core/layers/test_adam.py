"""Our fused Adam moves weights as Keras's does."""

import numpy as np

from tests.driver.core.lazy import adam, keras, tf

SHAPES = ((3, 4), (5,))


def variables():
    random = np.random.default_rng(0)
    return [
        keras.Variable(random.standard_normal(shape), dtype="float32")
        for shape in SHAPES
    ]


def gradients(step):
    random = np.random.default_rng([1, step])
    return [
        tf.constant(random.standard_normal(shape) * 10.0**-step, tf.float32)
        for shape in SHAPES
    ]


def mover(optimizer):
    """The step as a training traces it."""
    signature = [tf.TensorSpec(shape) for shape in SHAPES]
    return tf.function(
        lambda *values: optimizer.move(values), input_signature=signature
    )


def test_updates_equal_those_of_keras_at_changing_learning_rates():
    ours, theirs = variables(), variables()
    optimizer = adam.Adam(ours, 0.01)
    keras_optimizer = keras.optimizers.Adam(0.01)
    keras_optimizer.build(theirs)
    move = mover(optimizer)
    for step in range(8):
        if step == 5:
            optimizer.learning_rate.assign(0.3)
            keras_optimizer.learning_rate = 0.3
        move(*gradients(step))
        keras_optimizer.apply(gradients(step), theirs)
        for our, their in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(our.numpy(), their.numpy(), atol=1e-5)
    assert float(optimizer.steps) == 8


def test_with_its_state_restored_it_continues_with_the_same_steps():
    def moved(weights, optimizer, steps):
        move = mover(optimizer)
        for step in steps:
            move(*gradients(step))
        return [weight.numpy() for weight in weights]

    whole = variables()
    expected = moved(whole, adam.Adam(whole, 0.1), range(6))
    halfway = variables()
    before = adam.Adam(halfway, 0.1)
    moved(halfway, before, range(3))
    after = adam.Adam(halfway, 0.1)
    for new, old in zip(after.variables, before.variables, strict=True):
        new.assign(old)
    for our, their in zip(moved(halfway, after, range(3, 6)), expected, strict=True):
        np.testing.assert_array_equal(our, their)


def test_rows_that_were_looked_up_are_moved_as_keras_moves_them():
    """Some twice, some never: the embedding of a sentence with one word twice."""
    layer = keras.layers.Embedding(6, 3)
    layer.build((None, None))
    model = keras.Sequential([layer, keras.layers.Flatten()])
    ours = keras.Variable(layer.embeddings.numpy())
    ids, wanted = np.array([[1, 4, 4, 2]]), np.ones((1, 12), np.float32)
    optimizer = adam.Adam([ours], 0.01)

    @tf.function
    def step():
        found = tf.reshape(tf.gather(ours.value, ids), (1, 12))
        loss = tf.reduce_mean((found - wanted) ** 2)
        optimizer.move(tf.gradients(loss, [ours.value]))

    model.compile(keras.optimizers.Adam(0.01), loss="mse")
    for _ in range(5):
        model.train_on_batch(ids, wanted)
        step()
    np.testing.assert_allclose(ours.numpy(), layer.embeddings.numpy(), atol=1e-6)
