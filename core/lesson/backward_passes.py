"""Backward passes step by step: the correct one, and common mistakes made on purpose.

A mistake raises no error and may even train a little: only a comparison with finite
differences (`core.lesson.gradient_check`) tells it from the correct pass.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from core.course import Caches, Course, gradients_by_name
from core.lesson.cells import CELLS
from core.lesson.mistakes import NOTHING_PASSED_ON, Mistake, backpropagate
from core.lesson.network import with_forget_bias, without_recurrence
from core.recurrent import Array, Gradients, Parameters


def _unchanged(cell: str, parameters: Parameters) -> Parameters:  # noqa: ARG001 - as with_forget_bias
    return parameters


@dataclass(frozen=True)
class BackwardPass:
    """A backward pass, and its weights on the page."""

    # For a menu, and for the text beside it
    title: str
    explanation: str
    evidence: str = ""  # visible effect of a mistake
    cells: tuple[str, ...] = tuple(CELLS)  # the networks that it is for
    # What makes the gradients wrong; None if they are right
    mistake: Mistake | None = None
    # Returns the weights to use in place of the initial ones
    change_weights: Callable[[str, Parameters], Parameters] = _unchanged

    @property
    def wrong(self) -> bool:
        """Whether the gradients are wrong."""
        return self.mistake is not None

    def backward(self, cell: str) -> Callable[[Array, Caches], Gradients]:
        """Return this version of the cell's backward function."""

        def backward(da: Array, caches: Caches) -> Gradients:
            unrolled = Course(CELLS[cell]).unrolled(caches)
            dh = np.moveaxis(da, 2, 0)
            return gradients_by_name(*backpropagate(unrolled, dh, self.mistake))

        return backward


PRESETS: Mapping[str, BackwardPass] = {
    "right": BackwardPass(
        "Correct",
        "Every gradient is passed on to the previous step, and those of the weights "
        "are summed over the steps.",
    ),
    "dropped": BackwardPass(
        "Nothing handed on",
        "The gradient with respect to the previous step's state is computed and then "
        "discarded, so each step learns from its own output only. The gradients are "
        "correct at the last step and wrong at all earlier ones.",
        evidence="dx agrees at the last step only. While the loss depends on that step "
        "alone, every norm before it is 0: nothing comes back from it.",
        mistake=NOTHING_PASSED_ON,
    ),
    "cell path cut": BackwardPass(
        "Cell state not handed on",
        "dc_prev is discarded: no gradient flows back along the cell state.",
        evidence="dx agrees at the last step only, but something does come back from "
        "it. One step back the norm of dh lies on its dashed line and that of dc does "
        "not: the path along the cell state is cut, the other one is there. (With a "
        "*Forget bias* far below 0 that path is nearly shut, and little is missing.)",
        cells=("lstm",),
        mistake=Mistake(
            "core.recurrent",
            "unroll_back",
            "carried = passed",
            "carried[0] = passed[0]",
        ),
    ),
    "overwritten": BackwardPass(
        "Written over, not added up",
        "All steps share their weights, so their gradients have to be summed. With = "
        "in place of += only the first step counts: dx is correct, the gradient of "
        "every weight is wrong.",
        evidence="dx agrees at every step and each norm lies on its dashed line, so "
        "the way back is right. Only the gradients of the weights and biases differ, "
        "which are sums over the steps.",
        mistake=Mistake(
            "core.recurrent",
            "weight_gradients",
            "cell.gradients(dz, h_prev, x)",
            "cell.gradients(dz[:1], h_prev[:1], x[:1])",
        ),
    ),
    "no slope": BackwardPass(
        "The slope of tanh left out",
        "Without the factor (1 − h²), a saturated unit gets a gradient as if it could "
        "still change.",
        evidence="dx differs at every step, even at the last one, where nothing has "
        "come from a later step yet: the mistake is within the step.",
        cells=("rnn",),
        mistake=Mistake("core.rnn", "rnn_step_back", "dz = (1 - h**2) * dh", "dz = dh"),
    ),
    "transpose forgotten": BackwardPass(
        "Waa in place of Waaᵀ",
        "Waa is square, so both products have the same shape and no error is raised. "
        "The gradient is sent to the wrong units. Of two units Waa may be its own "
        "transpose, and then nothing differs.",
        evidence="dx agrees at the last step only, so the mistake is in what is passed "
        "on. While the loss depends on that step alone, the norm of dh one step back "
        "lies on its dashed line: its length is right, its direction is not.",
        cells=("rnn",),
        mistake=Mistake(
            "core.rnn", "rnn_step_back", "dh_prev = Waa.T @ dz", "dh_prev = Waa @ dz"
        ),
    ),
    "new for old": BackwardPass(
        "cₜ in place of cₜ₋₁",
        "The forget gate multiplies the cell state of the step before, so its "
        "gradient contains cₜ₋₁. Here it contains cₜ.",
        evidence="dx differs at every step, even at the last one, where nothing has "
        "come from a later step yet: the mistake is within the step.",
        cells=("lstm",),
        mistake=Mistake(
            "core.lstm",
            "lstm_step_back",
            "dzf = dc * c_prev * f * (1 - f)",
            "dzf = dc * c * f * (1 - f)",
        ),
    ),
    "direct path cut": BackwardPass(
        "Direct path left out",
        "The term dh ∗ z of the old state is forgotten: the gradient passes through "
        "the gates and the candidate only, and vanishes within a few steps.",
        evidence="dx agrees at the last step only, but something does come back from "
        "it. While the loss depends on that step alone, the norm of dh is below its "
        "dashed line one step back already, and falls further with each step: the "
        "path on which most of it passes is cut. So it is with a *Forget bias* of 1 or "
        "more; with one far below 0 hardly anything passes there.",
        cells=("gru",),
        mistake=Mistake(
            "core.gru",
            "gru_step_back",
            "dh_prev = W[:, : len(h)].T @ dz + dh * z",
            "dh_prev = W[:, : len(h)].T @ dz",
        ),
    ),
    "reset left out": BackwardPass(
        "Reset gate left out",
        "The gradient that passes through Wca is not multiplied by r. It is the right "
        "one where the reset gate is 1, and too large everywhere else.",
        evidence="dx agrees at the last step only, yet one step back the norm of dh is "
        "close to its dashed line: nearly the right amount comes back, so no path is "
        "cut, but one of them is scaled wrongly. So it is with a *Forget bias* of 1 or "
        "more; with a lower one more of it passes there, and the norm is too large.",
        cells=("gru",),
        mistake=Mistake("core.gru", "gru_step_back", "ds = dzc * r", "ds = dzc"),
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
        mistake=Mistake(
            "core.mingru",
            "mingru_step_back",
            "dzz = dh * (cc - h_prev) * z * (1 - z)",
            "dzz = dh * (h_prev - cc) * z * (1 - z)",
        ),
    ),
    "forget bias 0": BackwardPass(
        "Forget bias 0",
        "Not a mistake but an unfavourable start: the gate that keeps the old state "
        "is near 0.5, so the gradient along that path is about halved at each step.",
        cells=("lstm", "gru", "mingru"),
        change_weights=lambda cell, weights: with_forget_bias(cell, weights, 0.0),
    ),
    "forget bias 1": BackwardPass(
        "Forget bias 1",
        "The usual start of the LSTM: 0.73 of the old state is kept, so the gradient "
        "along that path reaches further back.",
        cells=("lstm", "gru", "mingru"),
        change_weights=lambda cell, weights: with_forget_bias(cell, weights, 1.0),
    ),
    "no recurrence": BackwardPass(
        "No recurrence",
        "The weights from state to state are zero. The gradients are correct, but "
        "none passes through these weights, so hardly anything can be learned "
        "about earlier inputs.",
        cells=("rnn", "lstm", "gru"),
        change_weights=without_recurrence,
    ),
}


def presets_of(cell: str) -> list[str]:
    """Return the names of the presets for a network."""
    return [name for name, preset in PRESETS.items() if cell in preset.cells]


def mistakes_of(cell: str) -> list[str]:
    """Return the names of the presets for a network whose gradients are wrong."""
    return [name for name in presets_of(cell) if PRESETS[name].wrong]


def hidden_mistake(cell: str, seed: int, among: Collection[str]) -> str:
    """Return the mistake of a network selected by a seed.

    The seed puts the mistakes of the cell in an order; the first of `among`, which has
    at least one, is taken.
    """
    order = np.random.default_rng(seed).permutation(mistakes_of(cell))
    return next(name for name in map(str, order) if name in among)
