"""The store: the one truth about runs, on SQLite or PostgreSQL."""

import hashlib
import json
import logging
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    false,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from core.runs import schema
from core.runs.run import ACTIVE, LimitError, Point, Run, Status
from core.runs.schema import files, points, reads, runs
from core.task import Settings

log = logging.getLogger(__name__)

RUN_ID = re.compile(r"[0-9a-f]{32}")
QUEUE_LOCK = 7016996766  # whoever holds it counts and queues runs, and nobody else
READING_SECONDS = 300.0  # between two notes that a finished run is looked at
MOST_NOTED = 10_000  # runs that this is remembered of
FIELDS = [runs.c[name] for name in Run.__dataclass_fields__]


class Store:
    """Reads runs and writes what people ask for. Safe to share between threads.

    What a run leaves while it trains is written by its `core.runs.logbook.Logbook`.

    Parameters
    ----------
    url
        SQLAlchemy address, such as `sqlite:///runs.sqlite`.
    waiting
        Runs that one owner may have queued besides the one that trains.
    waiting_in_all
        Runs that all owners together may have queued.
    seconds
        Seconds of training that one request is good for.
    """

    def __init__(
        self,
        url: str,
        *,
        waiting: int = 3,
        waiting_in_all: int = 200,
        seconds: float = 600,
    ) -> None:
        self.engine = schema.open_engine(url)
        self.waiting, self.waiting_in_all = waiting, waiting_in_all
        self.seconds = seconds
        self._noted: dict[str, float] = {}  # when each was last noted as looked at

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def create(
        self, owner: str, task: str, config: Settings, *, title: str, data: bytes
    ) -> str:
        """Queue a run and return its id of 128 random bits.

        Raises
        ------
        LimitError
            If the owner already has as many unfinished runs as one may have, or the
            queue is full.
        """
        values = {
            "id": secrets.token_hex(16),
            "task": task,
            "owner": owner_key(owner),
            "title": title.replace("\0", ""),  # which PostgreSQL does not keep
            "config": config.to_json(),
            "status": "queued",
            "created": time.time(),
            "queued": time.time(),
            "until": self.seconds,
        }
        with self._one_at_a_time() as connection:
            self._check_limits(connection, owner)
            connection.execute(insert(runs).values(values))
            content = {"run": values["id"], "name": "data", "content": data}
            connection.execute(insert(files).values(content))
        return str(values["id"])

    def get(self, owner: str, run_id: str) -> Run | None:
        """Return one of the owner's runs, or None."""
        row = self._first(select(*FIELDS).where(*_own(owner, run_id)))
        run = as_run(row) if row else None
        if run and not run.active:
            self._note_reading(run_id)
        return run

    def status(self, run_id: str) -> Status | None:
        """Return how anybody's run is doing, or None if there is no such run."""
        row = self._first(select(runs.c.status).where(runs.c.id == run_id))
        return row[0] if row else None

    def runs_of(self, owner: str, most: int = 100) -> list[Run]:
        """Return the owner's runs, newest first."""
        query = select(*FIELDS).where(runs.c.owner == owner_key(owner))
        return [
            as_run(row)
            for row in self._all(query.order_by(runs.c.created.desc()).limit(most))
        ]

    def active(self) -> list[tuple[str, Run]]:
        """Return every unfinished run with its owner's key, oldest request first."""
        query = select(runs.c.owner, *FIELDS).where(runs.c.status.in_(ACTIVE))
        rows = self._all(query.order_by(runs.c.queued))
        return [(row.owner, as_run(row)) for row in rows]

    def counts(self) -> dict[str, int]:
        """Return how many runs there are, by status."""
        number = func.count().label("number")
        query = select(runs.c.status, number).group_by(runs.c.status)
        return {row.status: row.number for row in self._all(query)}

    def failures(self, most: int = 20) -> list[Run]:
        """Return the runs that failed last, whoever's they are."""
        failed = select(*FIELDS).where(runs.c.status == "failed")
        latest = failed.order_by(runs.c.finished.desc()).limit(most)
        return [as_run(row) for row in self._all(latest)]

    def points(self, run_id: str, most: int = 200) -> list[Point]:
        """Return about `most` points of a run, evenly spread, the last one too."""
        newest = select(func.max(points.c.epoch)).where(points.c.run == run_id)
        found = self._first(newest)
        last = found[0] if found and found[0] is not None else 0
        stride = max(1, -(-last // most))
        query = select(points.c.epoch, points.c.at, points.c.metrics).where(
            points.c.run == run_id,
            or_(points.c.epoch % stride == 0, points.c.epoch == last),
        )
        return [
            Point(epoch=row.epoch, metrics=json.loads(row.metrics), at=row.at)
            for row in self._all(query.order_by(points.c.epoch))
        ]

    def snapshot(self, run_id: str, epoch: int) -> bytes | None:
        """Return the snapshot that a run took at an epoch, if it did."""
        query = select(points.c.snapshot)
        row = self._first(query.where(points.c.run == run_id, points.c.epoch == epoch))
        return row[0] if row else None

    def snapshots(self, owner: str, run_id: str, most: int = 50) -> dict[int, bytes]:
        """Return about `most` snapshots by epoch, evenly spread, the last one too.

        Empty if the run is not the owner's.
        """
        taken = points.c.run == run_id, points.c.snapshot.is_not(None)
        query = select(points.c.epoch).join(runs, runs.c.id == points.c.run)
        own = query.where(*_own(owner, run_id), *taken).order_by(points.c.epoch)
        epochs = [row.epoch for row in self._all(own)]
        if not epochs:
            return {}
        stride = max(1, -(-len(epochs) // most))
        chosen = epochs[::-stride]  # from the last one back
        found = select(points.c.epoch, points.c.snapshot).where(
            points.c.run == run_id, points.c.epoch.in_(chosen)
        )
        rows = self._all(found.order_by(points.c.epoch))
        return {row.epoch: row.snapshot for row in rows}

    def result(self, owner: str, run_id: str) -> bytes | None:
        """Return the encoded result of one of the owner's runs, or None."""
        query = select(files.c.content).join(runs, runs.c.id == files.c.run)
        own = _own(owner, run_id)
        row = self._first(query.where(*own, files.c.name == "result"))
        return row[0] if row else None

    def position(self, run_id: str) -> int:
        """Return a queued run's place in the queue: 1 is next, 0 is not queued."""
        waiting = runs.c.status == "queued"
        mine = select(runs.c.queued).where(runs.c.id == run_id, waiting)
        query = select(func.count()).select_from(runs)
        row = self._first(query.where(waiting, runs.c.queued <= mine.scalar_subquery()))
        return int(row[0]) if row else 0

    def request_stop(self, owner: str, run_id: str) -> None:
        """Take a queued run out of the queue, or ask a running one to end."""
        self._request_stop(*_own(owner, run_id))

    def request_any_stop(self, run_id: str) -> None:
        """Stop a run whoever's it is: for the administrator."""
        self._request_stop(runs.c.id == run_id)

    def _request_stop(self, *which: ColumnElement[bool]) -> None:
        waiting = update(runs).where(*which, runs.c.status == "queued")
        running = update(runs).where(*which, runs.c.status == "running")
        with self.engine.begin() as connection:
            connection.execute(waiting.values(status="stopped", finished=time.time()))
            connection.execute(running.values(stop=True))

    def request_resume(self, owner: str, run_id: str) -> None:
        """Queue a stopped or failed run again; it goes on from its checkpoint."""
        ended = runs.c.status.in_(("stopped", "failed"))
        changes = {
            "status": "queued",
            "execution": None,
            "stop": False,
            "attempt": 0,
            "error": None,
            "queued": time.time(),
            "started": None,
            "finished": None,
            "until": runs.c.seconds + self.seconds,
        }
        with self._one_at_a_time() as connection:
            self._check_limits(connection, owner)
            connection.execute(
                update(runs).where(*_own(owner, run_id), ended).values(changes)
            )

    def give_up(self, run_id: str, status: Status, error: str) -> None:
        """End an unfinished run from outside; its execution can no longer write."""
        unfinished = update(runs).where(runs.c.id == run_id, runs.c.status.in_(ACTIVE))
        changes = {"status": status, "error": error, "finished": time.time()}
        with self.engine.begin() as connection:
            connection.execute(unfinished.values(execution=None, **changes))

    def _note_reading(self, run_id: str) -> None:
        """Note now and then that a finished run is looked at: it is not old then.

        Whoever looks is not to suffer where the store can only be read.
        """
        now = time.monotonic()
        if now - self._noted.get(run_id, -READING_SECONDS) < READING_SECONDS:
            return
        if len(self._noted) > MOST_NOTED:
            self._noted.clear()
        self._noted[run_id] = now
        this = reads.c.run == run_id
        try:
            with self.engine.begin() as connection:
                changed = connection.execute(
                    update(reads).where(this).values(at=time.time())
                )
                if not changed.rowcount:
                    mark = {"run": run_id, "at": time.time()}
                    connection.execute(insert(reads).values(mark))
        except DBAPIError as error:
            log.warning("reading not noted: %s", type(error.orig).__name__)

    def _check_limits(self, connection: Connection, owner: str) -> None:
        mine = select(func.count()).where(
            runs.c.owner == owner_key(owner), runs.c.status.in_(ACTIVE)
        )
        queued = select(func.count()).where(runs.c.status == "queued")
        if connection.execute(mine).scalar_one() > self.waiting:
            log.warning("refused a run: owner %.8s has too many", owner_key(owner))
            raise LimitError(
                f"You have {self.waiting + 1} unfinished runs, the most one person may "
                "have. Wait for one to end, or stop one on the Runs page."
            )
        if (found := connection.execute(queued).scalar_one()) >= self.waiting_in_all:
            log.warning("refused a run: %d runs are in the queue", found)
            raise LimitError(
                f"The queue is full: {found:,} runs of all people wait for a worker. "
                "Try again in a few minutes."
            )

    def _first(self, query: Select[Any]) -> Row[Any] | None:
        with self._reading() as connection:
            return connection.execute(query).first()

    def _all(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with self._reading() as connection:
            return connection.execute(query).all()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection.execution_options(reading=True)

    @contextmanager
    def _one_at_a_time(self) -> Iterator[Connection]:
        """Open a transaction in which nobody else counts runs to queue one."""
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # SQLite's lock is for all
                lock = text("SELECT pg_advisory_xact_lock(:number)")
                connection.execute(lock, {"number": QUEUE_LOCK})
            yield connection


def owner_key(owner: str) -> str:
    """Return what the store keeps of an owner's token: its SHA-256."""
    return hashlib.sha256(owner.encode()).hexdigest()


def as_run(row: Row[Any]) -> Run:
    """Return the run that a row with all of `FIELDS` describes."""
    values = {name: row._mapping[name] for name in Run.__dataclass_fields__}
    return Run(**{**values, "summary": json.loads(values["summary"] or "{}")})


def _own(owner: str, run_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    if not RUN_ID.fullmatch(run_id):  # from an address: PostgreSQL refuses some text
        return false(), false()
    return runs.c.id == run_id, runs.c.owner == owner_key(owner)
