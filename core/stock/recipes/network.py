"""The networks of the honest recipe: they correct the risk and the mean."""

import math
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from core.layers.lstm import BlockLSTM
from core.stock.data.features import RISK_INPUTS
from core.stock.distribution import ForecastDistribution
from core.stock.models.readout import LARGEST

UNITS = 96  # units of the network of the mean
KERNEL, RECURRENT, BIAS = 2.0, 0.7, 1.0  # sizes of its random weights
READS = 1  # inputs that its LSTM reads: the surprise; the readout reads all of them

# Hidden and cell state, each (batch, units).
LSTMState = tuple[tf.Tensor, tf.Tensor]
# Weights of an LSTM and of its head, as Keras lists them: of the mean and of the risk.
Layers = tuple[list[np.ndarray], list[np.ndarray]]


class RiskNetwork:
    """LSTM that corrects the variance of a classical forecast of each horizon.

    The head reads the LSTM's hidden state and, directly, its inputs. It starts at zero,
    so that the untrained network leaves the forecast as it is, and learns only what
    improves on it.

    Parameters
    ----------
    units
        Size of the LSTM's hidden state.
    horizons
        Number of horizons.
    """

    def __init__(self, units: int, horizons: int) -> None:
        self.lstm = BlockLSTM(units)
        self.lstm.build((None, None, RISK_INPUTS))
        self.head = keras.layers.Dense(horizons)
        self.head.build((None, None, units + RISK_INPUTS))
        self.tail = keras.Variable([0.0] * horizons, dtype="float32", name="tail")

    def initialise(self, seed: int) -> None:
        """Write initial weights: random for the LSTM, zero for the head."""
        initialise_lstm(self.lstm, seed)
        for variable in (*self.head.weights, self.tail):
            variable.assign(tf.zeros(variable.shape))

    @property
    def weights(self) -> list[keras.Variable]:
        """Everything that training changes."""
        return [*self.lstm.weights, *self.head.weights, self.tail]

    def __call__(
        self,
        inputs: tf.Tensor,
        state: LSTMState | None = None,
        keep: tf.Tensor | float = 1.0,
    ) -> tuple[tf.Tensor, LSTMState]:
        """Correct the variance of the sum of the returns ahead of each day.

        Parameters
        ----------
        inputs
            The first columns of what `core.stock.data.features.inputs` returned
            (batch, time, RISK_INPUTS).
        state
            State of the LSTM before the first day; zeros if None.
        keep
            Factor on the outputs of the LSTM, for dropout.

        Returns
        -------
        tuple
            What is added to the log-variance (batch, time, horizons), and the state
            after the last day.
        """
        hidden, state = self.lstm(inputs, state)
        output = self.head(tf.concat([hidden * keep, inputs], axis=-1))
        return tf.clip_by_value(output, -LARGEST, LARGEST), state


@dataclass(frozen=True, kw_only=True, eq=False)
class RiskCorrection:
    """Corrections of the risk of some rows."""

    log_variance: np.ndarray  # added to the log-variance (rows, horizons)
    # Added to the inverse softplus of the degrees of freedom minus 2 (rows, horizons)
    tail: np.ndarray

    @classmethod
    def average(cls, corrections: Sequence["RiskCorrection"]) -> "RiskCorrection":
        """Average those of several networks."""
        return cls(
            log_variance=np.mean([each.log_variance for each in corrections], axis=0),
            tail=np.mean([each.tail for each in corrections], axis=0),
        )

    def __getitem__(self, rows: slice) -> "RiskCorrection":
        return RiskCorrection(
            log_variance=self.log_variance[rows], tail=self.tail[rows]
        )

    def apply(
        self, forecast: ForecastDistribution, factors: np.ndarray | float = 1.0
    ) -> ForecastDistribution:
        """Correct forecasts of the same rows, scaled by factors (horizons,)."""
        tail = inverse_softplus(forecast.freedom - 2) + factors * self.tail
        freedom = np.where(
            np.broadcast_to(factors, tail.shape) == 0,
            forecast.freedom,
            2 + np.logaddexp(0, tail),
        )
        return ForecastDistribution.broadcast(
            forecast.mean, forecast.log_variance + factors * self.log_variance, freedom
        )


class MeanNetwork:
    """LSTM with random weights, whose hidden state `models.readout` reads.

    Of daily returns a few percent can be forecast at best. In so much noise gradient
    descent finds little more than chance; a ridge regression on many random features
    does (the echo state network of Jaeger 2001). The gates multiply what the LSTM reads
    with what it read before, so that its hidden state has thresholds, waves and
    products of the last returns.

    Parameters
    ----------
    seed
        Of the weights.
    """

    def __init__(self, seed: int) -> None:
        random, wide = np.random.default_rng(seed), 4 * UNITS
        self.lstm = BlockLSTM(UNITS)
        self.lstm.build((None, None, READS))
        recurrent = RECURRENT / np.sqrt(UNITS)
        self.lstm.kernel.assign(KERNEL * random.standard_normal((READS, wide)))
        self.lstm.recurrent_kernel.assign(
            recurrent * random.standard_normal((UNITS, wide))
        )
        self.lstm.bias.assign(random.uniform(-BIAS, BIAS, wide))

    def features(self, inputs: np.ndarray) -> np.ndarray:
        """Return the hidden state and the inputs of each row (rows, features)."""
        hidden, _ = self.lstm(inputs[None, :, :READS])
        return np.concatenate([hidden.numpy()[0], inputs], axis=1).astype(np.float64)


def initialise_lstm(lstm: BlockLSTM, seed: int) -> None:
    """Assign the initial weights of a new LSTM to a built one."""
    new = BlockLSTM(lstm.units, seed=seed)
    new.build((None, None, lstm.kernel.shape[0]))
    for variable, value in zip(lstm.weights, new.weights, strict=True):
        variable.assign(value)


def inverse_softplus(values: np.ndarray) -> np.ndarray:
    """Return x with log(1 + exp(x)) = values, which are positive."""
    return np.asarray(values + np.log(-np.expm1(-values)))


def student_t_loss(
    actual: tf.Tensor, mean: tf.Tensor, log_variance: tf.Tensor, freedom: tf.Tensor
) -> tf.Tensor:
    """`core.stock.distribution.student_t_nll` in TensorFlow, for its gradient."""
    log_scale = log_variance + tf.math.log((freedom - 2.0) / freedom)
    constant = (
        tf.math.lgamma((freedom + 1.0) / 2.0)
        - tf.math.lgamma(freedom / 2.0)
        - 0.5 * tf.math.log(freedom * math.pi)
    )
    squared = tf.square(actual - mean) * tf.exp(-log_scale) / freedom
    return 0.5 * log_scale - constant + 0.5 * (freedom + 1.0) * tf.math.log1p(squared)


def dropout_mask(shape: tf.Tensor, rate: float, seed: tf.Tensor) -> tf.Tensor:
    """Zeros for a share `rate` of the outputs, and 1 / (1 - rate) for the others.

    It depends on `seed` (2,) alone, so that a resumed training drops the same ones.
    """
    kept = tf.random.stateless_uniform(shape, seed) >= rate
    return tf.cast(kept, tf.float32) / (1.0 - rate)


def keras_model(of_mean: Sequence[Layers], of_risk: Sequence[Layers]) -> bytes:
    """Export the networks as the content of one .keras file that averages them.

    It has layers of Keras only: `BlockLSTM` computes the same as `keras.layers.LSTM`
    from the same weights. It takes inputs (batch, time, inputs) and returns what is
    added to the mean, in standard deviations of the start, and beside it what is added
    to the log-variance (batch, time, 2 * horizons).
    """
    all_inputs = of_mean[0][1][0].shape[0] - of_mean[0][0][1].shape[0]
    inputs = keras.Input((None, all_inputs), name="inputs")
    outputs, filled = [], []
    for kind, networks, reads in (("mean", of_mean, inputs), ("risk", of_risk, None)):
        heads = []
        for number, weights in enumerate(networks, start=1):
            kernel, recurrent, _ = weights[0]
            read = inputs[:, :, : kernel.shape[0]]
            lstm = keras.layers.LSTM(
                recurrent.shape[0], return_sequences=True, name=f"{kind}_lstm_{number}"
            )
            head = keras.layers.Dense(
                weights[1][1].shape[0], name=f"{kind}_head_{number}"
            )
            both = [lstm(read), read if reads is None else reads]
            found = head(keras.layers.Concatenate()(both))
            heads.append(keras.ops.clip(found, -LARGEST, LARGEST))
            filled.append(((lstm, head), weights))
        many = len(heads) > 1
        outputs.append(keras.layers.Average()(heads) if many else heads[0])
    output = keras.layers.Concatenate()(outputs)
    model = keras.Model(inputs, output, name="unrolled_prices")
    for layers, weights in filled:
        for layer, values in zip(layers, weights, strict=True):
            layer.set_weights(values)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # Keras reads its variables in a way that NumPy 2 deprecates.
        warnings.simplefilter("ignore", DeprecationWarning)
        file = Path(folder) / "model.keras"
        model.save(file)
        return file.read_bytes()
