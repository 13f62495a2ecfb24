"""Metrics against values worked out by hand or found in printed tables."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from benchmarks.direction import direction_coverage
from benchmarks.size import false_differences
from core.stats import wilson
from core.stock.distribution import (
    student_t_cdf,
    student_t_crps,
    student_t_nll,
    student_t_quantile,
)
from core.stock.judging.diebold_mariano import clark_west, diebold_mariano
from core.stock.judging.metrics import (
    coverage,
    directional_accuracy,
    directional_interval,
    mae,
    rmse,
    winkler,
)

ACTUAL = np.array([1.0, 2.0, 3.0, 4.0])
FORECAST = np.array([1.0, 4.0, 3.0, 0.0])


def test_rmse_is_the_root_of_the_mean_square():
    assert rmse(ACTUAL - FORECAST) == pytest.approx(math.sqrt(20 / 4))


def test_mae_is_the_mean_of_the_absolute_errors():
    assert mae(ACTUAL - FORECAST) == pytest.approx(6 / 4)


def test_coverage_counts_rows_inside_with_the_ends():
    low, high = np.array([1.0, 0.0, 4.0, 0.0]), np.array([2.0, 1.0, 5.0, 4.0])
    assert coverage(ACTUAL, low, high) == 0.5


def test_the_interval_score_is_the_width_and_a_fine_for_each_miss():
    low, high = np.array([0.0, 2.5, 0.0, 0.0]), np.array([2.0, 4.5, 2.0, 4.0])
    # widths 2, 2, 2, 4; misses 0.5 below and 1 above, each times 2 / 0.2
    assert winkler(ACTUAL, low, high, 0.8) == pytest.approx((10 + 5 + 10) / 4)


def test_direction_leaves_out_days_without_a_change():
    before = np.array([1.0, 1.0, 2.0, 5.0])  # unchanged, up, up, down
    right, majority, rows = directional_accuracy(ACTUAL, FORECAST, before)
    assert rows == 3
    assert right == pytest.approx(1.0)  # up said and up, up and up, down and down
    assert majority == pytest.approx(2 / 3)
    wrong, _, _ = directional_accuracy(ACTUAL, before - 0.1, before)
    assert wrong == pytest.approx(1 / 3)


def wilson_interval(share, rows):
    interval = wilson(share * rows, rows)
    return interval.low, interval.high


def test_one_day_ahead_the_interval_of_the_direction_is_that_of_all_rows():
    random = np.random.default_rng(1)
    before, actual = np.ones(200), np.exp(random.standard_normal(200))
    actual[:9] = 1.0  # did not move
    share, _, rows = directional_accuracy(actual, before, before)
    assert rows == 191
    got = directional_interval(actual, before, before)
    assert got == pytest.approx(wilson_interval(share, 191))


def test_windows_that_never_miss_count_once_for_each_that_does_not_overlap():
    before, actual = np.ones(100), np.full(100, 2.0)
    got = directional_interval(actual, actual, before, horizon=10)
    assert got == pytest.approx(wilson_interval(1.0, 10))
    assert directional_interval(before, before, before, 10) == (0.0, 1.0)


@pytest.mark.parametrize("case", ["always_up", "momentum", "always_up, drift"])
def test_the_interval_of_the_direction_covers_random_walks(case):
    """Windows of 20 rows that were taken for independent ones: about 40%."""
    coverage = direction_coverage(walks=200, rows=(500,), cases=(case,))
    assert {days for _, _, days in coverage} == {1, 5, 10, 20}
    for key, share in coverage.items():
        assert share == pytest.approx(0.95, abs=0.045), key  # three standard errors


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


def test_student_t_nll_takes_degrees_of_freedom_row_by_row():
    zeros = np.zeros(2)
    got = student_t_nll(np.ones(2), zeros, zeros, np.array([4.0, 9.0]))
    each = [student_t_nll(np.ones(1), zeros[:1], zeros[:1], f)[0] for f in (4.0, 9.0)]
    np.testing.assert_allclose(got, each)


@pytest.mark.parametrize(
    ("probability", "freedom", "printed"),
    [(0.9, 5, 1.4759), (0.975, 5, 2.5706), (0.975, 30, 2.0423), (0.1, 10, -1.3722)],
)
def test_student_t_quantiles_are_those_of_the_tables(probability, freedom, printed):
    unit_variance = math.sqrt((freedom - 2) / freedom)
    got = student_t_quantile(probability, freedom) / unit_variance
    assert got == pytest.approx(printed, abs=1e-4)


@pytest.mark.parametrize("freedom", [2.1, 5.0, 40.0, 4_000.0])
def test_the_distribution_function_is_that_of_student(freedom):
    points = np.array([-6.0, -2.0, -0.3, 0.0, 1.0, 4.0])
    expected = stats.t.cdf(points, freedom)
    np.testing.assert_allclose(student_t_cdf(points, freedom), expected, atol=1e-5)


@pytest.mark.parametrize("freedom", [2.5, 5.0, 30.0])
@pytest.mark.parametrize("actual", [-3.0, 0.2, 1.7])
def test_the_crps_is_its_integral(freedom, actual):
    """CRPS = integral of (F(x) - [x >= actual])^2 over x."""
    mean, variance = 0.4, 2.3
    scale = math.sqrt(variance * (freedom - 2) / freedom)
    known = stats.t(freedom, loc=mean, scale=scale)
    below, _ = integrate.quad(lambda x: known.cdf(x) ** 2, -np.inf, actual)
    above, _ = integrate.quad(lambda x: known.sf(x) ** 2, actual, np.inf)
    got = student_t_crps(
        np.array([actual]), np.array([mean]), np.array([math.log(variance)]), freedom
    )
    assert got[0] == pytest.approx(below + above, abs=2e-5)


@pytest.mark.parametrize(("horizon", "cosines"), [(1, 8), (5, 8), (10, 5)])
def test_diebold_mariano_is_a_t_test_by_the_variance_of_cosines(horizon, cosines):
    """Lazarus, Lewis, Stock and Watson (2018), written out."""
    losses = 0.2 + np.random.default_rng(0).standard_normal(100)
    at = (np.arange(100) + 0.5) / 100
    transforms = [
        np.sqrt(2 / 100) * np.cos(np.pi * order * at) @ losses
        for order in range(1, cosines + 1)
    ]
    expected = losses.mean() / np.sqrt(np.mean(np.square(transforms)) / 100)
    test = diebold_mariano(losses, np.zeros(100), horizon)
    assert test.difference == pytest.approx(losses.mean())
    assert test.statistic == pytest.approx(expected)
    assert test.p == pytest.approx(2 * stats.t.sf(expected, cosines), abs=1e-5)


@pytest.mark.parametrize("horizon", [1, 20])
def test_equal_forecasts_are_told_apart_in_one_of_twenty_series(horizon):
    """Slow forecasts, equally wrong, of sums of returns; all horizons: benchmarks."""
    share = false_differences(series=300, rows=(500,), horizons=(horizon,))
    assert share[500, horizon] == pytest.approx(0.05, abs=0.035)


def test_too_few_rows_are_no_evidence():
    test = diebold_mariano(np.arange(79.0), np.zeros(79), horizon=10)
    assert (test.statistic, test.p) == (0.0, 1.0)


def test_equal_losses_are_no_difference():
    test = diebold_mariano(np.ones(50), np.ones(50))
    assert (test.statistic, test.p) == (0.0, 1.0)
    assert not test.better
    always = diebold_mariano(np.ones(50), np.zeros(50))
    assert (always.p, always.worse) == (0.0, True)


def test_the_losses_are_subtracted_in_double_precision_one_row_ahead():
    random = np.random.default_rng(3)
    first, second = (random.standard_normal(100).astype(np.float32) for _ in "ab")
    exact = first.astype(float) - second
    test = diebold_mariano(first, second)
    assert test.difference == exact.mean()
    assert test == diebold_mariano(first.astype(float), second, horizon=1)


def test_clark_west_takes_the_distance_of_the_forecasts_off_the_larger_models_error():
    random = np.random.default_rng(0)
    smaller = 50 + random.standard_normal(200).cumsum()
    larger = smaller + random.standard_normal(200)
    noise = random.standard_normal(200)
    actual = smaller + 0.5 * (larger - smaller) + noise
    actual_, larger_ = actual / smaller, larger / smaller
    gains = (actual_ - 1) ** 2 - ((actual_ - larger_) ** 2 - (larger_ - 1) ** 2)
    for horizon in (1, 20):
        known = diebold_mariano(-gains, np.zeros(200), horizon)
        test = clark_west(actual, smaller, larger, horizon)
        assert test.difference == pytest.approx(-gains.mean())
        assert test.statistic == pytest.approx(known.statistic)
        assert test.p == pytest.approx(known.p / 2)
    assert clark_west(actual, smaller, larger) == clark_west(actual, smaller, larger, 1)
    worse = clark_west(smaller - 0.1 * (larger - smaller) + noise, smaller, larger)
    assert worse.difference > 0
    two_sided = 2 * stats.t.sf(worse.statistic, 14)
    assert worse.p == pytest.approx(1 - two_sided / 2, abs=1e-5)
