"""Readouts of features, and the share of their correction that is used."""

from dataclasses import replace

import numpy as np

from core.stock.data.features import Scaling
from core.stock.distribution import ForecastDistribution
from core.stock.models import Rows
from core.stock.models.readout import BLOCKS, fit_mean
from tests.core.stock.helpers import series_of

UNTIL = 1_500


def noise_and_rows(share, seed=0):
    """Features, a start without a mean, and rows that one feature tells a share of."""
    random = np.random.default_rng(seed)
    features = random.standard_normal((2_000, 20))
    returns = random.standard_normal(2_000)
    returns[1:] += share * features[:-1, 7]
    prices = 100 * np.exp(0.01 * np.cumsum(returns))
    rows = Rows(
        series=series_of(prices),
        until=UNTIL,
        horizons=(1, 5),
        scaling=Scaling.fit(prices, until=UNTIL),
    )
    variance = np.log(1e-4 * np.array(rows.horizons)) + np.zeros(rows.ahead.shape)
    start = ForecastDistribution.broadcast(np.zeros(variance.shape), variance, 30.0)
    return features, start, rows


def test_a_feature_that_tells_something_is_used_and_the_others_are_not():
    features, start, rows = noise_and_rows(0.3)
    found = fit_mean([features], rows, start)
    (readout,) = found.readouts
    weights = np.abs(readout.weights[:, 0])
    assert weights.argmax() == 7
    assert weights[7] > 4 * np.delete(weights, 7).max()
    assert found.shrinkage[0] > 0.8
    good = np.corrcoef(found.correction[UNTIL - 1 : -1, 0], features[UNTIL - 1 : -1, 7])
    assert good[0, 1] > 0.9


def test_noise_is_not_used():
    """Of twenty series at one horizon; one in forty passes by chance."""
    used = 0
    for seed in range(20):
        features, start, rows = noise_and_rows(0.0, seed)
        used += fit_mean([features], rows, start).shrinkage[0] > 0
    assert used <= 2


def test_each_block_is_forecast_without_its_own_rows_and_nothing_after_the_last():
    features, start, rows = noise_and_rows(0.3)
    found = fit_mean([features], rows, start)
    border = UNTIL // BLOCKS
    prices = rows.series.prices.copy()
    prices[UNTIL:] *= 2
    prices[1 : border - 10] *= np.exp(
        0.05 * np.random.default_rng(1).standard_normal(border - 11)
    )
    other = Rows(
        series=series_of(prices),
        until=UNTIL,
        horizons=rows.horizons,
        scaling=rows.scaling,
    )
    again = fit_mean([features], other, start)
    np.testing.assert_array_equal(again.crossed[:border], found.crossed[:border])
    assert not np.array_equal(again.crossed[border:], found.crossed[border:])


def test_two_networks_are_averaged():
    features, start, rows = noise_and_rows(0.3)
    one, both = (fit_mean(each, rows, start) for each in ([features], [features] * 2))
    np.testing.assert_allclose(both.correction, one.correction)
    assert len(both.readouts) == 2


def test_shrinkage_does_not_depend_on_later_returns():
    features, start, rows = noise_and_rows(0.3)
    found = fit_mean([features], rows, start)
    prices = rows.series.prices.copy()
    prices[UNTIL:] *= 1.1
    later = replace(rows, series=series_of(prices))
    changed = fit_mean([features], later, start)
    assert 0 < found.shrinkage[0] < 1
    np.testing.assert_array_equal(changed.shrinkage, found.shrinkage)
