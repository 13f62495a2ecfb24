"""Is a gradient right? Compare it with finite differences, and say where not.

The loss is L = Σ da * a: the hidden states, weighted by the gradient that is sent
into the backward pass. Its derivative is what the backward pass must return.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.recurrent import Array, Gradients, Parameters

# rnn_forward and lstm_forward: hidden states first, caches last.
Forward = Callable[[Array, Array, Parameters], tuple[Any, ...]]
Backward = Callable[[Array, Any], Gradients]

STEP = 2e-4  # balances the error of the formula against that of rounding
DIGITS_WANTED = 7.0
FAINT = 1e-4  # of 1 or of the largest gradient: what is less drowns in rounding


@dataclass(frozen=True)
class Agreement:
    """How well one gradient agrees with its finite differences.

    Attributes
    ----------
    name
        As in "dWax".
    error
        Largest difference over the largest entry of either. For a gradient so faint
        that differences cannot measure it, over 0.0001, or over that part of the
        largest entry of all gradients.
    worst
        Index of the entry that differs most.
    analytic, numeric
        The two values there.
    """

    name: str
    error: float
    worst: tuple[int, ...]
    analytic: float
    numeric: float

    @property
    def digits(self) -> float:
        """Digits that agree, at most 16."""
        return float(-np.log10(max(self.error, 1e-16)))

    @property
    def right(self) -> bool:
        """Whether enough digits agree."""
        return self.digits >= DIGITS_WANTED


@dataclass(frozen=True)
class Report:
    """The verdict on a whole backward pass.

    Attributes
    ----------
    gradients
        One agreement for each parameter, the inputs, and the initial state.
    steps
        One agreement for each time step, taken from dx: a mistake at step t
        spoils the gradient of the inputs before it, and not of those after.
    """

    gradients: tuple[Agreement, ...]
    steps: tuple[Agreement, ...]

    @property
    def right(self) -> bool:
        """Whether every gradient agrees."""
        return all(one.right for one in self.gradients)

    @property
    def digits(self) -> float:
        """Digits of the worst gradient."""
        return min(one.digits for one in self.gradients)

    @property
    def where(self) -> str:
        """Return where the gradients go wrong, in one sentence."""
        wrong = [one.name for one in self.gradients if not one.right]
        if not wrong:
            return f"All {len(self.gradients)} gradients agree."
        bad_steps = [t for t, one in enumerate(self.steps) if not one.right]
        place = f" from step {max(bad_steps) + 1} back" if bad_steps else ""
        return f"{', '.join(wrong)} differ{'s' if len(wrong) == 1 else ''}{place}."


def numeric_gradients(
    forward: Forward, x: Array, a0: Array, parameters: Parameters, da: Array
) -> Gradients:
    """Measure every derivative of L by moving one number at a time.

    Central differences of the fourth order, with h = 0.0002:
    (8 L(w + h) - 8 L(w - h) - L(w + 2h) + L(w - 2h)) / 12 h.

    Parameters
    ----------
    forward
        `rnn_forward` or `lstm_forward`.
    x, a0, parameters
        What it is called with, (n_x, m, T_x), (n_a, m) and the weights.
    da
        The gradient sent into the backward pass, (n_a, m, T_x).

    Returns
    -------
    dict
        dx, da0, and "d" + name of each parameter. Output weights come out as zero:
        L does not depend on them.
    """

    def loss(values: Mapping[str, Array]) -> float:
        rest = {n: v for n, v in values.items() if n not in ("x", "a0")}
        a = forward(values["x"], values["a0"], rest)[0]
        return float(np.sum(da * a[:, :, : da.shape[2]]))

    return differences(loss, {"x": x, "a0": a0, **parameters})


def differences(
    loss: Callable[[Mapping[str, Array]], float], values: Mapping[str, Array]
) -> Gradients:
    """Return the central differences of a loss for every entry of every array."""
    gradients = {}
    for name, value in values.items():
        slopes = np.zeros(value.shape)
        for index in np.ndindex(*value.shape):
            total = 0.0
            for steps, weight in ((1, 8), (-1, -8), (2, -1), (-2, 1)):
                moved = value.astype(float)
                moved[index] += steps * STEP
                total += weight * loss({**values, name: moved})
            slopes[index] = total / (12 * STEP)
        gradients["d" + name] = slopes
    return gradients


def compare(analytic: Gradients, numeric: Gradients) -> Report:
    """Judge a backward pass by the finite differences of its forward pass."""
    measured = {n: numeric[n][..., : g.shape[-1]] for n, g in analytic.items()}
    largest = max(np.abs(measured[name]).max() for name in analytic)
    floor = FAINT * max(1.0, largest)
    gradients = [_agree(n, g, measured[n], floor) for n, g in analytic.items()]
    steps = [
        _agree(f"dx at step {t + 1}", dx, measured["dx"][:, :, t], floor)
        for t, dx in enumerate(np.moveaxis(analytic["dx"], 2, 0))  # (n_x, m) each
    ]
    return Report(tuple(gradients), tuple(steps))


def check_gradients(
    forward: Forward,
    backward: Backward,
    x: Array,
    a0: Array,
    parameters: Parameters,
    da: Array,
) -> Report:
    """Run both passes and judge the backward pass by finite differences.

    Parameters
    ----------
    forward, backward
        `rnn_forward` and `rnn_backward`, or those of the LSTM, or broken ones.
    x, a0, parameters, da
        As for `numeric_gradients`.

    Returns
    -------
    Report
        Agreement of each gradient and of each step.
    """
    caches = forward(x, a0, parameters)[-1]
    numeric = numeric_gradients(forward, x, a0, parameters, da)
    return compare(backward(da, caches), numeric)


def _agree(name: str, analytic: Array, numeric: Array, floor: float) -> Agreement:
    gap = np.abs(analytic - numeric)
    worst = tuple(int(i) for i in np.unravel_index(gap.argmax(), gap.shape))
    largest = max(np.abs(analytic).max(), np.abs(numeric).max(), floor)
    error = float(gap[worst] / largest) if largest else 0.0
    return Agreement(name, error, worst, float(analytic[worst]), float(numeric[worst]))
