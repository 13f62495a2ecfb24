"""The settings that every training in the lessons has."""

from dataclasses import dataclass

import numpy as np

from core.task import Settings, choice, number

PAUSE_SECONDS = 0.07  # between two pauses within an epoch: steps take a millisecond


@dataclass(frozen=True, kw_only=True)
class LessonSettings(Settings):
    """What any recurrent network in NumPy is trained with."""

    units: int = number(
        32,
        2,
        64,
        "units",
        "Size of the hidden state: more units can store more, and train more slowly.",
    )
    epochs: int = number(
        40,
        1,
        500,
        "epochs",
        "How often training is interrupted to evaluate the network and to show it.",
    )
    steps: int = number(
        50,
        1,
        500,
        "updates",
        "Training steps, that is weight updates, per epoch.",
    )
    batch: int = number(
        32,
        1,
        64,
        "sequences",
        "Sequences averaged in one training step: more give less noisy gradients and "
        "slower steps.",
    )
    optimizer: str = choice(
        "adam",
        ("adam", "sgd"),
        "Adam scales each weight's step by its recent gradients; SGD takes steps "
        "proportional to the gradient.",
    )
    learning_rate: float = number(
        0.01,
        0.00001,
        10,
        "",
        "Scales each weight update: too small learns slowly, too large overshoots.",
    )
    clip: float = number(
        1,
        0,
        100,
        "",
        "Largest norm of the gradient: longer ones are scaled down to it, so that one "
        "step cannot undo many; 0 turns clipping off.",
    )
    forget_bias: float = number(
        1,
        -5,
        5,
        "",
        "Initial bias of the LSTM's forget gate: the higher, the longer the cell "
        "state is kept.",
    )
    recurrent_scale: float = number(
        1,
        0.1,
        3,
        "",
        "Scale of the initial weights from state to state: below 1 gradients vanish, "
        "above 1 they can explode.",
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
    seed: int = number(
        0,
        0,
        2**31 - 1,
        "",
        "Random seed of the initial weights and of the order of the data.",
    )


USES = ("weights", "batch", "sample", "test")


def dice(seed: int, use: str, *moment: int) -> np.random.Generator:
    """Return the generator for one use at one moment of a training.

    It depends on nothing that came before, so that a resumed training draws what
    an undisturbed one draws.
    """
    return np.random.default_rng([seed, USES.index(use), *moment])
