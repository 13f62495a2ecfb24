"""The losses, and their gradients with respect to hidden states and output weights."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.recurrent import Array, softmax

Tokens = NDArray[np.int64]
PADDING = -1  # after the end of a sequence; it does not count in the loss


class Cost(NamedTuple):
    """A loss and its gradients.

    Attributes
    ----------
    loss
        Mean over the predictions.
    da
        Derivative with respect to each hidden state, (T, n_a, m).
    dW, db
        Derivatives with respect to the output weight and bias.
    """

    loss: float
    da: Array
    dW: Array  # noqa: N815 - the symbol of the equations
    db: Array


def next_character(a: Array, targets: Tokens, head: tuple[Array, Array]) -> Cost:
    """Cross-entropy of the next character, in nats a character.

    Parameters
    ----------
    a
        Hidden states, (T, n_a, m).
    targets
        The next characters, (T, m), or PADDING.
    head
        Output weight (n_y, n_a) and bias (n_y, 1).
    """
    W, b = head
    z = np.moveaxis(np.matmul(W, a) + b, 1, 0)  # (n_y, T, m)
    counted = targets != PADDING  # (T, m)
    t, m = np.nonzero(counted)
    p = softmax(z)
    correct = p[targets[t, m], t, m]
    loss = -np.mean(np.log(np.maximum(correct, 1e-300)))
    p[targets[t, m], t, m] -= 1
    return _cost(float(loss), np.moveaxis(p * counted / len(t), 0, 1), a, W)


def last_value(a: Array, targets: Array, head: tuple[Array, Array]) -> Cost:
    """Squared error of one number, read from the last hidden state.

    Parameters
    ----------
    a
        Hidden states, (T, n_a, m).
    targets
        The correct numbers, (m,).
    head
        Output weight (1, n_a) and bias (1, 1).
    """
    W, b = head
    error = (W @ a[-1] + b)[0] - targets  # (m,)
    dz = np.zeros((len(a), 1, len(targets)))
    dz[-1] = 2 * error / len(error)
    return _cost(float(np.mean(error**2)), dz, a, W)


def _cost(loss: float, dz: Array, a: Array, W: Array) -> Cost:
    """Backpropagate from the scores: dz (T, n_y, m) is the loss's gradient there."""
    dW = np.tensordot(dz, a, ([0, 2], [0, 2]))
    db = dz.sum(axis=(0, 2))[:, np.newaxis]
    return Cost(loss, np.matmul(W.T, dz), dW, db)
