"""Each kind of file in the wild: what is read, what is notes, and what is asked."""

import datetime

import numpy as np
import pytest

from core.stock.csv import Answers, Question, import_prices
from core.task import DataError
from tests.core.stock.csv.files import csv_of, days, line, paired, prices, table

SEVEN = "Date,Open,High,Low,Close,Adj Close,Volume"


def read(content, **answers):
    return import_prices(content, "file", Answers(**answers))


def notes_of(content, **answers):
    return " ".join(read(content, **answers).report.notes)


def assert_reads(content, dates=None, values=None, **answers):
    """The file gives exactly these days and prices; return the report's sentences."""
    imported = read(content, **answers)
    dates = days() if dates is None else dates
    values = prices(len(dates)) if values is None else values
    np.testing.assert_array_equal(imported.series.dates, np.array(dates, "M8[D]"))
    np.testing.assert_array_equal(imported.series.prices, values)
    return " ".join(imported.report.notes)


def question_about(content, **answers):
    with pytest.raises(Question) as caught:
        read(content, **answers)
    return caught.value


def seven(adjusted=None):
    adjusted = adjusted or prices()
    return [
        f"{d},{2 * p},{2 * p + 1},{2 * p - 1},{2 * p:.2f},{p:.2f},1000"
        for d, p in zip(days(), adjusted, strict=True)
    ]


# No header


def test_without_a_header_seven_columns_are_yahoos_and_the_adjusted_close_is_taken():
    imported = read(csv_of(seven(), header=None))
    assert imported.report.column == "Adj Close"
    assert imported.series.prices.tolist() == prices()
    assert "No header" in imported.report.notes[0]
    assert [c.value for c in imported.report.columns][:2] == ["Adj Close", "Close"]


def test_without_a_header_columns_that_are_not_open_to_close_are_asked_about():
    rows = [f"{d},1,3,1,{p},{p},9" for d, p in paired()]
    assert question_about(csv_of(rows, header=None)).kind == "column"


def test_without_a_header_a_mean_price_of_the_day_is_not_the_adjusted_close():
    means = np.array(prices()) * (1 + np.random.default_rng(1).normal(0, 0.004, 150))
    rows = [
        f"{d},{p},{p * 1.02:.2f},{p * 0.98:.2f},{p},{mean:.2f},9"
        for (d, p), mean in zip(paired(), means, strict=True)
    ]
    assert_reads(csv_of(rows, header=None))


def test_the_column_of_the_chosen_security_is_not_offered_as_its_price():
    rows = [f"{d},{n},{p + n},{p}" for d, p in paired() for n in (90, 110)]
    content = csv_of(rows, header="Date,Strike,Bid,Ask")
    assert question_about(content).kind == "symbol"
    question = question_about(content, symbol="90")
    assert [choice.value for choice in question.choices] == ["Bid", "Ask"]


def test_the_closing_price_is_offered_and_taken_when_it_is_chosen():
    content = csv_of(seven(), header=SEVEN)
    assert_reads(content)
    imported = read(content, column="close")
    assert imported.report.column == "Close"
    np.testing.assert_allclose(imported.series.prices, 2 * np.array(prices()))


def test_a_column_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(DataError, match=r"expected one of Adj Close, Close.*'Klose'"):
        read(csv_of(seven(), header=SEVEN), column="Klose")


# Missing prices


@pytest.mark.parametrize("missing", ["null", "", "NaN", "N/A", "-", "None", "."])
def test_rows_without_a_price_are_dropped_and_counted(missing):
    content = line(table(), 5, f"2020-01-06,{missing}")
    content = line(content, 9, f"2020-01-10,{missing}")
    present = [row for row in range(150) if row not in (3, 7)]
    notes = assert_reads(
        content,
        [days()[row] for row in present],
        [prices()[row] for row in present],
    )
    assert "2 rows without a price dropped (rows 5 and 9)." in notes


# yfinance's header of three rows


def yfinance(symbols, last="Date", index=True):
    fields = ("Close", "High", "Open")
    pairs = [(field, symbol) for field in fields for symbol in symbols]
    head = [
        "Price," + ",".join(field for field, _ in pairs),
        "Ticker," + ",".join(symbol for _, symbol in pairs),
    ]
    if index:
        head.append(last + "," * len(pairs))
    rows = [
        f"{day}," + ",".join(str(p + 1000 * symbols.index(s)) for _, s in pairs)
        for day, p in paired()
    ]
    return csv_of(head + rows, header=None)


def test_yfinances_file_of_several_symbols_is_asked_about():
    question = question_about(yfinance(["AAPL", "MSFT"]))
    assert question.kind == "symbol"
    assert [choice.value for choice in question.choices] == ["AAPL", "MSFT"]
    assert_reads(yfinance(["AAPL", "MSFT"]), symbol="AAPL")
    imported = read(yfinance(["AAPL", "MSFT"]), symbol="msft")
    assert imported.series.prices[0] == prices()[0] + 1000
    assert imported.series.name == "file MSFT"
    assert imported.report.column == "Close"


# Nasdaq and Investing.com


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1.5K", 1500), ("2M", 2e6), ("0.25B", 2.5e8), ("1T", 1e12), ("-", None)],
)
def test_volumes_with_letters_do_not_disturb_and_as_prices_are_read(cell, value):
    rows = [f"{d},{p},{cell}" for d, p in paired()]
    assert_reads(csv_of(rows, header="Date,Close,Volume"))
    if value:
        content = table(values=[value * 1.001**k for k in range(150)], price="{}")
        assert read(line(content, 2, f"2020-01-01,{cell}")).series.prices[0] == value


# Semicolons and decimal commas


def test_three_decimals_between_commas_are_decimals():
    values = [round(1.1 + 0.001 * k, 3) for k in range(150)]
    content = table(values=values, price="{:.3f}")
    assert "as is usual" in assert_reads(content, values=values)
    assert [c.value for c in read(content).report.decimals] == ["point", "comma"]


def test_another_column_may_prove_the_decimal_point():
    rows = [f"{d},{9 + k % 9}.125,1.5" for k, d in enumerate(days())]
    imported = read(csv_of(rows, header="Date,Close,Open"))
    assert imported.series.prices[0] == 9.125
    assert imported.report.decimals == ()


# Day and month


def early_days(years=14, day_of=range(1, 13), weekdays=True):
    """Days up to the twelfth only: nothing is above twelve."""
    every = [
        datetime.date(year, month, day)
        for year in range(2000, 2000 + years)
        for month in range(1, 13)
        for day in day_of
    ]
    return [d for d in every if d.weekday() < 5 or not weekdays]


@pytest.mark.parametrize("form", ["{:%d/%m/%Y}", "{:%m/%d/%Y}", "{:%d-%m-%y}"])
def test_day_and_month_are_told_apart_by_weekends(form):
    assert_reads(table(early_days(), day=form), early_days())


def test_day_and_month_are_told_apart_by_regular_spacing():
    firsts = early_days(day_of=[1], weekdays=False)
    notes = assert_reads(table(firsts, day="{:%d/%m/%Y}"), firsts)
    assert "evenly spaced" in notes
    assert read(table(firsts, day="{:%d/%m/%Y}")).series.frequency_name == "monthly"
    assert "missing" not in notes


def test_two_digit_years_are_read_and_said():
    notes = assert_reads(table(day="{:%m/%d/%y}"))
    assert "Two-digit years read as 2020 to 2020" in notes
    old = days(1500, start=datetime.date(1962, 1, 2))
    assert_reads(table(old, day="{:%d-%b-%y}"), old)
    turn = days(1500, start=datetime.date(1998, 1, 2))
    assert_reads(table(turn, day="{:%d-%m-%y}"), turn)


def test_the_year_may_come_first_with_two_digits():
    new = days(400, start=datetime.date(2003, 1, 1))  # 03-01-01
    assert_reads(table(new, day="{:%y-%m-%d}"), new)


def test_an_answer_that_does_not_fit_is_refused_with_the_row():
    with pytest.raises(DataError, match=r"Row 10: .*month/day/year.*'13/01/2020'"):
        read(table(day="{:%d/%m/%Y}"), dates="month-first")


# Encodings, preambles, headers


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_of_spreadsheets_is_read(encoding):
    text = table(header="Date,Schlusskurs (€),Close").decode()
    rows = [r.replace(",", ",Ä,", 1) if r[:1] == "2" else r for r in text.split("\n")]
    assert_reads("\r\n".join(rows).encode(encoding))


def test_a_line_that_names_the_delimiter_is_used():
    content = b"sep=;\r\n" + table(part=";", header="Date;Close")
    assert "sep=;" in assert_reads(content)
    with pytest.raises(DataError, match="Row 10: "):
        read(line(content, 10, "2020-01-13;none of these"))


def test_two_columns_of_one_name_are_asked_about():
    rows = [f"{d},{p},7" for d, p in paired()]
    content = csv_of(rows, header="Date,Close,Close")
    assert [c.value for c in question_about(content).choices] == ["Close", "Close (2)"]


# Clocks


@pytest.mark.parametrize("power", [0, 3, 6, 9])
def test_epochs_in_any_unit_are_read(power):
    rows = [
        f"{int((d - datetime.date(1970, 1, 1)).days) * 86400 * 10**power},{p}"
        for d, p in paired()
    ]
    assert_reads(csv_of(rows, header="timestamp,close"))


# Days twice, symbols, gaps


def test_a_day_twice_with_the_same_price_is_kept_once():
    content = table().replace(b"2020-01-06,", b"2020-01-03,")
    content = line(content, 5, content.decode().split("\n")[3])
    imported = read(content)
    assert len(imported.series) == 149
    assert (
        "1 row that repeated a day and its price dropped (row 4)"
        in (imported.report.repairs[0])
    )


def test_a_day_with_two_prices_keeps_the_last_in_the_file_and_lists_it():
    content = line(table(), 5, "2020-01-03,123.45")
    imported = read(content)
    assert imported.series.prices[2] == 123.45
    assert "2020-01-03 in rows 4 and 5" in imported.report.repairs[0]
    newest_first = b"\n".join(content.split(b"\n")[:1] + content.split(b"\n")[-2:0:-1])
    assert read(newest_first).series.prices[2] == prices()[2]


def test_prices_within_the_day_stay_unless_days_are_asked_for():
    rows = [
        f"{d} {hour:02d}:00:00,{p + hour / 100:.2f}"
        for d, p in paired()
        for hour in (16, 9, 12)
    ]
    content = csv_of(rows, header="Datetime,Close")
    series = read(content).series
    assert len(series) == 450
    assert str(series.dates[1]) == "2020-01-01T12:00:00"
    assert series.frequency.intraday
    imported = read(content, frequency="daily")
    np.testing.assert_allclose(imported.series.prices, np.array(prices()) + 0.16)
    assert imported.series.dates.dtype == "datetime64[D]"
    assert "prices within the day" in " ".join(imported.report.notes)


def test_a_longer_step_keeps_the_last_price_of_each():
    imported = read(table(days(900)), frequency="weekly")
    fridays = [(d, p) for d, p in zip(days(900), prices(900), strict=True)]
    expected = [p for d, p in fridays if d.weekday() == 4]
    np.testing.assert_array_equal(imported.series.prices[: len(expected)], expected)
    assert imported.series.frequency.step == "week"
    assert "719 rows dropped: the last price of each week" in imported.report.notes[-1]


def test_a_time_written_twice_keeps_the_last_price():
    rows = [f"{d} {hour:02d}:30,{p}" for d, p in paired() for hour in range(9, 16)]
    content = line(csv_of(rows, "Datetime,Close"), 4, f"{days()[0]} 10:30,99.5")
    imported = read(content)
    assert len(imported.series) == 1049
    assert "2020-01-01 10:30 in rows 3 and 4" in imported.report.repairs[0]


def test_prices_at_any_second_become_one_each_step_at_its_start():
    random = np.random.default_rng(0)
    first = np.datetime64("2024-01-02T09:30:00")
    times = first + np.cumsum(random.integers(1, 119, 600))
    rows = [f"{str(t).replace('T', ' ')},{100 + k % 7}" for k, t in enumerate(times)]
    read_in = import_prices(("Date,Close\n" + "\n".join(rows)).encode(), "Trades")
    size = read_in.series.frequency.size * 60
    assert not (read_in.series.dates.astype("datetime64[s]").astype(int) % size).any()
    assert any("start of each" in note for note in read_in.report.notes)


def test_days_have_no_frequency_within_days():
    with pytest.raises(DataError, match="no time of day, got 'hourly'"):
        read(table(), frequency="hourly")


def test_an_unknown_frequency_is_refused():
    with pytest.raises(DataError, match=r"frequency: .* got 'fortnightly'"):
        read(table(), frequency="fortnightly")


@pytest.mark.parametrize("header", ["Date,Symbol,Close", "Date,Close,Name", None])
def test_several_symbols_in_one_file_are_asked_about(header):
    rows = []
    for day, price in paired():
        for symbol, value in (("AAPL", price), ("MSFT", price + 7)):
            cells = (
                (day, symbol, value)
                if header != "Date,Close,Name"
                else (
                    day,
                    value,
                    symbol,
                )
            )
            rows.append(",".join(map(str, cells)))
    content = csv_of(rows, header=header)
    question = question_about(content)
    assert question.kind == "symbol"
    assert [str(c) for c in question.choices] == ["AAPL (150 rows)", "MSFT (150 rows)"]
    assert_reads(content, symbol="AAPL")
    with pytest.raises(DataError, match="expected one of AAPL, MSFT, got 'TSLA'"):
        read(content, symbol="TSLA")


def test_a_symbol_for_a_file_without_symbols_is_refused():
    with pytest.raises(DataError, match="symbol: expected none"):
        read(table(), symbol="AAPL")


def test_gaps_of_crypto_are_flagged_and_a_long_one_breaks_the_series():
    every = days(400, every_day=True)
    present = every[:100] + every[102:200] + every[240:]
    imported = read(table(present))
    assert len(imported.series) == len(present)
    notes = " ".join(imported.report.warnings)
    assert "42 days missing in 2 gaps" in notes
    assert "1 long gap" in notes
    assert imported.series.breaks.tolist() == [198]
    assert imported.series.dates[198] == np.datetime64(every[240])


# What cannot be a price


@pytest.mark.parametrize("cell", ["0", "-3", "inf", "1e999", "12%", "abc", "(3)"])
def test_invalid_prices_are_refused_with_their_rows(cell):
    with pytest.raises(DataError, match=r"^Row 9: .*positive price"):
        read(line(table(), 9, f"2020-01-10,{cell}"))
    content = line(line(table(), 9, f"2020-01-10,{cell}"), 12, f"2020-01-15,{cell}")
    with pytest.raises(DataError, match=r"^Rows 9 and 12: .*positive prices"):
        read(content)


def test_a_leap_is_named_and_left_as_it_is():
    values = prices()[:75] + [round(p / 4, 2) for p in prices()[75:]]
    notes = assert_reads(table(values=values), values=values)
    assert "4:1 on 2020-04-15: 85.74 -> 21.59" in notes
    assert "split" in notes


# What is no CSV at all


def test_a_question_names_its_option_and_choices_on_one_line():
    message = str(question_about(yfinance(["AAPL", "MSFT"])))
    assert "--symbol" in message
    assert "AAPL" in message
    assert "\n" not in message


def test_many_choices_are_cut_in_the_sentence_and_kept_in_the_question():
    rows = [f"{d},S{k:03d},{p}" for d, p in paired() for k in range(60)]
    question = question_about(csv_of(rows, header="Date,Symbol,Close"))
    assert len(question.choices) == 60
    assert "and 48 more" in str(question)


def test_inspection_sums_the_import_up():
    content = line(table(), 9, "2020-01-10,null")
    assert read(content).summary() == {
        "rows": 149,
        "first_date": "2020-01-01",
        "last_date": str(days()[-1]),
        "frequency": "daily",
        "first_close": prices()[0],
        "last_close": prices()[-1],
        "column": "Close",
        "splits": [],
        "repairs": ["1 row without a price dropped (row 9)."],
    }
