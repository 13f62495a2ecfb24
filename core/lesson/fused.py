"""The forward and backward pass that training uses, rearranged for speed.

The functions of `core.rnn` and `core.lstm` are the reference; a test compares these
with them. Three things differ. The four gates are one matrix. The inputs' part of the
gates' arguments is computed for all steps at once, before the loop over time. The
gradients of the weights are computed for all steps at once, after the loop. Time is
the first axis, so that a step is contiguous: x (T, n_x, m), a (T, n_a, m).
"""

from dataclasses import dataclass, replace

import numpy as np

from core.lesson.cells import CELLS
from core.recurrent import Array, Gradients, Parameters


@dataclass(frozen=True)
class Trace:
    """The values of a forward pass that the backward pass needs.

    Attributes
    ----------
    cell
        "rnn" or "lstm".
    x
        Inputs (T, n_x, m).
    a, c
        Hidden and cell states (T + 1, n_a, m), the initial one first; c is empty
        for the RNN.
    gates
        Values of the gates (T, n_gates * n_a, m), in the order of `Cell.gates`;
        for the RNN these are the hidden states.
    W_a, W_x
        The stacked weights from a_prev and from xt.
    """

    cell: str
    x: Array
    a: Array
    c: Array
    gates: Array
    W_a: Array
    W_x: Array

    def repeat(self, count: int) -> "Trace":
        """Return the trace of a batch in which each sequence comes `count` times."""
        x, a, c, gates = (
            np.repeat(v, count, axis=2) for v in (self.x, self.a, self.c, self.gates)
        )
        return replace(self, x=x, a=a, c=c, gates=gates)


def keep_freed_memory() -> None:
    """Let the allocator reuse what one step frees for the next step.

    glibc returns blocks of megabytes to the system after each step and fetches
    them anew, page by page, which takes as long as the arithmetic. Freeing a block
    of 31 MB, which is never written to, raises the size from which it does so
    (mallopt(3), M_MMAP_THRESHOLD). With other allocators this has no effect.
    """
    np.empty(31_000_000, dtype=np.uint8)


def stacked_weights(cell: str, parameters: Parameters) -> tuple[Array, Array, Array]:
    """Return the weights from a_prev, from xt, and the biases, of all gates."""
    if cell == "rnn":
        return parameters["Waa"], parameters["Wax"], parameters["ba"]
    gates = CELLS[cell].gates
    W = np.concatenate([parameters["W" + gate] for gate in gates])
    b = np.concatenate([parameters["b" + gate] for gate in gates])
    n_a = len(parameters["bf"])
    return np.ascontiguousarray(W[:, :n_a]), np.ascontiguousarray(W[:, n_a:]), b


def forward(cell: str, x: Array, parameters: Parameters) -> Trace:
    """Run over sequences, starting from zero states.

    Parameters
    ----------
    cell
        "rnn" or "lstm".
    x
        Inputs (T, n_x, m).
    parameters
        As for `rnn_forward` or `lstm_forward`.
    """
    W_a, W_x, b = stacked_weights(cell, parameters)
    (T, _, m), n_a = x.shape, W_a.shape[1]
    gates = np.matmul(W_x, x) + b  # (T, n_gates * n_a, m)
    a = np.zeros((T + 1, n_a, m))
    c = np.zeros((T + 1, n_a, m) if cell == "lstm" else (0, n_a, m))
    trace = Trace(cell, x, a, c, gates, W_a, W_x)
    step = _lstm_forward_step if cell == "lstm" else _rnn_forward_step
    for t in range(T):
        step(trace, t)
    return trace


def _rnn_forward_step(trace: Trace, t: int) -> None:
    z = trace.gates[t]
    z += trace.W_a @ trace.a[t]
    trace.a[t + 1] = np.tanh(z, out=z)


def _lstm_forward_step(trace: Trace, t: int) -> None:
    z, n_a = trace.gates[t], trace.W_a.shape[1]
    z += trace.W_a @ trace.a[t]
    sigmas = z[: 3 * n_a]
    sigmas *= 0.5  # σ(z) = (1 + tanh(z / 2)) / 2: one tanh for all four gates
    np.tanh(z, out=z)
    sigmas *= 0.5
    sigmas += 0.5
    f, i, o, candidate = z.reshape(4, n_a, -1)
    trace.c[t + 1] = f * trace.c[t] + i * candidate
    trace.a[t + 1] = o * np.tanh(trace.c[t + 1])


def backward(trace: Trace, da: Array, through_time: bool = True) -> Gradients:
    """Backpropagate through time.

    Parameters
    ----------
    trace
        From `forward`.
    da
        Derivative of the loss with respect to each hidden state through the output
        of its own step, (T, n_a, m).
    through_time
        False discards da_prev and dc_prev: the mistake "dropped" of
        `core.lesson.backward_passes`.

    Returns
    -------
    dict
        Gradients of the weights, named as `rnn_backward` and `lstm_backward` do.
    """
    dz = _gate_gradients(trace, da, float(through_time))
    time_and_batch = ([0, 2], [0, 2])
    dW_a = np.tensordot(dz, trace.a[:-1], time_and_batch)
    dW_x = np.tensordot(dz, trace.x, time_and_batch)
    db = dz.sum(axis=(0, 2))[:, np.newaxis]
    if trace.cell == "rnn":
        return {"dWaa": dW_a, "dWax": dW_x, "dba": db}
    dW, gates = np.concatenate([dW_a, dW_x], axis=1), CELLS[trace.cell].gates
    weights = dict(zip(["dW" + g for g in gates], np.split(dW, 4), strict=True))
    return weights | dict(zip(["db" + g for g in gates], np.split(db, 4), strict=True))


def input_gradients(trace: Trace, da: Array) -> Array:
    """Backpropagate through time, to the inputs only: dx (T, n_x, m)."""
    return np.asarray(np.matmul(trace.W_x.T, _gate_gradients(trace, da, 1.0)))


def _gate_gradients(trace: Trace, da: Array, carried: float) -> Array:
    """Return the gradients of the gates' arguments, (T, n_gates * n_a, m)."""
    dz = np.empty_like(trace.gates)
    step = _lstm_backward_step if trace.cell == "lstm" else _rnn_backward_step
    da_prev = dc_prev = np.zeros_like(da[0])
    for t in reversed(range(len(da))):
        dc_prev = carried * step(trace, t, da[t] + da_prev, dc_prev, dz[t])
        da_prev = carried * (trace.W_a.T @ dz[t])
    return dz


def _rnn_backward_step(trace: Trace, t: int, da: Array, dc: Array, dz: Array) -> Array:
    """Write the gradients of the gates' arguments into dz; return dc_prev."""
    np.multiply(da, 1 - trace.a[t + 1] ** 2, out=dz)
    return dc


def _lstm_backward_step(trace: Trace, t: int, da: Array, dc: Array, dz: Array) -> Array:
    """Write the gradients of the gates' arguments into dz; return dc_prev."""
    n_a = trace.W_a.shape[1]
    f, i, o, candidate = trace.gates[t].reshape(4, n_a, -1)
    df, di, do, dcandidate = dz.reshape(4, n_a, -1)
    tanh_c = np.tanh(trace.c[t + 1])
    dc = dc + da * o * (1 - tanh_c**2)
    np.multiply(dc, trace.c[t], out=df)
    np.multiply(dc, candidate, out=di)
    np.multiply(da, tanh_c, out=do)
    np.multiply(dc * i, 1 - candidate**2, out=dcandidate)
    sigmas = trace.gates[t, : 3 * n_a]
    dz[: 3 * n_a] *= sigmas * (1 - sigmas)
    return np.asarray(dc * f)
