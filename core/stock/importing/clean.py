"""From rows as they came to days in order, each once: what is dropped is said."""

from collections.abc import Sequence

import numpy as np

from core.stock.importing.rows import Rows
from core.stock.importing.words import NAMED, count
from core.stock.importing.words import rows as row_words


def in_order(rows: Rows) -> tuple[Rows, list[str]]:
    """Sort the rows, oldest first; the last of equal moments stays the last."""
    steps = np.diff(rows.days.astype(np.int64) * 86_400 + rows.seconds)
    if (steps >= 0).all():
        return rows, []
    order = np.lexsort((rows.seconds, rows.days))
    was = "the newest came first" if (steps <= 0).all() else "they were not in order"
    return rows.take(order), [f"Rows sorted by date: {was}."]


def each_day_once(rows: Rows) -> tuple[Rows, list[str]]:
    """Keep the last row of each day.

    Rows that say the same twice are counted. Rows of one day that differ are listed:
    by day, or in sum if the file is one of prices within the day.
    """
    same = rows.days[1:] == rows.days[:-1]
    if not same.any():
        return rows, []
    last = np.append(~same, True)
    groups = np.split(np.arange(len(rows.days)), np.flatnonzero(~same) + 1)
    repeated: list[int] = []
    differing: list[np.ndarray] = []
    for group in groups:
        if len(group) < 2:
            continue
        if (rows.prices[group] == rows.prices[group[-1]]).all():
            repeated.extend(rows.numbers[group[:-1]].tolist())
        else:
            differing.append(group)
    notes = []
    if repeated:
        notes.append(
            f"{count(len(repeated), 'row')} that repeated a day and its price dropped "
            f"({row_words(repeated)})."
        )
    if differing:
        notes.append(_conflicts(rows, differing))
    return rows.take(np.flatnonzero(last)), notes


def _conflicts(rows: Rows, groups: Sequence[np.ndarray]) -> str:
    within = sum(len(np.unique(rows.seconds[group])) == len(group) for group in groups)
    if within > len(groups) / 2:
        return (
            f"{count(len(groups), 'day')} had several prices at different times: this "
            "file has prices within the day. The last of each day was kept."
        )
    listed = "; ".join(
        f"{rows.days[group[0]]} in {row_words(rows.numbers[group].tolist())}"
        for group in groups[:NAMED]
    )
    more = f"; and {len(groups) - NAMED:,} more" if len(groups) > NAMED else ""
    return (
        f"{count(len(groups), 'day')} had different prices; the last one in the file "
        f"was kept ({listed}{more})."
    )
