"""The models that the network is compared with."""

import numpy as np
import pytest

from core.stock.data.features import (
    Scaling,
    VarianceModel,
    moving_variance,
    returns_ahead,
)
from core.stock.models import ALL, Rows
from core.stock.models.base import MEANS, VOLATILITY
from core.stock.models.choice import choose
from core.stock.models.har import Har
from core.stock.models.linear import Autoregression, fit_linear
from core.stock.models.variance import Garch, fit_ewma, fit_garch
from tests.core.stock.calendars import month_starts
from tests.core.stock.helpers import made_up_series, series_of


def nervous(days=1_500, seed=0):
    """Returns of a GARCH process with leverage, of variance about one."""
    random = np.random.default_rng(seed)
    returns, variance = np.empty(days), 1.0
    for day, shock in enumerate(random.standard_normal(days)):
        returns[day] = np.sqrt(variance) * shock
        weight = 0.05 + 0.1 * (shock < 0)
        variance = 0.05 + weight * returns[day] ** 2 + 0.85 * variance
    return returns


@pytest.mark.parametrize("asymmetric", [False, True])
def test_our_filter_gives_the_variances_of_arch(asymmetric):
    from arch import arch_model

    returns = nervous()
    model = fit_garch(returns[:800], asymmetric)
    names = [model.mean, model.omega, model.alpha]
    names += [model.gamma] * asymmetric + [model.beta, 5.0]  # degrees of freedom
    theirs = arch_model(
        returns, mean="Constant", o=int(asymmetric), dist="t", rescale=False
    ).fix(names)
    expected = np.asarray(theirs.conditional_volatility) ** 2
    got = model.next_variance(returns)
    np.testing.assert_allclose(got[:-1], expected[1:], rtol=5e-3)
    # What differs at first is the start: theirs knows the mean of the whole series.
    np.testing.assert_allclose(got[300:-1], expected[301:], rtol=1e-8)
    assert (model.gamma != 0) == asymmetric


def test_the_variance_of_several_days_is_the_sum_of_the_expected_ones():
    model = VarianceModel(mean=0, omega=0.1, alpha=0.1, gamma=0.1, beta=0.7)
    # keeps 0.1 + 0.05 + 0.7 of it: 2, then 0.1 + 0.85 * 2 = 1.8, then 1.63
    sums = model.sum_of_variances(np.array([2.0]), (1, 2, 3))
    np.testing.assert_allclose(sums, [[2.0, 3.8, 5.43]])


def test_returns_ahead_are_sums_and_unknown_at_the_end():
    ahead = returns_ahead(np.array([0.0, 1.0, 2.0, 4.0]), (1, 2))
    np.testing.assert_array_equal(
        ahead, [[1, 3], [2, 6], [4, np.nan], [np.nan, np.nan]]
    )


def test_a_moving_variance_by_hand():
    got = moving_variance(np.array([2.0, 0.0]), 0.5)
    np.testing.assert_allclose(got, [0.5 * 1 + 0.5 * 4, 0.5 * 2.5])


def test_the_ewma_is_the_moving_variance_about_the_mean():
    returns = nervous(400)
    model = fit_ewma(returns)
    expected = moving_variance(returns - returns.mean(), 0.94)
    got = model.next_variance(returns)
    np.testing.assert_allclose(got[200:], expected[200:], rtol=1e-4)


def test_a_fit_that_does_not_converge_is_replaced_by_the_ewma():
    returns = 1e-6 * np.random.default_rng(0).standard_normal(300)  # far from one
    assert fit_garch(returns, asymmetric=False) == fit_ewma(returns)


@pytest.mark.parametrize("asymmetric", [False, True])
def test_rounding_decides_nothing_where_the_likeliest_persistence_is_one(asymmetric):
    calm = np.exp(np.sin(np.arange(300) / 20))  # and nervous months
    returns = 0.6 * calm * np.random.default_rng(0).standard_normal(300)
    models = [fit_garch(returns * (1 + n * 2e-16), asymmetric) for n in range(8)]
    for model in models:
        persistence = model.alpha + model.gamma / 2 + model.beta
        assert persistence == pytest.approx(1, abs=1e-6)
        assert model.alpha == pytest.approx(models[0].alpha, abs=1e-3)


def test_the_linear_model_finds_a_linear_rule_and_ignores_the_future():
    random = np.random.default_rng(1)
    returns = np.zeros(2_000)
    for day in range(1, 2_000):
        returns[day] = -0.6 * returns[day - 1] + 0.01 * random.standard_normal()
    prices = 100 * np.exp(np.cumsum(returns))
    (model,), forecasts = fit_linear(prices, (1,), 1_000)
    forecast = model.forecast(prices)
    np.testing.assert_allclose(forecasts[:, 0], forecast, atol=1e-12)
    good = np.corrcoef(forecast[1_000:-1], returns[1_001:])[0, 1]
    assert good > 0.4
    other = prices.copy()
    other[1_500:] *= 2
    _, forecasts_again = fit_linear(other, (1,), 1_000)
    again = forecasts_again[:, 0]
    np.testing.assert_array_equal(again[:1_500], forecasts[:1_500, 0])


def rows_of(prices, until, horizons, dates=None):
    """Rows of prices on days, or on other dates."""
    scaling = Scaling.fit(prices, until=until)
    series = series_of(prices, dates)
    return Rows(series=series, until=until, horizons=horizons, scaling=scaling)


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.name)
def test_no_rival_sees_the_future(model):
    """Nor does it say anything of the rows that it was fitted to."""
    prices = made_up_series(600).prices
    later = prices.copy()
    later[451:] *= 2
    seen, other = (
        model.fit(rows_of(each, 300, (1, 5), month_starts(600)))
        for each in (prices, later)
    )
    days = slice(0, 451)  # made at the close of day 450 or before
    for field in ("mean", "log_variance", "freedom"):
        forecast = getattr(seen.predict(days), field)
        np.testing.assert_array_equal(forecast, getattr(other.predict(days), field))
        assert np.isnan(forecast[:299]).all()
        assert np.isfinite(forecast[299:]).all()
    assert len(seen.distribution) == 600


def test_each_horizon_has_the_degrees_of_freedom_that_fit_it():
    random = np.random.default_rng(0)
    prices = 100 * np.exp(np.cumsum(0.01 * random.standard_t(3, 3_000)))
    fitted = Garch().fit(rows_of(prices, 3_000, (1, 20)))
    freedom = fitted.distribution.freedom[0]
    assert freedom[0] <= 4 < freedom[1]  # sums of many are nearer to the normal


def test_the_choice_names_the_truth_and_does_not_look_beyond_its_rows():
    returns = 0.01 * nervous(3_000, seed=3)
    prices = 100 * np.exp(np.cumsum(returns))
    choice = choose([(rows_of(prices, 2_000, (1, 5)), 2_600)], VOLATILITY, MEANS)
    assert choice.volatility[0] == "gjr"
    assert choice.price == ("naive", "naive")
    prices[2_600:] *= 1e6
    assert (
        choose([(rows_of(prices, 2_000, (1, 5)), 2_600)], VOLATILITY, MEANS) == choice
    )


def test_a_price_that_follows_its_last_change_is_left_to_an_autoregression():
    returns = following(0.4)
    prices = 100 * np.exp(np.cumsum(returns))
    rows = rows_of(prices, 1_000, (1, 2))
    assert choose([(rows, 1_500)], VOLATILITY, MEANS).price[0] == "ar"
    fitted = Autoregression().fit(rows)
    forecast = fitted.predict(slice(999, 1_500)).mean
    drift = returns[1:1_000].mean()
    expected = drift + 0.4 * (returns[999:1_500] - drift)
    np.testing.assert_allclose(forecast[:, 0], expected, atol=2e-3)
    for column, model in enumerate(fitted.parameters):  # as a download computes it
        np.testing.assert_allclose(
            model.forecast(prices)[999:1_500], forecast[:, column]
        )


def following(share, rows=2_000):
    """Returns that repeat a share of the one before."""
    random, returns = np.random.default_rng(1), np.zeros(rows)
    for day in range(1, rows):
        returns[day] = share * returns[day - 1] + 0.01 * random.standard_normal()
    return returns


def test_har_finds_a_variance_of_days_weeks_and_months():
    random, returns = np.random.default_rng(2), np.ones(6_000)
    variances = np.ones(6_000)
    for row in range(22, 6_000):
        past = returns[row - 22 : row] ** 2
        variances[row] = 0.1 + 0.3 * past[-1] + 0.3 * past[-5:].mean()
        variances[row] += 0.3 * past.mean()
        returns[row] = np.sqrt(variances[row]) * random.standard_normal()
    prices = 100 * np.exp(0.01 * np.cumsum(returns))
    rows = rows_of(prices, 3_000, (1,))
    forecast = Har().fit(rows).predict(slice(2_999, 5_999))
    found = forecast.log_variance[:, 0] - 2 * np.log(0.01)
    assert np.corrcoef(found, np.log(variances[3_000:]))[0, 1] > 0.95
    assert np.mean(found - np.log(variances[3_000:])) == pytest.approx(0, abs=0.15)
