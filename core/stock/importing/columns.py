"""Which column is the date, and which the price."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.stock.importing.dates import looks_like_date
from core.stock.importing.names import (
    ADJUSTED,
    CLOSE,
    DATE,
    OTHER_PRICES,
    SYMBOL,
    folded,
    is_price,
)
from core.stock.importing.numbers import is_missing, is_number
from core.stock.importing.question import Answers, Choice, Question, settle
from core.stock.importing.table import Table
from core.stock.importing.text import WANTED
from core.task import DataError

SAMPLE = 50  # rows that a column is known by


def date_column(table: Table) -> int:
    """Return the column of the dates.

    Raises
    ------
    DataError
        If there is none.
    """
    dated = [c for c in range(len(table.columns)) if mostly(table, c, looks_like_date)]
    names = [folded(name) for name in table.columns]
    for name in DATE:
        if name in names and (names.index(name) in dated or name == "date"):
            return names.index(name)
    if dated:
        return dated[0]
    raise DataError(
        f"{WANTED}, got no dates in the columns {_listed(table.columns)}. Rename or "
        "add them."
    )


@dataclass(frozen=True, kw_only=True)
class PriceColumn:
    """The column of the prices, all that it could be, and what the report says."""

    place: int
    offered: tuple[Choice, ...]
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
    known = _known(table)
    numbers = [c for c in range(len(table.columns)) if c != date and _may_be(table, c)]
    places = [*known, *(c for c in numbers if c not in known)]
    offered = tuple(_choice(table, c) for c in places)
    if answers.column is not None:
        place = places[settle("column", answers.column, offered)]
        return PriceColumn(place=place, offered=offered)
    if not places:
        raise DataError(
            f"{WANTED}, got the columns {_listed(table.columns)}. Rename or add them."
        )
    name = table.columns[places[0]]
    if known and f"{name} (2)" not in table.columns:
        return PriceColumn(place=places[0], offered=offered)
    if len(places) == 1 and folded(name) not in OTHER_PRICES:
        note = f"{name} taken as the price: no other column can be."
        return PriceColumn(place=places[0], offered=offered, note=note)
    raise Question("column", "Which column is the price at the close?", offered)


def _known(table: Table) -> list[int]:
    """Return the columns that are prices by their name, best first, empty ones last."""
    names = [folded(name) for name in table.columns]
    found = [names.index(name) for name in (*ADJUSTED, *CLOSE) if name in names]
    return sorted(found, key=lambda c: all(map(is_missing, table.cells(c))))


def _may_be(table: Table, column: int) -> bool:
    """Whether a column has numbers, and a name that does not rule prices out."""
    name = table.columns[column]
    return (
        is_price(name)
        and folded(name) not in SYMBOL
        and mostly(table, column, is_number)
    )


def mostly(table: Table, column: int, kind: Callable[[str], bool]) -> bool:
    """Whether half of the first cells of a column that are not missing are so."""
    cells = [row[column] for _, row in table.rows[:SAMPLE] if column < len(row)]
    present = [cell for cell in cells if not is_missing(cell)]
    return bool(present) and 2 * sum(map(kind, present)) >= len(present)


def _choice(table: Table, column: int) -> Choice:
    cells = [cell for cell in table.cells(column) if not is_missing(cell)]
    ends = f"first {cells[0][:20]}, last {cells[-1][:20]}" if cells else "empty"
    return Choice(value=table.columns[column], preview=ends)


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(name.casefold() for name in columns[:8])[:80]
