"""The recipe "honest": it learns returns and their variance, tested on later days."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import tensorflow as tf

from core.layers.adam import Adam
from core.stock.config import PATIENCE, Config
from core.stock.data.frequency import horizons_of
from core.stock.data.prepare import Prepared, prepare
from core.stock.data.series import PriceSeries
from core.stock.distribution import (
    ForecastDistribution,
    single_precision,
    student_t_nll,
)
from core.stock.judging.breakdown import seed_metrics
from core.stock.judging.conformal import LEVELS, conformal_factors, price_bands
from core.stock.recipes.network import (
    RiskNetwork,
    dropout_mask,
    keras_model,
    student_t_loss,
)
from core.stock.recipes.recipe import Batch, Recipe, values_of, write_values
from core.stock.result import Result
from core.stock.rivals.fitted import Rivals, fit_rivals
from core.training import Pause, Pauses

MIN_STEPS = 10  # an epoch
AVERAGE = 0.95  # decay of the averaged weights, a step
FORECAST_DAYS = 2048  # forecast at a time
PROBE_STEPS = 3  # of training in the leakage self-test


class ReturnsRecipe(Recipe):
    """Sequence-to-sequence LSTM with a Student-t likelihood.

    Every step trains on a batch of random windows of the training part. Each day of a
    window is a target, except for the first quarter, in which the LSTM only warms up.
    The loss of a horizon of h days has weight 1/h, as its targets overlap. Forecasts
    use a moving average of the weights (Polyak & Juditsky 1992), which is steadier than
    the weights of any one step.
    """

    def __init__(self, config: Config, series: PriceSeries) -> None:
        super().__init__(config, series)
        self.horizons = horizons_of(config.horizon, series.frequency)
        self.horizon_weights = np.array([1.0 / days for days in self.horizons])
        self.prepared = [prepare(series, fold, config) for fold in self.folds]
        self.warm_up = config.window // 4
        self.patience = PATIENCE
        self.inputs = self.prepared[0].inputs.shape[1]
        self.network = RiskNetwork(config.units, self.inputs, len(self.horizons))
        self.average = RiskNetwork(config.units, self.inputs, len(self.horizons))
        self.weights = self.network.weights
        self.forecast_weights = self.average.weights
        state = tf.TensorSpec([1, config.units], tf.float32)
        self._forecast = tf.function(
            self._forecast_rows,
            input_signature=[
                tf.TensorSpec([None, self.inputs], tf.float32),
                tf.TensorSpec([None, len(self.horizons)], tf.float32),
                (state, state),
            ],
            autograph=False,
        )
        self.select(0)

    def compile(self, optimizer: Adam) -> None:
        """Build the graph of a training step with this optimizer."""
        self.optimizer = optimizer
        self.variables = [
            *self.weights,
            *self.forecast_weights,
            *optimizer.variables,
        ]
        self._new_optimizer = values_of(optimizer.variables)
        windows = (self.config.batch, self.config.window)
        targets = tf.TensorSpec([*windows, len(self.horizons)], tf.float32)
        self._train = tf.function(
            self._train_on,
            input_signature=[
                tf.TensorSpec([*windows, self.inputs], tf.float32),
                targets,
                targets,
                targets,
                tf.TensorSpec([2], tf.int32),
            ],
            autograph=False,
        )

    def select(self, network: int) -> None:
        """Select the fold and the seed of a network."""
        fold, self.seed_index = divmod(network, self.config.seeds)
        self._select_data(self.prepared[fold])

    def _select_data(self, prepared: Prepared) -> None:
        self.data = prepared
        targets = self.config.batch * (self.config.window - self.warm_up)
        self.steps = max(MIN_STEPS, prepared.fold.validation // targets)

    def initialise(self, network: int) -> None:
        """Write initial weights, which depend on the seed and not on the fold."""
        _, index = divmod(network, self.config.seeds)
        seed = np.random.SeedSequence([self.config.seed, index]).generate_state(1)[0]
        self.network.initialise(int(seed))
        write_values(self.forecast_weights, values_of(self.weights))
        write_values(self.optimizer.variables, self._new_optimizer)

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield the batches of an epoch: random windows, and a seed for the dropout."""
        data = self.data
        arrays = data.inputs, data.log_variance, data.targets, data.weights
        for step in range(self.steps):
            random = np.random.default_rng(
                [self.config.seed, self.seed_index, epoch, step]
            )
            starts = random.choice(data.starts, size=self.config.batch)
            rows = starts[:, None] + np.arange(self.config.window)  # (batch, time)
            dropout_seed = random.integers(2**31, size=2, dtype=np.int32)
            yield (*(array[rows] for array in arrays), dropout_seed)

    def train_step(self, batch: Batch) -> tuple[float, int]:
        """Train on one batch; return its mean loss and its number of windows."""
        return float(self._train(*batch)), self.config.batch

    def _train_on(
        self,
        inputs: tf.Tensor,
        log_variance: tf.Tensor,
        targets: tf.Tensor,
        target_weights: tf.Tensor,
        dropout_seed: tf.Tensor,
    ) -> tf.Tensor:
        weights = [variable.value for variable in self.weights]
        keep: tf.Tensor | float = 1.0
        if self.config.dropout:
            shape = (*inputs.shape[:2], self.config.units)
            keep = dropout_mask(shape, self.config.dropout, dropout_seed)
        mean, log_variance, _ = self.network(inputs, log_variance, keep=keep)
        losses = student_t_loss(targets, mean, log_variance, self.network.freedom)
        share = (target_weights * self.horizon_weights)[:, self.warm_up :]
        days = tf.reduce_sum(target_weights[:, self.warm_up :, 0])
        loss = tf.reduce_sum(losses[:, self.warm_up :] * share) / days
        gradients = tf.gradients(loss, weights)
        self.optimizer.move(gradients)
        for average, weight in zip(self.forecast_weights, self.weights, strict=True):
            average.assign(AVERAGE * average + (1.0 - AVERAGE) * weight)
        return loss

    def validate(self) -> float:
        """Mean negative log-likelihood of the validation rows, weighted as the loss."""
        fold = self.data.fold
        first, end = fold.validation - 1, fold.test - 1
        start = max(0, first - self.config.window)
        rows = np.concatenate(list(self._forecast_from(start, end)))[first - start :]
        ends = np.arange(first, end)[:, None] + np.array(self.horizons)
        losses = student_t_nll(self.data.ahead[first:end], *_split_rows(rows))
        known = ends < fold.test
        return float(
            sum(
                share * losses[known[:, column], column].mean()
                for column, share in enumerate(self.horizon_weights)
                if known[:, column].any()
            )
        )

    def forecast(self) -> Iterator[np.ndarray]:
        """Read the series from its first day; yield means, log-variances and freedoms.

        Rows are (days, 3 * horizons). The last fold includes the last day of the
        series, whose next day is not known.
        """
        end = self.data.fold.end
        return self._forecast_from(0, end - (end < self.split.rows))

    def _forecast_from(self, start: int, end: int) -> Iterator[np.ndarray]:
        zeros = tf.zeros((1, self.config.units))
        state = (zeros, zeros)
        freedom = self.average.freedom.numpy()
        for row in range(start, end, FORECAST_DAYS):
            days = slice(row, min(row + FORECAST_DAYS, end))
            forecast, state = self._forecast(
                self.data.inputs[days], self.data.log_variance[days], state
            )
            rows = forecast.numpy()
            tails = np.broadcast_to(freedom, (len(rows), len(freedom)))
            yield np.concatenate([rows, tails], axis=1).astype(np.float64)

    def _forecast_rows(
        self,
        inputs: tf.Tensor,
        log_variance: tf.Tensor,
        state: tuple[tf.Tensor, tf.Tensor],
    ) -> tuple[tf.Tensor, tuple[tf.Tensor, tf.Tensor]]:
        mean, log_variance, state = self.average(
            inputs[None], log_variance[None], state
        )
        return tf.concat([mean[0], log_variance[0]], axis=1), state

    def result(
        self,
        weights: Sequence[np.ndarray],
        forecasts: Sequence[np.ndarray],
        pause: Pause,
    ) -> Pauses[Result]:
        """Average the networks of each fold, fit its rivals, and join the folds."""
        seeds, distributions, factors, rivals = self.config.seeds, [], [], []
        of_seeds: list[list[ForecastDistribution]] = []  # by fold and seed
        for fold, data in enumerate(self.prepared):
            rows = forecasts[fold * seeds : (fold + 1) * seeds]
            each = [self._distribution(data, forecast) for forecast in rows]
            average = ForecastDistribution.average(each)
            days = slice(data.fold.test - 1, len(average))  # of the fold
            widths = conformal_factors(data, average, self.horizons)
            yield from pause()
            fitted = yield from fit_rivals(
                self.series.prices,
                data.features,
                data.fold,
                self.horizons,
                len(average),
                pause,
            )
            distributions.append(average[days])
            factors.append({level: width[days] for level, width in widths.items()})
            rivals.append(fitted)
            of_seeds.append([forecast[days] for forecast in each])
        leakage = self.check_leakage(weights[-seeds:])
        yield from pause()
        model = self._keras_model(weights[-seeds:])
        yield from pause()
        return Result(
            config=self.config,
            series=self.series,
            split=self.split,
            epochs=0,
            seconds=0.0,
            distribution=ForecastDistribution.concatenate(distributions).rounded(),
            factors={
                level: single_precision(np.concatenate([f[level] for f in factors]))
                for level in LEVELS
            },
            rivals=Rivals.concatenate(rivals).rounded(),
            seeds=tuple(
                seed_metrics(
                    self.series.prices,
                    self.split.test,
                    ForecastDistribution.concatenate(parts)[:-1].column(0),
                )
                for parts in zip(*of_seeds, strict=True)
            ),
            leakage=leakage,
            model=model,
        )

    def _distribution(
        self, prepared: Prepared, rows: np.ndarray
    ) -> ForecastDistribution:
        """Turn what a network forecast into distributions of log returns."""
        mean, log_variance, freedom = _split_rows(rows)
        scaling = prepared.features.scaling
        correction = (scaling.drift - scaling.mean) / scaling.scale  # of a day's mean
        return ForecastDistribution.of_standardised(
            scaling,
            mean + correction * np.array(self.horizons),
            log_variance,
            freedom,
            self.horizons,
        )

    def probe(
        self, series: PriceSeries, day: int, weights: Sequence[np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Train some steps; return all variables, and the forecasts up to a day."""
        self.select(self.networks - 1)
        prepared = prepare(series, self.data.fold, self.config)
        self._select_data(prepared)
        self.initialise(self.networks - 1)
        for batch in itertools.islice(self.batches(0), PROBE_STEPS):
            self.train_step(batch)
        trained = np.append(values_of(self.variables), self.validate())
        each = []
        for values in weights:
            write_values(self.forecast_weights, values)
            rows = np.concatenate(list(self.forecast()))
            each.append(self._distribution(prepared, rows))
        distribution = ForecastDistribution.average(each)
        factors = conformal_factors(prepared, distribution, self.horizons)
        days = slice(prepared.fold.test - 1, day + 1)
        bands = price_bands(
            series.prices[days, None],
            distribution[days],
            {level: values[days] for level, values in factors.items()},
        )
        return trained, np.stack(bands, axis=-1)

    def _keras_model(self, weights: Sequence[np.ndarray]) -> bytes:
        """Export the last fold's networks as one Keras model."""
        networks = []
        for values in weights:
            write_values(self.forecast_weights, values)
            layers = self.average.lstm.get_weights(), self.average.head.get_weights()
            networks.append(layers)
        return keras_model(networks)


def _split_rows(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean, log-variance and freedom of rows of `ReturnsRecipe.forecast`."""
    mean, log_variance, freedom = np.split(rows, 3, axis=1)
    return mean, log_variance, freedom
