"""The minimal gated recurrent unit, as a loop over time and as a scan.

L. Feng, F. Tung, M. O. Ahmed, Y. Bengio and H. Hajimirsadeghi, "Were RNNs all we
needed?", arXiv:2410.01201 (2024): a GRU whose gate and candidate do not read the hidden
state. The paper writes h̃ for c̃:

    z_t  = σ(Wz x_t + bz)                         update gate               (1)
    c̃_t  = Wc x_t + bc                            candidate                 (2)
    h_t  = (1 - z_t) * h_{t-1} + z_t * c̃_t        hidden state              (3)
    y_t  = softmax(Wy h_t + by)                                             (4)

and backward, where d... is the derivative of the loss with respect to ..., and dzz that
with respect to the argument of σ in (1), dzc that with respect to c̃:

    dzz  = dh_t * (c̃_t - h_{t-1}) * z_t (1 - z_t)                           (5)
    dzc  = dh_t * z_t                                                       (6)
    dx_t = Wzᵀdzz + Wcᵀdzc                                                  (7)
    dh_{t-1} = dh_t * (1 - z_t) + what the loss at t-1 adds                 (8)
    dWz  = Σ_t dzz x_tᵀ, dWc = Σ_t dzc x_tᵀ                                 (9)
    dbz  = Σ_t dzz, dbc = Σ_t dzc, summed over the batch                   (10)

Here z_t near 1 *replaces* the old state; in `core.gru`, as in Cho et al. 2014, it keeps
it. With p_t = 1 - z_t and q_t = z_t * c̃_t, which depend on the inputs alone, (3) is
h_t = p_t * h_{t-1} + q_t. Two steps are one of the same form,

    (p, q) then (p', q')  =  (p p', p' q + q'),                            (11)

so that all states can be computed at once by a parallel scan, in log2(T) rounds in
place of T steps: `mingru_scan`.
Sizes: n_x inputs, n_a hidden units, n_y outputs, m examples, T steps. The functions of
a well-known course, which writes a for h, are in `core.course`.
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


def mingru_stack(parameters: Parameters) -> tuple[Array, Array]:
    """Stack gate and candidate: W (2 n_a, n_x) and b (2 n_a, 1)."""
    W = np.concatenate([parameters["Wz"], parameters["Wc"]])
    return W, np.concatenate([parameters["bz"], parameters["bc"]])


def mingru_step(
    xt: Array, h_prev: Array, W: Array, b: Array
) -> tuple[Array, tuple[Array, ...]]:
    """Compute one time step, from xt (n_x, m) and h_prev (n_a, m)."""
    sums = (W @ xt + b).reshape(2, *h_prev.shape)
    z = sigmoid(sums[0])  # (1)  (n_a, m), like all that follow
    cc = sums[1]  # (2)
    h = (1 - z) * h_prev + z * cc  # (3)
    return h, (h, h_prev, z, cc, xt)


def mingru_step_back(
    dh: Array,
    cache: tuple[Array, ...],
    W: Array,  # noqa: ARG001 - as of the other cells
) -> tuple[Array, Array]:
    """Backpropagate through one time step, from dh (n_a, m)."""
    _, h_prev, z, cc, _ = cache
    dzz = dh * (cc - h_prev) * z * (1 - z)  # (5)  (n_a, m), like all here
    dzc = dh * z  # (6)
    dz = np.concatenate([dzz, dzc])  # (2 n_a, m)
    dh_prev = dh * (1 - z)  # (8)
    return dz, dh_prev


def mingru_gradients(dz: Array, h_prev: Array, x: Array) -> Gradients:  # noqa: ARG001 - as of the other cells
    """Return the gradients of the weights from all steps."""
    dWz, dWc = np.split(product_over_time(dz, x), 2)  # (9)
    dbz, dbc = np.split(sum_over_time(dz), 2)  # (10)
    return {"dWz": dWz, "dWc": dWc, "dbz": dbz, "dbc": dbc}


def mingru_scan(x: Array, h0: Array, W: Array, b: Array) -> Array:
    """Compute all hidden states at once: equation (11) instead of a loop over time.

    After the round with distance d, (p_t, q_t) combines the last 2 d steps up to t
    (W. D. Hillis and G. L. Steele, "Data parallel algorithms", CACM 29, 1986). Each
    round is one operation on whole arrays, for as many processors as there are.

    Parameters
    ----------
    x, h0
        Inputs (T, n_x, m), and the hidden state before the first step (n_a, m).
    W, b
        As `mingru_stack` returns them.

    Returns
    -------
    Array
        Hidden states, (T, n_a, m): those of the loop.
    """
    sums = (W @ x + b).reshape(len(x), 2, *h0.shape)
    z = sigmoid(sums[:, 0])  # (1)  (T, n_a, m)
    p, q = 1 - z, z * sums[:, 1]  # (2)

    distance = 1
    while distance < len(x):
        q[distance:] = p[distance:] * q[:-distance] + q[distance:]  # (11)
        p[distance:] = p[distance:] * p[:-distance]
        distance *= 2
    return np.asarray(p * h0 + q)


MINGRU = Cell(
    name="mingru",
    title="minGRU",
    weights={
        "Wz": ("n_a", "n_x"),
        "Wc": ("n_a", "n_x"),
        "bz": ("n_a", "1"),
        "bc": ("n_a", "1"),
        "Wy": ("n_y", "n_a"),
        "by": ("n_y", "1"),
    },
    head=("Wy", "by"),
    gates=("z", "c"),
    keep=("bz", -1),
    states=("h",),
    cache=("h", "h_prev", "z", "cc", "xt"),
    stack=mingru_stack,
    step=mingru_step,
    step_back=mingru_step_back,
    gradients=mingru_gradients,
)
_course = Course(MINGRU)
mingru_cell_forward, mingru_forward = _course.cell_forward, _course.forward
mingru_cell_backward, mingru_backward = _course.cell_backward, _course.backward
