"""The lag detector: whether a forecast merely repeats an earlier price."""

from dataclasses import dataclass

import numpy as np

from core.stock.data.frequency import DEFAULT, Frequency

LAGS = 5  # days to either side
COPY = 0.9  # correlation from which the forecast counts as a shifted copy


@dataclass(frozen=True, kw_only=True)
class Lag:
    """Cross-correlation of a forecast with the actual price."""

    # Days by which the actual price is shifted (2 * LAGS + 1,): at 1, the forecast of a
    # day is compared with the price of the day before
    lags: tuple[int, ...]
    # Of the forecast's daily changes with the actual ones, at each lag
    correlations: tuple[float, ...]
    frequency: Frequency = DEFAULT  # how far apart the prices are

    @property
    def best(self) -> int:
        """The lag with the highest correlation."""
        return self.lags[int(np.argmax(self.correlations))]

    @property
    def copies(self) -> bool:
        """Whether the forecast repeats an earlier price."""
        return self.best >= 1 and max(self.correlations) >= COPY

    @property
    def sentence(self) -> str:
        """The finding in words."""
        agree, now = max(self.correlations), self.correlations[self.lags.index(0)]
        days, daily = self.frequency.ahead(self.best), self.frequency.adjective
        itself = f"on the {self.frequency.row} itself"
        numbers = f"(correlation {agree:.2f} at lag {self.best}, {now:.2f} {itself})"
        if self.copies:
            return (
                f"The forecast repeats the price of {days} earlier: its {daily} "
                f"changes are the actual ones, {days} late {numbers}."
            )
        if self.best >= 1:
            return (
                f"The forecast resembles the price of {days} earlier: its {daily} "
                f"changes follow the actual ones {days} late {numbers}."
            )
        if self.best == 0:
            return (
                f"The forecast moves with the price {itself} (correlation "
                f"{agree:.2f}). With {daily} prices this indicates a leak of future "
                "data, unless shown otherwise."
            )
        return (
            f"The forecast moves before the price does (correlation {agree:.2f} at lag "
            f"{self.best}). It must have used future data."
        )


def detect_lag(
    actual: np.ndarray, predicted: np.ndarray, frequency: Frequency = DEFAULT
) -> Lag:
    """Correlate daily changes of forecast and actual price at lags from -5 to 5 days.

    The prices are of the same days (rows,), in the order of time.
    """
    actual_changes = np.diff(np.log(actual))
    changes = np.diff(np.log(np.maximum(predicted, 1e-12)))
    lags = range(-LAGS, LAGS + 1)
    rows = np.arange(LAGS, len(changes) - LAGS)
    return Lag(
        lags=tuple(lags),
        correlations=tuple(
            _correlation(actual_changes[rows - lag], changes[rows]) for lag in lags
        ),
        frequency=frequency,
    )


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    first, second = first - first.mean(), second - second.mean()
    size = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / size if size > 0 else 0.0
