"""Splits of a file: shown, and adjusted or kept as the person says."""

import numpy as np
import pytest
from arch.data import vix

from core.stock.csv import Answers, import_prices
from core.task import DataError
from tests.core.stock.csv.files import days, prices, table

ROW = 200


def halved(rows=400, factor=0.5):
    values = prices(rows)
    return table(
        days(rows), [v * (factor if r >= ROW else 1) for r, v in enumerate(values)]
    )


def test_a_split_is_shown_until_it_is_decided():
    imported = import_prices(halved(), "split")
    (split,) = imported.report.splits
    assert (split.row, split.ratio) == (ROW, "2:1")
    assert split.date == str(days(400)[ROW])
    assert imported.series.splits == (split,)
    assert str(split) in imported.report.undecided
    assert imported.report.warnings == ()
    assert imported.series.notes == (imported.report.undecided,)
    assert imported.summary()["splits"] == [{"date": split.date, "ratio": "2:1"}]


def test_adjusting_divides_the_prices_before_it_and_says_so():
    series = import_prices(halved(), "split", Answers(splits="adjust")).series
    kept = import_prices(halved(), "split").series
    np.testing.assert_allclose(series.prices[:ROW], kept.prices[:ROW] / 2)
    np.testing.assert_array_equal(series.prices[ROW:], kept.prices[ROW:])
    assert series.splits == ()
    day = days(400)[ROW]
    assert series.notes == (
        f"2:1 split on {day} adjusted: prices before it divided by 2.",
    )


def test_keeping_changes_no_price_and_says_so():
    imported = import_prices(halved(), "split", Answers(splits="keep"))
    undecided = import_prices(halved(), "split")
    np.testing.assert_array_equal(imported.series.prices, undecided.series.prices)
    assert imported.series.splits == ()
    (note,) = imported.report.repairs
    assert "kept" in note
    assert not imported.report.undecided
    assert len(imported.summary()["splits"]) == 1


def test_a_jump_that_is_no_split_is_warned_of_as_before():
    imported = import_prices(halved(factor=0.43), "jump", Answers(splits="adjust"))
    (warning,) = imported.report.warnings
    assert "moved by more than half" in warning
    assert imported.report.splits == imported.series.splits == ()


def test_peaks_of_sales_are_not_warned_of():
    every = days(400, every_day=True)
    week = (0.8, 0.7, 0.8, 0.9, 1.2, 1.9, 0.5)  # Monday first
    sales = [p * week[d.weekday()] for d, p in zip(every, prices(400), strict=True)]
    imported = import_prices(table(every, sales, header="Date,Sales"), "sales")
    assert imported.report.warnings == ()
    assert imported.report.splits == ()


@pytest.mark.parametrize("factor", [2.5, 0.4])
def test_a_rare_peak_or_trough_is_warned_of_but_not_as_a_split(factor):
    values = np.array(prices(400))
    values[ROW : ROW + 12] *= factor ** np.linspace(1, 0, 12)  # back in 12 days
    imported = import_prices(table(days(400), values), "peak")
    (warning,) = imported.report.warnings
    assert "and came back: " in warning
    assert f" on {days(400)[ROW]}" in warning
    assert "split" not in warning
    assert imported.report.splits == ()


def test_the_peak_of_a_volatility_index_is_no_split():
    index = vix.load()["vix"].dropna()
    content = table(index.index, index, header="Date,VIX")
    imported = import_prices(content, "VIX")
    assert not any("split" in note for note in imported.report.notes)
    assert "+116% on 2018-02-05" in imported.report.warnings[-1]


def test_another_answer_is_refused():
    with pytest.raises(DataError, match="splits: expected one of adjust, keep"):
        import_prices(halved(), "split", Answers(splits="undo"))
