"""The snapshot of a network at an epoch: activations and weights.

It takes a few kilobytes. Those of the writing task keep all weights as well, so that
the network of an epoch can be rebuilt: see `core.lesson.writing.network_at`. Values are
in half precision, three digits, which is enough for a heatmap.
"""

import numpy as np
from numpy.typing import NDArray

from core.lesson.cells import CELLS
from core.lesson.network import Network
from core.recurrent import Array
from core.task import State

MAX_UNITS = 20  # hidden units that are shown, at most
MAX_SQUARES = 700  # largest number of squares in a heatmap
# Gates and states, and the gates' weights, in the order of the arrays that are stored.
# That of the LSTM is older than the order in which the pages show its gates.
ROWS = {
    "rnn": ("h",),
    "lstm": ("f", "i", "o", "cc", "c", "h"),
    "gru": ("z", "r", "cc", "h"),
    "mingru": ("z", "cc", "h"),
}
STATE_WEIGHTS = {
    "rnn": ("Waa",),
    "lstm": ("Wf", "Wi", "Wo", "Wc"),
    "gru": ("Wz", "Wr", "Wca"),
    "mingru": (),
}
INPUT_WEIGHTS = {
    "rnn": ("Wax",),
    "lstm": ("Wf", "Wi", "Wo", "Wc"),
    "gru": ("Wz", "Wr", "Wcx"),
    "mingru": ("Wz", "Wc"),
}

Half = NDArray[np.float16]


def activations(network: Network, x: Array) -> Half:
    """Return gates and states of a network while it reads one sequence.

    x is one sequence, (T, n_x).

    Returns
    -------
    Half
        (rows, units, T), with the rows named in `ROWS`.
    """
    unrolled = network.forward(x[:, :, np.newaxis])
    rows = [unrolled.values(name)[:, :, 0] for name in ROWS[network.cell]]
    T, n_a = rows[0].shape
    shown = min(n_a, MAX_UNITS, max(3, MAX_SQUARES // T))
    return half_precision(np.stack(rows).transpose(0, 2, 1)[:, :shown])


def weights(network: Network) -> tuple[Half, Half]:
    """Return the shown units' weights from states and from inputs.

    Returns
    -------
    tuple
        (gates, units, units) and (gates, units, n_x), in the order of `STATE_WEIGHTS`
        and `INPUT_WEIGHTS`; the former (gates, units, 0) where no gate reads the state.
    """
    cell, parameters, n_a = CELLS[network.cell], network.parameters, network.units
    shown = min(n_a, MAX_UNITS)
    from_inputs = []
    for name in INPUT_WEIGHTS[cell.name]:
        first = n_a if cell.weights[name] == ("n_a", "n_a+n_x") else 0  # [h; x]
        from_inputs.append(parameters[name][:shown, first:])
    from_states = np.zeros((len(from_inputs), shown, 0))
    if cell.recurrent:
        names = STATE_WEIGHTS[cell.name]
        from_states = np.stack([parameters[name][:shown, :shown] for name in names])
    return half_precision(from_states), half_precision(np.stack(from_inputs))


def half_precision(values: Array) -> Half:
    """Round to half precision, clipped to its range."""
    return np.clip(values, -65504, 65504).astype(np.float16)


def with_cell_name(cell: str, snapshot: State) -> State:
    """Put a network's name before the names of its arrays."""
    return {f"{cell} {key}": value for key, value in snapshot.items()}
