"""The settings that both tasks share, and their random generators."""

from dataclasses import dataclass

import numpy as np

from core.lesson.cells import parameter_count, units_for
from core.task import Settings, choice, number, random_seed

PAUSE_SECONDS = 0.07  # time between two pauses within an epoch; a step takes about 1 ms
# Not the length of a sequence: it changes the problem.
SEARCHABLE = (
    "units",
    "epochs",
    "steps",
    "batch",
    "optimizer",
    "learning_rate",
    "clip",
    "forget_bias",
    "recurrent_scale",
    "recurrence",
    "backward",
)


@dataclass(frozen=True, kw_only=True)
class LessonSettings(Settings):
    """Settings of a recurrent network in NumPy and of its training."""

    units: int = number(
        32,
        (2, 64),
        "units",
        "Size of the hidden state: more units can store more, and train more slowly.",
    )
    epochs: int = number(
        40,
        (1, 500),
        "epochs",
        "Number of epochs: after each, the network is evaluated and shown; as examples "
        "are drawn at random, an epoch is a number of steps (see steps).",
    )
    steps: int = number(
        50,
        (1, 500),
        "updates",
        "Training steps, that is weight updates, per epoch.",
    )
    batch: int = number(
        32,
        (1, 64),
        "sequences",
        "Sequences per training step, which averages their gradients: more give less "
        "noisy gradients and slower steps.",
    )
    optimizer: str = choice(
        "adam",
        ("adam", "sgd"),
        "Adam scales each weight's step by its recent gradients; SGD takes steps "
        "proportional to the gradient.",
    )
    learning_rate: float = number(
        0.01,
        (0.00001, 10),
        "",
        "Scales each weight update: too small learns slowly, too large overshoots.",
    )
    clip: float = number(
        1,
        (0, 100),
        "",
        "Largest norm of the gradient: longer ones are scaled down to it, so that one "
        "step cannot undo many; 0 turns clipping off.",
    )
    forget_bias: float = number(
        1,
        (-5, 5),
        "",
        "Initial bias of the gate that keeps the old state (the LSTM's forget gate, "
        "the update gate of a GRU): the higher, the longer it is kept.",
    )
    recurrent_scale: float = number(
        1,
        (0.1, 3),
        "",
        "Scale of the initial weights from state to state, which are orthogonal: at 1 "
        "they keep a gradient's length, below 1 it vanishes, above 1 it can explode.",
    )
    recurrence: str = choice(
        "on", ("on", "off"), "Off sets the weights from each state to the next to 0."
    )
    backward: str = choice(
        "right",
        ("right", "dropped"),
        "Backward pass: dropped makes a common mistake, no gradient is passed on to "
        "the previous step.",
    )
    truncate: int = number(
        200,
        (1, 200),
        "steps",
        "Truncated backpropagation over k steps: the gradient is handed back over "
        "stretches of k steps, the state over all; 1 hands nothing back, the length "
        "everything.",
    )
    equal: str = choice(
        "units",
        ("units", "parameters"),
        "What networks of different cells have equally many of: units, or parameters, "
        "as many as an LSTM has with this number of units.",
    )
    seed: int = random_seed(
        "Random seed of the initial weights and of the order of the data.", 2**31 - 1
    )

    def units_for(self, cell: str, n_x: int, n_y: int) -> int:
        """Return the units of a network of a cell, with its inputs and outputs."""
        if self.equal == "units":
            return self.units
        count = parameter_count("lstm", n_x, self.units, n_y)
        return units_for(cell, count, n_x, n_y)


USES = ("weights", "batch", "sample", "test", "validation")


def generator(seed: int, use: str, *position: int) -> np.random.Generator:
    """Return the random generator for one use at one position of a training.

    It depends on nothing that was drawn before, so that a resumed training draws the
    same numbers as an uninterrupted one.

    Parameters
    ----------
    seed
        The seed of the settings.
    use
        One of `USES`.
    position
        Such as the epoch and the step.
    """
    return np.random.default_rng([seed, USES.index(use), *position])
