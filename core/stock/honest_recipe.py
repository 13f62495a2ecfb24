"""The honest recipe: forecast the return and its risk, judged by what is unseen."""

import itertools
from collections.abc import Iterator

import numpy as np
import tensorflow as tf

from core.layers.adam import Adam
from core.stock.config import PATIENCE, Config
from core.stock.evaluation import Evaluation, band_prices, factors_of, in_prices
from core.stock.keras_model import keras_model
from core.stock.leakage import Leakage, compare, disturbed
from core.stock.outlook import Outlook
from core.stock.preparing import Prepared, prepare
from core.stock.recipe import Batch, Trained, values_of, write_values
from core.stock.result import Result
from core.stock.risk_network import RiskNetwork, dropout_mask, student_t_loss
from core.stock.series import PriceSeries
from core.stock.split import folds, split
from core.stock.student_t import student_t_nll
from core.training import Pause, Pauses

STEPS = 10  # at least, an epoch
AVERAGE = 0.95  # memory of the averaged weights, in steps
DAYS = 2048  # forecast at a time
PROBE_STEPS = 3  # of training in the leakage self-test


class HonestRecipe:
    """Sequence-to-sequence LSTM with a Student-t likelihood (see `core.stock`).

    Every step reads a batch of random crops of the training part. Each day of a
    crop is a target, except for the first quarter: there the LSTM only warms up.
    The nearest horizon counts fully, one h days ahead 1/h, as its targets overlap.
    Forecasts come from a moving average of the weights (Polyak & Juditsky 1992),
    which is steadier than the weights of any one step.
    """

    def __init__(self, config: Config, series: PriceSeries) -> None:
        self.config, self.series = config, series
        self.split = split(config, series)
        self.horizons = config.horizons
        self.share = np.array([1.0 / days for days in self.horizons])
        self.prepared = [
            prepare(series, fold, config) for fold in folds(config, self.split)
        ]
        self.networks = config.folds * config.seeds
        self.warm_up = config.window // 4
        self.patience = PATIENCE
        inputs = self.prepared[0].inputs.shape[1]
        self.network = RiskNetwork(config.units, inputs, len(self.horizons))
        self.average = RiskNetwork(config.units, inputs, len(self.horizons))
        self.weights = self.network.weights
        self.forecasters = self.average.weights
        state = tf.TensorSpec([1, config.units], tf.float32)
        self._read = tf.function(
            self._read_rows,
            input_signature=[
                tf.TensorSpec([None, inputs], tf.float32),
                tf.TensorSpec([None, len(self.horizons)], tf.float32),
                (state, state),
            ],
            autograph=False,
        )
        self.enter(0)

    def compile(self, optimizer: Adam) -> None:
        """Make one graph of a training step with this optimizer."""
        self.optimizer = optimizer
        self.variables = [*self.weights, *self.forecasters, *optimizer.variables]
        self._untrained = values_of(optimizer.variables)
        inputs = self.prepared[0].inputs.shape[1]
        crops = (self.config.batch, self.config.window)
        targets = tf.TensorSpec([*crops, len(self.horizons)], tf.float32)
        self._train = tf.function(
            self._train_on,
            input_signature=[
                tf.TensorSpec([*crops, inputs], tf.float32),
                *(targets, targets, targets),
                tf.TensorSpec([2], tf.int32),
            ],
            autograph=False,
        )

    def enter(self, network: int) -> None:
        """Take the fold and the seed of a network."""
        fold, self.place = divmod(network, self.config.seeds)
        self._take(self.prepared[fold])

    def _take(self, prepared: Prepared) -> None:
        self.now = prepared
        targets = self.config.batch * (self.config.window - self.warm_up)
        self.steps = max(STEPS, prepared.fold.validation // targets)

    def restart(self, network: int) -> None:
        """Draw the weights of a network, the same for its seed in every fold."""
        _, place = divmod(network, self.config.seeds)
        seed = np.random.SeedSequence([self.config.seed, place]).generate_state(1)[0]
        self.network.restart(int(seed))
        write_values(self.forecasters, values_of(self.weights))
        write_values(self.optimizer.variables, self._untrained)

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Draw the batches of an epoch: random crops, and the seed of the dropout."""
        now = self.now
        arrays = now.inputs, now.log_variance, now.targets, now.counted
        for step in range(self.steps):
            random = np.random.default_rng([self.config.seed, self.place, epoch, step])
            starts = random.choice(now.crops, size=self.config.batch)
            rows = starts[:, None] + np.arange(self.config.window)  # (batch, time)
            chance = random.integers(2**31, size=2, dtype=np.int32)
            yield (*(array[rows] for array in arrays), chance)

    def train_step(self, batch: Batch) -> tuple[float, int]:
        """Train on one batch; return its mean loss and how many windows it had."""
        return float(self._train(*batch)), self.config.batch

    def _train_on(
        self,
        inputs: tf.Tensor,
        log_variance: tf.Tensor,
        targets: tf.Tensor,
        counted: tf.Tensor,
        chance: tf.Tensor,
    ) -> tf.Tensor:
        weights = [variable.value for variable in self.weights]
        keep: tf.Tensor | float = 1.0
        if self.config.dropout:
            shape = (*inputs.shape[:2], self.config.units)
            keep = dropout_mask(shape, self.config.dropout, chance)
        mean, log_variance, _ = self.network(inputs, log_variance, keep=keep)
        losses = student_t_loss(targets, mean, log_variance, self.network.freedom)
        share = (counted * self.share)[:, self.warm_up :]
        days = tf.reduce_sum(counted[:, self.warm_up :, 0])
        loss = tf.reduce_sum(losses[:, self.warm_up :] * share) / days
        gradients = tf.gradients(loss, weights)
        self.optimizer.move(gradients)
        for average, weight in zip(self.forecasters, self.weights, strict=True):
            average.assign(AVERAGE * average + (1.0 - AVERAGE) * weight)
        return loss

    def validate(self) -> float:
        """Mean negative log likelihood of the validation rows, as in training."""
        fold = self.now.fold
        first, end = fold.validation - 1, fold.test - 1
        start = max(0, first - self.config.window)
        rows = np.concatenate(list(self._read_from(start, end)))[first - start :]
        ends = np.arange(first, end)[:, None] + np.array(self.horizons)
        mean, log_variance, freedom = _parts(rows)
        losses = student_t_nll(self.now.ahead[first:end], mean, log_variance, freedom)
        known = ends < fold.test
        return float(
            sum(
                share * losses[known[:, column], column].mean()
                for column, share in enumerate(self.share)
                if known[:, column].any()
            )
        )

    def forecast(self) -> Iterator[np.ndarray]:
        """Read from the first day on; rows of mean, log-variance and freedom.

        The last fold goes on to the last day of all, whose morrow is not known.
        """
        return self._read_from(0, self._end(self.now))

    def _end(self, prepared: Prepared) -> int:
        return prepared.fold.end - (prepared.fold.end < self.split.rows)

    def _read_from(self, start: int, end: int) -> Iterator[np.ndarray]:
        zeros = tf.zeros((1, self.config.units))
        state = (zeros, zeros)
        freedom = self.average.freedom.numpy()
        for row in range(start, end, DAYS):
            days = slice(row, min(row + DAYS, end))
            parts, state = self._read(
                self.now.inputs[days], self.now.log_variance[days], state
            )
            rows = parts.numpy()
            tails = np.broadcast_to(freedom, (len(rows), len(freedom)))
            yield np.concatenate([rows, tails], axis=1).astype(np.float64)

    def _read_rows(
        self,
        inputs: tf.Tensor,
        log_variance: tf.Tensor,
        state: tuple[tf.Tensor, tf.Tensor],
    ) -> tuple[tf.Tensor, tuple[tf.Tensor, tf.Tensor]]:
        mean, log_variance, state = self.average(
            inputs[None], log_variance[None], state
        )
        return tf.concat([mean[0], log_variance[0]], axis=1), state

    def conclude(self, trained: Trained, pause: Pause) -> Pauses[Result]:
        """Judge the averages of each fold's networks beside their rivals."""
        evaluation = Evaluation(horizons=self.horizons)
        seeds = self.config.seeds
        for place, prepared in enumerate(self.prepared):
            mine = trained.forecasts[place * seeds : (place + 1) * seeds]
            each = [self._outlook(prepared, rows) for rows in mine]
            yield from evaluation.add(self.series.prices, prepared, each, pause)
        last = trained.weights[-seeds:]
        checked = self._check_leakage(last)
        yield from pause()
        model = self._model(last)
        yield from pause()
        return evaluation.result(
            config=self.config,
            series=self.series,
            split=self.split,
            trained=trained,
            leakage=checked,
            model=model,
        )

    def _outlook(self, prepared: Prepared, rows: np.ndarray) -> Outlook:
        """Turn what a network forecast into distributions of log returns."""
        mean, log_variance, freedom = _parts(rows)
        mean = mean + prepared.features.doubt * np.array(self.horizons)
        return prepared.features.outlook(mean, log_variance, freedom, self.horizons)

    def _check_leakage(self, weights: list[np.ndarray]) -> Leakage:
        """Change all prices after a day in the last test part, and do all again."""
        fold = self.prepared[-1].fold
        day = (fold.test + fold.end) // 2
        other = disturbed(self.series, day)
        before = self._probe(self.series, day, weights)
        return compare(self.series, day, before, self._probe(other, day, weights))

    def _probe(
        self, series: PriceSeries, day: int, weights: list[np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Train some steps, and forecast up to a day: what the self-test compares."""
        self.enter(self.networks - 1)
        prepared = prepare(series, self.now.fold, self.config)
        self._take(prepared)
        self.restart(self.networks - 1)
        for batch in itertools.islice(self.batches(0), PROBE_STEPS):
            self.train_step(batch)
        learned = np.append(values_of(self.variables), self.validate())
        outlooks = []
        for values in weights:
            write_values(self.forecasters, values)
            rows = np.concatenate(list(self.forecast()))
            outlooks.append(self._outlook(prepared, rows))
        outlook = Outlook.average(outlooks)
        factors = factors_of(prepared, outlook, self.horizons)
        days = slice(prepared.fold.test - 1, day + 1)
        shown = {level: values[days] for level, values in factors.items()}
        bands = band_prices(series.prices[days, None], outlook[days], shown)
        centre = in_prices(series.prices[days, None], outlook[days])
        return learned, np.stack([centre, *bands.values()], axis=-1)

    def _model(self, weights: list[np.ndarray]) -> bytes:
        """Write the last fold's networks as one model of Keras."""
        networks = []
        for values in weights:
            write_values(self.forecasters, values)
            layers = self.average.lstm.get_weights(), self.average.head.get_weights()
            networks.append(layers)
        return keras_model(networks)


def _parts(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, log-variance and freedom of what `HonestRecipe.forecast` gave."""
    mean, log_variance, freedom = np.split(rows, 3, axis=1)
    return mean, log_variance, freedom
