"""The default model in TensorFlow, as it is trained; `forward` is the same in NumPy."""

import keras
import numpy as np
import tensorflow as tf

from core.layers.lstm import BlockLSTM
from core.music.inputs import VOCABULARY, WIDTH
from core.music.scores import DEGREES, EMBEDDED, LEAP_COLUMNS, PITCHES, WIDEST
from core.music.sources import NOTHING, SOURCES
from core.music.vocabulary import FIRST_NOTE


class Network:
    """Inputs -> embedding -> LSTM -> scores of the tokens.

    A token's score is a sum: of itself, and, for a note, of its leap from the note
    before, of its degree above the chord's root, and of each source that foretells
    it. What is learnt of a leap, a degree or a source counts for every pitch.

    Parameters
    ----------
    units
        Size of the LSTM.
    seed
        Of the first weights.
    """

    def __init__(self, units: int, seed: int) -> None:
        self.units = units
        glorot = [keras.initializers.GlorotUniform(seed + n) for n in range(4)]
        self.embed = keras.Variable(glorot[0]((WIDTH, EMBEDDED)))
        self.lstm = BlockLSTM(units, seed=seed + 10)
        self.lstm.build((None, None, EMBEDDED))
        wide = units + EMBEDDED
        columns = VOCABULARY.size + LEAP_COLUMNS + DEGREES + SOURCES
        self.score = keras.Variable(0.3 * glorot[1]((wide, columns)))
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
        facts: tuple[tf.Tensor, tf.Tensor, tf.Tensor],
        dropout: float = 0.0,
        chance: tf.Tensor | None = None,
    ) -> tf.Tensor:
        """Return the scores of the tokens before any softmax, (batch, time, tokens).

        Parameters
        ----------
        x
            Inputs (batch, time, WIDTH).
        facts
            Latest pitches (batch, time), roots (batch, time), and what the sources
            foretell (batch, time, SOURCES), with NOTHING where there is none.
        dropout
            Share hidden of the embedding and of the LSTM's outputs.
        chance
            Seed of what is hidden (2,).
        """
        embedded = tf.nn.relu(x @ self.embed.value)
        embedded = _drop(embedded, dropout, chance, 1)
        hidden, _ = self.lstm(embedded)
        hidden = _drop(hidden, dropout, chance, 2)
        columns = tf.concat([hidden, embedded], axis=2) @ self.score.value
        columns += self.bias.value
        sizes = [VOCABULARY.size, LEAP_COLUMNS, DEGREES, SOURCES]
        tokens, leaps, degrees, sources = tf.split(columns, sizes, axis=2)
        before, roots, said = facts
        pitches = tf.constant(PITCHES)
        leap = tf.clip_by_value(pitches - before[..., None], -WIDEST, WIDEST) + WIDEST
        leap = tf.where(before[..., None] == NOTHING, LEAP_COLUMNS - 1, leap)
        notes = tf.gather(leaps, leap, batch_dims=2)
        degree = tf.math.floormod(pitches - roots[..., None], DEGREES)
        chorded = tf.cast(roots != NOTHING, tf.float32)[..., None]
        notes += tf.gather(degrees, degree, batch_dims=2) * chorded
        notes = tf.pad(notes, [[0, 0], [0, 0], [FIRST_NOTE, 0]])
        foretold = tf.one_hot(said, VOCABULARY.size)  # NOTHING has no place
        return tokens + notes + tf.einsum("bts,btsv->btv", sources, foretold)


def _drop(x: tf.Tensor, rate: float, chance: tf.Tensor | None, place: int) -> tf.Tensor:
    if chance is None or rate == 0.0:
        return x
    seed = chance + tf.constant([0, place])
    return tf.nn.experimental.stateless_dropout(x, rate, seed)
