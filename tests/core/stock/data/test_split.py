"""Training, validation and test rows: where they begin, and what is too short."""

from dataclasses import replace

import numpy as np
import pytest

from core.stock import TASK, Config
from core.stock.data.series import PriceSeries
from core.stock.data.split import (
    Fold,
    Split,
    folds,
    required_rows,
    split,
    training_windows,
)
from core.stock.recipes.prepare import prepare
from core.task import DataError
from tests.core.stock.helpers import made_up_series

SMALL = Config(units=4, window=32, batch=4, epochs=3, dropout=0.2, folds=2, seeds=2)
CLASSIC = Config.preset("classic", units=4, window=20, batch=32, epochs=2)
both_recipes = pytest.mark.parametrize("recipe", ["honest", "classic"])


def test_half_of_the_rows_are_for_the_test_and_a_fifth_before_it_for_validation():
    parts = split(SMALL, made_up_series(301))
    assert parts == Split(rows=301, validation=120, test=150)
    first, second = folds(SMALL, parts)
    assert first == Fold(validation=120, test=150, end=225)
    assert second == Fold(validation=180, test=225, end=301)
    assert split(CLASSIC, made_up_series(301)).validation == 150
    assert [each.validation for each in folds(CLASSIC, parts)] == [150]


def test_two_windows_and_their_targets_need_so_many_rows():
    assert required_rows(SMALL) == 2 * 44  # of 44 the first four fifths are 35 rows
    assert required_rows(CLASSIC) == 2 * 23
    longer = replace(SMALL, window=37)
    assert required_rows(longer) == split(longer, made_up_series(100)).rows == 100


def test_the_last_target_of_a_window_lies_in_the_training_part():
    series = made_up_series(301)
    for config, last in ((SMALL, 120 - 32 - 1), (CLASSIC, 150 - 20 - 1 - 1)):
        (fold, *_) = folds(config, split(config, series))
        starts = training_windows(config, series, fold)
        np.testing.assert_array_equal(starts, np.arange(last + 1))


def test_rows_to_learn_from_that_are_constant_are_refused_with_their_price():
    series = made_up_series(300)
    prices = np.append(np.full(120, 7.5), series.prices[120:])
    constant = replace(series, prices=prices)
    says = r"move in the rows to learn from, got 7\.5 in each of the first 120\."
    with pytest.raises(DataError, match=says):
        split(SMALL, constant)
    prices[119] = 7.6
    assert split(SMALL, replace(series, prices=prices)).test == 150


@both_recipes
def test_the_longest_window_that_is_offered_fits_and_a_longer_one_does_not(recipe):
    config, series = Config.preset(recipe, window=100), made_up_series(150)
    with pytest.raises(DataError, match="at most") as error:
        split(config, series)
    longest = int(str(error.value).split("at most ")[1].split(",")[0])
    assert required_rows(replace(config, window=longest)) <= 150
    assert required_rows(replace(config, window=longest + 1)) > 150


@both_recipes
def test_too_short_a_series_is_refused_before_training_with_both_numbers(recipe):
    config = Config.preset(recipe)
    rows = required_rows(config)
    with pytest.raises(DataError, match=f"at least {rows} rows, found {rows - 1}"):
        TASK.train(config, made_up_series(rows - 1))


def test_each_seed_validates_on_rows_that_none_of_its_targets_touches():
    config = replace(SMALL, seeds=4)
    series = made_up_series(600)
    fold = folds(config, split(config, series))[0]
    data = prepare(series, fold, config)
    assert [block.end for block in data.blocks] == [300, 240, 180]
    assert data.block(3) is data.blocks[0]
    for block in data.blocks:
        rows, columns = np.nonzero(block.weights)
        last = rows + np.array(data.horizons)[columns]
        assert last.max() < fold.test
        assert not ((rows + 1 < block.end) & (last >= block.first)).any()
        assert block.first < block.accept < block.end
        assert block.starts.max() + config.window <= fold.test


def test_no_window_to_learn_from_crosses_a_long_gap():
    series = made_up_series()
    series = PriceSeries(
        name="Gap",
        dates=series.dates,
        prices=series.prices,
        breaks=np.array([60]),
    )
    config = SMALL
    fold = folds(config, split(config, series))[0]
    blocks, horizons = prepare(series, fold, config).blocks, np.array([1, 5, 10, 20])
    assert len(blocks) == config.seeds
    for block in blocks:
        starts, weights = block.starts, block.weights
        assert not any(start < 60 < start + config.window for start in starts)
        assert {0, 28, 60} <= set(starts)
        np.testing.assert_array_equal(weights[59], 0)
        np.testing.assert_array_equal(weights[55], horizons < 5)
        np.testing.assert_array_equal(weights[60], 1)


def test_a_series_with_a_gap_in_every_window_is_refused():
    series = made_up_series(200)
    series = PriceSeries(
        name="Gaps",
        dates=series.dates,
        prices=series.prices,
        breaks=np.arange(10, 200, 10),
    )
    says = r"long gap in .* Use a shorter window or a series with fewer gaps\.$"
    with pytest.raises(DataError, match=says):
        TASK.train(SMALL, series)


def test_a_window_and_its_target_are_on_one_side_of_a_gap():
    series = replace(made_up_series(300), breaks=np.array([60]))
    (fold,) = folds(CLASSIC, split(CLASSIC, series))
    starts = set(training_windows(CLASSIC, series, fold))
    assert not starts & {*range(60 - 20, 60)}  # 40: its target is the row after the gap
    assert {39, 60} <= starts
