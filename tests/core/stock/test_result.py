"""The result: its rows, its figures, and what is written to files."""

import dataclasses
import json

import numpy as np
import pytest

from core.stock import Result, headline
from core.stock.data.stock_splits import StockSplit
from core.stock.judging.breakdown import coverage_by_year
from tests.core.stock.helpers import made_up_series, read_back
from tests.core.stock.results import HORIZONS, bare_result, made_up_result

KEYS = [
    *("recipe", "frequency", "rows", "train_rows", "test_rows", "epochs", "seconds"),
    *("rmse", "mae", "rmse_naive", "mae_naive", "rel_rmse", "rel_mae", "nll"),
    *("coverage_80", "coverage_95", "nll_ewma", "nll_garch", "nll_gjr"),
    *("crps", "crps_garch", "directional_accuracy", "majority_class", "dm_p"),
    *("horizons", "verdict_price", "verdict_risk"),
]
UNKNOWN = ["nll", "coverage_80", "coverage_95", "nll_ewma", "nll_garch", "nll_gjr"]
UNKNOWN += ["crps", "crps_garch"]


@pytest.fixture
def series():
    return made_up_series(201)


@pytest.fixture
def result(series):
    return made_up_result(series)


@pytest.fixture
def bare(series):
    return bare_result(series)


def test_the_summary_has_the_public_keys_and_the_right_figures(result, series):
    summary = result.summary()
    assert list(summary) == KEYS
    assert (summary["rows"], summary["train_rows"], summary["test_rows"]) == (
        201,
        100,
        101,
    )
    steps = np.diff(series.prices)[99:]
    assert summary["rmse_naive"] == pytest.approx(np.sqrt(np.mean(steps**2)))
    assert (summary["rel_rmse"], summary["rel_mae"], summary["dm_p"]) == (1, 1, 1)
    moves = np.diff(np.log(series.prices))
    inside = np.abs(moves[99:]) <= 0.0125
    assert summary["coverage_80"] == pytest.approx(inside.mean())
    ups = (moves[99:] > 0).mean()
    assert summary["directional_accuracy"] == pytest.approx(ups)
    assert summary["majority_class"] == pytest.approx(max(ups, 1 - ups))


def test_the_headline_names_the_error_and_is_empty_without_one():
    assert (
        headline({"rel_rmse": 1.234567}) == "error 1.23 × that of the last known price"
    )
    assert headline({}) == headline({"rel_rmse": None}) == ""


def test_the_likelihood_is_in_standard_units_of_the_training_half(result, series):
    """It is the density of (r - mean) / scale, not of the return r itself."""
    moves = np.diff(np.log(series.prices))
    scale = moves[:99].std()
    t = moves[99:] / (0.01 * np.sqrt(3 / 5))
    density = 0.3796066898 * (1 + t**2 / 5) ** -3 / (0.01 * np.sqrt(3 / 5))
    expected = -np.log(density * scale).mean()
    assert result.summary()["nll"] == pytest.approx(expected, abs=1e-5)


def test_each_horizon_is_judged_against_the_price_of_its_own_day(result, series):
    horizons = result.summary()["horizons"]
    assert [each["horizon"] for each in horizons] == list(HORIZONS)
    for each in horizons:
        days = each["horizon"]
        assert each["rows"] == 101 - days + 1
        moves = np.log(series.prices[99 + days :] / series.prices[99:-days])
        inside = np.abs(moves) <= 1.25 * 0.01 * np.sqrt(days)
        assert each["coverage_80"] == pytest.approx(inside.mean(), abs=1e-5)
        drift = series.prices[99:-days] * np.exp(0.001) - series.prices[99 + days :]
        naive = series.prices[99:-days] - series.prices[99 + days :]
        expected = np.sqrt(np.mean(drift**2) / np.mean(naive**2))
        assert each["rel_rmse_drift"] == pytest.approx(expected, rel=1e-5)
        assert each["rel_rmse"] == each["rel_rmse_linear"] == 1


def test_the_verdicts_name_the_comparison_and_its_p(result, bare):
    assert "no better and no worse" in result.verdict_price
    assert "p = 1" in result.verdict_price
    assert "better than by GARCH(1,1)" in result.verdict_risk
    assert "p < 0.0001" in result.verdict_risk
    assert "worse than repeating the last known price" in bare.verdict_price
    assert "does not forecast" in bare.verdict_risk


def test_a_wrong_risk_is_called_worse_than_garch(series):
    wrong = made_up_result(series, deviation=0.1)
    assert "worse than by GARCH(1,1)" in wrong.verdict_risk


def test_a_recipe_without_intervals_has_nulls_there(bare):
    summary = json.loads(json.dumps(bare.summary()))
    assert list(summary) == KEYS
    assert [key for key in KEYS if summary[key] is None] == UNKNOWN
    assert summary["rmse"] == pytest.approx(1.0)
    assert [each["horizon"] for each in summary["horizons"]] == [1]


def test_years_are_judged_one_by_one(result):
    years = coverage_by_year(result.by_horizon[1])
    assert sum(year.rows for year in years) == 101
    mean = sum(year.rows * year.coverage[80] for year in years) / 101
    assert mean == pytest.approx(result.metrics["coverage_80"])
    assert [year.year for year in years] == [2001]
    assert not years[0].full
    width = years[0].width[95]
    assert width == pytest.approx(2 * np.sinh(0.02), rel=1e-5)


def test_the_parts_of_the_test_half_are_judged_one_by_one(result, bare):
    parts = result.by_fold
    assert [(part.rows_before, part.rows) for part in parts] == [(100, 50), (150, 51)]
    assert [str(part.first) for part in parts] == [
        str(result.dates[0]),
        str(result.dates[50]),
    ]
    assert parts[1].last == result.dates[-1]
    for name in ("nll", "nll_garch", "coverage_80"):
        mean = sum(part.rows * getattr(part, name) for part in parts) / 101
        assert mean == pytest.approx(result.metrics[name])
    assert [part.rel_rmse for part in parts] == [1, 1]
    alone = bare.by_fold
    assert [(part.rows, part.nll, part.coverage_80) for part in alone] == [
        (101, None, None)
    ]
    assert alone[0].rel_rmse == pytest.approx(bare.metrics["rel_rmse"])


def test_each_line_of_the_csv_holds_the_price_of_its_own_date(result, series):
    columns = read_back(result.to_csv())
    assert list(columns) == [
        *("Date", "actual", "predicted", "naive"),
        *("low_80", "high_80", "low_95", "high_95"),
    ]
    assert columns["Date"] == [str(day) for day in series.dates[100:]]
    actual = np.array(columns["actual"], float)
    np.testing.assert_allclose(actual, series.prices[100:], rtol=1e-7)
    np.testing.assert_allclose(
        np.array(columns["naive"], float), series.prices[99:-1], rtol=1e-7
    )
    assert columns["predicted"] == columns["naive"]
    wide = np.log(np.array(columns["high_95"], float) / series.prices[99:-1])
    np.testing.assert_allclose(wide, 0.02, rtol=1e-5)


def test_the_csv_has_no_interval_columns_where_there_is_no_interval(bare):
    assert list(read_back(bare.to_csv())) == ["Date", "actual", "predicted", "naive"]


def test_a_result_travels_as_bytes_unchanged(result, bare):
    for sent in (result, bare):
        again = Result.decode(sent.encode())
        assert again.config == sent.config
        assert again.summary() == sent.summary()
        assert again.to_csv() == sent.to_csv()
        assert (again.seeds, again.model) == (sent.seeds, sent.model)
        assert (again.future is None) == (sent.future is None)
    assert result.future.to_csv() == Result.decode(result.encode()).future.to_csv()


def test_the_risk_is_not_judged_while_a_split_is_undecided(series):
    split = StockSplit(row=9, new=2, old=1, date="2001-01-10", before=50, after=25)
    waiting = dataclasses.replace(series, splits=(split,))
    result = made_up_result(waiting)
    assert "not judged" in result.verdict_risk
    assert "2:1 on 2001-01-10" in result.verdict_risk
    assert result.summary()["verdict_risk"] == result.verdict_risk
    assert Result.decode(result.encode()).verdict_risk == result.verdict_risk
    decided = dataclasses.replace(result, series=series)
    assert decided.verdict_risk == made_up_result(series).verdict_risk
