"""The command line's sources of prices, run as a person runs it."""

import dataclasses
import datetime
import json
import os

import numpy as np
import pytest

from core.stock.sources.ticker import DEFAULT_TIMEOUTS, Copy, write_copy
from core.stock.sources.yahoo import Request
from tests.core.stock.csv.files import (
    csv_of,
    days,
    line,
    paired,
    prices,
    table,
)
from tests.core.stock.csv.wild import FILES
from tests.core.stock.helpers import made_up_series
from tests.driver.core.stock_cli import QUICK, stock

KEYS = [
    *("rows", "first_date", "last_date", "frequency", "first_close", "last_close"),
    *("column", "splits", "repairs", "questions"),
]
SYMBOLS = [f"{d},{s},{p}" for d, p in paired() for s in ("AAPL", "MSFT")]
EARLY = [
    datetime.date(year, month, day)
    for year in range(2000, 2002)
    for month in range(1, 13)
    for day in range(1, 13)
]
THOUSANDS = [f"{d:%d.%m.%Y};{1 + k / 1000:.3f}" for k, d in enumerate(days())]
ASKS = {
    "--symbol": (csv_of(SYMBOLS, "Date,Symbol,Close"), "MSFT"),
    "--column": (csv_of([f"{d},{p},7" for d, p in paired()], "Date,A,B"), "A"),
    "--dates": (table(EARLY, day="{:%d/%m/%Y}"), "day-first"),
    "--decimals": (csv_of(THOUSANDS, "Date;Close"), "comma"),
    "--values": (FILES["Returns"].content, "returns"),
    "--years": (FILES["A year mistyped as 2051"].content, "keep"),
    "--zeros": (FILES["Weekends of zeros"].content, "drop"),
    "--outliers": (FILES["A price ten times too high"].content, "keep"),
    "--frequency": (FILES["Weeks filled forward to days"].content, "weekly"),
}


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "prices.csv"
        path.write_bytes(content)
        return path

    return write


def test_inspection_prints_one_json_object_and_trains_nothing(file):
    done = stock(file(line(table(), 9, "2020-01-13,null")), "--inspect", "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    assert list(answer) == KEYS
    assert answer["rows"] == 149
    assert answer["repairs"] == ["1 row without a price dropped (row 9)."]
    assert answer["questions"] == []


def test_inspection_prints_words_without_json(file):
    done = stock(file(table()), "--inspect")
    assert done.returncode == 0
    assert "2020-01-01" in done.stdout
    assert "Close" in done.stdout


def test_a_sample_is_named_in_any_case_and_can_be_inspected():
    answer = json.loads(stock("--sample", "ko", "--inspect", "--json").stdout)
    assert answer["column"] == "Adj Close"
    assert answer["rows"] == 8313


@pytest.mark.parametrize("option", ASKS)
def test_open_questions_end_with_status_2_and_the_choices_on_one_line(option, file):
    content, answer = ASKS[option]
    path = file(content)
    done = stock(path, "--inspect", "--json")
    assert done.returncode == 2
    (question,) = json.loads(done.stdout)["questions"]
    assert f"--{question['kind']}" == option
    assert answer in [choice["value"] for choice in question["choices"]]
    assert all(choice["preview"] for choice in question["choices"])
    assert len(done.stderr.splitlines()) == 1
    assert option in done.stderr
    assert answer in done.stderr
    answered = stock(path, option, answer, "--inspect", "--json")
    assert answered.returncode == 0, answered.stderr
    assert json.loads(answered.stdout)["rows"] >= 150


def test_splits_are_listed_and_the_option_decides(file):
    values = prices(300)
    values[150:] = [round(value / 2, 2) for value in values[150:]]
    path, day = file(table(days(300), values)), str(days(300)[150])
    answer = json.loads(stock(path, "--inspect", "--json").stdout)
    assert answer["splits"] == [{"date": day, "ratio": "2:1"}]
    assert f"2:1 on {day}" in stock(path, "--inspect").stdout
    answer = json.loads(stock(path, "--splits", "adjust", "--inspect", "--json").stdout)
    assert answer["first_close"] == 50
    assert "divided by 2" in answer["repairs"][0]


def test_inspection_prints_a_question_in_words_without_json(file):
    done = stock(file(ASKS["--symbol"][0]), "--inspect")
    assert done.returncode == 2
    assert "Which one?" in done.stdout
    assert "--symbol MSFT: 150 rows" in done.stdout


def test_repairs_are_named_before_a_training(file):
    rows = [f"{d:%d.%m.%Y};{p:.2f}" for d, p in paired(300)]
    done = stock(file(csv_of(rows, "Datum;Kurs")), *QUICK, "--recipe", "classic")
    assert done.returncode == 0, done.stderr
    assert "Dates read as day/month/year" in done.stderr
    assert "rel_rmse" in done.stdout


def test_a_ticker_is_trained_on_from_a_fresh_copy_without_asking(tmp_path, monkeypatch):
    monkeypatch.setenv("UNROLLED_HOME", str(tmp_path))
    request = Request(symbol="BTC-USD", period="5y")
    folder = tmp_path / "prices"
    folder.mkdir()
    now = datetime.datetime.now(datetime.UTC)
    write_copy(
        folder / f"{request.key}.npz", Copy(series=made_up_series(400), fetched=now)
    )
    asked = ("--ticker", "btc-usd", "--period", "5y", "--recipe", "classic")
    done = stock(*asked, *QUICK, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"] == 400
    days = {"start": datetime.date(2015, 1, 1), "end": datetime.date(2016, 6, 30)}
    dated = Request(symbol="BTC-USD", **days)
    write_copy(
        folder / f"{dated.key}.npz", Copy(series=made_up_series(300), fetched=now)
    )
    span = [word for name, day in days.items() for word in (f"--{name}", day)]
    done = stock("--ticker", "BTC-USD", *span, "--inspect", "--json")
    assert json.loads(done.stdout)["rows"] == 300


def test_a_ticker_without_a_network_ends_with_status_2_and_says_so(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("UNROLLED_HOME", str(tmp_path))
    for name in ("HTTPS_PROXY", "https_proxy"):  # a port at which nobody is
        monkeypatch.setitem(os.environ, name, "http://127.0.0.1:9")
    monkeypatch.setitem(vars(DEFAULT_TIMEOUTS), "between", 0.0)
    done = stock("--ticker", "BTC-USD", "--json")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "cannot be reached" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--ticker", "b@d"],
        ["--ticker", "AAPL", "--period", "60m"],
        ["--ticker", "AAPL", "--start", "yesterday"],
        ["--ticker", "AAPL", "--end", "2020-01-31"],
        ["--ticker", "AAPL", "--start", "2020-01-31", "--end", "2020-01-31"],
        ["--ticker", "AAPL", "--sample", "KO"],
        ["--period", "5y"],
        ["--unadjusted", "--sample", "KO"],
        ["--sample", "KO", "--column", "Close"],
        ["--dates", "backwards"],
        ["--sample", "KO", "--splits", "adjust"],
    ],
    ids=" ".join,
)
def test_options_that_cannot_be_end_with_status_2_and_one_line(arguments):
    done = stock(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "xpected" in done.stderr or "invalid" in done.stderr


def test_windows_keep_clear_of_long_gaps():
    whole = made_up_series(120)
    assert whole.whole_windows(20).tolist() == list(range(101))
    cut = dataclasses.replace(whole, breaks=np.array([30, 100]))
    windows = [range(start, start + 20) for start in cut.whole_windows(20)]
    assert [w.start for w in windows] == [*range(11), *range(30, 81), 100]
    for window in windows:
        assert not any(b in window and b - 1 in window for b in (30, 100))
