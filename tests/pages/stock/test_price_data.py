"""The page's own data: questions about a file, repairs, and prices by ticker."""

import datetime
import gc
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import core.stock.csv
import core.table
from core.stock import Config
from core.stock.data.split import required_rows
from core.stock.sources.ticker import DEFAULT_TIMEOUTS, LIFETIME, Copy, write_copy
from core.stock.sources.yahoo import Request
from tests.core.stock.csv.files import comma, csv_of, days, line, paired, prices, table
from tests.core.stock.helpers import made_up_series
from tests.driver.pages.app import open_page, text_of, upload, words
from tests.driver.pages.price_data import can_train

ROWS = 600


@pytest.fixture
def page():
    return open_page("stock")


@pytest.fixture
def offline(monkeypatch):
    """Every way to Yahoo leads to a port at which nobody is, twice without a wait."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setitem(vars(DEFAULT_TIMEOUTS), "between", 0.0)


def several(symbols=("AAPL", "MSFT")):
    rows = [
        f"{d},{s},{p + 100 * k}" for d, p in paired(ROWS) for k, s in enumerate(symbols)
    ]
    return csv_of(rows, "Date,Symbol,Close")


def test_repairs_are_listed_in_words(page):
    rows = [f"{d:%d.%m.%Y};{comma(p)}" for d, p in paired(ROWS)]
    content = line(csv_of(rows, "Datum;Kurs"), 9, "13.01.2020;")
    upload(page, content)
    text = text_of(page)
    assert page.expander[0].label == "How the file is read"
    assert "1 row without a price dropped" in text
    assert "Decimal comma" in text
    assert can_train(page)


def test_beside_a_refused_file_the_page_names_what_it_still_shows(page):
    assert "Still showing" not in words(page)
    upload(page, b"not,prices\n1,2\n")
    assert page.error
    assert "Still showing **S&P 500**" in words(page)


def test_of_a_file_that_is_refused_nothing_is_kept_but_the_file(page):
    """Not what had been read of it until it was refused."""
    rows = (f"2020-01-{row % 28 + 1:02d},{row}.5,name {row}" for row in range(5_000))
    content = csv_of(rows, "Date,Price,Name")
    tracemalloc.start()
    try:
        upload(page, content)
        gc.collect()
        snapshot = tracemalloc.take_snapshot()
    finally:
        tracemalloc.stop()
    assert "at least 100 rows" in text_of(page)
    # Modules that load in the meantime are not counted, only what readers allocate.
    readers = (Path(module.__file__).parent for module in (core.stock.csv, core.table))
    filters = [tracemalloc.Filter(True, f"{folder}/*") for folder in readers]
    traces = snapshot.filter_traces(filters).traces
    assert sum(trace.size for trace in traces) < len(content) / 2


def test_a_file_without_repairs_lists_none(page):
    upload(page, table(days(ROWS)))
    (how,) = (each for each in page.expander if each.label == "How the file is read")
    assert [each.value for each in how.markdown] == [""]
    assert not page.warning


def test_a_file_is_asked_for_with_the_rows_that_the_settings_need(page):
    page.segmented_control(key="stock_source").set_value("Upload").run()
    assert "These settings need at least 648 rows." in text_of(page)
    page.number_input(key="stock_window").set_value(64).run()
    assert f"at least {required_rows(Config(window=64))} rows" in text_of(page)
    upload(page, table(days(ROWS)))
    assert "These settings need" not in text_of(page)


def outlier():
    return [p * (10 if k == 70 else 1) for k, p in enumerate(prices(ROWS))]


def weekly_rows_every_day():
    start = datetime.date(2015, 1, 2)
    every = [start + datetime.timedelta(k) for k in range(7 * ROWS)]
    return table(every, [p for p in prices(ROWS) for _ in range(7)])


def zero_weekends():
    every = days(7 * ROWS // 5, every_day=True)
    known = dict(paired(ROWS))
    return table(every, [known.get(day, 0) for day in every])


def mistyped():
    every = days(ROWS)
    every[70] = every[70].replace(year=2051)
    return table(every)


def swapped(day):
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else day


QUESTIONS = {  # kind -> file, part of the question, answer
    "values": (
        table(days(ROWS), np.diff(np.log(prices(ROWS + 1))), price="{:.6f}"),
        "What are the numbers",
        "returns",
    ),
    "years": (mistyped(), "1 date far off", "drop"),
    "zeros": (zero_weekends(), "Are the zeros times without trading", "drop"),
    "outliers": (table(days(ROWS), outlier()), "Is a price wrong", "drop"),
    "frequency": (weekly_rows_every_day(), "a weekly series filled", "weekly"),
    "dates": (
        table([swapped(d) for d in days(ROWS)], prices(ROWS)),
        "swapped",
        "swapped",
    ),
}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_an_ambiguous_file_is_asked_about_before_the_training(page, kind):
    content, question, answer = QUESTIONS[kind]
    upload(page, content)
    assert question in text_of(page)
    assert "These settings need" not in text_of(page)
    assert not can_train(page)
    page.radio(key=f"stock_{kind}").set_value(answer).run()
    assert not page.exception
    assert can_train(page)


def test_a_file_that_is_refused_is_not_asked_for_again(page):
    upload(page, b"PK\x03\x04" + bytes(99))
    assert "Excel workbook" in page.error[0].value
    assert "These settings need" not in text_of(page)


def test_a_leap_is_a_warning(page):
    values = prices(ROWS)
    values[300:] = [round(value / 4, 2) for value in values[300:]]
    upload(page, table(days(ROWS), values))
    assert "split" in page.warning[0].value


def test_several_symbols_are_asked_about_and_the_answer_is_used(page):
    upload(page, several())
    assert not page.error
    assert not can_train(page)
    box = page.selectbox(key="stock_symbol")
    assert box.value is None
    assert box.options == ["AAPL: 600 rows", "MSFT: 600 rows"]
    box.set_value("MSFT").run()
    assert "MSFT" in text_of(page)
    assert can_train(page)


def test_an_unknown_column_is_asked_about(page):
    rows = [f"{d},{p},{p + 7}" for d, p in paired(ROWS)]
    upload(page, csv_of(rows, "Date,Bid,Ask"))
    assert not can_train(page)
    page.selectbox(key="stock_column").set_value("Ask").run()
    assert f"{prices(ROWS)[-1] + 7:.5g}" in text_of(page).replace("\\", "")
    assert can_train(page)


def test_the_close_can_be_chosen_beside_the_adjusted_close(page):
    rows = [f"{d},{p},{p / 2:.2f}" for d, p in paired(ROWS)]
    upload(page, csv_of(rows, "Date,Close,Adj Close"))
    box = page.selectbox(key="stock_column")
    assert box.value == "Adj Close"
    box.set_value("Close").run()
    assert not page.exception
    assert f"{prices(ROWS)[-1]:.5g}" in text_of(page).replace("\\", "")
    assert page.selectbox(key="stock_column").value == "Close"


def test_day_and_month_are_asked_about_with_what_each_would_give(page):
    both = [
        datetime.date(year, month, day)
        for year in range(2000, 2005)
        for month in range(1, 13)
        for day in range(1, 13)
    ]
    upload(page, table(both, day="{:%d/%m/%Y}"))
    assert "Which number is the day" in text_of(page)
    assert not can_train(page)
    page.radio(key="stock_dates").set_value("day-first").run()
    assert "2000-01-01 to 2004-12-12" in text_of(page)
    assert can_train(page)


def test_thousands_are_asked_about(page):
    rows = [f"{d:%d.%m.%Y};{1 + k / 1000:.3f}" for k, d in enumerate(days(ROWS))]
    upload(page, csv_of(rows, "Date;Close"))
    page.radio(key="stock_decimals").set_value("comma").run()
    assert "1,599" in text_of(page).replace("\\", "")


def test_a_new_file_is_asked_about_anew(page):
    upload(page, several())
    page.selectbox(key="stock_symbol").set_value("MSFT").run()
    upload(page, several(("MSFT", "TSLA")), "other.csv")
    assert page.selectbox(key="stock_symbol").value is None
    assert not can_train(page)


def test_words_from_a_file_do_nothing_in_markdown(page):
    rows = [f"{d},{p},7" for d, p in paired(ROWS)]
    upload(page, csv_of(rows, "Date,:red[a],![x](y)"))
    page.selectbox(key="stock_column").set_value(":red[a]").run()
    assert not page.exception
    assert ":red[a]" not in text_of(page)


def choose_ticker(page, symbol):
    page.segmented_control(key="stock_source").set_value("Ticker").run()
    page.text_input(key="stock_ticker").set_value(symbol).run()
    assert not page.exception
    return page


def store_copy(home, symbol, fetched, rows=700):
    folder = home / "prices"
    folder.mkdir(exist_ok=True)
    series = made_up_series(rows, name=f"Made up ({symbol})")
    path = folder / f"{Request(symbol=symbol).key}.npz"
    write_copy(path, Copy(series=series, fetched=fetched))


def test_the_ticker_waits_for_a_choice_and_keeps_the_sample(page):
    page.selectbox(key="stock_sample").set_value("KO").run()
    page.segmented_control(key="stock_source").set_value("Ticker").run()
    assert "Coca-Cola** stays selected" in text_of(page)
    assert "within the day are not supported" in text_of(page)
    assert can_train(page)


def test_without_a_network_a_plain_message_comes_and_nothing_is_lost(page, offline):
    page.selectbox(key="stock_sample").set_value("WTI").run()
    page.number_input(key="stock_units").set_value(17).run()
    choose_ticker(page, "MSFT")
    assert "cannot be reached" in text_of(page).replace("\\", "")
    assert "WTI)** stays selected" in text_of(page).replace("\\", "")
    assert can_train(page)
    assert page.number_input(key="stock_units").value == 17
    page.segmented_control(key="stock_source").set_value("Sample").run()
    assert page.selectbox(key="stock_sample").value == "WTI"


def test_a_refusal_is_not_asked_for_again_until_one_says_so(page, offline, home):
    choose_ticker(page, "NVDA")
    fetched = page.session_state["stock_fetched"]
    page.number_input(key="stock_units").set_value(9).run()
    assert page.session_state["stock_fetched"] is fetched
    store_copy(home, "NVDA", datetime.datetime.now(datetime.UTC))
    page.button(key="stock_retry").click().run()
    assert "700 rows" in text_of(page)


def test_a_fresh_copy_is_used_with_its_currency(page, offline, home):
    store_copy(home, "DIS", datetime.datetime.now(datetime.UTC))
    choose_ticker(page, "DIS")
    assert "700 rows" in text_of(page)
    assert not page.warning
    assert can_train(page)


def test_an_old_copy_comes_with_its_date_and_the_reason(page, offline, home):
    old = datetime.datetime.now(datetime.UTC) - 5 * LIFETIME
    store_copy(home, "AAPL", old)
    choose_ticker(page, "AAPL")
    warning = page.warning[0].value.replace("\\", "")
    assert f"A copy of {old:%Y-%m-%d}" in warning
    assert "cannot be reached" in warning
    assert page.button(key="stock_retry")


def test_any_valid_symbol_can_be_typed_and_others_are_refused(page, offline, home):
    store_copy(home, "XYZ.AB", datetime.datetime.now(datetime.UTC))
    choose_ticker(page, "xyz.ab")
    assert "700 rows" in text_of(page)
    page.text_input(key="stock_ticker").set_value("not a symbol").run()
    assert "expected 1 to 15 letters" in page.error[0].value
    assert can_train(page)  # on the sample


def test_bitcoin_is_suggested_and_taken_with_one_click(page, offline, home):
    store_copy(home, "BTC-USD", datetime.datetime.now(datetime.UTC))
    page.segmented_control(key="stock_source").set_value("Ticker").run()
    page.pills(key="stock_suggestion").set_value("BTC-USD").run()
    assert not page.exception
    assert page.text_input(key="stock_ticker").value == "BTC-USD"
    assert "700 rows" in text_of(page)


def test_dates_instead_of_a_period_can_be_chosen(page, offline):
    choose_ticker(page, "BTC-USD")
    page.selectbox(key="stock_period").set_value("dates").run()
    page.date_input(key="stock_start").set_value(datetime.date(2024, 5, 1))
    page.date_input(key="stock_end").set_value(datetime.date(2024, 4, 1)).run()
    assert not page.exception
    assert "start: expected a day before" in page.error[0].value.replace("\\", "")
