"""What figures and sentences say of series that are not daily."""

import numpy as np
import pytest

from core.stock import Config
from core.stock.data.series import PriceSeries
from core.stock.figures import forecast as forecast_figures
from core.stock.figures import judgement
from core.stock.judging.breakdown import coverage_by_year
from tests.core.stock.calendars import (
    NEW_YORK,
    every_day,
    month_ends,
    round_the_clock,
    sessions,
    trading_days,
)
from tests.core.stock.results import made_up_result

DATES = {
    "monthly": month_ends(240),
    "hourly": sessions(trading_days(59), 60, NEW_YORK),
    "5-minute": round_the_clock(3_000, 5),
}


def result_of(dates, **settings):
    walk = np.random.default_rng(4).normal(0, 0.01, len(dates)).cumsum()
    series = PriceSeries(name="Made up", dates=dates, prices=100 * np.exp(walk))
    config = Config(folds=2, horizon=series.frequency.horizons[-1], **settings)
    return made_up_result(series, config=config)


def trace(figure, name):
    return next(trace for trace in figure.data if trace.name == name)


@pytest.mark.parametrize(
    ("name", "ticks", "title"),
    [
        ("monthly", ["1 mo", "3 mo", "6 mo", "12 mo"], "Months ahead"),
        ("hourly", ["1 h", "4 h", "12 h", "24 h"], "Hours ahead"),
        ("5-minute", ["5 min", "25 min", "75 min", "150 min"], "Minutes ahead"),
    ],
)
def test_horizons_are_named_in_the_steps_of_the_series(name, ticks, title):
    result = result_of(DATES[name])
    figure = judgement.error_by_horizon(result)
    assert list(trace(figure, "Network").x) == ticks
    assert figure.layout.xaxis.title.text == title
    alts = [
        value(result)
        for module in (forecast_figures, judgement)
        for key, value in vars(module).items()
        if key.endswith("_alt")
    ]
    assert not any(word in alt for alt in alts for word in ("days", "daily", "1 day"))


@pytest.mark.parametrize(
    ("dates", "per_year"),
    [
        (trading_days(400), 252),
        (every_day(400), 365),
        (DATES["monthly"], 12),
        (DATES["hourly"], 7 * 252),
        (DATES["5-minute"], 288 * 365),
    ],
)
def test_one_percent_a_row_is_scaled_by_the_rows_of_a_year(dates, per_year):
    drawn = trace(judgement.volatility(result_of(dates)), "Network")
    np.testing.assert_allclose(drawn.y, np.sqrt(per_year), rtol=1e-5)


def test_rows_within_days_have_their_time_in_figures_and_files():
    result = result_of(DATES["hourly"], forecast_days=3)
    assert trace(forecast_figures.fan(result), "Actual").x[-1] == "2015-03-26T15:30"
    lines = result.future.to_csv().splitlines()
    assert [line[:17] for line in lines[1:]] == [
        f"2015-03-27 {time}," for time in ("09:30", "10:30", "11:30")
    ]
    assert result.to_csv().splitlines()[-1].startswith("2015-03-26 15:30,")


def test_the_coverage_of_rows_within_days_is_by_week_or_by_month():
    weeks = coverage_by_year(result_of(DATES["hourly"]).by_horizon[1])
    assert str(weeks[1].year) == "2015-02-16"  # a Monday
    assert {week.full for week in weeks} == {True, False}
    assert [week.full for week in weeks] == [week.rows >= 28 for week in weeks]
    long = sessions(trading_days(600), 60, NEW_YORK)
    result = result_of(long)
    months = coverage_by_year(result.by_horizon[1])
    assert "2016-05" in [month.year for month in months if month.full]
    figure = judgement.coverage_of_each_year(result)
    assert figure.layout.xaxis.title.text == "Month"
    assert "calendar months" in judgement.coverage_of_each_year_alt(result)


def test_years_of_a_monthly_series_are_full_with_ten_months():
    years = coverage_by_year(result_of(DATES["monthly"]).by_horizon[1])
    assert [year.year for year in years if year.full] == list(range(2010, 2020))


def test_a_long_test_part_is_thinned_to_its_last_row():
    result = result_of(round_the_clock(60_000, 1))
    line = trace(forecast_figures.overview(result), "Predicted")
    assert len(line.x) <= forecast_figures.MAX_POINTS
    assert line.x[-1] == "2024-02-11T15:59"
    assert len(trace(judgement.volatility(result), "Network").x) <= 12_000


def test_the_lag_detector_speaks_of_the_steps():
    result = result_of(DATES["monthly"])
    assert "the price of 1 month earlier: its monthly changes" in result.lag.sentence
    assert "on the month itself" in result.lag.sentence


def test_a_few_sessions_are_drawn_without_the_nights_between_them():
    result = result_of(DATES["hourly"])
    for figure in (
        forecast_figures.fan(result),
        forecast_figures.overview(result, days=200),
    ):
        night, weekend = figure.layout.xaxis.rangebreaks
        assert (night.pattern, night.bounds) == ("hour", (16.5, 9.5))
        assert weekend.bounds == ("sat", "mon")
    for name in ("monthly", "5-minute"):
        assert not forecast_figures.fan(result_of(DATES[name])).layout.xaxis.rangebreaks
