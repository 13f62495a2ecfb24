"""The board of a class: each student's current training, and all runs.

`Boards` caches the state of a class for half a second, for all sessions of a process,
and reads changed rows only. `tiles` and `all_runs` select from that state.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.registry import get_task
from core.runs.classes.board_state import (
    NO_CURVE,
    BoardState,
    Curve,
    Doing,
    curve_key,
    read_class,
)
from core.runs.classes.classes import ClassTask, Member
from core.runs.classes.goals import applies
from core.runs.recent import Recent
from core.runs.run import Run, value_of
from core.runs.store import Store
from core.table.writer import utc, write_csv
from core.task import Measure, Point

CACHE_SECONDS = 0.5  # lifetime of a class's state, shared by all sessions
IDLE_SECONDS = 300.0  # without an action and without an unfinished run
MOST_CLASSES = 50  # most states in memory
CURVE_POINTS = 40
EPOCHS = Measure(key="epochs", title="Epochs", better="high", part="validation")
LOSS = Measure(key="", title="Validation loss", better="low", part="validation")
WIDE = 20.0  # ratio of the largest loss to the smallest, above which it is logarithmic
Sort = Literal["progress", "result", "name"]


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A student on the board."""

    member: Member
    run: Run | None  # an unfinished training of the student, else the latest
    private: bool  # whether it is on private data: the tile then shows no details
    curve: Curve = NO_CURVE  # the loss
    # The main figure, None if there is none, and its measure
    value: float | None = None
    measure: Measure = LOSS
    progress: float = 0.0  # completed part of the training, 0 to 1
    result: float | None = None  # the figure by which results are sorted
    idle: float | None  # seconds since the last action, after IDLE_SECONDS; else None
    done: int  # number of finished tasks, of all or of the chosen one
    doing: Doing  # the student's latest action other than training


class Boards:
    """Reads classes for all sessions of a process. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._states: Recent[BoardState | None] = Recent(CACHE_SECONDS, MOST_CLASSES)

    def state(self, code: str) -> BoardState | None:
        """Return the cached state of a class, or None after its end.

        The caller checks the rights.
        """
        before = self._states.last(code)
        return self._states.get(code, lambda: read_class(self.store, code, before))

    def shown_to(
        self, owner: str | None, code: str, screen: str = ""
    ) -> BoardState | None:
        """Return the cached state of a class for readers of its board or screen."""
        state = self.state(code) if owner else None
        return state if owner and state and state.may_look(owner, screen) else None

    def forget(self, code: str) -> None:
        """Read the state of a class anew after a change, but not what is unchanged."""
        self._states.expire(code)

    def member_of(self, code: str, run_id: str) -> Member | None:
        """Return the member whose run is on the board. The caller checks the rights."""
        if state := self.state(code):
            for key, member in state.shown:
                if any(run.id == run_id for run in state.runs[key]):
                    return member
        return None

    def tiles(self, state: BoardState, task_id: str | None, sort: Sort) -> list[Tile]:
        """Return the tiles of the board in order.

        Of one task of the class, or of all; by finished tasks and progress, by result,
        or by name.
        """
        chosen = [task for task in state.tasks if task.id == task_id]
        found = [self._tile(state, key, member, chosen) for key, member in state.shown]
        return sorted(found, key=_ORDERS[sort])

    def _tile(
        self,
        state: BoardState,
        key: str,
        member: Member,
        chosen: Sequence[ClassTask],
    ) -> Tile:
        everything = state.runs[key]
        own = [run for run in everything if counts(run, chosen or state.tasks)]
        run = next((run for run in own if run.active), own[0] if own else None)
        rest = state.read - max(member.joined, member.active)
        idle = rest >= IDLE_SECONDS and not any(run.active for run in everything)
        done = state.done.get(member.id, frozenset())
        tile = Tile(
            member=member,
            run=run,
            private=run is not None and is_private(run),
            idle=rest if idle else None,
            done=sum(task.id in done for task in chosen or state.tasks),
            doing=state.doing.get(key, Doing()),
        )
        if run is None or tile.private:
            return tile
        curve, measure = self._curve(state, run), measure_of(run, chosen)
        value = result = value_of(run, measure)
        if result is None:
            value, measure = curve.last, LOSS
        elif measure.better == "high":
            result = -result
        progress = 1.0 if run.status == "done" else run.progress / (run.total or 1)
        return replace(
            tile,
            curve=curve,
            value=None if run.status == "failed" else value,
            measure=measure,
            progress=min(1.0, progress),
            result=result,
        )

    def _curve(self, state: BoardState, run: Run) -> Curve:
        """Return the loss of a run, read once for each heartbeat."""
        key = curve_key(run)
        if key not in state.curves:
            points = self.store.points(run.id, CURVE_POINTS)
            state.curves[key] = curve_of(run, points)
        return state.curves[key]


_ORDERS = {
    # In tenths of a training, so that tiles keep their places for a while.
    "progress": lambda tile: (
        -tile.done,
        tile.run is None,
        -math.floor(10 * tile.progress),
        *_by_name(tile),
    ),
    "result": lambda tile: (
        tile.result is None,
        tile.run is None,
        tile.run.task if tile.run else "",
        tile.result or 0.0,
        *_by_name(tile),
    ),
    "name": lambda tile: _by_name(tile),
}


def _by_name(tile: Tile) -> tuple[int, str]:
    """Numbers by their size, before names."""
    name = tile.member.name
    number = int(name) if name.isascii() and name.isdigit() else None
    return (10**24, name.casefold()) if number is None else (number, "")


def is_private(run: Run) -> bool:
    """Whether a run is on uploaded data that its owner does not show to the class."""
    return bool(run.own_data) and not run.class_shown


def counts(run: Run, tasks: Sequence[ClassTask]) -> bool:
    """Whether a run is of one of these tasks; True without tasks."""
    return not tasks or any(
        applies(task.page, task.query, run.task, run.settings) for task in tasks
    )


def measure_of(run: Run, chosen: Sequence[ClassTask] = ()) -> Measure:
    """Return the measure shown for a run.

    That of the chosen task's goal, else the first with a value, else the epochs.
    """
    goal = chosen[0].goal if chosen else None
    measures = get_task(run.task).GOALS
    wanted = [each for each in measures if goal and each.key == goal.measure]
    there = [each for each in measures if value_of(run, each) is not None]
    best: Measure = (*wanted, *there, *measures, EPOCHS)[0]
    return best


def curve_of(run: Run, points: Sequence[Point]) -> Curve:
    """Return the objective over all planned epochs."""
    names = {name for point in points for name in point.metrics}
    wanted = (get_task(run.task).OBJECTIVE, "val_loss", "loss", *sorted(names))
    metric = next((name for name in wanted if name in names), "")
    pairs = [
        (point.epoch, value)
        for point in points
        if math.isfinite(value := point.metrics.get(metric, math.inf))
    ]
    if not pairs:
        return NO_CURVE
    values = [value for _, value in pairs]
    low, high = min(values), max(values)
    scale = math.log if low > 0 and high / low > WIDE else float
    bottom, span = scale(low), scale(high) - scale(low)
    # A training that ended early fills the width, too.
    last = max(run.total if run.active else 0, pairs[-1][0], 1)
    return Curve(
        line=tuple(
            (epoch / last, (scale(value) - bottom) / (span or 1))
            for epoch, value in pairs
        ),
        last=values[-1],
    )


def all_runs(state: BoardState, task_id: str | None = None) -> list[tuple[Member, Run]]:
    """Return the runs on the board, newest first, without private ones."""
    tasks = [task for task in state.tasks if task_id in (None, task.id)]
    return [
        (member, run)
        for key, member in state.shown
        for run in state.runs[key]
        if counts(run, tasks) and not is_private(run)
    ]


def to_csv(found: Sequence[tuple[Member, Run]]) -> str:
    """Write runs as a table, a row each, safe to open in a spreadsheet.

    Missing settings and measures are empty.
    """
    settings = list(dict.fromkeys(name for _, run in found for name in run.settings))
    tasks = dict.fromkeys(run.task for _, run in found)
    measures = {each.key: each for task in tasks for each in get_task(task).GOALS}
    columns: dict[str, list[object]] = {
        "name": [member.name for member, _ in found],
        "run": [run.usual_name for _, run in found],
        "task": [run.task for _, run in found],
        "page": [get_task(run.task).page_of(run.settings) for _, run in found],
        "status": [run.status for _, run in found],
        "started": [utc(run.created) for _, run in found],
        "seconds": [round(run.seconds, 3) for _, run in found],
    }
    for name in settings:
        columns[f"setting {name}"] = [run.settings.get(name) for _, run in found]
    for key, measure in measures.items():
        columns[f"measure {key}"] = [value_of(run, measure) for _, run in found]
    return write_csv(columns)
