"""The game of the price page: guess a day of the test part, as the network had to."""

import json
import re

import numpy as np
import pytest

from pages.ui.stock.models import example
from tests.driver.pages.app import open_page, text_of, train_to_the_end, upload

ANSWER = re.compile(r"You were (right|wrong)")
SCORE = re.compile(
    r"Right of (\d): you (\d), the forecast (\d), always “higher” (\d). "
    r"Inside its 80% range: (\d)"
)


@pytest.fixture
def page():
    page = open_page("stock")
    return page.button(key="stock_guess").click().run()


def figures(page):
    return {
        chart.proto.id.rsplit("-", 1)[-1]: json.loads(chart.proto.spec)
        for chart in page.get("plotly_chart")
    }


def picture(page):
    """The lines of the game's picture by name, or None without it."""
    figure = figures(page).get("stock_past")
    return figure and {line["name"]: line["x"] for line in figure["data"]}


def day(page, result):
    """The row of the series that a question is about."""
    text = text_of(page)
    found = re.search(
        r"\*\*([\d-]+): ([\d,.]+)\.\*\* Is it higher or lower on ([\d-]+)\?", text
    )
    dates = result.series.dates.astype(str).tolist()
    row = dates.index(found[1])
    price = float(found[2].replace(",", ""))
    assert price == pytest.approx(result.series.prices[row], rel=1e-4)
    assert dates[row + result.horizons[-1]] == found[3]
    return row


def test_a_question_shows_the_prices_until_a_day_and_nothing_of_what_came(page):
    result = example().result
    row = day(page, result)
    assert list(picture(page)) == ["Actual"]
    assert picture(page)["Actual"][-1] == str(result.series.dates[row])
    assert row + 20 < result.split.rows
    assert result.price.plain not in text_of(page)
    page.session_state["stock_tabs"] = "Result"
    assert "stock_forecast" not in figures(page.run())
    page.button(key="stock_guess_1").click().run()
    assert "stock_forecast" in figures(page)


@pytest.mark.parametrize("guess", [1, -1])
def test_answers_are_judged_and_counted_beside_the_networks(page, guess):
    result, right, forecasts, rises, inside = example().result, 0, 0, 0, 0
    forecast = result.by_horizon[20]
    for count in range(1, 4):
        row = day(page, result)
        page.button(key=f"stock_guess_{guess}").click().run()
        last, came = result.series.prices[row], result.series.prices[row + 20]
        (at,) = np.flatnonzero(forecast.dates == result.series.dates[row + 20])
        low, high = (ends[at] for ends in forecast.interval(80))
        is_right = np.sign(came - last) == guess
        right += is_right
        forecasts += np.sign(forecast.predicted[at] - last) == np.sign(came - last)
        rises += came > last
        inside += low <= came <= high
        assert ANSWER.search(text_of(page))[1] == ("right" if is_right else "wrong")
        numbers = (count, right, forecasts, rises, inside)
        assert SCORE.search(text_of(page)).groups() == tuple(map(str, numbers))
        assert {"Forecast", "What came"} <= set(picture(page))
        assert picture(page)["What came"][-1] == str(result.series.dates[row + 20])
        assert "stock_guess_1" not in {button.key for button in page.button}
        page.button(key="stock_guess").click().run()


def test_the_game_is_about_one_result_and_ends_when_one_goes_back(page):
    page.segmented_control(key="stock_recipe").set_value("classic").run()
    assert picture(page) is None
    assert "stock_guess" not in {button.key for button in page.button}
    page.segmented_control(key="stock_recipe").set_value("honest").run()
    assert picture(page)
    page.button(key="stock_guess_back").click().run()
    assert picture(page) is None
    assert example().result.price.plain in text_of(page)


def trained(prices):
    """A page with the result of prices, without a split."""
    start = np.datetime64("2020-01-01")
    rows = [f"{start + day},{price:g}" for day, price in enumerate(prices)]
    page = upload(
        open_page("stock"), "\n".join(["Date,Close", *rows]).encode(), "my.csv"
    )
    values = {
        "epochs": 2,
        "units": 4,
        "window": 32,
        "seeds": 1,
        "folds": 1,
        "horizon": 1,
    }
    for name, value in values.items():
        page.number_input(key=f"stock_{name}").set_value(value)
    train_to_the_end(page.run())
    return page


def test_in_ones_own_file_no_day_is_asked_after_which_the_price_is_the_same():
    steps = np.random.default_rng(1).choice([-0.5, 0.0, 0.0, 0.0, 0.5], 500)
    prices = 100 + np.cumsum(steps)
    page = trained(prices)
    for _ in range(8):
        page.button(key="stock_guess").click().run()
        text = text_of(page)
        first, then = re.search(r"\*\*([\d-]+): [^?]* on ([\d-]+)\?", text).groups()
        days = [
            np.datetime64(day) - np.datetime64("2020-01-01") for day in (first, then)
        ]
        before, after = prices[[day.astype(int) for day in days]]
        assert after != before
        page.button(key=f"stock_guess_{1 if after > before else -1}").click().run()
    assert SCORE.search(text_of(page)).groups()[:2] == ("8", "8")
