"""What the training loop asks of a recipe."""

from collections.abc import Iterator
from typing import Protocol

import keras
import numpy as np

from core.stock.result import Result


class Recipe(Protocol):
    """A model, its optimizer, and the data prepared for them.

    Attributes
    ----------
    steps
        Steps of training in an epoch.
    patience
        Epochs without a better validation loss after which training ends with
        the best weights; None to train all epochs and keep the last weights.
    forecasters
        The weights that forecasts are made from.
    variables
        All that training changes, the optimizer's slots among it.
    """

    steps: int
    patience: int | None
    forecasters: list[keras.Variable]
    variables: list[keras.Variable]

    def step(self, epoch: int, step: int) -> tuple[float, int]:
        """Train on one batch; return its mean loss and how many windows it had.

        What it does depends on the variables, `epoch` and `step` only: no other
        source of chance, so that a resumed training repeats it.
        """

    def validate(self) -> float:
        """Return the loss on rows that no step trains on."""

    def forecast(self) -> Iterator[np.ndarray]:
        """Forecast the test rows, a part of them at a time."""

    def result(self, forecast: np.ndarray, epochs: int, seconds: float) -> Result:
        """Turn the parts of `forecast`, joined, into the result."""
