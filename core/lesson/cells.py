"""The cells by name, for code that works with any of them."""

import math
from collections.abc import Mapping

from core.gru import GRU
from core.lstm import LSTM
from core.mingru import MINGRU
from core.recurrent import Cell
from core.rnn import RNN

CELLS: Mapping[str, Cell] = {cell.name: cell for cell in (RNN, LSTM, GRU, MINGRU)}

CELLS_OF: Mapping[str, tuple[str, ...]] = {  # cells of each page
    "rnn": ("rnn",),
    "lstm": ("lstm",),
    "gru": ("gru", "mingru"),
}


def cell_of(page: str, given: Mapping[str, str]) -> str:
    """Return the cell of a lesson's address."""
    cell = given.get(f"{page}_cell", "")
    return cell if cell in CELLS_OF[page] else CELLS_OF[page][0]


def parameter_count(cell: str, n_x: int, n_a: int, n_y: int) -> int:
    """Return the number of weights and biases, output layer included."""
    sizes = {"1": 1, "n_x": n_x, "n_a": n_a, "n_y": n_y}
    return sum(
        math.prod(sum(sizes[part] for part in axis.split("+")) for axis in axes)
        for axes in CELLS[cell].weights.values()
    )


def units_for(cell: str, count: int, n_x: int, n_y: int) -> int:
    """Return the number of units with the nearest number of parameters."""
    most = count // (n_x + n_y) + 1  # each unit has more than n_x + n_y
    return min(
        range(1, most + 1),
        key=lambda units: abs(parameter_count(cell, n_x, units, n_y) - count),
    )
