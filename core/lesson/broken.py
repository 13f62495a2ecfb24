"""Common mistakes in a backward pass, made on purpose out of the correct functions.

Each runs without an error and may even train a little: only a comparison with
finite differences (`core.lesson.checking`) tells it from the right one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core import rnn
from core.lesson.steps import BackwardStep, gather, steps_back
from core.lstm import GATE_WEIGHTS
from core.recurrent import Array, Gradients, Parameters

RECURRENT = {d + W for W in ("Waa", *GATE_WEIGHTS) for d in ("", "d")}
Caches = tuple[list[Any], Array]


def dropped_steps(cell: str, da: Array, caches: Caches) -> list[BackwardStep]:
    """Hand neither da_prev nor dc_prev to the step before: the copied mistake."""
    return steps_back(cell, da, caches, handed_on=())


def cut_steps(cell: str, da: Array, caches: Caches) -> list[BackwardStep]:
    """Hand on da_prev but not dc_prev: the LSTM's long road is closed."""
    return steps_back(cell, da, caches, handed_on=("da_prev",))


def steps_without_slope(cell: str, da: Array, caches: Caches) -> list[BackwardStep]:
    """Leave (1 - a²) out of equation (3), as if tanh were a straight line."""

    def linear(da_next: Array, cache: rnn.Cache) -> Gradients:
        return rnn.rnn_cell_backward(da_next / (1 - cache[0] ** 2), cache)

    return steps_back(cell, da, caches, cell_backward=linear)


def first_only(steps: Sequence[BackwardStep]) -> Gradients:
    """Write = for += : the weights' gradients are those of the first step alone."""
    right = gather(steps)
    return {name: steps[-1].gradients.get(name, right[name]) for name in right}


@dataclass(frozen=True)
class Mistake:
    """A broken backward pass, with the sentence that owns up to it.

    Attributes
    ----------
    title, explanation
        For a menu, and for the text beside it.
    cells
        The networks in which it can be made.
    steps
        Goes back: called with the cell's name, da and the caches.
    gathered
        Makes of its steps what the whole pass returns.
    """

    title: str
    explanation: str
    cells: tuple[str, ...]
    steps: Callable[[str, Array, Caches], list[BackwardStep]] = steps_back
    gathered: Callable[[Sequence[BackwardStep]], Gradients] = gather

    def backward(self, cell: str) -> Callable[[Array, Caches], Gradients]:
        """Return the broken `rnn_backward` or `lstm_backward`."""
        return lambda da, caches: self.gathered(self.steps(cell, da, caches))


MISTAKES: Mapping[str, Mistake] = {
    "dropped": Mistake(
        "Nothing handed on",
        "The gradient with respect to the previous step's state is computed and then "
        "discarded, so each step learns from its own output only. The gradients are "
        "correct at the last step and wrong at all earlier ones.",
        ("rnn", "lstm"),
        dropped_steps,
    ),
    "cell path cut": Mistake(
        "Cell state not handed on",
        "dc_prev is discarded: no gradient flows back along the cell state.",
        ("lstm",),
        cut_steps,
    ),
    "overwritten": Mistake(
        "Written over, not added up",
        "All steps share their weights, so their gradients have to be summed. With = "
        "in place of += only the first step counts: dx is correct, the gradient of "
        "every weight is wrong.",
        ("rnn", "lstm"),
        gathered=first_only,
    ),
    "no slope": Mistake(
        "The slope of tanh left out",
        "Without the factor (1 − a²), a saturated unit gets a gradient as if it could "
        "still change.",
        ("rnn",),
        steps_without_slope,
    ),
}


def without_recurrence(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Set the weights from a_prev to zero, or their gradients likewise.

    The RNN then sees one input at a time and remembers nothing. The LSTM keeps its
    cell state, but its gates no longer know what was said.

    Parameters
    ----------
    arrays
        Parameters of either network, or gradients under the names with "d" before.

    Returns
    -------
    dict
        The same names; arrays that change are copies.
    """
    changed = dict(arrays)
    for name in RECURRENT.intersection(arrays):
        changed[name] = arrays[name].copy()
        changed[name][:, : len(arrays[name])] = 0.0  # [a_prev; xt]: a_prev comes first
    return changed


def with_forget_bias(parameters: Parameters, bias: float) -> Parameters:
    """Set the forget gate's bias, as at the start of a training.

    At 0 the gate starts half open and halves the memory at each step; at 1 it
    starts at 0.73 (Gers et al. 2000; Jozefowicz et al., ICML 2015).
    """
    return {**parameters, "bf": np.full_like(parameters["bf"], bias)}


def softmax_of_the_whole(z: Array) -> Array:
    """Subtract the largest score of the whole array: 0 / 0 in a column far below."""
    e = np.exp(z - np.max(z))
    with np.errstate(invalid="ignore"):
        return np.asarray(e / e.sum(axis=0))
