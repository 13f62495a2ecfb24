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
    without_far_dates,
    without_outliers,
    without_zeros,
)
from core.stock.csv.rows import check_prices, one_row_each, read_rows, sort_rows
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
    """A person's answers to questions about a file; None: the file decides."""

    symbol: str | None = None  # the security, of several
    column: str | None = None  # name of the price column in the file
    values: str | None = None  # kind of the numbers, a key of `VALUES`
    dates: str | None = None  # one of `core.table.dates.ANSWERS`
    decimals: str | None = None  # a decimal `point` or a decimal `comma`
    frequency: str | None = None  # a key of `FREQUENCIES`
    years: str | None = None  # `drop` or `keep` dates years from their neighbours
    zeros: str | None = None  # `drop` rows of zeros on closed days
    outliers: str | None = None  # `drop` or `keep` single prices far off
    splits: str | None = None  # `adjust` or `keep`; never required


NO_ANSWERS = Answers()


@dataclass(frozen=True, kw_only=True)
class Report:
    """The report on a series that was read or fetched."""

    column: str  # of the prices
    columns: tuple[Choice, ...] = ()  # candidates for it, with first and last cell
    decimals: tuple[Choice, ...] = ()  # both readings, if one was taken without proof
    splits: tuple[StockSplit, ...] = ()  # all that were found
    undecided: str = ""  # a sentence about splits without an answer
    repairs: tuple[str, ...] = ()  # changes of the data, a sentence each
    warnings: tuple[str, ...] = ()  # oddities that were not changed, a sentence each
    stale: bool = False  # an old copy, as newer prices could not be fetched

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
    """Read a file of prices; its name is only shown.

    Each step appends what it changed to `repairs`. Size and shape are checked before
    parsing, which limits the time of any file to two seconds.

    Raise a Question if the file can be read in more than one way; a DataError if it
    cannot be read, with the row where reading ended.
    """
    repairs: list[str] = []
    warnings: list[str] = []
    table = read_table(content, repairs)
    table, symbol = select_symbol(table, date_column(table), answers.symbol)
    date = date_column(table)
    price, candidates = price_column(table, date, answers.column, repairs)
    column = table.columns[price]
    rows, decimals = read_rows(
        table, date, price, answers.dates, answers.decimals, repairs
    )
    rows = without_far_dates(rows, answers.years, repairs)
    rows = sort_rows(rows, repairs)
    rows = without_zeros(rows, answers.zeros, repairs)
    prices = to_prices(column, rows, answers.values, repairs, warnings)
    rows = replace(rows, prices=prices)
    check_prices(rows, column)
    if answers.frequency is None:
        ask_of_filled_rows(rows)
    rows = drop_filled_weekends(rows, repairs)
    warnings += warn_of_odd_rows(rows)
    rows, frequency = one_row_each(rows, answers.frequency, repairs)
    rows, outliers = without_outliers(rows, answers.outliers, repairs)
    dates = rows.times if frequency.intraday else rows.days
    splits = find_splits(dates, rows.prices)
    prices, undecided = _decide_splits(rows.prices, splits, answers.splits, repairs)
    explained = (*(split.row for split in splits), *outliers, *(outliers + 1))
    gaps, breaks = find_gaps(dates, prices, frequency, explained)
    report = Report(
        column=column,
        columns=candidates,
        decimals=decimals,
        splits=splits,
        undecided=undecided,
        repairs=tuple(repairs),
        warnings=(*gaps, *warnings),
    )
    series = PriceSeries(
        name=f"{name} {symbol}" if symbol and symbol not in name else name,
        dates=dates,
        prices=prices,
        currency=currency_of_series(table, price),
        breaks=breaks,
        notes=report.notes,
        frequency_name=frequency.name,
        splits=splits if undecided else (),
    )
    return Imported(series=series, report=report)


def _decide_splits(
    prices: np.ndarray,
    splits: Sequence[StockSplit],
    answer: str | None,
    repairs: list[str],
) -> tuple[np.ndarray, str]:
    """Return prices adjusted for splits, if so answered, and `Report.undecided`."""
    if not splits:
        return prices, ""
    if answer is None:
        found = "; ".join(map(str, splits))
        return prices, (
            f"The prices seem not to be adjusted for {count(len(splits), 'split')}: "
            f"{found}. Choose whether to adjust or to keep them; until then the "
            "risk forecast is not evaluated."
        )
    if read_answer("splits", answer, SPLITS) == "keep":
        repairs += [f"{split}, kept as a change of value." for split in splits]
        return prices, ""
    repairs += [
        f"{split.ratio} split on {split.date} adjusted: prices before it "
        f"{split.adjustment}."
        for split in splits
    ]
    return adjust(prices, splits), ""
