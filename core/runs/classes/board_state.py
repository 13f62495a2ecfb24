"""The state of a class, read from the store: members, their runs, what they did."""

import secrets
import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from core.runs.classes.classes import (
    MEMBER_COLUMNS,
    Classes,
    ClassTask,
    Member,
    SchoolClass,
)
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

MOST_RUNS = 2_000  # most runs of a class, the newest ones of each member
FEW = 50  # runs that a query names
ACTIVITIES = ("bug", "mistake", "question", "quiz")  # first words of events
CurveKey = tuple[str, int, float | None]
# Columns that are read each time, to recognise changed runs.
STAMP = [
    *(trainings.c[name] for name in ("status", "stop", "heartbeat", "execution")),
    *(runs.c[name] for name in ("training", "left_at", "class_shown")),
]


@dataclass(frozen=True, kw_only=True)
class Doing:
    """A student's latest action other than training, such as "bug lstm".

    `station` is the key of their station on the guided path, or None.
    """

    event: str = ""
    station: str | None = None


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A training's loss, and its latest value; None without points.

    The points of the line are places across and up, 0 to 1 each.
    """

    line: tuple[tuple[float, float], ...] = ()
    last: float | None = None


NO_CURVE = Curve()


@dataclass(frozen=True, kw_only=True, eq=False)
class BoardState:
    """The state of a class at one moment. Keys of mappings are owner keys."""

    school_class: SchoolClass
    teacher: str
    tasks: tuple[ClassTask, ...]
    members: Mapping[str, Member]  # in the order of joining, hidden ones included
    # The trainings of each member since joining, newest first; hidden members see
    # theirs on their own pages
    runs: Mapping[str, Sequence[Run]]
    # The ids of each member's finished tasks, by the member's id
    done: Mapping[str, Set[str]]
    doing: Mapping[str, Doing]  # the latest action of each member other than training
    curves: dict[CurveKey, Curve]  # those drawn so far, and those that still hold
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


def curve_key(run: Run) -> CurveKey:
    """Return what a curve depends on; runs of one training share theirs."""
    left = run.left_at is not None
    return (run.id if left else run.training), run.heartbeat, run.left_at


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
    by_owner: dict[str, list[Run]] = {owner: [] for owner in people}
    for run_id, stamp in stamps.items():
        if run_id in known and stamp.owner in people:
            by_owner[stamp.owner].append(known[run_id])
    tasks = tuple(reader.tasks(code))
    finished = frozenset(run.id for run in known.values() if run.status == "done")
    basis = tasks, finished, tuple(events), tuple(people)
    unchanged = before is not None and before.basis == basis
    curves, keys = before.curves if before else {}, map(curve_key, known.values())
    return BoardState(
        school_class=school_class,
        teacher=teacher or "",
        tasks=tasks,
        members=people,
        runs=by_owner,
        done=before.done if before and unchanged else reader.done_by_all(code),
        doing=doing,
        curves={key: curves[key] for key in keys if key in curves},
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
