"""The three models in TensorFlow, built from one Config, as they are trained."""

import keras
import numpy as np
import tensorflow as tf

from core.emoji.config import Config
from core.emoji.labels import CLASSES
from core.emoji.model.reading import name
from core.emoji.model.vocabulary import FIRST, UNKNOWN
from core.layers.lstm import BlockLSTM


class Chance:
    """Masks of zeros for what dropout hides, drawn from one seed.

    A mask depends on the seed (2,) and on how many were drawn before it, so that
    a resumed training hides the same. Without a seed nothing is hidden.
    """

    def __init__(self, seed: tf.Tensor | None) -> None:
        self.seed = seed
        self.drawn = 0

    def hidden(self, shape: tuple[tf.Tensor | int, ...], rate: float) -> tf.Tensor:
        """Draw true for a share `rate` of the places."""
        self.drawn += 1
        seed = self.seed + tf.constant([0, self.drawn])
        return tf.random.stateless_uniform(shape, seed) < rate

    def drop(self, x: tf.Tensor, rate: float, shape: tuple[int, ...]) -> tf.Tensor:
        """Zero some of x and enlarge the rest; `shape` has 1 where a mask is shared."""
        if self.seed is None or rate == 0.0:
            return x
        shown = tf.logical_not(self.hidden(shape, rate))
        return x * tf.cast(shown, x.dtype) / (1.0 - rate)


class Network:
    """Vectors -> LSTMs -> pooling -> five scores; v1 has no LSTM.

    Parameters
    ----------
    config
        How it is built.
    size
        Dimensions of a word vector.
    number
        Which of `Config.networks` it is: each starts from its own weights.
    """

    def __init__(self, config: Config, size: int, number: int) -> None:
        self.config = config
        self.named: dict[str, keras.Variable] = {}
        self.layers: list[list[BlockLSTM]] = []
        chance = np.random.default_rng([config.seed, number])
        seed = int(chance.integers(2**30))
        width = size
        for layer in range(config.layers if config.recurrent else 0):
            cells = []
            for place, direction in enumerate(
                ("forward", "backward")[: config.directions]
            ):
                cell = BlockLSTM(config.units, seed=seed + 10 * layer + 2 * place)
                cell.build((None, None, width))
                for part in ("kernel", "recurrent_kernel", "bias"):
                    key = name(number, layer, direction, part)
                    self.named[key] = getattr(cell, part)
                cells.append(cell)
            self.layers.append(cells)
            width = config.units * config.directions
        if config.kept == "all":
            width *= 3
        initializer = keras.initializers.GlorotUniform(seed + 999)
        self.head = keras.layers.Dense(CLASSES, kernel_initializer=initializer)
        self.head.build((None, width))
        self.named[name(number, "head", "out", "kernel")] = self.head.kernel
        self.named[name(number, "head", "out", "bias")] = self.head.bias

    def __call__(self, x: tf.Tensor, lengths: tf.Tensor, chance: Chance) -> tf.Tensor:
        """Return the scores of the emojis before any softmax (batch, 5).

        Parameters
        ----------
        x
            Vectors of the words (batch, time, size).
        lengths
            Words of each sentence (batch,).
        chance
            What is hidden.
        """
        batch, time = tf.shape(x)[0], tf.shape(x)[1]
        x = chance.drop(x, self.config.spatial_dropout, (batch, 1, x.shape[2]))
        last = x[:, 0]
        for number, cells in enumerate(self.layers):
            if number:
                x = chance.drop(x, self.config.dropout, (batch, time, x.shape[2]))
            ahead, _ = cells[0](x)
            outputs, lasts = [ahead], [_at_end(ahead, lengths)]
            for cell in cells[1:]:
                back, _ = cell(tf.reverse_sequence(x, lengths, seq_axis=1))
                lasts.append(_at_end(back, lengths))
                outputs.append(tf.reverse_sequence(back, lengths, seq_axis=1))
            x, last = tf.concat(outputs, axis=2), tf.concat(lasts, axis=1)
        kept = _pooled(self.config.kept, x, last, lengths)
        kept = chance.drop(kept, self.config.dropout, (batch, kept.shape[1]))
        return self.head(kept)


def without_words(ids: tf.Tensor, rate: float, chance: Chance) -> tf.Tensor:
    """Put UNKNOWN in the place of some of the words (batch, time)."""
    if chance.seed is None or rate == 0.0:
        return ids
    hidden = chance.hidden(tf.shape(ids), rate) & (ids >= FIRST)
    return tf.where(hidden, UNKNOWN, ids)


def _at_end(x: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
    """Return what stands at the last word of each sentence (batch, size)."""
    return tf.gather(x, lengths - 1, axis=1, batch_dims=1)


def _pooled(
    pooling: str, x: tf.Tensor, last: tf.Tensor, lengths: tf.Tensor
) -> tf.Tensor:
    inside = tf.sequence_mask(lengths, tf.shape(x)[1])[..., None]
    parts = []
    if pooling in ("last", "all"):
        parts.append(last)
    if pooling in ("max", "all"):
        parts.append(tf.reduce_max(tf.where(inside, x, -1.0), axis=1))
    if pooling in ("mean", "all"):
        total = tf.reduce_sum(tf.where(inside, x, 0.0), axis=1)
        parts.append(total / tf.cast(lengths, x.dtype)[:, None])
    return tf.concat(parts, axis=1)
