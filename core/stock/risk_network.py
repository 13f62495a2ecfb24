"""The honest recipe's network: it corrects a moving variance, and guesses a mean."""

import math

import keras
import tensorflow as tf

from core.layers.lstm import BlockLSTM
from core.stock.features import MEAN_SHARE

START_FREEDOM = 5.0

# Hidden and cell state, each (batch, units).
LSTMState = tuple[tf.Tensor, tf.Tensor]


class RiskNetwork:
    """LSTM with a mean, a log-variance and the weight of the tails for each horizon.

    The head starts at zero, so that the untrained network repeats the moving
    variance and yesterday's price, and learns only what improves on them.

    Parameters
    ----------
    units
        Size of the LSTM's memory.
    inputs, horizons
        How many numbers it reads a day, and how many horizons it forecasts.
    """

    def __init__(self, units: int, inputs: int, horizons: int) -> None:
        self.horizons = horizons
        self.lstm = BlockLSTM(units)
        self.lstm.build((None, None, inputs))
        self.head = keras.layers.Dense(2 * horizons)
        self.head.build((None, None, units))
        self.tail = keras.Variable([0.0] * horizons, dtype="float32", name="tail")

    def restart(self, seed: int) -> None:
        """Forget all; draw the weights of the LSTM as Keras draws them."""
        draw_lstm(self.lstm, seed)
        for variable in self.head.weights:
            variable.assign(tf.zeros(variable.shape))
        start = math.log(math.expm1(START_FREEDOM - 2.0))
        self.tail.assign([start] * self.horizons)

    @property
    def weights(self) -> list[keras.Variable]:
        """Everything that training changes."""
        return [*self.lstm.weights, *self.head.weights, self.tail]

    @property
    def freedom(self) -> tf.Tensor:
        """Degrees of freedom (horizons,), above 2 so that the variance is finite."""
        return 2.0 + tf.nn.softplus(self.tail.value)

    def __call__(
        self,
        inputs: tf.Tensor,
        log_variance: tf.Tensor,
        state: LSTMState | None = None,
        keep: tf.Tensor | float = 1.0,
    ) -> tuple[tf.Tensor, tf.Tensor, LSTMState]:
        """Forecast the sum of the returns ahead of each day.

        Parameters
        ----------
        inputs
            `Features.inputs` (batch, time, inputs).
        log_variance
            Of those sums as the moving variance has it (batch, time, horizons).
        state
            State of the LSTM before the first day; zeros if None.
        keep
            Factor on the outputs of the LSTM: where dropout acts.

        Returns
        -------
        tuple
            Mean and log-variance (batch, time, horizons), and the state after the
            last day.
        """
        hidden, state = self.lstm(inputs, state)
        output = self.head(hidden * keep)
        deviation = tf.exp(0.5 * log_variance)
        mean = MEAN_SHARE * deviation * output[..., : self.horizons]
        return mean, log_variance + output[..., self.horizons :], state


def draw_lstm(lstm: BlockLSTM, seed: int) -> None:
    """Give an LSTM that is built the weights a new one would have."""
    fresh = BlockLSTM(lstm.units, seed=seed)
    fresh.build((None, None, lstm.kernel.shape[0]))
    for variable, value in zip(lstm.weights, fresh.weights, strict=True):
        variable.assign(value)


def student_t_loss(
    actual: tf.Tensor, mean: tf.Tensor, log_variance: tf.Tensor, freedom: tf.Tensor
) -> tf.Tensor:
    """`core.stock.student_t.student_t_nll` as TensorFlow can differentiate it."""
    log_scale = log_variance + tf.math.log((freedom - 2.0) / freedom)
    constant = (
        tf.math.lgamma((freedom + 1.0) / 2.0)
        - tf.math.lgamma(freedom / 2.0)
        - 0.5 * tf.math.log(freedom * math.pi)
    )
    squared = tf.square(actual - mean) * tf.exp(-log_scale) / freedom
    return 0.5 * log_scale - constant + 0.5 * (freedom + 1.0) * tf.math.log1p(squared)


def dropout_mask(shape: tf.Tensor, rate: float, seed: tf.Tensor) -> tf.Tensor:
    """Zeros for a share `rate` of the outputs, and a little over one for the rest.

    It depends on `seed` (2,) alone, so that a resumed training hides the same ones.
    """
    shown = tf.random.stateless_uniform(shape, seed) >= rate
    return tf.cast(shown, tf.float32) / (1.0 - rate)
