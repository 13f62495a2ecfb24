"""The gated recurrent unit, after Cho et al., with the reset gate after the product.

K. Cho, B. van Merriënboer, C. Gulcehre, D. Bahdanau, F. Bougares, H. Schwenk and Y.
Bengio, "Learning phrase representations using RNN encoder-decoder for statistical
machine translation", EMNLP 2014, in the form of Keras' `reset_after=True` and of cuDNN.
[h; x] is h on top of x:

    z_t  = σ(Wz [h_{t-1}; x_t] + bz)              update gate               (1)
    r_t  = σ(Wr [h_{t-1}; x_t] + br)              reset gate                (2)
    s_t  = Wca h_{t-1} + bca                      the state's part of (4)   (3)
    c̃_t  = tanh(Wcx x_t + bc + r_t * s_t)         candidate                 (4)
    h_t  = z_t * h_{t-1} + (1 - z_t) * c̃_t        hidden state              (5)
    y_t  = softmax(Wy h_t + by)                                             (6)

Cho et al. reset the state *before* the product: c̃_t = tanh(Wcx x_t + bc +
Wca (r_t * h_{t-1})). Here the product is reset, which needs a bias of its own, bca, and
lets one matrix product serve both gates and the candidate. In both forms z_t near 1
keeps the old state; some texts, and `core.mingru`, write 1 - z_t for it.

Backward, where d... is the derivative of the loss with respect to ..., and dzz, dzr,
dzc are those with respect to the arguments of σ and tanh in (1), (2), (4):

    dzz  = dh_t * (h_{t-1} - c̃_t) * z_t (1 - z_t)                           (7)
    dzc  = dh_t * (1 - z_t) * (1 - c̃_t²)                                    (8)
    dzr  = dzc * s_t * r_t (1 - r_t)                                        (9)
    ds   = dzc * r_t                                                       (10)
    [dh_{t-1}; dx_t] = Wzᵀdzz + Wrᵀdzr + [Wcaᵀds; Wcxᵀdzc]                 (11)
    dh_{t-1} += dh_t * z_t                                                 (12)
    dWz = Σ_t dzz [h_{t-1}; x_t]ᵀ, dWr likewise                            (13)
    dWca = Σ_t ds h_{t-1}ᵀ,  dWcx = Σ_t dzc x_tᵀ                           (14)
    db  = Σ_t of the gradient of its line, summed over the batch           (15)

The loss at t-1 adds its own term to dh_{t-1}. In (12) dh is multiplied by z_t alone:
while the update gate stays near 1, the gradient on this way does not vanish.
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


def gru_stack(parameters: Parameters) -> tuple[Array, Array]:
    """Stack z, r, s and c: W (4 n_a, n_a + n_x) and b (4 n_a, 1).

    The rows of s have zeros where the others read x, those of c where they read h.
    """
    Wca, Wcx = parameters["Wca"], parameters["Wcx"]
    Ws = np.concatenate([Wca, np.zeros_like(Wcx)], axis=1)
    Wc = np.concatenate([np.zeros_like(Wca), Wcx], axis=1)
    W = np.concatenate([parameters["Wz"], parameters["Wr"], Ws, Wc])
    return W, np.concatenate([parameters[b] for b in ("bz", "br", "bca", "bc")])


def gru_step(
    xt: Array, h_prev: Array, W: Array, b: Array
) -> tuple[Array, tuple[Array, ...]]:
    """Compute one time step, from xt (n_x, m) and h_prev (n_a, m)."""
    sums = W @ np.concatenate([h_prev, xt]) + b  # (4 n_a, m), of z, r, s and c
    sums = sums.reshape(4, *h_prev.shape)
    z, r = sigmoid(sums[:2])  # (1), (2)  (n_a, m), like all that follow
    s = sums[2]  # (3)
    cc = np.tanh(sums[3] + r * s)  # (4)
    h = z * h_prev + (1 - z) * cc  # (5)
    return h, (h, h_prev, z, r, s, cc, xt)


def gru_step_back(dh: Array, cache: tuple[Array, ...], W: Array) -> tuple[Array, Array]:
    """Backpropagate through one time step, from dh (n_a, m)."""
    h, h_prev, z, r, s, cc, _ = cache
    dzz = dh * (h_prev - cc) * z * (1 - z)  # (7)  (n_a, m), like all here
    dzc = dh * (1 - z) * (1 - cc**2)  # (8)
    dzr = dzc * s * r * (1 - r)  # (9)
    ds = dzc * r  # (10)
    dz = np.concatenate([dzz, dzr, ds, dzc])  # (4 n_a, m)
    dh_prev = W[:, : len(h)].T @ dz + dh * z  # (11), (12)
    return dz, dh_prev


def gru_gradients(dz: Array, h_prev: Array, x: Array) -> Gradients:
    """Return the gradients of the weights from all steps."""
    n_a = h_prev.shape[1]
    W = product_over_time(dz, np.concatenate([h_prev, x], axis=1))
    dWz, dWr, dWs, dWc = np.split(W, 4)  # (13), (14)
    dbz, dbr, dbca, dbc = np.split(sum_over_time(dz), 4)  # (15)
    weights = {"dWz": dWz, "dWr": dWr, "dWca": dWs[:, :n_a], "dWcx": dWc[:, n_a:]}
    return weights | {"dbz": dbz, "dbr": dbr, "dbca": dbca, "dbc": dbc}


GRU = Cell(
    name="gru",
    title="GRU",
    weights={
        "Wz": ("n_a", "n_a+n_x"),
        "Wr": ("n_a", "n_a+n_x"),
        "Wca": ("n_a", "n_a"),
        "Wcx": ("n_a", "n_x"),
        **dict.fromkeys(("bz", "br", "bca", "bc"), ("n_a", "1")),
        "Wy": ("n_y", "n_a"),
        "by": ("n_y", "1"),
    },
    head=("Wy", "by"),
    gates=("z", "r", "c"),
    keep=("bz", 1),
    states=("h",),
    cache=("h", "h_prev", "z", "r", "s", "cc", "xt"),
    stack=gru_stack,
    step=gru_step,
    step_back=gru_step_back,
    gradients=gru_gradients,
)
_course = Course(GRU)
gru_cell_forward, gru_forward = _course.cell_forward, _course.forward
gru_cell_backward, gru_backward = _course.cell_backward, _course.backward
