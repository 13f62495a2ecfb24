"""The network of the mean: an LSTM with random weights, and a readout that is solved.

Of daily returns a few percent can be forecast at best. In so much noise gradient
descent finds little more than chance; a ridge regression on many random features does
(the echo state network of Jaeger 2001). The gates multiply what the LSTM reads with
what it read before, so that its hidden state has thresholds, waves and products of the
last returns.
"""

import numpy as np

from core.layers.lstm import BlockLSTM

UNITS = 96
KERNEL, RECURRENT, BIAS = 2.0, 0.7, 1.0  # sizes of the random weights
READS = 1  # inputs that the LSTM reads: the surprise; the readout reads all of them


class MeanNetwork:
    """LSTM with random weights, whose hidden state `models.readout` reads.

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
