"""The backward pass step by step, for looking at and for breaking."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.lesson.cells import CELLS
from core.recurrent import Array, Gradients


@dataclass(frozen=True)
class BackwardStep:
    """What happens at one step on the way back.

    Attributes
    ----------
    t
        The step, counted from 0.
    da
        All that reaches a_t: from its own output and from step t+1, (n_a, m).
    dc
        What reaches c_t from step t+1, (n_a, m); None for the RNN.
    gradients
        What the cell's backward function returns. For a single example the
        gradients of the biases are those of the gates: dbf is df_t, and so on.
    """

    t: int
    da: Array
    dc: Array | None
    gradients: Gradients


def steps_back(
    cell: str,
    da: Array,
    caches: tuple[list[Any], Array],
    handed_on: Sequence[str] | None = None,
    cell_backward: Callable[..., Gradients] | None = None,
) -> list[BackwardStep]:
    """Go back in time and keep every step, last step first.

    Parameters
    ----------
    cell
        "rnn" or "lstm".
    da, caches
        As for `rnn_backward` and `lstm_backward`.
    handed_on
        Which of da_prev and dc_prev reach the step before; both, if None.
    cell_backward
        Another function in place of the cell's own.

    Returns
    -------
    list of BackwardStep
        One a step.
    """
    kind = CELLS[cell]
    handed_on = kind.carried if handed_on is None else handed_on
    back = cell_backward or kind.cell_backward
    zero = np.zeros(da.shape[:2])  # (n_a, m)
    carried = [zero] * len(kind.carried)
    seen = []
    for t in reversed(range(da.shape[2])):
        carried[0] = carried[0] + da[:, :, t]
        gradients = back(*carried, caches[0][t])
        dc = carried[1] if len(carried) > 1 else None
        seen.append(BackwardStep(t, carried[0], dc, gradients))
        carried = [gradients[n] if n in handed_on else zero for n in kind.carried]
    return seen


def gather(steps: Sequence[BackwardStep]) -> Gradients:
    """Add up the steps of a backward pass into what the whole pass returns."""
    first = steps[-1].gradients
    dx = np.stack([step.gradients["dxt"] for step in reversed(steps)], axis=2)
    weights = [n for n in first if n.startswith(("dW", "db"))]
    sums = {n: np.sum([step.gradients[n] for step in steps], axis=0) for n in weights}
    return {"dx": dx, "da0": first["da_prev"], **sums}
