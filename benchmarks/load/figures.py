"""The table at the end: each measured value beside its limit."""

from dataclasses import dataclass
from math import inf

import numpy as np

# What so many people are promised: answers a second for each, seconds from an epoch's
# end until it is seen, longest seconds between two answers, cores of the web process.
LIMITS = (
    (50, {"rate": 2.0, "age": 1.0, "longest": 2.0, "cpu": 0.25, "person_mb": 1.0}),
    (300, {"rate": 1.0, "age": 2.0}),
    (inf, {}),
)
FIRST_EPOCH, RESULT, TILE = 10.0, 60.0, 2.0  # seconds after a class has pressed Train


@dataclass(frozen=True)
class Figure:
    """One line: what was measured, its limit, and whether it is kept."""

    what: str
    value: float
    limit: float | None = None
    least: bool = False  # whether the limit is the least that is wanted

    @property
    def kept(self):
        """Whether the limit, if there is one, is kept."""
        sign = -1 if self.least else 1
        return self.limit is None or sign * self.value <= sign * self.limit

    def __str__(self):
        relation = ">=" if self.least else "<="
        limit = "-" if self.limit is None else f"{relation} {self.limit:g}"
        missed = "" if self.kept else "  MISSED"
        return f"{self.what:<56}{limit:>10}{self.value:>10,.2f}{missed}"


def quantile(values, share):
    """Return a quantile; infinite without any values."""
    return float(np.quantile(values or [inf], share, method="higher"))


def live_figures(watches, ended, limits):
    """Answers and ages of epochs of people who look at runs; `ended` by run."""
    rates = [watch.rate() for watch in watches]
    ages = [age for watch in watches for age in watch.ages(ended[watch.run])]
    longest = max(watch.longest() for watch in watches)
    return [
        Figure("answers a second a person, median", quantile(rates, 0.5)),
        Figure("  the worst person", min(rates), limits.get("rate"), least=True),
        Figure("longest wait between two answers, s", longest, limits.get("longest")),
        Figure("end of an epoch -> seen, median, s", quantile(ages, 0.5)),
        Figure("  95th percentile, s", quantile(ages, 0.95), limits.get("age")),
    ]


def press_figures(presses):
    """How long a class waited for a first epoch, a result and a tile on the board.

    `presses` are (pressed at, Watch, tile seen at), of all users.
    """
    first = [watch.first_epoch() - at for at, watch, _ in presses]
    results = [watch.result() - at for at, watch, _ in presses]
    tiles = quantile([tile - at for at, _, tile in presses], 0.95)
    return [
        Figure("press -> first epoch, median, s", quantile(first, 0.5)),
        Figure("  the last person, s", max(first), FIRST_EPOCH),
        Figure("press -> result, median, s", quantile(results, 0.5)),
        Figure("  the last person, s", max(results), RESULT),
        Figure("press -> tile on the board, 95th percentile, s", tiles, TILE),
    ]
