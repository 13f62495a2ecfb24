"""Gradient check: a backward pass compared with finite differences.

The loss is L = Σ da * a: the hidden states, weighted by the gradient da that the
backward pass gets. Its derivative is what the backward pass must return.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.recurrent import Array, Gradients, Parameters

# rnn_forward and lstm_forward: hidden states first, caches last.
Forward = Callable[[Array, Array, Parameters], tuple[Any, ...]]
Backward = Callable[[Array, Any], Gradients]

STEP = 2e-4  # h: balances truncation error and rounding error
REQUIRED_DIGITS = 7.0
SMALLEST_SCALE = 1e-4  # share of 1 or of the largest gradient, against rounding errors


@dataclass(frozen=True)
class Agreement:
    """The agreement of one gradient with its finite differences."""

    name: str  # name, such as "dWax"
    # Largest difference over the largest entry of either. Where both are too small for
    # finite differences, over 0.0001, or over 0.0001 times the largest entry of all
    # gradients.
    error: float
    worst: tuple[int, ...]  # index of the entry that differs most
    # The two values there
    analytic: float
    numeric: float

    @property
    def digits(self) -> float:
        """Digits that agree, at most 16."""
        return float(-np.log10(max(self.error, 1e-16)))

    @property
    def right(self) -> bool:
        """Whether enough digits agree."""
        return self.digits >= REQUIRED_DIGITS


@dataclass(frozen=True)
class Report:
    """The comparison of a whole backward pass."""

    # One agreement for each parameter, the inputs, and the initial state
    gradients: tuple[Agreement, ...]
    # One agreement for each time step, of dx: a mistake at step t makes dx wrong at
    # that step and before, and not after
    steps: tuple[Agreement, ...]

    @property
    def right(self) -> bool:
        """Whether every gradient agrees."""
        return all(gradient.right for gradient in self.gradients)

    @property
    def digits(self) -> float:
        """Digits of the worst gradient."""
        return min(gradient.digits for gradient in self.gradients)

    @property
    def where(self) -> str:
        """Return where the gradients go wrong, in one sentence."""
        wrong = [gradient.name for gradient in self.gradients if not gradient.right]
        if not wrong:
            return f"All {len(self.gradients)} gradients agree."
        steps = [t for t, step in enumerate(self.steps) if not step.right]
        where = f" from step {max(steps) + 1} back" if steps else ""
        return f"{', '.join(wrong)} differ{'s' if len(wrong) == 1 else ''}{where}."


def differences(
    loss: Callable[[Mapping[str, Array]], float], values: Mapping[str, Array]
) -> Gradients:
    """Approximate the derivative of a loss by every entry of every array.

    Central differences of the fourth order, with h = 0.0002:
    (8 L(w + h) - 8 L(w - h) - L(w + 2h) + L(w - 2h)) / 12 h.

    Returns
    -------
    dict
        "d" + name of each array.
    """
    gradients: Gradients = {}
    for name, value in values.items():
        slopes = np.zeros(value.shape)
        for index in np.ndindex(*value.shape):
            total = 0.0
            for steps, weight in ((1, 8), (-1, -8), (2, -1), (-2, 1)):
                changed = value.astype(float)
                changed[index] += steps * STEP
                total += weight * loss({**values, name: changed})
            slopes[index] = total / (12 * STEP)
        gradients["d" + name] = slopes
    return gradients


def compare(analytic: Gradients, numeric: Gradients) -> Report:
    """Compare the gradients of a backward pass with finite differences."""
    numeric = {n: numeric[n][..., : g.shape[-1]] for n, g in analytic.items()}
    largest = max(np.abs(gradient).max() for gradient in numeric.values())
    floor = SMALLEST_SCALE * max(1.0, largest)
    gradients = [_agreement(n, g, numeric[n], floor) for n, g in analytic.items()]
    steps = [
        _agreement(f"dx at step {t + 1}", dx, numeric["dx"][:, :, t], floor)
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
    """Run both passes and compare the gradients with finite differences.

    Parameters
    ----------
    forward, backward
        `rnn_forward` and `rnn_backward`, or those of the LSTM, or mistaken ones.
    x, a0, parameters
        Arguments of `forward`: (n_x, m, T_x), (n_a, m) and the weights.
    da
        Gradient of the loss with respect to the hidden states, (n_a, m, T_x).
    """

    def loss(values: Mapping[str, Array]) -> float:
        weights = {name: values[name] for name in parameters}
        a = forward(values["x"], values["a0"], weights)[0]
        return float(np.sum(da * a[:, :, : da.shape[2]]))

    caches = forward(x, a0, parameters)[-1]
    numeric = differences(loss, {"x": x, "a0": a0, **parameters})
    return compare(backward(da, caches), numeric)


def _agreement(name: str, analytic: Array, numeric: Array, floor: float) -> Agreement:
    difference = np.abs(analytic - numeric)
    worst = tuple(map(int, np.unravel_index(difference.argmax(), difference.shape)))
    largest = max(np.abs(analytic).max(), np.abs(numeric).max(), floor)
    error = float(difference[worst] / largest) if largest else 0.0
    return Agreement(name, error, worst, float(analytic[worst]), float(numeric[worst]))
