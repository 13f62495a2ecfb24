"""The way back through a sequence: the gradients of each step, and the verdict."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.lesson.broken import Caches
from core.lesson.cells import CELLS
from core.lesson.checking import Report, check_gradients
from core.lesson.demo import CACHED, Numbers, Sequence, SequenceDemo, read, weights
from core.lesson.presets import PRESETS
from core.lesson.steps import BackwardStep
from core.recurrent import Array

Way = Callable[[str, Array, Caches], list[BackwardStep]]

GATES = {
    "rnn": {"dz": "dba"},
    "lstm": {"df": "dbf", "di": "dbi", "dcc": "dbc", "do": "dbo"},
}


@dataclass(frozen=True)
class WayBack:
    """A backward pass, and the verdict on it.

    Attributes
    ----------
    panels
        Gradients by name, (n_a, T_x) each: da and dz of the RNN; da, dc, df, di,
        dcc, do of the LSTM.
    norms, right_norms
        Length of da (and dc) at each step, (T_x,): of this pass, and of the right
        one through the network as its settings say.
    report
        Comparison with finite differences.
    """

    panels: Numbers
    norms: Numbers
    right_norms: Numbers
    report: Report


def way_back(
    cell: str,
    sequence: Sequence,
    settings: SequenceDemo,
    preset: str = "right",
    every_step: bool = False,
) -> WayBack:
    """Go back through a sequence, right or wrong, and check every gradient.

    Parameters
    ----------
    cell, sequence, settings
        The network and what it reads.
    preset
        A key of `core.lesson.presets.PRESETS`.
    every_step
        Whether the loss looks at the hidden state of every step, not of the last
        alone.
    """
    chosen, plain = PRESETS[preset], weights(cell, sequence, settings)
    parameters = chosen.change(plain)
    da = asked(settings, len(sequence.labels), every_step)
    panels = _panels(cell, da, read(cell, sequence, parameters), chosen.way.steps)
    right = _panels(cell, da, read(cell, sequence, plain), PRESETS["right"].way.steps)
    report = check_gradients(
        CELLS[cell].forward,
        chosen.way.backward(cell),
        sequence.x,
        np.zeros((settings.units, 1)),
        parameters,
        da,
    )
    return WayBack(panels, _norms(panels), _norms(right), report)


def asked(settings: SequenceDemo, T_x: int, every_step: bool) -> Array:
    """Return what the loss sends into each hidden state, (n_a, 1, T_x)."""
    rng = np.random.default_rng(settings.seed)
    da = np.zeros((settings.units, 1, T_x))
    steps = range(T_x) if every_step else [T_x - 1]
    for t in steps:
        direction = rng.standard_normal((settings.units, 1))
        da[:, :, t] = direction / np.linalg.norm(direction)
    return da


def _panels(cell: str, da: Array, caches: Caches, way: Way) -> Numbers:
    steps = way(cell, da, caches)[::-1]
    panels = {"da": np.concatenate([step.da for step in steps], axis=1)}
    if cell == "lstm":
        c, o = (
            np.concatenate([cache[CACHED[cell][name]] for cache in caches[0]], axis=1)
            for name in ("c", "o")
        )
        later = np.concatenate([s.dc for s in steps if s.dc is not None], axis=1)
        panels["dc"] = later + panels["da"] * o * (1 - np.tanh(c) ** 2)  # (9)
    for name, bias in GATES[cell].items():  # of one example: the gate's own gradient
        panels[name] = np.concatenate([s.gradients[bias] for s in steps], axis=1)
    return panels


def _norms(panels: Numbers) -> Numbers:
    return {
        name: np.asarray(np.linalg.norm(panels[name], axis=0))
        for name in ("da", "dc")
        if name in panels
    }
