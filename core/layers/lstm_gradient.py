"""The backward pass of a wide LSTM layer: backpropagation through time by hand.

TensorFlow's kernel multiplies matrices at each step of time, once for the weights,
once for the inputs and once for the state before. Only the last of these has to wait
for the step after it. Here the others are one product over all steps each, which is
faster where a layer is wide.
"""

import tensorflow as tf

NAME = "UnrolledLSTM"


def through_time(
    x: tf.Tensor,
    state: tuple[tf.Tensor, tf.Tensor],
    weights: tuple[tf.Tensor, ...],
    gates: list[tf.Tensor],
) -> list[tf.Tensor]:
    """Return the gates as they are, with this module's gradient behind them.

    The gradient is registered under one name when the module is imported. A
    `tf.custom_gradient` registers a new one at each tracing, which keeps the traced
    graph as long as the process lives.

    Parameters
    ----------
    x
        Inputs (time, batch, features).
    state
        Hidden and cell state before the first step, each (batch, units).
    weights
        Input weights (features, 4 * units), hidden weights (units, 4 * units) and
        biases (4 * units,), gates in the order i, f, c, o.
    gates
        What followed from them: input gates, cell states, forget gates, output
        gates, candidates, tanh of the cell states, hidden states, each
        (time, batch, units).
    """
    known = [x, *state, *weights]
    with tf.compat.v1.get_default_graph().gradient_override_map({"IdentityN": NAME}):
        return list(tf.identity_n([*known, *gates]))[len(known) :]


@tf.RegisterGradient(NAME)  # type: ignore[untyped-decorator]
def _backward(op: tf.Operation, *grads: tf.Tensor) -> list[tf.Tensor | None]:
    """Gradients of x, state and weights from those of cell and hidden states."""
    x, h0, c0, kernel, recurrent_kernel, _, *gates = op.inputs
    dcells, dhidden = grads[7], grads[12]
    hidden = gates[-1]
    dz, dh0, dc0 = _backward_steps(gates, c0, recurrent_kernel, dcells, dhidden)
    rows = tf.reshape(dz, (-1, dz.shape[2]))  # (time * batch, 4 * units)
    dx = tf.matmul(rows, kernel, transpose_b=True)
    return [
        tf.reshape(dx, tf.shape(x)),
        dh0,
        dc0,
        _outer(x, rows),
        _outer(tf.concat([h0[None], hidden[:-1]], axis=0), rows),
        tf.reduce_sum(rows, axis=0),
        *[None] * len(gates),
    ]


def _outer(values: tf.Tensor, rows: tf.Tensor) -> tf.Tensor:
    """Sum over time and batch of the outer products of values and gradients."""
    flat = tf.reshape(values, (-1, values.shape[2]))
    return tf.matmul(flat, rows, transpose_a=True)


def _backward_steps(
    gates: list[tf.Tensor],
    c0: tf.Tensor,
    recurrent_kernel: tf.Tensor,
    dcells: tf.Tensor,
    dhidden: tf.Tensor,
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Backpropagate step by step.

    Returns
    -------
    tuple
        Gradients of the gates' arguments (time, batch, 4 * units), in the order
        i, f, c, o, and of the hidden and cell state before the first step.
    """
    i, cells, f, o, candidate, tanh, _ = gates
    before = tf.concat([c0[None], cells[:-1]], axis=0)
    by_cell = tf.concat(  # derivatives of the cell state by the gates' arguments
        [
            candidate * i * (1.0 - i),
            before * f * (1.0 - f),
            i * (1.0 - candidate * candidate),
        ],
        axis=2,
    )
    by_hidden = tf.concat([o * (1.0 - tanh * tanh), tanh * o * (1.0 - o)], axis=2)

    def step(
        t: tf.Tensor, dh: tf.Tensor, dc: tf.Tensor, found: tf.TensorArray
    ) -> tuple[tf.Tensor, ...]:
        dh = dh + dhidden[t]
        to_cell, to_output = tf.split(by_hidden[t], 2, axis=1)
        dc = dc + dh * to_cell + dcells[t]
        dz = tf.concat([tf.tile(dc, (1, 3)) * by_cell[t], dh * to_output], axis=1)
        dh = tf.matmul(dz, recurrent_kernel, transpose_b=True)
        return t - 1, dh, dc * f[t], found.write(t, dz)

    steps = tf.shape(cells)[0]
    found = tf.TensorArray(tf.float32, steps)
    zeros = tf.zeros_like(c0)
    _, dh0, dc0, found = tf.while_loop(
        lambda t, *_: t >= 0,
        step,
        (steps - 1, zeros, zeros, found),
        parallel_iterations=1,
    )
    dz = found.stack()
    dz.set_shape((None, None, recurrent_kernel.shape[1]))
    return dz, dh0, dc0
