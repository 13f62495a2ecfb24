"""The seed recipe: the classic tutorial on prices, kept exactly, faults and all."""

import math
from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from core.gradient_step import apply_gradients
from core.stock.config import CELLS, Config
from core.stock.lstm_layer import BlockLSTM
from core.stock.result import Result
from core.stock.risk_network import dropout_mask
from core.stock.series import PriceSeries
from core.stock.split import split

WATCHED = 240  # windows of the test part whose loss is shown, and never used


class SeedRecipe:
    """LSTM -> Dropout -> Dense(1) on price levels scaled by the whole series.

    Why it is flawed is in `core.stock.notes.SEED_FAULTS`.
    """

    def __init__(self, config: Config, series: PriceSeries) -> None:
        self.config, self.series = config, series
        self.split = split(config, series)
        self.low = float(series.prices.min())
        self.range = float(np.ptp(series.prices))
        self.levels = tf.constant((series.prices - self.low) / self.range, tf.float32)
        # The classic leaves out the last window of the first half.
        self.windows = self.split.test - config.window - 1
        self.steps = math.ceil(self.windows / config.batch)
        self.patience: int | None = None
        self.lstm = BlockLSTM(config.units, seed=config.seed)
        self.lstm.build((None, None, 1))
        initializer = keras.initializers.GlorotUniform(config.seed + 2)
        self.head = keras.layers.Dense(1, kernel_initializer=initializer)
        self.head.build((None, config.units))
        self.forecasters = [*self.lstm.weights, *self.head.weights]
        self.optimizer = keras.optimizers.Adam(config.learning_rate)
        self.optimizer.build(self.forecasters)
        self.variables = [*self.forecasters, *self.optimizer.variables]
        starts = tf.TensorSpec([None], tf.int32)
        chance = tf.TensorSpec([2], tf.int32)
        self._train = tf.function(
            self._train_on, input_signature=[starts, chance], autograph=False
        )
        self._predict = tf.function(
            self._levels_after, input_signature=[starts], autograph=False
        )

    def step(self, epoch: int, step: int) -> tuple[float, int]:
        """Train on the next windows of the epoch's shuffled order."""
        order = np.random.default_rng([self.config.seed, epoch]).permutation(
            self.windows
        )
        batch = self.config.batch
        starts = order[step * batch : (step + 1) * batch].astype(np.int32)
        random = np.random.default_rng([self.config.seed, epoch, step])
        chance = random.integers(2**31, size=2, dtype=np.int32)
        loss = self._train(tf.constant(starts), tf.constant(chance))
        return float(loss), len(starts)

    def _train_on(self, starts: tf.Tensor, chance: tf.Tensor) -> tf.Tensor:
        weights = [variable.value for variable in self.forecasters]
        shape = (tf.size(starts), self.config.units)
        keep = dropout_mask(shape, self.config.dropout, chance)
        with tf.GradientTape() as tape:
            forecast = self._levels_after(starts, keep)
            target = tf.gather(self.levels, starts + self.config.window)
            loss = tf.reduce_mean(tf.square(target - forecast))
        gradients = tape.gradient(loss, weights)
        apply_gradients(self.optimizer, gradients, self.forecasters)
        return loss

    def _levels_after(
        self, starts: tf.Tensor, keep: tf.Tensor | float = 1.0
    ) -> tf.Tensor:
        """Forecast the level on the day after each window (windows,)."""
        rows = starts[:, None] + tf.range(self.config.window)
        inputs = tf.gather(self.levels, rows)[..., None]  # (windows, time, 1)
        _, (hidden, _) = self.lstm(inputs)
        return self.head(hidden * keep)[:, 0]

    def validate(self) -> float:
        """Mean squared error of some windows, spread evenly over the test part."""
        first, last = self.split.test, self.split.rows - 1
        days = np.unique(np.linspace(first, last, WATCHED).astype(np.int32))
        parts = list(self._forecast_days(days))
        actual = self.levels.numpy()[days]
        return float(np.mean(np.square(actual - np.concatenate(parts))))

    def forecast(self) -> Iterator[np.ndarray]:
        """Forecast the level of each test day."""
        return self._forecast_days(
            np.arange(self.split.test, self.split.rows, dtype=np.int32)
        )

    def _forecast_days(self, days: np.ndarray) -> Iterator[np.ndarray]:
        batch = min(WATCHED, CELLS // (self.config.units * self.config.window))
        for first in range(0, len(days), batch):
            starts = days[first : first + batch] - self.config.window
            yield self._predict(tf.constant(starts)).numpy().astype(np.float64)

    def result(self, forecast: np.ndarray, epochs: int, seconds: float) -> Result:
        """Scale the forecast levels back to prices."""
        return Result(
            config=self.config,
            series=self.series,
            split=self.split,
            epochs=epochs,
            seconds=seconds,
            predicted=self.low + self.range * forecast,
        )
