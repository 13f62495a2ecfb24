"""Prices by ticker: the real yfinance over loopback, with Yahoo's own answers."""

import dataclasses
import datetime
import importlib
import subprocess
import sys

import numpy as np
import pytest

from core.stock.sources.ticker import (
    LIFETIME,
    MAX_COPIES,
    Timeouts,
    fetch,
    read_copy,
)
from core.stock.sources.yahoo import (
    PERIODS,
    SUGGESTIONS,
    Request,
    YahooError,
    currency_name,
    load_client,
)
from core.task import ConfigError, DataError
from tests.conftest import at_once
from tests.core.stock.csv.files import days
from tests.core.stock.sources.yahoo import EMPTY, NOT_FOUND, Yahoo, chart, walk

load_client()  # before anything imports it, as other tests load TensorFlow
curl = importlib.import_module("curl_cffi.requests")
YfData = importlib.import_module("yfinance.data").YfData

# yfinance 1.7 uses what pandas 3 is about to lose.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

QUICK = Timeouts(answer=60.0, between=0.0, total=120.0)
HASTY = Timeouts(answer=0.5, between=0.0, total=120.0)
EVERY = days(200, every_day=True, start=datetime.date(2024, 1, 1))
TRADING = days(200, start=datetime.date(2024, 1, 1))
NOON = datetime.datetime(2025, 6, 1, 12, tzinfo=datetime.UTC)
BITCOIN = Request(symbol="BTC-USD", period="5y")


@pytest.fixture
def yahoo(monkeypatch, tmp_path):
    """The server, with yfinance's HTTP client sent there and nothing remembered."""
    server = Yahoo()
    real = curl.Session.request

    def to_loopback(session, method, url, **options):
        if server.failure:
            raise server.failure
        path = url.removeprefix("https://")
        return real(session, method, f"{server.address}/{path}", **options)

    monkeypatch.setattr(curl.Session, "request", to_loopback)
    YfData.cache_get.cache_clear()
    yield server
    server.close()
    YfData()._session.close()
    type(YfData)._instances.clear()


def get(request, home, now=NOON, timeouts=QUICK):
    return fetch(request, home, now, timeouts)


def test_bitcoin_comes_with_its_days_prices_currency_and_source(yahoo, tmp_path):
    yahoo.answer = chart(EVERY, walk(200))
    imported = get(BITCOIN, tmp_path)
    series = imported.series
    np.testing.assert_array_equal(series.dates, np.array(EVERY, "M8[D]"))
    np.testing.assert_allclose(series.prices, walk(200))
    assert series.name == "Bitcoin USD (BTC-USD)"
    assert series.currency == "USD"
    assert series.source == "Yahoo Finance, fetched 2025-06-01 12:00 UTC"
    assert imported.summary()["column"] == "Adj Close"
    assert yahoo.history()[-1]["range"] == "5y"
    assert yahoo.history()[-1]["interval"] == "1d"


def test_a_stock_keeps_the_days_of_its_exchange(yahoo, tmp_path):
    """Tokyo opens at midnight UTC, Sydney on the day before, in summer and winter."""
    for zone, symbol in (
        ("America/New_York", "AAPL"),
        ("Asia/Tokyo", "7203.T"),
        ("Australia/Sydney", "BHP.AX"),
    ):
        yahoo.answer = chart(
            TRADING, walk(200), symbol, zone=zone, open_at=(9, 30), kind="EQUITY"
        )
        series = get(Request(symbol=symbol), tmp_path).series
        np.testing.assert_array_equal(series.dates, np.array(TRADING, "M8[D]"))


def test_prices_are_adjusted_for_dividends_or_not(yahoo, tmp_path):
    closes = walk(200)
    adjusted = [round(price * 0.9, 4) for price in closes]
    yahoo.answer = chart(
        TRADING, closes, "KO", zone="America/New_York", adjusted=adjusted, kind="EQUITY"
    )
    with_dividends = get(Request(symbol="KO"), tmp_path)
    np.testing.assert_allclose(with_dividends.series.prices, adjusted)
    raw = get(Request(symbol="KO", adjusted=False), tmp_path)
    np.testing.assert_allclose(raw.series.prices, closes)
    assert raw.report.column == "Close"


def test_dates_are_sent_and_the_last_day_is_included(yahoo, tmp_path):
    yahoo.answer = chart(EVERY, walk(200))
    first, last = EVERY[0], EVERY[-1]
    series = get(Request(symbol="BTC-USD", start=first, end=last), tmp_path).series
    assert series.dates[-1] == np.datetime64(last)
    sent = yahoo.history()[-1]
    day = datetime.date.fromtimestamp
    assert int(sent["period2"]) - int(sent["period1"]) == 200 * 86_400
    assert day(int(sent["period1"])) == first


def test_the_longest_period_can_be_requested(yahoo, tmp_path):
    yahoo.answer = chart(EVERY, walk(200))
    assert len(get(Request(symbol="BTC-USD", period="max"), tmp_path).series) == 200


def test_bars_without_a_close_are_dropped_and_counted(yahoo, tmp_path):
    closes = walk(200)
    closes[50] = closes[-1] = None
    yahoo.answer = chart(EVERY, closes)
    imported = get(BITCOIN, tmp_path)
    assert len(imported.series) == 198
    assert "2 rows without a price dropped." in imported.report.notes


def test_the_unfinished_bar_of_today_is_left_out_and_reported(yahoo, tmp_path):
    yahoo.answer = chart(
        TRADING, walk(200), "AAPL", zone="America/New_York", kind="EQUITY"
    )
    # Early in London, and at the exchange still the evening of the day before.
    now = datetime.datetime.combine(
        TRADING[-1] + datetime.timedelta(1), datetime.time(2), datetime.UTC
    )
    imported = get(Request(symbol="AAPL"), tmp_path, now)
    assert len(imported.series) == 199
    assert f"The bar of {TRADING[-1]} left out" in imported.report.notes[0]
    later = now + datetime.timedelta(hours=5)
    assert len(get(Request(symbol="AAPL"), tmp_path, later).series) == 200


def test_pence_are_called_pence(yahoo, tmp_path):
    yahoo.answer = chart(
        TRADING, walk(200), "VOD.L", "GBp", "Europe/London", kind="EQUITY"
    )
    imported = get(Request(symbol="VOD.L"), tmp_path)
    assert imported.series.currency == "GBp"
    assert "pence" in " ".join(imported.report.notes)
    assert "pence" in currency_name("GBp")
    assert currency_name("USD") == "USD"


def test_a_day_in_pounds_among_pence_is_named_and_left_as_it_is(yahoo, tmp_path):
    closes = walk(200)
    closes[100] = closes[100] / 100
    yahoo.answer = chart(TRADING, closes, "VOD.L", "GBp", "Europe/London")
    imported = get(Request(symbol="VOD.L"), tmp_path)
    assert f"-99% on {TRADING[100]}" in " ".join(imported.report.notes)
    assert imported.series.prices[100] == pytest.approx(closes[100])


def test_dividends_in_another_currency_do_not_disturb(yahoo, tmp_path):
    events = {
        "dividends": {
            str(stamp): {"amount": 0.5, "date": stamp, "currency": "USD"}
            for stamp in (1707091200, 1714953600)
        }
    }
    yahoo.answer = chart(TRADING, walk(200), "SHEL.L", "GBp", events=events)
    imported = get(Request(symbol="SHEL.L"), tmp_path)
    assert imported.series.currency == "GBp"
    np.testing.assert_allclose(imported.series.prices, walk(200))


def test_a_long_gap_is_flagged(yahoo, tmp_path):
    present = EVERY[:80] + EVERY[110:]
    yahoo.answer = chart(present, walk(170))
    imported = get(BITCOIN, tmp_path)
    assert imported.series.breaks.tolist() == [80]
    assert "long gap" in " ".join(imported.report.notes)


# Nothing comes


def failure(kind):
    return getattr(curl.exceptions, kind)("Failed to perform")


FAILURES = {
    "rate limit": ((429, "Too Many Requests"), "rate limit"),
    "unknown": (NOT_FOUND, "gave no daily prices for BTC-USD"),
    "empty": (EMPTY, "gave no daily prices"),
    "no prices": (chart(EVERY[:2], [None, None]), "gave no daily prices"),
    "a page instead": ((200, "<html>Sign in</html>"), "cannot be read"),
    "out of order": ((503, "Will be right back"), "cannot be read"),
}


@pytest.mark.parametrize("case", FAILURES)
@pytest.mark.parametrize("period", ["5y", "max"])
def test_each_failure_has_a_sentence_and_a_second_attempt(
    case, period, yahoo, tmp_path
):
    yahoo.answer, message = FAILURES[case]
    with pytest.raises(YahooError, match=message) as caught:
        get(Request(symbol="BTC-USD", period=period), tmp_path)
    assert "sample" in str(caught.value)  # what to do instead
    assert "delisted" not in str(caught.value)
    assert "wrong" not in str(caught.value)
    assert len(yahoo.queries) >= 2


def test_a_request_without_an_answer_is_reported_like_no_network(yahoo, tmp_path):
    yahoo.answer = "hang"
    with pytest.raises(YahooError, match="cannot be reached from here"):
        get(BITCOIN, tmp_path, timeouts=HASTY)
    assert len(yahoo.queries) == 2


@pytest.mark.parametrize("kind", ["DNSError", "ConnectionError", "Timeout", "SSLError"])
def test_without_a_network_it_says_so(kind, yahoo, tmp_path):
    yahoo.failure = failure(kind)
    with pytest.raises(YahooError, match="cannot be reached from here"):
        get(BITCOIN, tmp_path)


def test_a_refusal_is_not_remembered(yahoo, tmp_path):
    """yfinance itself would repeat the 404 as long as the process lives."""
    maximum = Request(symbol="ETH-USD", period="max")
    with pytest.raises(YahooError):
        get(maximum, tmp_path)
    yahoo.answer = chart(EVERY, walk(200), "ETH-USD")
    assert len(get(maximum, tmp_path).series) == 200


def test_a_second_attempt_may_succeed(yahoo, tmp_path):
    yahoo.answers = [(429, "Too Many Requests")] * 2
    yahoo.answer = chart(EVERY, walk(200))
    assert len(get(BITCOIN, tmp_path).series) == 200


def test_waiting_ends_although_yfinance_waits_on(yahoo, tmp_path):
    yahoo.answer = "hang"
    patience = Timeouts(answer=30.0, between=0.0, total=0.3)
    with pytest.raises(YahooError, match="none came in time"):
        get(BITCOIN, tmp_path, timeouts=patience)


def test_too_few_prices_are_refused_with_their_number(yahoo, tmp_path):
    yahoo.answer = chart(EVERY[:40], walk(40))
    with pytest.raises(DataError, match=r"at least 100 rows .* found 40"):
        get(BITCOIN, tmp_path)


def test_the_client_uses_its_own_libcurl_where_tensorflow_is_loaded():
    code = (
        "import tensorflow; from core.stock.sources.yahoo import load_client; "
        "load_client(); from curl_cffi import requests; "
        "from tests.core.stock.sources.yahoo import Yahoo; "
        "yahoo = Yahoo(); session = requests.Session(impersonate='chrome'); "
        "print(session.get(yahoo.address).text)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.stdout == "cookies\n", done.stderr


# Copies


def test_a_recent_copy_is_used_instead_of_a_request(yahoo, tmp_path):
    yahoo.answer = chart(EVERY, walk(200))
    first = get(BITCOIN, tmp_path).series
    before = len(yahoo.queries)
    again = get(BITCOIN, tmp_path, NOON + LIFETIME / 2).series
    assert len(yahoo.queries) == before
    assert again.source == first.source
    np.testing.assert_array_equal(again.prices, first.prices)
    get(BITCOIN, tmp_path, NOON + 2 * LIFETIME)
    assert len(yahoo.queries) > before


def test_an_outdated_copy_is_used_with_its_date_and_the_reason(yahoo, tmp_path):
    yahoo.answer = chart(EVERY, walk(200))
    get(BITCOIN, tmp_path)
    yahoo.answer = (429, "Too Many Requests")
    imported = get(BITCOIN, tmp_path, NOON + datetime.timedelta(days=9))
    assert len(imported.series) == 200
    assert "A copy of 2025-06-01" in imported.report.notes[0]
    assert "rate limit" in imported.report.notes[0]
    assert imported.series.source.endswith("2025-06-01 12:00 UTC")


def test_a_damaged_copy_is_as_good_as_none(yahoo, tmp_path):
    yahoo.answer = chart(EVERY, walk(200))
    get(BITCOIN, tmp_path)
    file = tmp_path / "prices" / f"{BITCOIN.key}.npz"
    file.write_bytes(file.read_bytes()[:500])
    assert read_copy(file) is None
    assert len(get(BITCOIN, tmp_path).series) == 200


def test_simultaneous_requests_for_a_ticker_are_sent_once(yahoo, tmp_path):
    yahoo.answer = chart(EVERY, walk(200))
    found = at_once(*[lambda: get(BITCOIN, tmp_path)] * 8)
    assert [len(each.series) for each in found] == [200] * 8
    assert len(yahoo.history()) == 1


def test_the_number_of_stored_copies_is_limited(yahoo, tmp_path):
    yahoo.answer = chart(EVERY, walk(200))
    folder = tmp_path / "prices"
    folder.mkdir()
    for number in range(MAX_COPIES):
        (folder / f"{number}.npz").touch()
    get(BITCOIN, tmp_path)
    assert len(list(folder.glob("*.npz"))) == MAX_COPIES
    assert read_copy(folder / f"{BITCOIN.key}.npz")


# Requests


@pytest.mark.parametrize("symbol", ["aapl", " BTC-USD ", "^GSPC", "EURUSD=X", "brk-b"])
def test_symbols_in_any_case_are_known(symbol):
    assert Request(symbol=symbol).symbol == symbol.strip().upper()


def test_prices_within_the_day_are_out_of_scope():
    with pytest.raises(ConfigError, match="within the day are out of scope"):
        Request(symbol="AAPL", period="60m")


def test_dates_must_be_in_order():
    day = datetime.date(2024, 1, 1)
    with pytest.raises(ConfigError, match="start: expected a day before the end"):
        Request(symbol="AAPL", start=day, end=day)
    with pytest.raises(ConfigError, match="end: expected a start"):
        Request(symbol="AAPL", end=day)


def test_every_request_has_a_file_of_its_own():
    day = datetime.date(2024, 1, 1)
    requests = [
        *(Request(symbol="AAPL", period=period) for period in PERIODS),
        Request(symbol="AAPL", adjusted=False),
        Request(symbol="AAPL", start=day),
        dataclasses.replace(BITCOIN, symbol=".."),
    ]
    keys = {request.key for request in requests}
    assert len(keys) == len(requests)
    assert not any("/" in key for key in keys)


def test_bitcoin_is_suggested_and_every_suggestion_can_be_asked_for():
    assert "BTC-USD" in SUGGESTIONS
    for symbol in SUGGESTIONS:
        assert Request(symbol=symbol).symbol == symbol
