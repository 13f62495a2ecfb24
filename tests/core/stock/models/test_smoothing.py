"""Exponential smoothing, ARIMA, and the season of earlier years."""

import warnings

import numpy as np
import pytest

from core.stock import Config, PriceSeries
from core.stock.backtest import backtest
from core.stock.data.frequency import FREQUENCIES
from core.stock.data.split import folds, split
from core.stock.models import Fitted, Model, rivals
from core.stock.models.base import fit_base
from core.stock.models.seasonal import seasonal_mean
from core.stock.models.smoothing import fit_arima, fit_ets
from core.stock.recipes.prepare import prepare
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


def monthly(logs, rows=None):
    """A monthly series of log prices, without some of its rows."""
    dates = month_starts(len(logs))
    left = np.delete(np.arange(len(logs)), rows or [])
    return PriceSeries(name="Monthly", dates=dates[left], prices=np.exp(logs[left]))


def test_the_season_is_the_mean_of_the_same_months_of_earlier_years_by_hand():
    logs = np.random.default_rng(0).normal(0, 0.1, 120)
    got = seasonal_mean(monthly(logs), (1, 3))
    np.testing.assert_array_equal(got[:12], 0.0)
    # From the close of month 30: months 18 and 6, one and three months later.
    np.testing.assert_allclose(
        got[30],
        [
            np.mean([logs[19] - logs[18], logs[7] - logs[6]]),
            np.mean([logs[21] - logs[18], logs[9] - logs[6]]),
        ],
    )
    # At most five years.
    ago = 100 - 12 * np.arange(1, 6)
    assert got[100, 0] == pytest.approx(np.mean(logs[ago + 1] - logs[ago]))


def test_a_missing_month_moves_no_season():
    months = np.arange(240)
    logs = 0.1 * np.sin(2 * np.pi * months / 12)
    whole, gap = monthly(logs), monthly(logs, rows=[130])
    got = seasonal_mean(gap, (1,))[:, 0]
    expected = np.delete(seasonal_mean(whole, (1,))[:, 0], 130)
    far = np.r_[60:129, 131:239]  # beside the gap a change spans two months
    np.testing.assert_allclose(got[far], expected[far], atol=1e-9)


def test_weeks_and_days_have_a_season_too():
    weeks = np.datetime64("2001-01-05") + 7 * np.arange(520)
    random = np.random.default_rng(0)
    year = 2 * np.pi * (weeks - weeks[0]).astype(float) / 365.2425
    logs = 0.2 * np.sin(year) + 0.002 * random.standard_normal(520)
    series = PriceSeries(name="Weekly", dates=weeks, prices=np.exp(logs))
    assert "seasonal" in {model.name for model in rivals(series.frequency)}
    got = seasonal_mean(series, (13,))[300:-13, 0]
    moved = (logs[13:] - logs[:-13])[300:]
    assert np.mean((moved - got) ** 2) < 0.05 * np.mean(moved**2)


@pytest.mark.parametrize("season", [1, 12])
def test_prices_that_stand_still_are_a_random_walk_to_all(season):
    logs = np.append(np.zeros(60), np.ones(20))
    for fit in (fit_ets, fit_arima):
        mean, variance = fit(logs, 60, (1, 5), season)
        assert np.isfinite(mean).all()
        assert (variance > 0).all()
        np.testing.assert_allclose(mean[:60], 0.0, atol=1e-6)


def test_arima_is_for_series_of_few_rows_a_season_and_the_season_for_whole_days():
    names = {
        kind: {model.name for model in rivals(FREQUENCIES[kind])}
        for kind in ("hourly", "daily", "weekly", "monthly", "yearly")
    }
    always = names["hourly"]
    assert {"naive", "drift", "linear", "ar", "ets", "gjr", "har", "boosting"} <= always
    assert names["yearly"] == always
    assert names["daily"] == names["weekly"] == always | {"seasonal"}
    assert names["monthly"] == always | {"seasonal", "arima"}


class Untrained(Model):
    """A network that corrects nothing."""

    name = "lstm"

    def __init__(self, choice):
        self.choice = choice

    def fit(self, rows):
        start = fit_base(rows, self.choice)
        return Fitted(distribution=start.distribution, first=rows.until - 1)


def test_a_monthly_season_is_found_and_the_verdict_names_who_found_it():
    series = seasonal_series()
    config = Config(folds=1, horizon=12, window=24)
    parts = split(config, series)
    prepared = prepare(series, folds(config, parts)[0], config)
    others = rivals(series.frequency)
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
    )
    again = Result.decode(result.encode())
    assert again.table.forecasts.keys() == result.table.forecasts.keys()
    next_month = again.by_horizon[1]
    for name in ("seasonal", "ets", "arima"):
        assert next_month.models[name].rel_rmse < 0.95
    assert next_month.models["ets"].nll < next_month.models["garch"].nll
    assert next_month.best_price_rival == "arima"
    assert "One month ahead ARIMA predicts this series: error -52%" in (
        again.price.text
    )
    assert again.price.predicted_by == "arima"
    assert again.risk.kind == "worse"
