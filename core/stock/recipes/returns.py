"""The recipe "honest": it corrects the best classical forecast of the returns."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import tensorflow as tf

from core.layers.adam import Adam
from core.stock.config import PATIENCE, Config
from core.stock.data.features import INPUTS
from core.stock.data.frequency import horizons_of
from core.stock.data.series import PriceSeries
from core.stock.distribution import ForecastDistribution, single_precision
from core.stock.judging.breakdown import seed_metrics
from core.stock.judging.conformal import (
    LEVELS,
    choose_intervals,
    conformal_factors,
    price_bands,
)
from core.stock.recipes.correction import (
    Correction,
    accepted_shares,
    inverse_softplus,
)
from core.stock.recipes.network import (
    CorrectionNetwork,
    dropout_mask,
    keras_model,
    student_t_loss,
)
from core.stock.recipes.prepare import Prepared, Start, prepare
from core.stock.recipes.recipe import Batch, Recipe, values_of, write_values
from core.stock.result import Result
from core.stock.rivals.classical import Rivals
from core.training import Pause, Pauses

MIN_STEPS = 10  # an epoch
AVERAGE = 0.95  # decay of the averaged weights, a step
FORECAST_ROWS = 2048  # forecast at a time
PROBE_STEPS = 3  # of training in the leakage self-test


class ReturnsRecipe(Recipe):
    """Sequence-to-sequence LSTM with a Student-t likelihood.

    It starts from the best classical forecast of each horizon, chosen on the second
    half of the rows before the test part, and learns what improves on it. Every step
    trains on a batch of random windows of the training part. Each row of a window is a
    target, except for the first quarter, in which the LSTM only warms up. The loss of a
    horizon of h rows has weight 1/h, as its targets overlap. Forecasts use a moving
    average of the weights (Polyak & Juditsky 1992), which is steadier than the weights
    of any one step.
    """

    def __init__(self, config: Config, series: PriceSeries) -> None:
        super().__init__(config, series)
        self.horizons = horizons_of(config.horizon, series.frequency)
        self.horizon_weights = np.array([1.0 / rows for rows in self.horizons])
        self.prepared = [prepare(series, fold, config) for fold in self.folds]
        self.warm_up = config.window // 4
        self.patience = PATIENCE
        self.inputs = INPUTS
        self.network = CorrectionNetwork(config.units, self.inputs, len(self.horizons))
        self.average = CorrectionNetwork(config.units, self.inputs, len(self.horizons))
        self.weights = self.network.weights
        self.forecast_weights = self.average.weights
        state = tf.TensorSpec([1, config.units], tf.float32)
        self._correct = tf.function(
            self._correct_rows,
            input_signature=[
                tf.TensorSpec([None, self.inputs], tf.float32),
                (state, state),
            ],
            autograph=False,
        )
        self._before_test: dict[Prepared, Start] = {}
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
                targets,
                tf.TensorSpec([len(self.horizons)], tf.float32),
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
        arrays = (
            data.start.inputs,
            data.mean,
            data.log_variance,
            data.targets,
            data.weights,
        )
        tail = inverse_softplus(data.start.distribution.freedom[0] - 2)
        for step in range(self.steps):
            random = np.random.default_rng(
                [self.config.seed, self.seed_index, epoch, step]
            )
            starts = random.choice(data.starts, size=self.config.batch)
            rows = starts[:, None] + np.arange(self.config.window)  # (batch, time)
            dropout_seed = random.integers(2**31, size=2, dtype=np.int32)
            yield (
                *(array[rows] for array in arrays),
                tail.astype(np.float32),
                dropout_seed,
            )

    def train_step(self, batch: Batch) -> tuple[float, int]:
        """Train on one batch; return its mean loss and its number of windows."""
        return float(self._train(*batch)), self.config.batch

    def _train_on(
        self,
        inputs: tf.Tensor,
        mean: tf.Tensor,
        log_variance: tf.Tensor,
        targets: tf.Tensor,
        target_weights: tf.Tensor,
        tail: tf.Tensor,
        dropout_seed: tf.Tensor,
    ) -> tf.Tensor:
        weights = [variable.value for variable in self.weights]
        keep: tf.Tensor | float = 1.0
        if self.config.dropout:
            shape = (*inputs.shape[:2], self.config.units)
            keep = dropout_mask(shape, self.config.dropout, dropout_seed)
        more_mean, more_log_variance, _ = self.network(inputs, keep=keep)
        losses = student_t_loss(
            targets,
            mean + tf.exp(0.5 * log_variance) * more_mean,
            log_variance + more_log_variance,
            2.0 + tf.nn.softplus(tail + self.network.tail.value),
        )
        share = (target_weights * self.horizon_weights)[:, self.warm_up :]
        rows = tf.reduce_sum(target_weights[:, self.warm_up :, 0])
        loss = tf.reduce_sum(losses[:, self.warm_up :] * share) / rows
        gradients = tf.gradients(loss, weights)
        self.optimizer.move(gradients)
        for average, weight in zip(self.forecast_weights, self.weights, strict=True):
            average.assign(AVERAGE * average + (1.0 - AVERAGE) * weight)
        return loss

    def validate(self) -> float:
        """Mean negative log-likelihood of the validation rows, weighted as the loss."""
        corrected = self._of_validation(self._validation_correction())
        ahead = self._ahead(self.data)[self._validation_rows]
        unit = np.log(
            self.data.scaling.scale
        )  # as in the loss: of standardised returns
        losses = self._known(corrected.nll(ahead) - unit)
        return float(
            sum(
                share * np.nanmean(losses[:, column])
                for column, share in enumerate(self.horizon_weights)
                if not np.isnan(losses[:, column]).all()
            )
        )

    @property
    def _validation_rows(self) -> slice:
        """Rows from whose closes the validation rows are forecast."""
        return slice(self.data.fold.validation - 1, self.data.fold.test - 1)

    def _known(self, losses: np.ndarray) -> np.ndarray:
        """Put NaN where a return ahead of a validation row ends in the test part."""
        losses = losses.copy()
        for column, rows in enumerate(self.horizons):
            losses[max(0, len(losses) - rows + 1) :, column] = np.nan
        return losses

    def _ahead(self, data: Prepared) -> np.ndarray:
        """Log returns ahead (rows, horizons)."""
        horizons = np.array(self.horizons)
        return np.asarray(
            data.scaling.mean * horizons + data.scaling.scale * data.ahead
        )

    def _validation_correction(self) -> Correction:
        rows = self._validation_rows
        warm = max(0, rows.start - self.config.window)
        parts = list(self._corrections(self.data.start.inputs, warm, rows.stop))
        return Correction.of_rows(np.concatenate(parts)[rows.start - warm :])

    def _of_validation(
        self, correction: Correction, shares: np.ndarray | float = 1.0
    ) -> ForecastDistribution:
        start = self.data.start.distribution[self._validation_rows]
        return correction.apply(start, shares)

    def forecast(self) -> Iterator[np.ndarray]:
        """Yield the corrections of the validation rows, then those of the test rows.

        Rows are (rows, 3 * horizons), from the closes before them. Those of the
        validation part correct a start that is fitted to the training part, those of
        the test part one that is fitted to all rows before it. The last fold includes
        the last row of the series, whose next row is not known.
        """
        yield self._validation_correction().rows
        fold = self.data.fold
        end = fold.end - (fold.end < self.split.rows)
        skip = fold.test - 1
        for part in self._corrections(self._test_start().inputs, 0, end):
            yield part[skip:]
            skip = max(0, skip - len(part))

    def _test_start(self) -> Start:
        if self.data not in self._before_test:
            self._before_test[self.data] = self.data.before_test()
        return self._before_test[self.data]

    def _corrections(
        self, inputs: np.ndarray, first: int, end: int
    ) -> Iterator[np.ndarray]:
        zeros = tf.zeros((1, self.config.units))
        state = (zeros, zeros)
        tail = self.average.tail.numpy()
        for row in range(first, end, FORECAST_ROWS):
            outputs, state = self._correct(
                inputs[row : min(row + FORECAST_ROWS, end)], state
            )
            rows = outputs.numpy()
            tails = np.broadcast_to(tail, (len(rows), len(tail)))
            yield np.concatenate([rows, tails], axis=1).astype(np.float64)

    def _correct_rows(
        self, inputs: tf.Tensor, state: tuple[tf.Tensor, tf.Tensor]
    ) -> tuple[tf.Tensor, tuple[tf.Tensor, tf.Tensor]]:
        mean, log_variance, state = self.average(inputs[None], state)
        return tf.concat([mean[0], log_variance[0]], axis=1), state

    def _combine(
        self, fold: int, forecasts: Sequence[np.ndarray]
    ) -> tuple[
        np.ndarray,
        ForecastDistribution,
        ForecastDistribution,
        list[ForecastDistribution],
    ]:
        """Average the corrections of a fold's networks, as far as validation allows.

        Returns
        -------
        tuple
            The accepted shares (horizons,), the distributions of the validation rows
            and of the test rows, and those of each network alone.
        """
        self._select_data(self.prepared[fold])
        rows = self._validation_rows
        count = rows.stop - rows.start
        average = np.mean(forecasts, axis=0)
        validation = Correction.of_rows(average[:count])
        before = self.data.start.distribution[rows]
        shares = accepted_shares(
            before, validation, self._ahead(self.data)[rows], self.horizons
        )
        test = self._test_start().distribution[self.data.fold.test - 1 :]
        test = test[: len(average) - count]
        return (
            shares,
            validation.apply(before, shares),
            Correction.of_rows(average[count:]).apply(test, shares),
            [
                Correction.of_rows(each[count:]).apply(test, shares)
                for each in forecasts
            ],
        )

    def result(
        self,
        weights: Sequence[np.ndarray],
        forecasts: Sequence[np.ndarray],
        pause: Pause,
    ) -> Pauses[Result]:
        """Average the networks of each fold, fit its rivals, and join the folds."""
        seeds, distributions, factors, rivals = self.config.seeds, [], [], []
        of_seeds: list[list[ForecastDistribution]] = []  # by fold and seed
        accepted: list[np.ndarray] = []
        intervals: dict[int, tuple[str, ...]] = {}
        for fold, data in enumerate(self.prepared):
            rows = forecasts[fold * seeds : (fold + 1) * seeds]
            shares, validation, test, each = self._combine(fold, rows)
            yield from pause()
            both = ForecastDistribution.concatenate([validation, test])
            first = data.fold.validation - 1
            ahead = self._ahead(data)[first : first + len(both)]
            widths = conformal_factors(ahead, both, self.horizons)
            if not intervals:
                intervals = choose_intervals(
                    ahead, both, widths, self.horizons, len(validation)
                )
            days = slice(data.fold.test - 1, data.fold.test - 1 + len(test))
            yield from pause()
            distributions.append(test)
            factors.append({lv: w[len(validation) :] for lv, w in widths.items()})
            rivals.append(data.rivals(self._test_start(), days))
            yield from pause()
            of_seeds.append(each)
            accepted.append(shares)
        leakage = self.check_leakage(weights[-seeds:])
        yield from pause()
        choice = self.prepared[0].best_rivals()
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
            intervals=intervals,
            rivals=Rivals.concatenate(rivals).rounded(),
            choice=choice,
            accepted=np.stack(accepted),
            start=data.parameters(self._test_start()),
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

    def probe(
        self, series: PriceSeries, day: int, weights: Sequence[np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Train some steps; return all variables, and the forecasts up to a day."""
        prepared, fold = self.prepared, len(self.folds) - 1
        self.select(self.networks - 1)
        last = prepare(series, self.folds[-1], self.config)
        self.prepared = [*prepared[:-1], last]
        self._select_data(last)
        self.initialise(self.networks - 1)
        for batch in itertools.islice(self.batches(0), PROBE_STEPS):
            self.train_step(batch)
        trained = np.append(values_of(self.variables), self.validate())
        forecasts = []
        for values in weights:
            write_values(self.forecast_weights, values)
            forecasts.append(np.concatenate(list(self.forecast())))
        _, validation, test, _ = self._combine(fold, forecasts)
        both = ForecastDistribution.concatenate([validation, test])
        start = last.fold.validation - 1
        ahead = self._ahead(last)[start : start + len(both)]
        factors = conformal_factors(ahead, both, self.horizons)
        self.prepared = prepared
        self._select_data(prepared[fold])
        days = slice(last.fold.test - 1, day + 1)
        shown = slice(len(validation), len(validation) + days.stop - days.start)
        bands = price_bands(
            series.prices[days, None],
            both[shown],
            {level: values[shown] for level, values in factors.items()},
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
