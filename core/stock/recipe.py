"""What training asks of a recipe."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import keras
import numpy as np
import tensorflow as tf

from core.layers.adam import Adam
from core.stock.result import Result
from core.training import Pause, Pauses

Batch = tuple[np.ndarray, ...]  # arrays that a training step takes, (batch, ...)


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What training has when its epochs have ended.

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
    """A model that several networks share: one at a time is in its variables.

    There is one network for each fold and, in it, each seed.

    Attributes
    ----------
    networks
        How many there are.
    steps
        Steps of training in an epoch of the network that was entered.
    patience
        Epochs without a better validation loss after which a network stops, to
        forecast with its best weights; 0 to train all epochs and keep the last.
    weights
        The weights that the optimizer moves.
    forecasters
        The weights that forecasts are made from.
    variables
        All that training changes, the optimizer's slots among it. The forecasters
        come first if `patience` is 0.
    """

    networks: int
    steps: int
    patience: int
    weights: list[keras.Variable]
    forecasters: list[keras.Variable]
    variables: list[keras.Variable | tf.Variable]

    def compile(self, optimizer: Adam) -> None:
        """Make one graph of a training step with this optimizer."""

    def enter(self, network: int) -> None:
        """Take the data of a network; its values are written by the caller."""

    def restart(self, network: int) -> None:
        """Write the values that a network starts with."""

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Draw the batches of an epoch, as many as `steps`.

        Each depends on the data, `epoch` and its place only, so that a resumed
        training repeats it.
        """

    def train_step(self, batch: Batch) -> tuple[float, int]:
        """Train on one batch; return its mean loss and how many windows it had."""

    def validate(self) -> float:
        """Return the loss on rows that no step trains on."""

    def forecast(self) -> Iterator[np.ndarray]:
        """Forecast the rows that the network is judged on, a part at a time."""

    def conclude(self, trained: Trained, pause: Pause) -> Pauses[Result]:
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
