"""The figures: what each one shows of a result."""

import numpy as np
import pytest

from core.figures import learning_curves
from core.figures.palette import INK_DARK, MODEL, PAPER_DARK
from core.stock.distribution import ForecastDistribution
from core.stock.figures import forecast as forecast_figures
from core.stock.figures import judgement, training
from core.stock.figures.forecast import fan, forecast, overview, residuals
from core.stock.judging.breakdown import coverage_by_year
from tests.core.stock.helpers import made_up_series
from tests.core.stock.results import made_up_result


def trace(figure, name):
    return next(item for item in figure.data if item.name == name)


def test_the_forecast_figure_shows_the_test_rows_whole_and_the_parts_tinted(result):
    figure = forecast(result, ink="#123456")
    assert trace(figure, "Actual").line.color == "#123456"
    assert trace(figure, "Last known price").line.dash == "dash"
    assert len(trace(figure, "Predicted").x) == 101
    assert trace(figure, "Predicted").x[0] == str(result.dates[0])
    assert trace(figure, "Actual").y[-1] == pytest.approx(result.actual[-1])
    band = trace(figure, "95% likely")
    assert band.fillcolor == "rgba(213, 94, 0, 0.15)"
    assert band.x[0] == band.x[-1] == str(result.dates[0])
    assert (band.y[0], band.y[-1]) == pytest.approx(
        (result.bands["high_95"][0], result.bands["low_95"][0])
    )
    words = [note.text for note in figure.layout.annotations]
    assert words == ["Train", "Validation", "Test"]


def test_the_forecast_figure_of_a_recipe_without_intervals_has_none(bare):
    figure = forecast(bare)
    assert [item.name for item in figure.data] == [
        "Actual",
        "Last known price",
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
    result = made_up_result(series)
    assert len(forecast(result).to_json()) < 400_000


def test_the_residual_figure_is_in_percent_of_the_last_price(result):
    drawn = residuals(result).data[0]
    expected = 100 * (result.actual / result.naive - 1)
    np.testing.assert_allclose(np.asarray(drawn.y), expected, rtol=1e-5)


def test_the_overview_has_the_residuals_below_on_the_same_axis_of_time(result):
    figure = overview(result, ink="#123456", days=50)
    assert trace(figure, "Actual minus predicted").yaxis == "y2"
    assert trace(figure, "Predicted").yaxis in (None, "y")
    assert figure.layout.xaxis.matches == "x2"
    assert [note.text for note in figure.layout.annotations] == ["Test"]


def test_the_fan_starts_at_the_last_price_and_ends_with_the_forecast(result, bare):
    figure = fan(result)
    median = trace(figure, "Forecast")
    assert median.x[0] == str(result.series.dates[-1])
    assert median.y[0] == pytest.approx(result.series.prices[-1])
    assert len(median.x) == 1 + result.config.forecast_days
    assert [item.name for item in fan(bare).data] == ["Actual"]


def test_the_bands_of_the_fan_are_those_of_the_future(result):
    figure, future = fan(result, ink="#123456"), result.future
    assert trace(figure, "Actual").line.color == "#123456"
    days = result.config.forecast_days
    for level in (80, 95):
        band = trace(figure, f"{level}% likely")
        ends = [future.bands[f"high_{level}"][-1], future.bands[f"low_{level}"][-1]]
        assert list(band.y[days : days + 2]) == pytest.approx(ends)
        assert band.x[days] == band.x[days + 1] == str(future.dates[-1])
    assert trace(figure, "Forecast").y[1:] == pytest.approx(future.median)


FIGURES = {
    "error_by_horizon": ["Network", "Mean return", "Linear model", "Last price"],
    "volatility": ["Realised, 21 days", "GARCH(1,1)", "Network"],
    "lag_detector": ["Correlation"],
    "trading": ["Buy and hold", "Following the forecast"],
}


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_of_the_judgement_names_what_it_shows(name, result, bare):
    draw = getattr(judgement, name)
    figure = draw(result, ink=INK_DARK)
    assert [item.name for item in figure.data] == FIGURES[name]
    assert figure.layout.font.color == INK_DARK
    assert figure.layout.paper_bgcolor == PAPER_DARK
    assert draw(bare).data  # a recipe that knows less still has its figure


def test_the_error_by_horizon_is_a_multiple_of_that_of_the_last_price(result):
    figure = judgement.error_by_horizon(result)
    views = result.by_horizon.values()
    for name, model in (
        ("Network", "lstm"),
        ("Mean return", "drift"),
        ("Linear model", "linear"),
    ):
        drawn = trace(figure, name)
        assert list(drawn.x) == ["1 d", "5 d", "10 d", "20 d"]
        assert list(drawn.y) == [view.models[model].rel_rmse for view in views]
    assert set(trace(figure, "Last price").y) == {1.0}


def test_the_lag_detector_marks_the_lag_that_agrees_most(result):
    bars = judgement.lag_detector(result).data[0]
    assert list(bars.x) == list(range(-5, 6))
    assert list(bars.y) == pytest.approx(result.lag.correlations)
    marked = [at for at, c in zip(bars.x, bars.marker.color, strict=True) if c == MODEL]
    assert marked == [1]  # the forecast is yesterday's price


def test_the_trading_figure_has_both_curves_from_one_to_their_ends(result):
    rises = {"lstm": rising(result.distribution)}
    result = made_up_result(result.series, levels=None, forecasts=rises)
    figure, simulated = judgement.trading(result), result.trading
    mine, theirs = (trace(figure, name) for name in reversed(FIGURES["trading"]))
    assert (mine.y[0], theirs.y[0]) == (1.0, 1.0)
    assert mine.y[-1] == pytest.approx(simulated.strategy[-1])
    assert theirs.y[-1] == pytest.approx(simulated.holding[-1])
    assert simulated.trades > 0
    assert mine.x[-1] == str(result.series.dates[-1])


def rising(distribution):
    """The same forecasts, with a rise on every second day."""
    mean = 0.001 * (np.arange(len(distribution)) % 2)[:, None]
    return ForecastDistribution.broadcast(
        mean, distribution.log_variance, distribution.freedom
    )


def test_the_network_volatility_is_in_percent_a_year(result):
    drawn = trace(judgement.volatility(result), "Network")
    np.testing.assert_allclose(np.asarray(drawn.y), np.sqrt(365), rtol=1e-5)


def test_the_realised_volatility_is_that_of_the_days_around(result, series):
    drawn = trace(judgement.volatility(result), "Realised, 21 days")
    assert drawn.x[-40] == str(result.dates[-40])
    moves = np.diff(np.log(series.prices))
    around = moves[-40 - 10 : -40 + 11]  # 21 days with this one amid them
    expected = 100 * np.sqrt(365 * np.mean(around**2))
    assert drawn.y[-40] == pytest.approx(expected, rel=1e-5)


def test_the_pit_histogram_has_all_rows_and_its_band_of_chance(result, bare):
    figure = judgement.pit(result, horizon=5)
    bars, band = figure.data
    assert (bars.name, band.name) == ("Network", "95% of right forecasts")
    assert len(bars.y) == 20
    assert sum(bars.y) == pytest.approx(100)
    assert min(band.y) < 5 < max(band.y)
    assert not judgement.pit(bare).data
    assert "of 20 bars" in judgement.pit_alt(result)


def test_the_years_are_drawn_with_what_the_network_alone_would_have():
    result = made_up_result(made_up_series(1_500))
    figure = judgement.coverage_of_each_year(result)
    shown, alone = trace(figure, "80%, shown"), trace(figure, "80%, network alone")
    assert list(shown.x) == [2003, 2004]
    assert figure.layout.xaxis.dtick == 1  # Plotly would write 2003 twice
    years = [y for y in coverage_by_year(result.by_horizon[1]) if y.full]
    assert shown.y[0] == pytest.approx(100 * years[0].coverage[80])
    assert shown.y[0] != alone.y[0]


def test_every_figure_has_words_for_those_who_cannot_see_it(result, bare):
    texts = [
        value
        for module in (forecast_figures, judgement)
        for name, value in vars(module).items()
        if name.endswith("_alt")
    ]
    assert len(texts) == 8
    for text in texts:
        for each in (result, bare):
            assert len(text(each)) > 20


def test_the_loss_curves_pair_training_and_validation_by_colour():
    points = {"loss": [(1, 2.0), (2, 1.5)], "val_loss": [(1, 2.2), (2, 1.9)]}
    figure = learning_curves(points, log=True)
    training, validation = figure.data
    assert (list(training.x), list(training.y)) == ([1, 2], [2.0, 1.5])
    assert training.line.color == validation.line.color
    assert (training.line.dash, validation.line.dash) == ("solid", "dash")
    assert figure.layout.yaxis.type == "log"
    points["loss"][1] = (2, -0.5)  # a likelihood of a density can be above one
    assert learning_curves(points, log=True).layout.yaxis.type == "linear"


def snapshot(width):
    days = np.datetime64("2001-01-01") + np.arange(3)
    returns = np.array([0.5, -2.0, 1.0])
    return {
        "dates": days,
        "returns": returns,
        "network": np.full(3, width),
        "garch": np.full(3, 1.5),
    }


def test_the_slider_over_epochs_changes_the_networks_interval_alone():
    figure = training.epochs_figure({1: snapshot(0.4), 2: snapshot(1.2)})
    band = figure.data[0]
    assert band.name == "80% interval, network"
    assert list(band.y) == pytest.approx([1.2] * 3 + [-1.2] * 3)
    assert [frame.name for frame in figure.frames] == ["1", "2"]
    assert [list(frame.traces) for frame in figure.frames] == [[0], [0]]
    assert list(figure.frames[0].data[0].y) == pytest.approx([0.4] * 3 + [-0.4] * 3)
    assert [step.label for step in figure.layout.sliders[0].steps] == ["1", "2"]
    assert figure.layout.yaxis.range[0] < -2
    assert "67% inside the network's" in training.epoch_alt(snapshot(1.2))


def test_an_epoch_of_the_classic_recipe_has_its_price_beside_the_last_one():
    prices = {name: np.arange(3.0) for name in ("actual", "naive", "predicted")}
    one = {"dates": snapshot(1)["dates"], **prices}
    figure = training.epoch_figure(one)
    assert [line.name for line in figure.data] == [
        *("Actual", "Last known price", "Predicted")
    ]
    moved = training.epochs_figure({1: one, 2: one | {"predicted": np.ones(3)}})
    assert moved.frames[1].traces == (2,)
    assert list(moved.frames[1].data[0].y) == [1, 1, 1]
