"""Attention beside the cells: its gradient, and what each of them needs."""

import numpy as np
import pytest

from core.lesson.attention import (
    attention,
    attention_jacobian,
    costs,
    influence_beside_attention,
    influence_of_the_first,
)


@pytest.fixture
def layer():
    rng = np.random.default_rng(3)
    return rng.standard_normal((7, 2)), *rng.standard_normal((3, 5, 2))


def test_the_gradient_of_attention_agrees_with_finite_differences(layer):
    x, *weights = layer
    found, step = np.zeros((7, 5, 2)), 1e-6
    for t, j in np.ndindex(x.shape):
        moved = np.zeros_like(x)
        moved[t, j] = step
        above, below = attention(x + moved, *weights), attention(x - moved, *weights)
        found[t, :, j] = (above - below) / (2 * step)
    assert np.abs(attention_jacobian(x, *weights) - found).max() < 1e-8


def test_attention_does_not_know_the_order_of_its_inputs(layer):
    x, *weights = layer
    turned = np.concatenate([x[-2::-1], x[-1:]])
    assert np.allclose(attention(x, *weights), attention(turned, *weights))


def test_before_training_influence_fades_in_the_cells_but_not_in_attention():
    curves = influence_beside_attention(0)
    attended = curves.pop("Attention")
    assert list(curves) == ["RNN", "LSTM", "GRU", "minGRU"]
    assert all(curve[49] < 0.05 * curve[1] for curve in curves.values())
    assert 0.7 < attended[40:].mean() / attended[1:11].mean() < 1.4


def test_the_first_input_is_diluted_in_attention_and_lost_in_the_cells():
    for seed in range(3):
        norms = influence_of_the_first(seed, (10, 200))
        short, long = norms.pop("Attention")
        assert 8 < short / long < 40  # twenty times as many inputs share it
        assert all(long < 1e-4 * short for short, long in norms.values())


def test_a_state_has_a_fixed_size_and_attention_keeps_all():
    once, twice = costs(1024, 64), costs(2048, 64)
    assert {name: twice[name].stored / once[name].stored for name in once} == {
        "LSTM": 1,
        "minGRU": 1,
        "Attention": 2,
    }
    assert {name: cost.waits for name, cost in twice.items()} == {
        "LSTM": 2048,
        "minGRU": 11,
        "Attention": 1,
    }


def test_attention_needs_more_products_than_an_lstm_from_five_times_its_units_on():
    fewer, more = costs(5 * 64 - 2, 64), costs(5 * 64, 64)
    assert fewer["Attention"].all_products < fewer["LSTM"].all_products
    assert more["Attention"].all_products > more["LSTM"].all_products
