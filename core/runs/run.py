"""A training as workers have it, and a run as the pages show it."""

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
from core.task import Point, Scalar, Settings, UserError

Status = Literal["queued", "running", "stopped", "done", "failed"]
RECENT = 8  # epochs, from whose time that of the next ones is estimated
PAUSE = 5  # times a typical epoch: whatever takes longer was a pause
ACTIVE: tuple[Status, ...] = ("queued", "running")
SEARCHING = ("running", "confirming")  # what a search does until it has ended
PRUNED = (
    "Stopped by the search: by then most other trials had a lower validation loss. "
    "Resume trains on, and computes the result."
)

LEFT = (
    "Stopped before the end, so there is no result yet. Resume continues the training, "
    "which may have come further by then."
)


class LimitError(UserError):
    """A request exceeds what one person, or all together, may have."""


class StoreError(UserError):
    """The store is away, full, damaged, or not to be written to.

    Parameters
    ----------
    message
        What is the matter and what to do, for people: no address, no path.
    passes
        Whether it may recover by itself, so that it is worth waiting.
    """

    def __init__(self, message: str, *, passes: bool = False) -> None:
        super().__init__(message)
        self.passes = passes


class SchemaError(StoreError):
    """The store is of a version that this one cannot bring up to date."""


class Superseded(Exception):  # noqa: N818 - expected, no error
    """Another execution of the same run has taken over, or the run is gone."""


@dataclass(frozen=True, kw_only=True)
class Training:
    """What is computed: its settings, its state and its figures.

    `starts` counts all executions, `attempt` those since the last progress, and
    `heartbeat` all writes of its executions. Times are seconds since 1970, UTC;
    `seconds` is time spent training, and `until` the time at which it must pause.
    `own_data` is None where an earlier version did not store it. `study`, `trial`,
    `pruning` and `pause` are a trial's.
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
        """Whether it waits or trains."""
        return self.status in ACTIVE

    @property
    def without_result(self) -> bool:
        """Whether it is a trial of a search, whose test part nobody is to see."""
        return self.pruning is not None

    @property
    def closing(self) -> bool:
        """Whether it has stopped and a worker still looks at what it has learned."""
        return self.status == "stopped" and self.execution is not None

    @property
    def settings(self) -> dict[str, Scalar]:
        """The settings by name."""
        settings: dict[str, Scalar] = json.loads(self.config)
        return settings

    @property
    def usual_name(self) -> str:
        """What tells it from others: task, data, unusual settings."""
        return _name(self.task, self.title, self.config)

    @property
    def changes(self) -> str:
        """Its unusual settings in words."""
        return _changes(self.task, self.config)

    @property
    def waited(self) -> float:
        """Seconds between entering the queue and the start, or until now.

        The two moments may be those of two machines, whose clocks differ.
        """
        return max(0.0, (self.started or time.time()) - self.queued)


@dataclass(frozen=True, kw_only=True)
class Run(Training):
    """A training as one owner has it; `id` is the run's, `training` the training's.

    `joined` tells a training that another request began; `own_name`, `note`, `starred`
    and `class_shown` are the owner's. `left_at` is when
    the owner left the training, which may go on, and `left_progress` and `left_seconds`
    its state by then.
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
        """Its own name, or its usual one."""
        return self.own_name or self.usual_name

    @property
    def known_before(self) -> bool:
        """Whether its training had ended when it was requested."""
        return self.status == "done" and (self.finished or math.inf) < self.created

    def as_seen(self) -> "Run":
        """Return it as its owner sees it: as it was left, if it was."""
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


@dataclass(frozen=True)
class TimeLeft:
    """How long a training will take from here, as far as one can know.

    Attributes
    ----------
    seconds
        Of training, 0 when it may be over; the judgement after it is not among them.
    at_least
        Whether it stops by then only if its validation loss improves no more.
    """

    seconds: float
    at_least: bool


def time_left(run: Run, points: Sequence[Point]) -> TimeLeft | None:
    """Estimate the time left from the latest epochs, or None while they are too few.

    The first epoch does not count: TensorFlow prepares its graphs in it. Nor does one
    in which a stopped run waited for its owner.

    Parameters
    ----------
    run
        A run that trains.
    points
        Those of its epochs, all or evenly spread.
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
    """Return when a replay of a training shows each point, in seconds from its start.

    The first one is shown at once. A pause is cut to a typical epoch.

    Parameters
    ----------
    points
        Two or more, of all epochs or evenly spread.
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
    """Return the seconds of an epoch between each two points.

    They are not below 0, even if the clocks of two machines differ.
    """
    return [
        max(0.0, after.at - before.at) / (after.epoch - before.epoch)
        for before, after in pairwise(points)
    ]


@lru_cache(1024)
def _settings(task: str, config: str) -> Settings | None:
    """Return the settings of a run, or None where its task or one of them is gone."""
    try:
        return get_task(task).Config.from_json(config)
    except UserError:
        return None


@lru_cache(1024)
def settings_but_seed(task: str, config: str) -> str:
    """Return a run's settings but for the seed: repeats of a training share them."""
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
