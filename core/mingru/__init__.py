"""The minimal gated recurrent unit, forward and backward in time, and as a scan.

The cell is that of L. Feng, F. Tung, M. O. Ahmed, Y. Bengio and H. Hajimirsadeghi,
"Were RNNs all we needed?", arXiv:2410.01201 (2024). It is a GRU whose gate and
candidate do not read the hidden state. The equations, numbered as in the comments
below; the paper writes h for a and h̃ for c̃:

    z_t  = σ(Wz x_t + bz)                         update gate               (1)
    c̃_t  = Wc x_t + bc                            candidate                 (2)
    a_t  = (1 - z_t) * a_{t-1} + z_t * c̃_t        hidden state              (3)
    y_t  = softmax(Wy a_t + by)                                             (4)

    dz_t  = da_t * (c̃_t - a_{t-1}) * z_t (1 - z_t)    argument of σ in (1)  (5)
    dc̃_t  = da_t * z_t                                                      (6)
    dx_t  = Wzᵀdz_t + Wcᵀdc̃_t                                               (7)
    da_{t-1} = da_t * (1 - z_t) + what the loss at t-1 adds                 (8)
    dWz   = Σ_t dz_t x_tᵀ, dWc = Σ_t dc̃_t x_tᵀ                              (9)
    dbz   = Σ_t dz_t, dbc = Σ_t dc̃_t, summed over the batch                (10)

Here z_t near 1 *replaces* the old state; in `core.gru`, as in Cho et al. 2014, it keeps
it. With p_t = 1 - z_t and q_t = z_t * c̃_t, which depend on the inputs alone, (3) is
a_t = p_t * a_{t-1} + q_t. Two steps are one of the same form,

    (p, q) then (p', q')  =  (p p', p' q + q'),                            (11)

so that all states can be computed at once by a parallel scan, in log2(T_x) rounds in
place of T_x steps: `mingru_scan`.
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
    sigmoid,
    softmax,
)

# a_next, a_prev, zt, cct, xt, parameters
Cache = tuple[Array, Array, Array, Array, Array, Parameters]
Caches = tuple[list[Cache], Array]  # of every step, and x

WEIGHTS: Axes = {
    "Wz": ("n_a", "n_x"),
    "Wc": ("n_a", "n_x"),
    "bz": ("n_a", "1"),
    "bc": ("n_a", "1"),
    "Wy": ("n_y", "n_a"),
    "by": ("n_y", "1"),
}
STEP: Axes = {"xt": ("n_x", "m"), "a_prev": ("n_a", "m"), **WEIGHTS}
SEQUENCE: Axes = {"x": ("n_x", "m", "T_x"), "a0": ("n_a", "m"), **WEIGHTS}
SUMMED = ("Wz", "Wc", "bz", "bc")  # the same weights at every step


def mingru_cell_forward(
    xt: Array, a_prev: Array, parameters: Parameters
) -> tuple[Array, Array, Cache]:
    """Compute one time step: equations (1) to (4), Feng et al. 2024.

    Parameters
    ----------
    xt
        Input at step t, (n_x, m).
    a_prev
        Hidden state at step t-1, (n_a, m).
    parameters
        Wz, Wc (n_a, n_x), bz, bc (n_a, 1), Wy (n_y, n_a), by (n_y, 1).

    Returns
    -------
    a_next
        Hidden state at step t, (n_a, m).
    yt_pred
        Probabilities at step t, (n_y, m).
    cache
        (a_next, a_prev, zt, cct, xt, parameters), for `mingru_cell_backward`.
    """
    check_shapes(STEP, {"xt": xt, "a_prev": a_prev, **parameters})
    Wz, Wc, Wy = parameters["Wz"], parameters["Wc"], parameters["Wy"]
    bz, bc, by = parameters["bz"], parameters["bc"], parameters["by"]

    zt = sigmoid(Wz @ xt + bz)  # (1)  (n_a, m), like all that follow
    cct = Wc @ xt + bc  # (2)
    a_next = (1 - zt) * a_prev + zt * cct  # (3)
    yt_pred = softmax(Wy @ a_next + by)  # (4)  (n_y, m)

    return a_next, yt_pred, (a_next, a_prev, zt, cct, xt, parameters)


def mingru_forward(
    x: Array, a0: Array, parameters: Parameters
) -> tuple[Array, Array, Caches]:
    """Run over a sequence: `mingru_cell_forward` at each step.

    Parameters
    ----------
    x
        Inputs, (n_x, m, T_x).
    a0
        Hidden state before the first step, (n_a, m).
    parameters
        As for `mingru_cell_forward`.

    Returns
    -------
    a
        Hidden states, (n_a, m, T_x).
    y
        Probabilities, (n_y, m, T_x).
    caches
        (list of the caches of all steps, x), for `mingru_backward`.
    """
    check_shapes(SEQUENCE, {"x": x, "a0": a0, **parameters})
    a = np.zeros((*a0.shape, x.shape[2]))  # (n_a, m, T_x)
    y = np.zeros((len(parameters["by"]), *x.shape[1:]))  # (n_y, m, T_x)
    caches = []

    a_next = a0
    for t in range(x.shape[2]):
        a_next, y[:, :, t], cache = mingru_cell_forward(x[:, :, t], a_next, parameters)
        a[:, :, t] = a_next
        caches.append(cache)

    return a, y, (caches, x)


def mingru_scan(x: Array, a0: Array, parameters: Parameters) -> Array:
    """Compute all hidden states at once: equation (11) instead of a loop over time.

    After the round with distance d, (p_t, q_t) combines the last 2 d steps up to t
    (W. D. Hillis and G. L. Steele, "Data parallel algorithms", CACM 29, 1986). Each
    round is one operation on whole arrays, for as many processors as there are.

    Parameters
    ----------
    x, a0, parameters
        As for `mingru_forward`.

    Returns
    -------
    Array
        Hidden states, (n_a, m, T_x): those of `mingru_forward`.
    """
    check_shapes(SEQUENCE, {"x": x, "a0": a0, **parameters})
    steps = np.moveaxis(x, 2, 0)  # (T_x, n_x, m)
    z = sigmoid(parameters["Wz"] @ steps + parameters["bz"])  # (1)  (T_x, n_a, m)
    p, q = 1 - z, z * (parameters["Wc"] @ steps + parameters["bc"])  # (2)

    distance = 1
    while distance < len(steps):
        q[distance:] = p[distance:] * q[:-distance] + q[distance:]  # (11)
        p[distance:] = p[distance:] * p[:-distance]
        distance *= 2
    return np.moveaxis(p * a0 + q, 0, 2)


def mingru_cell_backward(da_next: Array, cache: Cache) -> Gradients:
    """Backpropagate through one time step: equations (5) to (10) for one t.

    Parameters
    ----------
    da_next
        Derivative of the loss with respect to a_next, (n_a, m).
    cache
        As returned by `mingru_cell_forward`.

    Returns
    -------
    dict
        dxt (n_x, m), da_prev (n_a, m), dWz, dWc (n_a, n_x), dbz, dbc (n_a, 1).
    """
    a_next, a_prev, zt, cct, xt, parameters = cache
    both = {"a_next": a_next, "da_next": da_next}
    check_shapes(dict.fromkeys(both, ("n_a", "m")), both)

    dzt = da_next * (cct - a_prev) * zt * (1 - zt)  # (5)  (n_a, m)
    dcct = da_next * zt  # (6)
    return {
        "dxt": parameters["Wz"].T @ dzt + parameters["Wc"].T @ dcct,  # (7)
        "da_prev": da_next * (1 - zt),  # (8)
        "dWz": dzt @ xt.T,  # (9)
        "dWc": dcct @ xt.T,
        "dbz": dzt.sum(axis=1, keepdims=True),  # (10)
        "dbc": dcct.sum(axis=1, keepdims=True),
    }


def mingru_backward(da: Array, caches: Caches) -> Gradients:
    """Backpropagate through a whole sequence, last step first.

    Parameters
    ----------
    da
        Derivative of the loss with respect to each hidden state *through the
        output of its own step*, (n_a, m, T_x). Fewer than T_x steps: the loss
        depends on these only.
    caches
        As returned by `mingru_forward`.

    Returns
    -------
    dict
        dx (n_x, m, T_x), da0 (n_a, m), dWz, dWc (n_a, n_x), dbz, dbc (n_a, 1).
    """
    steps, x = caches
    a_next, parameters = steps[0][0], steps[0][-1]
    check_upstream(da, a_next, len(steps))
    T_x = da.shape[2]
    dx = np.zeros((*x.shape[:2], T_x))  # (n_x, m, T_x)
    sums = {"d" + name: np.zeros(parameters[name].shape) for name in SUMMED}

    da_prev = np.zeros(a_next.shape)  # nothing comes after the last step
    for t in reversed(range(T_x)):
        step = mingru_cell_backward(da[:, :, t] + da_prev, steps[t])
        da_prev = step["da_prev"]  # (8): passed to step t-1
        dx[:, :, t] = step["dxt"]
        for name in sums:
            sums[name] += step[name]  # (9), (10): summed over time

    return {"dx": dx, "da0": da_prev, **sums}
