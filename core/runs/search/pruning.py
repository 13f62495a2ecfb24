"""Early stopping of trials below the median (the median rule of Vizier, 2017).

The limits of a trial are fixed before it begins, so that it always ends in the same
epoch.
"""

import itertools
import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

FEWEST = 4  # complete trials to compare with
WARM_UP = 0.2  # share of the epochs in which no trial is ended


@dataclass(frozen=True, kw_only=True)
class Pruning:
    """The limits of the objective above which a training is stopped."""

    metric: str  # the objective among the metrics of an epoch
    after: int = 0  # epochs before the first limit
    # Limits of the lowest objective so far, from epoch `after` + 1 on; the last one
    # holds for all later epochs
    worst: tuple[float, ...] = ()

    def ends(self, epoch: int, best: float) -> bool:
        """Whether a training with this lowest objective is stopped in an epoch."""
        if not self.worst or epoch <= self.after:
            return False
        return best > self.worst[min(epoch - self.after, len(self.worst)) - 1]

    def epoch(self, best: Sequence[float]) -> int | None:
        """Return the epoch in which a training is stopped, or None.

        `best` is its lowest objective up to each epoch.
        """
        ends = (n for n, value in enumerate(best, start=1) if self.ends(n, value))
        return next(ends, None)

    def to_json(self) -> str:
        """Write it as one JSON object."""
        return json.dumps(
            {"metric": self.metric, "after": self.after, "worst": self.worst}
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Decode the text of `to_json`."""
        values = json.loads(text)
        return cls(**{**values, "worst": tuple(values["worst"])})


def best_so_far(curve: Sequence[float]) -> tuple[float, ...]:
    """Return the lowest value up to each epoch."""
    return tuple(itertools.accumulate(curve, min))


def pruning_of(metric: str, complete: Sequence[Sequence[float]]) -> Pruning:
    """Return the limits of a trial: the medians of the complete ones.

    Parameters
    ----------
    metric
        The objective.
    complete
        The lowest objective up to each epoch of complete trials. After early stopping
        the last value counts.
    """
    if len(complete) < FEWEST:
        return Pruning(metric=metric)
    epochs = max(map(len, complete))
    after = max(1, round(WARM_UP * epochs))
    worst = tuple(
        statistics.median(best[min(epoch, len(best) - 1)] for best in complete)
        for epoch in range(after, epochs)
    )
    return Pruning(metric=metric, after=after, worst=worst)
