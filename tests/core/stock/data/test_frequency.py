import numpy as np
import pytest

from core.stock.csv.gaps import find_gaps
from core.stock.data.calendar import next_dates
from core.stock.data.defaults import suited
from core.stock.data.frequency import FREQUENCIES, find_frequency, horizons_of, weekdays
from core.stock.data.series import PriceSeries
from core.stock.data.split import split
from core.task import DataError
from tests.core.stock.calendars import (
    NEW_YORK,
    TOKYO,
    every_day,
    last_weekdays,
    month_ends,
    month_starts,
    round_the_clock,
    sessions,
    trading_days,
    weeks,
)

FOREX = round_the_clock(2_000, 60)
WEEK, HOUR = (FOREX.astype("datetime64[D]").astype(int) + 3) % 7, FOREX.astype(int)
HOUR = HOUR % 86_400 // 3_600
FOREX = FOREX[
    ~((WEEK == 5) | ((WEEK == 4) & (HOUR >= 22)) | ((WEEK == 6) & (HOUR < 22)))
]


def days_of_month(dates):
    return (dates - dates.astype("datetime64[M]")).astype(int) + 1


# Dates -> their frequency, the rows a year, and the next two rows.
CALENDARS = {
    "stock": (trading_days(500), "daily", 252, ["2016-12-26", "2016-12-27"]),
    "coin": (every_day(500), "every-day", 365, ["2016-05-15", "2016-05-16"]),
    "weeks": (weeks(300), "weekly", 52, ["2020-10-02", "2020-10-09"]),
    "every 2 days": (
        *(every_day(500)[::2], "2-day", 365.25 / 2),
        ["2016-05-15", "2016-05-17"],
    ),
    "every 13 days": (
        *(every_day(2_600)[::13], "13-day", 365.25 / 13),
        ["2022-02-13", "2022-02-26"],
    ),
    "every 27 days": (
        *(every_day(5_400)[::27], "27-day", 365.25 / 27),
        ["2029-10-14", "2029-11-10"],
    ),
    "1st and 15th": (
        every_day(3_600)[np.isin(days_of_month(every_day(3_600)), (1, 15))],
        *("15-day", 365.25 / 15),
        ["2024-11-15", "2024-12-01"],
    ),
    "1st, 11th and 21st": (
        every_day(3_600)[np.isin(days_of_month(every_day(3_600)), (1, 11, 21))],
        *("10-day", 365.25 / 10),
        ["2024-11-11", "2024-11-21"],
    ),
    "month starts": (month_starts(240), "monthly", 12, ["2020-01-01", "2020-02-01"]),
    "month ends": (month_ends(240), "monthly", 12, ["2020-01-31", "2020-02-29"]),
    "last weekdays": (last_weekdays(240), "monthly", 12, ["2020-01-31", "2020-02-28"]),
    "quarters": (month_ends(120, 3), "quarterly", 4, ["2030-01-31", "2030-04-30"]),
    "years": (month_ends(120, 12), "yearly", 1, ["2120-01-31", "2121-01-31"]),
    "coin, hours": (
        *(round_the_clock(1_000, 60), "hourly", 8_760),
        ["2024-02-11T16:00:00", "2024-02-11T17:00:00"],
    ),
    "coin, 4 hours": (
        *(round_the_clock(1_000, 240), "4-hour", 2_190),
        ["2024-06-15T16:00:00", "2024-06-15T20:00:00"],
    ),
    "stock, hours": (
        *(sessions(trading_days(100), 60, NEW_YORK), "hourly", 7 * 252),
        ["2015-05-27T09:30:00", "2015-05-27T10:30:00"],
    ),
    "forex, hours": (
        *(FOREX, "hourly", 24 * 252),
        ["2024-03-24T22:00:00", "2024-03-24T23:00:00"],
    ),
    "minutes with lunch": (
        *(sessions(trading_days(30), 5, *TOKYO), "5-minute", 60 * 252),
        ["2015-02-13T09:00:00", "2015-02-13T09:05:00"],
    ),
    "a morning of minutes": (
        *(round_the_clock(120, 1, "2024-01-01T09:30"), "1-minute", 120 * 252),
        ["2024-01-01T11:30:00", "2024-01-01T11:31:00"],
    ),
}


def series_of(dates, **options):
    walk = np.random.default_rng(1).normal(0, 0.01, len(dates)).cumsum()
    return PriceSeries(name="x", dates=dates, prices=np.exp(walk), **options)


@pytest.mark.parametrize("name", CALENDARS)
def test_the_dates_tell_the_frequency_and_the_next_rows(name):
    dates, frequency, per_year, coming = CALENDARS[name]
    series = series_of(dates)
    assert series.frequency_name == frequency
    assert series.frequency.per_year == per_year
    assert next_dates(dates, 2, series.frequency).astype(str).tolist() == coming
    ahead = next_dates(dates, 60, series.frequency)
    assert len(ahead) == 60
    assert ahead[0] > dates[-1]
    assert (np.diff(ahead).astype(int) > 0).all()
    assert find_frequency(np.concatenate([dates, ahead])) == frequency


@pytest.mark.parametrize("name", CALENDARS)
def test_missing_rows_do_not_change_the_frequency(name):
    dates, frequency, *_ = CALENDARS[name]
    some = np.random.default_rng(2).random(len(dates)) > 0.15
    assert find_frequency(dates[some]) == frequency
    half = len(dates) // 2
    gap = np.concatenate([dates[:half], dates[half:] + 400 * (dates[1] - dates[0])])
    if "last" not in name:
        assert find_frequency(gap) == frequency


def test_a_few_days_with_two_times_do_not_make_hours():
    dates = trading_days(400).astype("datetime64[s]")
    twice = np.sort(np.concatenate([dates, dates[::10] + np.timedelta64(1, "h")]))
    assert find_frequency(twice) == "daily"


def test_minutes_that_are_often_missing_are_still_minutes():
    dates = sessions(trading_days(40), 1, NEW_YORK)
    some = np.random.default_rng(3).random(len(dates)) > 0.45
    assert find_frequency(dates[some]) == "1-minute"


def test_the_next_days_of_a_stock_are_weekdays_and_those_of_a_coin_are_all():
    friday = trading_days(200)
    friday = friday[: np.flatnonzero((friday.astype(int) + 3) % 7 == 4)[-1] + 1]
    steps = np.diff(next_dates(friday, 6, FREQUENCIES["daily"]), prepend=friday[-1])
    assert steps.astype(int).tolist() == [3, 1, 1, 1, 1, 3]
    coin = next_dates(every_day(160), 9, FREQUENCIES["every-day"])
    assert set(np.diff(coin).astype(int)) == {1}


def test_the_next_times_leave_out_night_lunch_and_weekend():
    dates = sessions(trading_days(30), 30, *TOKYO)
    friday = dates[dates < np.datetime64("2015-02-07")]
    ahead = next_dates(friday, 11, series_of(friday).frequency)
    assert str(ahead[0]) == "2015-02-09T09:00:00"
    assert ahead[4:6].astype(str).tolist() == [
        "2015-02-09T11:00:00",
        "2015-02-09T12:30:00",
    ]
    assert str(ahead[10]) == "2015-02-10T09:00:00"


def test_a_holiday_at_the_end_does_not_move_the_weeks():
    dates = weeks(126)  # the last is a Thursday
    assert (dates[-1] - dates[-2]).astype(int) == 6
    ahead = next_dates(dates, 2, FREQUENCIES["weekly"])
    assert (ahead[0] - dates[-1]).astype(int) == 8


def test_the_horizons_are_those_of_the_frequency_up_to_the_longest():
    assert horizons_of(12, FREQUENCIES["monthly"]) == (1, 3, 6, 12)
    assert horizons_of(9, FREQUENCIES["monthly"]) == (1, 3, 6, 9)
    assert horizons_of(20, FREQUENCIES["daily"]) == (1, 5, 10, 20)


def test_found_and_chosen_frequencies_travel_with_the_series():
    for dates, *_ in CALENDARS.values():
        series = series_of(dates)
        again = PriceSeries.decode(series.encode())
        assert again.dates.dtype == series.dates.dtype
        assert np.array_equal(again.dates, series.dates)
        assert again.frequency == series.frequency
    chosen = series_of(every_day(200), frequency_name="weekly")
    assert PriceSeries.decode(chosen.encode()).frequency.step == "week"


@pytest.mark.parametrize("name", CALENDARS)
def test_the_defaults_that_suit_a_series_can_be_trained(name):
    dates, *_ = CALENDARS[name]
    series = series_of(dates)
    for recipe in ("honest", "classic"):
        config = suited(recipe, series)
        if series.frequency.step != "day":
            split(config, series)
            assert config.forecast_days == series.frequency.horizons[-1]


def test_a_window_that_is_too_long_is_refused_with_one_that_is_not():
    series = series_of(month_ends(240))
    config = suited("honest", series)
    with pytest.raises(DataError, match="256 months needs at least 648 rows") as error:
        split(type(config)(window=256), series)
    longest = int(str(error.value).split("at most ")[1].split(",")[0])
    split(type(config)(window=longest), series)
    with pytest.raises(DataError):
        split(type(config)(window=longest + 1), series)


GAPS = {  # dates, whether there is a break, and what is said of them
    "nights and weekends": (sessions(trading_days(60), 30, NEW_YORK), False, None),
    "a coin, a day lost": (
        np.delete(round_the_clock(1_000, 60), slice(500, 526)),
        *(True, "26 hours missing in 1 gap of a series that trades every hour"),
    ),
    "a coin, an hour lost": (
        np.delete(round_the_clock(1_000, 60), 500),
        *(False, "1 hour missing in 1 gap"),
    ),
    "three months lost": (
        np.delete(month_ends(240), slice(100, 103)),
        *(True, "3 months missing in 1 gap of a series that trades every month"),
    ),
    "each second day": (every_day(1_000)[::2], False, None),
    "each second trading day": (
        every_day(1_000)[np.is_busday(every_day(1_000))][::2],
        *(False, "The rows are 2 days apart, and are treated as daily ones"),
    ),
    "Tuesdays and Fridays": (
        every_day(1_000)[np.isin(weekdays(every_day(1_000)), (1, 4))],
        *(False, "are treated as weekly ones"),
    ),
    "every 13 days, 4 rows lost": (
        np.delete(every_day(2_600)[::13], slice(100, 104)),
        *(True, "4 rows missing in 1 gap of a series that trades every 13 days"),
    ),
}


@pytest.mark.parametrize("name", GAPS)
def test_gaps_are_those_that_the_frequency_does_not_expect(name):
    dates, broken, words = GAPS[name]
    series = series_of(dates)
    notes, breaks = find_gaps(dates, series.prices, series.frequency)
    assert bool(len(breaks)) == broken
    assert (words is None) == (notes == ())
    assert words is None or words in notes[0]
