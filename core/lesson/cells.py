"""The cells by name, for code that works with any of them."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core import gru, lstm, mingru, rnn
from core.recurrent import Array, Axes, Gradients, Parameters


@dataclass(frozen=True)
class Cell:
    """A recurrent network by its functions and names.

    Attributes
    ----------
    name, title
        As in settings, and as in texts.
    gates
        Names of the layers that read xt, in the order in which `core.lesson.fused`
        stacks them: those with σ first.
    weights
        The names of all weights, and the symbols of their axes.
    head
        Names of the output weight and its bias.
    recurrent
        Names of the weights whose first n_a columns are multiplied by a_prev.
    keep
        Name of the bias of the gate that keeps the old state, and 1, or -1 if the
        gate keeps it when it is near 0; None if there is no such gate.
    carried
        Names of the gradients that one step passes to the previous step.
    cell_forward, forward, backward, cell_backward
        The functions of the cell's module.
    """

    name: str
    title: str
    gates: tuple[str, ...]
    weights: Axes
    head: tuple[str, str]
    recurrent: tuple[str, ...]
    keep: tuple[str, int] | None
    carried: tuple[str, ...]
    cell_forward: Callable[..., tuple[Any, ...]]
    forward: Callable[[Array, Array, Parameters], tuple[Any, ...]]
    backward: Callable[[Array, Any], Gradients]
    cell_backward: Callable[..., Gradients]


CELLS: Mapping[str, Cell] = {
    "rnn": Cell(
        name="rnn",
        title="RNN",
        gates=("a",),
        weights=rnn.WEIGHTS,
        head=("Wya", "by"),
        recurrent=("Waa",),
        keep=None,
        carried=("da_prev",),
        cell_forward=rnn.rnn_cell_forward,
        forward=rnn.rnn_forward,
        backward=rnn.rnn_backward,
        cell_backward=rnn.rnn_cell_backward,
    ),
    "lstm": Cell(
        name="lstm",
        title="LSTM",
        gates=("f", "i", "o", "c"),
        weights=lstm.WEIGHTS,
        head=("Wy", "by"),
        recurrent=lstm.GATE_WEIGHTS,
        keep=("bf", 1),
        carried=("da_prev", "dc_prev"),
        cell_forward=lstm.lstm_cell_forward,
        forward=lstm.lstm_forward,
        backward=lstm.lstm_backward,
        cell_backward=lstm.lstm_cell_backward,
    ),
    "gru": Cell(
        name="gru",
        title="GRU",
        gates=("z", "r", "c"),
        weights=gru.WEIGHTS,
        head=("Wy", "by"),
        recurrent=("Wz", "Wr", "Wca"),
        keep=("bz", 1),
        carried=("da_prev",),
        cell_forward=gru.gru_cell_forward,
        forward=gru.gru_forward,
        backward=gru.gru_backward,
        cell_backward=gru.gru_cell_backward,
    ),
    "mingru": Cell(
        name="mingru",
        title="minGRU",
        gates=("z", "c"),
        weights=mingru.WEIGHTS,
        head=("Wy", "by"),
        recurrent=(),
        keep=("bz", -1),
        carried=("da_prev",),
        cell_forward=mingru.mingru_cell_forward,
        forward=mingru.mingru_forward,
        backward=mingru.mingru_backward,
        cell_backward=mingru.mingru_cell_backward,
    ),
}

CELLS_OF: Mapping[str, tuple[str, ...]] = {  # by page
    "rnn": ("rnn",),
    "lstm": ("lstm",),
    "gru": ("gru", "mingru"),
}


def lesson_page(settings: Mapping[str, object]) -> str:
    """Return the page that shows a training; the adding problem is on all of them."""
    adds = "gru" if "gru" in str(settings.get("cells")) else "lstm"
    cell = settings.get("cell", adds)
    return next((page for page, cells in CELLS_OF.items() if cell in cells), "lstm")


def parameter_count(cell: str, n_x: int, n_a: int, n_y: int) -> int:
    """Return how many weights and biases a network has, its output layer included."""
    sizes = {"1": 1, "n_x": n_x, "n_a": n_a, "n_y": n_y}
    return sum(
        math.prod(sum(sizes[part] for part in axis.split("+")) for axis in axes)
        for axes in CELLS[cell].weights.values()
    )


def units_for(cell: str, count: int, n_x: int, n_y: int) -> int:
    """Return the number of units whose number of parameters is nearest to a count."""
    most = count // (n_x + n_y) + 1  # each unit has more than n_x + n_y
    return min(
        range(1, most + 1),
        key=lambda units: abs(parameter_count(cell, n_x, units, n_y) - count),
    )
