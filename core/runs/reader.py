"""What there is in the store: runs, their points, and what they left."""

import hashlib
import json
import logging
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    and_,
    case,
    false,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError

from core.runs import schema
from core.runs.run import ACTIVE, Point, Run, Status, StoreError
from core.runs.schema import files, points, reads, runs

log = logging.getLogger(__name__)

RUN_ID = re.compile(r"[0-9a-f]{32}")
READING_SECONDS = 300.0  # between two notes that a finished run is looked at
MOST_NOTED = 10_000  # runs that this is remembered of
FIELDS = [runs.c[name] for name in Run.__dataclass_fields__]


class Reader:
    """Finds runs, and what belongs to them, in the store.

    Parameters
    ----------
    url
        SQLAlchemy address, such as `sqlite:///runs.sqlite`.
    """

    def __init__(self, url: str) -> None:
        self._engine = schema.open_engine(url)
        self._up_to_date = False
        self._noted: dict[str, float] = {}  # when each was last noted as looked at

    @property
    def engine(self) -> Engine:
        """The way to the store, whose tables are those of this version.

        Looked at when first used: a store that is away now may come back.
        """
        if not self._up_to_date:
            schema.bring_up_to_date(self._engine)
            self._up_to_date = True
        return self._engine

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def get(self, owner: str, run_id: str) -> Run | None:
        """Return one of the owner's runs, or None."""
        row = self._first(select(*FIELDS).where(*owned_by(owner, run_id)))
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
        own = query.where(*owned_by(owner, run_id), *taken).order_by(points.c.epoch)
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
        mine = owned_by(owner, run_id)
        row = self._first(query.where(*mine, files.c.name == "result"))
        return row[0] if row else None

    def position(self, run_id: str) -> int:
        """Return a queued run's place in the queue: 1 is next, 0 is not queued.

        One training a person at a time: a run that has others of its owner before it
        waits for them, and lets the first ones of other owners go before it.
        """
        first = case((runs.c.status == "running", 0), else_=1), runs.c.queued
        turn = func.row_number().over(partition_by=runs.c.owner, order_by=first)
        unfinished = (
            select(runs.c.id, runs.c.status, runs.c.queued, turn.label("turn"))
            .where(runs.c.status.in_(ACTIVE))
            .subquery()
        )
        waiting = select(unfinished).where(unfinished.c.status == "queued").subquery()
        mine = select(waiting).where(waiting.c.id == run_id).subquery()
        before = and_(waiting.c.turn == mine.c.turn, waiting.c.queued <= mine.c.queued)
        query = (
            select(func.count())
            .select_from(waiting)
            .join(mine, or_(waiting.c.turn < mine.c.turn, before))
        )
        row = self._first(query)
        return int(row[0]) if row else 0

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
        except (StoreError, DBAPIError) as error:
            log.warning("reading not noted: %s", type(error).__name__)

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


def owner_key(owner: str) -> str:
    """Return what the store keeps of an owner's token: its SHA-256."""
    return hashlib.sha256(owner.encode()).hexdigest()


def as_run(row: Row[Any]) -> Run:
    """Return the run that a row with all of `FIELDS` describes."""
    values = {name: row._mapping[name] for name in Run.__dataclass_fields__}
    return Run(**{**values, "summary": json.loads(values["summary"] or "{}")})


def owned_by(
    owner: str, run_id: str
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return what a query asks for to find a run of the owner's, and no other."""
    if not RUN_ID.fullmatch(run_id):  # from an address: PostgreSQL refuses some text
        return false(), false()
    return runs.c.id == run_id, runs.c.owner == owner_key(owner)
