"""Splits: found where they are, and nowhere else."""

import numpy as np
import pytest

from core.stock.data.series import PriceSeries
from core.stock.data.stock_splits import StockSplit, adjust, find_splits
from core.stock.sources.samples import SAMPLES, load_sample
from tests.core.stock.helpers import made_up_series

ROWS = 2500


def days(rows, step=1):
    return np.datetime64("2000-01-03") + step * np.arange(rows)


def student_t(random, freedom, volatility, rows=ROWS):
    scale = volatility * np.sqrt((freedom - 2) / freedom)
    return scale * random.standard_t(freedom, rows)


def garch(random, freedom=6.0, volatility=0.01, rows=ROWS):
    """Log returns with clusters of volatility and heavy tails."""
    returns, variance = student_t(random, freedom, 1.0, rows), 1.0
    for row in range(rows):
        returns[row] *= np.sqrt(variance)
        variance = 0.02 + 0.08 * returns[row] ** 2 + 0.9 * variance
    return volatility * returns


def prices_of(returns):
    return 100 * np.exp(np.cumsum(returns))


def with_split(prices, row, new, old):
    split = prices.copy()
    split[row:] *= old / new
    return split


def found(prices, dates=None):
    dates = days(len(prices)) if dates is None else dates
    return [(split.row, split.ratio) for split in find_splits(dates, prices)]


@pytest.fixture
def calm():
    return prices_of(garch(np.random.default_rng(5)))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("new", "old"), [(2, 1), (3, 2), (4, 3), (7, 1), (1, 2), (1, 10)]
)
def test_a_split_in_the_training_part_is_found_with_its_row_and_ratio(seed, new, old):
    random = np.random.default_rng(seed)
    prices, row = prices_of(garch(random)), int(random.integers(300, 1200))
    assert found(with_split(prices, row, new, old)) == [(row, f"{new}:{old}")]


@pytest.mark.parametrize("seed", range(6))
def test_five_for_four_is_found_where_the_volatility_is_low(seed):
    prices = prices_of(garch(np.random.default_rng(seed), volatility=0.007))
    assert found(with_split(prices, 700, 5, 4)) == [(700, "5:4")]


HEAVY_TAILED = {
    "t3": lambda random: student_t(random, 3, 0.01),
    "t4": lambda random: student_t(random, 4, 0.01),
    "GARCH": garch,
    "crypto t4": lambda random: student_t(random, 4, 0.04),
    "crypto GARCH": lambda random: garch(random, 4.5, 0.04),
}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", HEAVY_TAILED)
def test_heavy_tails_alone_are_no_split(kind, seed):
    assert found(prices_of(HEAVY_TAILED[kind](np.random.default_rng(seed)))) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_the_bundled_series_have_none(name):
    series = load_sample(name)
    assert find_splits(series.dates, series.prices) == ()
    assert series.splits == ()


@pytest.mark.parametrize("change", [-0.03, 0.03])
def test_the_return_of_the_day_itself_does_not_hide_a_split(calm, change):
    calm[1500:] *= 1 + change
    assert found(with_split(calm, 1500, 2, 1)) == [(1500, "2:1")]


def test_a_crash_that_halves_the_price_and_goes_on_is_no_split(calm):
    returns = np.diff(np.log(calm))
    returns[1000] -= np.log(2)
    assert found(prices_of(returns)) == [(1000, "2:1")]
    returns[1001:1061] *= 6
    assert found(prices_of(returns)) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_wrong_prices_are_no_splits(calm, rows):
    calm[1000 : 1000 + rows] /= 2
    assert found(calm) == []


def test_a_peak_that_falls_back_over_days_is_no_split(calm):
    calm[1000:] *= 2
    assert found(calm) == [(1000, "1:2")]
    calm[1000:] *= 0.5 ** np.clip((np.arange(len(calm) - 1000) - 5) / 8, 0, 1)
    assert found(calm) == []


def test_several_splits_are_found_and_adjusting_restores_the_prices(calm):
    true = {200: (2, 1), 900: (7, 1), 940: (1, 10), 2300: (3, 2)}
    prices = calm
    for row, (new, old) in true.items():
        prices = with_split(prices, row, new, old)
    splits = find_splits(days(ROWS), prices)
    assert {split.row: (split.new, split.old) for split in splits} == true
    adjusted = adjust(prices, splits)
    np.testing.assert_allclose(adjusted / adjusted[-1], calm / calm[-1])
    assert adjusted[-1] == prices[-1]


def test_a_split_over_a_long_gap_is_found(calm):
    dates = days(ROWS)
    dates[1000:] += 40
    assert found(with_split(calm, 1000, 2, 1), dates) == [(1000, "2:1")]


def test_a_long_gap_may_move_the_price_far(calm):
    dates = days(ROWS)
    dates[1000:] += 900
    assert found(with_split(calm, 1000, 3, 2), dates) == []


def test_a_split_between_two_weeks_is_found():
    prices = prices_of(garch(np.random.default_rng(2), volatility=0.02, rows=800))
    split = with_split(prices, 300, 2, 1)
    assert found(split, days(800, step=7)) == [(300, "2:1")]


def test_within_the_day_only_the_first_price_can_show_a_split():
    morning = days(300)[:, None] + np.array(9, "timedelta64[h]")
    hours = (morning + np.arange(7).astype("timedelta64[h]")).ravel()
    prices = prices_of(student_t(np.random.default_rng(3), 6, 0.004, len(hours)))
    assert found(with_split(prices, 7 * 100, 2, 1), hours) == [(700, "2:1")]
    assert found(with_split(prices, 7 * 100 + 3, 2, 1), hours) == []


@pytest.mark.parametrize(
    "prices",
    [
        10.0 + np.arange(150),
        np.repeat([5.0, 2.5], 100),
        np.append(np.full(199, 5.0), 10.0),
        np.where(np.arange(300) % 2, 1.0, 2.0),
    ],
    ids=["line", "two levels", "last row", "to and fro"],
)
def test_prices_without_volatility_show_none(prices):
    assert found(prices) == []


def test_a_split_is_described_in_words():
    two = StockSplit(row=9, new=2, old=1, date="2012-03-05", before=101.2, after=51.0)
    assert str(two) == "2:1 on 2012-03-05: 101.2 -> 51"
    assert two.adjustment == "divided by 2"
    three = StockSplit(row=9, new=3, old=2, date="2012-03-05", before=3, after=2)
    assert three.adjustment == "divided by 3/2"
    ten = StockSplit(row=9, new=1, old=10, date="2012-03-05", before=1, after=10)
    assert ten.adjustment == "multiplied by 10"


def test_undecided_splits_travel_with_a_series():
    plain = made_up_series(120)
    split = StockSplit(row=9, new=2, old=1, date="2001-01-10", before=50, after=25)
    series = PriceSeries(
        name="Split", dates=plain.dates, prices=plain.prices, splits=(split,)
    )
    assert PriceSeries.decode(series.encode()).splits == (split,)
