"""Files as programs write them are read rightly, asked about, or refused."""

import pytest

from core.stock.csv import import_prices
from core.table.dates import read_days
from tests.core.stock.csv.files import csv_of, days, paired, prices, table
from tests.core.stock.csv.wild import FILES, outcome_of


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_read_rightly_or_asked_about_or_refused(kind):
    file = FILES[kind]
    outcome, said = outcome_of(file)
    assert outcome == file.outcome, said
    assert file.says in said


# What must not be taken for something else


def notes_of(content):
    return " ".join(import_prices(content, "file").report.notes)


def test_weekends_with_prices_of_their_own_stay():
    every = days(300, every_day=True)
    imported = import_prices(table(every), "file")
    assert len(imported.series) == 300
    assert imported.report.repairs == ()


def test_weekends_of_a_price_that_hardly_moves_stay():
    every = days(300, every_day=True)
    values = [7.0 + k // 50 for k in range(300)]
    assert len(import_prices(table(every, values), "file").series) == 300


def test_a_few_equal_last_prices_are_no_reason_to_warn():
    values = [*prices(140), *[99.5] * 10]
    assert "The last" not in notes_of(table(values=values))


def test_prices_that_stay_within_a_third_are_not_in_32nds():
    values = [5 + k % 31 / 100 for k in range(150)]
    assert import_prices(table(values=values), "file").series.prices[1] == 5.01


def test_a_row_with_a_dividend_and_a_price_stays():
    rows = [
        f"{d},{p},{'Dividend' if k == 9 else ''}" for k, (d, p) in enumerate(paired())
    ]
    assert len(import_prices(csv_of(rows, "Date,Close,Event"), "file").series) == 150


@pytest.mark.parametrize(
    ("clock", "hours"),
    [
        ("09:30 PDT", 9.5),
        ("13:00 PDT", 13),
        ("12:00 AM", 0),
        ("12:30 PM", 12.5),
        ("4:00:00 p.m. EST", 16),
        ("11:15AM", 11.25),
        ("9 AM", 9),
        ("09:30:00-05:00[America/New_York]", 9.5),
        ("093000", 9.5),
    ],
)
def test_times_of_day_are_read_in_any_writing(clock, hours):
    _, seconds = read_days([f"2020-01-02 {clock}"], [1], None, [])
    assert seconds[0] == hours * 3600
