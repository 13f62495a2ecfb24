"""Optimizers and clipping, as pure functions."""

import warnings

import numpy as np
import pytest

from core.lesson.network import OPTIMIZERS, adam, clip_by_global_norm, sgd


def test_clipping_keeps_the_direction_and_limits_the_length():
    gradients = {"a": np.array([3.0, 0.0]), "b": np.array([[4.0]])}
    clipped, norm = clip_by_global_norm(gradients, 1.0)
    assert norm == 5.0
    np.testing.assert_allclose(clipped["a"], [0.6, 0.0])
    np.testing.assert_allclose(clipped["b"], [[0.8]])


@pytest.mark.parametrize("limit", [5.0, 10.0, 0.0])
def test_short_gradients_and_no_limit_change_nothing(limit):
    gradients = {"a": np.array([3.0, 4.0])}
    assert clip_by_global_norm(gradients, limit) == (gradients, 5.0)


def test_a_gradient_too_long_to_measure_is_infinite_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert clip_by_global_norm({"a": np.array([1e200])}, 0)[1] == np.inf


def test_sgd_steps_against_the_gradient():
    moved, memory = sgd({"w": np.array([1.0, 2.0])}, {"dw": np.ones(2)}, {}, 0.1)
    np.testing.assert_allclose(moved["w"], [0.9, 1.9])
    assert memory == {}


def test_adam_follows_its_paper():
    """Two steps, the moments written out."""
    w, memory = {"w": np.array([1.0])}, {}
    w, memory = adam(w, {"dw": np.array([0.5])}, memory, 0.1)
    assert w["w"][0] == pytest.approx(0.9, abs=1e-8)  # first step: rate * sign
    w, memory = adam(w, {"dw": np.array([-1.0])}, memory, 0.1)
    m = (0.9 * 0.1 * 0.5 + 0.1 * -1.0) / (1 - 0.9**2)
    v = (0.999 * 0.001 * 0.25 + 0.001 * 1.0) / (1 - 0.999**2)
    assert w["w"][0] == pytest.approx(0.9 - 0.1 * m / np.sqrt(v), abs=1e-7)
    assert memory["t"] == 2


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_finds_the_bottom_of_a_bowl_and_changes_nothing_it_was_given(name):
    start = np.array([3.0, -2.0])
    w, memory = {"w": start}, {}
    for _ in range(300):
        before = {key: value.copy() for key, value in memory.items()}
        later, remembered = OPTIMIZERS[name](w, {"dw": 2 * w["w"]}, memory, 0.05)
        for key, value in before.items():
            np.testing.assert_array_equal(memory[key], value)
        w, memory = later, remembered
    np.testing.assert_allclose(w["w"], 0, atol=0.02)
    np.testing.assert_array_equal(start, [3.0, -2.0])
