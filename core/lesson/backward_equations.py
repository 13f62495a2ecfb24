"""The equations of one step back in time, with their numbers and their factors below 1.

An equation is written as a sum of products, for each unit. Its left side is what the
backward pass that is shown has computed: if that pass contains a mistake, it is in the
equation whose two sides differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.recurrent import Array, Parameters

TOLERANCE = 1e-6  # relative: far above rounding errors, far below mistakes
SUBSCRIPTS = "₁₂₃₄₅₆"


def quantity_of(gradient: str) -> str:
    """Return the quantity of a gradient: f of dzf, h of dh_prev, "" of the RNN's dz."""
    name = gradient.removesuffix("_next").removesuffix("_prev")
    if name == "dzc":
        return "cc"
    return name.removeprefix("dz" if name.startswith("dz") else "d")


class Factor(NamedTuple):
    """A quantity in an equation."""

    # As in the cell's backward function. The subscript ⱼ stands for the unit.
    symbol: str
    quantity: str  # the gate or state that gives it its colour, such as "f"; else empty
    values: Array  # one number for each unit and step, (n_a, T_x)


@dataclass(frozen=True)
class Equation:
    """An equation of the backward pass, for every unit and step."""

    left: Factor  # what the backward pass that is shown has computed
    terms: tuple[tuple[Factor, ...], ...]  # the products whose sum it should be
    # Whether it is about a gate or the candidate, not about what one step passes to the
    # previous one
    gate: bool = False

    @property
    def right(self) -> Array:
        """The sum of the products, (n_a, T_x)."""
        products = [np.prod([each.values for each in term], 0) for term in self.terms]
        return np.asarray(np.sum(products, axis=0))

    @property
    def holds(self) -> npt.NDArray[np.bool_]:
        """Whether both sides agree, (n_a, T_x)."""
        right = self.right
        rounding = 1e-12 * max(1.0, float(np.abs(right).max()))
        return np.isclose(self.left.values, right, rtol=TOLERANCE, atol=rounding)


class Path(NamedTuple):
    """The norm of a gradient on one of its paths to the previous step."""

    title: str  # the way; "" if there is only one
    # The gradient at the beginning and after each factor: symbol, and norms (T_x,)
    gradients: tuple[tuple[str, Array], ...]
    # What it is multiplied by in between: symbol, and quantity as in `Factor`
    factors: tuple[tuple[str, str], ...]

    @property
    def ratios(self) -> list[Array]:
        """Each norm over the one before, (T_x,); NaN where that one is 0."""
        norms = [norm for _, norm in self.gradients]
        return [
            np.divide(after, before, out=np.full(len(after), np.nan), where=before > 0)
            for before, after in pairwise(norms)
        ]


@dataclass(frozen=True)
class Quantities:
    """The quantities of a backward pass through one sequence, (n_a, T_x) each."""

    # Gates and states of the forward pass, such as "f" and "h"
    states: Mapping[str, Array]
    # Gradients of them, such as "dzf". In "dh_next" and "dc_next" is what step t has
    # got from step t+1, in "dh_prev" and "dc_prev" what step t-1 has got from t.
    gradients: Mapping[str, Array]
    # Gradient of the loss with respect to h_t through the output of step t alone
    loss: Array
    parameters: Parameters  # the weights

    def gradient(self, name: str) -> Factor:
        """Return a gradient, in the colour of its quantity."""
        return Factor(name, quantity_of(name), self.gradients[name])

    def previous(self, name: str) -> Array:
        """Return a state one step earlier; the first one is zero."""
        state = self.states[name]
        return np.concatenate([np.zeros_like(state[:, :1]), state[:, :-1]], axis=1)

    def returned(self, weight: str, name: str) -> Factor:
        """Return the part of dh_prev that comes through one weight matrix."""
        gate, n_a = self.gradient(name), len(self.states["h"])
        values = self.parameters[weight][:, :n_a].T @ gate.values
        return Factor(f"{weight}ᵀ {gate.symbol}", gate.quantity, values)


def step_equations(cell: str, known: Quantities) -> tuple[list[Equation], list[Path]]:
    """Return the equations of one step back, and the paths of the gradient.

    `known` is the backward pass that is shown.
    """
    equations, paths = CELL_EQUATIONS[cell](known)
    if np.any(known.loss[:, :-1]):
        arriving = ((known.gradient("dh_next"),), (Factor("dloss", "", known.loss),))
        equations.insert(0, Equation(known.gradient("dh"), arriving))
    return equations, paths


def _rnn(known: Quantities) -> tuple[list[Equation], list[Path]]:
    """Equations (3) and (5) of core.rnn."""
    dh, dz, dh_prev = map(known.gradient, ("dh", "dz", "dh_prev"))
    h, Waa = known.states["h"], known.parameters["Waa"]
    slope = Factor("(1 − h²)", "h", 1 - h**2)
    rows = tuple(
        (
            Factor(f"Waa{k}ⱼ", "", np.broadcast_to(weights[:, np.newaxis], h.shape)),
            Factor(f"dz{k}", "", np.broadcast_to(row, h.shape)),
        )
        for k, weights, row in zip(SUBSCRIPTS, Waa, dz.values, strict=False)
    )
    gradients = tuple((each.symbol, _norm(each.values)) for each in (dh, dz, dh_prev))
    return (
        [Equation(dz, ((dh, slope),)), Equation(dh_prev, rows)],
        [Path("", gradients, (("1 − h²", "h"), ("Waaᵀ", "")))],
    )


def _lstm(known: Quantities) -> tuple[list[Equation], list[Path]]:
    """Equations (8) to (14) of core.lstm."""
    f, i, cc, o, c = (known.states[name] for name in ("f", "i", "cc", "o", "c"))
    dh, dc, dc_prev = map(known.gradient, ("dh", "dc", "dc_prev"))
    from_a = dh, Factor("o", "o", o), Factor("(1 − tanh² c)", "c", 1 - np.tanh(c) ** 2)
    kept = Factor("c_prev", "c", known.previous("c"))
    gates = [("Wf", "dzf"), ("Wi", "dzi"), ("Wc", "dzc"), ("Wo", "dzo")]
    equations = [
        Equation(dc, ((known.gradient("dc_next"),), from_a)),
        Equation(dc_prev, ((dc, Factor("f", "f", f)),)),
        Equation(
            known.gradient("dh_prev"),
            tuple((known.returned(*names),) for names in gates),
        ),
        _gate(known, "dzf", dc, kept, _sigma("f", f)),
        _gate(known, "dzi", dc, Factor("c̃", "cc", cc), _sigma("i", i)),
        _gate(known, "dzc", dc, Factor("i", "i", i), _tanh(cc)),
        _gate(known, "dzo", dh, Factor("tanh c", "c", np.tanh(c)), _sigma("o", o)),
    ]
    return equations, [_path("Along the cell state", dc, dc_prev, ("f", "f"))]


def _gru(known: Quantities) -> tuple[list[Equation], list[Path]]:
    """Equations (7) to (12) of core.gru."""
    z, r, cc, s = (known.states[name] for name in ("z", "r", "cc", "s"))
    dh, dzc, dh_prev = map(known.gradient, ("dh", "dzc", "dh_prev"))
    direct = Factor("dh ∗ z", "z", dh.values * z)
    through = [
        known.returned(*names)
        for names in (("Wz", "dzz"), ("Wr", "dzr"), ("Wca", "ds"))
    ]
    rest = Factor("rest", "", np.sum([each.values for each in through], axis=0))
    change = Factor("(h_prev − c̃)", "h", known.previous("h") - cc)
    equations = [
        Equation(
            dh_prev,
            ((dh, Factor("z", "z", z)), *((each,) for each in through)),
        ),
        _gate(known, "dzz", dh, change, _sigma("z", z)),
        _gate(known, "dzc", dh, Factor("(1 − z)", "z", 1 - z), _tanh(cc)),
        _gate(known, "dzr", dzc, Factor("s", "", s), _sigma("r", r)),
        _gate(known, "ds", dzc, Factor("r", "r", r)),
    ]
    return equations, [
        _path("Directly", dh, direct, ("z", "z")),
        _path("Through gates and candidate", dh, rest, ("slopes and weights", "")),
        _path("Together", dh, dh_prev, ("sum", "h")),
    ]


def _mingru(known: Quantities) -> tuple[list[Equation], list[Path]]:
    """Equations (5), (6) and (8) of core.mingru."""
    z, cc = known.states["z"], known.states["cc"]
    dh, dh_prev = map(known.gradient, ("dh", "dh_prev"))
    change = Factor("(c̃ − h_prev)", "h", cc - known.previous("h"))
    equations = [
        Equation(dh_prev, ((dh, Factor("(1 − z)", "z", 1 - z)),)),
        _gate(known, "dzz", dh, change, _sigma("z", z)),
        _gate(known, "dzc", dh, Factor("z", "z", z)),
    ]
    return equations, [_path("", dh, dh_prev, ("1 − z", "z"))]


CELL_EQUATIONS = {"rnn": _rnn, "lstm": _lstm, "gru": _gru, "mingru": _mingru}


def _gate(known: Quantities, name: str, *factors: Factor) -> Equation:
    return Equation(known.gradient(name), (factors,), gate=True)


def _sigma(gate: str, value: Array) -> Factor:
    return Factor(f"{gate} (1 − {gate})", gate, value * (1 - value))


def _tanh(candidate: Array) -> Factor:
    return Factor("(1 − c̃²)", "cc", 1 - candidate**2)


def _path(title: str, before: Factor, after: Factor, factor: tuple[str, str]) -> Path:
    gradients = tuple((each.symbol, _norm(each.values)) for each in (before, after))
    return Path(title, gradients, (factor,))


def _norm(gradient: Array) -> Array:
    return np.asarray(np.linalg.norm(gradient, axis=0))
