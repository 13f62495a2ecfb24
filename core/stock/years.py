"""How well the intervals held in each calendar year."""

from dataclasses import dataclass

import numpy as np

from core.stock.view import View

FULL = 200  # rows that make a year, of about 250


@dataclass(frozen=True, kw_only=True)
class Year:
    """The rows of one calendar year.

    Attributes
    ----------
    year, rows
        Which, and how many rows of the test part lie in it.
    coverage
        Level in percent -> share of the rows inside the interval.
    width
        Level in percent -> mean width of the interval, as a share of the price.
    """

    year: int
    rows: int
    coverage: dict[int, float]
    width: dict[int, float]

    @property
    def full(self) -> bool:
        """Whether there are enough rows to judge it."""
        return self.rows >= FULL


def coverage_by_year(view: View, raw: bool = False) -> list[Year]:
    """Judge the intervals of each year; raw are those of the network alone."""
    if view.outlook is None:
        return []
    years = view.dates.astype("datetime64[Y]").astype(int) + 1970
    bands = {level: view.band(level, raw) for level in (80, 95)}
    judged = []
    for year in np.unique(years):
        rows = years == year
        coverage, width = {}, {}
        for level, ends in bands.items():
            assert ends is not None
            inside = (ends[0] <= view.actual) & (view.actual <= ends[1])
            coverage[level] = float(inside[rows].mean())
            width[level] = float(((ends[1] - ends[0]) / view.before)[rows].mean())
        judged.append(
            Year(year=int(year), rows=int(rows.sum()), coverage=coverage, width=width)
        )
    return judged
