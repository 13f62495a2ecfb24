"""The forward and backward pass that training uses, rearranged for speed.

The functions of the cells' own modules are the reference; a test compares these with
them. Three things differ. All gates are one matrix. The inputs' part of the gates'
arguments is computed for all steps at once, before the loop over time. The
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
        A key of `CELLS`.
    x
        Inputs (T, n_x, m).
    a, c
        Hidden and cell states (T + 1, n_a, m), the initial one first; c is empty
        for all but the LSTM.
    s
        The state's part of the candidate, (3) in `core.gru`, (T, n_a, m); empty for
        all but the GRU.
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
    s: Array
    gates: Array
    W_a: Array
    W_x: Array

    def repeat(self, count: int) -> "Trace":
        """Return the trace of a batch in which each sequence comes `count` times."""
        arrays = (self.x, self.a, self.c, self.s, self.gates)
        x, a, c, s, gates = (np.repeat(array, count, axis=2) for array in arrays)
        return replace(self, x=x, a=a, c=c, s=s, gates=gates)


def keep_freed_memory() -> None:
    """Let the allocator reuse what one step frees for the next step.

    glibc returns blocks of megabytes to the system after each step and fetches
    them anew, page by page, which takes as long as the arithmetic. Freeing a block
    of 31 MB, which is never written to, raises the size from which it does so
    (mallopt(3), M_MMAP_THRESHOLD). With other allocators this has no effect.
    """
    np.empty(31_000_000, dtype=np.uint8)


def stacked_weights(cell: str, parameters: Parameters) -> tuple[Array, Array, Array]:
    """Return the weights from a_prev, from xt, and the biases, of all gates.

    None is from a_prev in the minGRU: (0, n_a).
    """
    if cell == "rnn":
        return parameters["Waa"], parameters["Wax"], parameters["ba"]
    gates = CELLS[cell].gates
    b = np.concatenate([parameters["b" + gate] for gate in gates])
    n_a = len(parameters["bc"])
    if cell == "gru":
        from_both = [parameters["Wz"], parameters["Wr"]]
        W_a = [*(W[:, :n_a] for W in from_both), parameters["Wca"]]
        W_x = [*(W[:, n_a:] for W in from_both), parameters["Wcx"]]
        return np.concatenate(W_a), np.concatenate(W_x), b
    W = np.concatenate([parameters["W" + gate] for gate in gates])
    if cell == "mingru":
        return np.zeros((0, n_a)), W, b
    return np.ascontiguousarray(W[:, :n_a]), np.ascontiguousarray(W[:, n_a:]), b


def forward(cell: str, x: Array, parameters: Parameters) -> Trace:
    """Run over sequences, starting from zero states.

    Parameters
    ----------
    cell
        A key of `CELLS`.
    x
        Inputs (T, n_x, m).
    parameters
        As for the cell's forward function.
    """
    W_a, W_x, b = stacked_weights(cell, parameters)
    (T, _, m), n_a = x.shape, W_a.shape[1]
    gates = np.matmul(W_x, x) + b  # (T, n_gates * n_a, m)
    a = np.zeros((T + 1, n_a, m))
    c = np.zeros((T + 1, n_a, m) if cell == "lstm" else (0, n_a, m))
    s = np.zeros((T, n_a, m) if cell == "gru" else (0, n_a, m))
    if cell == "gru":
        s += parameters["bca"]
    trace = Trace(cell, x, a, c, s, gates, W_a, W_x)
    step = FORWARD_STEPS[cell]
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


def _gru_forward_step(trace: Trace, t: int) -> None:
    z, n_a = trace.gates[t], trace.W_a.shape[1]
    from_a = trace.W_a @ trace.a[t]
    sigmas = z[: 2 * n_a]
    sigmas += from_a[: 2 * n_a]
    _sigmoid_in_place(sigmas)
    trace.s[t] += from_a[2 * n_a :]
    update, reset, candidate = z.reshape(3, n_a, -1)
    candidate += reset * trace.s[t]
    np.tanh(candidate, out=candidate)
    trace.a[t + 1] = candidate + update * (trace.a[t] - candidate)


def _mingru_forward_step(trace: Trace, t: int) -> None:
    update, candidate = trace.gates[t].reshape(2, trace.W_a.shape[1], -1)
    _sigmoid_in_place(update)
    trace.a[t + 1] = trace.a[t] + update * (candidate - trace.a[t])


def _sigmoid_in_place(z: Array) -> None:
    z *= 0.5
    np.tanh(z, out=z)
    z *= 0.5
    z += 0.5


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
        Gradients of the weights, named as the cell's backward function does.
    """
    dz = gate_gradients(trace, da, float(through_time))
    time_and_batch = ([0, 2], [0, 2])
    dW_x = np.tensordot(dz, trace.x, time_and_batch)
    db = dz.sum(axis=(0, 2))[:, np.newaxis]
    if trace.cell == "mingru":
        return _by_gate(trace.cell, dW_x, db)
    ds = _reset(dz, trace.gates) if trace.cell == "gru" else dz
    dW_a = np.tensordot(ds, trace.a[:-1], time_and_batch)
    if trace.cell == "rnn":
        return {"dWaa": dW_a, "dWax": dW_x, "dba": db}
    gradients = _by_gate(trace.cell, np.concatenate([dW_a, dW_x], axis=1), db)
    if trace.cell == "gru":
        n_a = len(dW_a) // 3
        dWc = gradients.pop("dWc")
        dbca = ds[:, 2 * n_a :].sum(axis=(0, 2))[:, np.newaxis]
        return gradients | {"dWca": dWc[:, :n_a], "dWcx": dWc[:, n_a:], "dbca": dbca}
    return gradients


def _by_gate(cell: str, dW: Array, db: Array) -> Gradients:
    """Split stacked gradients into those of each gate."""
    gates = CELLS[cell].gates
    count = len(gates)
    weights = dict(zip(["dW" + g for g in gates], np.split(dW, count), strict=True))
    biases = dict(zip(["db" + g for g in gates], np.split(db, count), strict=True))
    return weights | biases


def _reset(dz: Array, gates: Array) -> Array:
    """Turn the gradient of the GRU's candidate into that of s_t, (10) in `core.gru`."""
    n_a = dz.shape[-2] // 3
    ds = dz.copy()
    ds[..., 2 * n_a :, :] *= gates[..., n_a : 2 * n_a, :]
    return ds


def input_gradients(trace: Trace, da: Array) -> Array:
    """Backpropagate through time, to the inputs only: dx (T, n_x, m)."""
    return np.asarray(np.matmul(trace.W_x.T, gate_gradients(trace, da)))


def gate_gradients(trace: Trace, da: Array, carried: float = 1.0) -> Array:
    """Return the gradients of the gates' arguments, (T, n_gates * n_a, m).

    What a step passes to the previous one is multiplied by `carried`.
    """
    dz = np.empty_like(trace.gates)
    step = BACKWARD_STEPS[trace.cell]
    da_prev = dc_prev = np.zeros_like(da[0])
    for t in reversed(range(len(da))):
        da_prev, dc_prev = step(trace, t, da[t] + da_prev, dc_prev, dz[t])
        da_prev, dc_prev = carried * da_prev, carried * dc_prev
    return dz


# Each writes the gradients of the gates' arguments into dz; returns da_prev, dc_prev.


def _rnn_backward_step(
    trace: Trace, t: int, da: Array, dc: Array, dz: Array
) -> tuple[Array, Array]:
    np.multiply(da, 1 - trace.a[t + 1] ** 2, out=dz)
    return trace.W_a.T @ dz, dc


def _lstm_backward_step(
    trace: Trace, t: int, da: Array, dc: Array, dz: Array
) -> tuple[Array, Array]:
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
    return trace.W_a.T @ dz, dc * f


def _gru_backward_step(
    trace: Trace, t: int, da: Array, dc: Array, dz: Array
) -> tuple[Array, Array]:
    n_a = trace.W_a.shape[1]
    update, _, candidate = trace.gates[t].reshape(3, n_a, -1)
    dupdate, dreset, dcandidate = dz.reshape(3, n_a, -1)
    np.multiply(da, trace.a[t] - candidate, out=dupdate)
    np.multiply(da * (1 - update), 1 - candidate**2, out=dcandidate)
    np.multiply(dcandidate, trace.s[t], out=dreset)
    sigmas = trace.gates[t, : 2 * n_a]
    dz[: 2 * n_a] *= sigmas * (1 - sigmas)
    return trace.W_a.T @ _reset(dz, trace.gates[t]) + da * update, dc


def _mingru_backward_step(
    trace: Trace, t: int, da: Array, dc: Array, dz: Array
) -> tuple[Array, Array]:
    n_a = trace.W_a.shape[1]
    update, candidate = trace.gates[t].reshape(2, n_a, -1)
    dupdate, dcandidate = dz.reshape(2, n_a, -1)
    np.multiply(da, update, out=dcandidate)
    np.multiply(dcandidate * (1 - update), candidate - trace.a[t], out=dupdate)
    return da * (1 - update), dc


FORWARD_STEPS = {
    "rnn": _rnn_forward_step,
    "lstm": _lstm_forward_step,
    "gru": _gru_forward_step,
    "mingru": _mingru_forward_step,
}
BACKWARD_STEPS = {
    "rnn": _rnn_backward_step,
    "lstm": _lstm_backward_step,
    "gru": _gru_backward_step,
    "mingru": _mingru_backward_step,
}
