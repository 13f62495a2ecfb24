"""The board of a class: each student's current training, and all runs.

`Boards` caches the state of a class for a second, for all sessions of a process, and
reads changed rows only. `tiles` and `all_runs` select from that state.
"""

import math
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, func, select

from core.registry import get_task
from core.runs.classes.classes import (
    MEMBER_COLUMNS,
    Classes,
    ClassTask,
    Member,
    SchoolClass,
)
from core.runs.classes.goals import applies
from core.runs.recent import Recent
from core.runs.run import Run
from core.runs.store import Store
from core.runs.store.joining import RUNS
from core.runs.store.schema import (
    class_events,
    classes,
    members,
    paths,
    runs,
    trainings,
)
from core.runs.store.store import as_run, owner_key, select_runs
from core.table.writer import write_csv
from core.task import Measure, Point

CACHE_SECONDS = 0.5  # lifetime of a class's state, shared by all sessions
IDLE_SECONDS = 300.0  # without an action and without an unfinished run
MOST_RUNS = 2_000  # most runs of a class, the newest ones of each member
MOST_CLASSES, MOST_CURVES = 50, 2_000  # most entries in memory
CURVE_POINTS = 40
CURVE_WIDTH, CURVE_HEIGHT = 200, 60  # units of a spark line
EPOCHS = Measure(key="epochs", title="Epochs", better="high", part="validation")
WIDE = 20.0  # ratio of the largest loss to the smallest, above which it is logarithmic
FEW = 50  # runs that a query names
Sort = Literal["progress", "result", "name"]

# Columns that are read each time, to recognise changed runs.
STAMP = [
    *(trainings.c[name] for name in ("status", "stop", "heartbeat", "execution")),
    *(runs.c[name] for name in ("training", "left_at", "class_shown")),
]
NOTHING: tuple[Run, ...] = ()
ACTIVITIES = ("bug", "mistake", "question", "quiz")  # first words of events


@dataclass(frozen=True, kw_only=True, eq=False)
class BoardState:
    """The state of a class at one moment. Keys of mappings are owner keys."""

    school_class: SchoolClass
    teacher: str
    tasks: tuple[ClassTask, ...]
    members: Mapping[str, Member]  # in the order of joining, hidden ones included
    # The trainings of each member since joining, newest first; hidden members see
    # theirs on their own pages
    runs: Mapping[str, tuple[Run, ...]]
    # The ids of each member's finished tasks, by the member's id
    done: Mapping[str, Set[str]]
    doing: Mapping[str, "Doing"]  # the latest action of each member other than training
    # Cache keys of `done` and of each run
    basis: object
    stamps: Mapping[str, Row[Any]]
    read: float  # seconds since 1970, UTC

    def is_teacher(self, owner: str) -> bool:
        """Whether an owner's browser is the teacher's."""
        return self.teacher == owner_key(owner)

    def member(self, owner: str) -> Member | None:
        """Return an owner's membership, or None."""
        return self.members.get(owner_key(owner))

    def may_look(self, owner: str, screen: str = "") -> bool:
        """Whether an owner, or a browser with the screen's token, sees the board."""
        shown = self.school_class.board_shown and self.member(owner) is not None
        return self.school_class.ends > time.time() and (
            shown or self.is_teacher(owner) or self.is_screen(screen)
        )

    def is_screen(self, token: str) -> bool:
        """Whether a token is that of the class's screen."""
        known = self.school_class.screen or ""
        return bool(known) and secrets.compare_digest(
            known.encode(), token.encode(errors="replace")
        )

    def hiding(self, other: "BoardState") -> "BoardState":
        """Return it without the members that a newer state hides or lacks."""
        return replace(
            self,
            members={
                key: replace(member, hidden=other.members[key].hidden)
                for key, member in self.members.items()
                if key in other.members
            },
        )

    @property
    def shown(self) -> list[tuple[str, Member]]:
        """The members on the board."""
        return [each for each in self.members.items() if not each[1].hidden]


@dataclass(frozen=True, kw_only=True)
class Doing:
    """A student's latest action other than training, such as "bug lstm".

    `station` is the key of their station on the guided path, or None.
    """

    event: str = ""
    station: str | None = None


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A training's loss as the points of an SVG line, and its latest value."""

    line: str
    last: float | None


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A student on the board."""

    member: Member
    run: Run | None  # an unfinished training of the student, else the latest
    private: bool  # whether it is on private data: the tile then shows no details
    # The loss as a line, the main figure, and its name
    curve: str = ""
    headline: str = ""
    caption: str = ""
    progress: float = 0.0  # completed part of the training, 0 to 1
    result: float | None = None  # the figure by which results are sorted
    idle: float | None  # seconds since the last action, after IDLE_SECONDS; else None
    done: int  # number of finished tasks, of all or of the chosen one
    doing: Doing  # the student's latest action other than training


class Boards:
    """Reads classes for all sessions of a process. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = threading.Lock()
        self._states: Recent[BoardState | None] = Recent(CACHE_SECONDS, MOST_CLASSES)
        self._curves: OrderedDict[tuple[str, int, float | None], Curve]
        self._curves = OrderedDict()

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
        """Drop the cached state of a class after a change."""
        self._states.forget(code)

    def member_of(self, code: str, run_id: str) -> Member | None:
        """Return the member whose run is on the board. The caller checks the rights."""
        state = self.state(code)
        for key, member in state.shown if state else ():
            assert state is not None
            if any(run.id == run_id for run in state.runs.get(key, NOTHING)):
                return member
        return None

    def curve(self, run: Run) -> Curve:
        """Return the loss of a run, cached until its next heartbeat."""
        left = run.left_at is not None
        key = (run.id if left else run.training), run.heartbeat, run.left_at
        with self._lock:
            if key in self._curves:
                self._curves.move_to_end(key)
                return self._curves[key]
        made = curve_of(run, self.store.points(run.id, CURVE_POINTS))
        with self._lock:
            self._curves[key] = made
            while len(self._curves) > MOST_CURVES:
                self._curves.popitem(last=False)
        return made

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
        everything = state.runs.get(key, NOTHING)
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
        curve = self.curve(run)
        measure = measure_of(run, chosen)
        result = value_of(run, measure.key)
        headline, caption = figure(result, measure.percent), measure.title
        if run.status == "failed":
            headline, caption = "", ""
        elif result is None:
            headline = figure(curve.last, percent=False)
            caption = "Validation loss" if headline else ""
        progress = 1.0 if run.status == "done" else run.progress / (run.total or 1)
        return replace(
            tile,
            curve=curve.line,
            headline=headline,
            caption=caption,
            progress=min(1.0, progress),
            result=result if measure.better == "low" or result is None else -result,
        )


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
    there = [each for each in measures if value_of(run, each.key) is not None]
    best: Measure = (*wanted, *there, *measures, EPOCHS)[0]
    return best


def value_of(run: Run, key: str) -> float | None:
    """Return a finite figure of a run's summary, or None."""
    value = run.summary.get(key)
    if isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    return None


def figure(value: float | None, percent: bool) -> str:
    """Format a figure: 0.0213, 1,234, 87%."""
    if value is None:
        return ""
    if percent:
        return f"{value:.0%}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def curve_of(run: Run, points: Sequence[Point]) -> Curve:
    """Return the objective over all planned epochs as a line."""
    names = {name for point in points for name in point.metrics}
    wanted = (get_task(run.task).OBJECTIVE, "val_loss", "loss", *sorted(names))
    metric = next((name for name in wanted if name in names), "")
    pairs = [
        (point.epoch, value)
        for point in points
        if math.isfinite(value := point.metrics.get(metric, math.inf))
    ]
    if not pairs:
        return Curve(line="", last=None)
    values = [value for _, value in pairs]
    low, high = min(values), max(values)
    scale = math.log if low > 0 and high / low > WIDE else float
    bottom, span = scale(low), scale(high) - scale(low)
    # A training that ended early fills the width, too.
    last = max(run.total if run.active else 0, pairs[-1][0], 1)
    line = " ".join(
        f"{CURVE_WIDTH * epoch / last:.0f},"
        f"{CURVE_HEIGHT * (1 - (scale(value) - bottom) / (span or 1)):.0f}"
        for epoch, value in pairs
    )
    return Curve(line=line, last=values[-1])


def all_runs(state: BoardState, task_id: str | None = None) -> list[tuple[Member, Run]]:
    """Return the runs on the board, newest first, without private ones."""
    tasks = [task for task in state.tasks if task_id in (None, task.id)]
    return [
        (member, run)
        for key, member in state.shown
        for run in state.runs.get(key, NOTHING)
        if counts(run, tasks) and not is_private(run)
    ]


def to_csv(found: Sequence[tuple[Member, Run]]) -> str:
    """Write runs as a table, a row each, safe to open in a spreadsheet.

    Missing settings and measures are empty.
    """
    settings = list(dict.fromkeys(name for _, run in found for name in run.settings))
    measures = list(
        dict.fromkeys(
            measure.key
            for task in dict.fromkeys(run.task for _, run in found)
            for measure in get_task(task).GOALS
        )
    )
    columns: dict[str, list[object]] = {
        "name": [member.name for member, _ in found],
        "run": [run.usual_name for _, run in found],
        "task": [run.task for _, run in found],
        "page": [get_task(run.task).page_of(run.settings) for _, run in found],
        "status": [run.status for _, run in found],
        "started": [_utc(run.created) for _, run in found],
        "seconds": [round(run.seconds, 3) for _, run in found],
    }
    for name in settings:
        columns[f"setting {name}"] = [run.settings.get(name) for _, run in found]
    for key in measures:
        columns[f"measure {key}"] = [value_of(run, key) for _, run in found]
    return write_csv(columns)


def _utc(moment: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(moment))


def read_class(
    store: Store, code: str, before: BoardState | None = None
) -> BoardState | None:
    """Read the state of a class, or None after its end; reuse unchanged runs."""
    reader = Classes(store)
    if (school_class := reader.get(code)) is None:
        return None
    with store.reading() as connection:
        query = select(classes.c.owner).where(classes.c.code == code)
        teacher = connection.execute(query).scalar()
        people = _members(connection, code)
        events = connection.execute(
            select(func.count(), func.max(class_events.c.at)).where(
                class_events.c.code == code
            )
        ).one()
        doing = _doing(connection, code)
        stamps = _stamps(connection, code)
        known = _runs(connection, stamps, before)
    by_owner: dict[str, list[Run]] = {}
    for run_id, stamp in stamps.items():
        if run_id in known:
            by_owner.setdefault(stamp.owner, []).append(known[run_id])
    tasks = tuple(reader.tasks(code))
    finished = frozenset(run.id for run in known.values() if run.status == "done")
    basis = tasks, finished, tuple(events), tuple(people)
    unchanged = before is not None and before.basis == basis
    return BoardState(
        school_class=school_class,
        teacher=teacher or "",
        tasks=tasks,
        members=people,
        runs={owner: tuple(own) for owner, own in by_owner.items()},
        done=before.done if before and unchanged else reader.done_by_all(code),
        doing=doing,
        basis=basis,
        stamps=stamps,
        read=time.time(),
    )


def _members(connection: Connection, code: str) -> dict[str, Member]:
    query = select(members.c.owner, *MEMBER_COLUMNS).where(members.c.code == code)
    rows = connection.execute(query.order_by(members.c.joined, members.c.id))
    every = (dict(row._mapping) for row in rows)
    return {values.pop("owner"): Member(**values) for values in every}


def _doing(connection: Connection, code: str) -> dict[str, Doing]:
    """Return by owner the newest event of a kind in ACTIVITIES, and the station."""
    mine = and_(paths.c.owner == members.c.owner, paths.c.shown.is_(True))
    stations = (
        select(members.c.owner, paths.c.station)
        .select_from(members.join(paths, mine))
        .where(members.c.code == code)
    )
    events = (
        select(class_events.c.owner, class_events.c.event)
        .where(class_events.c.code == code)
        .order_by(class_events.c.at)
    )
    latest = {
        row.owner: row.event
        for row in connection.execute(events)
        if row.event.partition(" ")[0] in ACTIVITIES
    }
    at = {row.owner: row.station for row in connection.execute(stations)}
    return {
        owner: Doing(event=latest.get(owner, ""), station=at.get(owner))
        for owner in latest.keys() | at.keys()
    }


def _stamps(connection: Connection, code: str) -> dict[str, Row[Any]]:
    """Return the STAMP columns of each run of a class by its id, newest first."""
    theirs = and_(members.c.owner == runs.c.owner, runs.c.created >= members.c.joined)
    # Above the limit, the members with the most runs lose their oldest ones.
    newest = runs.c.created.desc(), runs.c.id
    turn = func.row_number().over(partition_by=runs.c.owner, order_by=newest)
    query = (
        select(runs.c.id, runs.c.owner, runs.c.created, *STAMP)
        .select_from(members.join(RUNS, theirs))
        .where(
            members.c.code == code,
            trainings.c.study.is_(None),
            runs.c.deleted.is_(None),
        )
        .order_by(turn, *newest)
        .limit(MOST_RUNS)
    )
    rows = sorted(connection.execute(query), key=lambda row: (-row.created, row.id))
    return {row.id: row for row in rows}


def _runs(
    connection: Connection, stamps: Mapping[str, Row[Any]], before: BoardState | None
) -> dict[str, Run]:
    """Return the runs by id; unchanged ones from the state before."""
    known: dict[str, Run] = {}
    for own in before.runs.values() if before else ():
        for run in own:
            if before and before.stamps[run.id] == stamps.get(run.id):
                known[run.id] = run
    new = [run_id for run_id in stamps if run_id not in known]
    for start in range(0, len(new), FEW):
        these = runs.c.id.in_(new[start : start + FEW])
        for row in connection.execute(select_runs().where(these)):
            known[row.id] = as_run(row)
    return known
