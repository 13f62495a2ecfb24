"""From a file to a series, with a report of every repair and every assumption."""

from dataclasses import dataclass

from core.stock.csv.columns import (
    currency_of_series,
    date_column,
    price_column,
    select_symbol,
)
from core.stock.csv.gaps import find_gaps
from core.stock.csv.odd_rows import drop_filled_weekends, warn_of_odd_rows
from core.stock.csv.question import Answers, Choice
from core.stock.csv.rows import one_row_each, read_rows, sort_rows
from core.stock.csv.table import read_table
from core.stock.csv.text import read_text
from core.stock.data.series import PriceSeries
from core.stock.wording import format_time
from core.task import Scalar

NO_ANSWERS = Answers()


@dataclass(frozen=True, kw_only=True)
class Report:
    """How a series was read or fetched.

    Attributes
    ----------
    column
        The column of the prices.
    columns
        All columns that could be it, each with its first and last cell.
    decimals
        Both readings of the decimal mark, if the usual one was taken without proof.
    repairs
        What was done to the data, a sentence each.
    warnings
        What is odd about the data and was not changed, a sentence each.
    stale
        Whether this is an old copy, as no newer prices could be fetched.
    """

    column: str
    columns: tuple[Choice, ...] = ()
    decimals: tuple[Choice, ...] = ()
    repairs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    stale: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """Warnings, then repairs."""
        return self.warnings + self.repairs


@dataclass(frozen=True, kw_only=True, eq=False)
class Imported:
    """A series, and the report on how it was read or fetched."""

    series: PriceSeries
    report: Report

    def summary(self) -> dict[str, Scalar | list[str]]:
        """Return what `--inspect` prints."""
        series = self.series
        return {
            "rows": len(series),
            "first_date": format_time(series.dates[0]),
            "last_date": format_time(series.dates[-1]),
            "frequency": series.frequency_name,
            "first_close": float(series.prices[0]),
            "last_close": float(series.prices[-1]),
            "column": self.report.column,
            "repairs": list(self.report.notes),
        }


def import_prices(content: bytes, name: str, answers: Answers = NO_ANSWERS) -> Imported:
    """Read a file of prices.

    The size and shape of the file are checked before it is parsed, so that no file
    takes longer than two seconds.

    Parameters
    ----------
    content
        The file.
    name
        Name of the series; only shown, never opened.
    answers
        The person's answers to questions about the file.

    Raises
    ------
    Question
        If the file can be read in more than one way.
    DataError
        If it cannot be read, with the row where reading ended.
    """
    table = read_table(read_text(content))
    date = date_column(table)
    table, symbol = select_symbol(table, date, answers)
    price = price_column(table, date, answers)
    rows, reading, decimals = read_rows(table, date, price.index, answers)
    rows, sorting = sort_rows(rows)
    rows, weekends = drop_filled_weekends(rows)
    odd = warn_of_odd_rows(rows)
    rows, frequency, duplicates = one_row_each(rows, answers.frequency)
    dates = rows.times if frequency.intraday else rows.days
    warnings, breaks = find_gaps(dates, rows.prices, frequency)
    notes = [*table.notes, *([price.note] if price.note else []), *reading]
    report = Report(
        column=table.columns[price.index],
        columns=price.candidates,
        decimals=decimals,
        repairs=(*notes, *sorting, *weekends, *duplicates),
        warnings=(*price.warnings, *warnings, *odd),
    )
    series = PriceSeries(
        name=f"{name} {symbol}" if symbol and symbol not in name else name,
        dates=dates,
        prices=rows.prices,
        currency=currency_of_series(table, price.index),
        breaks=breaks,
        notes=report.notes,
        frequency_name=frequency.name,
    )
    return Imported(series=series, report=report)
