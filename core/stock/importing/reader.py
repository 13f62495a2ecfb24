"""From a file to a series: every repair is named, and nothing is guessed silently."""

from dataclasses import dataclass

from core.stock.importing.clean import each_day_once, in_order
from core.stock.importing.columns import date_column, price_column
from core.stock.importing.numbers import currency
from core.stock.importing.question import Answers, Choice
from core.stock.importing.rows import read_rows
from core.stock.importing.survey import survey
from core.stock.importing.symbols import one_symbol
from core.stock.importing.table import read_table
from core.stock.importing.text import read_text
from core.stock.series import PriceSeries
from core.task import Scalar

AS_THE_FILE_SAYS = Answers()


@dataclass(frozen=True, kw_only=True)
class Report:
    """How a series came about.

    Attributes
    ----------
    column
        The column of the prices.
    columns
        All columns that could be it, with what each begins and ends with.
    decimals
        The readings of the decimal mark, if the usual one was taken without proof.
    repairs
        What was done to the data, a sentence each.
    warnings
        What is odd about the data and was left as it is, a sentence each.
    stale
        Whether this is an old copy of what could not be fetched anew.
    """

    column: str
    columns: tuple[Choice, ...] = ()
    decimals: tuple[Choice, ...] = ()
    repairs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    stale: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """Warnings and repairs, the weightier ones first."""
        return self.warnings + self.repairs


@dataclass(frozen=True, kw_only=True, eq=False)
class Imported:
    """A series and how it came about."""

    series: PriceSeries
    report: Report

    def summary(self) -> dict[str, Scalar | list[str]]:
        """Return what `--inspect` prints."""
        series = self.series
        return {
            "rows": len(series),
            "first_date": str(series.dates[0]),
            "last_date": str(series.dates[-1]),
            "first_close": float(series.prices[0]),
            "last_close": float(series.prices[-1]),
            "column": self.report.column,
            "repairs": list(self.report.notes),
        }


def import_prices(
    content: bytes, name: str, answers: Answers = AS_THE_FILE_SAYS
) -> Imported:
    """Read a file of daily prices, whatever wrote it.

    The size and shape of the file are checked before it is parsed, so that no file
    costs more than a moment.

    Parameters
    ----------
    content
        The file.
    name
        What to call the series; only shown, never opened.
    answers
        What the person has said about the file.

    Raises
    ------
    Question
        If the file can be read in more than one way.
    DataError
        If it cannot be read, with the row where reading ended.
    """
    table = read_table(read_text(content))
    date = date_column(table)
    table, symbol = one_symbol(table, date, answers)
    price = price_column(table, date, answers)
    read = read_rows(table, date, price.place, answers)
    rows, sorting = in_order(read.rows)
    rows, doubles = each_day_once(rows)
    found = survey(rows.days, rows.prices)
    notes = [*table.notes, *filter(None, [price.note]), *read.notes, *sorting, *doubles]
    report = Report(
        column=table.columns[price.place],
        columns=price.offered,
        decimals=read.doubts,
        repairs=tuple(notes),
        warnings=found.warnings,
    )
    series = PriceSeries(
        name=f"{name} {symbol}" if symbol and symbol not in name else name,
        dates=rows.days,
        prices=rows.prices,
        currency=currency(table.cells(price.place)),
        breaks=found.breaks,
        notes=report.notes,
    )
    return Imported(series=series, report=report)
