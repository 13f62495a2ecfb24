"""The default model's network in TensorFlow; `players` has the same in NumPy."""

import keras
import numpy as np
import tensorflow as tf

from core.layers.lstm import BlockLSTM
from core.music.model.inputs import WIDTH
from core.music.model.players import (
    DEGREES,
    EMBEDDING,
    INTERVAL_COLUMNS,
    PITCHES,
    WIDEST,
)
from core.music.model.repetition import NOTHING, PREDICTORS
from core.music.model.vocabulary import FIRST_NOTE, VOCABULARY
from core.task import State


class TrainableModel:
    """A model in training, with its weights by name."""

    named: dict[str, keras.Variable]

    @property
    def weights(self) -> list[keras.Variable]:
        """The weights in a list."""
        return list(self.named.values())

    def values(self) -> State:
        """Return copies of the weights by name."""
        return {name: np.array(w.numpy()) for name, w in self.named.items()}

    def use(self, values: State) -> None:
        """Set the weights."""
        for name, value in values.items():
            self.named[name].assign(value)


class Network:
    """Inputs -> embedding -> LSTM -> scores of the tokens.

    A token's score is a sum: of the token's own, and, for a note, of its interval from
    the note before, of its degree above the chord's root, and of each predictor that
    predicts it. So what is learnt of an interval, a degree or a predictor holds for
    every pitch.
    """

    def __init__(self, units: int, seed: int) -> None:
        self.units = units
        glorot = [keras.initializers.GlorotUniform(seed + n) for n in range(4)]
        self.embed = keras.Variable(glorot[0]((WIDTH, EMBEDDING)))
        self.lstm = BlockLSTM(units, seed=seed + 10)
        self.lstm.build((None, None, EMBEDDING))
        columns = VOCABULARY.size + INTERVAL_COLUMNS + DEGREES + PREDICTORS
        self.score = keras.Variable(0.3 * glorot[1]((units + EMBEDDING, columns)))
        self.bias = keras.Variable(np.zeros(columns, np.float32))
        self.named = {
            "embed": self.embed,
            "kernel": self.lstm.kernel,
            "recurrent": self.lstm.recurrent_kernel,
            "gates": self.lstm.bias,
            "score": self.score,
            "bias": self.bias,
        }

    def __call__(
        self,
        x: tf.Tensor,
        context: tuple[tf.Tensor, tf.Tensor, tf.Tensor],
        dropout: float = 0.0,
        seed: tf.Tensor | None = None,
    ) -> tf.Tensor:
        """Return the scores of the tokens before the softmax, (batch, time, tokens).

        Parameters
        ----------
        x
            Inputs (batch, time, WIDTH).
        context
            Latest pitches (batch, time), roots (batch, time), and predictions
            (batch, time, PREDICTORS), with NOTHING where one is missing.
        dropout, seed
            Rate at the embedding and at the LSTM's outputs, and its seed (2,); None is
            no dropout.
        """
        embedded = tf.nn.relu(x @ self.embed.value)
        embedded = _dropout(embedded, dropout, seed, 1)
        hidden, _ = self.lstm(embedded)
        hidden = _dropout(hidden, dropout, seed, 2)
        columns = tf.concat([hidden, embedded], axis=2) @ self.score.value
        columns += self.bias.value
        sizes = [VOCABULARY.size, INTERVAL_COLUMNS, DEGREES, PREDICTORS]
        tokens, intervals, degrees, predictors = tf.split(columns, sizes, axis=2)
        before, roots, predictions = context
        pitches = tf.constant(PITCHES)
        index = tf.clip_by_value(pitches - before[..., None], -WIDEST, WIDEST) + WIDEST
        index = tf.where(before[..., None] == NOTHING, INTERVAL_COLUMNS - 1, index)
        notes = tf.gather(intervals, index, batch_dims=2)
        degree = tf.math.floormod(pitches - roots[..., None], DEGREES)
        has_chord = tf.cast(roots != NOTHING, tf.float32)[..., None]
        notes += tf.gather(degrees, degree, batch_dims=2) * has_chord
        notes = tf.pad(notes, [[0, 0], [0, 0], [FIRST_NOTE, 0]])
        predicted = tf.one_hot(predictions, VOCABULARY.size)  # zeros for NOTHING
        return tokens + notes + tf.einsum("bts,btsv->btv", predictors, predicted)


def _dropout(x: tf.Tensor, rate: float, seed: tf.Tensor | None, n: int) -> tf.Tensor:
    if seed is None or rate == 0.0:
        return x
    return tf.nn.experimental.stateless_dropout(x, rate, seed + tf.constant([0, n]))
