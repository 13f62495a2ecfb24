"""The command line, run as a person runs it."""

import json

import numpy as np
import pytest

from tests.core import command
from tests.core.stock.helpers import csv_text, made_up_series, read_back
from tests.driver.core.stock_cli import QUICK, stock
from tests.driver.core.stock_result import KEYS

QUICK += ["--folds", "1", "--seeds", "1"]
FIRST_DAY = np.datetime64("2001-01-01")  # of `made_up_series`


@pytest.fixture
def prices(tmp_path):
    series = made_up_series(300)
    lines = [f"{d},{p:.4f}" for d, p in zip(series.dates, series.prices, strict=True)]
    file = tmp_path / "prices.csv"
    file.write_text("Date,Close\n" + "\n".join(lines))
    return file


@pytest.mark.parametrize(
    ("run", "recipe"), [(command.call, "honest"), (command.start, "classic")]
)
def test_json_is_all_of_standard_output_and_the_csv_is_written(prices, run, recipe):
    out = prices.with_name("out.csv")
    options = ("--recipe", recipe, *QUICK, "--out", out, "--json")
    done = run("core.stock", prices, *options)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 1
    answer = json.loads(lines[0])
    assert list(answer) == KEYS
    assert (answer["recipe"], answer["rows"], answer["epochs"]) == (recipe, 300, 2)
    assert read_back(out.read_text())["horizon"].count("1") == 150
    assert answer["test_rows"] == 150
    assert done.stderr == ""  # in a file, beside --json, nobody reads it


def test_the_answer_is_in_words_and_the_days_to_come_are_written(prices):
    out, table = (prices.with_name(name) for name in ("future.csv", "table.csv"))
    files = ("--forecast", out, "--table", table)
    done = stock(prices, *QUICK, "--forecast-days", 7, *files)
    assert done.returncode == 0, done.stderr
    assert "epoch 2/2" in done.stderr
    columns = read_back(out.read_text())
    assert list(columns)[:2] == ["Date", "median"]
    assert columns["Date"] == [str(day) for day in FIRST_DAY + np.arange(300, 307)]
    every = read_back(table.read_text())
    assert set(every["horizon"]) == {"1", "5", "10", "20"}
    assert len(set(every["model"])) > 3
    assert "rel_rmse" in done.stdout
    table = done.stdout.split("\ndays ahead ")[1].splitlines()
    assert [row.split()[0] for row in table[1:]] == ["1", "5", "10", "20"]


def test_the_classic_recipe_is_called_flawed_and_has_no_days_to_come(prices):
    out = prices.with_name("future.csv")
    assert_refused(stock(prices, "--recipe", "classic", "--forecast", out))
    done = stock(prices, "--recipe", "classic", *QUICK)
    assert "flawed" in done.stderr


BAD_FILES = {
    "empty": b"",
    "picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 99,
    "text": csv_text().replace(",40.00", ",forty").encode(),
    "30 rows": csv_text(30).encode(),
    "wide": b"a," * 199_999 + b"a\n",
    "negative": csv_text().replace(",40.00", ",-40.00").encode(),
}
BAD_ARGUMENTS = [
    ["nowhere.csv"],
    ["--sample", "GOLD"],
    ["--epochs", "0"],
    ["--epochs", "many"],
    ["--units", "32", "--window", "512", "--batch", "256"],
    ["--recipe", "magic"],
    ["file.csv", "--sample", "KO"],
]


def test_bad_files_and_arguments_end_with_status_2_and_one_line_in_under_a_second(
    tmp_path,
):
    cases = [*BAD_ARGUMENTS]
    for name, content in BAD_FILES.items():
        file = tmp_path / f"{name}.csv"
        file.write_bytes(content)
        cases.append([file, "--json"])
    answers = command.call_all("core.stock", cases)
    for case, done in zip(cases, answers, strict=True):
        assert_refused(done)
        # Unlike the clock on the wall, it does not count what else the machine does.
        assert done.cpu_seconds < 1.0, case


def assert_refused(done):
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "xpected" in done.stderr or "invalid" in done.stderr
