"""The lag detector, the leakage self-test, the trading simulation, the future."""

import numpy as np
import pytest

from core.stock import Config
from core.stock.data.split import Split
from core.stock.distribution import ForecastDistribution
from core.stock.judging.lag import detect_lag
from core.stock.judging.leakage import compare, disturbed, join
from core.stock.judging.trading import simulate
from core.stock.recipes.faults import measured_faults
from core.stock.result import Result, forecast_future
from tests.core.stock.helpers import made_up_series


def shifted(series, days):
    """A forecast of rows 100 on that is the price some days before."""
    return series.prices[100 - days : len(series) - days]


@pytest.mark.parametrize("days", [1, 2, 4])
def test_a_copy_of_an_earlier_price_is_detected(days):
    series = made_up_series(600)
    lag = detect_lag(series.prices[100:], shifted(series, days))
    assert lag.best == days
    assert lag.copies
    assert max(lag.correlations) == pytest.approx(1.0)
    late = "1 day" if days == 1 else f"{days} days"
    assert lag.sentence.startswith(f"The forecast repeats the price of {late} earlier:")
    assert f"the actual ones, {late} late (" in lag.sentence


def test_a_smoothed_copy_of_the_price_is_reported():
    series = made_up_series(600)
    blurred = sum(shifted(series, days) for days in (1, 2, 3, 4)) / 4
    lag = detect_lag(series.prices[100:], blurred)
    assert not lag.copies
    assert lag.sentence.startswith("The forecast resembles the price of ")


def test_a_forecast_that_moves_with_the_price_is_called_a_leak():
    series = made_up_series(600)
    lag = detect_lag(series.prices[100:], series.prices[100:] * 1.01)
    assert lag.best == 0
    assert "leak" in lag.sentence
    early = detect_lag(series.prices[100:-2], series.prices[102:])
    assert early.best == -2
    assert "must have used future data" in early.sentence


def test_a_forecast_that_never_moves_agrees_with_nothing():
    series = made_up_series(300)
    assert set(detect_lag(series.prices, np.ones(300)).correlations) == {0.0}


def test_the_disturbed_series_is_the_same_up_to_the_day_and_other_after_it():
    series = made_up_series()
    other = disturbed(series, 200)
    np.testing.assert_array_equal(other.prices[:201], series.prices[:201])
    assert (other.prices[201:] > series.prices[201:]).all()
    assert other.dates is series.dates


def test_the_self_test_sees_one_bit_in_a_forecast_or_in_a_weight():
    series = made_up_series()
    weights, forecasts = np.ones(3), np.full((10, 2), 50.0)
    same = compare(series, 200, (weights, forecasts), (weights, forecasts.copy()))
    assert same.passed
    assert "No leak" in same.sentence
    moved = forecasts.copy()
    moved[4, 1] = np.nextafter(50.0, 60.0)
    leak = compare(series, 200, (weights, forecasts), (weights, moved))
    assert (leak.passed, leak.changed, leak.days) == (False, 1, 10)
    assert "and after 1 earlier close, the 20 earlier" in join([same, same]).sentence
    assert (
        "and after 2 earlier closes, 1 of the 30" in join([same, leak, same]).sentence
    )
    other = np.array([1.0, 1.0, np.nextafter(1.0, 2.0)])
    assert not compare(series, 200, (weights, forecasts), (other, forecasts)).passed


DAYS = np.datetime64("2024-01-01") + np.arange(5)
PRICES = np.array([100.0, 110.0, 121.0, 108.9, 119.79])


def test_a_signal_is_followed_at_the_next_close_and_pays_on_both_sides():
    rises = np.array([True, False, False, True, True])
    got = simulate(DAYS, PRICES, rises, cost=100)
    # In at the close of day 1 and out at that of day 2: it earns day 2 alone.
    # In again at the close of day 4, the last.
    expected = np.array([1, 0.99, 1.1 * 0.99**2, 1.1 * 0.99**2, 1.1 * 0.99**3])
    np.testing.assert_allclose(got.strategy, expected)
    np.testing.assert_allclose(got.holding, [1, *(0.99 * PRICES[1:] / 110)])
    assert got.trades == 3
    assert got.days_in == pytest.approx(0.5)


def test_at_its_break_even_cost_the_strategy_ends_level_with_holding():
    rises = np.array([True, False, True, True, False])
    # Out before the fall of day 3 and back for the rise of day 4.
    free = simulate(DAYS, PRICES, rises, cost=0)
    assert free.strategy[-1] == pytest.approx(1.21)
    assert free.break_even > 0
    level = simulate(DAYS, PRICES, rises, free.break_even)
    assert level.strategy[-1] == pytest.approx(level.holding[-1])
    assert "It earns less at costs above" in free.sentence


def test_always_in_is_holding_and_always_wrong_has_no_break_even():
    held = simulate(DAYS, PRICES, np.ones(5, bool), cost=10)
    np.testing.assert_allclose(held.strategy, held.holding)
    assert held.break_even is None
    wrong = np.array([False, True, False, False, False])  # in for the fall alone
    assert simulate(DAYS, PRICES, wrong, cost=0).break_even == 0


def test_the_future_passes_through_the_horizons_and_grows_between_them():
    series = made_up_series()
    distribution = ForecastDistribution.broadcast(
        np.array([[0.01, 0.05]]), np.log(np.array([[0.0004, 0.0036]])), 5.0
    )
    factors = {80: np.array([1.0, 1.0]), 95: np.array([2.0, 3.0])}
    got = forecast_future(series, len(series), (1, 5), distribution, factors, days=9)
    last = series.prices[-1]
    growth = np.log(got.median / last)
    np.testing.assert_allclose(growth[[0, 2, 4, 8]], [0.01, 0.03, 0.05, 0.09])
    reach = np.log(got.bands["high_80"] / got.median)
    np.testing.assert_allclose(reach[[0, 4]], [0.02, 0.06])
    assert reach[2] == pytest.approx(np.sqrt(0.002))
    wide = np.log(got.median / got.bands["low_95"])
    np.testing.assert_allclose(wide[[0, 4]], [0.04, 0.18])
    lines = got.to_csv().splitlines()
    assert lines[0] == "Date,median,low_80,high_80,low_95,high_95"
    assert len(lines) == 10


def test_the_faults_of_the_classic_are_told_with_numbers_of_the_series():
    series = made_up_series(400)
    classic = Result(
        config=Config.preset("classic"),
        series=series,
        split=Split(rows=400, validation=200, test=200),
        epochs=1,
        seconds=1.0,
        levels=series.prices[198:-2],
    )
    level, scale, baseline = (text for _, text in measured_faults(series, classic))
    assert "correlation" in level
    assert f"{series.prices[:200].max():.4g}" in scale
    assert f"{classic.network.rel_rmse:.3g} times" in baseline
    alone = measured_faults(series)
    assert len(alone) == 3
    assert all(text.count(". ") == 1 for _, text in alone)  # two sentences each
