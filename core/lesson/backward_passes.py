"""Backward passes step by step: the correct one, and common mistakes made on purpose.

A mistake raises no error and may even train a little: only a comparison with finite
differences (`core.lesson.gradient_check`) tells it from the correct pass.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core import gru, lstm, mingru, rnn
from core.lesson.cells import CELLS
from core.lesson.network import with_forget_bias, without_recurrence
from core.recurrent import Array, Gradients, Parameters

Caches = tuple[list[Any], Array]  # as the forward functions return them


@dataclass(frozen=True)
class BackwardStep:
    """One time step of a backward pass.

    Attributes
    ----------
    t
        The step, counted from 0.
    da
        Gradient of a_t, from its own output and from step t+1, (n_a, m).
    dc
        Gradient of c_t from step t+1, (n_a, m); None for all but the LSTM.
    gradients
        What the cell's backward function returns. For a single example the
        gradients of the biases are those of the gates: dbf is df_t, and so on.
    """

    t: int
    da: Array
    dc: Array | None
    gradients: Gradients


def backward_steps(
    cell: str,
    da: Array,
    caches: Caches,
    carried: Sequence[str] | None = None,
    cell_backward: Callable[..., Gradients] | None = None,
) -> list[BackwardStep]:
    """Backpropagate through time and return every step, last step first.

    Parameters
    ----------
    cell
        A key of `CELLS`.
    da, caches
        As for the cell's backward function.
    carried
        Which of da_prev and dc_prev are passed to the previous step; both, if None.
    cell_backward
        Used in place of the cell's own function.
    """
    kind = CELLS[cell]
    carried = kind.carried if carried is None else carried
    backward = cell_backward or kind.cell_backward
    zero = np.zeros(da.shape[:2])  # (n_a, m)
    upstream = [zero] * len(kind.carried)
    steps = []
    for t in reversed(range(da.shape[2])):
        upstream[0] = upstream[0] + da[:, :, t]
        gradients = backward(*upstream, caches[0][t])
        dc = upstream[1] if len(upstream) > 1 else None
        steps.append(BackwardStep(t, upstream[0], dc, gradients))
        upstream = [gradients[n] if n in carried else zero for n in kind.carried]
    return steps


def sum_steps(steps: Sequence[BackwardStep]) -> Gradients:
    """Sum the steps into the gradients that the whole backward pass returns."""
    first = steps[-1].gradients
    dx = np.stack([step.gradients["dxt"] for step in reversed(steps)], axis=2)
    weights = [n for n in first if n.startswith(("dW", "db"))]
    sums = {n: np.sum([step.gradients[n] for step in steps], axis=0) for n in weights}
    return {"dx": dx, "da0": first["da_prev"], **sums}


def _dropped(cell: str, da: Array, caches: Caches) -> list[BackwardStep]:
    return backward_steps(cell, da, caches, carried=())


def _cell_path_cut(cell: str, da: Array, caches: Caches) -> list[BackwardStep]:
    return backward_steps(cell, da, caches, carried=("da_prev",))


def _no_slope(cell: str, da: Array, caches: Caches) -> list[BackwardStep]:
    """Leave (1 - a²) out of equation (3) of the RNN."""

    def cell_backward(da_next: Array, cache: rnn.Cache) -> Gradients:
        return rnn.rnn_cell_backward(da_next / (1 - cache[0] ** 2), cache)

    return backward_steps(cell, da, caches, cell_backward=cell_backward)


def _transpose_forgotten(cell: str, da: Array, caches: Caches) -> list[BackwardStep]:
    """Write Waa for Waaᵀ in equation (5) of the RNN: it is square, so both fit."""

    def cell_backward(da_next: Array, cache: rnn.Cache) -> Gradients:
        dz = (1 - cache[0] ** 2) * da_next  # (3)
        gradients = rnn.rnn_cell_backward(da_next, cache)
        return gradients | {"da_prev": cache[-1]["Waa"] @ dz}

    return backward_steps(cell, da, caches, cell_backward=cell_backward)


def _new_state_for_old(cell: str, da: Array, caches: Caches) -> list[BackwardStep]:
    """Write c_t for c_{t-1} in equation (10) of the LSTM."""

    def cell_backward(da_next: Array, dc_next: Array, cache: lstm.Cache) -> Gradients:
        gradients = lstm.lstm_cell_backward(da_next, dc_next, cache)
        _, c_next, a_prev, c_prev, ft, _, _, ot, xt, parameters = cache
        dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)  # (9)
        added = dc * (c_next - c_prev) * ft * (1 - ft)
        dconcat = parameters["Wf"].T @ added  # (n_a + n_x, m)
        concat = np.concatenate([a_prev, xt])
        return gradients | {
            "da_prev": gradients["da_prev"] + dconcat[: len(a_prev)],
            "dxt": gradients["dxt"] + dconcat[len(a_prev) :],
            "dWf": gradients["dWf"] + added @ concat.T,
            "dbf": gradients["dbf"] + added.sum(axis=1, keepdims=True),
        }

    return backward_steps(cell, da, caches, cell_backward=cell_backward)


def _direct_path_cut(cell: str, da: Array, caches: Caches) -> list[BackwardStep]:
    """Leave equation (12) of the GRU out."""

    def cell_backward(da_next: Array, cache: gru.Cache) -> Gradients:
        gradients = gru.gru_cell_backward(da_next, cache)
        zt = cache[2]
        return gradients | {"da_prev": gradients["da_prev"] - da_next * zt}

    return backward_steps(cell, da, caches, cell_backward=cell_backward)


def _reset_left_out(cell: str, da: Array, caches: Caches) -> list[BackwardStep]:
    """Write dc̃ for ds: leave r_t out of equation (10) of the GRU."""

    def cell_backward(da_next: Array, cache: gru.Cache) -> Gradients:
        gradients = gru.gru_cell_backward(da_next, cache)
        _, a_prev, zt, rt, _, cct, _, parameters = cache
        added = da_next * (1 - zt) * (1 - cct**2) * (1 - rt)  # (8) less (10)
        return gradients | {
            "da_prev": gradients["da_prev"] + parameters["Wca"].T @ added,
            "dWca": gradients["dWca"] + added @ a_prev.T,
            "dbca": gradients["dbca"] + added.sum(axis=1, keepdims=True),
        }

    return backward_steps(cell, da, caches, cell_backward=cell_backward)


def _other_convention(cell: str, da: Array, caches: Caches) -> list[BackwardStep]:
    """Differentiate by z_t of the minGRU as if it kept the state, as in the GRU."""

    def cell_backward(da_next: Array, cache: mingru.Cache) -> Gradients:
        gradients = mingru.mingru_cell_backward(da_next, cache)
        Wz, dzt = cache[-1]["Wz"], _update_gradient(da_next, cache)
        return gradients | {
            "dxt": gradients["dxt"] - 2 * Wz.T @ dzt,
            "dWz": -gradients["dWz"],
            "dbz": -gradients["dbz"],
        }

    return backward_steps(cell, da, caches, cell_backward=cell_backward)


def _update_gradient(da_next: Array, cache: mingru.Cache) -> Array:
    """Return dz_t of the minGRU, equation (5)."""
    _, a_prev, zt, cct, _, _ = cache
    return da_next * (cct - a_prev) * zt * (1 - zt)


def _overwritten(steps: Sequence[BackwardStep]) -> Gradients:
    """Write = for += : the weights' gradients are those of the first step alone."""
    correct = sum_steps(steps)
    return {name: steps[-1].gradients.get(name, correct[name]) for name in correct}


def _unchanged(cell: str, parameters: Parameters) -> Parameters:  # noqa: ARG001 - as with_forget_bias
    return parameters


@dataclass(frozen=True)
class BackwardPass:
    """A backward pass, and the weights that it is shown with.

    Attributes
    ----------
    title, explanation
        For a menu, and for the text beside it.
    evidence
        Of a mistake: how it shows, if nobody says which one it is.
    cells
        The networks that it is for.
    steps
        Returns its steps, of a cell, da and the caches.
    total
        Returns the gradients of its steps.
    change_weights
        Returns the weights to use in place of the initial ones.
    wrong
        Whether the gradients are wrong.
    """

    title: str
    explanation: str
    evidence: str = ""
    cells: tuple[str, ...] = tuple(CELLS)
    steps: Callable[[str, Array, Caches], list[BackwardStep]] = backward_steps
    total: Callable[[Sequence[BackwardStep]], Gradients] = sum_steps
    change_weights: Callable[[str, Parameters], Parameters] = _unchanged
    wrong: bool = True

    def backward(self, cell: str) -> Callable[[Array, Caches], Gradients]:
        """Return this version of the cell's backward function."""
        return lambda da, caches: self.total(self.steps(cell, da, caches))


PRESETS: Mapping[str, BackwardPass] = {
    "right": BackwardPass(
        "Correct",
        "Every gradient is passed on to the previous step, and those of the weights "
        "are summed over the steps.",
        wrong=False,
    ),
    "dropped": BackwardPass(
        "Nothing handed on",
        "The gradient with respect to the previous step's state is computed and then "
        "discarded, so each step learns from its own output only. The gradients are "
        "correct at the last step and wrong at all earlier ones.",
        evidence="dx agrees at the last step only. While the loss depends on that step "
        "alone, every norm before it is 0: nothing comes back from it.",
        steps=_dropped,
    ),
    "cell path cut": BackwardPass(
        "Cell state not handed on",
        "dc_prev is discarded: no gradient flows back along the cell state.",
        evidence="dx agrees at the last step only, but something does come back from "
        "it. One step back the norm of da lies on its dashed line and that of dc does "
        "not: the path along the cell state is cut, the other one is there. (With a "
        "*Forget bias* far below 0 that path is nearly shut, and little is missing.)",
        cells=("lstm",),
        steps=_cell_path_cut,
    ),
    "overwritten": BackwardPass(
        "Written over, not added up",
        "All steps share their weights, so their gradients have to be summed. With = "
        "in place of += only the first step counts: dx is correct, the gradient of "
        "every weight is wrong.",
        evidence="dx agrees at every step and each norm lies on its dashed line, so "
        "the way back is right. Only the gradients of the weights and biases differ, "
        "which are sums over the steps.",
        total=_overwritten,
    ),
    "no slope": BackwardPass(
        "The slope of tanh left out",
        "Without the factor (1 − a²), a saturated unit gets a gradient as if it could "
        "still change.",
        evidence="dx differs at every step, even at the last one, where nothing has "
        "come from a later step yet: the mistake is within the step.",
        cells=("rnn",),
        steps=_no_slope,
    ),
    "transpose forgotten": BackwardPass(
        "Waa in place of Waaᵀ",
        "Waa is square, so both products have the same shape and no error is raised. "
        "The gradient is sent to the wrong units. Of two units Waa may be its own "
        "transpose, and then nothing differs.",
        evidence="dx agrees at the last step only, so the mistake is in what is passed "
        "on. While the loss depends on that step alone, the norm of da one step back "
        "lies on its dashed line: its length is right, its direction is not.",
        cells=("rnn",),
        steps=_transpose_forgotten,
    ),
    "new for old": BackwardPass(
        "cₜ in place of cₜ₋₁",
        "The forget gate multiplies the cell state of the step before, so its "
        "gradient contains cₜ₋₁. Here it contains cₜ.",
        evidence="dx differs at every step, even at the last one, where nothing has "
        "come from a later step yet: the mistake is within the step.",
        cells=("lstm",),
        steps=_new_state_for_old,
    ),
    "direct path cut": BackwardPass(
        "Direct path left out",
        "The term da ∗ z of the old state is forgotten: the gradient passes through "
        "the gates and the candidate only, and vanishes within a few steps.",
        evidence="dx agrees at the last step only, but something does come back from "
        "it. While the loss depends on that step alone, the norm of da is below its "
        "dashed line one step back already, and falls further with each step: the "
        "path on which most of it passes is cut. So it is with a *Forget bias* of 1 or "
        "more; with one far below 0 hardly anything passes there.",
        cells=("gru",),
        steps=_direct_path_cut,
    ),
    "reset left out": BackwardPass(
        "Reset gate left out",
        "The gradient that passes through Wca is not multiplied by r. It is the right "
        "one where the reset gate is 1, and too large everywhere else.",
        evidence="dx agrees at the last step only, yet one step back the norm of da is "
        "close to its dashed line: nearly the right amount comes back, so no path is "
        "cut, but one of them is scaled wrongly. So it is with a *Forget bias* of 1 or "
        "more; with a lower one more of it passes there, and the norm is too large.",
        cells=("gru",),
        steps=_reset_left_out,
    ),
    "other convention": BackwardPass(
        "The other convention",
        "In the GRU z = 1 keeps the old state, in the minGRU it replaces it. Mixed "
        "up, the gradient of the update gate has the wrong sign: training closes the "
        "gate where it should open it.",
        evidence="dx differs even at the last step, where nothing has come from a "
        "later step yet, but each norm lies on its dashed line: the way from state to "
        "state is right. Of the weights and biases, only Wz and bz differ.",
        cells=("mingru",),
        steps=_other_convention,
    ),
    "forget bias 0": BackwardPass(
        "Forget bias 0",
        "Not a mistake but an unfavourable start: the gate that keeps the old state "
        "is near 0.5, so the gradient along that path is about halved at each step.",
        cells=("lstm", "gru", "mingru"),
        change_weights=lambda cell, weights: with_forget_bias(cell, weights, 0.0),
        wrong=False,
    ),
    "forget bias 1": BackwardPass(
        "Forget bias 1",
        "The usual start of the LSTM: 0.73 of the old state is kept, so the gradient "
        "along that path reaches further back.",
        cells=("lstm", "gru", "mingru"),
        change_weights=lambda cell, weights: with_forget_bias(cell, weights, 1.0),
        wrong=False,
    ),
    "no recurrence": BackwardPass(
        "No recurrence",
        "The weights from state to state are zero. The gradients are correct, but "
        "none passes through these weights, so hardly anything can be learned "
        "about earlier inputs.",
        cells=("rnn", "lstm", "gru"),
        change_weights=without_recurrence,
        wrong=False,
    ),
}


def presets_of(cell: str) -> list[str]:
    """Return the names of the presets for a network."""
    return [name for name, preset in PRESETS.items() if cell in preset.cells]


def mistakes_of(cell: str) -> list[str]:
    """Return the names of the presets for a network whose gradients are wrong."""
    return [name for name in presets_of(cell) if PRESETS[name].wrong]


def hidden_mistake(cell: str, seed: int, among: Collection[str]) -> str:
    """Return the mistake of a network that a seed stands for.

    Parameters
    ----------
    cell, seed
        The seed puts the mistakes of the cell in an order.
    among
        The first of these in this order is taken: at least one.
    """
    order = np.random.default_rng(seed).permutation(mistakes_of(cell))
    return next(name for name in map(str, order) if name in among)
