"""What all cells share: activations, the types of their arrays, and shape checks."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.task import UserError

Array = NDArray[np.float64]
Parameters = dict[str, Array]  # weights by the names of the papers
Gradients = dict[str, Array]  # of the loss, with respect to each of them
Axes = Mapping[str, tuple[str, ...]]  # name of an array -> symbols of its axes


def sigmoid(z: Array) -> Array:
    """Squash each number into 0 to 1: σ(z) = 1 / (1 + exp(-z)).

    Written as (1 + tanh(z / 2)) / 2, which is the same and never overflows.
    """
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * z)))


def softmax(z: Array) -> Array:
    """Turn each column of scores into probabilities: exp(z_i) / sum_j exp(z_j).

    The largest score of the *column* is subtracted first: it changes nothing in
    exact arithmetic and keeps exp from overflowing. Subtracting the largest of
    the whole array, as is often seen, gives 0 / 0 in any column that lies 700
    below it.

    Parameters
    ----------
    z
        Scores (classes, ...).

    Returns
    -------
    Array
        Probabilities of the same shape, each column of sum 1.
    """
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return np.asarray(e / e.sum(axis=0, keepdims=True))


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

    Raises
    ------
    ShapeError
        With what was expected, what was got, and what to do.
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
