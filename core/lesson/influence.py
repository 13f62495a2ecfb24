"""How much each input matters to later states and predictions: gradient norms."""

import numpy as np

from core.lesson.cells import CELLS
from core.lesson.network import Network
from core.recurrent import Array, Unrolled, unroll_back


def influence(network: Network, x: Array) -> Array:
    """Measure how strongly the last hidden state depends on each input.

    x are sequences (T, n_x, m); the measure is their mean.

    Returns
    -------
    Array
        The Frobenius norm of d h_T / d x_{T-k} for the lags k = 0 ... T-1, (T,).
        Where a state stores information robustly, it falls exponentially with the
        lag (Bengio et al. 1994).
    """
    n_a = network.units
    if not CELLS[network.cell].recurrent:
        return _influence_of_single_units(network.forward(x))
    # One copy of each sequence for each unit of the last state: a row of the Jacobian.
    unrolled = network.forward(np.repeat(x, n_a, axis=2))
    dh = np.zeros_like(unrolled.h)
    dh[-1] = np.tile(np.eye(n_a), x.shape[2])
    dx = unroll_back(unrolled, dh).dx  # (T, n_x, m * n_a)
    squares = np.square(dx).reshape(len(x), x.shape[1], x.shape[2], n_a)
    return np.asarray(np.sqrt(squares.sum(axis=(1, 3))).mean(axis=1)[::-1])


def _influence_of_single_units(unrolled: Unrolled) -> Array:
    """Measure the same where no unit reads another one, as in the minGRU.

    One backward pass with ones then gives every row of the Jacobian: row j is
    dzz_j Wz[j] + dzc_j Wc[j].
    """
    dh = np.zeros_like(unrolled.h)
    dh[-1] = 1
    dz, dc = np.split(unroll_back(unrolled, dh).dz, 2, axis=1)  # (T, n_a, m) each
    Wz, Wc = np.split(unrolled.weights[0], 2)
    squares = (
        dz**2 * np.sum(Wz * Wz, axis=1)[:, np.newaxis]
        + 2 * dz * dc * np.sum(Wz * Wc, axis=1)[:, np.newaxis]
        + dc**2 * np.sum(Wc * Wc, axis=1)[:, np.newaxis]
    )
    norms = np.sqrt(np.maximum(squares.sum(axis=1), 0))  # (T, m)
    return np.asarray(norms.mean(axis=1)[::-1])


def from_far(norms: Array) -> Array:
    """Return the mean influence of the first fifth of the inputs: (..., T) to (...)."""
    lags = norms.shape[-1]
    return np.asarray(norms[..., lags - max(1, lags // 5) :].mean(axis=-1))


def step_factor(cell: str, gate: Array) -> float:
    """Return the mean factor by which a step back multiplies the gradient of a state.

    The weights are left out: it is the slope of tanh in the RNN, and the gate that
    keeps the old state in the other cells.

    `gate` has the values of its first gate; of the RNN its hidden states.
    """
    gate = gate.astype(float)
    factor = {"rnn": 1 - gate**2, "mingru": 1 - gate}.get(cell, gate)
    return float(factor.mean())


def connectivity(network: Network, x: Array) -> Array:
    """Measure how strongly each prediction depends on each earlier input.

    x is one sequence, (T, n_x).

    Returns
    -------
    Array
        (T, T): at [t, s] the norm of d score_t / d x_s, where score_t is that of
        the class predicted at step t; zero for s > t.
    """
    T = len(x)
    unrolled = network.forward(np.repeat(x[:, :, np.newaxis], T, axis=2))
    W, b = network.head
    best = np.argmax(W @ unrolled.h[:, :, 0].T + b, axis=0)  # (T,)
    dh = np.zeros_like(unrolled.h)
    dh[np.arange(T), :, np.arange(T)] = W[best]  # copy t: the score of step t
    dx = unroll_back(unrolled, dh).dx  # (T, n_x, T)
    return np.asarray(np.linalg.norm(dx, axis=1).T)


def gradient_by_step(unrolled: Unrolled, dh: Array) -> Array:
    """Return the norm of the loss's gradient by the inputs of each step, (T,)."""
    dx = unroll_back(unrolled, dh).dx
    return np.asarray(np.sqrt(np.square(dx).sum(axis=(1, 2))))
