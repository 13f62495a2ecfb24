"""Which column is the date, which the price, and which of several securities."""

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.stock.csv.dates import looks_like_date
from core.stock.csv.numbers import is_missing, is_number
from core.stock.csv.question import Answers, Choice, Question, index_of_answer
from core.stock.csv.table import ADJUSTED, CLOSE, DATE, Table, normalised
from core.stock.csv.text import EXPECTED
from core.stock.wording import count
from core.task import DataError

SAMPLE_ROWS = 50  # that the kind of a column is recognised by
OTHER_PRICES = ("open", "high", "low", "open price", "high price", "low price", "vwap")
NO_PRICE = re.compile(
    r"vol|volume|volume .*|.* volume|vol .*|turnover|amount|change|change .*|chg.*"
    r"|number of trades|trades|count|dividends?|stock splits|capital gains|index|id"
    r"|unnamed .*|close time|ignore|openint|taker .*|per"
)
SYMBOL = ("symbol", "ticker", "name", "stock", "code", "instrument", "asset", "coin")


def date_column(table: Table) -> int:
    """Return the column of the dates, or raise a DataError if there is none."""
    dated = [c for c in range(len(table.columns)) if _mostly(table, c, looks_like_date)]
    names = [normalised(name) for name in table.columns]
    for name in DATE:
        if name in names and (names.index(name) in dated or name == "date"):
            return names.index(name)
    if dated:
        return dated[0]
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
        c for c in range(len(table.columns)) if c != date and _may_be_price(table, c)
    ]
    indices = [*known, *(c for c in numeric if c not in known)]
    candidates = tuple(_preview(table, c) for c in indices)
    if answers.column is not None:
        index = indices[index_of_answer("column", answers.column, candidates)]
        return PriceColumn(index=index, candidates=candidates)
    if not indices:
        raise DataError(
            f"{EXPECTED}, got the columns {_listed(table.columns)}. Rename or add them."
        )
    name = table.columns[indices[0]]
    if known and f"{name} (2)" not in table.columns:
        return PriceColumn(index=indices[0], candidates=candidates)
    if len(indices) == 1 and normalised(name) not in OTHER_PRICES:
        note = f"{name} taken as the price: no other column can be."
        return PriceColumn(index=indices[0], candidates=candidates, note=note)
    raise Question("column", "Which column is the price at the close?", candidates)


def _known_prices(table: Table) -> list[int]:
    """Return the columns that are prices by their name, best first, empty ones last."""
    names = [normalised(name) for name in table.columns]
    found = [names.index(name) for name in (*ADJUSTED, *CLOSE) if name in names]
    return sorted(found, key=lambda c: all(map(is_missing, table.cells(c))))


def _may_be_price(table: Table, column: int) -> bool:
    """Whether a column has numbers, and a name that does not rule prices out."""
    name = normalised(table.columns[column])
    return (
        NO_PRICE.fullmatch(name) is None
        and name not in SYMBOL
        and _mostly(table, column, is_number)
    )


def _mostly(table: Table, column: int, kind: Callable[[str], bool]) -> bool:
    """Whether at least half of a column's first cells, missing ones aside, are so."""
    cells = [row[column] for _, row in table.rows[:SAMPLE_ROWS] if column < len(row)]
    present = [cell for cell in cells if not is_missing(cell)]
    return bool(present) and 2 * sum(map(kind, present)) >= len(present)


def _preview(table: Table, column: int) -> Choice:
    cells = [cell for cell in table.cells(column) if not is_missing(cell)]
    ends = f"first {cells[0][:20]}, last {cells[-1][:20]}" if cells else "empty"
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
            return names.index(name)
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
