"""One step of a Keras optimizer, for workers that train many networks in a row."""

from collections.abc import Sequence

import keras
import tensorflow as tf


def apply_gradients(
    optimizer: keras.optimizers.Optimizer,
    gradients: Sequence[tf.Tensor],
    weights: Sequence[keras.Variable],
) -> None:
    """Move the weights as `optimizer.apply` would, without its sum over replicas.

    That sum registers a gradient under a new name each time it is traced, and with
    it TensorFlow keeps the whole traced graph as long as the process lives: about
    3 MB a training. Clipping, weight decay and averages of the optimizer are not
    applied.
    """
    for gradient, weight in zip(gradients, weights, strict=True):
        optimizer.update_step(gradient, weight, optimizer.learning_rate)
    optimizer.iterations.assign_add(1)
