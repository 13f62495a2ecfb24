"""Repetition of a training, and comparison with its recorded numbers."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.task import Outcome, Point, Progress, Training

TOLERANCE = 1e-6  # relative to 1 or to the number, whichever is larger
UNCOMPARED = ("seconds",)  # fields of a summary that may differ
MOST_NAMED = 5


class Repetition:
    """A training to iterate over, an epoch or a part of one at a time.

    Parameters
    ----------
    training
        As returned by `train` of a task.
    last_epoch
        The epoch after which it is stopped, or None to train to the end.

    Attributes
    ----------
    points
        The metrics of each epoch.
    """

    result: Outcome  # set after the last step

    def __init__(
        self, training: Training[Outcome], last_epoch: int | None = None
    ) -> None:
        self.training, self.last_epoch = training, last_epoch
        self.points: list[Point] = []

    def __iter__(self) -> Iterator[Progress]:
        ask_for_result = None
        try:
            while True:
                progress = self.training.send(ask_for_result)
                if progress.metrics:
                    metrics = dict(progress.metrics)
                    self.points.append(Point(epoch=progress.epoch, metrics=metrics))
                yield progress
                last = self.last_epoch
                ask_for_result = last is not None and progress.epoch >= last
        except StopIteration as end:
            self.result = end.value


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Differences between the numbers of a repetition and the recorded ones."""

    numbers: int  # number of compared numbers
    largest: float  # the largest difference, relative to numbers larger than 1
    # The names of numbers that differ by more than `TOLERANCE`
    different: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether all differences are within the tolerance."""
        return not self.different

    def __str__(self) -> str:
        if self.same:
            return (
                f"The same: all {self.numbers} recorded numbers were reached, with "
                f"differences of at most {self.largest:.1g}."
            )
        named = ", ".join(self.different[:MOST_NAMED])
        more = len(self.different) - MOST_NAMED
        return (
            f"Not the same: {len(self.different)} of {self.numbers} recorded numbers "
            f"differ by more than {TOLERANCE:g} (the largest difference is "
            f"{self.largest:.2g}): {named}{f' and {more} more' if more > 0 else ''}."
        )


def compare(
    summary: Mapping[str, object],
    points: Sequence[Point],
    recorded_summary: Mapping[str, object],
    recorded_points: Mapping[int, Mapping[str, float]],
) -> Comparison:
    """Compare a summary and the figures of each recorded epoch with recorded ones."""
    found = dict(_flat("summary", summary))
    found |= dict(_flat("epoch", {p.epoch: p.metrics for p in points}))
    recorded = dict(_flat("summary", recorded_summary))
    recorded |= dict(_flat("epoch", recorded_points))
    for name in UNCOMPARED:
        recorded.pop(f"summary {name}", None)
    distances = {
        name: _distance(value, found.get(name)) for name, value in recorded.items()
    }
    return Comparison(
        numbers=len(distances),
        largest=max(distances.values(), default=0.0),
        different=tuple(n for n, d in distances.items() if not d <= TOLERANCE),
    )


def _flat(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Yield the values of nested dictionaries and lists, named by their paths."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{name} {key}", inner)
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _flat(f"{name} {place}", inner)
    else:
        yield name, value


def _distance(one: object, other: object) -> float:
    """Return the relative distance of two values, infinite for different texts."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        if one == other or (math.isnan(one) and math.isnan(other)):
            return 0.0  # also of infinite numbers
        return abs(one - other) / max(1.0, abs(one))
    return 0.0 if one == other else math.inf
