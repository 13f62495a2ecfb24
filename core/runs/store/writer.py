"""A worker's writes about the training that it executes."""

import json
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

from sqlalchemy import (
    Connection,
    Row,
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from core.runs.run import Status, StoreError, Superseded, Training
from core.runs.store.checkpoints import Installation
from core.runs.store.schema import files, points, studies, trainings
from core.runs.store.store import (
    TRAINING_COLUMNS,
    UNFINISHED,
    Store,
    as_training,
    read_installation,
)
from core.task import Point, Scalar
from core.version import program_version

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0  # seconds until a lost store is tried again

Request = Literal["stop", "pause"] | None
T = TypeVar("T")


class RunWriter:
    """Writes for one execution of a training, until another execution claims it.

    Every method raises `Superseded` after another claim, or after `Store.give_up`:
    nothing is written twice. While the store is away or full, the methods wait, and the
    training with them. `run` is the training at the time of the claim, `execution` the
    random token of the claim.
    """

    def __init__(self, store: Store, run: Training, execution: str) -> None:
        self.store, self.run, self.execution = store, run, execution

    @classmethod
    def claim(cls, store: Store, training: str) -> "RunWriter | None":
        """Claim an unfinished training and count the attempt, or return None.

        A stopped training is claimed to compute its result so far.
        """
        execution = secrets.token_hex(16)
        row = retry_until_stored(store, lambda c: _claim(c, training, execution))
        return cls(store, as_training(row), execution) if row else None

    def installation(self) -> Installation:
        """Return the installation that owns the checkpoints."""
        return self._write(read_installation)

    def data(self) -> bytes:
        """Return the encoded data of the run."""
        query = select(files.c.content).where(
            files.c.training == self.run.id, files.c.name == "data"
        )
        if self.run.study:
            query = select(studies.c.data).where(studies.c.id == self.run.study)
        return bytes(self._write(lambda c: c.execute(query).scalar_one()))

    def curve(self, metric: str) -> list[float]:
        """Return a metric of all epochs so far."""
        query = select(points.c.metrics).where(points.c.training == self.run.id)
        ordered = query.order_by(points.c.epoch)
        found = self._write(lambda c: c.execute(ordered).scalars().all())
        return [json.loads(metrics)[metric] for metrics in found]

    def rewind(self, epoch: int) -> None:
        """Delete the points after an epoch, where a resumed training starts again."""
        self._write(lambda connection: self._delete_after(connection, epoch))

    def record(
        self,
        new_points: Sequence[Point],
        *,
        progress: float,
        total: int,
        seconds: float,
    ) -> Request:
        """Write points and a heartbeat; return the owner's or supervisor's request."""
        rows = [
            {
                "training": self.run.id,
                "epoch": point.epoch,
                "at": point.at,
                "metrics": json.dumps(point.metrics),
                "snapshot": point.snapshot,
            }
            for point in new_points
        ]

        def write(connection: Connection) -> Request:
            if rows:
                # The last commit may have succeeded with its answer lost.
                self._delete_after(connection, new_points[0].epoch - 1)
                connection.execute(insert(points), rows)
            query = select(trainings.c.stop, trainings.c.pause)
            this = trainings.c.id == self.run.id
            stop, pause = connection.execute(query.where(this)).one()
            return "stop" if stop else "pause" if pause else None

        return self._write(write, progress=progress, total=total, seconds=seconds)

    def reset_attempts(self) -> None:
        """Reset the count of attempts: there was progress since the last crash."""
        self._write(_nothing_else, attempt=1)

    def stopped(self, why: str | None) -> None:
        """Write that the training has stopped; its result so far may follow."""
        now = time.time()
        self._write(_nothing_else, status="stopped", error=why, finished=now)

    def pause(self) -> None:
        """Put a trial back into the queue, where it waits for a free worker."""
        # A stop that was requested meanwhile is carried out here.
        changes = {
            "status": case((trainings.c.stop, "stopped"), else_="queued"),
            "finished": case((trainings.c.stop, time.time())),
            "execution": None,
            "attempt": 0,
            "pause": None,
        }
        self._write(_nothing_else, **changes)

    def finish(
        self,
        status: Status,
        *,
        error: str | None = None,
        summary: dict[str, Scalar] | None = None,
        result: bytes | None = None,
    ) -> None:
        """End the run, with its summary and result."""
        now = time.time()
        changes = {
            "status": status,
            "error": error and error.replace("\0", ""),  # no NUL, as in `Store.create`
            "finished": now,
            "summary": json.dumps(summary) if summary else None,
            "execution": None,
        }

        def write(connection: Connection) -> None:
            if result is not None:
                file = {"training": self.run.id, "name": "result"}
                connection.execute(delete(files).filter_by(**file))
                connection.execute(insert(files).values(**file, content=result))

        try:
            self._write(write, **changes)
        except Superseded:
            if not self._finished(now):  # else this call succeeded, its answer lost
                raise

    def _finished(self, at: float) -> bool:
        this = trainings.c.id == self.run.id, trainings.c.finished == at
        query = select(func.count()).where(*this)
        count = retry_until_stored(self.store, lambda c: c.execute(query).scalar_one())
        return count > 0

    def _delete_after(self, connection: Connection, epoch: int) -> None:
        later = points.c.training == self.run.id, points.c.epoch > epoch
        connection.execute(delete(points).where(*later))

    def _write(self, work: Callable[[Connection], T], **changes: object) -> T:
        """Change the run and call `work` in one transaction, if the claim is valid."""
        ours = (
            update(trainings)
            .where(trainings.c.id == self.run.id)
            .where(trainings.c.execution == self.execution)
            .where(trainings.c.status.in_(("running", "stopped")))
            .values(heartbeat=trainings.c.heartbeat + 1, **changes)
        )

        def write(connection: Connection) -> T:
            if not connection.execute(ours).rowcount:
                raise Superseded(self.run.id)
            return work(connection)

        return retry_until_stored(self.store, write)


def _nothing_else(_: Connection) -> None:
    """Do nothing beyond the change of the run."""


def retry_until_stored(store: Store, work: Callable[[Connection], T]) -> T:
    """Call `work` in a transaction; retry while the store is away or full.

    A commit may have succeeded with its answer lost, so `work` must be idempotent. A
    damaged store and a wrong statement are raised at once.
    """
    wait, logged = FIRST_WAIT, ""
    while True:
        try:
            with store.engine.begin() as connection:
                return work(connection)
        except StoreError as error:
            if not error.passes:
                raise
            if str(error) != logged:
                log.warning("waiting for the store: %s", error)
            logged = str(error)
        time.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


def _claim(connection: Connection, training: str, execution: str) -> Row[Any] | None:
    """Give an execution the right to write; return the training, or None."""
    this = trainings.c.id == training
    # Trials have no result so far: the execution ends them.
    asked = and_(trainings.c.stop, trainings.c.pruning.is_(None))
    closing = or_(trainings.c.status == "stopped", asked)
    untouched = trainings.c.starts == 0
    same_code = trainings.c.code == program_version()
    connection.execute(
        update(trainings)
        .where(this, UNFINISHED)
        .where(trainings.c.execution.is_distinct_from(execution))  # a retry
        .values(
            status=case((closing, "stopped"), else_="running"),
            execution=execution,
            starts=trainings.c.starts + 1,
            attempt=trainings.c.attempt + 1,
            started=func.coalesce(trainings.c.started, time.time()),
            finished=case((closing, func.coalesce(trainings.c.finished, time.time()))),
            heartbeat=trainings.c.heartbeat + 1,
            # The code that trains it; unknown if several versions did.
            code=case((same_code, trainings.c.code), (untouched, program_version())),
        )
    )
    mine = select(*TRAINING_COLUMNS).where(this, trainings.c.execution == execution)
    return connection.execute(mine).first()
