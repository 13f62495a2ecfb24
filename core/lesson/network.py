"""A network that learns: its weights, what its optimizer remembers, one step."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from core.arrays import with_prefix
from core.lesson.broken import with_forget_bias, without_recurrence
from core.lesson.cells import CELLS
from core.lesson.fused import Trace, walk_back
from core.lesson.losses import Cost
from core.lesson.optimizers import Memory, Optimizer
from core.lesson.settings import LessonSettings, dice
from core.recurrent import Array, Gradients, Parameters
from core.task import State

EXPLODED = 1e30  # a gradient beyond it will not come back, and soon overflows


@dataclass(frozen=True)
class Network:
    """A recurrent network at one moment of its training.

    Attributes
    ----------
    cell
        "rnn" or "lstm".
    parameters
        Weights by name, as `rnn_forward` and `lstm_forward` take them.
    memory
        What the optimizer carries on.
    """

    cell: str
    parameters: Parameters
    memory: Memory

    @classmethod
    def start(cls, cell: str, n_x: int, n_y: int, config: LessonSettings) -> Self:
        """Draw the first weights: uniform for inputs, orthogonal between states."""
        rng = dice(config.seed, "weights")
        parameters = _draw(cell, (n_x, config.units, n_y), config.recurrent_scale, rng)
        if cell == "lstm":
            parameters = with_forget_bias(parameters, config.forget_bias)
        if config.recurrence == "off":
            parameters = without_recurrence(parameters)
        return cls(cell, parameters, {})

    @property
    def head(self) -> tuple[Array, Array]:
        """Output weight (n_y, n_a) and bias (n_y, 1)."""
        W, b = CELLS[self.cell].head
        return self.parameters[W], self.parameters[b]

    def gradients(self, trace: Trace, cost: Cost, config: LessonSettings) -> Gradients:
        """Go back through a trace: gradients of all weights, faults included.

        The settings can ask for two faults: to drop what each step hands to the step
        before, and to cut the weights from state to state.
        """
        W, b = CELLS[self.cell].head
        gradients = walk_back(trace, cost.da, config.backward == "right")
        gradients |= {"d" + W: cost.dW, "d" + b: cost.db}
        if config.recurrence == "off":
            return without_recurrence(gradients)
        return gradients

    def updated(self, optimizer: Optimizer, gradients: Gradients, rate: float) -> Self:
        """Return the network after one step of an optimizer."""
        parameters, memory = optimizer(self.parameters, gradients, self.memory, rate)
        return replace(self, parameters=parameters, memory=memory)

    def weights_only(self) -> Self:
        """Return the network without what its optimizer remembers."""
        return replace(self, memory={})

    def state(self, name: str) -> State:
        """Write the network into a checkpoint, under its name."""
        weights = {f"{name} weight {key}": w for key, w in self.parameters.items()}
        return weights | {f"{name} memory {key}": m for key, m in self.memory.items()}

    def restored(self, name: str, state: State) -> Self:
        """Return this network as `state` wrote it.

        Raises
        ------
        ValueError
            If the checkpoint is of a network of another shape.
        """
        weights = with_prefix(state, f"{name} weight ")
        want = {key: w.shape for key, w in self.parameters.items()}
        got = {key: w.shape for key, w in weights.items()}
        if want != got:
            raise ValueError(
                f"resume: expected weights {want}, got {got}. Resume with the "
                "settings and data of the first run, or start a new one."
            )
        memory = with_prefix(state, f"{name} memory ")
        return replace(self, parameters=weights, memory=memory)


class Networks(dict[str, Network]):
    """Networks in training by name: what checkpoints hold of a lesson."""

    def state(self) -> State:
        """Return the weights and the optimizer's memory of each network."""
        state: State = {}
        for name, network in self.items():
            state |= network.state(name)
        return state

    def restore(self, state: State) -> None:
        """Take back what `state` returned.

        Raises
        ------
        ValueError
            If it is of networks of another shape.
        """
        for name, network in self.items():
            self[name] = network.restored(name, state)


def has_exploded(loss: float, gradient_norm: float) -> bool:
    """Tell whether a step is too large to come back from, or no number at all."""
    return not (loss < EXPLODED and gradient_norm < EXPLODED)


def _draw(
    cell: str, sizes: tuple[int, int, int], scale: float, rng: np.random.Generator
) -> Parameters:
    n_x, n_a, n_y = sizes

    def between(rows: int, columns: int) -> Array:  # Glorot and Bengio 2010
        limit = np.sqrt(6 / (rows + columns))
        return rng.uniform(-limit, limit, (rows, columns))

    def turning() -> Array:  # Saxe et al. 2014: neither shrinks nor stretches
        q, r = np.linalg.qr(rng.standard_normal((n_a, n_a)))
        return np.asarray(scale * q * np.sign(np.diag(r)))

    head_weight, head_bias = CELLS[cell].head
    head = {head_weight: between(n_y, n_a), head_bias: np.zeros((n_y, 1))}
    if cell == "rnn":
        hidden = {"Wax": between(n_a, n_x), "Waa": turning(), "ba": np.zeros((n_a, 1))}
        return hidden | head
    weights = {
        "W" + gate: np.concatenate([turning(), between(n_a, n_x)], axis=1)
        for gate in CELLS[cell].gates
    }
    biases = {"b" + gate: np.zeros((n_a, 1)) for gate in CELLS[cell].gates}
    return weights | biases | head
