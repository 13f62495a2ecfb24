"""Each kind of file in the wild: what is read, what is notes, and what is asked."""

import datetime

import numpy as np
import pytest

from core.stock.csv import Answers, Question, import_prices
from core.task import DataError
from tests.core.stock.csv.files import comma, csv_of, days, line, paired, prices, table

SEVEN = "Date,Open,High,Low,Close,Adj Close,Volume"
EUROPE = {"header": "Datum;Schlusskurs", "day": "{:%d.%m.%Y}", "part": ";"}


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
        f"{d},1,3,1,{p + 5:.2f},{p:.2f},1000"
        for d, p in zip(days(), adjusted, strict=True)
    ]


# No header


def test_without_a_header_seven_columns_are_yahoos_and_the_adjusted_close_is_taken():
    imported = read(csv_of(seven(), header=None))
    assert imported.report.column == "Adj Close"
    assert imported.series.prices.tolist() == prices()
    assert "No header" in imported.report.notes[0]
    assert [c.value for c in imported.report.columns][:2] == ["Adj Close", "Close"]


def test_without_a_header_a_first_row_without_a_price_is_no_header():
    rows = seven()
    rows[0] = f"{days()[0]},null,null,null,null,null,null"
    assert len(read(csv_of(rows, header=None)).series) == 149


def test_the_closing_price_is_offered_and_taken_when_it_is_chosen():
    content = csv_of(seven(), header=SEVEN)
    assert_reads(content)
    imported = read(content, column="close")
    assert imported.report.column == "Close"
    np.testing.assert_allclose(imported.series.prices, np.array(prices()) + 5)


def test_a_column_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(DataError, match=r"expected one of Adj Close, Close.*'Klose'"):
        read(csv_of(seven(), header=SEVEN), column="Klose")


def test_without_a_header_other_layouts_are_asked_about():
    rows = [f"{d},1,3,1,{p},9" for d, p in paired()]
    question = question_about(csv_of(rows, header=None))
    assert question.kind == "column"
    assert question.choices[3].value == "Column 5"
    assert str(prices()[-1]) in question.choices[3].preview
    assert_reads(csv_of(rows, header=None), column="Column 5")


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


@pytest.mark.parametrize("index", [True, False])
def test_yfinances_header_of_several_rows_is_read(index):
    assert_reads(yfinance(["AAPL"], index=index))


def test_yfinances_file_of_several_symbols_is_asked_about():
    question = question_about(yfinance(["AAPL", "MSFT"]))
    assert question.kind == "symbol"
    assert [choice.value for choice in question.choices] == ["AAPL", "MSFT"]
    assert_reads(yfinance(["AAPL", "MSFT"]), symbol="AAPL")
    imported = read(yfinance(["AAPL", "MSFT"]), symbol="msft")
    assert imported.series.prices[0] == prices()[0] + 1000
    assert imported.series.name == "file MSFT"
    assert imported.report.column == "Close"


def test_the_older_header_with_the_ticker_first_is_read_too():
    head = ["Ticker,AAPL,AAPL", "Price,Open,Adj Close", "Date,,"]
    rows = [f"{d},1,{p}" for d, p in paired()]
    assert_reads(csv_of(head + rows, header=None))


# Nasdaq and Investing.com


def test_nasdaqs_file_is_read():
    rows = [f'{d:%m/%d/%Y},${p:.2f},"1,000,000",$1,$3,$1' for d, p in paired()]
    content = csv_of(rows[::-1], header="Date,Close/Last,Volume,Open,High,Low")
    notes = assert_reads(content)
    assert "newest came first" in notes
    assert "Currency sign $" in notes
    assert read(content).report.column == "Close/Last"
    assert read(content).series.currency == "$"


def test_investing_coms_file_is_read():
    high = [price * 20 for price in prices()]
    rows = [
        f'"{d:%b %d, %Y}","{p:,.2f}","1,234.50","68.18K","-0.61%"'
        for d, p in zip(days(), high, strict=True)
    ]
    header = '"Date","Price","Open","Vol.","Change %"'
    notes = assert_reads(
        csv_of(rows[::-1], header=header), values=[round(p, 2) for p in high]
    )
    assert "Thousands separators" in notes


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


def test_semicolons_and_decimal_commas_are_read():
    rows = [f"{d:%d.%m.%Y};{comma(p)}" for d, p in paired()]
    notes = assert_reads(csv_of(rows, header="Datum;Schlusskurs"))
    assert "Decimal comma" in notes
    assert "day/month" in notes


def test_thousands_are_told_from_decimals_in_both_ways_of_writing():
    high = [round(price * 50, 2) for price in prices()]
    there = [f"{d:%d.%m.%Y};{comma(p)}" for d, p in zip(days(), high, strict=True)]
    here = [f'{d},"{p:,.2f}"' for d, p in zip(days(), high, strict=True)]
    swiss = [
        f"{d};{f'{p:,.2f}'.replace(',', chr(39))}"
        for d, p in zip(days(), high, strict=True)
    ]
    french = [
        f"{d:%d/%m/%Y};{comma(p).replace('.', chr(0x202F))}"
        for d, p in zip(days(), high, strict=True)
    ]
    for rows, header in (
        (there, "Datum;Kurs"),
        (here, "Date,Close"),
        (swiss, "Date;Close"),
        (french, "Date;Dernier"),
    ):
        assert_reads(csv_of(rows, header=header), values=high)


def test_a_date_with_points_is_never_taken_for_thousands():
    """pandas with thousands="." reads 01.02.2024 as 1022024."""
    rows = [f"{d:%d.%m.%Y};{comma(p)}" for d, p in paired()]
    assert read(csv_of(rows, header="Datum;Kurs")).series.dates[0] == np.datetime64(
        "2020-01-01"
    )


def test_three_decimals_that_may_be_thousands_are_asked_about():
    values = [round(1.1 + 0.001 * k, 3) for k in range(150)]
    content = table(values=values, price="{:.3f}", part=";", header="Date;Close")
    question = question_about(content)
    assert question.kind == "decimals"
    assert [c.value for c in question.choices] == ["point", "comma"]
    assert_reads(content, values=values, decimals="point")
    assert_reads(content, values=[round(v * 1000) for v in values], decimals="comma")


def test_three_decimals_between_commas_are_decimals():
    values = [round(1.1 + 0.001 * k, 3) for k in range(150)]
    content = table(values=values, price="{:.3f}")
    assert "as is usual" in assert_reads(content, values=values)
    assert [c.value for c in read(content).report.decimals] == ["point", "comma"]


def test_another_column_may_prove_it():
    rows = [f"{d},{9 + k % 9}.125,1.5" for k, d in enumerate(days())]
    imported = read(csv_of(rows, header="Date,Close,Open"))
    assert imported.series.prices[0] == 9.125
    assert imported.report.decimals == ()


def test_but_not_if_another_column_has_decimal_commas():
    rows = [f'{d},{9 + k % 9}.125,"1,5"' for k, d in enumerate(days())]
    assert question_about(csv_of(rows, header="Date,Close,Open")).kind == "decimals"


def test_and_not_if_the_price_would_leap():
    rows = [f"{d},{'995' if k % 2 else '1.005'}" for k, d in enumerate(days())]
    assert question_about(csv_of(rows, header="Date,Close")).kind == "decimals"


def test_both_decimal_marks_in_one_column_are_refused_with_both_rows():
    content = table(part=";", header="Date;Close")
    content = line(content, 20, "2020-01-27;99,5")
    with pytest.raises(DataError, match=r"Row 20 has '99,5' and row 2 has"):
        read(content)


def test_an_unquoted_decimal_comma_between_commas_is_refused():
    rows = [f"{d},{comma(p)}" for d, p in paired()]
    with pytest.raises(DataError, match=r"Row 2: expected 2 cells .* found 3"):
        read(csv_of(rows, header="Date,Close"))


# Day and month


def test_a_day_above_twelve_settles_the_order_and_is_named():
    notes = assert_reads(table(day="{:%d/%m/%Y}"))
    assert "day/month/year because row 10 has 13/01." in notes
    notes = assert_reads(table(day="{:%m/%d/%Y}"))
    assert "month/day/year because row 10 has 01/13." in notes


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
def test_else_weekends_settle_it(form):
    assert_reads(table(early_days(), day=form), early_days())


def test_or_regular_spacing_does():
    firsts = early_days(day_of=[1], weekdays=False)
    notes = assert_reads(table(firsts, day="{:%d/%m/%Y}"), firsts)
    assert "evenly spaced" in notes
    assert read(table(firsts, day="{:%d/%m/%Y}")).series.frequency_name == "monthly"
    assert "missing" not in notes


def test_else_it_is_asked():
    both = early_days(weekdays=False)
    content = table(both, day="{:%d/%m/%Y}")
    question = question_about(content)
    assert question.kind == "dates"
    assert [choice.value for choice in question.choices] == ["day-first", "month-first"]
    assert "02/01/2000 is 2 January 2000" in question.choices[0].preview
    assert "02/01/2000 is 1 February 2000" in question.choices[1].preview
    chosen = read(content, dates="day-first").series
    np.testing.assert_array_equal(chosen.dates, np.array(both, "M8[D]"))
    other = read(content, dates="month-first").series
    assert other.dates[1] == np.datetime64("2000-01-02")


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


def test_a_hundred_years_with_two_digits_are_refused():
    old = days(26_500, start=datetime.date(1916, 1, 3))
    with pytest.raises(DataError, match="four digits"):
        read(table(old, day="{:%d-%m-%y}"))


def test_an_answer_that_does_not_fit_is_refused_with_the_row():
    with pytest.raises(DataError, match=r"Row 10: .*month/day/year.*'13/01/2020'"):
        read(table(day="{:%d/%m/%Y}"), dates="month-first")


def test_two_ways_of_writing_dates_in_one_column_are_refused():
    content = line(table(day="{:%d/%m/%Y}"), 30, "2020-02-10,100")
    with pytest.raises(DataError, match=r"Row 2 has .* row 30 has '2020-02-10'"):
        read(content)


@pytest.mark.parametrize(
    "form",
    ["{:%Y/%m/%d}", "{:%Y%m%d}", '"{:%B %d, %Y}"', "{:%d %b %Y}", "{:%a %d-%b-%Y}"],
)
def test_other_ways_of_writing_dates_are_read(form):
    assert_reads(table(day=form))


# Encodings, preambles, headers


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_encoding_of_spreadsheets_is_read(encoding):
    text = table(header="Date,Schlusskurs (€),Close").decode()
    rows = [r.replace(",", ",Ä,", 1) if r[:1] == "2" else r for r in text.split("\n")]
    assert_reads("\r\n".join(rows).encode(encoding))


def test_a_line_that_names_the_delimiter_is_used():
    content = b"sep=;\r\n" + table(part=";", header="Date;Close")
    assert "sep=;" in assert_reads(content)
    with pytest.raises(DataError, match="Row 10: "):
        read(line(content, 10, "2020-01-13;none of these"))


def test_lines_above_the_header_are_left_out_and_said():
    above = b"Prices of Example Corp\nDownloaded,2024-05-01\n\n"
    notes = assert_reads(above + table())
    assert "Text above the header left out (rows 1 and 2)." in notes


@pytest.mark.parametrize(
    "header", [" DATE , CLOSE ", "date,close", "<DATE>,<CLOSE>", "Date,Close*"]
)
def test_headers_in_any_dress_are_known(header):
    assert_reads(table(header=header))


@pytest.mark.parametrize(
    "header", [",Date,Close", "Unnamed: 0,Date,Close", "Date,Close"]
)
def test_an_index_column_is_ignored(header):
    rows = [f"{k},{d},{p}" for k, (d, p) in enumerate(paired())]
    assert_reads(csv_of(rows, header=header))


def test_a_single_column_of_numbers_is_the_price_and_that_is_said():
    notes = assert_reads(table(header="observation_date,DCOILWTICO"))
    assert "DCOILWTICO taken as the price" in notes


def test_several_columns_without_a_known_name_are_asked_about():
    rows = [f"{d},{p},7" for d, p in paired()]
    content = csv_of(rows, header="Date,AAPL,MSFT")
    question = question_about(content)
    assert [choice.value for choice in question.choices] == ["AAPL", "MSFT"]
    assert_reads(content, column="AAPL")


def test_two_columns_of_one_name_are_asked_about():
    rows = [f"{d},{p},7" for d, p in paired()]
    content = csv_of(rows, header="Date,Close,Close")
    assert [c.value for c in question_about(content).choices] == ["Close", "Close (2)"]


def test_an_empty_adjusted_close_gives_way_to_the_close():
    rows = [f"{d},{p},null" for d, p in paired()]
    content = csv_of(rows, header="Date,Close,Adj Close")
    assert_reads(content)
    assert read(content).report.column == "Close"


# Clocks


def test_mixed_offsets_keep_the_day_at_the_exchange():
    rows = [f"{d} 00:00:00-0{4 if 3 < d.month < 11 else 5}:00,{p}" for d, p in paired()]
    assert_reads(csv_of(rows, header="Date,Close"))


def test_midnight_in_paris_written_in_utc_is_the_next_day():
    shifted = [d - datetime.timedelta(1) for d in days()]
    notes = assert_reads(table(shifted, day="{:%Y-%m-%d}T23:00:00Z"), days())
    assert "midnight at the exchange" in notes


@pytest.mark.parametrize("power", [0, 3, 6, 9])
def test_epochs_in_any_unit_are_read(power):
    rows = [
        f"{int((d - datetime.date(1970, 1, 1)).days) * 86400 * 10**power},{p}"
        for d, p in paired()
    ]
    assert_reads(csv_of(rows, header="timestamp,close"))


def test_binances_change_of_unit_within_a_file_is_read():
    dates = days(200, every_day=True, start=datetime.date(2024, 10, 1))
    rows = []
    for day, price in zip(dates, prices(200), strict=True):
        unit = 10**6 if day >= datetime.date(2025, 1, 1) else 10**3
        stamp = (day - datetime.date(1970, 1, 1)).days * 86_400 * unit
        end = stamp + 86_400 * unit - 1
        rows.append(f"{stamp},1,3,1,{price},5,{end},1,1,1,1,0")
    notes = assert_reads(csv_of(rows, header=None), dates, prices(200))
    assert "milliseconds and microseconds" in notes


def test_epochs_before_1970_are_read():
    old = days(400, start=datetime.date(1969, 1, 1))
    rows = [
        f"{(d - datetime.date(1970, 1, 1)).days * 86_400},{p}"
        for d, p in zip(old, prices(400), strict=True)
    ]
    assert_reads(csv_of(rows, header="timestamp,close"), old)


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


def test_a_column_of_times_belongs_to_that_of_the_dates():
    rows = [
        f"{d:%Y%m%d},{hour:02d}:00:00,{p + hour / 100:.2f},{p + hour / 50:.2f}"
        for d, p in paired()
        for hour in range(9, 17)
    ]
    series = read(csv_of(rows, header="<DATE>,<TIME>,<OPEN>,<CLOSE>")).series
    assert (len(series), series.frequency_name) == (1200, "hourly")
    assert str(series.dates[-1]) == f"{days()[-1]}T16:00:00"


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


def test_one_symbol_in_every_row_is_not_asked_about():
    rows = [f"{d},AAPL,{p}" for d, p in paired()]
    assert_reads(csv_of(rows, header="Date,Symbol,Close"))


def test_a_symbol_for_a_file_without_symbols_is_refused():
    with pytest.raises(DataError, match="symbol: expected none"):
        read(table(), symbol="AAPL")


def test_stocks_keep_their_calendar_and_nothing_is_filled_in():
    imported = read(table())
    assert len(imported.series) == 150
    assert imported.report.warnings == ()
    assert imported.series.breaks.size == 0


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
def test_what_is_no_price_is_refused_with_the_rows(cell):
    with pytest.raises(DataError, match=r"^Row 9: .*positive price"):
        read(line(table(), 9, f"2020-01-10,{cell}"))
    content = line(line(table(), 9, f"2020-01-10,{cell}"), 12, f"2020-01-15,{cell}")
    with pytest.raises(DataError, match=r"^Rows 9 and 12: .*positive prices"):
        read(content)


def test_a_price_that_never_moves_is_refused():
    with pytest.raises(DataError, match="prices that move, got 7 in every row"):
        read(table(values=[7.0] * 150))


def test_a_leap_is_named_and_left_as_it_is():
    values = prices()[:75] + [round(p / 4, 2) for p in prices()[75:]]
    notes = assert_reads(table(values=values), values=values)
    assert "4:1 on 2020-04-15: 85.74 -> 21.59" in notes
    assert "split" in notes


# What is no CSV at all

NO_CSV = {
    "a web page": (b"<!DOCTYPE html>\n<html><body>Too many requests", r"web page"),
    "an Excel workbook": (b"PK\x03\x04" + bytes(99), "Excel workbook"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + bytes(99), "Excel workbook"),
    "a PDF": (b"%PDF-1.7\n%....", "a PDF"),
    "JSON": (b'{"chart": {"result": null}}', "JSON"),
    "nothing": (b"", "empty file"),
    "a mark and nothing": (b"\xef\xbb\xbf\n", "empty file"),
    "bytes": (bytes(range(256)), "not text"),
    "too short": (table(days(99)), "at least 100 rows .* found 99"),
    "words": (b"dear all,\nplease find attached\n", "no column of dates"),
    "a header alone": (b"Date,Close\n", "found 0"),
    "day numbers": (table(day="45{:%j}"), "spreadsheet's day number"),
}


@pytest.mark.parametrize("case", NO_CSV)
def test_what_is_no_csv_is_called_by_its_name(case):
    content, message = NO_CSV[case]
    with pytest.raises(DataError, match=message):
        read(content)


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
