"""Files of prices as they are found in the wild, written for the tests."""

import datetime

import numpy as np

START = datetime.date(2020, 1, 1)  # a Wednesday


def days(rows=150, every_day=False, start=START):
    """Trading days, or every day."""
    found, day = [], start
    while len(found) < rows:
        if every_day or day.weekday() < 5:
            found.append(day)
        day += datetime.timedelta(1)
    return found


def prices(rows=150, start=100.0):
    """Prices with two decimals that never jump."""
    walk = np.random.default_rng(7).normal(0, 0.01, rows).cumsum()
    return [float(price) for price in np.round(start * np.exp(walk), 2)]


def paired(rows=150):
    """Trading days, each with its price."""
    return list(zip(days(rows), prices(rows), strict=True))


def csv_of(rows, header="Date,Adj Close"):
    """Lines of a file, as bytes."""
    lines = [header] if header else []
    return "\n".join([*lines, *rows, ""]).encode()


def table(
    dates=None,
    values=None,
    day="{:%Y-%m-%d}",
    price="{:.2f}",
    part=",",
    header="Date,Close",
):
    """A file of two columns."""
    dates = days() if dates is None else dates
    values = prices(len(dates)) if values is None else values
    rows = [
        part.join((day.format(date), price.format(value)))
        for date, value in zip(dates, values, strict=True)
    ]
    return csv_of(rows, header)


def comma(value, digits=2):
    """1.234,50"""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def line(content, number, text):
    """The same file with another line in one place."""
    lines = content.decode().split("\n")
    lines[number - 1] = text
    return "\n".join(lines).encode()
