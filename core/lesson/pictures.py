"""Snapshots of networks at work: a few kilobytes for each epoch of a run.

Values are kept in half precision, three digits, which is what a heatmap shows.
"""

import numpy as np
from numpy.typing import NDArray

from core.lesson.fused import stacked, walk
from core.lesson.network import Network
from core.recurrent import Array
from core.task import State

UNITS = 20  # at most so many hidden units are shown
CELLS = 700  # and at most so many squares in each heatmap
ROWS = {"rnn": ("a",), "lstm": ("f", "i", "o", "c̃", "c", "a")}

Half = NDArray[np.float16]


def shown_units(units: int, steps: int) -> int:
    """Return how many units a heatmap of so many steps has room for."""
    return min(units, UNITS, max(3, CELLS // steps))


def inside(network: Network, x: Array) -> Half:
    """Return what goes on in a network while it reads one sequence.

    Parameters
    ----------
    network
        RNN or LSTM.
    x
        One sequence, (T, n_x).

    Returns
    -------
    Half
        (rows, units, T), with the rows named in `ROWS`.
    """
    trace = walk(network.cell, x[:, :, np.newaxis], network.parameters)
    T, n_a = len(x), trace.a.shape[1]
    rows = [trace.a[1:, :, 0]]
    if network.cell == "lstm":
        gates = trace.gates[:, :, 0].reshape(T, 4, n_a)
        rows = [*np.moveaxis(gates, 1, 0), trace.c[1:, :, 0], *rows]
    return half(np.stack(rows).transpose(0, 2, 1)[:, : shown_units(n_a, T)])


def weights(network: Network) -> tuple[Half, Half]:
    """Return the shown units' weights from states and from inputs, gates stacked.

    Returns
    -------
    tuple
        (gates, units, units) and (gates, units, n_x), gates in the order of
        `Cell.gates`.
    """
    W_a, W_x, _ = stacked(network.cell, network.parameters)
    n_a = W_a.shape[1]
    shown = min(n_a, UNITS)
    from_states = W_a.reshape(-1, n_a, n_a)[:, :shown, :shown]
    from_inputs = W_x.reshape(-1, n_a, W_x.shape[1])[:, :shown]
    return half(from_states), half(from_inputs)


def half(values: Array) -> Half:
    """Round to half precision; what is beyond its range stays at its edge."""
    return np.clip(values, -65504, 65504).astype(np.float16)


def labelled(name: str, picture: State) -> State:
    """Put a network's name before the names of its arrays."""
    return {f"{name} {key}": value for key, value in picture.items()}
