"""The cells by name, for code that works with either."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core import lstm, rnn
from core.recurrent import Array, Gradients, Parameters


@dataclass(frozen=True)
class Cell:
    """A recurrent network by its functions and names.

    Attributes
    ----------
    name, title
        As in settings, and as in texts.
    gates
        Names of the layers with input [a_prev; xt], in the order in which
        `core.lesson.fused` stacks them: those with σ first.
    head
        Names of the output weight and its bias.
    carried
        Names of the gradients that one step passes to the previous step.
    cell_forward, forward, backward, cell_backward
        The functions of `core.rnn` or `core.lstm`.
    """

    name: str
    title: str
    gates: tuple[str, ...]
    head: tuple[str, str]
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
        head=("Wya", "by"),
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
        head=("Wy", "by"),
        carried=("da_prev", "dc_prev"),
        cell_forward=lstm.lstm_cell_forward,
        forward=lstm.lstm_forward,
        backward=lstm.lstm_backward,
        cell_backward=lstm.lstm_cell_backward,
    ),
}
