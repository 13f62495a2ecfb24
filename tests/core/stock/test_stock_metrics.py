"""Metrics against values worked out by hand or found in printed tables."""

import math

import numpy as np
import pytest

from core.stock.metrics import (
    coverage,
    mae,
    rmse,
    student_t_nll,
    student_t_quantile,
)

ACTUAL = np.array([1.0, 2.0, 3.0, 4.0])
FORECAST = np.array([1.0, 4.0, 3.0, 0.0])


def test_rmse_is_the_root_of_the_mean_square():
    assert rmse(ACTUAL, FORECAST) == pytest.approx(math.sqrt(20 / 4))


def test_mae_is_the_mean_of_the_absolute_errors():
    assert mae(ACTUAL, FORECAST) == pytest.approx(6 / 4)


def test_coverage_counts_rows_inside_with_the_ends():
    low, high = np.array([1.0, 0.0, 4.0, 0.0]), np.array([2.0, 1.0, 5.0, 4.0])
    assert coverage(ACTUAL, low, high) == 0.5


def test_student_t_nll_with_many_degrees_of_freedom_is_the_gaussian_one():
    got = student_t_nll(np.array([1.5]), np.array([0.5]), np.array([math.log(4)]), 1e6)
    gaussian = 0.5 * math.log(2 * math.pi * 4) + 1 / (2 * 4)
    assert got[0] == pytest.approx(gaussian, abs=1e-5)


def test_student_t_nll_is_a_density_with_the_variance_it_is_given():
    grid = np.linspace(-400, 400, 800_001)
    zeros = np.zeros_like(grid)
    density = np.exp(-student_t_nll(grid, zeros, zeros + math.log(2.0), 5.0))
    step = grid[1] - grid[0]
    assert density.sum() * step == pytest.approx(1.0, abs=1e-4)
    assert (density * grid**2).sum() * step == pytest.approx(2.0, abs=1e-3)


@pytest.mark.parametrize(
    ("probability", "freedom", "printed"),
    [(0.9, 5, 1.4759), (0.975, 5, 2.5706), (0.975, 30, 2.0423), (0.1, 10, -1.3722)],
)
def test_student_t_quantiles_are_those_of_the_tables(probability, freedom, printed):
    unit_variance = math.sqrt((freedom - 2) / freedom)
    got = student_t_quantile(probability, freedom) / unit_variance
    assert got == pytest.approx(printed, abs=1e-4)
