"""What the snapshot of an epoch shows of a network: activations and weights.

It takes a few kilobytes. Those of the writing task keep all weights as well, so that
the network of an epoch can be rebuilt: see `core.lesson.writing.network_at`. Values are
in half precision, three digits, which is enough for a heatmap.
"""

import numpy as np
from numpy.typing import NDArray

from core.lesson.cells import CELLS
from core.lesson.fused import stacked_weights
from core.lesson.network import Network
from core.recurrent import Array
from core.task import State

MAX_UNITS = 20  # hidden units that are shown, at most
MAX_SQUARES = 700  # of a heatmap
ROWS = {
    "rnn": ("a",),
    "lstm": ("f", "i", "o", "c̃", "c", "a"),
    "gru": ("z", "r", "c̃", "a"),
    "mingru": ("z", "c̃", "a"),
}

Half = NDArray[np.float16]


def activations(network: Network, x: Array) -> Half:
    """Return gates and states of a network while it reads one sequence.

    Parameters
    ----------
    network
        Trained or not.
    x
        One sequence, (T, n_x).

    Returns
    -------
    Half
        (rows, units, T), with the rows named in `ROWS`.
    """
    trace = network.forward(x[:, :, np.newaxis])
    T, n_a = len(x), trace.a.shape[1]
    rows = [trace.a[1:, :, 0]]
    if network.cell != "rnn":  # whose gate is the hidden state
        gates = trace.gates[:, :, 0].reshape(T, -1, n_a)
        if network.cell == "lstm":
            rows.insert(0, trace.c[1:, :, 0])
        rows = [*np.moveaxis(gates, 1, 0), *rows]
    shown = min(n_a, MAX_UNITS, max(3, MAX_SQUARES // T))
    return half_precision(np.stack(rows).transpose(0, 2, 1)[:, :shown])


def weights(network: Network) -> tuple[Half, Half]:
    """Return the shown units' weights from states and from inputs.

    Returns
    -------
    tuple
        (gates, units, units) and (gates, units, n_x), gates in the order of
        `Cell.gates`; the former (gates, units, 0) where no gate reads the state.
    """
    W_a, W_x, _ = stacked_weights(network.cell, network.parameters)
    n_a = W_a.shape[1]
    shown = min(n_a, MAX_UNITS)
    read = n_a if CELLS[network.cell].recurrent else 0
    from_states = W_a.reshape(len(W_x) // n_a, n_a, read)[:, :shown, :shown]
    from_inputs = W_x.reshape(-1, n_a, W_x.shape[1])[:, :shown]
    return half_precision(from_states), half_precision(from_inputs)


def half_precision(values: Array) -> Half:
    """Round to half precision, clipped to its range."""
    return np.clip(values, -65504, 65504).astype(np.float16)


def with_cell_name(cell: str, snapshot: State) -> State:
    """Put a network's name before the names of its arrays."""
    return {f"{cell} {key}": value for key, value in snapshot.items()}
