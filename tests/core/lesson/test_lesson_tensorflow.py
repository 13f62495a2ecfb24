"""TensorFlow, given the same weights, computes the same values and gradients."""

import numpy as np
import pytest

from core.layers.setup import single_thread
from tests.core.lesson.networks import Case

CLOSE = {"rtol": 1e-5, "atol": 1e-9}  # in double precision they differ by far less
KERAS_GATES = "ifco"
GRU_GATES = "zr"


@pytest.fixture(scope="module")
def keras():
    single_thread()
    return pytest.importorskip("keras")


def layer_of(keras, case):
    """A Keras layer with the weights of a lesson's network."""
    n_a = len(case.a0)
    options = {"return_sequences": True, "dtype": "float64"}
    if case.cell == "rnn":
        layer = keras.layers.SimpleRNN(n_a, **options)
        weights = [case.parameters[name].T for name in ("Wax", "Waa")]
        bias = case.parameters["ba"][:, 0]
    elif case.cell == "gru":
        layer = keras.layers.GRU(n_a, reset_after=True, **options)
        p = case.parameters
        W = np.concatenate([p[f"W{g}"] for g in GRU_GATES])  # (2 n_a, n_a + n_x)
        weights = [
            np.concatenate([W[:, n_a:], p["Wcx"]]).T,
            np.concatenate([W[:, :n_a], p["Wca"]]).T,
        ]
        from_x = np.concatenate([p[name][:, 0] for name in ("bz", "br", "bc")])
        from_a = np.concatenate([np.zeros(2 * n_a), p["bca"][:, 0]])
        bias = np.stack([from_x, from_a])
    else:
        layer = keras.layers.LSTM(n_a, **options)
        W = np.concatenate([case.parameters[f"W{g}"] for g in KERAS_GATES])
        weights = [W[:, n_a:].T, W[:, :n_a].T]
        bias = np.concatenate([case.parameters[f"b{g}"][:, 0] for g in KERAS_GATES])
    layer.build((None, None, len(case.x)))
    layer.set_weights([*weights, bias])
    return layer


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])  # Keras has no minGRU
@pytest.mark.parametrize("seed", [0, 1])
def test_tensorflow_agrees_forward_and_backward(keras, cell, seed):
    import tensorflow as tf

    case = Case(cell, seed=seed, n_x=3, n_a=6, m=4, T=12)
    layer = layer_of(keras, case)
    x, a0 = tf.constant(case.x.transpose(1, 2, 0)), tf.constant(case.a0.T)
    state = [a0, tf.zeros_like(a0)] if cell == "lstm" else [a0]
    with tf.GradientTape() as tape:
        tape.watch([x, a0])
        a = layer(x, initial_state=state)  # (m, T, n_a)
        loss = tf.reduce_sum(a * case.da.transpose(1, 2, 0))
    wanted = [x, a0, *layer.trainable_variables]
    dx, da0, dkernel, drecurrent, dbias = map(np.array, tape.gradient(loss, wanted))

    np.testing.assert_allclose(case.forward()[0].transpose(1, 2, 0), a, **CLOSE)
    got = case.backward()
    np.testing.assert_allclose(got["dx"].transpose(1, 2, 0), dx, **CLOSE)
    np.testing.assert_allclose(got["da0"].T, da0, **CLOSE)
    if cell == "rnn":
        np.testing.assert_allclose(got["dWax"].T, dkernel, **CLOSE)
        np.testing.assert_allclose(got["dWaa"].T, drecurrent, **CLOSE)
        np.testing.assert_allclose(got["dba"][:, 0], dbias, **CLOSE)
        return
    if cell == "gru":
        dz, dr, dc = np.split(drecurrent, 3, axis=1)
        xz, xr, xc = np.split(dkernel, 3, axis=1)
        want = {
            "dWz": np.concatenate([dz, xz]).T,
            "dWr": np.concatenate([dr, xr]).T,
            "dWca": dc.T,
            "dWcx": xc.T,
            **dict(zip(("dbz", "dbr", "dbc"), np.split(dbias[0], 3), strict=True)),
            "dbca": np.split(dbias[1], 3)[2],
        }
        for name, gradient in want.items():
            np.testing.assert_allclose(np.squeeze(got[name]), gradient, **CLOSE)
        return
    dW = np.concatenate([drecurrent, dkernel])  # a_prev above xt
    for gate, weight, bias in zip(
        KERAS_GATES, np.split(dW, 4, axis=1), np.split(dbias, 4), strict=True
    ):
        np.testing.assert_allclose(got[f"dW{gate}"].T, weight, **CLOSE)
        np.testing.assert_allclose(got[f"db{gate}"][:, 0], bias, **CLOSE)
