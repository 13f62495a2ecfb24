"""Exponential smoothing, ARIMA, and the seasonal naive forecast."""

import warnings

import numpy as np
import pytest

from core.stock import Config, PriceSeries
from core.stock.backtest import backtest
from core.stock.data.split import folds, split
from core.stock.models import Fitted, Model, choose, rivals
from core.stock.models.smoothing import fit_arima, fit_ets, seasonal_naive
from core.stock.recipes.prepare import prepare, start_of
from core.stock.result import Result
from core.training import finish, no_pause
from tests.core.stock.calendars import month_starts


def smoothed_level(rows, weight, seed=0):
    """An ETS(A,N,N): a level that keeps a part of each shock."""
    random, level, values = np.random.default_rng(seed), 4.0, []
    for shock in 0.02 * random.standard_normal(rows):
        values.append(level + shock)
        level += weight * shock
    return np.array(values)


def seasonal_series(rows=360, seed=2):
    """Monthly prices with a season of eight percent, on a random walk."""
    random = np.random.default_rng(seed)
    walk = np.cumsum(0.015 * random.standard_normal(rows))
    season = 0.08 * np.sin(2 * np.pi * np.arange(rows) / 12)
    return PriceSeries(
        name="Seasonal",
        dates=month_starts(rows),
        prices=100 * np.exp(walk + season),
    )


def test_simple_exponential_smoothing_by_hand():
    logs = smoothed_level(1_200, 0.4)
    mean, variance = fit_ets(logs, 1_000, (1, 5))
    # The forecast fixes the weight and the first level; the recursion does the rest.
    levels = logs + mean[:, 0]
    errors = logs[1:] - levels[:-1]
    weights = (levels[1:] - levels[:-1]) / errors
    weight = weights[0]
    np.testing.assert_allclose(weights, weight, rtol=1e-6)
    assert weight == pytest.approx(0.4, abs=0.06)
    np.testing.assert_array_equal(mean[:, 1], mean[:, 0])
    assert variance[0] == pytest.approx(0.02**2, rel=0.1)
    assert variance[1] / variance[0] == pytest.approx(1 + 4 * weight**2)


def test_seasons_and_trends_are_forecast_as_by_statsmodels():
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    months = np.arange(240)
    random = np.random.default_rng(1)
    slope = np.cumsum(0.004 * random.standard_normal(240))
    logs = 4 + np.cumsum(slope) + 0.2 * np.sin(2 * np.pi * months / 12)
    logs += 0.002 * random.standard_normal(240)
    horizons = (1, 3, 12, 13, 25)
    mean, _ = fit_ets(logs, 200, horizons, 12)
    scale = np.diff(logs[:200]).std()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = ETSModel(
            (logs[:200] - logs[0]) / scale,
            error="add",
            trend="add",
            damped_trend=True,
            seasonal="add",
            seasonal_periods=12,
        ).fit(disp=False, factr=1e10)
    ahead = scale * theirs.forecast(25)[np.array(horizons) - 1] + logs[0] - logs[199]
    np.testing.assert_allclose(mean[199], ahead, atol=1e-12)


def test_a_first_order_process_is_forecast_as_its_arima_does():
    random, returns = np.random.default_rng(3), np.zeros(1_500)
    for row, shock in enumerate(0.01 * random.standard_normal(1_499), start=1):
        returns[row] = 0.001 + 0.5 * (returns[row - 1] - 0.001) + shock
    logs = 4 + np.cumsum(returns)
    mean, variance = fit_arima(logs, 1_200, (1, 2))
    drift = returns[1:1_200].mean()
    expected = drift + 0.5 * (returns - drift)
    np.testing.assert_allclose(mean[20:, 0], expected[20:], atol=3e-3)
    assert np.corrcoef(mean[20:, 0], expected[20:])[0, 1] > 0.98
    # A shock of 1 is 1.5 in the log price one row later.
    assert variance[1] / variance[0] == pytest.approx(1 + 1.5**2, rel=0.1)


def test_the_seasonal_naive_forecast_by_hand():
    logs = np.array([0.0, 1.0, 3.0, 3.0, 5.0, 9.0])  # a season of three rows
    got = seasonal_naive(logs, (1, 2, 3, 4), 3)
    np.testing.assert_array_equal(got[:3], 0.0)
    # From row 3 on: what came after row 0 was 1, then 3, and 3 over the whole season.
    np.testing.assert_array_equal(got[3], [1.0, 3.0, 3.0, 4.0])
    np.testing.assert_array_equal(got[5], [0.0, 2.0, 6.0, 6.0])


@pytest.mark.parametrize("season", [1, 12])
def test_prices_that_stand_still_are_a_random_walk_to_all(season):
    logs = np.append(np.zeros(60), np.ones(20))
    for fit in (fit_ets, fit_arima):
        mean, variance = fit(logs, 60, (1, 5), season)
        assert np.isfinite(mean).all()
        assert (variance > 0).all()
        np.testing.assert_allclose(mean[:60], 0.0, atol=1e-6)


def test_arima_and_the_seasonal_naive_forecast_are_for_seasonal_series():
    names = [{model.name for model in rivals(season)} for season in (1, 12)]
    assert {"naive", "drift", "linear", "ets", "gjr"} <= names[0]
    assert names[1] == names[0] | {"arima", "seasonal"}


class Untrained(Model):
    """A network that corrects nothing."""

    name = "lstm"

    def __init__(self, choice):
        self.choice = choice

    def fit(self, rows):
        start = start_of(rows, self.choice)
        return Fitted(distribution=start.distribution, first=rows.until - 1)


def test_a_monthly_season_is_found_and_the_verdict_names_who_found_it():
    series = seasonal_series()
    config = Config(folds=1, horizon=12, window=24)
    parts = split(config, series)
    prepared = prepare(series, folds(config, parts)[0], config)
    others = rivals(series.frequency.season)
    best = choose(prepared.steps_of_choice, others)
    assert set(best.price[:3]) <= {"seasonal", "ets", "arima"}
    assert set(best.volatility[:3]) <= {"ets", "arima"}
    assert set(prepared.choice.volatility) <= {"constant", "ewma", "garch", "gjr"}
    untrained = Untrained(prepared.choice)
    parts_of_test = folds(config, parts)
    table = finish(
        backtest([untrained, *others], parts_of_test, [prepared.before], no_pause)
    )
    result = Result(
        config=config,
        series=series,
        split=parts,
        epochs=0,
        seconds=0.0,
        table=table.rounded(),
        factors={80: np.full((181, 4), 1.3), 95: np.full((181, 4), 2.0)},
        choice=best,
    )
    again = Result.decode(result.encode())
    assert again.table.forecasts.keys() == result.table.forecasts.keys()
    next_month = again.by_horizon[1]
    for name in ("seasonal", "ets", "arima"):
        assert next_month.metrics[f"rel_rmse_{name}"] < 0.95
    assert next_month.metrics["nll_ets"] < next_month.metrics["nll_garch"]
    assert "about as well as by ETS" in again.verdict_price
    assert "ETS at 1, 3 and 6 months, with 0.4886, 0.3466 and" in again.verdict_price
    assert "worse than by ETS at 1, 3" in again.verdict_risk
