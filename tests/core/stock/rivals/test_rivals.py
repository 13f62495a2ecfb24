"""The models that the network is compared with."""

import numpy as np
import pytest

from core.stock.data.features import (
    Scaling,
    features,
    moving_variance,
    returns_ahead,
    shrunk_mean,
)
from core.stock.data.split import Fold
from core.stock.rivals.fitted import VOLATILITY_MODELS, fit_rivals
from core.stock.rivals.garch import Garch
from core.stock.rivals.linear import linear_forecast
from core.training import TrainingLoop
from tests.core.stock.helpers import made_up_series


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
    model = Garch.fit(returns[:800], asymmetric)
    names = [model.mean, model.omega, model.alpha]
    names += [model.gamma] * asymmetric + [model.beta, model.freedom]
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
    model = Garch(mean=0, omega=0.1, alpha=0.1, gamma=0.1, beta=0.7, freedom=5)
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


def test_a_mean_that_is_as_large_as_its_error_is_halved():
    assert shrunk_mean(0.01, 0.1, 100) == pytest.approx(0.005)
    assert shrunk_mean(0.0, 0.1, 100) == 0.0


def test_the_linear_model_finds_a_linear_rule_and_ignores_the_future():
    random = np.random.default_rng(1)
    returns = np.zeros(2_000)
    for day in range(1, 2_000):
        returns[day] = -0.6 * returns[day - 1] + 0.01 * random.standard_normal()
    prices = 100 * np.exp(np.cumsum(returns))
    forecast = linear_forecast(prices, 1, 1_000)
    good = np.corrcoef(forecast[1_000:-1], returns[1_001:])[0, 1]
    assert good > 0.4
    other = prices.copy()
    other[1_500:] *= 2
    again = linear_forecast(other, 1, 1_000)
    np.testing.assert_array_equal(again[:1_500], forecast[:1_500])


def last(generator):
    try:
        while True:
            next(generator)
    except StopIteration as end:
        return end.value


def test_no_rival_sees_the_future():
    series, fold, horizons = (
        made_up_series(600),
        Fold(validation=200, test=300, end=600),
        (1, 5),
    )
    prices = series.prices.copy()
    prices[451:] *= 2
    pause = TrainingLoop(1).pause
    known = [
        features(p, Scaling.fit(p, until=fold.test)) for p in (series.prices, prices)
    ]
    seen = last(fit_rivals(series.prices, known[0], fold, horizons, 600, pause))
    other = last(fit_rivals(prices, known[1], fold, horizons, 600, pause))
    days = slice(0, 450 - 299 + 1)  # made at the close of day 450 or before
    for name in VOLATILITY_MODELS:
        for field in ("mean", "log_variance", "freedom"):
            np.testing.assert_array_equal(
                getattr(seen.volatility[name][days], field),
                getattr(other.volatility[name][days], field),
            )
    np.testing.assert_array_equal(seen.linear[days], other.linear[days])
    np.testing.assert_array_equal(seen.drift, other.drift)
    assert len(seen.volatility["gjr"]) == len(seen.drift) == 600 - 299
