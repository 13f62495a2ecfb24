"""What the runs of a search have come to: its trials, their values, what comes next."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.runs.run import Status
from core.runs.search.pruning import Pruning, best_so_far
from core.task import Scalar

State = Literal["running", "complete", "pruned", "failed"]
DECIDED: tuple[State, ...] = ("complete", "pruned", "failed")
# A trial knows the results of those up to this many before it, whatever else has
# ended: so a search does not depend on the number of workers. And so many may be
# unfinished at a time.
LAG = 4


@dataclass(frozen=True, kw_only=True)
class Observed:
    """A run of a trial: its status, and its objective after each epoch so far."""

    status: Status
    curve: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Settings that are tried.

    Attributes
    ----------
    number
        Its place in the search; 0 has the settings that the search started from.
    settings
        The searched settings.
    state
        Whether it is decided, and how.
    values
        What its runs came to, by seed; of a pruned one that of the first run until
        then; none of a failed one.
    best
        The lowest objective of the first run up to each epoch.
    """

    number: int
    settings: Mapping[str, Scalar]
    state: State = "running"
    values: tuple[float, ...] = ()
    best: tuple[float, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether its result is known."""
        return self.state in DECIDED

    @property
    def value(self) -> float | None:
        """Mean over its seeds; None before it is known, and of a failed trial."""
        return statistics.fmean(self.values) if self.values and self.decided else None

    @property
    def spread(self) -> float | None:
        """Standard deviation over its seeds; None of fewer than two."""
        if self.state != "complete" or len(self.values) < 2:
            return None
        return statistics.stdev(self.values)


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """How a run is judged.

    Attributes
    ----------
    keeps_best
        Whether the training keeps the weights of its best epoch, not its last.
    epochs
        How many are planned: without early stopping, fewer are a failure.
    """

    keeps_best: bool
    epochs: int

    def value(self, run: Observed) -> float | None:
        """Return what a finished run came to, None if it failed."""
        short = not self.keeps_best and len(run.curve) < self.epochs
        if run.status != "done" or not run.curve or short:
            return None
        return min(run.curve) if self.keeps_best else run.curve[-1]

    def trial(
        self, trial: Trial, runs: Sequence[Observed], seeds: int, pruning: Pruning
    ) -> Trial:
        """Return a trial with what its runs have come to, that of the first seed first.

        It follows from their curves alone, whenever and wherever they ran.
        """
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
