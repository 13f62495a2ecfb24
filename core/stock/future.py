"""The forecast of the rows after a price, and columns as CSV."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.stock.data.calendar import next_dates
from core.stock.data.series import PriceSeries
from core.stock.distribution import ForecastDistribution
from core.stock.wording import format_time
from core.table.writer import write_csv


@dataclass(frozen=True, kw_only=True, eq=False)
class Future:
    """The forecast of each of the days after a price."""

    # The days on which a price came, then those on which one is expected (days,),
    # holidays included
    dates: np.ndarray
    median: np.ndarray  # the median price (days,)
    # Ends of the 80% and 95% intervals by the names low_80, high_80, low_95, high_95
    # (days,)
    bands: dict[str, np.ndarray]

    @property
    def columns(self) -> dict[str, np.ndarray]:
        """Columns of a table by name, one row a day."""
        return {"Date": self.dates, "median": self.median, **self.bands}

    def to_csv(self) -> str:
        """Write one line a day."""
        return to_csv(self.columns)


def forecast_future(
    series: PriceSeries,
    until: int,
    horizons: tuple[int, ...],
    distribution: ForecastDistribution,
    factors: Mapping[int, np.ndarray],
    days: int,
) -> Future:
    """Forecast the days after the last known price.

    Mean and variance are interpolated linearly between the horizons; beyond the last
    one they continue as between the last two.

    Parameters
    ----------
    until
        Number of known prices.
    distribution
        At the close of the last known day (1, horizons).
    factors
        Level in percent -> widths of the intervals in standard deviations
        (horizons,).
    days
        Number of days.
    """
    ahead = np.arange(1, days + 1)
    mean = _interpolate(ahead, horizons, distribution.mean[0])
    # The learned variance could fall from one horizon to the next; a true one cannot.
    variance = np.maximum.accumulate(np.exp(distribution.log_variance[0]))
    deviation = np.sqrt(_interpolate(ahead, horizons, variance))
    last = float(series.prices[until - 1])
    bands = {}
    for level, widths in factors.items():
        reach = np.interp(ahead, horizons, widths) * deviation
        bands[f"low_{level}"] = last * np.exp(mean - reach)
        bands[f"high_{level}"] = last * np.exp(mean + reach)
    expected = next_dates(series.dates, days, series.frequency)
    return Future(
        dates=np.append(series.dates[until:], expected)[:days],
        median=last * np.exp(mean),
        bands=bands,
    )


def _interpolate(
    ahead: np.ndarray, horizons: tuple[int, ...], values: np.ndarray
) -> np.ndarray:
    """Interpolate from zero today through the values of the horizons, and beyond."""
    known, at = np.array([0, *horizons]), np.concatenate([[0.0], values])
    slope = (at[-1] - at[-2]) / (known[-1] - known[-2])
    beyond = at[-1] + slope * (ahead - known[-1])
    return np.asarray(np.where(ahead > known[-1], beyond, np.interp(ahead, known, at)))


def to_csv(columns: Mapping[str, np.ndarray]) -> str:
    """Write columns as CSV, the first as it is and the numbers with eight digits."""
    (name, first), *others = columns.items()
    numbers = {other: map("{:.8g}".format, values) for other, values in others}
    return write_csv({name: map(format_time, first), **numbers})
