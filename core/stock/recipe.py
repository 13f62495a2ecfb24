"""What the training loop asks of a recipe."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import keras
import numpy as np
import tensorflow as tf

from core.stock.pauses import Pauses
from core.stock.result import Result


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What the training loop has when it ends.

    Attributes
    ----------
    weights
        The weights each network forecasts from, as `values_of` reads them.
    forecasts
        What `Recipe.forecast` of each network gave, its parts joined.
    epochs
        Epochs completed.
    """

    weights: list[np.ndarray]
    forecasts: list[np.ndarray]
    epochs: int


class Recipe(Protocol):
    """Several networks of one kind, of which one at a time is in the variables.

    There is one network for each fold and, in it, each seed. They share the
    variables, so that the graph is traced once.

    Attributes
    ----------
    networks
        How many there are.
    steps
        Steps of training in an epoch of the network that is in.
    patience
        Epochs without a better validation loss after which a network rests with
        its best weights; None to train all epochs and keep the last weights.
    forecasters
        The weights that forecasts are made from.
    variables
        All that training changes, the optimizer's slots among it. The forecasters
        come first if `patience` is None.
    """

    networks: int
    steps: int
    patience: int | None
    forecasters: list[keras.Variable]
    variables: list[keras.Variable | tf.Variable]

    def enter(self, network: int) -> None:
        """Take the data of a network; its values are written by the caller."""

    def restart(self, network: int) -> None:
        """Write the values that a network starts with."""

    def step(self, epoch: int, step: int) -> tuple[float, int]:
        """Train on one batch; return its mean loss and how many windows it had.

        What it does depends on the variables, `epoch` and `step` only: no other
        source of chance, so that a resumed training repeats it.
        """

    def validate(self) -> float:
        """Return the loss on rows that no step trains on."""

    def forecast(self) -> Iterator[np.ndarray]:
        """Forecast the rows that the network is judged on, a part at a time."""

    def conclude(self, trained: Trained) -> Pauses[Result]:
        """Turn the forecasts into the result, its `seconds` left at zero."""


def values_of(variables: list[keras.Variable | tf.Variable]) -> np.ndarray:
    """Read variables as one row of numbers."""
    return np.concatenate([np.ravel(v.numpy()).astype(np.float32) for v in variables])


def write_values(
    variables: list[keras.Variable | tf.Variable], values: np.ndarray
) -> None:
    """Write what `values_of` read."""
    place = 0
    for variable in variables:
        size = int(np.prod(variable.shape))
        part = values[place : place + size].reshape(variable.shape)
        variable.assign(part)
        place += size
