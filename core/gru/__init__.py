"""The gated recurrent unit, forward and backward in time.

The cell is that of K. Cho, B. van Merriënboer, C. Gulcehre, D. Bahdanau, F. Bougares,
H. Schwenk and Y. Bengio, "Learning phrase representations using RNN encoder-decoder
for statistical machine translation", EMNLP 2014, in the form that Keras computes with
`reset_after=True`, as cuDNN does. The equations, numbered as in the comments below;
[a; x] is a on top of x:

    z_t  = σ(Wz [a_{t-1}; x_t] + bz)              update gate               (1)
    r_t  = σ(Wr [a_{t-1}; x_t] + br)              reset gate                (2)
    s_t  = Wca a_{t-1} + bca                      the state's part of (4)   (3)
    c̃_t  = tanh(Wcx x_t + bc + r_t * s_t)         candidate                 (4)
    a_t  = z_t * a_{t-1} + (1 - z_t) * c̃_t        hidden state              (5)
    y_t  = softmax(Wy a_t + by)                                             (6)

Cho et al. reset the state *before* the product: c̃_t = tanh(Wcx x_t + bc +
Wca (r_t * a_{t-1})). Here the product is reset, which needs a bias of its own, bca, and
lets one matrix product serve both gates and the candidate. In both forms z_t near 1
keeps the old state; some texts, and `core.mingru`, write 1 - z_t for it.

Backward, where dz_t, dr_t, dc̃_t are the derivatives with respect to the arguments of σ
and tanh in (1), (2), (4), and ds_t that with respect to s_t:

    dz_t  = da_t * (a_{t-1} - c̃_t) * z_t (1 - z_t)                          (7)
    dc̃_t  = da_t * (1 - z_t) * (1 - c̃_t²)                                   (8)
    dr_t  = dc̃_t * s_t * r_t (1 - r_t)                                      (9)
    ds_t  = dc̃_t * r_t                                                     (10)
    [da_{t-1}; dx_t] = Wzᵀdz_t + Wrᵀdr_t + [Wcaᵀds_t; Wcxᵀdc̃_t]            (11)
    da_{t-1} += da_t * z_t                                                 (12)
    dWz = Σ_t dz_t [a_{t-1}; x_t]ᵀ, dWr likewise                           (13)
    dWca = Σ_t ds_t a_{t-1}ᵀ,  dWcx = Σ_t dc̃_t x_tᵀ                        (14)
    db  = Σ_t of the gradient of its line, summed over the batch           (15)

In (12) da is multiplied by z_t alone: while the update gate stays near 1, the gradient
does not vanish, as with the LSTM's forget gate.
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

# a_next, a_prev, zt, rt, st, cct, xt, parameters
Cache = tuple[Array, Array, Array, Array, Array, Array, Array, Parameters]
Caches = tuple[list[Cache], Array]  # of every step, and x

WEIGHTS: Axes = {
    "Wz": ("n_a", "n_a+n_x"),
    "Wr": ("n_a", "n_a+n_x"),
    "Wca": ("n_a", "n_a"),
    "Wcx": ("n_a", "n_x"),
    "bz": ("n_a", "1"),
    "br": ("n_a", "1"),
    "bca": ("n_a", "1"),
    "bc": ("n_a", "1"),
    "Wy": ("n_y", "n_a"),
    "by": ("n_y", "1"),
}
STEP: Axes = {"xt": ("n_x", "m"), "a_prev": ("n_a", "m"), **WEIGHTS}
SEQUENCE: Axes = {"x": ("n_x", "m", "T_x"), "a0": ("n_a", "m"), **WEIGHTS}
SUMMED = ("Wz", "Wr", "Wca", "Wcx", "bz", "br", "bca", "bc")  # the same at every step


def gru_cell_forward(
    xt: Array, a_prev: Array, parameters: Parameters
) -> tuple[Array, Array, Cache]:
    """Compute one time step: equations (1) to (6), Cho et al. 2014.

    Parameters
    ----------
    xt
        Input at step t, (n_x, m).
    a_prev
        Hidden state at step t-1, (n_a, m).
    parameters
        Wz, Wr (n_a, n_a + n_x), Wca (n_a, n_a), Wcx (n_a, n_x), bz, br, bca, bc
        (n_a, 1), Wy (n_y, n_a), by (n_y, 1).

    Returns
    -------
    a_next
        Hidden state at step t, (n_a, m).
    yt_pred
        Probabilities at step t, (n_y, m).
    cache
        (a_next, a_prev, zt, rt, st, cct, xt, parameters), for `gru_cell_backward`.
    """
    check_shapes(STEP, {"xt": xt, "a_prev": a_prev, **parameters})
    Wz, Wr, Wca, Wcx, Wy = (parameters[W] for W in ("Wz", "Wr", "Wca", "Wcx", "Wy"))
    bz, br, bca, bc, by = (parameters[b] for b in ("bz", "br", "bca", "bc", "by"))

    concat = np.concatenate([a_prev, xt])  # (n_a + n_x, m)
    zt = sigmoid(Wz @ concat + bz)  # (1)  (n_a, m), like all that follow
    rt = sigmoid(Wr @ concat + br)  # (2)
    st = Wca @ a_prev + bca  # (3)
    cct = np.tanh(Wcx @ xt + bc + rt * st)  # (4)
    a_next = zt * a_prev + (1 - zt) * cct  # (5)
    yt_pred = softmax(Wy @ a_next + by)  # (6)  (n_y, m)

    return a_next, yt_pred, (a_next, a_prev, zt, rt, st, cct, xt, parameters)


def gru_forward(
    x: Array, a0: Array, parameters: Parameters
) -> tuple[Array, Array, Caches]:
    """Run over a sequence: `gru_cell_forward` at each step.

    Parameters
    ----------
    x
        Inputs, (n_x, m, T_x).
    a0
        Hidden state before the first step, (n_a, m).
    parameters
        As for `gru_cell_forward`.

    Returns
    -------
    a
        Hidden states, (n_a, m, T_x).
    y
        Probabilities, (n_y, m, T_x).
    caches
        (list of the caches of all steps, x), for `gru_backward`.
    """
    check_shapes(SEQUENCE, {"x": x, "a0": a0, **parameters})
    a = np.zeros((*a0.shape, x.shape[2]))  # (n_a, m, T_x)
    y = np.zeros((len(parameters["by"]), *x.shape[1:]))  # (n_y, m, T_x)
    caches = []

    a_next = a0
    for t in range(x.shape[2]):
        a_next, y[:, :, t], cache = gru_cell_forward(x[:, :, t], a_next, parameters)
        a[:, :, t] = a_next
        caches.append(cache)

    return a, y, (caches, x)


def gru_cell_backward(da_next: Array, cache: Cache) -> Gradients:
    """Backpropagate through one time step: equations (7) to (15) for one t.

    Parameters
    ----------
    da_next
        Derivative of the loss with respect to a_next, (n_a, m).
    cache
        As returned by `gru_cell_forward`.

    Returns
    -------
    dict
        dxt (n_x, m), da_prev (n_a, m), and dWz, dWr (n_a, n_a + n_x), dWca (n_a, n_a),
        dWcx (n_a, n_x), dbz, dbr, dbca, dbc (n_a, 1).
    """
    a_next, a_prev, zt, rt, st, cct, xt, parameters = cache
    both = {"a_next": a_next, "da_next": da_next}
    check_shapes(dict.fromkeys(both, ("n_a", "m")), both)
    Wz, Wr, Wca, Wcx = (parameters[W] for W in ("Wz", "Wr", "Wca", "Wcx"))
    n_a = len(a_next)

    dzt = da_next * (a_prev - cct) * zt * (1 - zt)  # (7)  (n_a, m), like all here
    dcct = da_next * (1 - zt) * (1 - cct**2)  # (8)
    drt = dcct * st * rt * (1 - rt)  # (9)
    dst = dcct * rt  # (10)
    dconcat = Wz.T @ dzt + Wr.T @ drt  # (n_a + n_x, m)
    da_prev = dconcat[:n_a] + Wca.T @ dst  # (11)
    da_prev += da_next * zt  # (12)

    concat = np.concatenate([a_prev, xt])  # (n_a + n_x, m)
    return {
        "dxt": dconcat[n_a:] + Wcx.T @ dcct,  # (11)
        "da_prev": da_prev,
        "dWz": dzt @ concat.T,  # (13)
        "dWr": drt @ concat.T,
        "dWca": dst @ a_prev.T,  # (14)
        "dWcx": dcct @ xt.T,
        "dbz": dzt.sum(axis=1, keepdims=True),  # (15)
        "dbr": drt.sum(axis=1, keepdims=True),
        "dbca": dst.sum(axis=1, keepdims=True),
        "dbc": dcct.sum(axis=1, keepdims=True),
    }


def gru_backward(da: Array, caches: Caches) -> Gradients:
    """Backpropagate through a whole sequence, last step first.

    Parameters
    ----------
    da
        Derivative of the loss with respect to each hidden state *through the
        output of its own step*, (n_a, m, T_x). Fewer than T_x steps: the loss
        depends on these only.
    caches
        As returned by `gru_forward`.

    Returns
    -------
    dict
        dx (n_x, m, T_x), da0 (n_a, m), and the gradients of the weights, named and
        shaped as by `gru_cell_backward`.
    """
    steps, x = caches
    a_next, parameters = steps[0][0], steps[0][-1]
    check_upstream(da, a_next, len(steps))
    T_x = da.shape[2]
    dx = np.zeros((*x.shape[:2], T_x))  # (n_x, m, T_x)
    sums = {"d" + name: np.zeros(parameters[name].shape) for name in SUMMED}

    da_prev = np.zeros(a_next.shape)  # nothing comes after the last step
    for t in reversed(range(T_x)):
        step = gru_cell_backward(da[:, :, t] + da_prev, steps[t])
        da_prev = step["da_prev"]  # (11), (12): passed to step t-1
        dx[:, :, t] = step["dxt"]
        for name in sums:
            sums[name] += step[name]  # (13), (14), (15): summed over time

    return {"dx": dx, "da0": da_prev, **sums}
