"""PIT values and value-at-risk backtests, on outcomes whose distribution is known."""

import math

import numpy as np
import pytest
from scipy import stats

from core.stock.distribution import ForecastDistribution
from core.stock.judging.calibration import backtest_var, pit_histogram, var_backtests
from tests.core.stock.helpers import made_up_series
from tests.core.stock.results import bare_result, made_up_result

SERIES = 200


def forecasts(rows, horizon=1, deviation=1.0, freedom=1e4):
    return ForecastDistribution(
        mean=np.zeros(rows),
        log_variance=np.full(rows, math.log(horizon * deviation**2)),
        freedom=np.broadcast_to(freedom, rows),
    )


def outcomes(random, rows, horizon=1):
    """Sums of so many normal returns, from each row on."""
    sums = np.cumsum(np.append(0, random.standard_normal(rows + horizon - 1)))
    return sums[horizon:] - sums[:-horizon]


def test_the_cdf_and_the_quantile_are_those_of_each_rows_own_tails():
    freedom = np.array([3.0, 8.0, 3.0, 30.0])
    mean, deviation = np.array([0.1, 0, -0.2, 0]), np.array([1, 2, 0.5, 1])
    forecast = ForecastDistribution(
        mean=mean, log_variance=np.log(deviation**2), freedom=freedom
    )
    known = stats.t(freedom, mean, deviation * np.sqrt(1 - 2 / freedom))
    values = np.array([0.5, -3.0, -0.1, 2.0])
    np.testing.assert_allclose(forecast.cdf(values), known.cdf(values), atol=1e-5)
    for level in (0.05, 0.01):
        np.testing.assert_allclose(
            forecast.quantile(level), known.ppf(level), rtol=1e-4
        )


@pytest.mark.parametrize("horizon", [1, 20])
def test_95_of_100_bars_of_right_forecasts_lie_in_the_band(horizon):
    random = np.random.default_rng(0)
    inside = [
        pit_histogram(
            outcomes(random, 800, horizon), forecasts(800, horizon), horizon
        ).inside
        for _ in range(SERIES)
    ]
    assert np.mean(inside) == pytest.approx(19, abs=0.4)


@pytest.mark.parametrize(("deviation", "ends"), [(0.7, 1), (1.4, -1)])
def test_too_narrow_a_forecast_has_high_ends_and_too_wide_a_one_low_ends(
    deviation, ends
):
    actual = outcomes(np.random.default_rng(1), 2_000)
    found = pit_histogram(actual, forecasts(2_000, deviation=deviation))
    assert found.shares.sum() == pytest.approx(1)
    for bar in (0, -1):
        assert ends * (found.shares[bar] - 0.05) > found.high[bar] - 0.05
    assert found.inside < 15


@pytest.mark.parametrize(("level", "rows"), [(0.05, 500), (0.01, 1_250)])
def test_backtests_reject_at_most_5_of_100_right_forecasts(level, rows):
    random = np.random.default_rng(2)
    found = [
        backtest_var(outcomes(random, rows), forecasts(rows), level)
        for _ in range(SERIES * 2)
    ]
    for name in ("kupiec", "christoffersen"):
        rejected = np.mean([getattr(each, name) < 0.05 for each in found])
        assert 0.01 < rejected < 0.085, name  # they take whole numbers of rows


@pytest.mark.parametrize("horizon", [5, 20])
def test_backtests_of_overlapping_windows_reject_no_more(horizon):
    random = np.random.default_rng(3)
    rows = 100 * horizon
    found = [
        backtest_var(
            outcomes(random, rows, horizon), forecasts(rows, horizon), 0.05, horizon
        )
        for _ in range(SERIES)
    ]
    assert {each.rows for each in found} == {100}
    assert np.mean([each.kupiec < 0.05 for each in found]) < 0.1
    assert np.mean([each.christoffersen < 0.05 for each in found]) < 0.1
    assert np.mean([each.share for each in found]) == pytest.approx(0.05, abs=0.005)


def test_a_value_at_risk_that_is_too_low_is_rejected_by_both():
    actual = outcomes(np.random.default_rng(4), 1_250)
    found = backtest_var(actual, forecasts(1_250, deviation=0.75), 0.05)
    assert found.share > 0.08
    assert found.kupiec < 0.01
    assert found.christoffersen < 0.01


def test_exceedances_in_clusters_are_rejected_by_christoffersen_alone():
    actual = np.zeros(1_000)
    for start in range(0, 1_000, 100):
        actual[start : start + 5] = -9.0  # five in a row, and 5% in all
    found = backtest_var(actual, forecasts(1_000), 0.05)
    assert found.share == 0.05
    assert found.kupiec > 0.9
    assert found.christoffersen < 0.001


def test_on_many_rows_the_p_values_are_those_of_chi_squared():
    """The statistics of 300 exceedances in 5,000 rows, 30 after another one."""
    exceeded = np.zeros(5_000, bool)
    exceeded[10:4_600:17] = True  # 270 alone
    exceeded[11 : 11 + 30 * 17 : 17] = True  # and 30 right after one
    actual = np.where(exceeded, -9.0, 0.0)
    found = backtest_var(actual, forecasts(5_000), 0.05)
    kupiec = 2 * (
        stats.binom.logpmf(300, 5_000, 0.06) - stats.binom.logpmf(300, 5_000, 0.05)
    )
    assert found.kupiec == pytest.approx(stats.chi2.sf(kupiec, 1), abs=0.002)
    into, stays, out_of = 270, 30, 270
    calm = 4_999 - into - stays - out_of
    chain = 0.0
    for no, yes in ((calm, into), (out_of, stays)):
        chain += no * math.log(no / (no + yes)) + yes * math.log(yes / (no + yes))
    flat = (calm + out_of) * math.log(0.95) + 300 * math.log(0.05)
    expected = stats.chi2.sf(2 * (chain - flat), 2)
    assert found.christoffersen == pytest.approx(expected, abs=0.002)
    assert 0 < expected < 0.01


def test_with_fewer_than_three_expected_there_is_no_test():
    random = np.random.default_rng(5)
    found = backtest_var(outcomes(random, 299), forecasts(299), 0.01)
    assert (found.kupiec, found.christoffersen) == (None, None)
    assert backtest_var(outcomes(random, 300), forecasts(300), 0.01).kupiec is not None


def test_the_network_and_each_of_its_rivals_is_backtested():
    series = made_up_series(701)
    forecast = made_up_result(series).by_horizon[1]
    found = var_backtests(forecast, 0.05)
    assert list(found) == ["", *forecast.volatility]
    returns = np.diff(np.log(series.prices))[349:]
    low = stats.t.ppf(0.05, 5) * math.sqrt(3 / 5) * 0.01
    assert found[""].share == pytest.approx(np.mean(returns < low))
    assert found["garch"].share < found[""].share  # its deviation is twice as wide
    assert found["garch"].kupiec < 0.05
    assert var_backtests(bare_result(series).by_horizon[1], 0.05) == {}
