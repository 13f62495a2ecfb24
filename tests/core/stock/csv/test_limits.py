"""Files people bring: the good ones are read, the bad ones explained, at once."""

import dataclasses

import numpy as np
import pytest

from core.stock.csv import MAX_BYTES, import_prices
from core.stock.data.series import PriceSeries, same_prices
from core.task import DataError
from tests.core.stock.helpers import csv_text

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR\x00\x00\x01\x00" * 40


def read_csv(content, name):
    return import_prices(content, name).series


def with_line(number, line):
    lines = csv_text().splitlines()
    lines[number - 1] = line
    return "\n".join(lines).encode()


BAD = {
    "an empty file": (b"", "empty file"),
    "blank lines": (b"\n\n  \n", "empty file"),
    "a picture": (PNG, "not text"),
    "text in the price column": (with_line(50, "2020-02-18,high"), "Row 50: .*'high'"),
    "a negative price": (with_line(70, "2020-03-09,-3"), "Row 70: .*'-3'"),
    "a price of zero": (with_line(70, "2020-03-09,0"), "Row 70: .*'0'"),
    "an infinite price": (with_line(70, "2020-03-09,inf"), "Row 70: .*'inf'"),
    "no date": (with_line(60, "soon,12"), "Row 60: .*'soon'"),
    "a row cut short": (with_line(60, "2020-02-28"), "Row 60: .*found 1"),
    "30 rows": (csv_text(30).encode(), "at least 100 rows .* found 30"),
    "200,000 columns": (b"a," * 199_999 + b"a\n" + b"1," * 199_999, "found 200,000"),
    "a wide row below": (with_line(9, "1," * 200_000), "Row 9: .* found 200,001"),
    "120,000 rows": (b"2020-01-01,1\n" * 120_000, "at most 100,000 .* found 120,000"),
    "13 MB": (b"2020-01-01,1.0000\n" * 700_000, "at most 12 MB, got 12.6 MB"),
    "no price column": (csv_text(header="Date,Amount").encode(), "date, amount"),
    "the same price always": (csv_text(price="7").encode(), "prices that move"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_with_what_is_wrong(case):
    content, message = BAD[case]
    with pytest.raises(DataError, match=message) as caught:
        read_csv(content, "file")
    message = str(caught.value)
    assert "xpected" in message
    assert "\n" not in message
    assert len(message) < 300


def test_a_series_travels_as_bytes_unchanged():
    series = read_csv(csv_text().encode(), "Mein Öl")
    again = PriceSeries.decode(series.encode())
    assert again.name == "Mein Öl"
    np.testing.assert_array_equal(again.dates, series.dates)
    np.testing.assert_array_equal(again.prices, series.prices)


def test_the_same_prices_are_known_by_days_and_prices_whatever_their_name():
    series = import_prices(csv_text().encode(), "prices").series
    renamed = dataclasses.replace(series, name="Another")
    later = dataclasses.replace(series, dates=series.dates + 1)
    dearer = dataclasses.replace(series, prices=series.prices * 2)
    assert same_prices(series, renamed)
    assert not any(same_prices(series, other) for other in (later, dearer))


def test_a_series_refuses_prices_that_are_not_positive_by_number():
    prices = np.linspace(1.0, 2.0, 120)
    prices[[10, 20]] = np.nan, -1.0
    with pytest.raises(DataError, match="price 11, 21"):
        PriceSeries(
            name="x", dates=np.datetime64("2020-01-01") + np.arange(120), prices=prices
        )


def test_the_largest_file_allowed_is_read():
    dates = np.datetime64("1900-01-01") + np.arange(100_000)
    rows = "".join(
        f"{day},1,12,1,{5 + row % 7},{5 + row % 7},6\n" for row, day in enumerate(dates)
    )
    assert len(rows) < MAX_BYTES
    assert len(read_csv(rows.encode(), "file")) == 100_000
