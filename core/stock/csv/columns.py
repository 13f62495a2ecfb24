"""Which column is the date, which the price, and which of several securities."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from core.stock.csv.names import (
    ADJUSTED,
    CLOSE,
    CURRENCIES,
    DATE,
    NO_PRICE,
    PERIODS,
    RETURNS,
    SYMBOL,
    TIMES,
)
from core.stock.csv.table import EXPECTED, Table, is_date
from core.stock.wording import count
from core.table import Choice, Question, normalised, read_answer
from core.table.dates import looks_like_date, looks_like_period
from core.table.numbers import (
    CURRENCY_NAME,
    are_32nds,
    check_one_currency,
    currency,
    currency_in_name,
    is_missing,
    is_number,
)
from core.task import DataError

SAMPLE = 1000  # numbers whose signs are looked at
STAY = 0.5  # share of the names of securities that the next day has as well


def date_column(table: Table) -> int:
    """Return the column of the dates, or raise a DataError."""
    every = range(len(table.columns))
    dated = [c for c in every if table.mostly(c, looks_like_date)]
    for name in DATE:
        if name in table.names:
            column = table.names.index(name)
            if column in dated or name == "date":
                return column
    if dated:  # of several, such as those of expiry, the one that changes most
        return max(dated, key=lambda c: len(set(table.cells(c))))
    for c, name in enumerate(table.names):
        named = name in (*DATE, *PERIODS) or (c == 0 and name == "column 1")
        if named and table.mostly(c, looks_like_period):
            return c
    raise DataError(
        f"{EXPECTED}, got no dates in the columns {_listed(table.columns)}. Rename or "
        "add them."
    )


def price_column(
    table: Table, date: int, answer: str | None, repairs: list[str]
) -> tuple[int, tuple[Choice, ...]]:
    """Find the column of the prices: adjusted if there is one, else at the close.

    Return its index, and all candidates. A `Question` is raised if no name says which
    column it is, or if two say so.
    """
    known = _known_prices(table)
    numeric = [
        c
        for c in range(len(table.columns))
        if c not in (date, *known) and _may_be_price(table, c)
    ]
    others = [c for c in numeric if table.names[c] not in SYMBOL]
    levels = [c for c in others if not _has_returns(table, c)]
    if not known and 2 * len(levels) < len(others):  # of factors, all are candidates
        levels = others
    indices = [*known, *(levels or (others or numeric if not known else []))]
    every = [*indices, *(c for c in numeric if c not in indices)]
    candidates = tuple(_preview(table, c) for c in indices)
    if answer is not None:
        columns = [table.columns[c] for c in every]
        index = every[columns.index(read_answer("column", answer, columns))]
        return index, candidates
    if not indices:
        raise _no_prices(table, date)
    if not (known and _is_the_only(table, known)):
        if len(indices) > 1:
            text = "Which column is the price at the close?"
            raise Question("column", text, candidates)
        name = table.columns[indices[0]]
        repairs.append(f"{name} taken as the price: no other column can be.")
    return indices[0], candidates


def _known_prices(table: Table) -> list[int]:
    """Return the columns that are prices by their name, best first, empty ones last."""
    names = [normalised(currency_in_name(name)[0]) for name in table.columns]
    found = [
        c
        for wanted in (*ADJUSTED, *CLOSE)
        for c, name in enumerate(names)
        if name == wanted
    ]
    return sorted(found, key=lambda c: all(map(is_missing, table.cells(c))))


def _is_the_only(table: Table, known: Sequence[int]) -> bool:
    """Whether no other column has the name of the first, or another currency."""
    name, code = currency_in_name(table.columns[known[0]])
    others = [currency_in_name(table.columns[c]) for c in known[1:]]
    return f"{table.columns[known[0]]} (2)" not in table.columns and not any(
        (normalised(other) == normalised(name) or code) and sign != code
        for other, sign in others
    )


def _has_returns(table: Table, column: int) -> bool:
    """Whether a column is named like returns, has percentages or negative numbers."""
    return RETURNS.fullmatch(table.names[column]) is not None or any(
        cell.startswith(("-", "−")) or cell.endswith("%")
        for cell in table.cells(column)[:SAMPLE]
        if not is_missing(cell)
    )


def _may_be_price(table: Table, column: int) -> bool:
    """Whether a column has numbers, and a name that does not rule prices out."""
    name = table.names[column]
    ruled_out = NO_PRICE.fullmatch(name) and not RETURNS.fullmatch(name)
    return not ruled_out and table.mostly(column, lambda c: is_number(c.rstrip("% ")))


def _no_prices(table: Table, date: int) -> DataError:
    for c, name in enumerate(table.columns):
        cells = [cell for cell in table.cells(c) if not is_missing(cell)]
        if c != date and cells and are_32nds(cells):
            return bond_error(name, cells[0])
    return DataError(
        f"{EXPECTED}, got the columns {_listed(table.columns)}. Rename or add them."
    )


def bond_error(name: str, cell: str) -> DataError:
    """Return the refusal of prices in 32nds."""
    return DataError(
        f"Expected prices as decimal numbers in {name[:40]!r}, got numbers such as "
        f"{cell!r} whose decimals never exceed 31, as in bonds quoted in 32nds. Write "
        "them as decimals (113-16 is 113.5), or say --decimals point if they are."
    )


def _preview(table: Table, column: int) -> Choice:
    cells = table.cells(column)
    first = next((cell for cell in cells if not is_missing(cell)), None)
    last = next((cell for cell in reversed(cells) if not is_missing(cell)), "")
    ends = "empty" if first is None else f"first {first[:20]}, last {last[:20]}"
    return Choice(value=table.columns[column], preview=ends)


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(name.casefold() for name in columns[:8])[:80]


def select_symbol(
    table: Table, date: int, answer: str | None = None
) -> tuple[Table, str | None]:
    """Select the rows or columns of one security; return also its symbol, if any."""
    if any(table.symbols):
        name = _choose_symbol(table.symbols, "column", answer)
        chosen = [c for c, of in enumerate(table.symbols) if of in ("", name)]
        symbols = [table.symbols[c] for c in chosen]
        return replace(table, frame=table.frame.iloc[:, chosen], symbols=symbols), name
    column = _symbol_column(table, date)
    cells = [] if column is None else table.cells(column)
    if any(cells):
        name = _choose_symbol(cells, "row", answer)
        rows = table.frame[[of == name for of in cells]]
        others = [c for c in range(len(table.columns)) if c != column]
        symbols = [table.symbols[c] for c in others]
        return replace(table, frame=rows.iloc[:, others], symbols=symbols), name
    if answer is not None:
        raise DataError(
            f"symbol: expected none, as this file has one series, got "
            f"{answer[:40]!r}. Leave it out."
        )
    return table, None


def _choose_symbol(symbols: Sequence[str], thing: str, answer: str | None) -> str:
    counts = Counter(filter(None, symbols))
    if answer is not None:
        return read_answer("symbol", answer, list(counts))
    if len(counts) == 1:
        return next(iter(counts))
    raise Question(
        "symbol",
        f"Which one? This file has the prices of {len(counts):,} securities.",
        [Choice(value=s, preview=count(n, thing)) for s, n in counts.items()],
    )


def _symbol_column(table: Table, date: int) -> int | None:
    """Return the column that tells securities apart: by its name, or by its cells.

    Without a known name it is a column of words, or of numbers or dates that return
    the next day, in a file in which days recur.
    """
    days = table.cells(date)
    recur = len(set(days)) <= 0.9 * len(days)
    for name in SYMBOL:
        if name in table.names and table.names.index(name) != date:
            column = table.names.index(name)
            cells = list(filter(None, table.cells(column)))
            different = len(set(cells))
            # Otherwise it has prices or labels of rows.
            tells_apart = different < 2 or (recur and different <= len(cells) / 2)
            return column if tells_apart else None
    if not recur:
        return None
    numbers = [c for c in range(len(table.columns)) if table.mostly(c, is_number)]
    prices = [*_known_prices(table), *(numbers if len(numbers) == 1 else [])]
    order = {day: row for row, day in enumerate(dict.fromkeys(days))}
    for c in range(len(table.columns)):
        if c in (date, *prices) or table.names[c] in (*TIMES, *PERIODS):
            continue
        cells = table.cells(c)
        pairs = {(order[day], cell) for day, cell in zip(days, cells, strict=True)}
        if not all(cells) or len(set(cells)) < 2 or len(pairs) <= 0.9 * len(days):
            continue
        stay = sum((day + 1, cell) in pairs for day, cell in pairs) / len(pairs)
        words = not table.mostly(c, lambda cell: is_number(cell) or is_date(cell))
        if words or stay > STAY:
            return c
    return None


def currency_of_series(table: Table, price: int) -> str:
    """Return the currency that the prices, their name or another column give, or ""."""
    if sign := currency(table.cells(price), table.numbers):
        return sign
    if sign := currency_in_name(table.columns[price])[1]:
        return sign
    for name in CURRENCIES:
        if name in table.names:
            cells = table.cells(table.names.index(name))
            first: dict[str, int] = {}
            for cell, number in zip(cells, table.numbers, strict=True):
                if CURRENCY_NAME.fullmatch(cell):
                    first.setdefault(cell, number)
            check_one_currency(first)
            return next(iter(first), "")
    return ""
