"""The price page on series that are not daily: what it finds, says and proposes."""

import pytest

from core.stock import Config
from tests.core.stock.calendars import every_day, month_ends, trading_days
from tests.core.stock.csv.files import csv_of, prices
from tests.driver.pages.app import open_page, text_of, train_to_the_end, upload
from tests.driver.pages.price_data import can_train
from tests.driver.pages.stock import open_tab

QUICK = {"epochs": 1, "units": 4, "folds": 1, "seeds": 1}


def file_of(dates):
    rows = zip(dates.astype(str), prices(len(dates)), strict=True)
    return csv_of([f"{day},{price}" for day, price in rows], "Date,Close")


MONTHLY = file_of(month_ends(240))


@pytest.fixture
def page():
    return open_page("stock")


def value(page, name):
    return page.number_input(key=f"stock_{name}").value


def test_a_monthly_file_is_found_and_its_settings_fit_it(page):
    upload(page, MONTHLY)
    box = page.selectbox(key="stock_frequency")
    assert box.value == "monthly"
    assert {"Monthly (found)", "Weekly", "5 minutes"} <= set(box.options)
    assert "240 monthly rows" in text_of(page)
    assert [value(page, n) for n in ("window", "horizon", "forecast_days")] == [
        *(32, 12, 12)
    ]
    window = page.number_input(key="stock_window")
    assert window.label == "Window (months)"
    assert "Consecutive months" in window.help
    assert page.number_input(key="stock_forecast_days").label == "Forecast months"
    assert "1, 3, 6 and 12 months" in page.number_input(key="stock_horizon").help
    assert can_train(page)


def test_a_row_every_13_days_is_a_step_of_its_own(page):
    upload(page, file_of(every_day(13 * 240)[::13]), "mine.csv")
    box = page.selectbox(key="stock_frequency")
    assert box.value == "13-day"
    assert "13 days (found)" in box.options
    assert "14 days" not in box.options
    assert "240 13-day rows" in text_of(page)
    assert not page.warning
    assert page.number_input(key="stock_window").label == "Window (rows)"
    assert can_train(page)


def test_chosen_settings_stay_and_defaults_return_with_daily_data(page):
    page.number_input(key="stock_horizon").set_value(7).run()
    upload(page, MONTHLY)
    assert (value(page, "horizon"), value(page, "window")) == (7, 32)
    page.segmented_control(key="stock_source").set_value("Sample").run()
    usual = Config()
    assert (value(page, "horizon"), value(page, "window")) == (7, usual.window)
    assert value(page, "forecast_days") == usual.forecast_days
    assert page.number_input(key="stock_window").label == "Window (days)"


def test_another_frequency_can_be_chosen_and_one_that_leaves_too_few_is_refused(page):
    upload(page, file_of(trading_days(700)))
    assert page.selectbox(key="stock_frequency").value == "daily"
    page.selectbox(key="stock_frequency").set_value("weekly").run()
    assert not page.exception
    assert "weekly rows" in text_of(page)
    assert "the last price of each week" in text_of(page)
    page.selectbox(key="stock_frequency").set_value("monthly").run()
    assert not page.exception
    assert "at least 100 rows" in page.error[0].value
    page.selectbox(key="stock_frequency").set_value("daily").run()
    assert can_train(page)


def test_a_result_names_the_steps_of_its_series(page):
    upload(page, MONTHLY, "mine.csv")
    for name, setting in QUICK.items():
        page.number_input(key=f"stock_{name}").set_value(setting)
    train_to_the_end(page.run())
    text = text_of(page)
    assert "at the close of 2019-12-31" in text
    assert "one month ahead" in text
    assert "The coming months" in text
    assert page.segmented_control(key="stock_span").options[0] == "Last 120 months"
    open_tab(page, "Judgement")
    text = text_of(page)
    assert "Error by months ahead" in text
    assert "days" not in text.replace("forecast days", "")  # a setting
