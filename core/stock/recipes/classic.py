"""The classic recipe: a well-known tutorial on prices, with its faults."""

import itertools
import math
from collections.abc import Iterator, Sequence

import keras
import numpy as np
import tensorflow as tf

from core.layers.adam import Adam
from core.layers.lstm import BlockLSTM
from core.stock.config import MAX_CELLS, Config
from core.stock.data.series import PriceSeries
from core.stock.data.split import training_windows
from core.stock.judging.breakdown import SeedMetrics, ratio_of_errors
from core.stock.judging.leakage import Leakage, compare, disturbed
from core.stock.recipes.network import dropout_mask, initialise_lstm
from core.stock.recipes.recipe import Batch, Recipe, values_of, write_values
from core.stock.result import Result
from core.task import State
from core.training import Pause, Pauses

VALIDATION_WINDOWS = 240  # windows of the test part; their loss is only shown
SNAPSHOT_ROWS = 80  # rows in the figure of an epoch
PROBE_DAYS = 50  # days compared by the leakage self-test
PROBE_STEPS = 1  # its training steps


class ClassicRecipe(Recipe):
    """LSTM -> Dropout -> Dense(1) on price levels scaled by the whole series.

    Its flaws are in `core.stock.recipes.faults.CLASSIC_FAULTS`.
    """

    def __init__(self, config: Config, series: PriceSeries) -> None:
        super().__init__(config, series)
        self.patience = 0
        self._scale(series)
        self.lstm = BlockLSTM(config.units)
        self.lstm.build((None, None, 1))
        self.head = keras.layers.Dense(1)
        self.head.build((None, config.units))
        self.weights = self.forecast_weights = [*self.lstm.weights, *self.head.weights]
        windows = tf.TensorSpec([None, config.window], tf.float32)
        self._predict = tf.function(
            self._levels_after, input_signature=[windows], autograph=False
        )

    def compile(self, learning_rate: float) -> None:
        """Set up the optimizer, Adam, and the graph of a training step."""
        self.optimizer = Adam(self.weights, learning_rate)
        self.variables = [*self.weights, *self.optimizer.variables]
        self._train = tf.function(
            self._train_on,
            input_signature=[
                tf.TensorSpec([None, self.config.window], tf.float32),
                tf.TensorSpec([None], tf.float32),
                tf.TensorSpec([2], tf.int32),
            ],
            autograph=False,
        )

    def _scale(self, series: PriceSeries) -> None:
        """Scale the prices by the lowest and the highest of the whole series."""
        self.low = float(series.prices.min())
        self.range = float(np.ptp(series.prices))
        self.levels = ((series.prices - self.low) / self.range).astype(np.float32)

    def initialise(self, network: int) -> None:
        """Write initial weights, which depend on the seed and not on the fold."""
        _, index = self.fold_and_seed(network)
        seeds = np.random.SeedSequence([self.config.seed, index]).generate_state(2)
        initialise_lstm(self.lstm, int(seeds[0]))
        initializer = keras.initializers.GlorotUniform(int(seeds[1]))
        self.head.kernel.assign(initializer(self.head.kernel.shape))
        self.head.bias.assign([0.0])
        self.optimizer.reset()

    def _starts(self, network: int) -> np.ndarray:
        """First rows of the windows that a network learns from (windows,)."""
        fold, _ = self.fold_and_seed(network)
        return training_windows(self.config, self.series, self.folds[fold])

    def steps(self, network: int) -> int:
        """Return the number of batches that hold all windows."""
        return math.ceil(len(self._starts(network)) / self.config.batch)

    def batches(self, network: int, epoch: int) -> Iterator[Batch]:
        """Yield the batches of an epoch: all windows in a shuffled order.

        Levels (batch, time), the level on the day after each window (batch,), and the
        seed of the dropout.
        """
        _, index = self.fold_and_seed(network)
        seed = [self.config.seed, index, epoch]
        order = np.random.default_rng(seed).permutation(self._starts(network))
        for step, first in enumerate(range(0, len(order), self.config.batch)):
            starts = order[first : first + self.config.batch]
            random = np.random.default_rng([*seed, step])
            dropout_seed = random.integers(2**31, size=2, dtype=np.int32)
            targets = self.levels[starts + self.config.window]
            yield self._windows(starts), targets, dropout_seed

    def train_step(self, batch: Batch) -> tuple[float, int]:
        """Train on one batch; return its mean loss and its number of windows."""
        return float(self._train(*batch)), len(batch[0])

    def _windows(self, starts: np.ndarray) -> np.ndarray:
        return self.levels[starts[:, None] + np.arange(self.config.window)]

    def _train_on(
        self, windows: tf.Tensor, targets: tf.Tensor, dropout_seed: tf.Tensor
    ) -> tf.Tensor:
        weights = [variable.value for variable in self.weights]
        shape = (tf.shape(windows)[0], self.config.units)
        keep = dropout_mask(shape, self.config.dropout, dropout_seed)
        forecast = self._levels_after(windows, keep)
        loss = tf.reduce_mean(tf.square(targets - forecast))
        gradients = tf.gradients(loss, weights)
        self.optimizer.move(gradients)
        return loss

    def _levels_after(
        self, windows: tf.Tensor, keep: tf.Tensor | float = 1.0
    ) -> tf.Tensor:
        """Forecast the level on the day after each window (windows,)."""
        _, (hidden, _) = self.lstm(windows[..., None])  # (windows, time, 1)
        return self.head(hidden * keep)[:, 0]

    def validate(self, network: int) -> float:
        """Mean squared error of some windows, spread evenly over the test part."""
        fold = self.folds[self.fold_and_seed(network)[0]]
        first, last = fold.test, fold.end - 1
        days = np.linspace(first, last, VALIDATION_WINDOWS).astype(np.int32)
        days = np.unique(days)
        forecast = np.concatenate(list(self._forecast_days(days)))
        return float(np.mean(np.square(self.levels[days] - forecast)))

    def _forecast_days(self, days: np.ndarray) -> Iterator[np.ndarray]:
        most = MAX_CELLS // (self.config.units * self.config.window)
        batch = min(VALIDATION_WINDOWS, most)
        for first in range(0, len(days), batch):
            starts = days[first : first + batch] - self.config.window
            yield self._predict(self._windows(starts)).numpy().astype(np.float64)

    def snapshot(self, weights: np.ndarray) -> State:
        """Forecast the last training rows before the test set.

        Returns
        -------
        State
            Each (rows,): `dates`, and the prices `actual`, `naive` and `predicted`.
        """
        write_values(self.forecast_weights, weights)
        test = self.folds[0].test
        days = np.arange(max(self.config.window, test - SNAPSHOT_ROWS), test)
        levels = np.concatenate(list(self._forecast_days(days)))
        prices = {
            "actual": self.series.prices[days],
            "naive": self.series.prices[days - 1],
            "predicted": self.low + self.range * levels,
        }
        single = {name: each.astype(np.float32) for name, each in prices.items()}
        return {"dates": self.series.dates[days], **single}

    def result(self, weights: Sequence[np.ndarray], pause: Pause) -> Pauses[Result]:
        """Forecast the levels of the test days, and scale them back to prices."""
        seeds, forecasts = self.config.seeds, []
        for network, values in enumerate(weights):
            fold = self.folds[self.fold_and_seed(network)[0]]
            write_values(self.forecast_weights, values)
            parts = []
            for part in self._forecast_days(np.arange(fold.test, fold.end)):
                parts.append(part)
                yield from pause()
            forecasts.append(np.concatenate(parts))
        each = [  # folds of each seed, joined
            self.low + self.range * np.concatenate(forecasts[index::seeds])
            for index in range(seeds)
        ]
        before = self.series.prices[self.split.test - 1 : -1]
        actual = self.series.prices[self.split.test :]
        return Result(
            config=self.config,
            series=self.series,
            split=self.split,
            epochs=0,
            seconds=0.0,
            levels=np.mean(each, axis=0),
            seeds=tuple(
                SeedMetrics(rel_rmse=ratio_of_errors(actual, levels, before))
                for levels in each
            ),
            leakage=self.check_leakage(weights),
        )

    def check_leakage(self, weights: Sequence[np.ndarray]) -> Leakage:
        """Repeat everything with all prices after a day of the test part replaced."""
        fold = self.folds[-1]
        day = (fold.test + fold.end) // 2
        before = self._probe(self.series, day, weights)
        after = self._probe(disturbed(self.series, day), day, weights)
        return compare(self.series, day, before, after)

    def _probe(
        self, series: PriceSeries, day: int, weights: Sequence[np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Train some steps; return all variables, and the forecasts up to a day."""
        self._scale(series)
        network = self.networks - 1
        self.initialise(network)
        for batch in itertools.islice(self.batches(network, 0), PROBE_STEPS):
            self.train_step(batch)
        trained = values_of(self.variables)
        write_values(self.forecast_weights, weights[-1])
        first = max(self.folds[-1].test, day - PROBE_DAYS + 1)
        days = np.arange(first, day + 1)
        levels = np.concatenate(list(self._forecast_days(days)))
        return trained, self.low + self.range * levels
