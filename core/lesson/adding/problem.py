"""The adding problem: settings, sequences, and the error of a prediction.

Two of T numbers between 0 and 1 are marked, one in each half; the target after the
last step is their sum (Hochreiter and Schmidhuber 1997, section 5.4, in the common
form without negative numbers). The constant prediction 1 has a mean squared error of
1/6 = 0.167.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.lesson.cells import CELLS
from core.lesson.network import Network
from core.lesson.settings import LessonSettings, generator
from core.recurrent import Array
from core.stats import listed
from core.task import Scalar, choice, number

ALL_CELLS = "rnn,lstm,gru,mingru"
INPUTS, OUTPUTS = 2, 1  # the number and its mark; the sum


@dataclass(frozen=True, kw_only=True)
class Config(LessonSettings):
    """Settings of the adding problem."""

    length: int = number(
        50,
        (4, 200),
        "steps",
        "Length T of the sequences: the first marked number has to be remembered for "
        "up to T steps.",
    )

    cells: str = choice(
        "rnn,lstm",
        ("rnn,lstm", ALL_CELLS),
        "The networks that train side by side: an RNN and an LSTM, or a GRU and a "
        "minGRU with them.",
    )

    presets: ClassVar[Mapping[str, Mapping[str, Scalar]]] = {
        "Vanishing gradient": {},
        "Ten steps only": {"length": 10},
        "Patience: a tenth of the learning rate": {
            "learning_rate": 0.001,
            "epochs": 100,
            "steps": 80,
        },
        "Exploding without clipping": {
            "optimizer": "sgd",
            "learning_rate": 0.1,
            "clip": 0,
            "recurrent_scale": 1.1,
            "steps": 5,
        },
        "Forget bias 0": {"forget_bias": 0},
        "Forget bias -3: it forgets at once": {"forget_bias": -3},
        "Small initial weights": {
            "recurrent_scale": 0.5,
            "learning_rate": 0.001,
            "steps": 80,
        },
        "No recurrence": {"recurrence": "off"},
        "The dropped da_prev": {"backward": "dropped"},
        "Truncated: 5 of 20 steps": {"length": 20, "truncate": 5},
        "Learning rate too high": {"learning_rate": 0.3},
        "Four networks, equal parameters": {
            "cells": ALL_CELLS,
            "equal": "parameters",
            "units": 16,
        },
    }

    @property
    def label(self) -> str:
        """The networks in a few words."""
        return listed(CELLS[cell].title for cell in self.networks)

    @property
    def networks(self) -> tuple[str, ...]:
        """The cells of the networks."""
        return tuple(self.cells.split(","))

    def units_of(self, cell: str) -> int:
        """Return the units of a network."""
        return self.units_for(cell, INPUTS, OUTPUTS)


def random_sequences(
    rng: np.random.Generator, length: int, count: int
) -> tuple[Array, Array]:
    """Draw sequences of the adding problem.

    Returns
    -------
    x
        Numbers and marks, (length, 2, count).
    targets
        Sums of the two marked numbers, (count,).
    """
    x = np.zeros((length, 2, count))
    x[:, 0] = rng.random((length, count))
    half, columns = length // 2, np.arange(count)
    first, second = rng.integers(0, half, count), rng.integers(half, length, count)
    x[first, 1, columns] = x[second, 1, columns] = 1.0
    return x, (x[:, 0] * x[:, 1]).sum(axis=0)


def batches(config: Config, epoch: int) -> Iterator[tuple[Array, Array]]:
    """Draw the batches of an epoch: x (length, 2, batch) and targets (batch,)."""
    for step in range(config.steps):
        rng = generator(config.seed, "batch", epoch, step)
        yield random_sequences(rng, config.length, config.batch)


def test_data(config: Config) -> tuple[Array, Array]:
    """Return the test data: never trained on, and the same after every epoch."""
    count = max(125, min(500, 25_000 // config.length))
    return random_sequences(generator(config.seed, "test"), config.length, count)


def validation_data(config: Config) -> tuple[Array, Array]:
    """Return the validation data, of the same law as the test data.

    They are the same for every seed: seeds differ by their training alone.
    """
    count = test_data(config)[1].size
    return random_sequences(generator(0, "validation"), config.length, count)


def predictions(network: Network, x: Array) -> Array:
    """Return a network's predicted sums for sequences (T, 2, m), as (m,)."""
    W, b = network.head
    return np.asarray((W @ network.forward(x).h[-1] + b)[0])


def mean_squared_error(network: Network, x: Array, targets: Array) -> float:
    """Return the mean squared error of a network's predictions."""
    return float(np.mean((predictions(network, x) - targets) ** 2))


def baseline_error(config: Config) -> float:
    """Return the error of the constant prediction 1 on the test data: about 0.167."""
    return float(np.mean((test_data(config)[1] - 1) ** 2))
