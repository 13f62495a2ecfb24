"""What a network's answers cost, and what that sends back into its hidden states."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.recurrent import Array, Gradients, softmax

Tokens = NDArray[np.int64]
PADDING = -1  # stands where a sequence has ended; it costs nothing


class Cost(NamedTuple):
    """A loss with its gradients.

    Attributes
    ----------
    loss
        Mean over the answers that count.
    da
        Derivative with respect to each hidden state, (T, n_a, m).
    dW, db
        Derivatives with respect to the output weight and bias.
    """

    loss: float
    da: Array
    dW: Array  # noqa: N815 - the symbol of the equations
    db: Array


def output_backward(y_pred: Array, y: Array, a: Array, Wy: Array) -> Gradients:
    """Go back through the softmax outputs of a whole sequence.

    With the loss L = -Σ y log(y_pred) the gradient with respect to the scores is
    simply y_pred - y.

    Parameters
    ----------
    y_pred, y
        Probabilities, and the truth as columns of one 1 each, (n_y, m, T_x).
    a
        Hidden states, (n_a, m, T_x).
    Wy
        Output weight (n_y, n_a): Wya of the RNN.

    Returns
    -------
    dict
        da (n_a, m, T_x), for `rnn_backward` or `lstm_backward`; dWy; dby.
    """
    dz = y_pred - y  # (n_y, m, T_x)
    return {
        "da": np.einsum("ya,ymt->amt", Wy, dz),
        "dWy": np.einsum("ymt,amt->ya", dz, a),
        "dby": dz.sum(axis=(1, 2))[:, np.newaxis],
    }


def next_character(a: Array, targets: Tokens, head: tuple[Array, Array]) -> Cost:
    """Cross-entropy of the next character, in nats a character.

    Parameters
    ----------
    a
        Hidden states, (T, n_a, m).
    targets
        The characters that came next, (T, m), or PADDING.
    head
        Output weight (n_y, n_a) and bias (n_y, 1).
    """
    W, b = head
    z = np.moveaxis(np.matmul(W, a) + b, 1, 0)  # (n_y, T, m)
    counts = targets != PADDING  # (T, m)
    t, m = np.nonzero(counts)
    p = softmax(z)
    truth = p[targets[t, m], t, m]
    loss = -np.mean(np.log(np.maximum(truth, 1e-300)))
    p[targets[t, m], t, m] -= 1
    return _sent_back(float(loss), np.moveaxis(p * counts / len(t), 0, 1), a, W)


def last_value(a: Array, targets: Array, head: tuple[Array, Array]) -> Cost:
    """Squared error of one number, read from the last hidden state.

    Parameters
    ----------
    a
        Hidden states, (T, n_a, m).
    targets
        The right numbers, (m,).
    head
        Output weight (1, n_a) and bias (1, 1).
    """
    W, b = head
    gap = (W @ a[-1] + b)[0] - targets  # (m,)
    dz = np.zeros((len(a), 1, len(targets)))
    dz[-1] = 2 * gap / len(gap)
    return _sent_back(float(np.mean(gap**2)), dz, a, W)


def _sent_back(loss: float, dz: Array, a: Array, W: Array) -> Cost:
    """Complete a loss by its gradients from that of the scores, (T, n_y, m)."""
    dW = np.tensordot(dz, a, ([0, 2], [0, 2]))
    db = dz.sum(axis=(0, 2))[:, np.newaxis]
    return Cost(loss, np.matmul(W.T, dz), dW, db)
