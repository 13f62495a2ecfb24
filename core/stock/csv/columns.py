"""Which column is the date, which the price, and which of several securities."""

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.stock.csv.dates import looks_like_date, looks_like_month
from core.stock.csv.numbers import (
    CURRENCY_NAME,
    check_one_currency,
    currency,
    currency_in_name,
    is_missing,
    is_number,
    read_number,
)
from core.stock.csv.question import Answers, Choice, Question, index_of_answer
from core.stock.csv.table import ADJUSTED, CLOSE, DATE, MONTHS, Table, normalised
from core.stock.csv.text import EXPECTED
from core.stock.wording import count, quoted
from core.task import DataError

SAMPLE_ROWS = 50  # that the kind of a column is recognised by
OTHER_PRICES = ("open", "high", "low", "open price", "high price", "low price", "vwap")
NO_PRICE = re.compile(
    r"vol|volume|volume .*|.* volume|vol .*|turnover|amount|change|change .*|chg.*"
    r"|number of trades|trades|count|dividends?|stock splits|capital gains|index|id"
    r"|unnamed .*|close time|ignore|openint|taker .*|per|currency|market ?cap.*"
)
SYMBOL = ("symbol", "ticker", "name", "stock", "code", "instrument", "asset", "coin")
CURRENCIES = ("currency", "ccy", "währung", "devise", "moneda")
RETURNS = re.compile(
    r"(.* )?(returns?|ret|rets|rendite|rendement|pct|percent|chg|performance)( .*)?"
    r"|.*change.*|pct_?change|log_?ret.*"
)
SAMPLE_SIGNS = 1000  # numbers whose signs are looked at
MIN_NEGATIVE = 0.1  # share of the numbers of a column that are returns


def date_column(table: Table) -> int:
    """Return the column of the dates, or raise a DataError if there is none."""
    dated = [c for c in range(len(table.columns)) if _mostly(table, c, looks_like_date)]
    names = [normalised(name) for name in table.columns]
    for name in DATE:
        if name in names and (names.index(name) in dated or name == "date"):
            return names.index(name)
    if dated:
        return dated[0]
    for c, name in enumerate(names):
        if name in (*DATE, *MONTHS) and _mostly(table, c, looks_like_month):
            return c
    raise DataError(
        f"{EXPECTED}, got no dates in the columns {_listed(table.columns)}. Rename or "
        "add them."
    )


@dataclass(frozen=True, kw_only=True)
class PriceColumn:
    """The index of the price column, all candidates, and what the report says."""

    index: int
    candidates: tuple[Choice, ...]
    note: str | None = None
    warnings: tuple[str, ...] = ()


def price_column(table: Table, date: int, answers: Answers) -> PriceColumn:
    """Find the column of the prices: adjusted if there is one, else at the close.

    Raises
    ------
    Question
        If no name says which column it is, or if two say so.
    DataError
        If there is no column of numbers.
    """
    known = _known_prices(table)
    numeric = [
        c
        for c in range(len(table.columns))
        if c not in (date, *known) and _may_be_price(table, c)
    ]
    returns = [c for c in (*known, *numeric) if _has_returns(table, c)]
    named = _named_as_prices(table, [c for c in numeric if c not in returns])
    indices = [*known, *named]
    candidates = tuple(_preview(table, c) for c in indices)
    if answers.column is not None:
        every = [*indices, *(c for c in returns if c not in indices)]
        choices = [_preview(table, c) for c in every]
        index = every[index_of_answer("column", answers.column, choices)]
        return _checked(table, PriceColumn(index=index, candidates=candidates))
    if not indices:
        raise _no_prices(table, returns)
    name = table.columns[indices[0]]
    if known and f"{name} (2)" not in table.columns:
        return _checked(table, PriceColumn(index=indices[0], candidates=candidates))
    if len(indices) == 1 and normalised(name) not in OTHER_PRICES:
        note = f"{name} taken as the price: no other column can be."
        found = PriceColumn(index=indices[0], candidates=candidates, note=note)
        return _checked(table, found)
    raise Question("column", "Which column is the price at the close?", candidates)


def _known_prices(table: Table) -> list[int]:
    """Return the columns that are prices by their name, best first, empty ones last."""
    names = [normalised(currency_in_name(name)[0]) for name in table.columns]
    found = [names.index(name) for name in (*ADJUSTED, *CLOSE) if name in names]
    return sorted(found, key=lambda c: all(map(is_missing, table.cells(c))))


def _named_as_prices(table: Table, numeric: list[int]) -> list[int]:
    """Leave out codes, row labels and returns if there are other columns of numbers."""
    names = {c: normalised(table.columns[c]) for c in numeric}
    others = [
        c
        for c in numeric
        if names[c] not in SYMBOL and RETURNS.fullmatch(names[c]) is None
    ]
    return others or numeric


def _has_returns(table: Table, column: int) -> bool:
    """Whether the numbers of a column are returns: percent, or around zero."""
    every = table.cells(column)
    sample = every[:: max(1, len(every) // SAMPLE_SIGNS)]
    cells = [cell for cell in sample if not is_missing(cell)]
    negative = sum(cell[0] in "-(−" for cell in cells)
    percent = sum(cell.endswith("%") for cell in cells)
    return max(percent / 5, negative) > MIN_NEGATIVE * len(cells)


def _checked(table: Table, found: PriceColumn) -> PriceColumn:
    """Refuse a column of returns, and say so if one is only named like that.

    Raises
    ------
    DataError
        If the numbers are percent, on both sides of zero, or, under the name of
        returns, as unrelated from row to row as returns are.
    """
    name = table.columns[found.index]
    if _has_returns(table, found.index):
        raise _no_prices(table, [found.index])
    if RETURNS.fullmatch(normalised(name)) is None:
        return found
    values = np.array([read_number(c, ".") for c in table.cells(found.index)])
    values = values[values > 0]
    # The variance of the changes is twice that of the values for unrelated values, and
    # a small part of it for prices.
    if len(values) < 2 or np.var(np.diff(values)) > np.var(values):
        raise _no_prices(table, [found.index])
    warning = f"The column {name} is read as prices, although it is named like returns."
    return dataclasses.replace(found, warnings=(warning,))


def _no_prices(table: Table, returns: list[int]) -> DataError:
    if not returns:
        return DataError(
            f"{EXPECTED}, got the columns {_listed(table.columns)}. Rename or add them."
        )
    column = returns[0]
    shown = ", ".join(c for c in table.cells(column)[:3] if c)[:60]
    return DataError(
        f"Expected prices, got {quoted(table.columns[column])}, which looks like "
        f"returns: percentages, or numbers around zero ({shown}). Use the prices that "
        "they were computed from."
    )


def _may_be_price(table: Table, column: int) -> bool:
    """Whether a column has numbers, and a name that does not rule prices out."""
    name = normalised(table.columns[column])
    ruled_out = NO_PRICE.fullmatch(name) and not RETURNS.fullmatch(name)
    return not ruled_out and _mostly(table, column, lambda c: is_number(c.rstrip("% ")))


def _mostly(table: Table, column: int, kind: Callable[[str], bool]) -> bool:
    """Whether at least half of a column's first cells, missing ones aside, are so."""
    cells = [row[column] for _, row in table.rows[:SAMPLE_ROWS] if column < len(row)]
    present = [cell for cell in cells if not is_missing(cell)]
    return bool(present) and 2 * sum(map(kind, present)) >= len(present)


def _preview(table: Table, column: int) -> Choice:
    cells = table.cells(column)
    first = next((cell for cell in cells if not is_missing(cell)), None)
    last = next((cell for cell in reversed(cells) if not is_missing(cell)), "")
    ends = "empty" if first is None else f"first {first[:20]}, last {last[:20]}"
    return Choice(value=table.columns[column], preview=ends)


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(name.casefold() for name in columns[:8])[:80]


def select_symbol(
    table: Table, date: int, answers: Answers
) -> tuple[Table, str | None]:
    """Select the rows or columns of one security; return also its symbol, if any.

    Raises
    ------
    Question
        If there are several and none was chosen.
    """
    if any(table.symbols):
        name = _choose_symbol(table.symbols, "column", answers)
        return _columns_of(table, name), name
    column = _symbol_column(table, date)
    cells = [] if column is None else table.cells(column)
    if any(cells):
        name = _choose_symbol(cells, "row", answers)
        rows = [row for row, of in zip(table.rows, cells, strict=True) if of == name]
        return dataclasses.replace(table, rows=rows), name
    if answers.symbol is not None:
        raise DataError(
            f"symbol: expected none, as this file has one series, got "
            f"{answers.symbol[:40]!r}. Leave it out."
        )
    return table, None


def _choose_symbol(symbols: Sequence[str], thing: str, answers: Answers) -> str:
    counts = Counter(filter(None, symbols))
    choices = [
        Choice(value=symbol, preview=count(number, thing))
        for symbol, number in counts.items()
    ]
    if answers.symbol is not None:
        return choices[index_of_answer("symbol", answers.symbol, choices)].value
    if len(choices) == 1:
        return choices[0].value
    raise Question(
        "symbol",
        f"Which one? This file has the prices of {len(choices):,} securities.",
        choices,
    )


def _symbol_column(table: Table, date: int) -> int | None:
    """Return the column that tells securities apart: by its name, or by its cells.

    Without a known name it is a column of words, in a file in which days recur.
    """
    names = [normalised(name) for name in table.columns]
    for name in SYMBOL:
        if name in names and names.index(name) != date:
            column = names.index(name)
            return column if _tells_apart(table, date, column) else None
    days = table.cells(date)
    if len(set(days)) > 0.9 * len(days):
        return None
    for c in range(len(table.columns)):
        if c == date or any(_mostly(table, c, k) for k in (is_number, looks_like_date)):
            continue
        cells = table.cells(c)
        pairs = set(zip(days, cells, strict=True))
        if all(cells) and len(set(cells)) > 1 and len(pairs) > 0.9 * len(days):
            return c
    return None


def _tells_apart(table: Table, date: int, column: int) -> bool:
    """Whether a column named like symbols has them, not prices or labels of rows."""
    cells = list(filter(None, table.cells(column)))
    different = len(set(cells))
    if different < 2:
        return True
    days = table.cells(date)
    return different <= len(cells) / 2 and len(set(days)) <= 0.9 * len(days)


def currency_of_series(table: Table, price: int) -> str:
    """Return the currency that the prices, their name or another column give, or "".

    Raises
    ------
    DataError
        If there are several.
    """
    numbers = [number for number, _ in table.rows]
    if sign := currency(table.cells(price), numbers):
        return sign
    if sign := currency_in_name(table.columns[price])[1]:
        return sign
    names = [normalised(name) for name in table.columns]
    for name in CURRENCIES:
        if name in names:
            first: dict[str, int] = {}
            for cell, number in zip(
                table.cells(names.index(name)), numbers, strict=True
            ):
                if CURRENCY_NAME.fullmatch(cell):
                    first.setdefault(cell, number)
            check_one_currency(first)
            return next(iter(first), "")
    return ""


def _columns_of(table: Table, symbol: str) -> Table:
    """Select the columns of a symbol, and those of none."""
    selected = [c for c, of in enumerate(table.symbols) if of in ("", symbol)]
    rows = [
        (number, [cells[c] if c < len(cells) else "" for c in selected])
        for number, cells in table.rows
    ]
    return dataclasses.replace(
        table,
        columns=[table.columns[c] for c in selected],
        symbols=[table.symbols[c] for c in selected],
        rows=rows,
    )
