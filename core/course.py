"""The cells by the functions of a well-known course, and checks of their arrays.

Students know them as `rnn_cell_forward(xt, a_prev, parameters)`, `rnn_forward`,
`lstm_backward(da, caches)` and so on: a is the hidden state, time the last axis, and
the parameters are a dict. Here they run the cell's step.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.recurrent import (
    Array,
    Axes,
    Cell,
    Gradients,
    Parameters,
    Unrolled,
    UnrolledBack,
    input_gradients,
    softmax,
    unroll,
    unroll_back,
    weight_gradients,
)
from core.task import UserError

Cache = tuple[Any, ...]  # h, ..., xt, parameters: as the cell caches them
Caches = tuple[list[Cache], Array]  # caches of every step, and x


@dataclass(frozen=True)
class Course:
    """The four functions of the course, of one cell.

    The parameters are a dict of the cell's `weights`; n_x inputs, n_a hidden units,
    n_y outputs, m examples, T_x steps. Arrays whose shapes do not fit raise
    `ShapeError`. The LSTM has a cell state besides the hidden state.
    """

    cell: Cell

    @property
    def passed(self) -> tuple[str, ...]:
        """Names of the gradients that one step passes to the previous one."""
        return ("da_prev", "dc_prev")[: len(self.cell.states)]

    def cell_forward(self, xt: Array, *arguments: Any) -> tuple[Any, ...]:  # noqa: ANN401 - states, and a dict
        """Compute one time step.

        Parameters
        ----------
        xt
            Input at step t, (n_x, m).
        *arguments
            a_prev, and c_prev of the LSTM, (n_a, m); then the parameters.

        Returns
        -------
        tuple
            a_next, and c_next of the LSTM, (n_a, m); probabilities (n_y, m); the cache
            for `cell_backward`, which ends with xt and the parameters.
        """
        *states, parameters = arguments
        names = [name.removeprefix("d") for name in self.passed]
        axes = {"xt": ("n_x", "m"), **dict.fromkeys(names, ("n_a", "m"))}
        arrays = {"xt": xt, **dict(zip(names, states, strict=True)), **parameters}
        check_shapes({**axes, **self.cell.weights}, arrays)
        *states, cache = self.cell.step(xt, *states, *self.cell.stack(parameters))
        yt_pred = softmax(self._scores(states[0], parameters))
        return *states, yt_pred, (*cache, parameters)

    def forward(self, x: Array, a0: Array, parameters: Parameters) -> tuple[Any, ...]:
        """Run over a sequence; the LSTM starts from a zero cell state.

        Parameters
        ----------
        x
            Inputs, (n_x, m, T_x).
        a0
            Hidden state before the first step, (n_a, m).
        parameters
            Weights by name.

        Returns
        -------
        tuple
            Hidden states (n_a, m, T_x); probabilities (n_y, m, T_x); of the LSTM the
            cell states; the caches for `backward`.
        """
        axes = {"x": ("n_x", "m", "T_x"), "a0": ("n_a", "m"), **self.cell.weights}
        check_shapes(axes, {"x": x, "a0": a0, **parameters})
        states = [a0, *(np.zeros_like(a0) for _ in self.cell.states[1:])]
        weights = self.cell.stack(parameters)
        unrolled = unroll(self.cell, np.moveaxis(x, 2, 0), weights, states)
        a, *others = (_time_last(unrolled.values(name)) for name in self.cell.states)
        y = softmax(_time_last(self._scores(unrolled.h, parameters)))
        caches = [(*cache, parameters) for cache in unrolled.caches]
        return a, y, *others, (caches, x)

    def _scores(self, h: Array, parameters: Parameters) -> Array:
        W, b = (parameters[name] for name in self.cell.head)
        return np.asarray(W @ h + b)

    def cell_backward(self, *arguments: Any) -> Gradients:  # noqa: ANN401 - gradients, and a cache
        """Backpropagate through one time step.

        Parameters
        ----------
        *arguments
            da_next, and dc_next of the LSTM, (n_a, m): the gradients of the states at
            step t. Then what `cell_forward` cached.

        Returns
        -------
        dict
            dxt, da_prev, dc_prev of the LSTM, and the gradients of the weights.
        """
        *upstream, cache = arguments
        *values, parameters = cache
        names = [name.replace("_prev", "_next") for name in self.passed]
        arrays = {"a_next": values[0], **dict(zip(names, upstream, strict=True))}
        check_shapes(dict.fromkeys(arrays, ("n_a", "m")), arrays)
        weights = self.cell.stack(parameters)
        dz, *passed = self.cell.step_back(*upstream, values, weights[0])
        dx = input_gradients(dz, weights, len(values[-1]))
        h_prev = values[self.cell.cache.index("h_prev")]
        one_step = (each[np.newaxis] for each in (dz, h_prev, values[-1]))
        named = dict(zip(self.passed, passed, strict=True))
        return {"dxt": dx, **named, **self.cell.gradients(*one_step)}

    def backward(self, da: Array, caches: Caches) -> Gradients:
        """Backpropagate through a whole sequence, last step first.

        A version that is often copied passes on neither da_prev nor dc_prev: its
        gradients are wrong by as much as their own size, see
        `core.lesson.backward_passes`.

        Parameters
        ----------
        da
            Derivative of the loss with respect to each hidden state *through the
            output of its own step*, (n_a, m, T_x). Fewer than T_x steps: the loss
            depends on these only.
        caches
            As returned by `forward`.

        Returns
        -------
        dict
            dx (n_x, m, T_x), da0 (n_a, m), and the gradients of the weights.
        """
        unrolled = self.unrolled(caches)
        check_upstream(da, unrolled.caches[0][0], len(unrolled.caches))
        back = unroll_back(unrolled, np.moveaxis(da, 2, 0))
        return gradients_by_name(back, weight_gradients(unrolled, back.dz))

    def unrolled(self, caches: Caches) -> Unrolled:
        """Return the cache of `forward` in the form of `unroll`."""
        steps, x = caches
        weights = self.cell.stack(steps[0][-1])
        values = [step[:-1] for step in steps]
        return Unrolled(self.cell, np.moveaxis(x, 2, 0), weights, values)


def gradients_by_name(back: UnrolledBack, weights: Gradients) -> Gradients:
    """Return the gradients of inputs, initial state and weights, as in the course."""
    return {"dx": _time_last(back.dx), "da0": back.initial[0], **weights}


def _time_last(values: Array) -> Array:
    return np.moveaxis(values, 0, -1)


class ShapeError(UserError):
    """An array has not the shape that the equations need."""


def check_shapes(axes: Axes, arrays: Mapping[str, Array]) -> None:
    """Refuse arrays whose shapes contradict each other.

    A symbol takes its size from the first array that has it, and every later
    array must agree. Arrays that are not in `axes` are not checked.

    Parameters
    ----------
    axes
        What is needed, in order: each array's name and the symbols of its axes,
        as in {"xt": ("n_x", "m")}. "1" is itself, "n_a+n_x" a sum.
    arrays
        The arrays by name.

    Raise a ShapeError with what was expected, what was got, and what to do.
    """
    sizes = {"1": 1}
    source = {"1": "the equations"}  # the array that a size comes from
    for name, symbols in axes.items():
        if name not in arrays:
            raise ShapeError(
                f"{name}: expected an array ({', '.join(symbols)}), got none. "
                f"Add it; there is {', '.join(arrays)}."
            )
        shape = arrays[name].shape
        if len(shape) == len(symbols):
            for symbol, size in zip(symbols, shape, strict=True):
                if symbol not in sizes and "+" not in symbol:
                    sizes[symbol], source[symbol] = size, name
        known = [sum(sizes.get(s, 0) for s in symbol.split("+")) for symbol in symbols]
        if shape != tuple(known):
            raise ShapeError(_message(name, symbols, shape, sizes, source))


def _message(
    name: str,
    symbols: tuple[str, ...],
    shape: tuple[int, ...],
    sizes: Mapping[str, int],
    source: Mapping[str, str],
) -> str:
    parts = {part for symbol in symbols for part in symbol.split("+")}
    expected = f"({', '.join(symbols)})"
    if parts <= set(sizes):
        known = tuple(sum(sizes[p] for p in s.split("+")) for s in symbols)
        expected += f" = {known}"
    if len(shape) != len(symbols):
        advice = f"Give it {len(symbols)} axes, for example with {name}.reshape(...)"
    else:
        others = {source[part] for part in parts & set(sizes) if part != "1"} - {name}
        advice = f"Change it, or {' and '.join(sorted(others))} that it must fit"
    return f"{name}: expected shape {expected}, got {shape}. {advice}."


def check_upstream(da: Array, a: Array, steps: int) -> None:
    """Refuse a gradient that does not have the shape of the hidden states.

    Parameters
    ----------
    da
        Derivative of the loss with respect to the hidden states, (n_a, m, T).
    a
        One hidden state, (n_a, m).
    steps
        T_x, the number of steps of the forward pass; T may be smaller.
    """
    axes = {"a": ("n_a", "m"), "da": ("n_a", "m", "T")}
    check_shapes(axes, {"a": a, "da": da})
    if da.shape[2] > steps:
        raise ShapeError(
            f"da: expected at most T_x = {steps} steps, got {da.shape[2]}. "
            "Go forward over the whole sequence first."
        )
