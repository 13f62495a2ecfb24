"""The same training is computed once: whoever asks for it follows it.

A training is known by its task, settings, data and code. The run that asked first is
the one that workers execute. A run that follows it has the same state in its own row,
copied by `mirror` in the transaction that changes the first one; its points and files
are read from the first one's. An owner who stops a run that others follow only leaves:
the row then says when, and its training goes on.
"""

import hashlib
import time
from collections.abc import Callable, Mapping

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from core.runs.run import ACTIVE
from core.runs.store.schema import files, points, runs

Copy = Callable[[str, str], None]  # a checkpoint of one run, for another one


def no_copy(source: str, target: str) -> None:
    """Copy nothing: for a store whose runs have no checkpoints."""


SAME = ("task", "title", "config", "digest", "code")  # what a training is known by
STATE = [  # of a training: what the rows of all runs that follow it share
    runs.c[name]
    for name in (
        "status",
        "starts",
        "attempt",
        "execution",
        "stop",
        "heartbeat",
        "started",
        "finished",
        "seconds",
        "until",
        "progress",
        "total",
        "error",
        "summary",
    )
]
TRAINING: ColumnElement[str] = func.coalesce(
    runs.c.follows, runs.c.id
)  # whose points and files a run has
ACTIVE_HERE = and_(runs.c.status.in_(ACTIVE), runs.c.left_at.is_(None))
CAN_BE_JOINED = or_(
    and_(runs.c.status.in_(ACTIVE), runs.c.stop.is_(False)), runs.c.status == "done"
)

followers = runs.alias("followers")


def digest_of(data: bytes) -> str:
    """Return what tells encoded data from others."""
    return hashlib.sha256(data).hexdigest()


def find(connection: Connection, request: Mapping[str, object]) -> str | None:
    """Return the training that a request asks for, if it goes on or has ended well.

    One that is finished comes first, then the oldest. One that nobody has any more,
    because all deleted it, counts as gone.
    """
    wanted = exists().where(
        followers.c.follows == runs.c.id, followers.c.deleted.is_(None)
    )
    query = (
        select(runs.c.id)
        .where(*(runs.c[name] == literal(request[name]) for name in SAME))
        .where(runs.c.follows.is_(None), runs.c.study.is_(None), CAN_BE_JOINED)
        .where(or_(runs.c.deleted.is_(None), wanted))
        .order_by(case((runs.c.status == "done", 0), else_=1), runs.c.created)
    )
    found = connection.execute(query.limit(1)).scalar()
    return None if found is None else str(found)


def own_run(connection: Connection, owner: str, training: str) -> str | None:
    """Return the run by which an owner follows a training, or None."""
    mine = runs.c.owner == owner, training == TRAINING
    here = runs.c.left_at.is_(None), runs.c.deleted.is_(None)
    found = connection.execute(select(runs.c.id).where(*mine, *here).limit(1)).scalar()
    return None if found is None else str(found)


def follow(connection: Connection, values: Mapping[str, object], training: str) -> None:
    """Add a run that follows a training."""
    state = _locked(connection, training)
    connection.execute(insert(runs).values({**values, **state, "follows": training}))


def mirror(connection: Connection, training: str) -> None:
    """Give all runs that follow a training the state that it has now."""
    followed = exists().where(followers.c.follows == training)
    query = select(*STATE).where(runs.c.id == training, followed)
    if row := connection.execute(query).first():
        state = {column.key: row._mapping[column] for column in STATE}
        mine = update(runs).where(runs.c.follows == training)
        connection.execute(mine.values(state))


def training_of(connection: Connection, run_id: str) -> str:
    """Return the id of the training that a run follows; its own if it is one."""
    query = select(runs.c.follows).where(runs.c.id == run_id)
    return connection.execute(query).scalar() or run_id


def stop(connection: Connection, run_id: str) -> None:
    """Leave a training that others follow; end it if nobody else does."""
    training = training_of(connection, run_id)
    state = _locked(connection, training)
    if state["status"] not in ACTIVE:
        return
    if _others(connection, training, run_id):
        this = update(runs).where(runs.c.id == run_id, runs.c.left_at.is_(None))
        connection.execute(
            this.values(
                left_at=time.time(),
                left_progress=state["progress"],
                left_seconds=state["seconds"],
            )
        )
        return
    here = select(runs.c.id).where(runs.c.id == run_id, runs.c.left_at.is_(None))
    if connection.execute(here).first():
        stop_training(connection, training)


def stop_training(connection: Connection, training: str) -> None:
    """Take a training out of the queue, or ask it to end, whoever follows it."""
    end_runs(connection, runs.c.id == training)
    mirror(connection, training)


def end_runs(connection: Connection, *which: ColumnElement[bool]) -> None:
    """Take queued runs out of the queue, and ask those that train to end."""
    waiting = update(runs).where(*which, runs.c.status == "queued")
    running = update(runs).where(*which, runs.c.status == "running")
    connection.execute(waiting.values(status="stopped", finished=time.time()))
    connection.execute(running.values(stop=True))


def rejoin(connection: Connection, run_id: str) -> bool:
    """Follow a training again that was left, if it goes on or has ended well."""
    training = training_of(connection, run_id)
    _locked(connection, training)
    alive = select(runs.c.id).where(runs.c.id == training, CAN_BE_JOINED)
    if not connection.execute(alive).first():
        return False
    left = update(runs).where(runs.c.id == run_id, runs.c.left_at.is_not(None))
    back = left.values(left_at=None, left_progress=None, left_seconds=None)
    return connection.execute(back).rowcount > 0


def separate(connection: Connection, run_id: str, copy: Copy) -> None:
    """Make a run the only one of its training, so that it can go on by itself.

    It keeps, or gets a copy of, all that was learned so far.
    """
    training = training_of(connection, run_id)
    if training == run_id:
        hand_over(connection, run_id, copy)
        return
    _copy_content(connection, training, run_id, copy)
    mine = update(runs).where(runs.c.id == run_id)
    connection.execute(mine.values(follows=None))


def hand_over(connection: Connection, training: str, copy: Copy) -> None:
    """Have the other runs of a training that has ended follow one of them instead."""
    following = select(runs.c.id).where(runs.c.follows == training)
    first = following.order_by(runs.c.deleted.is_not(None), runs.c.created).limit(1)
    heir = connection.execute(first).scalar()
    if heir is None:
        return
    _copy_content(connection, training, heir, copy)
    connection.execute(
        update(runs).where(runs.c.follows == training).values(follows=heir)
    )
    connection.execute(update(runs).where(runs.c.id == heir).values(follows=None))


def _copy_content(connection: Connection, source: str, target: str, copy: Copy) -> None:
    for table in (points, files):
        others = [column for column in table.c if column.name != "run"]
        content = select(literal(target), *others).where(table.c.run == source)
        names = ["run", *(column.name for column in others)]
        connection.execute(insert(table).from_select(names, content))
    copy(source, target)


def _locked(connection: Connection, training: str) -> dict[str, object]:
    """Return the state of a training, which changes by nobody else until the end."""
    query = select(*STATE).where(runs.c.id == training).with_for_update()
    row = connection.execute(query).one()
    return {column.key: row._mapping[column] for column in STATE}


def _others(connection: Connection, training: str, run_id: str) -> bool:
    """Whether somebody else follows a training."""
    query = select(runs.c.id).where(
        or_(runs.c.id == training, runs.c.follows == training),
        runs.c.id != run_id,
        runs.c.left_at.is_(None),
        runs.c.deleted.is_(None),
    )
    return connection.execute(query.limit(1)).first() is not None
