"""The trained networks as a model: their corrections of the base forecast, averaged."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from core.stock.data.features import RISK_INPUTS
from core.stock.distribution import ForecastDistribution
from core.stock.models import LSTM, Fitted, Model, Rows
from core.stock.models.base import BaseForecast, fit_base
from core.stock.models.choice import gains, shrinkage
from core.stock.models.readout import MeanForecast, fit_mean
from core.stock.recipes.network import (
    Layers,
    LSTMState,
    MeanNetwork,
    RiskCorrection,
    RiskNetwork,
)
from core.stock.recipes.prepare import Block, Prepared
from core.stock.recipes.recipe import write_values

FORECAST_ROWS = 2048  # forecast at a time


class RiskReader:
    """Corrections of the risk by given weights, with a graph that is traced once.

    It has variables of its own, which each call writes: no network in training, and no
    earlier call, has an effect on it.

    Parameters
    ----------
    units, horizons
        As in `RiskNetwork`.
    window
        Rows that the LSTM reads before the first one that it corrects.
    """

    def __init__(self, units: int, horizons: int, window: int) -> None:
        self.network, self.window = RiskNetwork(units, horizons), window
        self._start = (tf.zeros((1, units)), tf.zeros((1, units)))
        state = tf.TensorSpec([1, units], tf.float32)
        self._correct = tf.function(
            self._correct_rows,
            input_signature=[
                tf.TensorSpec([None, RISK_INPUTS], tf.float32),
                (state, state),
            ],
            autograph=False,
        )

    def correct(
        self, weights: np.ndarray, inputs: np.ndarray, rows: slice
    ) -> RiskCorrection:
        """Return the correction of some rows.

        Parameters
        ----------
        weights
            Of a `RiskNetwork`, as `values_of` reads them.
        inputs
            `features.inputs` of all rows (rows, inputs).
        rows
            Those that are corrected, with both ends.
        """
        write_values(self.network.weights, weights)
        tail = self.network.tail.numpy().astype(np.float64)
        state, parts = self._start, []
        warm = max(0, rows.start - self.window)
        for row in range(warm, rows.stop, FORECAST_ROWS):
            part = inputs[row : min(row + FORECAST_ROWS, rows.stop), :RISK_INPUTS]
            outputs, state = self._correct(part, state)
            parts.append(outputs.numpy().astype(np.float64))
        log_variance = np.concatenate(parts)[rows.start - warm :]
        return RiskCorrection(
            log_variance=log_variance, tail=np.broadcast_to(tail, log_variance.shape)
        )

    def layers(self, weights: np.ndarray) -> Layers:
        """Return weights as Keras lists them, of the LSTM and of its head."""
        write_values(self.network.weights, weights)
        return self.network.lstm.get_weights(), self.network.head.get_weights()

    def _correct_rows(
        self, inputs: tf.Tensor, state: LSTMState
    ) -> tuple[tf.Tensor, LSTMState]:
        log_variance, state = self.network(inputs[None], state)
        return log_variance[0], state


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedLstm(Fitted):
    """The networks of a fold, averaged."""

    mean: MeanForecast  # the correction of the mean
    shrinkage: np.ndarray  # factors of the correction of the risk (horizons,)
    # The classical forecast that they correct, fitted to all rows before the test part
    base: BaseForecast
    # The forecasts of each network from the closes before the test part on
    alone: tuple[ForecastDistribution, ...]

    @property
    def accepted(self) -> np.ndarray:
        """The shrinkage factors of mean and risk (2, horizons)."""
        return np.stack([self.mean.shrinkage, self.shrinkage])


class Lstm(Model):
    """The trained networks as a `Model`.

    Parameters
    ----------
    reader
        Computes their corrections of the risk.
    mean_networks
        Those of the mean, one a seed.
    prepared
        Of each fold.
    weights
        Of the networks of the risk by the first test row of their fold, one a seed.
    """

    name = LSTM
    of_price = of_risk = True

    def __init__(
        self,
        reader: RiskReader,
        mean_networks: Sequence[MeanNetwork],
        prepared: Sequence[Prepared],
        weights: Mapping[int, Sequence[np.ndarray]],
    ) -> None:
        self.reader, self.mean_networks = reader, mean_networks
        self.weights = weights
        self.prepared = {each.before.until: each for each in prepared}

    def fit(self, rows: Rows) -> FittedLstm:
        """Average the networks trained on these rows, with shrinkage.

        In the second half of the validation part, which was used neither by training
        nor by early stopping of the first seed, that seed corrects a base forecast
        fitted to the training rows. From the test part on, all seeds correct one fitted
        to all rows before it.
        """
        data = self.prepared[rows.until]
        weights, test = self.weights[data.fold.test], data.fold.test - 1
        base = fit_base(rows, data.choice)
        risk = self._shrinkage(data, weights, rows)
        features = [
            network.features(base.inputs)
            for network in self.mean_networks[: len(weights)]
        ]
        mean = fit_mean(features, rows, base.distribution)
        first = data.blocks[0].accept - 1
        before, after = data.base.distribution[first:test], base.distribution[test:]
        before = before.moved(mean.shrinkage * mean.crossed[first:test])
        after = after.moved(mean.shrinkage * mean.correction[test:])
        validation = self.reader.correct(
            weights[0], data.base.inputs, slice(first, test)
        )
        whole = slice(0, len(base.inputs))
        every = [self.reader.correct(v, base.inputs, whole)[test:] for v in weights]
        unknown = np.full((first, len(rows.horizons)), np.nan)
        nothing = ForecastDistribution.broadcast(unknown, unknown, unknown)
        parts = [
            validation.apply(before, risk),
            RiskCorrection.average(every).apply(after, risk),
        ]
        return FittedLstm(
            distribution=ForecastDistribution.concatenate([nothing, *parts]),
            first=first,
            mean=mean,
            shrinkage=risk,
            base=base,
            alone=tuple(each.apply(after, risk) for each in every),
        )

    def _shrinkage(
        self, data: Prepared, weights: Sequence[np.ndarray], rows: Rows
    ) -> np.ndarray:
        """Return the factors of the risk, from the second halves of all blocks."""
        gained: dict[int, list[np.ndarray]] = defaultdict(list)  # by block
        for seed, values in enumerate(weights):
            found = self._gains(data, data.block(seed), values, rows)
            gained[seed % len(data.blocks)].append(found)
        # Each row counts once: seeds that share a block are averaged.
        once = np.concatenate([np.mean(each, axis=0) for each in gained.values()])
        return shrinkage(once, rows.horizons)

    def _gains(
        self, data: Prepared, block: Block, values: np.ndarray, rows: Rows
    ) -> np.ndarray:
        """Return the gains of one network in the second half of its block."""
        part = slice(block.accept - 1, block.end - 1)
        before = data.base.distribution[part]
        after = self.reader.correct(values, data.base.inputs, part).apply(before)
        return gains(before, after, rows.ahead[part], rows.horizons)
