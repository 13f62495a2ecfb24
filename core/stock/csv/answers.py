"""The answers to questions about a file of prices."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Answers:
    """How a person wants a file to be read; None leaves it to the file.

    Attributes
    ----------
    symbol
        Which of several securities.
    column
        Which column holds the price, by its name in the file.
    values
        What the numbers are, a key of `VALUES`: prices, or returns of some kind.
    dates
        How to read 03/04/2024: `day-first`, `month-first` or `year-first`; or, of dates
        out of order, whether they are `swapped` or `as-written`.
    decimals
        How to read 1.234 or 1,234: with a decimal `point` or a decimal `comma`.
    frequency
        A key of `FREQUENCIES`, instead of the one found from the dates.
    outliers
        What to do about single prices far from their neighbours: `drop` or `keep`.
    splits
        What to do about splits that the prices are not adjusted for: `adjust` or
        `keep`. No file needs this answer to be read.
    """

    symbol: str | None = None
    column: str | None = None
    values: str | None = None
    dates: str | None = None
    decimals: str | None = None
    frequency: str | None = None
    outliers: str | None = None
    splits: str | None = None
