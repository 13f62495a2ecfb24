"""The honest recipe: forecast the return and its risk, judged by what is unseen."""

from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from core.gradient_step import apply_gradients
from core.stock.config import Config
from core.stock.features import features
from core.stock.metrics import student_t_nll, student_t_quantile
from core.stock.result import Result
from core.stock.risk_network import (
    INPUTS,
    RiskNetwork,
    dropout_mask,
    student_t_loss,
)
from core.stock.series import PriceSeries
from core.stock.split import split

STEPS = 10  # at least, an epoch
AVERAGE = 0.95  # memory of the averaged weights, in steps
DAYS = 2048  # forecast at a time


class HonestRecipe:
    """Sequence-to-sequence LSTM with a Student-t likelihood (see `core.stock`).

    Every step reads a batch of random crops of the training part. Each day of a
    crop is a target, except for the first quarter: there the LSTM only warms up.
    Forecasts come from a moving average of the weights (Polyak & Juditsky 1992),
    which is steadier than the weights of any one step.
    """

    def __init__(self, config: Config, series: PriceSeries) -> None:
        self.config, self.series = config, series
        self.split = split(config, series)
        self.features = features(series.prices, until=self.split.test)
        # Row k holds what is known at the close of day k; its target is day k + 1.
        self.inputs = tf.constant(self.features.inputs[:-1], tf.float32)
        self.log_variance = tf.constant(self.features.log_variance[:-1], tf.float32)
        self.targets = tf.constant(self.features.returns[1:], tf.float32)
        self.warm_up = config.window // 4
        self.crops = self.split.validation - config.window  # places a crop can start
        targets = config.batch * (config.window - self.warm_up)
        self.steps = max(STEPS, self.split.validation // targets)
        self.patience: int | None = 15
        self.network = RiskNetwork(config.units, config.seed)
        self.average = RiskNetwork(config.units, config.seed)
        self.optimizer = keras.optimizers.Adam(config.learning_rate)
        self.optimizer.build(self.network.weights)
        self.forecasters = self.average.weights
        self.variables = [
            *self.network.weights,
            *self.average.weights,
            *self.optimizer.variables,
        ]
        self._train = tf.function(self._train_on, autograph=False)
        row = tf.TensorSpec([], tf.int32)
        state = tf.TensorSpec([1, config.units], tf.float32)
        self._read = tf.function(
            self._read_rows,
            input_signature=[row, row, (state, state)],
            autograph=False,
        )

    def step(self, epoch: int, step: int) -> tuple[float, int]:
        """Train on one batch of random crops."""
        random = np.random.default_rng([self.config.seed, epoch, step])
        starts = random.integers(self.crops, size=self.config.batch, dtype=np.int32)
        chance = random.integers(2**31, size=2, dtype=np.int32)
        loss = self._train(tf.constant(starts), tf.constant(chance))
        return float(loss), self.config.batch

    def _train_on(self, starts: tf.Tensor, chance: tf.Tensor) -> tf.Tensor:
        rows = starts[:, None] + tf.range(self.config.window)  # (batch, time)
        inputs = tf.gather(self.inputs, rows)
        log_variance = tf.gather(self.log_variance, rows)
        targets = tf.gather(self.targets, rows)[:, self.warm_up :]
        weights = [variable.value for variable in self.network.weights]
        keep: tf.Tensor | float = 1.0
        if self.config.dropout:
            shape = (*rows.shape, self.config.units)
            keep = dropout_mask(shape, self.config.dropout, chance)
        with tf.GradientTape() as tape:
            mean, log_variance, _ = self.network(inputs, log_variance, keep=keep)
            mean, log_variance = (
                mean[:, self.warm_up :],
                log_variance[:, self.warm_up :],
            )
            loss = tf.reduce_mean(
                student_t_loss(targets, mean, log_variance, self.network.freedom)
            )
        gradients = tape.gradient(loss, weights)
        apply_gradients(self.optimizer, gradients, self.network.weights)
        for average, weight in zip(
            self.average.weights, self.network.weights, strict=True
        ):
            average.assign(AVERAGE * average + (1.0 - AVERAGE) * weight)
        return loss

    def validate(self) -> float:
        """Mean negative log likelihood of the validation rows."""
        first = self.split.validation - 1  # the row whose target is validation
        start = max(0, first - self.config.window)
        rows = np.concatenate(list(self._read_from(start, self.split.test - 1)))
        return float(self._likelihood(rows[first - start :], first).mean())

    def forecast(self) -> Iterator[np.ndarray]:
        """Read the whole series; columns are mean and log-variance."""
        return self._read_from(0, len(self.targets))

    def _read_from(self, start: int, end: int) -> Iterator[np.ndarray]:
        zeros = tf.zeros((1, self.config.units))
        state = (zeros, zeros)
        for row in range(start, end, DAYS):
            last = min(row + DAYS, end)
            parts, state = self._read(tf.constant(row), tf.constant(last), state)
            yield parts.numpy().astype(np.float64)

    def _read_rows(
        self, start: tf.Tensor, end: tf.Tensor, state: tuple[tf.Tensor, tf.Tensor]
    ) -> tuple[tf.Tensor, tuple[tf.Tensor, tf.Tensor]]:
        inputs = tf.reshape(self.inputs[start:end], (1, -1, INPUTS))
        mean, log_variance, state = self.average(
            inputs, self.log_variance[None, start:end], state
        )
        return tf.stack([mean[0], log_variance[0]], axis=1), state

    def _likelihood(self, rows: np.ndarray, first: int) -> np.ndarray:
        actual = self.features.returns[first + 1 : first + 1 + len(rows)]
        freedom = float(self.average.freedom)
        return student_t_nll(actual, rows[:, 0], rows[:, 1], freedom)

    def result(self, forecast: np.ndarray, epochs: int, seconds: float) -> Result:
        """Turn means and log-variances of returns into prices and intervals."""
        first = self.split.test - 1
        rows = forecast[first:]
        naive = self.series.prices[first:-1]
        unit = self.features.scale
        mean = self.features.mean + unit * rows[:, 0]
        deviation = unit * np.exp(0.5 * rows[:, 1])
        freedom = float(self.average.freedom)
        wide = {p: student_t_quantile(0.5 + p / 200, freedom) for p in (80, 95)}
        return Result(
            config=self.config,
            series=self.series,
            split=self.split,
            epochs=epochs,
            seconds=seconds,
            predicted=naive * np.exp(mean),
            low_80=naive * np.exp(mean - wide[80] * deviation),
            high_80=naive * np.exp(mean + wide[80] * deviation),
            low_95=naive * np.exp(mean - wide[95] * deviation),
            high_95=naive * np.exp(mean + wide[95] * deviation),
            nll=float(self._likelihood(rows, first).mean()),
        )
