"""Reading the rows: a day and a price each, or the row where reading ended."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.stock.importing.dates import read_days
from core.stock.importing.decimals import decimal_mark
from core.stock.importing.numbers import is_missing, read_number, writing
from core.stock.importing.question import Answers, Choice
from core.stock.importing.table import Row, Table
from core.stock.importing.words import count, shortened
from core.stock.importing.words import rows as row_words
from core.stock.series import MIN_ROWS
from core.task import DataError


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """Prices as they stand in a file.

    Attributes
    ----------
    days
        Days (rows,), datetime64[D], in any order.
    seconds
        Time of day (rows,), in seconds.
    prices
        Prices (rows,), positive.
    numbers
        Rows of the file (rows,).
    """

    days: np.ndarray
    seconds: np.ndarray
    prices: np.ndarray
    numbers: np.ndarray

    def take(self, order: np.ndarray) -> "Rows":
        """Return some of the rows, or all in another order."""
        return Rows(
            days=self.days[order],
            seconds=self.seconds[order],
            prices=self.prices[order],
            numbers=self.numbers[order],
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """The rows of a file that have a price, and what the report says of them."""

    rows: Rows
    notes: list[str]
    doubts: tuple[Choice, ...]  # see `Decimals.doubts`


def read_rows(table: Table, date: int, price: int, answers: Answers) -> Reading:
    """Read the columns of the dates and prices.

    Raises
    ------
    Question
        If days or decimals can be read in two ways.
    DataError
        If a cell cannot be read, or if there are too few.
    """
    kept, dropped = _with_price(table, max(date, price) + 1, price)
    numbers = [number for number, _ in kept]
    written = [cells[price] for _, cells in kept]
    columns = range(len(table.columns))
    others = (table.cells(c) for c in columns if c not in (date, price))
    decimals = decimal_mark(written, numbers, others, table.delimiter, answers)
    prices = np.array([read_number(cell, decimals.mark) for cell in written])
    _check_prices(prices, written, numbers)
    days = read_days([cells[date] for _, cells in kept], numbers, answers)
    notes = [*days.notes, *filter(None, [decimals.note]), *writing(written, numbers)]
    if dropped:
        without = f"{count(len(dropped), 'row')} without a price dropped"
        notes.append(f"{without} ({row_words(dropped)}).")
    rows = Rows(
        days=days.days, seconds=days.seconds, prices=prices, numbers=np.array(numbers)
    )
    return Reading(rows=rows, notes=notes, doubts=decimals.doubts)


def _with_price(table: Table, width: int, price: int) -> tuple[list[Row], list[int]]:
    """Return the rows with a price, and the numbers of those without one."""
    kept, dropped = [], []
    for number, cells in table.rows:
        if len(cells) < width:
            raise DataError(
                f"Row {number}: expected at least {width} columns, found "
                f"{len(cells)}. Complete or remove that row."
            )
        if is_missing(cells[price]):
            dropped.append(number)
        else:
            kept.append((number, cells))
    if len(kept) < MIN_ROWS:
        without = f", and {len(dropped):,} without one" if dropped else ""
        raise DataError(
            f"Expected at least {MIN_ROWS} rows with a price, found {len(kept)}"
            f"{without}. Use a longer series."
        )
    return kept, dropped


def _check_prices(
    prices: np.ndarray, written: Sequence[str], numbers: Sequence[int]
) -> None:
    bad = np.flatnonzero(~(np.isfinite(prices) & (prices > 0))).tolist()
    if not bad:
        return
    first = shortened(written[bad[0]])
    where = row_words([numbers[row] for row in bad]).capitalize()
    if len(bad) == 1:
        said = f"expected a positive price, got {first}. Correct or remove that row."
    else:
        said = (
            f"expected positive prices, got {first} in the first of them. Correct or "
            "remove those rows."
        )
    raise DataError(f"{where}: {said}")
