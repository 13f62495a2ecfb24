"""The long short-term memory, after Hochreiter and Schmidhuber, with a forget gate.

S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9
(1997), had no forget gate, and truncated the gradient between steps on purpose. The
forget gate is that of F. Gers, J. Schmidhuber and F. Cummins, "Learning to forget",
Neural Computation 12 (2000); the gradient through all steps is that of A. Graves and
J. Schmidhuber, "Framewise phoneme classification with bidirectional LSTM", Neural
Networks 18 (2005). [h; x] is h on top of x:

    f_t  = σ(Wf [h_{t-1}; x_t] + bf)      forget gate                       (1)
    i_t  = σ(Wi [h_{t-1}; x_t] + bi)      input gate                        (2)
    c̃_t  = tanh(Wc [h_{t-1}; x_t] + bc)   candidate                         (3)
    o_t  = σ(Wo [h_{t-1}; x_t] + bo)      output gate                       (4)
    c_t  = f_t * c_{t-1} + i_t * c̃_t      cell state                        (5)
    h_t  = o_t * tanh(c_t)                hidden state                      (6)
    y_t  = softmax(Wy h_t + by)                                             (7)

and backward, where d... is the derivative of the loss with respect to ..., and dzf,
dzi, dzc, dzo are those with respect to the arguments of σ and tanh in (1) to (4):

    dzo  = dh_t * tanh(c_t) * o_t (1 - o_t)                                 (8)
    dc_t += dh_t * o_t * (1 - tanh²(c_t))                                   (9)
    dzf  = dc_t * c_{t-1} * f_t (1 - f_t)                                  (10)
    dzi  = dc_t * c̃_t * i_t (1 - i_t)                                      (11)
    dzc  = dc_t * i_t * (1 - c̃_t²)                                         (12)
    dc_{t-1} = dc_t * f_t                                                  (13)
    [dh_{t-1}; dx_t] = Wfᵀdzf + Wiᵀdzi + Wcᵀdzc + Woᵀdzo                   (14)
    dW = Σ_t dz [h_{t-1}; x_t]ᵀ           for each of the four gates       (15)
    db = Σ_t dz, summed over the batch                                     (16)

The loss at t-1 adds its own term to dh_{t-1} in (14). In (13) dc is multiplied by f_t
alone: while the forget gate stays near 1, the gradient along c does not vanish.
Sizes: n_x inputs, n_a hidden units, n_y outputs, m examples, T steps. The weights have
the names of a well-known course, which writes a for h; `core.course` has its functions.
"""

import numpy as np

from core.course import Course
from core.recurrent import (
    Array,
    Cell,
    Gradients,
    Parameters,
    product_over_time,
    sigmoid,
    sum_over_time,
)


def lstm_stack(parameters: Parameters) -> tuple[Array, Array]:
    """Stack the four gates: W (4 n_a, n_a + n_x) and b (4 n_a, 1)."""
    W = np.concatenate([parameters["W" + gate] for gate in ("f", "i", "c", "o")])
    b = np.concatenate([parameters["b" + gate] for gate in ("f", "i", "c", "o")])
    return W, b


def lstm_step(
    xt: Array, h_prev: Array, c_prev: Array, W: Array, b: Array
) -> tuple[Array, Array, tuple[Array, ...]]:
    """Compute one time step, from xt (n_x, m), h_prev and c_prev (n_a, m)."""
    z = W @ np.concatenate([h_prev, xt]) + b  # (4 n_a, m), of all four gates
    z = z.reshape(4, *c_prev.shape)
    f, i, _, o = sigmoid(z)  # (1), (2), (4)  (n_a, m), like all that follow
    cc = np.tanh(z[2])  # (3)
    c = f * c_prev + i * cc  # (5)
    h = o * np.tanh(c)  # (6)
    return h, c, (h, c, h_prev, c_prev, f, i, cc, o, xt)


def lstm_step_back(
    dh: Array, dc: Array, cache: tuple[Array, ...], W: Array
) -> tuple[Array, Array, Array]:
    """Backpropagate through one time step, from dh and dc (n_a, m)."""
    h, c, _, c_prev, f, i, cc, o, _ = cache
    tanh_c = np.tanh(c)  # (n_a, m), like all here
    dzo = dh * tanh_c * o * (1 - o)  # (8)
    dc = dc + dh * o * (1 - tanh_c**2)  # (9)
    dzf = dc * c_prev * f * (1 - f)  # (10)
    dzi = dc * cc * i * (1 - i)  # (11)
    dzc = dc * i * (1 - cc**2)  # (12)
    dc_prev = dc * f  # (13)
    dz = np.concatenate([dzf, dzi, dzc, dzo])  # (4 n_a, m)
    dh_prev = W[:, : len(h)].T @ dz  # (14)
    return dz, dh_prev, dc_prev


def lstm_gradients(dz: Array, h_prev: Array, x: Array) -> Gradients:
    """Return the gradients of the weights from all steps."""
    dW = product_over_time(dz, np.concatenate([h_prev, x], axis=1))  # (15)
    db = sum_over_time(dz)  # (16)
    return {
        **dict(zip(("dWf", "dWi", "dWc", "dWo"), np.split(dW, 4), strict=True)),
        **dict(zip(("dbf", "dbi", "dbc", "dbo"), np.split(db, 4), strict=True)),
    }


def from_keras(kernel: Array, recurrent: Array, bias: Array) -> tuple[Array, Array]:
    """Return W and b from the weights of Keras, whose gates are i, f, c, o.

    Parameters
    ----------
    kernel, recurrent, bias
        (n_x, 4 n_a), (n_a, 4 n_a) and (4 n_a,).
    """
    i, f, c, o = np.split(np.vstack([recurrent, kernel, bias]).T, 4)
    W = np.concatenate([f, i, c, o])  # (4 n_a, n_a + n_x + 1)
    return np.ascontiguousarray(W[:, :-1]), W[:, -1:]


LSTM = Cell(
    name="lstm",
    title="LSTM",
    weights={
        **dict.fromkeys(("Wf", "Wi", "Wc", "Wo"), ("n_a", "n_a+n_x")),
        **dict.fromkeys(("bf", "bi", "bc", "bo"), ("n_a", "1")),
        "Wy": ("n_y", "n_a"),
        "by": ("n_y", "1"),
    },
    head=("Wy", "by"),
    gates=("f", "i", "c", "o"),
    keep=("bf", 1),
    states=("h", "c"),
    cache=("h", "c", "h_prev", "c_prev", "f", "i", "cc", "o", "xt"),
    stack=lstm_stack,
    step=lstm_step,
    step_back=lstm_step_back,
    gradients=lstm_gradients,
)
_course = Course(LSTM)
lstm_cell_forward, lstm_forward = _course.cell_forward, _course.forward
lstm_cell_backward, lstm_backward = _course.cell_backward, _course.backward
