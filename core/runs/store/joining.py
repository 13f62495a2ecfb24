"""The same training is computed once: whoever asks for it follows it.

A training is known by its task, settings, data and code. The run that asked first is
the one that workers execute. A run that follows it has the same state in its own row,
copied by `mirror` in the transaction that changes the first one; its points and files
are read from the first one's. An owner who stops a run that others follow only leaves:
the row then says when, and its training goes on.
"""

import time
from collections.abc import Callable, Mapping

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
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


DONE = "done"
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
        "code",
    )
]
LEFT_STATE = ("left_at", "left_progress", "left_seconds")
TRAINING: ColumnElement[str] = func.coalesce(
    runs.c.follows, runs.c.id
)  # whose points and files a run has
ACTIVE_HERE = and_(runs.c.status.in_(ACTIVE), runs.c.left_at.is_(None))
CAN_BE_JOINED = and_(
    runs.c.follows.is_(None),
    runs.c.study.is_(None),
    or_(and_(runs.c.status.in_(ACTIVE), runs.c.stop.is_(False)), runs.c.status == DONE),
)

trainings, followers = runs.alias("trainings"), runs.alias("followers")


def find(
    connection: Connection, request: Mapping[str, object], *which: ColumnElement[bool]
) -> str | None:
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
        .where(CAN_BE_JOINED, or_(runs.c.deleted.is_(None), wanted), *which)
        .order_by(case((runs.c.status == DONE, 0), else_=1), runs.c.created)
    )
    found = connection.execute(query.limit(1)).scalar()
    return None if found is None else str(found)


def find_and_lock(
    connection: Connection, request: Mapping[str, object], *which: ColumnElement[bool]
) -> str | None:
    """Find a training, which can be joined until the end of the transaction."""
    while training := find(connection, request, *which):
        this = select(runs.c.id).where(runs.c.id == training, CAN_BE_JOINED)
        if connection.execute(this.with_for_update(key_share=True)).first():
            return training
    return None


def find_to_resume(connection: Connection, run_id: str, training: str) -> str | None:
    """Return the training by which a run goes on without being computed again.

    That which it left, or another one like it that is at least as far: somebody may
    have resumed what had ended for all. It can be joined until the end.
    """
    left = select(runs.c.id).where(runs.c.id == training, CAN_BE_JOINED)
    if connection.execute(left).first():
        return training
    mine = select(*(runs.c[name] for name in SAME), runs.c.progress)
    row = connection.execute(mine.where(runs.c.id == run_id)).one()
    as_far = or_(runs.c.status == DONE, runs.c.progress >= row.progress)
    return find_and_lock(connection, dict(row._mapping), as_far)


def own_run(connection: Connection, owner: str, training: str) -> str | None:
    """Return the run by which an owner follows a training, or None."""
    mine = runs.c.owner == owner, literal(training) == TRAINING
    here = runs.c.left_at.is_(None), runs.c.deleted.is_(None)
    query = select(runs.c.id).where(*mine, *here).order_by(runs.c.created)
    found = connection.execute(query.limit(1)).scalar()
    return None if found is None else str(found)


def goes_on(connection: Connection, training: str) -> bool:
    """Whether a training waits or trains."""
    this = select(runs.c.id).where(runs.c.id == training, runs.c.status.in_(ACTIVE))
    return connection.execute(this).first() is not None


def follow(connection: Connection, values: Mapping[str, object], training: str) -> None:
    """Add a run that follows a training, which is locked."""
    new = {**values, **_state(connection, training), "follows": training}
    connection.execute(insert(runs).values(new))


def mirror(connection: Connection, training: str) -> None:
    """Give all runs that follow a training the state that it has now.

    For the transaction that has changed the training, and so has locked it.
    """
    state = {column: trainings.c[column.key] for column in STATE}
    theirs = runs.c.follows == training, trainings.c.id == runs.c.follows
    connection.execute(update(runs).where(*theirs).values(state))


def training_of(connection: Connection, run_id: str) -> str | None:
    """Return the training that a run follows, or is; None if there is no such run."""
    found = connection.execute(select(TRAINING).where(runs.c.id == run_id)).scalar()
    return None if found is None else str(found)


def lock_training(connection: Connection, run_id: str) -> str | None:
    """Return the training of a run, which nobody else changes until the end.

    Whatever changes a training and the runs that follow it locks the training first.
    """
    while training := training_of(connection, run_id):
        this = select(runs.c.id).where(runs.c.id == training)
        connection.execute(this.with_for_update(key_share=True))
        # Whoever had it locked may have handed its followers over.
        if training_of(connection, run_id) == training:
            return training
    return None


def stop(connection: Connection, run_id: str) -> None:
    """Leave a training that others follow; end it if nobody else does."""
    training = lock_training(connection, run_id)
    here = select(runs.c.id).where(runs.c.id == run_id, ACTIVE_HERE)
    if training is None or not connection.execute(here).first():
        return
    if not _others(connection, training, run_id):
        stop_training(connection, training)
        return
    this = update(runs).where(runs.c.id == run_id)
    left = {"left_at": time.time(), "left_progress": runs.c.progress}
    connection.execute(this.values(left | {"left_seconds": runs.c.seconds}))


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


def join_again(connection: Connection, run_id: str, training: str, copy: Copy) -> None:
    """Have a run follow a locked training: that which it left, or another one."""
    changes = _state(connection, training) | dict.fromkeys(LEFT_STATE)
    if (own := training_of(connection, run_id)) != training:
        changes["follows"] = training
    if own == run_id != training:
        hand_over(connection, run_id, copy)
        for table in (points, files):
            connection.execute(delete(table).where(table.c.run == run_id))
    connection.execute(update(runs).where(runs.c.id == run_id).values(changes))


def separate(connection: Connection, run_id: str, training: str, copy: Copy) -> None:
    """Make a run the only one of its locked training, so that it can go on by itself.

    It keeps, or gets a copy of, all that was learned so far.
    """
    if training == run_id:
        hand_over(connection, run_id, copy)
        return
    _copy_content(connection, training, run_id, copy)
    mine = update(runs).where(runs.c.id == run_id)
    connection.execute(mine.values(follows=None))


def hand_over(connection: Connection, training: str, copy: Copy) -> None:
    """Have the other runs of a locked training follow one of them instead.

    They are as they would be at its end: no worker goes on with them.
    """
    following = runs.c.follows == training
    first = select(runs.c.id).where(following)
    first = first.order_by(runs.c.deleted.is_not(None), runs.c.created).limit(1)
    heir = connection.execute(first).scalar()
    if heir is None:
        return
    _copy_content(connection, training, heir, copy)
    ended = update(runs).where(following, runs.c.status.in_(ACTIVE))
    connection.execute(ended.values(status="stopped", finished=time.time()))
    connection.execute(update(runs).where(following).values(execution=None))
    others = following, runs.c.id != heir
    connection.execute(update(runs).where(*others).values(follows=heir))
    connection.execute(update(runs).where(runs.c.id == heir).values(follows=None))


def _copy_content(connection: Connection, source: str, target: str, copy: Copy) -> None:
    for table in (points, files):
        others = [column for column in table.c if column.name != "run"]
        content = select(literal(target), *others).where(table.c.run == source)
        names = ["run", *(column.name for column in others)]
        connection.execute(insert(table).from_select(names, content))
    copy(source, target)


def _state(connection: Connection, training: str) -> dict[str, object]:
    row = connection.execute(select(*STATE).where(runs.c.id == training)).one()
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
