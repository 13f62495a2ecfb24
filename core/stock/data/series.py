"""A series of prices, of any frequency."""

import functools
import json
from dataclasses import asdict, dataclass, field, replace

import numpy as np

from core.arrays import pack, unpack
from core.stock.data.features import calendar
from core.stock.data.frequency import (
    DAYS,
    FREQUENCIES,
    Frequency,
    find_frequency,
    rows_a_year,
)
from core.stock.data.stock_splits import StockSplit
from core.stock.wording import format_time
from core.task import DataError

MIN_ROWS = 100  # fewest rows of any recipe
MAX_ROWS = 100_000
MAX_NAME = 80


@dataclass(frozen=True, kw_only=True, eq=False)
class PriceSeries:
    """Prices of one security, oldest first.

    Raises
    ------
    DataError
        If the rows are too few or too many, out of order, not positive, or all
        the same.
    """

    name: str  # the name to show
    # Days (rows,), datetime64[D], or times, datetime64[s], increasing
    dates: np.ndarray
    prices: np.ndarray  # prices (rows,), float64, positive and finite
    # A code such as USD or GBp (pence), a sign, or "" if it is not known
    currency: str = ""
    # Where the prices come from and when they were fetched, or "" for a file
    source: str = ""
    # Rows that come first after a long gap (breaks,), increasing: no window of days
    # contains such a row together with the one before it
    breaks: np.ndarray = field(default_factory=lambda: np.array([], np.int64))
    notes: tuple[str, ...] = ()  # warnings and repairs of the import, a sentence each
    # A key of `FREQUENCIES`; by default the one found from the dates
    frequency_name: str = ""
    # Splits that the prices are probably not adjusted for, before the decision to
    # adjust or to keep them
    splits: tuple[StockSplit, ...] = ()

    def __post_init__(self) -> None:
        _check_rows(len(self.prices), len(self.dates))
        _check_prices(self.prices)
        _check_dates(self.dates)
        object.__setattr__(self, "name", self.name.strip()[:MAX_NAME] or "Prices")
        name = self.frequency_name or find_frequency(self.dates)
        object.__setattr__(self, "frequency_name", name)

    def __len__(self) -> int:
        return len(self.prices)

    @functools.cached_property
    def frequency(self) -> Frequency:
        """How far apart the rows are; the rows a year are measured within days."""
        frequency = FREQUENCIES[self.frequency_name]
        if not frequency.intraday:
            return frequency
        return replace(frequency, per_year=rows_a_year(self.dates))

    @property
    def has_calendar(self) -> dict[str, bool]:
        """Whether a year, and a week, has several rows; arguments of `calendar`."""
        return {
            "yearly": self.frequency.step != "year",
            "weekly": 2 * self.frequency.days <= DAYS["week"],
        }

    @functools.cached_property
    def calendar(self) -> np.ndarray:
        """Day of the week and season of the year of each row (rows, columns)."""
        return calendar(self.dates, **self.has_calendar)

    def whole_windows(self, length: int) -> np.ndarray:
        """Return the first rows (windows,) of all windows without a long gap."""
        starts = np.arange(len(self) - length + 1)
        before = np.searchsorted(self.breaks, starts, side="right")
        after = np.searchsorted(self.breaks, starts + length - 1, side="right")
        whole: np.ndarray = starts[before == after]
        return whole

    def encode(self) -> bytes:
        """Write the series so that `decode` can read it anywhere."""
        arrays = {
            "name": np.array(self.name),
            "dates": self.dates.astype(np.int64),
            "unit": np.array(np.datetime_data(self.dates.dtype)[0]),
            "frequency": np.array(self.frequency_name),
            "prices": self.prices,
            "breaks": self.breaks,
            "splits": np.array(json.dumps([asdict(split) for split in self.splits])),
            "words": np.array(
                json.dumps(
                    [self.currency, self.source, *self.notes], ensure_ascii=False
                )
            ),
        }
        return pack(arrays, compress=True)

    @classmethod
    def decode(cls, content: bytes) -> "PriceSeries":
        """Decode the bytes of `encode`."""
        arrays = unpack(content)
        currency, source, *notes = json.loads(str(arrays["words"]))
        return cls(
            name=str(arrays["name"]),
            dates=arrays["dates"].astype(f"datetime64[{arrays['unit']}]"),
            prices=arrays["prices"],
            currency=currency,
            source=source,
            breaks=arrays["breaks"],
            notes=tuple(notes),
            frequency_name=str(arrays["frequency"]),
            splits=tuple(
                StockSplit(**split) for split in json.loads(str(arrays["splits"]))
            ),
        )


def same_prices(first: PriceSeries, second: PriceSeries) -> bool:
    """Whether two series have the same prices at the same times."""
    return np.array_equal(first.prices, second.prices) and np.array_equal(
        first.dates, second.dates
    )


def _check_rows(prices: int, dates: int) -> None:
    if prices != dates:
        raise DataError(
            f"Expected one date for each price, got {dates} dates and {prices} "
            "prices. Remove the rows that have only one of them."
        )
    if prices < MIN_ROWS:
        raise DataError(
            f"Expected at least {MIN_ROWS} rows with a price, found {prices}. "
            "Use a longer series."
        )
    if prices > MAX_ROWS:
        raise DataError(
            f"Expected at most {MAX_ROWS:,} rows, found {prices:,}. "
            "Remove the oldest ones."
        )


def _check_prices(prices: np.ndarray) -> None:
    bad = np.flatnonzero(~(np.isfinite(prices) & (prices > 0)))
    if bad.size:
        rows = ", ".join(str(row + 1) for row in bad[:5])
        more = f" and {bad.size - 5} more" if bad.size > 5 else ""
        raise DataError(
            f"Expected positive prices, got {prices[bad[0]]:g} in price {rows}{more}. "
            "Correct or remove those rows."
        )
    if prices.min() == prices.max():
        raise DataError(
            f"Expected prices that move, got {prices[0]:g} in every row. "
            "Choose another series or another column."
        )


def _check_dates(dates: np.ndarray) -> None:
    wrong = np.flatnonzero(dates[1:] <= dates[:-1])
    if wrong.size:
        row = int(wrong[0]) + 1
        raise DataError(
            "Expected dates in order, oldest first and each once, got "
            f"{format_time(dates[row])} after {format_time(dates[row - 1])} (price "
            f"{row + 1}). Sort the rows by date and remove doubles."
        )
