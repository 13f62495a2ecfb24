"""A training, as workers see it, and a run of it, as its owner sees it."""

import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate, pairwise
from statistics import mean, median_low
from typing import Literal

from core.registry import get_task
from core.stats import finite
from core.task import Measure, Point, Scalar, Settings, UserError

Status = Literal["queued", "running", "stopped", "done", "failed"]
RECENT = 8  # epochs, for the estimate of the next ones
PAUSE = 5  # times a typical epoch: a longer one included a pause
ACTIVE: tuple[Status, ...] = ("queued", "running")
SEARCHING = ("running", "confirming")  # states of an unfinished search
PRUNED = (
    "Stopped by the search: by then most other trials had a lower validation loss. "
    "Resume trains on, and computes the result."
)

LEFT = (
    "Stopped before the end, so there is no result yet. Resume continues the training; "
    "others may have advanced it meanwhile."
)


class LimitError(UserError):
    """A request exceeds a limit."""


class StoreError(UserError):
    """The store is away, full, damaged, or not to be written to.

    Parameters
    ----------
    message
        Cause and advice in a sentence, without addresses and paths.
    passes
        Whether a retry may succeed.
    """

    def __init__(self, message: str, *, passes: bool = False) -> None:
        super().__init__(message)
        self.passes = passes


class SchemaError(StoreError):
    """The store has a version that cannot be migrated."""


class MissingStoreError(UserError):
    """The database has no store, and the command may not make one.

    Parameters
    ----------
    address
        The database's address, without passwords.
    """

    def __init__(self, address: str) -> None:
        super().__init__(
            f"No store at {address}: set UNROLLED_HOME or DATABASE_URL as the "
            "dashboard has it."
        )


class Superseded(Exception):  # noqa: N818 - expected, no error
    """Another execution has claimed the run, or the run was deleted."""


@dataclass(frozen=True, kw_only=True)
class Training:
    """A computation: its settings, its state and its figures.

    `starts` counts all executions, `attempt` those since the last progress, and
    `heartbeat` all writes of its executions. Times are seconds since 1970, UTC;
    `seconds` is time spent training, and `until` its limit. `own_data`, for uploaded
    data, is None in runs of earlier versions. Trials have `study`, `trial`, `pruning`
    and `pause`.
    """

    id: str
    task: str
    title: str
    config: str
    status: Status
    execution: str | None
    starts: int
    attempt: int
    stop: bool
    heartbeat: int
    queued: float
    started: float | None
    finished: float | None
    seconds: float
    until: float
    progress: float
    total: int
    error: str | None
    study: str | None = None
    trial: int | None = None
    pruning: str | None = None
    pause: bool | None = None
    own_data: bool | None = None
    summary: dict[str, Scalar] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        """Whether it is queued or running."""
        return self.status in ACTIVE

    @property
    def without_result(self) -> bool:
        """Whether it is a trial of a search, which ends without test metrics."""
        return self.pruning is not None

    @property
    def closing(self) -> bool:
        """Whether it has stopped and a worker still computes the result so far."""
        return self.status == "stopped" and self.execution is not None

    @property
    def settings(self) -> dict[str, Scalar]:
        """The settings by name."""
        settings: dict[str, Scalar] = json.loads(self.config)
        return settings

    @property
    def usual_name(self) -> str:
        """The default name: task, data, changed settings."""
        return _name(self.task, self.title, self.config)

    @property
    def changes(self) -> str:
        """The changed settings in words."""
        return _changes(self.task, self.config)

    @property
    def waited(self) -> float:
        """Seconds in the queue so far, not below 0 if clocks of machines differ."""
        return max(0.0, (self.started or time.time()) - self.queued)


@dataclass(frozen=True, kw_only=True)
class Run(Training):
    """An owner's run of a training; `id` is the run's, `training` the training's.

    `joined` marks a training that another request began; `own_name`, `note`, `starred`
    and `class_shown` belong to the owner. If the owner left a shared training,
    `left_at`, `left_progress` and `left_seconds` have the time and its state then.
    """

    training: str
    created: float
    joined: bool = False
    own_name: str | None = None
    note: str | None = None
    starred: bool | None = None
    class_shown: bool | None = None
    left_at: float | None = None
    left_progress: float | None = None
    left_seconds: float | None = None

    @property
    def name(self) -> str:
        """The owner's name of it, or the default name."""
        return self.own_name or self.usual_name

    @property
    def known_before(self) -> bool:
        """Whether its training had ended before the request."""
        return self.status == "done" and (self.finished or math.inf) < self.created

    def as_seen(self) -> "Run":
        """Return it as its owner sees it: if left, in the state of that moment."""
        if self.left_at is None:
            return self
        return replace(
            self,
            status="stopped",
            execution=None,
            stop=False,
            finished=self.left_at,
            progress=self.left_progress or 0.0,
            seconds=self.left_seconds or 0.0,
            error=LEFT,
            summary={},
        )


def value_of(run: Run, measure: Measure) -> float | None:
    """Return a run's finite result by a measure; None before it."""
    return finite(run.summary.get(measure.key))


@dataclass(frozen=True)
class TimeLeft:
    """The estimated time left of a training."""

    seconds: float  # duration of training, without the evaluation after it
    # Whether early stopping would end it then: with a better validation loss it takes
    # longer
    at_least: bool


def time_left(run: Run, points: Sequence[Point]) -> TimeLeft | None:
    """Estimate the time left from the latest epochs; None while there are too few.

    The first epoch, in which TensorFlow builds its graphs, is left out, and so are
    epochs with a pause.

    `points` are all of its epochs or evenly spread.
    """
    durations = _epoch_seconds(points[-RECENT - 1 :])
    if not durations:
        return None
    longest = PAUSE * median_low(durations)
    an_epoch = min(mean(each for each in durations if each <= longest), run.seconds)
    epochs, at_least = run.total - run.progress, False
    if patience := getattr(_settings(run.task, run.config), "patience", None):
        best = min(points, key=lambda point: point.metrics.get("val_loss", math.inf))
        if (stop := best.epoch + patience) < run.total:
            epochs, at_least = stop - run.progress, True
    return TimeLeft(max(0.0, epochs) * an_epoch, at_least)


def replay_times(points: Sequence[Point]) -> list[float]:
    """Return the time of each point in a replay, in seconds from its start.

    The first point is at 0. Pauses are cut to a typical epoch.

    They are two or more, of all epochs or evenly spread.
    """
    durations = _epoch_seconds(points)
    typical = median_low(durations)
    steps = [
        (duration if duration <= PAUSE * typical else typical)
        * (after.epoch - before.epoch)
        for duration, (before, after) in zip(durations, pairwise(points), strict=True)
    ]
    return list(accumulate(steps, initial=0.0))


def _epoch_seconds(points: Sequence[Point]) -> list[float]:
    """Return the seconds of an epoch between each two points, at least 0."""
    return [
        max(0.0, after.at - before.at) / (after.epoch - before.epoch)
        for before, after in pairwise(points)
    ]


@lru_cache(1024)
def _settings(task: str, config: str) -> Settings | None:
    """Return the settings of a run, or None if this version cannot read them."""
    try:
        settings: Settings = get_task(task).Config.from_json(config)
        return settings
    except UserError:
        return None


@lru_cache(1024)
def settings_but_seed(task: str, config: str) -> str:
    """Return a run's settings without the seed, as shared by repeats."""
    settings = _settings(task, config)
    values = json.loads(config) if settings is None else settings.values
    return json.dumps({k: v for k, v in sorted(values.items()) if k != "seed"})


@lru_cache(1024)
def _changes(task: str, config: str) -> str:
    settings = _settings(task, config)
    if settings is None:
        return ""
    return ", ".join(
        f"{name.replace('_', ' ')} {value:g}"
        if isinstance(value, float)
        else f"{name.replace('_', ' ')} {value}"
        for name, value in settings.changes.items()
    )


@lru_cache(1024)
def _name(task: str, title: str, config: str) -> str:
    settings = _settings(task, config)
    label = settings.label if settings else ""
    return " · ".join(filter(None, (label, title, _changes(task, config))))
