"""The lag detector: whether a forecast merely repeats an earlier price."""

from dataclasses import dataclass

import numpy as np

LAGS = 5  # days to either side
COPY = 0.9  # correlation from which on one series is the other, shifted


@dataclass(frozen=True, kw_only=True)
class Lag:
    """How a forecast moves with the actual price, shifted by some days.

    Attributes
    ----------
    lags
        Days by which the actual price is shifted (2 * LAGS + 1,): at 1, the
        forecast of a day is held against the price of the day before.
    changes
        Correlation of the forecast's daily changes with the actual ones, at each
        lag: nothing but the forecast's own knowledge can make it high at 0.
    levels
        Root mean squared difference of forecast and actual price, at each lag, as a
        share of what it is at 0.
    """

    lags: tuple[int, ...]
    changes: tuple[float, ...]
    levels: tuple[float, ...]

    @property
    def best(self) -> int:
        """The lag at which the changes agree most."""
        return self.lags[int(np.argmax(self.changes))]

    @property
    def copies(self) -> bool:
        """Whether the forecast is an earlier price."""
        return self.best >= 1 and max(self.changes) >= COPY

    @property
    def sentence(self) -> str:
        """What was found, in words."""
        agree, now = max(self.changes), self.changes[self.lags.index(0)]
        days = "1 day" if self.best == 1 else f"{self.best} days"
        numbers = (
            f"(correlation {agree:.2f} at lag {self.best}, {now:.2f} on the day itself)"
        )
        if self.copies:
            return (
                f"The forecast repeats the price of {days} earlier: its daily changes "
                f"are the actual ones, {days} late {numbers}."
            )
        if self.best >= 1:
            return (
                f"The forecast resembles the price of {days} earlier: its daily "
                f"changes follow the actual ones {days} late {numbers}."
            )
        if self.best == 0:
            return (
                f"The forecast moves with the price on the day itself (correlation "
                f"{agree:.2f}). With daily prices this indicates a leak of future "
                "data, unless shown otherwise."
            )
        return (
            f"The forecast moves before the price does (correlation {agree:.2f} at lag "
            f"{self.best}). It must have used future data."
        )


def detect_lag(actual: np.ndarray, predicted: np.ndarray) -> Lag:
    """Hold a forecast against the actual price at lags from -5 to 5 days.

    Parameters
    ----------
    actual, predicted
        Prices of the same days (rows,), in the order of time.
    """
    lags = range(-LAGS, LAGS + 1)
    steps = np.diff(np.log(actual)), np.diff(np.log(np.maximum(predicted, 1e-12)))
    changes = [_correlation(*_shifted(*steps, lag)) for lag in lags]
    errors = []
    for lag in lags:
        price, forecast = _shifted(actual, predicted, lag)
        errors.append(float(np.sqrt(np.mean(np.square(price - forecast)))))
    usual = errors[LAGS] or 1.0
    return Lag(
        lags=tuple(lags),
        changes=tuple(changes),
        levels=tuple(error / usual for error in errors),
    )


def _shifted(
    actual: np.ndarray, predicted: np.ndarray, lag: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of both such that day t of the forecast meets day t - lag of the actual."""
    rows = np.arange(LAGS, len(actual) - LAGS)
    return actual[rows - lag], predicted[rows]


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    first, second = first - first.mean(), second - second.mean()
    size = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / size if size > 0 else 0.0
