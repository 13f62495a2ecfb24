"""The three models in TensorFlow, built from one Config, as they are trained."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from core.emoji.config import Config
from core.emoji.model.answering import weight_name
from core.emoji.model.vocabulary import FIRST_WORD, UNKNOWN
from core.layers.lstm import BlockLSTM


class Dropout:
    """Dropout masks from one seed; without a seed nothing is dropped.

    A mask depends on the seed (2,) and on how many masks came before it, so that a
    resumed training repeats it.
    """

    def __init__(self, seed: tf.Tensor | None) -> None:
        self.seed = seed
        self.masks = 0

    def mask(self, shape: tuple[tf.Tensor | int, ...], rate: float) -> tf.Tensor:
        """Return a mask that is true for a share `rate` of the elements."""
        self.masks += 1
        seed = self.seed + tf.constant([0, self.masks])
        return tf.random.stateless_uniform(shape, seed) < rate

    def drop(self, x: tf.Tensor, rate: float, shape: tuple[int, ...]) -> tf.Tensor:
        """Zero some of x and enlarge the rest; `shape` has 1 where a mask is shared."""
        if self.seed is None or rate == 0.0:
            return x
        passed = tf.logical_not(self.mask(shape, rate))
        return x * tf.cast(passed, x.dtype) / (1.0 - rate)

    def drop_words(self, ids: tf.Tensor, rate: float) -> tf.Tensor:
        """Replace some of the words by UNKNOWN (batch, time)."""
        if self.seed is None or rate == 0.0:
            return ids
        dropped = self.mask(tf.shape(ids), rate) & (ids >= FIRST_WORD)
        return tf.where(dropped, UNKNOWN, ids)


class Network:
    """Vectors -> LSTMs -> pooling -> a score for each class; v1 has no LSTM.

    Vectors have `size` dimensions. Each `number` of `Config.networks` starts from its
    own weights. There is one output more than classes if the last is that of none.
    """

    def __init__(self, config: Config, size: int, number: int, outputs: int) -> None:
        self.config = config
        self.named: dict[str, keras.Variable] = {}  # keys of `weight_name`
        self.layers: list[list[BlockLSTM]] = []
        random = np.random.default_rng([config.seed, number])
        seed = int(random.integers(2**30))
        width = size
        for layer in range(config.layers if config.recurrent else 0):
            cells = []
            for index, direction in enumerate(
                ("forward", "backward")[: config.directions]
            ):
                cell = BlockLSTM(config.units, seed=seed + 10 * layer + 2 * index)
                cell.build((None, None, width))
                for part in ("kernel", "recurrent_kernel", "bias"):
                    key = weight_name(number, layer, direction, part)
                    self.named[key] = getattr(cell, part)
                cells.append(cell)
            self.layers.append(cells)
            width = config.units * config.directions
        width *= len(config.pooled)
        initializer = keras.initializers.GlorotUniform(seed + 999)
        self.head = keras.layers.Dense(outputs, kernel_initializer=initializer)
        self.head.build((None, width))
        self.named[weight_name(number, "head", "out", "kernel")] = self.head.kernel
        self.named[weight_name(number, "head", "out", "bias")] = self.head.bias

    def __call__(self, x: tf.Tensor, lengths: tf.Tensor, dropout: Dropout) -> tf.Tensor:
        """Return the scores before any softmax (batch, outputs).

        x are the vectors of the words (batch, time, size), `lengths` how many words
        each sentence has (batch,).
        """
        batch, time = tf.shape(x)[0], tf.shape(x)[1]
        x = dropout.drop(x, self.config.spatial_dropout, (batch, 1, x.shape[2]))
        last = x[:, 0]
        for number, cells in enumerate(self.layers):
            if number:
                x = dropout.drop(x, self.config.dropout, (batch, time, x.shape[2]))
            forward, _ = cells[0](x)
            outputs, lasts = [forward], [_last(forward, lengths)]
            for cell in cells[1:]:
                backward, _ = cell(tf.reverse_sequence(x, lengths, seq_axis=1))
                lasts.append(_last(backward, lengths))
                outputs.append(tf.reverse_sequence(backward, lengths, seq_axis=1))
            x, last = tf.concat(outputs, axis=2), tf.concat(lasts, axis=1)
        pooled = _pool(self.config.pooled, x, last, lengths)
        pooled = dropout.drop(pooled, self.config.dropout, (batch, pooled.shape[1]))
        return self.head(pooled)


def _last(x: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
    """Return the output at the last word of each sentence (batch, size)."""
    return tf.gather(x, lengths - 1, axis=1, batch_dims=1)


def _pool(
    kinds: Sequence[str], x: tf.Tensor, last: tf.Tensor, lengths: tf.Tensor
) -> tf.Tensor:
    inside = tf.sequence_mask(lengths, tf.shape(x)[1])[..., None]
    total = tf.reduce_sum(tf.where(inside, x, 0.0), axis=1)
    pooled = {
        "last": last,
        "max": tf.reduce_max(tf.where(inside, x, -1.0), axis=1),
        "mean": total / tf.cast(lengths, x.dtype)[:, None],
    }
    return tf.concat([pooled[kind] for kind in kinds], axis=1)
