"""What an execution writes about its run, as long as the run is its own."""

import json
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from core.runs.patience import patiently
from core.runs.reader import FIELDS, as_run
from core.runs.run import ACTIVE, Point, Run, Status, Superseded
from core.runs.schema import files, points, runs
from core.runs.store import Store
from core.task import Scalar

T = TypeVar("T")


class Logbook:
    """The pen of one execution: each claim takes it out of the last one's hand.

    Every method raises `Superseded` once another execution has claimed the run, or
    once it has been ended from outside: nothing is written twice. While the store
    is away or full, it waits, and the training with it.

    Parameters
    ----------
    store
        Where the run is.
    run
        The run as it was when it was claimed.
    execution
        The random token of this claim.
    """

    def __init__(self, store: Store, run: Run, execution: str) -> None:
        self.store, self.run, self.execution = store, run, execution

    @classmethod
    def claim(cls, store: Store, run_id: str) -> "Logbook | None":
        """Take an unfinished run over and count the attempt, or return None."""
        execution = secrets.token_hex(16)
        row = patiently(store, lambda c: _claim(c, run_id, execution))
        return cls(store, as_run(row), execution) if row else None

    def data(self) -> bytes:
        """Return what the run trains on, encoded."""
        query = select(files.c.content).where(
            files.c.run == self.run.id, files.c.name == "data"
        )
        return bytes(self._mine(lambda at: at.execute(query).scalar_one()))

    def rewind(self, epoch: int) -> None:
        """Forget the points after an epoch, where a resumed training starts again."""
        self._mine(lambda connection: self._forget(connection, epoch))

    def record(
        self, news: Sequence[Point], *, progress: float, total: int, seconds: float
    ) -> bool:
        """Write points and a sign of life; return whether to stop."""
        rows = [
            {
                "run": self.run.id,
                "epoch": point.epoch,
                "at": point.at,
                "metrics": json.dumps(point.metrics),
                "snapshot": point.snapshot,
            }
            for point in news
        ]

        def write(connection: Connection) -> bool:
            if rows:
                self._forget(connection, news[0].epoch - 1)  # written, but not heard of
                connection.execute(insert(points), rows)
            query = select(runs.c.stop).where(runs.c.id == self.run.id)
            return bool(connection.execute(query).scalar_one())

        return self._mine(write, progress=progress, total=total, seconds=seconds)

    def moved_on(self) -> None:
        """Note that it got on since the last death: the attempts count anew."""
        self._mine(_nothing_else, attempt=1)

    def stopped(self, why: str | None) -> None:
        """Note that the training has stopped; its result so far may still come."""
        now = time.time()
        self._mine(_nothing_else, status="stopped", error=why, finished=now)

    def finish(
        self,
        status: Status,
        *,
        error: str | None = None,
        summary: dict[str, Scalar] | None = None,
        result: bytes | None = None,
    ) -> None:
        """End the run, with what came of it."""
        now = time.time()
        changes = {
            "status": status,
            "error": error and error.replace("\0", ""),  # as `Store.create`
            "finished": now,
            "summary": json.dumps(summary) if summary else None,
            "execution": None,
        }

        def write(connection: Connection) -> None:
            if result is not None:
                file = {"run": self.run.id, "name": "result"}
                connection.execute(delete(files).filter_by(**file))
                connection.execute(insert(files).values(**file, content=result))

        try:
            self._mine(write, **changes)
        except Superseded:
            if not self._ended(now):  # by this very call, which did not hear of it
                raise

    def _ended(self, at: float) -> bool:
        this = runs.c.id == self.run.id, runs.c.finished == at
        query = select(func.count()).where(*this)
        return patiently(self.store, lambda c: c.execute(query).scalar_one()) > 0

    def _forget(self, connection: Connection, epoch: int) -> None:
        later = points.c.run == self.run.id, points.c.epoch > epoch
        connection.execute(delete(points).where(*later))

    def _mine(self, work: Callable[[Connection], T], **changes: object) -> T:
        """Work in a transaction that only the run's present execution gets into."""
        mine = (
            update(runs)
            .where(runs.c.id == self.run.id, runs.c.execution == self.execution)
            .where(runs.c.status.in_(("running", "stopped")))
            .values(beat=runs.c.beat + 1, **changes)
        )

        def write(connection: Connection) -> T:
            if not connection.execute(mine).rowcount:
                raise Superseded(self.run.id)
            return work(connection)

        return patiently(self.store, write)


def _nothing_else(_: Connection) -> None:
    """Do no more than to note a change and a sign of life."""


def _claim(connection: Connection, run_id: str, execution: str) -> Row[Any] | None:
    """Make an execution the one that may write; return the run, if there is one."""
    this = runs.c.id == run_id
    connection.execute(
        update(runs)
        .where(this, runs.c.status.in_(ACTIVE))
        .where(runs.c.execution.is_distinct_from(execution))  # else it has it already
        .values(
            status="running",
            execution=execution,
            starts=runs.c.starts + 1,
            attempt=runs.c.attempt + 1,
            started=func.coalesce(runs.c.started, time.time()),
            beat=runs.c.beat + 1,
        )
    )
    mine = select(*FIELDS).where(this, runs.c.execution == execution)
    if not (row := connection.execute(mine).first()):
        # Its last execution died while it looked at what a stopped run learned.
        connection.execute(update(runs).where(this).values(execution=None))
    return row
