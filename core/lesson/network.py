"""A network in training: initial weights, gradients, update, checkpoint."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from core.arrays import with_prefix
from core.lesson import fused
from core.lesson.cells import CELLS
from core.lesson.losses import Cost
from core.lesson.optimizers import Optimizer, OptimizerState
from core.lesson.settings import LessonSettings, generator
from core.recurrent import Array, Gradients, Parameters
from core.task import State

EXPLODED = 1e30  # a loss or gradient norm beyond it soon overflows


@dataclass
class Network:
    """A recurrent network and the state of its optimizer.

    Attributes
    ----------
    cell
        A key of `CELLS`.
    parameters
        Weights by name, as the cell's forward function takes them. An update
        replaces the arrays and does not change them.
    name
        Its name in checkpoints.
    optimizer_state
        Empty before the first update.
    """

    cell: str
    parameters: Parameters
    name: str
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

    def forward(self, x: Array) -> fused.Trace:
        """Run over sequences (T, n_x, m), starting from zero states."""
        return fused.forward(self.cell, x, self.parameters)

    def gradients(
        self, trace: fused.Trace, cost: Cost, config: LessonSettings
    ) -> Gradients:
        """Backpropagate through time: the gradients of all weights.

        The settings may ask for two experiments: `backward="dropped"` passes no
        gradient to the previous step, `recurrence="off"` trains no recurrent weight.
        """
        W, b = CELLS[self.cell].head
        through_time = config.backward == "right"
        gradients = fused.backward(trace, cost.da, through_time)
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
        """Restore what `state` or `weights` returned.

        Raises
        ------
        ValueError
            If it is of a network of another shape.
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

    Parameters
    ----------
    cell
        A key of `CELLS`.
    arrays
        Parameters of the network, or gradients under the names with "d" before.

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
    """Set the bias of the forget gate, or of the update gate that takes its place.

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

    W, b = CELLS[cell].head
    head = {W: glorot_uniform(n_y, n_a), b: np.zeros((n_y, 1))}
    if cell == "rnn":
        Wax = glorot_uniform(n_a, n_x)
        return {"Wax": Wax, "Waa": orthogonal(), "ba": np.zeros((n_a, 1))} | head
    weights = {}
    for gate in CELLS[cell].gates:
        if cell == "mingru":
            weights["W" + gate] = glorot_uniform(n_a, n_x)
        elif (cell, gate) == ("gru", "c"):
            weights |= {"Wca": orthogonal(), "Wcx": glorot_uniform(n_a, n_x)}
        else:
            both = [orthogonal(), glorot_uniform(n_a, n_x)]
            weights["W" + gate] = np.concatenate(both, axis=1)
    biases = {"b" + gate: np.zeros((n_a, 1)) for gate in CELLS[cell].gates}
    if cell == "gru":
        biases["bca"] = np.zeros((n_a, 1))
    return weights | biases | head
