"""The honest recipe's network: it corrects a moving variance, and guesses a mean."""

import math

import keras
import tensorflow as tf

from core.stock.lstm_layer import BlockLSTM

INPUTS = 4
MEAN_SHARE = 0.1  # of a day's risk; keeps a chance pattern from steering the price
START_FREEDOM = 5.0

# Hidden and cell state, each (batch, units).
LSTMState = tuple[tf.Tensor, tf.Tensor]


class RiskNetwork:
    """LSTM with a mean and a log-variance for the next day, and one tail weight.

    The head starts at zero, so that the untrained network repeats the moving
    variance and yesterday's price, and learns only what improves on them.
    """

    def __init__(self, units: int, seed: int) -> None:
        self.lstm = BlockLSTM(units, seed=seed)
        self.lstm.build((None, None, INPUTS))
        self.head = keras.layers.Dense(2, kernel_initializer="zeros")
        self.head.build((None, None, units))
        start = math.log(math.expm1(START_FREEDOM - 2.0))
        self.tail = keras.Variable(start, dtype="float32", name="tail")

    @property
    def weights(self) -> list[keras.Variable]:
        """Everything that training changes."""
        return [*self.lstm.weights, *self.head.weights, self.tail]

    @property
    def freedom(self) -> tf.Tensor:
        """Degrees of freedom, above 2 so that the variance is finite."""
        return 2.0 + tf.nn.softplus(self.tail.value)

    def __call__(
        self,
        inputs: tf.Tensor,
        log_variance: tf.Tensor,
        state: LSTMState | None = None,
        keep: tf.Tensor | float = 1.0,
    ) -> tuple[tf.Tensor, tf.Tensor, LSTMState]:
        """Forecast the day after each day.

        Parameters
        ----------
        inputs
            `Features.inputs` (batch, time, 4).
        log_variance
            `Features.log_variance` (batch, time).
        state
            State of the LSTM before the first day; zeros if None.
        keep
            Factor on the outputs of the LSTM: where dropout acts.

        Returns
        -------
        tuple
            Mean and log-variance (batch, time), and the state after the last day.
        """
        hidden, state = self.lstm(inputs, state)
        output = self.head(hidden * keep)
        mean = MEAN_SHARE * tf.exp(0.5 * log_variance) * output[..., 0]
        return mean, log_variance + output[..., 1], state


def student_t_loss(
    actual: tf.Tensor, mean: tf.Tensor, log_variance: tf.Tensor, freedom: tf.Tensor
) -> tf.Tensor:
    """`core.stock.metrics.student_t_nll` as TensorFlow can differentiate it."""
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
