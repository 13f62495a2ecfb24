"""How far apart the rows of a series are, and what follows from it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Frequency:
    """Rows at even distances in time, weekends and holidays aside.

    Attributes
    ----------
    name
        A key of `FREQUENCIES`.
    step
        What one row is, in the singular: `day`.
    horizons
        Rows ahead that are forecast, the nearest first.
    per_year
        Rows a year, which turn the variance of a row into that of a year.
    season
        Rows after which a yearly season repeats; 1 where none is looked for.
    """

    name: str
    step: str
    horizons: tuple[int, ...]
    per_year: float
    season: int = 1


FREQUENCIES = {
    "daily": Frequency(name="daily", step="day", horizons=(1, 5, 10, 20), per_year=252),
}
DEFAULT = FREQUENCIES["daily"]


def horizons_of(longest: int, frequency: Frequency) -> tuple[int, ...]:
    """Return the horizons in rows up to the longest, the nearest first."""
    return (*(rows for rows in frequency.horizons if rows < longest), longest)
