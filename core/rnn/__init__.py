"""The recurrent network of one tanh layer, after Elman.

J. L. Elman, "Finding structure in time", Cognitive Science 14 (1990). He used logistic
units and the gradient of one step; tanh and backpropagation through time are common
today.

    h_t = tanh(Waa h_{t-1} + Wax x_t + ba)                                  (1)
    y_t = softmax(Wya h_t + by)                                             (2)

and backward, where d... is the derivative of the loss with respect to ..., and dz_t
that with respect to the argument of tanh:

    dz_t    = (1 - h_t²) * dh_t                                             (3)
    dx_t    = Waxᵀ dz_t                                                     (4)
    dh_{t-1} = Waaᵀ dz_t + what the loss at t-1 adds                        (5)
    dWax    = Σ_t dz_t x_tᵀ                                                 (6)
    dWaa    = Σ_t dz_t h_{t-1}ᵀ                                             (7)
    dba     = Σ_t dz_t, summed over the batch                               (8)

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
    sum_over_time,
)


def rnn_stack(parameters: Parameters) -> tuple[Array, Array, Array]:
    """Return the weights in the order in which the step takes them."""
    return parameters["Waa"], parameters["Wax"], parameters["ba"]


def rnn_step(
    xt: Array, h_prev: Array, Waa: Array, Wax: Array, ba: Array
) -> tuple[Array, tuple[Array, ...]]:
    """Compute one time step, from xt (n_x, m) and h_prev (n_a, m)."""
    h = np.tanh(Waa @ h_prev + Wax @ xt + ba)  # (1)  (n_a, m)
    return h, (h, h_prev, xt)


def rnn_step_back(
    dh: Array, cache: tuple[Array, ...], Waa: Array
) -> tuple[Array, Array]:
    """Backpropagate through one time step, from dh (n_a, m)."""
    h, _, _ = cache
    dz = (1 - h**2) * dh  # (3)  (n_a, m)
    dh_prev = Waa.T @ dz  # (5)  (n_a, m)
    return dz, dh_prev


def rnn_gradients(dz: Array, h_prev: Array, x: Array) -> Gradients:
    """Return the gradients of the weights from all steps."""
    return {
        "dWax": product_over_time(dz, x),  # (6)
        "dWaa": product_over_time(dz, h_prev),  # (7)
        "dba": sum_over_time(dz),  # (8)
    }


RNN = Cell(
    name="rnn",
    title="RNN",
    weights={
        "Wax": ("n_a", "n_x"),
        "Waa": ("n_a", "n_a"),
        "Wya": ("n_y", "n_a"),
        "ba": ("n_a", "1"),
        "by": ("n_y", "1"),
    },
    head=("Wya", "by"),
    gates=("h",),
    keep=None,
    states=("h",),
    cache=("h", "h_prev", "xt"),
    stack=rnn_stack,
    step=rnn_step,
    step_back=rnn_step_back,
    gradients=rnn_gradients,
)
_course = Course(RNN)
rnn_cell_forward, rnn_forward = _course.cell_forward, _course.forward
rnn_cell_backward, rnn_backward = _course.cell_backward, _course.backward
