"""What both recipes share: the networks of all folds and seeds in one model."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

import keras
import numpy as np
import tensorflow as tf

from core.stock.config import Config
from core.stock.data.series import PriceSeries
from core.stock.data.split import folds, split
from core.stock.result import Result
from core.task import State
from core.training import Pause, Pauses

Batch = tuple[np.ndarray, ...]  # arguments of a training step, (batch, ...)


class Recipe(ABC):
    """A model and its data, used by several networks in turn.

    There is one network for each fold and, within it, each random seed. They share the
    variables, which hold one network at a time: the caller writes them.

    Attributes
    ----------
    networks
        Number of networks.
    """

    # Epochs without a better validation loss after which a network stops, to forecast
    # with its best weights; 0 to train all epochs and use the last
    patience: int
    weights: list[keras.Variable]  # the weights that the optimizer updates
    forecast_weights: list[keras.Variable]  # the weights that forecasts are made with
    # All that training changes, the optimizer's slots among it; the forecast weights
    # come first
    variables: list[keras.Variable | tf.Variable]

    def __init__(self, config: Config, series: PriceSeries) -> None:
        self.config, self.series = config, series
        self.split = split(config, series)
        self.folds = folds(config, self.split)
        self.networks = config.folds * config.seeds

    def fold_and_seed(self, network: int) -> tuple[int, int]:
        """Return the index of a network's fold, and that of its seed."""
        return divmod(network, self.config.seeds)

    @abstractmethod
    def compile(self, learning_rate: float) -> None:
        """Set up the optimizer, Adam, and the graph of a training step."""

    @abstractmethod
    def initialise(self, network: int) -> None:
        """Write initial weights, which depend on the seed and not on the fold."""

    @abstractmethod
    def steps(self, network: int) -> int:
        """Return the training steps in an epoch of a network."""

    @abstractmethod
    def batches(self, network: int, epoch: int) -> Iterator[Batch]:
        """Yield the batches of an epoch, as many as `steps`.

        Each depends on the data, `epoch` and its index only, so that a resumed training
        repeats it.
        """

    @abstractmethod
    def train_step(self, batch: Batch) -> tuple[float, int]:
        """Train on one batch; return its mean loss and its number of windows."""

    @abstractmethod
    def validate(self, network: int) -> float:
        """Return the loss of a network on rows that no step of it trains on."""

    @abstractmethod
    def snapshot(self, weights: np.ndarray) -> State:
        """Forecast rows before the test part, for `figures.training`.

        `weights` are those that the first network forecasts with, as `values_of` reads
        them.
        """

    @abstractmethod
    def result(self, weights: Sequence[np.ndarray], pause: Pause) -> Pauses[Result]:
        """Forecast, and return the result, its `epochs` and `seconds` left at zero.

        `weights` are those each network forecasts with, as `values_of` reads them.
        """


def values_of(variables: list[keras.Variable | tf.Variable]) -> np.ndarray:
    """Read variables as one row of numbers."""
    values = [_of_tensorflow(variable).numpy() for variable in variables]
    return np.concatenate([np.ravel(value).astype(np.float32) for value in values])


def write_values(
    variables: list[keras.Variable | tf.Variable], values: np.ndarray
) -> None:
    """Write what `values_of` read."""
    place = 0
    for variable in variables:
        size = int(np.prod(variable.shape))
        value = values[place : place + size].reshape(variable.shape)
        _of_tensorflow(variable).assign(value, read_value=False)
        place += size


def _of_tensorflow(variable: keras.Variable | tf.Variable) -> tf.Variable:
    """Return the variable behind one of Keras, whose own access is slow."""
    return variable.value if isinstance(variable, keras.Variable) else variable
