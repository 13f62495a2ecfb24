"""Splits of a file: shown, and adjusted or kept as the person says."""

import numpy as np
import pytest

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


def test_another_answer_is_refused():
    with pytest.raises(DataError, match="splits: expected one of adjust, keep"):
        import_prices(halved(), "split", Answers(splits="undo"))
