"""A network in training: weights, forward and backward pass, losses, and the update."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from core.arrays import with_prefix
from core.lesson.cells import CELLS
from core.lesson.settings import LessonSettings, generator
from core.recurrent import (
    Array,
    Gradients,
    Parameters,
    Unrolled,
    product_over_time,
    softmax,
    sum_over_time,
    unroll,
    unroll_back,
    weight_gradients,
)
from core.task import State

Tokens = NDArray[np.int64]
PADDING = -1  # token after the end of a sequence; not counted in the loss
EXPLODED = 1e30  # a loss or gradient norm beyond it soon overflows
OptimizerState = dict[str, Array]
# Takes parameters, gradients, its state and the learning rate; returns new parameters
# and a new state. No array is changed in place: checkpoints stay valid.
Optimizer = Callable[
    [Parameters, Gradients, OptimizerState, float], tuple[Parameters, OptimizerState]
]


def keep_freed_memory() -> None:
    """Let the allocator reuse a step's memory for the next step.

    glibc returns blocks of megabytes to the system after each step and fetches
    them anew, page by page, which takes as long as the arithmetic. Freeing a block
    of 31 MB, which is never written to, raises the size from which it does so
    (mallopt(3), M_MMAP_THRESHOLD). With other allocators this has no effect.
    """
    np.empty(31_000_000, dtype=np.uint8)


@dataclass
class Network:
    """A recurrent network and the state of its optimizer."""

    cell: str  # a key of `CELLS`
    # Weights by name, as the cell's forward function takes them. An update replaces the
    # arrays and does not change them.
    parameters: Parameters
    name: str  # its name in checkpoints
    # Empty before the first update
    optimizer_state: OptimizerState = field(default_factory=dict)

    @classmethod
    def untrained(
        cls,
        cell: str,
        n_x: int,
        n_y: int,
        config: LessonSettings,
        name: str = "",
        units: int = 0,
    ) -> Self:
        """Draw the initial weights from the seed.

        The name is the cell's, and the units are the settings', if none are given.
        """
        rng = generator(config.seed, "weights")
        sizes = n_x, units or config.units, n_y
        parameters = _initial_weights(cell, sizes, config.recurrent_scale, rng)
        parameters = with_forget_bias(cell, parameters, config.forget_bias)
        if config.recurrence == "off":
            parameters = without_recurrence(cell, parameters)
        return cls(cell, parameters, name or cell)

    @property
    def head(self) -> tuple[Array, Array]:
        """Output weight (n_y, n_a) and bias (n_y, 1)."""
        W, b = CELLS[self.cell].head
        return self.parameters[W], self.parameters[b]

    @property
    def units(self) -> int:
        """Size n_a of the hidden state."""
        return int(self.head[0].shape[1])

    def forward(self, x: Array) -> Unrolled:
        """Read sequences (T, n_x, m), starting from zero states."""
        cell = CELLS[self.cell]
        states = [np.zeros((self.units, x.shape[2])) for _ in cell.states]
        return unroll(cell, x, cell.stack(self.parameters), states)

    def gradients(
        self, unrolled: Unrolled, cost: "Cost", config: LessonSettings
    ) -> Gradients:
        """Backpropagate through time: the gradients of all weights.

        The settings may ask for experiments: `truncate` hands the gradient back over
        k steps only, `backward="dropped"` over none, `recurrence="off"` trains no
        recurrent weight.
        """
        k = 1 if config.backward == "dropped" else config.truncate
        dh = cost.dh
        if k < len(dh) and not dh[:-k].any():  # no loss before the last k steps
            unrolled, dh = unrolled.last(k), dh[-k:]
        gradients = weight_gradients(unrolled, unroll_back(unrolled, dh, k).dz)
        W, b = CELLS[self.cell].head
        gradients |= {"d" + W: cost.dW, "d" + b: cost.db}
        if config.recurrence == "off":
            return without_recurrence(self.cell, gradients)
        return gradients

    def update(self, optimizer: Optimizer, gradients: Gradients, rate: float) -> None:
        """Take one step of an optimizer."""
        self.parameters, self.optimizer_state = optimizer(
            self.parameters, gradients, self.optimizer_state, rate
        )

    def weights(self) -> State:
        """Return the weights under their names in checkpoints and results."""
        return {f"{self.name} weight {key}": w for key, w in self.parameters.items()}

    def state(self) -> State:
        """Return weights and optimizer state for a checkpoint."""
        prefix = f"{self.name} memory "
        return self.weights() | {prefix + k: v for k, v in self.optimizer_state.items()}

    def restore(self, state: State) -> None:
        """Restore the arrays of `state` or `weights`.

        Raise a ValueError if it is of a network of another shape.
        """
        weights = with_prefix(state, f"{self.name} weight ")
        want = {key: w.shape for key, w in self.parameters.items()}
        got = {key: w.shape for key, w in weights.items()}
        if want != got:
            raise ValueError(
                f"resume: expected weights {want}, got {got}. Resume with the "
                "settings and data of the first run, or start a new one."
            )
        self.parameters = weights
        self.optimizer_state = with_prefix(state, f"{self.name} memory ")


def has_exploded(loss: float, gradient_norm: float) -> bool:
    """Tell whether the loss or the gradient norm is NaN or beyond all bounds."""
    return not (loss < EXPLODED and gradient_norm < EXPLODED)


def without_recurrence(cell: str, arrays: Parameters | Gradients) -> dict[str, Array]:
    """Set the weights from a_prev to zero, or their gradients likewise.

    The RNN then depends on one input at a time. The LSTM still has its cell state
    and the GRU keeps part of its old state, but their gates depend on the current
    input only, as those of the minGRU always do.

    Gradients are under the names of the parameters with "d" before.

    Returns
    -------
    dict
        The same names; arrays that change are copies.
    """
    changed = dict(arrays)
    names = {d + W for W in CELLS[cell].recurrent for d in ("", "d")}
    for name in names.intersection(arrays):
        changed[name] = arrays[name].copy()
        changed[name][:, : len(arrays[name])] = 0.0  # [a_prev; xt]: a_prev comes first
    return changed


def with_forget_bias(cell: str, parameters: Parameters, bias: float) -> Parameters:
    """Set the bias of the forget gate, or of the update gate in its place.

    With 0 the gate is about 0.5 at the start and halves the old state at each step;
    with 1 about 0.73 of it is kept (Gers et al. 2000; Jozefowicz et al., ICML 2015).
    The update gate of the minGRU is near 0 where it keeps: its bias is -bias.
    """
    keep = CELLS[cell].keep
    if keep is None:
        return parameters
    name, sign = keep
    return {**parameters, name: np.full_like(parameters[name], sign * bias)}


def _initial_weights(
    cell: str, sizes: tuple[int, int, int], scale: float, rng: np.random.Generator
) -> Parameters:
    n_x, n_a, n_y = sizes

    def glorot_uniform(rows: int, columns: int) -> Array:  # Glorot and Bengio 2010
        limit = np.sqrt(6 / (rows + columns))
        return rng.uniform(-limit, limit, (rows, columns))

    def orthogonal() -> Array:  # Saxe et al. 2014
        q, r = np.linalg.qr(rng.standard_normal((n_a, n_a)))
        return np.asarray(scale * q * np.sign(np.diag(r)))

    def drawn(name: str) -> Array:
        rows, columns = CELLS[cell].weights[name]
        if rows == "n_y":
            return glorot_uniform(n_y, n_a)
        if columns == "n_x":
            return glorot_uniform(n_a, n_x)
        if columns == "n_a":
            return orthogonal()
        return np.concatenate([orthogonal(), glorot_uniform(n_a, n_x)], axis=1)

    weights = {name: drawn(name) for name in _order_of_drawing(cell)}
    rows = {"n_a": n_a, "n_y": n_y}
    biases = {
        name: np.zeros((rows[axes[0]], 1))
        for name, axes in CELLS[cell].weights.items()
        if axes[1] == "1"
    }
    return weights | biases


def _order_of_drawing(cell: str) -> list[str]:
    """Return the weights in the order of their random draws; seeds depend on it."""
    W, _ = CELLS[cell].head
    if cell == "lstm":
        return [W, "Wf", "Wi", "Wo", "Wc"]
    others = [name for name in CELLS[cell].weights if name.startswith("W")]
    return [W, *(name for name in others if name != W)]


class Cost(NamedTuple):
    """A loss and its gradients."""

    loss: float  # mean over the predictions
    dh: Array  # derivative with respect to each hidden state, (T, n_a, m)
    # Derivatives with respect to the output weight and bias
    dW: Array  # noqa: N815 - the symbol of the equations
    db: Array


def next_character(h: Array, targets: Tokens, head: tuple[Array, Array]) -> Cost:
    """Cross-entropy of the next character, in nats a character.

    Parameters
    ----------
    h
        Hidden states, (T, n_a, m).
    targets
        The next characters, (T, m), or PADDING.
    head
        Output weight (n_y, n_a) and bias (n_y, 1).
    """
    W, b = head
    z = np.moveaxis(np.matmul(W, h) + b, 1, 0)  # (n_y, T, m)
    counted = targets != PADDING  # (T, m)
    t, m = np.nonzero(counted)
    p = softmax(z)
    correct = p[targets[t, m], t, m]
    loss = -np.mean(np.log(np.maximum(correct, 1e-300)))
    p[targets[t, m], t, m] -= 1
    return _cost(float(loss), np.moveaxis(p * counted / len(t), 0, 1), h, W)


def last_value(h: Array, targets: Array, head: tuple[Array, Array]) -> Cost:
    """Squared error of one number, read from the last hidden state.

    Parameters
    ----------
    h
        Hidden states, (T, n_a, m).
    targets
        The correct numbers, (m,).
    head
        Output weight (1, n_a) and bias (1, 1).
    """
    W, b = head
    error = (W @ h[-1] + b)[0] - targets  # (m,)
    dz = np.zeros((len(h), 1, len(targets)))
    dz[-1] = 2 * error / len(error)
    return _cost(float(np.mean(error**2)), dz, h, W)


def _cost(loss: float, dz: Array, h: Array, W: Array) -> Cost:
    """Backpropagate from the scores: dz (T, n_y, m) is the loss's gradient there."""
    dW = product_over_time(dz, h)
    db = sum_over_time(dz)
    return Cost(loss, np.matmul(W.T, dz), dW, db)


def global_norm(gradients: Gradients) -> float:
    """Return the Euclidean norm of all gradients as one vector."""
    with np.errstate(over="ignore"):  # infinity on overflow
        return float(np.sqrt(sum(np.sum(np.square(g)) for g in gradients.values())))


def clip_by_global_norm(gradients: Gradients, limit: float) -> tuple[Gradients, float]:
    """Scale the gradients down to a given norm, keeping their direction.

    Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural
    networks", ICML 2013, algorithm 1.

    A limit of 0 leaves them as they are.

    Returns
    -------
    gradients
        Of norm at most `limit`.
    norm
        The global norm before clipping.
    """
    norm = global_norm(gradients)
    if not 0 < limit < norm:
        return gradients, norm
    return {name: g * (limit / norm) for name, g in gradients.items()}, norm


def sgd(
    parameters: Parameters, gradients: Gradients, state: OptimizerState, rate: float
) -> tuple[Parameters, OptimizerState]:
    """Stochastic gradient descent: w - rate * dw. It has no state."""
    updated = {name: w - rate * gradients["d" + name] for name, w in parameters.items()}
    return updated, state


def adam(
    parameters: Parameters, gradients: Gradients, state: OptimizerState, rate: float
) -> tuple[Parameters, OptimizerState]:
    """Adam: a step along the mean gradient over the root of the mean squared one.

    Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015,
    algorithm 1, with their constants β1 = 0.9, β2 = 0.999, ε = 1e-8.

    Parameters
    ----------
    parameters
        By name.
    gradients
        Of each parameter, under its name with "d" before it.
    state
        The moments "m " and "v " of each parameter and the number of steps "t"; {}
        at the start.
    rate
        Learning rate.

    Returns
    -------
    parameters, state
        After the step.
    """
    t = state.get("t", np.zeros(())) + 1
    bias_m, bias_v = 1 - 0.9**t, 1 - 0.999**t
    updated, new_state = {}, {"t": np.asarray(t)}
    for name, w in parameters.items():
        g = gradients["d" + name]
        m = 0.9 * state.get("m " + name, 0.0) + 0.1 * g
        v = 0.999 * state.get("v " + name, 0.0) + 0.001 * np.square(g)
        updated[name] = w - rate * (m / bias_m) / (np.sqrt(v / bias_v) + 1e-8)
        new_state["m " + name], new_state["v " + name] = m, v
    return updated, new_state


OPTIMIZERS: Mapping[str, Optimizer] = {"adam": adam, "sgd": sgd}
