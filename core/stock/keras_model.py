"""The trained networks as one ordinary model of Keras, for use anywhere."""

import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

# Weights of an LSTM and of the layer on top, as Keras lists them.
Layers = tuple[list[np.ndarray], list[np.ndarray]]


def keras_model(networks: Sequence[Layers]) -> bytes:
    """Return the content of a .keras file that averages the networks' heads.

    It has stock layers only: our fused LSTM computes what `keras.layers.LSTM` does
    from the same weights. It takes inputs (batch, time, inputs) and returns the
    heads (batch, time, 2 * horizons): what `RiskNetwork` makes means and
    log-variances of.
    """
    kernel = networks[0][0][0]
    units, outputs = kernel.shape[1] // 4, networks[0][1][0].shape[1]
    inputs = keras.Input((None, kernel.shape[0]), name="inputs")
    heads, pairs = [], []
    for number, weights in enumerate(networks, start=1):
        lstm = keras.layers.LSTM(units, return_sequences=True, name=f"lstm_{number}")
        head = keras.layers.Dense(outputs, name=f"head_{number}")
        heads.append(head(lstm(inputs)))
        pairs.append(((lstm, head), weights))
    output = keras.layers.Average()(heads) if len(heads) > 1 else heads[0]
    model = keras.Model(inputs, output, name="unrolled_prices")
    for layers, weights in pairs:
        for layer, values in zip(layers, weights, strict=True):
            layer.set_weights(values)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # Keras reads its variables in a way that NumPy 2 deprecates.
        warnings.simplefilter("ignore", DeprecationWarning)
        file = Path(folder) / "model.keras"
        model.save(file)
        return file.read_bytes()
