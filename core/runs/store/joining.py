"""Equal trainings are computed once: later requests join the first.

Trainings are equal if task, settings, data and program are. Each owner has a run of the
training. Stop by one of several owners ends that owner's run only: the run records the
time, and the training continues.

Every owner can join a training on bundled data. A training on uploaded data can be
joined by its owner and that owner's class only: joining would reveal to strangers that
another person has the same file.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from core.runs.run import ACTIVE
from core.runs.store.schema import classes, files, members, points, runs, trainings

Copy = Callable[[str, str], None]  # copies a checkpoint between trainings: from, to


def no_copy(source: str, target: str) -> None:
    """Do nothing: for stores without checkpoints."""


DONE = "done"
SAME = ("task", "title", "config", "digest", "code")  # columns of equal trainings
LEFT_STATE = ("left_at", "left_progress", "left_seconds")

RUNS = runs.join(trainings)  # each run with its training
OF_TRAINING = runs.c.training == trainings.c.id
IS_WANTED = exists().where(OF_TRAINING, runs.c.deleted.is_(None))
ACTIVE_HERE = and_(trainings.c.status.in_(ACTIVE), runs.c.left_at.is_(None))
CAN_BE_JOINED = and_(
    trainings.c.study.is_(None),
    or_(
        and_(trainings.c.status.in_(ACTIVE), trainings.c.stop.is_(False)),
        trainings.c.status == DONE,
    ),
)


def find(
    connection: Connection, request: Mapping[str, Any], *which: ColumnElement[bool]
) -> str | None:
    """Return an equal training that is unfinished or done, or None.

    Done trainings are preferred, then the oldest; those without undeleted runs are left
    out. The request has the columns `SAME`, `owner` and `own_data`.
    """
    query = (
        select(trainings.c.id)
        .where(*(trainings.c[name] == literal(request[name]) for name in SAME))
        .where(CAN_BE_JOINED, IS_WANTED, *which)
        .where(_is_open_to(request["owner"], own_data=request["own_data"]))
        .order_by(case((trainings.c.status == DONE, 0), else_=1), trainings.c.queued)
    )
    found = connection.execute(query.limit(1)).scalar()
    return None if found is None else str(found)


def _is_open_to(owner: str, own_data: bool | None) -> ColumnElement[bool]:
    """Select trainings that an owner may join.

    `own_data` is None for old runs, which then count as uploaded data.
    """
    if own_data is False:
        return true()
    theirs = exists().where(OF_TRAINING, runs.c.owner == owner)
    return or_(theirs, _in_one_class(owner))


def _in_one_class(owner: str) -> ColumnElement[bool]:
    """Select trainings whose first owner shares a current class with an owner."""
    first = select(runs.c.owner).where(OF_TRAINING).correlate(trainings)
    oldest = first.order_by(runs.c.joined, runs.c.created).limit(1)
    first_owner = oldest.scalar_subquery()

    def is_in(who: str | ColumnElement[str]) -> ColumnElement[bool]:
        member = exists().where(
            members.c.code == classes.c.code, members.c.owner == who
        )
        return or_(classes.c.owner == who, member)

    goes_on = classes.c.ends > time.time()
    return exists().where(goes_on, is_in(owner), is_in(first_owner))


def find_and_lock(
    connection: Connection, request: Mapping[str, Any], *which: ColumnElement[bool]
) -> str | None:
    """Find a training, and keep it joinable until the end of the transaction."""
    while training := find(connection, request, *which):
        this = select(trainings.c.id).where(trainings.c.id == training, CAN_BE_JOINED)
        if connection.execute(this.with_for_update(key_share=True)).first():
            return training
    return None


def find_to_resume(connection: Connection, run_id: str, training: str) -> str | None:
    """Return a training in which this run can continue, or None.

    It is the run's own, or an equal one with at least the same progress, resumed by
    another owner; it stays joinable until the end of the transaction.
    """
    own = select(trainings.c.id).where(trainings.c.id == training, CAN_BE_JOINED)
    if connection.execute(own).first():
        return training
    asked = *(trainings.c[name] for name in SAME), trainings.c.own_data
    mine = select(*asked, trainings.c.progress, runs.c.owner).select_from(RUNS)
    row = connection.execute(mine.where(runs.c.id == run_id)).one()
    as_far = or_(trainings.c.status == DONE, trainings.c.progress >= row.progress)
    return find_and_lock(connection, row._asdict(), as_far)


def own_run(connection: Connection, owner: str, training: str) -> str | None:
    """Return an owner's run of a training, or None."""
    mine = runs.c.owner == owner, runs.c.training == training
    here = runs.c.left_at.is_(None), runs.c.deleted.is_(None)
    query = select(runs.c.id).where(*mine, *here).order_by(runs.c.created)
    found = connection.execute(query.limit(1)).scalar()
    return None if found is None else str(found)


def training_of(connection: Connection, run_id: str) -> str | None:
    """Return the training of a run; None for an unknown run."""
    query = select(runs.c.training).where(runs.c.id == run_id)
    found = connection.execute(query).scalar()
    return None if found is None else str(found)


def lock_training(connection: Connection, run_id: str) -> str | None:
    """Return the training of a run, locked until the end of the transaction.

    Every change of a training and its runs locks the training first.
    """
    while training := training_of(connection, run_id):
        this = select(trainings.c.id).where(trainings.c.id == training)
        connection.execute(this.with_for_update(key_share=True))
        # The run may have moved to another training before the lock.
        if training_of(connection, run_id) == training:
            return training
    return None


def stop(connection: Connection, run_id: str) -> None:
    """End a training, or leave it if other owners wait for it."""
    training = lock_training(connection, run_id)
    reached = select(trainings.c.progress, trainings.c.seconds).select_from(RUNS)
    here = connection.execute(reached.where(runs.c.id == run_id, ACTIVE_HERE)).first()
    if training is None or here is None:
        return
    waiting = runs.c.left_at.is_(None), runs.c.deleted.is_(None)
    if not has_others(connection, training, run_id, *waiting):
        end_trainings(connection, trainings.c.id == training)
        return
    left = dict(zip(LEFT_STATE, (time.time(), *here), strict=True))
    connection.execute(update(runs).where(runs.c.id == run_id).values(left))


def end_trainings(connection: Connection, *which: ColumnElement[bool]) -> None:
    """Remove queued trainings from the queue, and set the stop flag of running ones."""
    waiting = update(trainings).where(*which, trainings.c.status == "queued")
    running = update(trainings).where(*which, trainings.c.status == "running")
    connection.execute(waiting.values(status="stopped", finished=time.time()))
    connection.execute(running.values(stop=True))


def move(connection: Connection, run_id: str, source: str, target: str) -> None:
    """Move a run to another training, and remove the first if it is then unused."""
    this = update(runs).where(runs.c.id == run_id)
    connection.execute(this.values(training=target, joined=True))
    if source != target:
        remove_unused(connection, source)


def remove_unused(connection: Connection, training: str) -> bool:
    """Remove a locked training if it has no runs; return whether it was removed."""
    used = exists().where(OF_TRAINING)
    unused = delete(trainings).where(trainings.c.id == training, ~used)
    return connection.execute(unused).rowcount > 0


def separate(connection: Connection, run_id: str, training: str, copy: Copy) -> str:
    """Return a training for this run alone: its own, or a copy of a shared one.

    The copy includes points, files and checkpoint.
    """
    this = update(runs).where(runs.c.id == run_id)
    if not has_others(connection, training, run_id):
        connection.execute(this.values(joined=False))
        return training
    new = secrets.token_hex(16)
    for table, key in ((trainings, "id"), (points, "training"), (files, "training")):
        others = [column for column in table.c if column.name != key]
        content = select(literal(new), *others).where(table.c[key] == training)
        names = [key, *(column.name for column in others)]
        connection.execute(insert(table).from_select(names, content))
    copy(training, new)
    connection.execute(this.values(training=new, joined=False))
    return new


def has_others(
    connection: Connection, training: str, run_id: str, *which: ColumnElement[bool]
) -> bool:
    """Whether a training has further runs."""
    others = runs.c.training == training, runs.c.id != run_id
    query = select(runs.c.id).where(*others, *which).limit(1)
    return connection.execute(query).first() is not None
