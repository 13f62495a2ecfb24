"""What has come of a search, as the store keeps it and pages and terminal show it."""

import dataclasses
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from core.runs.search.trials import State
from core.task import Scalar

Values = Sequence[float | None]  # of runs, None for one that failed


@dataclass(frozen=True, kw_only=True)
class TrialReport:
    """A trial: see `core.runs.search.trials.Trial`; `run` is its first run's id."""

    number: int
    settings: Mapping[str, Scalar]
    state: State
    value: float | None
    spread: float | None
    run: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """A search so far.

    Attributes
    ----------
    trials
        Those that have begun.
    best
        Number of the trial with the lowest mean, once no more trials come.
    confirmed
        Objectives of the best settings ("best") and of those that the search started
        from ("default") with fresh seeds, at its end.
    test
        Means of what these runs came to on the test part, by name.
    beats_default, p
        The verdict: see `core.runs.search.verdict`.
    """

    trials: Sequence[TrialReport] = ()
    best: int | None = None
    confirmed: Mapping[str, Values] = field(default_factory=dict)
    test: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    beats_default: bool = False
    p: float | None = None

    @classmethod
    def of(cls, summary: Mapping[str, Any]) -> Self:
        """Read what a study has in the store."""
        trials = [TrialReport(**trial) for trial in summary.get("trials", ())]
        return cls(**{**summary, "trials": trials})

    def summary(self) -> dict[str, Any]:
        """Return it as a study has it in the store."""
        return dataclasses.asdict(self)


def mean_and_spread(values: Values) -> tuple[float | None, float | None]:
    """Return mean and standard deviation, None where a run failed."""
    numbers = [value for value in values if value is not None]
    if len(numbers) < len(values):
        return None, None
    return statistics.fmean(numbers), statistics.stdev(numbers)
