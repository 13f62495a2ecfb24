"""The leakage self-test: changed future prices must not change earlier forecasts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.stock.data.series import PriceSeries
from core.stock.wording import count, format_time

FACTOR = 2.0  # puts the new prices beyond any scale of the old ones


@dataclass(frozen=True, kw_only=True)
class Leakage:
    """The outcome of the self-test.

    Every price after `day` is replaced by another one, and training and forecasts are
    repeated. Without a leak everything up to that day stays the same, bit for bit.
    """

    day: str  # the last day whose price is unchanged
    # Number of days whose forecasts, made at that close or before, are compared
    days: int
    changed: int  # how many of them differ
    farthest: float  # largest difference, as a share of the forecast
    # Whether the first steps of training gave exactly the same weights
    trained_alike: bool
    # How often it was repeated, each time with other days replaced: `day` is then the
    # last of them
    repeats: int = 1

    @property
    def passed(self) -> bool:
        """Whether no forecast and no weight has changed."""
        return self.changed == 0 and self.trained_alike

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        after = f"every price after {self.day} replaced"
        if self.repeats > 1:
            after += f", and after {count(self.repeats - 1, 'earlier close')}"
        if self.passed:
            return (
                f"No leak: with {after}, the {self.days} earlier forecasts stay the "
                "same to the last bit."
            )
        return (
            f"It leaks: with {after}, {self.changed} of the {self.days} earlier "
            f"forecasts change, by up to {self.farthest:.0%}. They used future data."
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Probe:
    """What a recipe computed from a series."""

    # All variables after some steps, and figures of rows before the test part
    trained: np.ndarray
    # The rows from whose closes the test part is forecast, and those forecasts (rows,
    # ...)
    origin: np.ndarray
    forecasts: np.ndarray

    def until(self, day: int) -> tuple[np.ndarray, np.ndarray]:
        """Return `trained`, and the forecasts made at the close of a row or before."""
        return self.trained, self.forecasts[self.origin <= day]


def disturbed(series: PriceSeries, day: int) -> PriceSeries:
    """Return the series with every price after row `day` replaced by a higher one."""
    noise = np.random.default_rng(day).normal(0, 0.01, len(series) - day - 1)
    prices = series.prices.copy()
    prices[day + 1 :] *= FACTOR * np.exp(np.cumsum(noise))
    return replace(series, prices=prices)


def compare(
    series: PriceSeries,
    day: int,
    before: tuple[np.ndarray, np.ndarray],
    after: tuple[np.ndarray, np.ndarray],
) -> Leakage:
    """Compare what a recipe computed from a series and from the disturbed one.

    `before` and `after` have, for each series, the weights after some steps of
    training, and the forecasts up to row `day` (days, ...).
    """
    weights, forecasts = before
    weights_after, forecasts_after = after
    differ = forecasts != forecasts_after
    moved = np.abs(forecasts_after - forecasts) / np.abs(forecasts)
    return Leakage(
        day=format_time(series.dates[day]),
        days=len(forecasts),
        changed=int(differ.reshape(len(differ), -1).any(axis=1).sum()),
        farthest=float(moved.max()),
        trained_alike=bool(np.array_equal(weights, weights_after)),
    )


def join(found: Sequence[Leakage]) -> Leakage:
    """Join the outcomes of several days, the last of them last."""
    return Leakage(
        day=found[-1].day,
        days=sum(each.days for each in found),
        changed=sum(each.changed for each in found),
        farthest=max(each.farthest for each in found),
        trained_alike=all(each.trained_alike for each in found),
        repeats=len(found),
    )
