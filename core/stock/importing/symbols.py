"""Which of several securities in one file."""

import dataclasses
from collections import Counter
from collections.abc import Sequence

from core.stock.importing.columns import mostly
from core.stock.importing.dates import looks_like_date
from core.stock.importing.names import SYMBOL, folded
from core.stock.importing.numbers import is_number
from core.stock.importing.question import Answers, Choice, Question, settle
from core.stock.importing.table import Table
from core.stock.importing.words import count
from core.task import DataError


def one_symbol(table: Table, date: int, answers: Answers) -> tuple[Table, str | None]:
    """Keep the rows and columns of one security; return also its symbol, if any.

    Raises
    ------
    Question
        If there are several and none was chosen.
    """
    if any(table.symbols):
        counts = Counter(filter(None, table.symbols))
        name = _chosen([_choice(*item, "column") for item in counts.items()], answers)
        return _of_columns(table, name), name
    column = _symbol_column(table, date)
    cells = [] if column is None else table.cells(column)
    if not any(cells):
        _check_no_symbol(answers)
        return table, None
    counts = Counter(filter(None, cells))
    name = _chosen([_choice(*item, "row") for item in counts.items()], answers)
    rows = [row for row, of in zip(table.rows, cells, strict=True) if of == name]
    return dataclasses.replace(table, rows=rows), name


def _choice(symbol: str, number: int, thing: str) -> Choice:
    return Choice(value=symbol, preview=count(number, thing))


def _chosen(choices: Sequence[Choice], answers: Answers) -> str:
    if answers.symbol is not None:
        return choices[settle("symbol", answers.symbol, choices)].value
    if len(choices) == 1:
        return choices[0].value
    raise Question(
        "symbol",
        f"Which one? This file has the prices of {len(choices):,} securities.",
        choices,
    )


def _check_no_symbol(answers: Answers) -> None:
    if answers.symbol is not None:
        raise DataError(
            f"symbol: expected none, as this file has one series, got "
            f"{answers.symbol[:40]!r}. Leave it out."
        )


def _symbol_column(table: Table, date: int) -> int | None:
    """Return the column that tells securities apart: by its name, or by its cells.

    Without a known name it is a column of words, in a file in which days recur.
    """
    names = [folded(name) for name in table.columns]
    for name in SYMBOL:
        if name in names and names.index(name) != date:
            return names.index(name)
    days = table.cells(date)
    if len(set(days)) > 0.9 * len(days):
        return None
    for c in range(len(table.columns)):
        if c == date or any(mostly(table, c, k) for k in (is_number, looks_like_date)):
            continue
        cells = table.cells(c)
        pairs = set(zip(days, cells, strict=True))
        if all(cells) and len(set(cells)) > 1 and len(pairs) > 0.9 * len(days):
            return c
    return None


def _of_columns(table: Table, symbol: str) -> Table:
    """Keep the columns of a symbol, and those of none."""
    kept = [c for c, of in enumerate(table.symbols) if of in ("", symbol)]
    rows = [
        (number, [cells[c] if c < len(cells) else "" for c in kept])
        for number, cells in table.rows
    ]
    return dataclasses.replace(
        table,
        columns=[table.columns[c] for c in kept],
        symbols=[table.symbols[c] for c in kept],
        rows=rows,
    )
