"""The recurrent network of one tanh layer, forward and backward in time.

The network is that of J. L. Elman, "Finding structure in time", Cognitive
Science 14 (1990); its gradient is backpropagation through time, P. J. Werbos,
"Backpropagation through time: what it does and how to do it", Proc. IEEE 78
(1990). The equations, numbered as in the comments below:

    a_t = tanh(Waa a_{t-1} + Wax x_t + ba)                                  (1)
    y_t = softmax(Wya a_t + by)                                             (2)

    dz_t    = (1 - a_t²) * da_t          z_t: the argument of tanh in (1)   (3)
    dx_t    = Waxᵀ dz_t                                                     (4)
    da_{t-1} = Waaᵀ dz_t + what the loss at t-1 adds                        (5)
    dWax    = Σ_t dz_t x_tᵀ                                                 (6)
    dWaa    = Σ_t dz_t a_{t-1}ᵀ                                             (7)
    dba     = Σ_t dz_t, summed over the batch                               (8)

d... stands for the derivative of the loss with respect to ... .
Sizes: n_x inputs, n_a hidden units, n_y outputs, m examples, T_x time steps.
Arrays whose shapes do not fit raise `core.recurrent.ShapeError`.
"""

import numpy as np

from core.recurrent import (
    Array,
    Axes,
    Gradients,
    Parameters,
    check_shapes,
    check_upstream,
    softmax,
)

Cache = tuple[Array, Array, Array, Parameters]  # a_next, a_prev, xt, parameters
Caches = tuple[list[Cache], Array]  # of every step, and x

WEIGHTS: Axes = {
    "Wax": ("n_a", "n_x"),
    "Waa": ("n_a", "n_a"),
    "Wya": ("n_y", "n_a"),
    "ba": ("n_a", "1"),
    "by": ("n_y", "1"),
}
STEP: Axes = {"xt": ("n_x", "m"), "a_prev": ("n_a", "m"), **WEIGHTS}
SEQUENCE: Axes = {"x": ("n_x", "m", "T_x"), "a0": ("n_a", "m"), **WEIGHTS}
SUMMED = ("Wax", "Waa", "ba")  # the same weights at every step: their gradients add up


def rnn_cell_forward(
    xt: Array, a_prev: Array, parameters: Parameters
) -> tuple[Array, Array, Cache]:
    """Compute one time step: equations (1) and (2), Elman 1990.

    Parameters
    ----------
    xt
        Input at step t, (n_x, m).
    a_prev
        Hidden state at step t-1, (n_a, m).
    parameters
        Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), ba (n_a, 1), by (n_y, 1).

    Returns
    -------
    a_next
        Hidden state at step t, (n_a, m).
    yt_pred
        Probabilities at step t, (n_y, m).
    cache
        (a_next, a_prev, xt, parameters), for `rnn_cell_backward`.
    """
    check_shapes(STEP, {"xt": xt, "a_prev": a_prev, **parameters})
    Wax, Waa, Wya = parameters["Wax"], parameters["Waa"], parameters["Wya"]
    ba, by = parameters["ba"], parameters["by"]

    a_next = np.tanh(Waa @ a_prev + Wax @ xt + ba)  # (1)  (n_a, m)
    yt_pred = softmax(Wya @ a_next + by)  # (2)  (n_y, m)

    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(
    x: Array, a0: Array, parameters: Parameters
) -> tuple[Array, Array, Caches]:
    """Run over a sequence: `rnn_cell_forward` at each step.

    Parameters
    ----------
    x
        Inputs, (n_x, m, T_x).
    a0
        Hidden state before the first step, (n_a, m).
    parameters
        As for `rnn_cell_forward`.

    Returns
    -------
    a
        Hidden states, (n_a, m, T_x).
    y_pred
        Probabilities, (n_y, m, T_x).
    caches
        (list of the caches of all steps, x), for `rnn_backward`.
    """
    check_shapes(SEQUENCE, {"x": x, "a0": a0, **parameters})
    a = np.zeros((*a0.shape, x.shape[2]))  # (n_a, m, T_x)
    y_pred = np.zeros((len(parameters["by"]), *x.shape[1:]))  # (n_y, m, T_x)
    caches = []

    a_next = a0
    for t in range(x.shape[2]):
        a_next, y_pred[:, :, t], cache = rnn_cell_forward(
            x[:, :, t], a_next, parameters
        )
        a[:, :, t] = a_next
        caches.append(cache)

    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next: Array, cache: Cache) -> Gradients:
    """Backpropagate through one time step: equations (3) to (8) for one t, Werbos 1990.

    Parameters
    ----------
    da_next
        Derivative of the loss with respect to a_next, (n_a, m).
    cache
        As returned by `rnn_cell_forward`.

    Returns
    -------
    dict
        dxt (n_x, m), da_prev (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a),
        dba (n_a, 1).
    """
    a_next, a_prev, xt, parameters = cache
    both = {"a_next": a_next, "da_next": da_next}
    check_shapes(dict.fromkeys(both, ("n_a", "m")), both)

    dz = (1 - a_next**2) * da_next  # (3)  (n_a, m)
    return {
        "dxt": parameters["Wax"].T @ dz,  # (4)
        "da_prev": parameters["Waa"].T @ dz,  # (5)
        "dWax": dz @ xt.T,  # (6)
        "dWaa": dz @ a_prev.T,  # (7)
        "dba": dz.sum(axis=1, keepdims=True),  # (8)
    }


def rnn_backward(da: Array, caches: Caches) -> Gradients:
    """Backpropagate through a whole sequence, last step first.

    Parameters
    ----------
    da
        Derivative of the loss with respect to each hidden state *through the
        output of its own step*, (n_a, m, T_x). What comes from later steps is added
        here, equation (5). Fewer than T_x steps: the loss depends on these only.
    caches
        As returned by `rnn_forward`.

    Returns
    -------
    dict
        dx (n_x, m, T_x), da0 (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a),
        dba (n_a, 1).
    """
    steps, x = caches
    a_next, _, _, parameters = steps[0]
    check_upstream(da, a_next, len(steps))
    T_x = da.shape[2]
    dx = np.zeros((*x.shape[:2], T_x))  # (n_x, m, T_x)
    sums = {"d" + name: np.zeros(parameters[name].shape) for name in SUMMED}

    da_prev = np.zeros(a_next.shape)  # nothing comes after the last step
    for t in reversed(range(T_x)):
        step = rnn_cell_backward(da[:, :, t] + da_prev, steps[t])
        da_prev = step["da_prev"]  # (5): passed to step t-1
        dx[:, :, t] = step["dxt"]
        for name in sums:
            sums[name] += step[name]  # (6), (7), (8): summed over time

    return {"dx": dx, "da0": da_prev, **sums}
