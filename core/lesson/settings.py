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
        "Numbers the network keeps in mind: more can hold more and learn slower.",
    )
    epochs: int = number(
        40, 1, 500, "epochs", "How often the training pauses to be judged and shown."
    )
    steps: int = number(
        50,
        1,
        500,
        "steps",
        "Weight changes in an epoch: the more, the further apart the epochs are.",
    )
    batch: int = number(
        32,
        1,
        64,
        "sequences",
        "Sequences that each step learns from: more make it steadier and slower.",
    )
    optimizer: str = choice(
        "adam",
        ("adam", "sgd"),
        "Adam scales each weight's step by its gradients so far; SGD does not.",
    )
    learning_rate: float = number(
        0.01,
        0.00001,
        10,
        "",
        "Size of each step: too small learns slowly, too large overshoots.",
    )
    clip: float = number(
        1,
        0,
        100,
        "",
        "Longest gradient allowed, so that one step cannot undo many; 0 is no limit.",
    )
    forget_bias: float = number(
        1,
        -5,
        5,
        "",
        "Start of the LSTM's forget gate: the higher, the longer it remembers.",
    )
    recurrent_scale: float = number(
        1,
        0.1,
        3,
        "",
        "Strength of the first weights from state to state: below 1 gradients fade, "
        "above 1 they can grow.",
    )
    recurrence: str = choice(
        "on", ("on", "off"), "Off cuts the weights from each state to the next."
    )
    backward: str = choice(
        "right",
        ("right", "dropped"),
        "Dropped makes a common mistake: no gradient reaches the step before.",
    )
    seed: int = number(
        0, 0, 2**31 - 1, "", "Chooses the first weights and the order of the data."
    )


USES = ("weights", "batch", "sample", "test")


def dice(seed: int, use: str, *moment: int) -> np.random.Generator:
    """Return the generator for one use at one moment of a training.

    It depends on nothing that came before, so that a resumed training draws what
    an undisturbed one draws.
    """
    return np.random.default_rng([seed, USES.index(use), *moment])
