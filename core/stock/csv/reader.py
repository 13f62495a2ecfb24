"""From a file to a series, with a report of every repair and every assumption."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.stock.csv.columns import (
    currency_of_series,
    date_column,
    price_column,
    select_symbol,
)
from core.stock.csv.gaps import find_gaps
from core.stock.csv.odd_rows import (
    ask_of_filled_rows,
    drop_filled_weekends,
    warn_of_odd_rows,
    without_outliers,
)
from core.stock.csv.rows import (
    check_prices,
    one_row_each,
    read_rows,
    sort_rows,
)
from core.stock.csv.table import read_table
from core.stock.csv.values import to_prices
from core.stock.data.series import PriceSeries
from core.stock.data.stock_splits import StockSplit, adjust, find_splits
from core.stock.wording import count, format_time
from core.table import Choice, read_answer
from core.task import Scalar

SPLITS = ("adjust", "keep")  # answers


@dataclass(frozen=True, kw_only=True)
class Answers:
    """A person's answers to questions about a file; None: the file decides.

    Attributes
    ----------
    symbol
        The security, of several.
    column
        The column of the price, by its name in the file.
    values
        The kind of the numbers, a key of `VALUES`: prices, or returns of some kind.
    dates
        How to read 03/04/2024: `day-first`, `month-first` or `year-first`; or, of dates
        out of order, whether they are `swapped` or `as-written`.
    decimals
        How to read 1.234 or 1,234: with a decimal `point` or a decimal `comma`.
    frequency
        A key of `FREQUENCIES`, instead of the one found from the dates.
    outliers
        What to do about single prices far from their neighbours: `drop` or `keep`.
    splits
        What to do about splits that the prices are not adjusted for: `adjust` or
        `keep`. Files are read without this answer, too.
    """

    symbol: str | None = None
    column: str | None = None
    values: str | None = None
    dates: str | None = None
    decimals: str | None = None
    frequency: str | None = None
    outliers: str | None = None
    splits: str | None = None


NO_ANSWERS = Answers()


@dataclass(frozen=True, kw_only=True)
class Report:
    """The report on a series that was read or fetched.

    Attributes
    ----------
    column
        The column of the prices.
    columns
        All candidates for it, each with its first and last cell.
    decimals
        Both readings of the decimal mark, if the usual one was taken without proof.
    splits
        Splits found, whether or not they were adjusted.
    undecided
        A sentence about splits without a decision, else empty.
    repairs
        Changes of the data, a sentence each.
    warnings
        Oddities that were not changed, a sentence each.
    stale
        Whether this is an old copy, as newer prices could not be fetched.
    """

    column: str
    columns: tuple[Choice, ...] = ()
    decimals: tuple[Choice, ...] = ()
    splits: tuple[StockSplit, ...] = ()
    undecided: str = ""
    repairs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    stale: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """Warnings, then repairs."""
        undecided = (self.undecided,) if self.undecided else ()
        return undecided + self.warnings + self.repairs


@dataclass(frozen=True, kw_only=True, eq=False)
class Imported:
    """A series, and the report on how it was read or fetched."""

    series: PriceSeries
    report: Report

    def summary(self) -> dict[str, Scalar | list[str] | list[dict[str, str]]]:
        """Return the facts that `--inspect` prints."""
        series = self.series
        return {
            "rows": len(series),
            "first_date": format_time(series.dates[0]),
            "last_date": format_time(series.dates[-1]),
            "frequency": series.frequency_name,
            "first_close": float(series.prices[0]),
            "last_close": float(series.prices[-1]),
            "column": self.report.column,
            "splits": [
                {"date": split.date, "ratio": split.ratio}
                for split in self.report.splits
            ],
            "repairs": list(self.report.notes),
        }


def import_prices(content: bytes, name: str, answers: Answers = NO_ANSWERS) -> Imported:
    """Read a file of prices.

    The size and shape of the file are checked before parsing, which limits the time of
    any file to two seconds.

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
    table = read_table(content)
    table, symbol = select_symbol(table, date_column(table), answers.symbol)
    date = date_column(table)
    price = price_column(table, date, answers.column)
    column = table.columns[price.index]
    rows, reading, decimals = read_rows(
        table, date, price.index, dates=answers.dates, decimals=answers.decimals
    )
    rows, sorting = sort_rows(rows)
    cells = rows.cells.tolist()
    prices, made, odd = to_prices(column, cells, rows.prices, answers.values)
    rows = replace(rows, prices=prices)
    check_prices(rows, column)
    if answers.frequency is None:
        ask_of_filled_rows(rows)
    rows, weekends = drop_filled_weekends(rows)
    odd += warn_of_odd_rows(rows)
    rows, frequency, duplicates = one_row_each(rows, answers.frequency)
    rows, left_out, kept = without_outliers(rows, answers.outliers)
    dates = rows.times if frequency.intraday else rows.days
    splits = find_splits(dates, rows.prices)
    prices, repaired, undecided = _decide_splits(rows.prices, splits, answers.splits)
    explained = (*(split.row for split in splits), *kept, *(kept + 1))
    warnings, breaks = find_gaps(dates, prices, frequency, explained)
    taken = (price.note,) if price.note else ()
    repairs = [*table.notes, *taken, *reading, *sorting, *made, *weekends, *duplicates]
    report = Report(
        column=column,
        columns=price.candidates,
        decimals=decimals,
        splits=splits,
        undecided=undecided,
        repairs=(*repairs, *left_out, *repaired),
        warnings=(*warnings, *odd),
    )
    series = PriceSeries(
        name=f"{name} {symbol}" if symbol and symbol not in name else name,
        dates=dates,
        prices=prices,
        currency=currency_of_series(table, price.index),
        breaks=breaks,
        notes=report.notes,
        frequency_name=frequency.name,
        splits=splits if undecided else (),
    )
    return Imported(series=series, report=report)


def _decide_splits(
    prices: np.ndarray, splits: Sequence[StockSplit], answer: str | None
) -> tuple[np.ndarray, list[str], str]:
    """Adjust the prices for splits, if that is the answer.

    Returns
    -------
    tuple
        The prices, notes for the report, and `Report.undecided`.
    """
    if not splits:
        return prices, [], ""
    if answer is None:
        found = "; ".join(map(str, splits))
        warning = (
            f"The prices seem not to be adjusted for {count(len(splits), 'split')}: "
            f"{found}. Choose whether to adjust or to keep them; until then the "
            "risk forecast is not evaluated."
        )
        return prices, [], warning
    if read_answer("splits", answer, SPLITS) == "keep":
        return prices, [f"{split}, kept as a change of value." for split in splits], ""
    notes = [
        f"{split.ratio} split on {split.date} adjusted: prices before it "
        f"{split.adjustment}."
        for split in splits
    ]
    return adjust(prices, splits), notes, ""
