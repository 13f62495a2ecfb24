"""The interface of a recipe, as the training uses it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import keras
import numpy as np
import tensorflow as tf

from core.layers.adam import Adam
from core.stock.result import Result
from core.training import Pause, Pauses

Batch = tuple[np.ndarray, ...]  # arguments of a training step, (batch, ...)


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What the epochs of training give.

    Attributes
    ----------
    weights
        The weights each network forecasts with, as `values_of` reads them.
    forecasts
        What `Recipe.forecast` of each network gave, its parts joined.
    epochs
        Epochs completed.
    """

    weights: list[np.ndarray]
    forecasts: list[np.ndarray]
    epochs: int


class Recipe(Protocol):
    """A model and its data, used by several networks in turn.

    There is one network for each fold and, within it, each random seed. They share the
    variables, which hold one network at a time.

    Attributes
    ----------
    networks
        Number of networks.
    steps
        Training steps in an epoch of the selected network.
    patience
        Epochs without a better validation loss after which a network stops, to
        forecast with its best weights; 0 to train all epochs and use the last.
    weights
        The weights that the optimizer updates.
    forecast_weights
        The weights that forecasts are made with.
    variables
        All that training changes, the optimizer's slots among it. If `patience` is 0,
        the forecast weights come first.
    """

    networks: int
    steps: int
    patience: int
    weights: list[keras.Variable]
    forecast_weights: list[keras.Variable]
    variables: list[keras.Variable | tf.Variable]

    def compile(self, optimizer: Adam) -> None:
        """Build the graph of a training step with this optimizer."""

    def select(self, network: int) -> None:
        """Select the data of a network; the caller writes its variables."""

    def initialise(self, network: int) -> None:
        """Write the initial values of a network's variables."""

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield the batches of an epoch, as many as `steps`.

        Each depends on the data, `epoch` and its index only, so that a resumed training
        repeats it.
        """

    def train_step(self, batch: Batch) -> tuple[float, int]:
        """Train on one batch; return its mean loss and its number of windows."""

    def validate(self) -> float:
        """Return the loss on rows that no step trains on."""

    def forecast(self) -> Iterator[np.ndarray]:
        """Forecast the test rows of the selected network, a part at a time."""

    def result(self, trained: Trained, pause: Pause) -> Pauses[Result]:
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
        variable.assign(values[place : place + size].reshape(variable.shape))
        place += size
