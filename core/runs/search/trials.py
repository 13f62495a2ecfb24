"""The trials of a search and their values, derived from their runs."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.runs.run import Status
from core.runs.search.pruning import Pruning, best_so_far
from core.task import Scalar

State = Literal["running", "complete", "pruned", "failed"]
DECIDED: tuple[State, ...] = ("complete", "pruned", "failed")
# A trial uses the results of trials at least this many before it, and no others, so
# that a search does not depend on the number of workers. It also is the largest number
# of unfinished trials.
LAG = 4


@dataclass(frozen=True, kw_only=True)
class Observed:
    """A run of a trial: its status, and its objective after each epoch so far."""

    status: Status
    curve: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One trial: settings with their values."""

    number: int  # its place in the search; 0 is the default
    settings: Mapping[str, Scalar]  # the searched settings
    state: State = "running"  # in progress, or how it ended
    # Value of each run, by seed; of a pruned one the first run's value so far; empty
    # for a failed one
    values: tuple[float, ...] = ()
    # The lowest objective of the first run up to each epoch
    best: tuple[float, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether it has ended."""
        return self.state in DECIDED

    @property
    def value(self) -> float | None:
        """Mean over its seeds; None before its end, and for a failed trial."""
        return statistics.fmean(self.values) if self.values and self.decided else None

    @property
    def spread(self) -> float | None:
        """Standard deviation over its seeds; None of fewer than two."""
        if self.state != "complete" or len(self.values) < 2:
            return None
        return statistics.stdev(self.values)


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """The rule that turns a curve into a value."""

    # Whether the training keeps the weights of its best epoch, not its last
    keeps_best: bool
    epochs: int  # planned epochs; without early stopping, fewer count as a failure

    def value(self, run: Observed) -> float | None:
        """Return the value of a finished run, None if it failed."""
        short = not self.keeps_best and len(run.curve) < self.epochs
        if run.status != "done" or not run.curve or short:
            return None
        return min(run.curve) if self.keeps_best else run.curve[-1]

    def trial(
        self, trial: Trial, runs: Sequence[Observed], seeds: int, pruning: Pruning
    ) -> Trial:
        """Return a trial with the values of its runs, the first seed first."""
        if not runs:
            return trial
        first, best = runs[0], best_so_far(runs[0].curve)
        if epoch := pruning.epoch(best):
            value = best[epoch - 1]
            return replace(trial, state="pruned", values=(value,), best=best[:epoch])
        values = [self.value(run) for run in runs if not _active(run)]
        known = tuple(value for value in values if value is not None)
        if len(known) < len(values):
            return replace(trial, state="failed", values=(), best=best)
        complete = len(known) == seeds and not _active(first)
        state: State = "complete" if complete else "running"
        return replace(trial, state=state, values=known, best=best)


def _active(run: Observed) -> bool:
    return run.status in ("queued", "running")


def winner(trials: Sequence[Trial]) -> Trial | None:
    """Return the complete trial with the lowest mean, the earliest of equal ones."""
    complete = [trial for trial in trials if trial.state == "complete"]
    return min(complete, key=lambda trial: trial.value or 0.0, default=None)
