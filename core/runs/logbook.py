"""What an execution writes about its run, as long as the run is its own."""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, delete, func, insert, select, update

from core.runs.run import ACTIVE, Point, Run, Status, Superseded
from core.runs.schema import files, points, runs
from core.runs.store import FIELDS, Store, as_run
from core.task import Scalar


class Logbook:
    """The pen of one execution: each claim takes it out of the last one's hand.

    Every method raises `Superseded` once another execution has claimed the run, or
    once it has been ended from outside: nothing is written twice.

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
        unfinished = update(runs).where(runs.c.id == run_id, runs.c.status.in_(ACTIVE))
        with store.engine.begin() as connection:
            taken = connection.execute(
                unfinished.values(
                    status="running",
                    execution=execution,
                    starts=runs.c.starts + 1,
                    attempt=runs.c.attempt + 1,
                    started=func.coalesce(runs.c.started, time.time()),
                    beat=runs.c.beat + 1,
                )
            )
            if not taken.rowcount:
                # Its last execution died while it looked at what a stopped run learned.
                over = update(runs).where(runs.c.id == run_id)
                connection.execute(over.values(execution=None))
                return None
            row = connection.execute(select(*FIELDS).where(runs.c.id == run_id)).one()
            return cls(store, as_run(row), execution)

    def data(self) -> bytes:
        """Return what the run trains on, encoded."""
        query = select(files.c.content).where(
            files.c.run == self.run.id, files.c.name == "data"
        )
        with self._mine() as connection:
            return bytes(connection.execute(query).scalar_one())

    def rewind(self, epoch: int) -> None:
        """Forget the points after an epoch, where a resumed training starts again."""
        later = delete(points).where(points.c.run == self.run.id)
        with self._mine() as connection:
            connection.execute(later.where(points.c.epoch > epoch))

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
        with self._mine(progress=progress, total=total, seconds=seconds) as connection:
            if rows:
                connection.execute(insert(points), rows)
            query = select(runs.c.stop).where(runs.c.id == self.run.id)
            return bool(connection.execute(query).scalar_one())

    def moved_on(self) -> None:
        """Note that a checkpoint was saved: the attempts count anew."""
        with self._mine(attempt=1):
            pass

    def stopped(self, why: str | None) -> None:
        """Note that the training has stopped; its result so far may still come."""
        with self._mine(status="stopped", error=why, finished=time.time()):
            pass

    def finish(
        self,
        status: Status,
        *,
        error: str | None = None,
        summary: dict[str, Scalar] | None = None,
        result: bytes | None = None,
    ) -> None:
        """End the run, with what came of it."""
        changes = {
            "status": status,
            "error": error and error.replace("\0", ""),  # as `Store.create`
            "finished": time.time(),
            "summary": json.dumps(summary) if summary else None,
            "execution": None,
        }
        with self._mine(**changes) as connection:
            if result is not None:
                file = {"run": self.run.id, "name": "result"}
                connection.execute(delete(files).filter_by(**file))
                connection.execute(insert(files).values(**file, content=result))

    @contextmanager
    def _mine(self, **changes: object) -> Iterator[Connection]:
        """Open a transaction that only the run's present execution gets into."""
        mine = (
            update(runs)
            .where(runs.c.id == self.run.id, runs.c.execution == self.execution)
            .where(runs.c.status.in_(("running", "stopped")))
            .values(beat=runs.c.beat + 1, **changes)
        )
        with self.store.engine.begin() as connection:
            if not connection.execute(mine).rowcount:
                raise Superseded(self.run.id)
            yield connection
