"""The result: its rows, its figures, and what is written to files."""

import json

import numpy as np
import pytest

from core.stock import Config, Result
from core.stock.figures import forecast, residuals
from core.stock.split import Split
from tests.core.stock.helpers import made_up_series, read_back

KEYS = [
    "recipe",
    "rows",
    "train_rows",
    "test_rows",
    "epochs",
    "seconds",
    "rmse",
    "mae",
    "rmse_naive",
    "mae_naive",
    "rel_rmse",
    "rel_mae",
    "nll",
    "coverage_80",
    "coverage_95",
]


@pytest.fixture
def series():
    return made_up_series(201)


@pytest.fixture
def result(series):
    """Forecasts that are always 1% above the actual price."""
    actual = series.prices[100:]
    return Result(
        config=Config(seed=7),
        series=series,
        split=Split(rows=201, validation=80, test=100),
        epochs=5,
        seconds=1.5,
        predicted=1.01 * actual,
        low_80=0.99 * actual,
        high_80=1.02 * actual,
        low_95=1.005 * actual,
        high_95=1.1 * actual,
        nll=1.25,
    )


@pytest.fixture
def bare(series):
    """The result of a recipe without intervals."""
    return Result(
        config=Config.preset("seed"),
        series=series,
        split=Split(rows=201, validation=100, test=100),
        epochs=5,
        seconds=1.5,
        predicted=series.prices[100:] + 1.0,
    )


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
    assert summary["mae"] == pytest.approx(0.01 * series.prices[100:].mean())
    assert summary["rel_mae"] == pytest.approx(summary["mae"] / summary["mae_naive"])
    assert (summary["coverage_80"], summary["coverage_95"]) == (1.0, 0.0)
    assert summary["nll"] == 1.25


def test_a_recipe_without_intervals_has_nulls_there(bare):
    summary = json.loads(json.dumps(bare.summary()))
    assert list(summary) == KEYS
    assert [key for key in KEYS if summary[key] is None] == [
        "nll",
        "coverage_80",
        "coverage_95",
    ]
    assert summary["rmse"] == pytest.approx(1.0)


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
    np.testing.assert_allclose(
        np.array(columns["predicted"], float), 1.01 * actual, rtol=1e-6
    )


def test_the_csv_has_no_interval_columns_where_there_is_no_interval(bare):
    assert list(read_back(bare.to_csv())) == ["Date", "actual", "predicted", "naive"]


def test_a_result_travels_as_bytes_unchanged(result, bare):
    for sent in (result, bare):
        again = Result.decode(sent.encode())
        assert again.config == sent.config
        assert again.summary() == sent.summary()
        assert again.to_csv() == sent.to_csv()


def trace(figure, name):
    return next(item for item in figure.data if item.name == name)


def test_the_forecast_figure_shows_the_test_rows_whole_and_the_parts_tinted(result):
    figure = forecast(result, ink="#123456")
    assert trace(figure, "Actual").line.color == "#123456"
    assert trace(figure, "Yesterday's price").line.dash == "dash"
    assert len(trace(figure, "Predicted").x) == 101
    assert trace(figure, "Predicted").x[0] == str(result.dates[0])
    assert trace(figure, "Actual").y[-1] == pytest.approx(result.actual[-1])
    band = trace(figure, "95% interval")
    assert band.fillcolor == "rgba(213, 94, 0, 0.1)"
    assert band.x[0] == band.x[-1] == str(result.dates[0])
    assert (band.y[0], band.y[-1]) == pytest.approx(
        (result.high_95[0], result.low_95[0])
    )
    words = [note.text for note in figure.layout.annotations]
    assert words == ["Train", "Validation", "Test"]


def test_the_forecast_figure_of_a_recipe_without_intervals_has_none(bare):
    figure = forecast(bare)
    assert [item.name for item in figure.data] == [
        "Actual",
        "Yesterday's price",
        "Predicted",
    ]
    assert [note.text for note in figure.layout.annotations] == ["Train", "Test"]


def test_the_figures_can_be_of_the_last_days_only(result):
    for figure in (forecast(result, days=20), residuals(result, days=20)):
        for item in figure.data:
            assert min(item.x) == str(result.dates[-20])
            assert max(item.x) == str(result.dates[-1])
    figure = forecast(result, days=20)
    assert trace(figure, "Actual").y == pytest.approx(result.actual[-20:])
    assert [note.text for note in figure.layout.annotations] == ["Test"]


def test_the_forecast_figure_stays_small_over_2_500_test_rows():
    series = made_up_series(5_000)
    half = series.prices[2_500:]
    result = Result(
        config=Config(),
        series=series,
        split=Split(rows=5_000, validation=2_000, test=2_500),
        epochs=1,
        seconds=1.0,
        predicted=half,
        low_80=half,
        high_80=half,
        low_95=half,
        high_95=half,
    )
    assert len(forecast(result).to_json()) < 400_000


def test_the_residual_figure_is_in_percent_of_yesterdays_price(result):
    drawn = residuals(result).data[0]
    expected = -0.01 * result.actual / result.naive * 100
    np.testing.assert_allclose(np.asarray(drawn.y), expected, rtol=1e-5)
