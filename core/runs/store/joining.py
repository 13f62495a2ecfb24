"""The same training is computed once: whoever asks for it follows it.

A training is known by its task, settings, data and program. The run that asked first is
the one that workers execute, and its row holds the training's state (`STATE`), points
and files. The row of a run that follows it holds only what is its owner's, and all
else is read through `RUNS`. An owner who stops a run that others follow only leaves:
the row then says when, and its training goes on.

A training on bundled data is open to everybody, one on somebody's own data to them and
to their class: others would learn that somebody has the same file.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    Column,
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
    true,
    update,
)

from core.runs.run import ACTIVE
from core.runs.store.schema import classes, files, members, points, runs

Copy = Callable[[str, str], None]  # a checkpoint of one run, for another one


def no_copy(source: str, target: str) -> None:
    """Copy nothing: for a store whose runs have no checkpoints."""


DONE = "done"
FOLLOWS = "follows"  # in the column `status` of a run that follows another one
SAME = ("task", "title", "config", "digest", "code")  # what a training is known by
STATE = (  # of a training: in the rows of runs that follow it, these are not read
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
LEFT_STATE = ("left_at", "left_progress", "left_seconds")

trainings, followers = runs.alias("trainings"), runs.alias("followers")
TRAINING: ColumnElement[str] = func.coalesce(
    runs.c.follows, runs.c.id
)  # whose state, points and files a run has
RUNS = runs.join(trainings, trainings.c.id == TRAINING)  # each run with its training
# One of them as a further condition lets a database begin with a few trainings, and
# find their runs by an index; `TRAINING` has none.
IS_TRAINING = runs.c.id == trainings.c.id
FOLLOWS_TRAINING = runs.c.follows == trainings.c.id
ACTIVE_HERE = and_(trainings.c.status.in_(ACTIVE), runs.c.left_at.is_(None))
CAN_BE_JOINED = and_(
    runs.c.follows.is_(None),
    runs.c.study.is_(None),
    or_(and_(runs.c.status.in_(ACTIVE), runs.c.stop.is_(False)), runs.c.status == DONE),
)


def column_of(name: str) -> Column[Any]:
    """Return a column of a run in `RUNS`: its own, or of its training's state."""
    return trainings.c[name] if name in STATE else runs.c[name]


def find(
    connection: Connection, request: Mapping[str, Any], *which: ColumnElement[bool]
) -> str | None:
    """Return the training that a request asks for, if it goes on or has ended well.

    One that is finished comes first, then the oldest. One that nobody has any more,
    because all deleted it, counts as gone. The request has the columns `SAME`, `owner`
    and `own_data`.
    """
    wanted = exists().where(
        followers.c.follows == runs.c.id, followers.c.deleted.is_(None)
    )
    query = (
        select(runs.c.id)
        .where(*(runs.c[name] == literal(request[name]) for name in SAME))
        .where(CAN_BE_JOINED, or_(runs.c.deleted.is_(None), wanted), *which)
        .where(_is_open_to(request["owner"], own_data=request["own_data"]))
        .order_by(case((runs.c.status == DONE, 0), else_=1), runs.c.created)
    )
    found = connection.execute(query.limit(1)).scalar()
    return None if found is None else str(found)


def _is_open_to(owner: str, own_data: bool | None) -> ColumnElement[bool]:
    """Tell trainings of which an owner may learn that they exist.

    Whether data are somebody's own is unknown (None) of old runs: then they may be.
    """
    if own_data is False:
        return true()
    theirs = followers.c.follows == runs.c.id, followers.c.owner == owner
    return or_(runs.c.owner == owner, exists().where(*theirs), _in_one_class(owner))


def _in_one_class(owner: str) -> ColumnElement[bool]:
    """Tell runs whose owner is in a class of another owner's that has not ended."""

    def is_in(who: str | ColumnElement[str]) -> ColumnElement[bool]:
        member = exists().where(
            members.c.code == classes.c.code, members.c.owner == who
        )
        # SQLAlchemy itself looks for `runs` in the query around this one only.
        return or_(classes.c.owner == who, member.correlate(classes, runs))

    here = classes.c.ends > time.time()
    return exists().where(here, is_in(owner), is_in(runs.c.owner))


def find_and_lock(
    connection: Connection, request: Mapping[str, Any], *which: ColumnElement[bool]
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
    asked = (*SAME, "owner", "own_data", "progress")
    mine = select(*map(column_of, asked)).select_from(RUNS).where(runs.c.id == run_id)
    row = connection.execute(mine).one()
    as_far = or_(runs.c.status == DONE, runs.c.progress >= row.progress)
    return find_and_lock(connection, row._asdict(), as_far)


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
    new = {**values, "follows": training, "status": FOLLOWS}
    connection.execute(insert(runs).values(new))


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
    reached = select(trainings.c.progress, trainings.c.seconds).select_from(RUNS)
    here = connection.execute(reached.where(runs.c.id == run_id, ACTIVE_HERE)).first()
    if training is None or here is None:
        return
    if not _others(connection, training, run_id):
        stop_training(connection, training)
        return
    left = dict(zip(LEFT_STATE, (time.time(), *here), strict=True))
    connection.execute(update(runs).where(runs.c.id == run_id).values(left))


def stop_training(connection: Connection, training: str) -> None:
    """Take a training out of the queue, or ask it to end, whoever follows it."""
    end_runs(connection, runs.c.id == training)


def end_runs(connection: Connection, *which: ColumnElement[bool]) -> None:
    """Take queued runs out of the queue, and ask those that train to end."""
    waiting = update(runs).where(*which, runs.c.status == "queued")
    running = update(runs).where(*which, runs.c.status == "running")
    connection.execute(waiting.values(status="stopped", finished=time.time()))
    connection.execute(running.values(stop=True))


def join_again(connection: Connection, run_id: str, training: str, copy: Copy) -> None:
    """Have a run follow a locked training: that which it left, or another one."""
    changes: dict[str, object] = dict.fromkeys(LEFT_STATE)
    if (own := training_of(connection, run_id)) != training:
        changes |= {"follows": training, "status": FOLLOWS}
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
    _become_training(connection, training, run_id, copy)


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
    _become_training(connection, training, heir, copy)
    this = update(runs).where(runs.c.id == heir)
    unfinished = this.where(runs.c.status.in_(ACTIVE))
    connection.execute(unfinished.values(status="stopped", finished=time.time()))
    connection.execute(this.values(execution=None))
    connection.execute(update(runs).where(following).values(follows=heir))


def _become_training(
    connection: Connection, training: str, run_id: str, copy: Copy
) -> None:
    """Give a run that follows a training a copy of all that the training has."""
    for table in (points, files):
        others = [column for column in table.c if column.name != "run"]
        content = select(literal(run_id), *others).where(table.c.run == training)
        names = ["run", *(column.name for column in others)]
        connection.execute(insert(table).from_select(names, content))
    copy(training, run_id)
    state = select(*(runs.c[name] for name in STATE)).where(runs.c.id == training)
    values = dict(zip(STATE, connection.execute(state).one(), strict=True))
    this = update(runs).where(runs.c.id == run_id)
    connection.execute(this.values(**values, follows=None))


def _others(connection: Connection, training: str, run_id: str) -> bool:
    """Whether somebody else follows a training."""
    query = select(runs.c.id).where(
        or_(runs.c.id == training, runs.c.follows == training),
        runs.c.id != run_id,
        runs.c.left_at.is_(None),
        runs.c.deleted.is_(None),
    )
    return connection.execute(query.limit(1)).first() is not None
