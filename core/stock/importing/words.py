"""Counts and row numbers as the report says them."""

from collections.abc import Sequence

NAMED = 5  # rows; more are counted


def count(number: int, thing: str, things: str | None = None) -> str:
    """Return `1 row` or `14 rows`."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def rows(numbers: Sequence[int]) -> str:
    """Return `row 3`, `rows 3 and 4` or `rows 3, 4, 5, 6, 7 and 9 more`."""
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    if len(numbers) > NAMED:
        named = ", ".join(map(str, numbers[:NAMED]))
        return f"rows {named} and {len(numbers) - NAMED:,} more"
    return f"rows {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def shortened(cell: str, most: int = 40) -> str:
    """Return a cell in quotation marks, cut if it is long."""
    return repr(cell[:most])
