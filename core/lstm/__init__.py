"""The long short-term memory, forward and backward in time.

The cell is that of S. Hochreiter and J. Schmidhuber, "Long short-term memory",
Neural Computation 9 (1997), with the forget gate of F. Gers, J. Schmidhuber and
F. Cummins, "Learning to forget", Neural Computation 12 (2000). The equations,
numbered as in the comments below; [a; x] is a on top of x:

    f_t  = σ(Wf [a_{t-1}; x_t] + bf)      forget gate                       (1)
    i_t  = σ(Wi [a_{t-1}; x_t] + bi)      input gate                        (2)
    c̃_t  = tanh(Wc [a_{t-1}; x_t] + bc)   candidate                         (3)
    o_t  = σ(Wo [a_{t-1}; x_t] + bo)      output gate                       (4)
    c_t  = f_t * c_{t-1} + i_t * c̃_t      cell state                        (5)
    a_t  = o_t * tanh(c_t)                hidden state                      (6)
    y_t  = softmax(Wy a_t + by)                                             (7)

and backward, where df_t, di_t, dc̃_t, do_t are the derivatives with respect to the
arguments of σ and tanh in (1) to (4):

    do_t  = da_t * tanh(c_t) * o_t (1 - o_t)                                (8)
    dc_t += da_t * o_t * (1 - tanh²(c_t))                                   (9)
    df_t  = dc_t * c_{t-1} * f_t (1 - f_t)                                 (10)
    di_t  = dc_t * c̃_t * i_t (1 - i_t)                                     (11)
    dc̃_t  = dc_t * i_t * (1 - c̃_t²)                                        (12)
    dc_{t-1} = dc_t * f_t                                                  (13)
    [da_{t-1}; dx_t] = Wfᵀdf_t + Wiᵀdi_t + Wcᵀdc̃_t + Woᵀdo_t               (14)
    dW = Σ_t dgate_t [a_{t-1}; x_t]ᵀ      for each of the four gates       (15)
    db = Σ_t dgate_t, summed over the batch                                (16)

In (13) dc is multiplied by f_t alone: while the forget gate stays near 1, the
gradient does not vanish. That is what the LSTM was invented for.
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

# a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters
Cache = tuple[Array, Array, Array, Array, Array, Array, Array, Array, Array, Parameters]
Caches = tuple[list[Cache], Array]  # of every step, and x

GATE_WEIGHTS, GATE_BIASES = ("Wf", "Wi", "Wc", "Wo"), ("bf", "bi", "bc", "bo")
SUMMED = GATE_WEIGHTS + GATE_BIASES  # the same weights at every step
WEIGHTS: Axes = {
    **dict.fromkeys(GATE_WEIGHTS, ("n_a", "n_a+n_x")),
    **dict.fromkeys(GATE_BIASES, ("n_a", "1")),
    "Wy": ("n_y", "n_a"),
    "by": ("n_y", "1"),
}
STATES: Axes = {"a_prev": ("n_a", "m"), "c_prev": ("n_a", "m")}
STEP: Axes = {"xt": ("n_x", "m"), **STATES, **WEIGHTS}
SEQUENCE: Axes = {"x": ("n_x", "m", "T_x"), "a0": ("n_a", "m"), **WEIGHTS}


def lstm_cell_forward(
    xt: Array, a_prev: Array, c_prev: Array, parameters: Parameters
) -> tuple[Array, Array, Array, Cache]:
    """Compute one time step: equations (1) to (7), Gers et al. 2000.

    Parameters
    ----------
    xt
        Input at step t, (n_x, m).
    a_prev, c_prev
        Hidden state and cell state at step t-1, (n_a, m).
    parameters
        Wf, Wi, Wc, Wo (n_a, n_a + n_x), bf, bi, bc, bo (n_a, 1),
        Wy (n_y, n_a), by (n_y, 1).

    Returns
    -------
    a_next, c_next
        Hidden state and cell state at step t, (n_a, m).
    yt_pred
        Probabilities at step t, (n_y, m).
    cache
        (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters), for
        `lstm_cell_backward`.
    """
    check_shapes(STEP, {"xt": xt, "a_prev": a_prev, "c_prev": c_prev, **parameters})
    Wf, Wi, Wc, Wo, Wy = (parameters[W] for W in (*GATE_WEIGHTS, "Wy"))
    bf, bi, bc, bo, by = (parameters[b] for b in (*GATE_BIASES, "by"))

    concat = np.concatenate([a_prev, xt])  # (n_a + n_x, m)
    ft = sigmoid(Wf @ concat + bf)  # (1)  (n_a, m), like all that follow
    it = sigmoid(Wi @ concat + bi)  # (2)
    cct = np.tanh(Wc @ concat + bc)  # (3)
    ot = sigmoid(Wo @ concat + bo)  # (4)
    c_next = ft * c_prev + it * cct  # (5)
    a_next = ot * np.tanh(c_next)  # (6)
    yt_pred = softmax(Wy @ a_next + by)  # (7)  (n_y, m)

    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache


def lstm_forward(
    x: Array, a0: Array, parameters: Parameters
) -> tuple[Array, Array, Array, Caches]:
    """Run over a sequence, starting from a zero cell state.

    Parameters
    ----------
    x
        Inputs, (n_x, m, T_x).
    a0
        Hidden state before the first step, (n_a, m). The cell state is zero there.
    parameters
        As for `lstm_cell_forward`.

    Returns
    -------
    a
        Hidden states, (n_a, m, T_x).
    y
        Probabilities, (n_y, m, T_x).
    c
        Cell states, (n_a, m, T_x).
    caches
        (list of the caches of all steps, x), for `lstm_backward`.
    """
    check_shapes(SEQUENCE, {"x": x, "a0": a0, **parameters})
    a = np.zeros((*a0.shape, x.shape[2]))  # (n_a, m, T_x)
    c = np.zeros(a.shape)  # (n_a, m, T_x)
    y = np.zeros((len(parameters["by"]), *x.shape[1:]))  # (n_y, m, T_x)
    caches = []

    a_next, c_next = a0, np.zeros(a0.shape)
    for t in range(x.shape[2]):
        a_next, c_next, yt, cache = lstm_cell_forward(
            x[:, :, t], a_next, c_next, parameters
        )
        a[:, :, t], c[:, :, t], y[:, :, t] = a_next, c_next, yt
        caches.append(cache)

    return a, y, c, (caches, x)


def lstm_cell_backward(da_next: Array, dc_next: Array, cache: Cache) -> Gradients:
    """Backpropagate through one time step: equations (8) to (16) for one t.

    Parameters
    ----------
    da_next, dc_next
        Derivative of the loss with respect to a_next and c_next, (n_a, m). That
        of c_next is the part from later steps; the part through a_next is added
        in (9).
    cache
        As returned by `lstm_cell_forward`.

    Returns
    -------
    dict
        dxt (n_x, m), da_prev and dc_prev (n_a, m), and dWf, dWi, dWc, dWo
        (n_a, n_a + n_x), dbf, dbi, dbc, dbo (n_a, 1).
    """
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    states = {"a_next": a_next, "da_next": da_next, "dc_next": dc_next}
    check_shapes(dict.fromkeys(states, ("n_a", "m")), states)
    Wf, Wi, Wc, Wo = (parameters[W] for W in GATE_WEIGHTS)
    n_a = len(a_next)

    dot = da_next * np.tanh(c_next) * ot * (1 - ot)  # (8)  (n_a, m), like all here
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)  # (9)
    dft = dc * c_prev * ft * (1 - ft)  # (10)
    dit = dc * cct * it * (1 - it)  # (11)
    dcct = dc * it * (1 - cct**2)  # (12)
    dc_prev = dc * ft  # (13)
    dconcat = Wf.T @ dft + Wi.T @ dit + Wc.T @ dcct + Wo.T @ dot  # (14)

    concat = np.concatenate([a_prev, xt])  # (n_a + n_x, m)
    gradients = {"da_prev": dconcat[:n_a], "dc_prev": dc_prev, "dxt": dconcat[n_a:]}
    for gate, dgate in {"f": dft, "i": dit, "c": dcct, "o": dot}.items():
        gradients["dW" + gate] = dgate @ concat.T  # (15)
        gradients["db" + gate] = dgate.sum(axis=1, keepdims=True)  # (16)
    return gradients


def lstm_backward(da: Array, caches: Caches) -> Gradients:
    """Backpropagate through a whole sequence, last step first.

    Both da_prev and dc_prev are passed to the previous step. A version that is often
    copied passes on neither: its gradients are wrong by as much as their own size, see
    `core.lesson.backward_passes`.

    Parameters
    ----------
    da
        Derivative of the loss with respect to each hidden state *through the
        output of its own step*, (n_a, m, T_x). Fewer than T_x steps: the loss
        depends on these only.
    caches
        As returned by `lstm_forward`.

    Returns
    -------
    dict
        dx (n_x, m, T_x), da0 (n_a, m), and dWf, dWi, dWc, dWo (n_a, n_a + n_x),
        dbf, dbi, dbc, dbo (n_a, 1).
    """
    steps, x = caches
    a_next, parameters = steps[0][0], steps[0][-1]
    check_upstream(da, a_next, len(steps))
    T_x = da.shape[2]
    dx = np.zeros((*x.shape[:2], T_x))  # (n_x, m, T_x)
    sums = {"d" + name: np.zeros(parameters[name].shape) for name in SUMMED}

    da_prev = dc_prev = np.zeros(a_next.shape)  # nothing comes after the last step
    for t in reversed(range(T_x)):
        step = lstm_cell_backward(da[:, :, t] + da_prev, dc_prev, steps[t])
        da_prev, dc_prev = (
            step["da_prev"],
            step["dc_prev"],
        )  # (14), (13)
        dx[:, :, t] = step["dxt"]
        for name in sums:
            sums[name] += step[name]  # (15), (16): summed over time

    return {"dx": dx, "da0": da_prev, **sums}
