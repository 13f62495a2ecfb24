"""What all cells share: activations, and a cell unrolled over time, forth and back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]  # float64; float32 of networks from Keras
Parameters = dict[str, Array]  # weights by the names of the course
Gradients = dict[str, Array]  # derivatives of the loss by parameter
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


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A recurrent cell: its step, its step back, and its names."""

    # As in settings, and as in texts
    name: str
    title: str
    weights: Axes  # the names of all weights, and the symbols of their axes
    head: tuple[str, str]  # names of the output weight and its bias
    gates: tuple[str, ...]  # names of the layers that read xt
    # Name of the bias of the gate that keeps the old state, and 1, or -1 if the gate
    # keeps it when it is near 0; None if there is no such gate
    keep: tuple[str, int] | None
    states: tuple[str, ...]  # what one step passes to the next: h, and c of the LSTM
    cache: tuple[str, ...]  # names of the values that the step leaves for the step back
    # Takes the weights by name; returns those of all gates together, so that one
    # multiplication serves them all, and the biases last. The first of them multiply
    # h_{t-1} (none does in the minGRU); those before the biases xt, with their last n_x
    # columns.
    stack: Callable[[Parameters], tuple[Array, ...]]
    # Takes xt, the states at t-1 and what `stack` returned; returns the states at t and
    # the cache
    step: Callable[..., tuple[Any, ...]]
    # Takes the gradients of the states at t, the cache and the first of the weights
    # that `stack` returned; returns dz and the gradients of the states at t-1. dz is
    # the gradient of the arguments of σ and tanh
    step_back: Callable[..., tuple[Array, ...]]
    # Takes dz, h_{t-1} and x of all steps, (T, ..., m) each; returns the gradients of
    # the weights, summed over time and batch
    gradients: Callable[[Array, Array, Array], Gradients]

    @property
    def recurrent(self) -> tuple[str, ...]:
        """Names of the weights whose first n_a columns are multiplied by h_{t-1}."""
        return tuple(
            name
            for name, (rows, columns) in self.weights.items()
            if rows == "n_a" and columns.startswith("n_a")
        )


@dataclass(frozen=True)
class Unrolled:
    """A cell that has read sequences, step by step."""

    cell: Cell  # the cell
    x: Array  # inputs, (T, n_x, m)
    weights: tuple[Array, ...]  # weights in the form of its step
    caches: Sequence[tuple[Array, ...]]  # values of each step, named by `Cell.cache`

    def values(self, name: str) -> Array:
        """Return one of the cached values at all steps, (T, n_a, m)."""
        index = self.cell.cache.index(name)
        return np.stack([cache[index] for cache in self.caches])

    @cached_property
    def h(self) -> Array:
        """The hidden states, (T, n_a, m)."""
        return self.values("h")

    def last(self, steps: int) -> "Unrolled":
        """Return its last steps, with the states that they began with."""
        return replace(self, x=self.x[-steps:], caches=self.caches[-steps:])

    @property
    def h_prev(self) -> Array:
        """The hidden states before each step, (T, n_a, m)."""
        before = self.caches[0][self.cell.cache.index("h_prev")]
        return np.concatenate([before[np.newaxis], self.h[:-1]])


@dataclass(frozen=True)
class UnrolledBack:
    """The gradients of all steps."""

    unrolled: Unrolled  # the forward pass
    # For each step, the gradients of its states: dh, with that from its own output, and
    # dc of the LSTM, as step t+1 passed it on
    received: Sequence[tuple[Array, ...]]
    dz: Array  # gradients of the arguments of σ and tanh, (T, rows, m)
    initial: Sequence[Array]  # gradients of the states before the first step

    @cached_property
    def dx(self) -> Array:
        """Of the inputs, (T, n_x, m)."""
        n_x = self.unrolled.x.shape[1]
        return input_gradients(self.dz, self.unrolled.weights, n_x)


def unroll(
    cell: Cell, x: Array, weights: tuple[Array, ...], states: Sequence[Array]
) -> Unrolled:
    """Read sequences: the cell's step at each time, and its states passed on.

    Parameters
    ----------
    cell
        The cell.
    x
        Inputs, (T, n_x, m). Time is the first axis, so that a step is contiguous.
    weights
        As `cell.stack` returns them.
    states
        Before the first step, (n_a, m) each.
    """
    caches = []
    for xt in x:
        *states, cache = cell.step(xt, *states, *weights)
        caches.append(cache)
    return Unrolled(cell, x, weights, caches)


def unroll_back(unrolled: Unrolled, dh: Array, k: int | None = None) -> UnrolledBack:
    """Backpropagate through time: the cell's step back, from the last step on.

    P. J. Werbos, "Backpropagation through time: what it does and how to do it",
    Proc. IEEE 78 (1990).

    Parameters
    ----------
    unrolled
        What `unroll` returned.
    dh
        Derivative of the loss with respect to each hidden state *through the output
        of its own step*, (T, n_a, m). Fewer steps than were read: the loss depends on
        these only.
    k
        Truncated: the sequence is cut into stretches of k steps, from its end. The
        states are handed on from one to the next, the gradient is not. None hands on
        everything.
    """
    cell, weights, caches = unrolled.cell, unrolled.weights, unrolled.caches
    dz, received = [], []
    nothing = [np.zeros_like(dh[0]) for _ in cell.states]
    for t in reversed(range(len(dh))):
        if (len(dh) - 1 - t) % (k or len(dh)) == 0:  # after the end of a stretch
            carried = nothing
        received.append((dh[t] + carried[0], *carried[1:]))
        dz_t, *passed = cell.step_back(*received[-1], caches[t], weights[0])
        carried = passed
        dz.append(dz_t)
    return UnrolledBack(unrolled, received[::-1], np.stack(dz[::-1]), passed)


def input_gradients(dz: Array, weights: tuple[Array, ...], n_x: int) -> Array:
    """Return dx_t = Wxᵀ dz_t, of one step or of all steps at once.

    Wx are the columns of the weights that multiply xt, of all gates. Training needs no
    gradient of its inputs, so it does not call this.
    """
    Wx = weights[-2][:, -n_x:]  # (rows, n_x)
    return np.asarray(Wx.T @ dz)  # (..., n_x, m)


def weight_gradients(unrolled: Unrolled, dz: Array) -> Gradients:
    """Sum the gradients of the weights over time: all steps share the same weights."""
    h_prev, x = unrolled.h_prev[: len(dz)], unrolled.x[: len(dz)]
    return unrolled.cell.gradients(dz, h_prev, x)


def product_over_time(dz: Array, inputs: Array) -> Array:
    """Return Σ_t dz_t inputs_tᵀ, summed over the batch as well."""
    return np.tensordot(dz, inputs, ([0, 2], [0, 2]))


def sum_over_time(dz: Array) -> Array:
    """Return Σ_t dz_t, summed over the batch as well, as a column."""
    return np.asarray(dz.sum(axis=(0, 2))[:, np.newaxis])
