"""An LSTM layer on TensorFlow's fused step, in the weights layout of Keras."""

import keras
import tensorflow as tf

from core.layers.lstm_gradient import through_time

WIDE = 128  # units from which our own backward pass is faster than the kernel's


class BlockLSTM(keras.layers.Layer):  # type: ignore[misc]
    """LSTM over a whole sequence in one fused operation.

    Computes what `keras.layers.LSTM` computes (Hochreiter & Schmidhuber 1997 with
    the forget gate of Gers et al. 2000), from the same three weights, in about
    two thirds of the time on one core: TensorFlow runs the loop over time inside
    one kernel, forward and backward, instead of as a graph of small operations.
    With XLA (`jit_compile`) Keras' layer takes 1.5 times as long as this one at the
    shapes of prices, .8 to .9 times at those of emoji and 2.4 to 2.6 times at those of
    music. It needs 1.2 to 1.8 s to compile each length of a batch, of which emoji and
    music have about twenty (`python -m benchmarks.layers keras`).
    The gradient of a wide layer is that of `core.layers.lstm_gradient` with
    `tf.gradients`; with a tape it is the kernel's.

    Parameters
    ----------
    units
        Size of the hidden state.
    seed
        Seed of the initial weights, of the same distributions as in Keras.

    Attributes
    ----------
    kernel
        Input weights (features, 4 * units), gates in the order i, f, c, o.
    recurrent_kernel
        Hidden weights (units, 4 * units), in the same order.
    bias
        (4 * units,); initially 1 for the forget gate and 0 for the others.
    """

    def __init__(self, units: int, seed: int = 0, name: str | None = None) -> None:
        super().__init__(name=name)
        self.units = units
        self.seed = seed

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the weights for inputs of shape (batch, time, features)."""
        wide = 4 * self.units
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], wide),
            initializer=keras.initializers.GlorotUniform(self.seed),
        )
        self.recurrent_kernel = self.add_weight(
            name="recurrent_kernel",
            shape=(self.units, wide),
            initializer=keras.initializers.Orthogonal(seed=self.seed + 1),
        )
        self.bias = self.add_weight(name="bias", shape=(wide,), initializer="zeros")
        zero = [0.0] * self.units
        self.bias.assign(zero + [1.0] * self.units + zero + zero)

    def call(
        self, x: tf.Tensor, state: tuple[tf.Tensor, tf.Tensor] | None = None
    ) -> tuple[tf.Tensor, tuple[tf.Tensor, tf.Tensor]]:
        """Run over `x` from a state, or from zeros.

        Parameters
        ----------
        x
            Inputs (batch, time, features).
        state
            Hidden and cell state before the first step, each (batch, units).

        Returns
        -------
        tuple
            Hidden states (batch, time, units), and the last hidden and cell state.
        """
        x = tf.transpose(x, (1, 0, 2))  # (time, batch, features)
        if state is None:
            zeros = tf.zeros((tf.shape(x)[1], self.units))
            state = (zeros, zeros)
        weights = tuple(
            tf.convert_to_tensor(weight)
            for weight in (self.kernel, self.recurrent_kernel, self.bias)
        )
        gates = _fused(x, state, weights)
        if self.units >= WIDE:
            gates = through_time(x, state, weights, gates)
        _, cells, _, _, _, _, hidden = gates
        return tf.transpose(hidden, (1, 0, 2)), (hidden[-1], cells[-1])


def _fused(
    x: tf.Tensor, state: tuple[tf.Tensor, tf.Tensor], weights: tuple[tf.Tensor, ...]
) -> list[tf.Tensor]:
    """Return i, cells, f, o, candidates, tanh(cells), hidden (time, batch, units)."""
    kernel, recurrent_kernel, bias = weights
    peephole = tf.zeros(state[0].shape[1])
    return list(
        tf.raw_ops.BlockLSTM(
            seq_len_max=tf.shape(x, out_type=tf.int64)[0],
            x=x,
            h_prev=state[0],
            cs_prev=state[1],
            w=_gates_for_block(tf.concat([kernel, recurrent_kernel], axis=0)),
            b=_gates_for_block(bias),
            wci=peephole,
            wcf=peephole,
            wco=peephole,
            forget_bias=0.0,
            cell_clip=-1.0,  # without it the kernel clips the cell at 3
            use_peephole=False,
        )
    )


def _gates_for_block(weights: tf.Tensor) -> tf.Tensor:
    """Put gates in the kernel's order i, c, f, o. Keras has i, f, c, o."""
    i, f, c, o = tf.split(weights, 4, axis=-1)
    return tf.concat([i, c, f, o], axis=-1)
