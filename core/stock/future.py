"""The real future: the days after the last price, and how far they may stray."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.stock.outlook import Outlook
from core.stock.series import PriceSeries
from core.stock.tables import table

RECENT = 250  # rows that tell on which weekdays a price is made


@dataclass(frozen=True, kw_only=True, eq=False)
class Future:
    """A dated forecast of each of the next days.

    Attributes
    ----------
    dates
        The next days on which a price is expected (days,): holidays are not known.
    median
        The price that is as likely passed as not (days,).
    bands
        Ends of the 80% and 95% intervals by the names low_80, high_80, low_95,
        high_95 (days,).
    """

    dates: np.ndarray
    median: np.ndarray
    bands: dict[str, np.ndarray]

    @property
    def columns(self) -> dict[str, np.ndarray]:
        """One column each, by name."""
        return {"Date": self.dates, "median": self.median, **self.bands}

    def to_csv(self) -> str:
        """Write one line a day."""
        return table(self.columns)


def future_of(
    series: PriceSeries,
    horizons: tuple[int, ...],
    outlook: Outlook,
    factors: Mapping[int, np.ndarray],
    days: int,
) -> Future:
    """Forecast the days after the last price.

    Between the horizons, mean and variance grow evenly from day to day; after the
    last one they go on as between the last two.

    Parameters
    ----------
    outlook
        At the close of the last day (1, horizons).
    factors
        Level in percent -> widths of the intervals in standard deviations
        (horizons,).
    days
        How many.
    """
    ahead = np.arange(1, days + 1)
    mean = _between(ahead, horizons, outlook.mean[0])
    # A variance must not fall from one horizon to the next, whatever was learned.
    variance = np.maximum.accumulate(np.exp(outlook.log_variance[0]))
    deviation = np.sqrt(_between(ahead, horizons, variance))
    last = float(series.prices[-1])
    bands = {}
    for level, widths in factors.items():
        reach = np.interp(ahead, horizons, widths) * deviation
        bands[f"low_{level}"] = last * np.exp(mean - reach)
        bands[f"high_{level}"] = last * np.exp(mean + reach)
    return Future(
        dates=next_days(series.dates, days), median=last * np.exp(mean), bands=bands
    )


def _between(
    ahead: np.ndarray, horizons: tuple[int, ...], values: np.ndarray
) -> np.ndarray:
    """Values of each day ahead, from zero today through those of the horizons."""
    known, at = np.array([0, *horizons]), np.concatenate([[0.0], values])
    slope = (at[-1] - at[-2]) / (known[-1] - known[-2])
    beyond = at[-1] + slope * (ahead - known[-1])
    return np.asarray(np.where(ahead > known[-1], beyond, np.interp(ahead, known, at)))


def next_days(dates: np.ndarray, days: int) -> np.ndarray:
    """Return the next days (days,), on weekdays on which there were prices lately.

    A stock has prices from Monday to Friday, a currency of the internet on every
    day: the series tells. A weekday with less than a tenth of its share is taken
    for an exception.
    """
    week = _weekdays(dates[-RECENT:])
    usual = {day for day in range(7) if np.mean(week == day) > 0.1 / 7}
    coming = dates[-1] + np.arange(1, 7 * days + 8)
    open_days = [
        day for day, at in zip(coming, _weekdays(coming), strict=True) if at in usual
    ]
    return np.array(open_days[:days], "datetime64[D]")


def _weekdays(dates: np.ndarray) -> np.ndarray:
    """Monday is 0. The first of January 1970 was a Thursday."""
    return np.asarray((dates.astype("datetime64[D]").astype(np.int64) + 3) % 7)
