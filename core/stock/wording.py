"""Counts, times, rows of a file and p-values as sentences name them."""

from collections.abc import Sequence

import numpy as np

from core.stats import listed

MAX_NAMED = 5  # rows or gaps named in a note; the others are counted


def count(number: int, thing: str) -> str:
    """Return `1 row` or `14 rows`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def name_rows(numbers: Sequence[int]) -> str:
    """Return `row 3`, `rows 3 and 4` or `rows 3, 4, 5, 6, 7 and 9 more`."""
    if len(numbers) > MAX_NAMED:
        named = ", ".join(map(str, numbers[:MAX_NAMED]))
        return f"rows {named} and {len(numbers) - MAX_NAMED:,} more"
    return f"row{'s' if len(numbers) > 1 else ''} {listed(numbers)}"


def quoted(cell: str) -> str:
    """Return a cell in quotation marks, cut if it is long."""
    return repr(cell[:40])


def format_time(time: np.datetime64) -> str:
    """Return `2024-01-31`, or `2024-01-31 09:30` if it has a time of day."""
    if np.datetime_data(time.dtype)[0] == "D":
        return str(time)
    return str(time.astype("datetime64[m]")).replace("T", " ")


def format_p(p: float | None) -> str:
    """Return a p-value such as `p = 0.03`."""
    if p is None:
        return "no p-value"
    if p > 0.99:
        return "p > 0.99"
    return "p < 0.0001" if p < 0.0001 else f"p = {p:.2g}"
