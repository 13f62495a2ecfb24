"""The two functions that both lessons need, and the types of their arrays."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Parameters = dict[str, Array]  # weights by the names of the papers
Gradients = dict[str, Array]  # of the loss, with respect to each of them


def sigmoid(z: Array) -> Array:
    """Squash each number into 0 to 1: σ(z) = 1 / (1 + exp(-z)).

    Written as (1 + tanh(z / 2)) / 2, which is the same and never overflows.
    """
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * z)))


def softmax(z: Array) -> Array:
    """Turn each column of scores into probabilities: exp(z_i) / sum_j exp(z_j).

    The largest score of the *column* is subtracted first: it changes nothing in
    exact arithmetic and keeps exp from overflowing. Subtracting the largest of
    the whole array, as is often seen, gives 0 / 0 in any column that lies 700
    below it.

    Parameters
    ----------
    z
        Scores (classes, ...).

    Returns
    -------
    Array
        Probabilities of the same shape, each column of sum 1.
    """
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return np.asarray(e / e.sum(axis=0, keepdims=True))
