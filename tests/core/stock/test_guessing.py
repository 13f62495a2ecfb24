"""The game's score against the forecasts and the prices of the Judgement."""

from dataclasses import replace

import numpy as np
import pytest

from core.stock.guessing import Score, judge, rows_to_guess
from tests.core.stock.helpers import made_up_series
from tests.core.stock.results import bare_result, made_up_result


@pytest.fixture(scope="module")
def result():
    return made_up_result(made_up_series())


def test_each_row_is_judged_as_the_longest_horizon_is(result):
    forecast = list(result.by_horizon.values())[-1]
    low, high = forecast.interval(80)
    rows = rows_to_guess(result)
    assert len(rows) > 50
    for row in rows[:: len(rows) // 20]:
        rose = forecast.actual[row] > forecast.before[row]
        inside = low[row] <= forecast.actual[row] <= high[row]
        predicted = np.sign(forecast.predicted[row] - forecast.before[row])
        right = predicted == (1 if rose else -1)
        for guess in (1, -1):
            expected = (1, rose == (guess > 0), right, rose, inside)
            assert judge(result, row, guess, Score()) == tuple(map(int, expected))
    twice = judge(result, rows[0], 1, judge(result, rows[0], -1, Score()))
    assert twice[:2] == (2, 1)


def test_rows_without_a_move_are_not_asked_about(result):
    series = result.series
    prices = series.prices.copy()
    prices[-60:] = prices[-60]
    rows = rows_to_guess(replace(result, series=replace(series, prices=prices)))
    days, test = result.horizons[-1], result.split.test
    assert rows.max() == len(prices) - test - 60
    assert rows.max() < len(result.dates) - days
    assert len(rows_to_guess(bare_result(series))) == 0
