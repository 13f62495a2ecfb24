"""The season: what the price did at the same time of earlier years."""

import numpy as np

from core.stock.data.series import PriceSeries
from core.stock.models.model import Fitted, Model, Rows, fitted_mean

YEARS = 5  # years of averaged changes
YEAR = 365.2425  # days
NEAR = 4.0  # days by which a row may miss its place in the year, at least


class Seasonal(Model):
    """The mean change over the same days of the last years.

    Places in the year are found by date: a missing row moves no season.
    """

    name, title = "seasonal", "Season of earlier years"
    phrase = "the season of earlier years"
    of_price = of_risk = True

    def fit(self, rows: Rows) -> Fitted:
        """Average the earlier years; there are no parameters but the variance."""
        return fitted_mean(rows, seasonal_mean(rows.series, rows.horizons))


def seasonal_mean(series: PriceSeries, horizons: tuple[int, ...]) -> np.ndarray:
    """Mean log return over the same days of earlier years (rows, horizons).

    Of the last `YEARS` years in which it is known at the row's close; zero without any.
    """
    days = series.dates.astype("datetime64[D]").astype(np.float64)
    logs, step = np.log(series.prices), YEAR / series.frequency.per_year
    near, place = max(NEAR, step / 2), np.arange(len(days))
    total = np.zeros((len(days), len(horizons)))
    years = np.zeros_like(total)
    for year in range(1, YEARS + 1):
        first, is_there = _nearest(days, days - year * YEAR, near)
        for column, rows in enumerate(horizons):
            last, is_known = _nearest(days, days[first] + rows * step, near)
            use = is_there & is_known & (last <= place) & (last > first)
            total[use, column] += (logs[last] - logs[first])[use]
            years[use, column] += 1
    return np.asarray(total / np.maximum(years, 1))


def _nearest(
    days: np.ndarray, wanted: np.ndarray, near: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the row nearest to each day, and whether it is near enough (rows,)."""
    after = np.clip(np.searchsorted(days, wanted), 1, len(days) - 1)
    is_before = wanted - days[after - 1] < days[after] - wanted
    row = after - is_before
    return row, np.abs(days[row] - wanted) <= near
