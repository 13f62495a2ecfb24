"""A run as the pages and the workers see it."""

import json
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from core.registry import room
from core.task import Scalar, UserError

Status = Literal["queued", "running", "stopped", "done", "failed"]
ACTIVE: tuple[Status, ...] = ("queued", "running")


class LimitError(UserError):
    """A person asked for more than one person may have."""


class Superseded(Exception):  # noqa: N818 - it is news, not a fault
    """Another execution of the same run has taken over, or the run is gone."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One training: its request, its state and what came of it.

    `starts` counts all executions, `attempt` those since it last got on.
    Times are seconds since 1970, UTC; `seconds` is time spent training,
    and `until` the time at which it must pause.
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
    beat: int
    created: float
    queued: float
    started: float | None
    finished: float | None
    seconds: float
    until: float
    progress: float
    total: int
    error: str | None
    summary: dict[str, Scalar] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        """Whether the run waits or trains."""
        return self.status in ACTIVE

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
    def name(self) -> str:
        """What tells it from other runs: task, variant, data, unusual settings."""
        return _name(self.task, self.title, self.config)

    @property
    def waited(self) -> float:
        """Seconds between entering the queue and the start, or until now.

        The two moments may be those of two machines, whose clocks differ.
        """
        return max(0.0, (self.started or time.time()) - self.queued)


@dataclass(frozen=True, kw_only=True)
class Point:
    """What one epoch left: when it ended, its figures and, on request, its snapshot."""

    epoch: int
    metrics: dict[str, float]
    snapshot: bytes | None = None
    at: float = field(default_factory=time.time, compare=False)


@lru_cache(1024)
def _name(task: str, title: str, config: str) -> str:
    """Return a run's name; where its task or a setting is gone, that of its data."""
    try:
        settings = room(task).Config.from_json(config)
    except UserError:
        return title
    changes = ", ".join(
        f"{name.replace('_', ' ')} {value:g}"
        if isinstance(value, float)
        else f"{name.replace('_', ' ')} {value}"
        for name, value in settings.changes.items()
    )
    return " · ".join(filter(None, (settings.label, title, changes)))
