"""Rows that are no prices of their own: weekends filled forward, and what looks odd.

Weekends that repeat Friday's price are left out. A constant end and dates after today
are only said.
"""

import datetime

import numpy as np

from core.stock.csv.rows import Rows
from core.stock.wording import count, name_rows

MIN_WEEKEND = 8  # rows on weekends, from which a habit can be told
FILLED = 0.95  # share of these that repeat the price before, if they are filled in
OWN_CHANGES = 0.5  # share of the other rows whose price differs from the one before
CONSTANT_END = 20  # equal last prices


def drop_filled_weekends(rows: Rows) -> tuple[Rows, list[str]]:
    """Leave out weekends if nearly all repeat Friday's price; rows are in order.

    A series that trades on weekends has prices of its own there, and one that hardly
    ever moves repeats its price on any day.
    """
    weekend = ~np.is_busday(rows.days)
    if weekend.sum() < MIN_WEEKEND:
        return rows, []
    trading = np.flatnonzero(~weekend)
    if trading.size < 2:
        return rows, []
    last = np.searchsorted(trading, np.arange(len(weekend)), side="right") - 1
    friday = trading[np.maximum(last, 0)]  # or the last trading row before
    near = (last >= 0) & (rows.days - rows.days[friday] <= np.timedelta64(2))
    filled = weekend & near & (rows.prices == rows.prices[friday])
    moves = np.diff(rows.prices[trading]) != 0
    if filled.sum() < FILLED * weekend.sum() or moves.mean() < OWN_CHANGES:
        return rows, []
    note = (
        f"{count(int(filled.sum()), 'row')} on Saturdays and Sundays that repeat the "
        f"price before the weekend left out "
        f"({name_rows(rows.numbers[filled].tolist())})."
    )
    return rows[np.flatnonzero(~filled)], [note]


def warn_of_odd_rows(rows: Rows) -> list[str]:
    """Return warnings about the end of the series; rows are in order."""
    warnings = []
    changes = np.flatnonzero(np.diff(rows.prices))
    first = int(changes[-1]) + 1 if changes.size else 0
    if first and (equal := len(rows.prices) - first) >= CONSTANT_END:
        warnings.append(
            f"The last {equal:,} prices are all {rows.prices[-1]:.10g}, from "
            f"{rows.days[first]} on. Trading may have ended: if so, remove these rows. "
            "Nothing was changed."
        )
    today = np.datetime64(datetime.date.today())
    # Tomorrow has begun in other time zones.
    future = np.flatnonzero(rows.days > today + 1)
    if future.size:
        warnings.append(
            f"{count(future.size, 'row')} dated after today ({today}), the last one "
            f"{rows.days[-1]}: no prices of the past. Check the dates. Nothing was "
            "changed."
        )
    return warnings
