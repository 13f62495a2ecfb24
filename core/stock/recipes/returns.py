"""The recipe "honest": networks correct the best classical forecast of the returns."""

import weakref
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, cast

import numpy as np
import tensorflow as tf

from core.layers.adam import Adam
from core.stock.backtest import backtest
from core.stock.config import PATIENCE, Config
from core.stock.data.features import RISK_INPUTS
from core.stock.data.frequency import horizons_of
from core.stock.data.series import PriceSeries
from core.stock.data.split import Fold
from core.stock.distribution import ForecastDistribution
from core.stock.judging.breakdown import SeedMetrics, seed_metrics
from core.stock.judging.conformal import intervals_of, price_bands
from core.stock.judging.leakage import Leakage, Probe, compare, disturbed, join
from core.stock.models import LSTM, rivals
from core.stock.models.base import BY_NAME
from core.stock.recipes.lstm import FittedLstm, Lstm, RiskReader
from core.stock.recipes.network import (
    MeanNetwork,
    RiskNetwork,
    dropout_mask,
    inverse_softplus,
    keras_model,
    student_t_loss,
)
from core.stock.recipes.prepare import Block, Prepared, prepare
from core.stock.recipes.recipe import Batch, Recipe, values_of, write_values
from core.stock.result import Result
from core.task import State
from core.training import Pause, Pauses, finish, no_pause

MIN_STEPS = 10  # an epoch
AVERAGE = 0.95  # decay of the averaged weights, a step
SNAPSHOT_ROWS = 200  # rows in the figure of an epoch
PROBE_STEPS = 3  # of training in the leakage self-test
MOST_IDLE = 4  # trainers in memory, of some MB each

Shape = tuple[int, int, int, float, tuple[int, ...]]  # see `RiskTrainer`


class RiskTrainer:
    """A `RiskNetwork` in training: its variables, and the graphs that use them.

    Trainings of equal shape in one process use it in turn, so that its graphs are
    traced once. Nothing passes from one to the next: a training writes all variables
    before it reads them. Of trainings side by side each has its own.

    Parameters
    ----------
    shape
        Units, window, batch and dropout of the settings, and the horizons in rows.
    """

    _idle: ClassVar[dict[Shape, "RiskTrainer"]] = {}

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        units, window, batch, self.dropout, horizons = shape
        self.warm_up = window // 4
        self.horizon_weights = np.array([1.0 / rows for rows in horizons])
        self.network = RiskNetwork(units, len(horizons))
        self.reader = RiskReader(units, len(horizons), window)
        self.weights = self.network.weights
        self.averages = [
            tf.Variable(each.value, trainable=False) for each in self.weights
        ]
        self.optimizer = Adam(self.weights, 0.0)
        columns = RISK_INPUTS + 4 * len(horizons)
        self.step = tf.function(
            self._train_on,
            input_signature=[
                tf.TensorSpec([batch, window, columns], tf.float32),
                tf.TensorSpec([len(horizons)], tf.float32),
                tf.TensorSpec([2], tf.int32),
            ],
            autograph=False,
        )

    @classmethod
    def take(cls, shape: Shape) -> "RiskTrainer":
        """Return one of this shape that no training uses, or a new one."""
        return cls._idle.pop(shape, None) or cls(shape)

    def give_back(self) -> None:
        """Keep it for the next training of this shape."""
        self._idle[self.shape] = self
        for oldest in list(self._idle)[:-MOST_IDLE]:
            self._idle.pop(oldest, None)

    def _train_on(
        self, windows: tf.Tensor, tail: tf.Tensor, dropout_seed: tf.Tensor
    ) -> tf.Tensor:
        weights = [variable.value for variable in self.weights]
        inputs = windows[:, :, :RISK_INPUTS]
        mean, log_variance, targets, target_weights = tf.split(
            windows[:, self.warm_up :, RISK_INPUTS:], 4, axis=-1
        )
        keep: tf.Tensor | float = 1.0
        if self.dropout:
            shape = (*inputs.shape[:2], self.network.lstm.units)
            keep = dropout_mask(shape, self.dropout, dropout_seed)
        more_log_variance, _ = self.network(inputs, keep=keep)
        losses = student_t_loss(
            targets,
            mean,
            log_variance + more_log_variance[:, self.warm_up :],
            2.0 + tf.nn.softplus(tail + self.network.tail.value),
        )
        rows = tf.reduce_sum(target_weights[:, :, 0])
        loss = tf.reduce_sum(losses * (target_weights * self.horizon_weights)) / rows
        gradients = tf.gradients(loss, weights)
        self.optimizer.move(gradients)
        for average, weight in zip(self.averages, self.weights, strict=True):
            average.assign(AVERAGE * average + (1.0 - AVERAGE) * weight)
        return loss


class ReturnsRecipe(Recipe):
    """Sequence-to-sequence LSTM with a Student-t likelihood.

    It corrects the best classical forecast of each horizon, chosen on the second half
    of the rows before the test part: a trained LSTM corrects the variance, an LSTM with
    random weights and a solved readout (`MeanNetwork`) the mean.

    Every step trains on a batch of random windows of the training part. Each row of a
    window is a target, except for the first quarter, in which the LSTM only warms up.
    The loss of a horizon of h rows has weight 1/h, as its targets overlap. Forecasts
    use a moving average of the weights (Polyak & Juditsky 1992), which is steadier than
    the weights of any one step.
    """

    def __init__(self, config: Config, series: PriceSeries) -> None:
        super().__init__(config, series)
        self.horizons = horizons_of(config.horizon, series.frequency)
        self.prepared = [self.prepare(series, fold) for fold in self.folds]
        self.patience = PATIENCE
        self.mean_networks = [MeanNetwork(self._seed(i)) for i in range(config.seeds)]
        shape = config.units, config.window, config.batch, config.dropout
        self.trainer = RiskTrainer.take((*shape, self.horizons))
        weakref.finalize(self, self.trainer.give_back)
        self.reader = self.trainer.reader
        self.weights = self.trainer.weights
        self.forecast_weights = self.trainer.averages

    def compile(self, learning_rate: float) -> None:
        """Set up the optimizer, Adam, and the graph of a training step."""
        self.optimizer = self.trainer.optimizer
        self.optimizer.learning_rate.assign(learning_rate)
        trained = *self.weights, *self.optimizer.variables
        self.variables = [*self.forecast_weights, *trained]

    def prepare(self, series: PriceSeries, fold: Fold) -> Prepared:
        """Prepare a series for the networks of a fold."""
        return prepare(series, fold, self.config)

    def _data(self, network: int) -> Prepared:
        fold, _ = self.fold_and_seed(network)
        return self.prepared[fold]

    def _seed(self, index: int) -> int:
        """Return the seed of the initial weights of the networks with this index."""
        sequence = np.random.SeedSequence([self.config.seed, index])
        return int(sequence.generate_state(1)[0])

    def initialise(self, network: int) -> None:
        """Write initial weights, which depend on the seed and not on the fold."""
        _, index = self.fold_and_seed(network)
        self.trainer.network.initialise(self._seed(index))
        write_values(self.forecast_weights, values_of(self.weights))
        self.optimizer.reset()

    def steps(self, network: int) -> int:
        """Return the steps in which about as many targets train as there are rows."""
        targets = self.config.batch * (self.config.window - self.trainer.warm_up)
        return max(MIN_STEPS, self._data(network).fold.validation // targets)

    def batches(self, network: int, epoch: int) -> Iterator[Batch]:
        """Yield the batches of an epoch: random windows, and a seed for the dropout.

        The columns of the windows are the inputs, and of each horizon mean and
        log-variance of the base forecast, the targets and their weights.
        """
        data, steps = self._data(network), self.steps(network)
        return self._batches(data, network, epoch, steps)

    def _batches(
        self, data: Prepared, network: int, epoch: int, steps: int
    ) -> Iterator[Batch]:
        _, index = self.fold_and_seed(network)
        block = data.block(index)
        columns = np.concatenate(
            [
                data.base.inputs[:, :RISK_INPUTS],
                data.mean,
                data.log_variance,
                data.targets,
                block.weights,
            ],
            axis=1,
        )
        tail = inverse_softplus(data.base.distribution.freedom[0] - 2)
        tail = tail.astype(np.float32)
        for step in range(steps):
            random = np.random.default_rng([self.config.seed, index, epoch, step])
            starts = random.choice(block.starts, size=self.config.batch)
            rows = starts[:, None] + np.arange(self.config.window)  # (batch, time)
            dropout_seed = random.integers(2**31, size=2, dtype=np.int32)
            yield columns[rows], tail, dropout_seed

    def train_step(self, batch: Batch) -> tuple[float, int]:
        """Train on one batch; return its mean loss and its number of windows."""
        return float(self.trainer.step(*batch)), self.config.batch

    def validate(self, network: int) -> float:
        """Mean negative log-likelihood of the first half of the network's block.

        Weighted as the loss. The other half decides on the shrinkage.
        """
        _, index = self.fold_and_seed(network)
        data = self._data(network)
        return self._validation_loss(data, data.block(index))

    def _validation_loss(self, data: Prepared, block: Block) -> float:
        rows = slice(block.first - 1, block.accept - 1)
        correction = self.reader.correct(
            values_of(self.forecast_weights), data.base.inputs, rows
        )
        corrected = correction.apply(data.base.distribution[rows])
        # As in the loss: of standardised returns.
        unit = np.log(data.training.scaling.scale)
        losses = corrected.nll(data.training.ahead[rows]) - unit
        total = 0.0
        for column, (rows_ahead, share) in enumerate(
            zip(self.horizons, self.trainer.horizon_weights, strict=True)
        ):
            # Rows whose returns ahead end in this half.
            known = losses[: max(0, len(losses) - rows_ahead + 1), column]
            if not np.isnan(known).all():
                total += share * np.nanmean(known)
        return float(total)

    def snapshot(self, weights: np.ndarray) -> State:
        """Forecast the next return from the last validation rows of the first fold.

        Returns
        -------
        State
            Each (rows,): `dates`, `returns` in percent, and half the width of their 80%
            intervals by the network, `network`, and by GARCH, `garch`.
        """
        data = self.prepared[0]
        block = data.blocks[0]
        end = block.accept - 1  # the row after it decides on the shrinkage
        rows = slice(max(block.first - 1, end - SNAPSHOT_ROWS), end)
        before = data.base.distribution[rows]
        correction = self.reader.correct(weights, data.base.inputs, rows)
        known = {"network": correction.apply(before)}
        known["garch"] = data.training.fit(BY_NAME["garch"]).distribution[rows]
        percent = {"returns": data.training.ahead[rows, 0]}
        for name, forecast in known.items():
            next_row = forecast.column(0)
            percent[name] = next_row.quantile(0.9) - next_row.mean
        halves = {n: (100 * each).astype(np.float16) for n, each in percent.items()}
        dates = self.series.dates[rows.start + 1 : rows.stop + 1]
        return {"dates": dates, **halves}

    def result(self, weights: Sequence[np.ndarray], pause: Pause) -> Pauses[Result]:
        """Forecast every fold by the networks and all rivals."""
        seeds = self.config.seeds
        of_fold = {
            fold.test: weights[number * seeds : (number + 1) * seeds]
            for number, fold in enumerate(self.folds)
        }
        lstm = self._as_model(self.prepared, of_fold)
        others = rivals(self.series.frequency)
        rows = [each.before for each in self.prepared]
        table = yield from backtest([lstm, *others], self.folds, rows, pause)
        factors, intervals = intervals_of(table, self.series.prices)
        yield from pause()
        leakage = self.check_leakage(of_fold)
        yield from pause()
        fits = [cast(FittedLstm, each.fit(lstm)) for each in rows]
        last = self.prepared[-1].training.scaling
        return Result(
            config=self.config,
            series=self.series,
            split=self.split,
            epochs=0,
            seconds=0.0,
            table=table.rounded(),
            factors=factors,
            intervals=intervals,
            accepted=np.stack([fit.accepted for fit in fits]),
            start={
                "mean": last.mean,
                "scale": last.scale,
                "calendar": self.series.has_calendar,
                **fits[-1].base.parameters,
            },
            seeds=self._seed_metrics(fits),
            leakage=leakage,
            model=keras_model(
                [
                    (network.lstm.get_weights(), [readout.weights, readout.constant])
                    for network, readout in zip(
                        self.mean_networks, fits[-1].mean.readouts, strict=True
                    )
                ],
                [self.reader.layers(values) for values in of_fold[self.folds[-1].test]],
            ),
        )

    def _as_model(
        self, prepared: Sequence[Prepared], weights: Mapping[int, Sequence[np.ndarray]]
    ) -> Lstm:
        return Lstm(self.reader, self.mean_networks, prepared, weights)

    def _seed_metrics(self, fits: Sequence[FittedLstm]) -> tuple[SeedMetrics, ...]:
        """Evaluate the networks of each seed alone."""
        metrics = []
        for parts in zip(*(fit.alone for fit in fits), strict=True):
            lengths = [fold.end - fold.test for fold in self.folds]
            joined = ForecastDistribution.concatenate(
                [part[:rows] for part, rows in zip(parts, lengths, strict=True)]
            )
            metrics.append(
                seed_metrics(self.series.prices, self.split.test, joined.column(0))
            )
        return tuple(metrics)

    def check_leakage(self, weights: Mapping[int, Sequence[np.ndarray]]) -> Leakage:
        """Repeat training steps and forecasts with all prices after a row replaced.

        In each fold after the last row before its test part, which is the last row of
        any fit; in the last fold also in the middle of its test part.
        """
        found = []
        for number, data in enumerate(self.prepared):
            fold = data.fold
            days = [fold.test - 1]
            if fold is self.folds[-1]:
                days.append((fold.test + fold.end) // 2)
            seen = self._probe(number, data, weights)
            for day in days:
                other = self.prepare(disturbed(self.series, day), fold)
                after = self._probe(number, other, weights)
                found.append(
                    compare(self.series, day, seen.until(day), after.until(day))
                )
        return join(found)

    def _probe(
        self, fold: int, data: Prepared, weights: Mapping[int, Sequence[np.ndarray]]
    ) -> Probe:
        """Train some steps of a fold's first network, and forecast with its weights."""
        network, series = fold * self.config.seeds, data.before.series
        self.initialise(network)
        for batch in self._batches(data, network, 0, PROBE_STEPS):
            self.train_step(batch)
        trained = np.append(
            values_of(self.variables), self._validation_loss(data, data.blocks[0])
        )
        test_row = data.fold.test
        lstm = self._as_model([data], {test_row: weights[test_row][:1]})
        table = finish(backtest([lstm], [data.fold], [data.before], no_pause))
        factors, _ = intervals_of(table, series.prices)
        test = table[table.test]
        prices = series.prices[test.origin, None]
        bands = price_bands(prices, test.forecasts[LSTM], factors)
        validation = table[~table.test].forecasts[LSTM]
        return Probe(
            trained=np.concatenate(
                [trained, validation.mean.ravel(), validation.log_variance.ravel()]
            ),
            origin=test.origin,
            forecasts=np.stack(bands, axis=-1),
        )
