"""Ends trials early that are worse than most (a median rule, as in Vizier, 2017).

What a trial is compared with is fixed before it begins, so that it ends in the same
epoch wherever and however often it is run.
"""

import itertools
import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

FEWEST = 4  # complete trials to compare with
WARM_UP = 0.2  # of the epochs, in which no trial is ended


@dataclass(frozen=True, kw_only=True)
class Pruning:
    """The worst objective with which a training goes on after each epoch.

    Attributes
    ----------
    metric
        The objective among the metrics of an epoch.
    after
        Epochs before the first that is compared.
    worst
        The highest "lowest objective so far", from epoch `after` + 1 on. A training
        that goes on for longer is compared with the last one.
    """

    metric: str
    after: int = 0
    worst: tuple[float, ...] = ()

    def ends(self, epoch: int, best: float) -> bool:
        """Whether a training with this lowest objective so far ends in an epoch."""
        if not self.worst or epoch <= self.after:
            return False
        return best > self.worst[min(epoch - self.after, len(self.worst)) - 1]

    def epoch(self, best: Sequence[float]) -> int | None:
        """Return the epoch in which a training ends, None if it goes on.

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
        """Read what `to_json` wrote."""
        values = json.loads(text)
        return cls(**{**values, "worst": tuple(values["worst"])})


def best_so_far(curve: Sequence[float]) -> tuple[float, ...]:
    """Return the lowest value up to each epoch."""
    return tuple(itertools.accumulate(curve, min))


def pruning_of(metric: str, complete: Sequence[Sequence[float]]) -> Pruning:
    """Return what a trial is compared with: the median of complete ones.

    Parameters
    ----------
    metric
        The objective.
    complete
        The lowest objective up to each epoch of complete trials. One that stopped
        early counts with its last value from then on.
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
