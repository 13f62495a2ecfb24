"""Runs in the database: queries of the pages, and requests of their owners."""

import hashlib
import json
import logging
import re
import secrets
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    and_,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from core.registry import digest_of
from core.runs.run import (
    ACTIVE,
    MissingStoreError,
    Run,
    Status,
    StoreError,
    Training,
)
from core.runs.store import joining, migration, schema
from core.runs.store.checkpoints import Installation
from core.runs.store.joining import ACTIVE_HERE, RUNS
from core.runs.store.limits import (
    ROW_BYTES,
    address_key,
    check_joining,
    check_queue,
    check_stored_bytes,
)
from core.runs.store.readers import ClassReader, LinkReader, Reader
from core.runs.store.schema import (
    classes,
    files,
    installations,
    members,
    points,
    reads,
    runs,
    shared_runs,
    trainings,
)
from core.task import Point, Settings
from core.version import program_version

log = logging.getLogger(__name__)

Ts = TypeVarTuple("Ts")  # columns of a row

RUN_ID = re.compile(r"[0-9a-f]{32}")
READ_SECONDS = 300.0  # time between two notes of a look at a finished run
MAX_NOTED_READS = 10_000  # runs whose last note is remembered
TRAINING_FIELDS = tuple(Training.__dataclass_fields__)
TRAINING_COLUMNS = [trainings.c[name] for name in TRAINING_FIELDS]
FIELDS = tuple(Run.__dataclass_fields__)
RUN_COLUMNS = [(runs if name in runs.c else trainings).c[name] for name in FIELDS]
MOST_AT_ONCE = 500  # unfinished runs that are read for all sessions together
OF_POINT = points.c.training == runs.c.training
OF_FILE = files.c.training == runs.c.training
# Points that the owner of a run may see: up to where the owner left the training.
SEEN = or_(runs.c.left_at.is_(None), points.c.epoch <= runs.c.left_progress)
# Stopped, and the result so far is not there yet; see `Training.closing`.
CLOSING = and_(trainings.c.status == "stopped", trainings.c.execution.is_not(None))
UNFINISHED = or_(trainings.c.status.in_(ACTIVE), CLOSING)  # work for a worker
QUEUE_LOCK = 7016996766  # serialises the counting and queueing of runs
PASSWORDS = ("password", "sslpassword")  # options of PostgreSQL in an address


class Store:
    """Runs and what belongs to them. Safe to share between threads.

    Methods that take an owner ignore the runs of other owners. A running training
    writes through its `RunWriter`.

    Parameters
    ----------
    url
        SQLAlchemy address, such as `sqlite:///runs.sqlite`.
    create
        Whether to make a store where there is none. Otherwise its first use raises a
        MissingStoreError.
    waiting
        Runs that one owner may have queued besides the one that trains.
    waiting_in_all
        Runs that all owners together may have queued.
    seconds
        Seconds of training per request.
    """

    def __init__(
        self,
        url: str,
        *,
        create: bool = True,
        waiting: int = 3,
        waiting_in_all: int = 200,
        seconds: float = 600,
    ) -> None:
        self._engine = schema.open_engine(url)
        self._up_to_date, self._create = False, create
        self._noted_reads: dict[str, float] = {}  # time of each run's last note
        self.waiting, self.waiting_in_all = waiting, waiting_in_all
        self.seconds = seconds

    @property
    def engine(self) -> Engine:
        """The database engine; its first use brings the tables up to date.

        Until that succeeds each use tries again: the database may be away for a time.
        """
        if not self._up_to_date:
            if not (self._create or migration.has_store(self._engine)):
                raise MissingStoreError(self.address)
            migration.bring_up_to_date(self._engine)
            self._up_to_date = True
        return self._engine

    @property
    def address(self) -> str:
        """The database's address, without passwords."""
        return self._engine.url.difference_update_query(PASSWORDS).render_as_string()

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def installation(self) -> Installation:
        """Return the installation that owns the checkpoints; a restore changes it."""
        with self.reading() as connection:
            return read_installation(connection)

    def get(self, reader: Reader, run_id: str) -> Run | None:
        """Return a run that a reader may read, else None.

        A class gets it without the owner's name, note and star.
        """
        row = self.first(select_runs().where(*readable_by(reader, run_id)))
        run = as_run(row) if row else None
        if run and isinstance(reader, ClassReader):
            run = replace(run, own_name=None, note=None, starred=None)
        if run and not run.active:
            self._note_read(run_id)
        return run

    def unfinished(self, most: int = MOST_AT_ONCE) -> dict[tuple[str, str], Run]:
        """Return runs that wait or train, by their owner's key and their id.

        Bounded, so that a long queue does not slow down live updates: the runs that
        began a training come first, then those that joined one.
        """
        here = ACTIVE_HERE, runs.c.deleted.is_(None)
        query = select_runs(runs.c.owner).where(*here).order_by(runs.c.joined)
        rows = self.rows(query.limit(most))
        return {(row.owner, row.id): as_run(row) for row in rows}

    def status(self, training: str) -> Status | None:
        """Return the status of a training, or None if there is no such training."""
        query = select(trainings.c.status).where(trainings.c.id == training)
        row = self.first(query)
        return row[0] if row else None

    def runs_of(
        self, owner: str, most: int = 100, *which: ColumnElement[bool]
    ) -> list[Run]:
        """Return the owner's runs, newest first, without the trials of searches."""
        query = select_runs().where(
            runs.c.owner == owner_key(owner),
            runs.c.deleted.is_(None),
            trainings.c.study.is_(None),
            *which,
        )
        newest = query.order_by(runs.c.created.desc()).limit(most)
        return [as_run(row) for row in self.rows(newest)]

    def active(self) -> list[tuple[frozenset[str], Training]]:
        """Return every unfinished training with its waiting owners' keys.

        The oldest request comes first.
        """
        waiting = select(trainings.c.id, runs.c.owner).select_from(RUNS)
        owners: dict[str, set[str]] = {}
        for row in self.rows(waiting.where(ACTIVE_HERE)):
            owners.setdefault(row.id, set()).add(row.owner)
        unfinished = select(*TRAINING_COLUMNS).where(trainings.c.status.in_(ACTIVE))
        return [
            (frozenset(owners.get(row.id, ())), as_training(row))
            for row in self.rows(unfinished.order_by(trainings.c.queued))
        ]

    def closing(self) -> list[Training]:
        """Return the stopped trainings whose results are being computed."""
        query = select(*TRAINING_COLUMNS).where(CLOSING)
        return [as_training(row) for row in self.rows(query)]

    def counts(self) -> dict[str, int]:
        """Return how many trainings there are, by status."""
        number = func.count().label("number")
        query = select(trainings.c.status, number).group_by(trainings.c.status)
        return {row.status: row.number for row in self.rows(query)}

    def failures(self) -> list[Training]:
        """Return the latest 20 failed trainings of all owners."""
        failed = select(*TRAINING_COLUMNS).where(trainings.c.status == "failed")
        latest = failed.order_by(trainings.c.finished.desc()).limit(20)
        return [as_training(row) for row in self.rows(latest)]

    def points(
        self, run_id: str, most: int = 200, known: Sequence[Point] = ()
    ) -> list[Point]:
        """Return about `most` points of a run, evenly spread, the last one too.

        Of those `known` only the last one is read again, unless a restart has deleted
        it or the spread changes.
        """
        start = known[-1].epoch if known else 0
        own = runs.c.id == run_id, SEEN, points.c.epoch >= start
        here = points.join(runs, OF_POINT)
        newest = select(func.max(points.c.epoch)).select_from(here).where(*own)
        found = self.first(newest)
        last = found[0] if found and found[0] is not None else 0
        stride = _stride(last, most)
        columns = points.c.epoch, points.c.at, points.c.metrics
        shown = or_(points.c.epoch % stride == 0, points.c.epoch.in_((start, last)))
        query = select(*columns).select_from(here).where(*own, shown)
        later = [
            Point(epoch=row.epoch, metrics=json.loads(row.metrics), at=row.at)
            for row in self.rows(query.order_by(points.c.epoch))
        ]
        if not known:
            return later
        if not later or later[0].at != known[-1].at or _stride(start, most) != stride:
            return self.points(run_id, most)
        if start < last and start % stride:  # was shown as the last one
            del later[0]
        return [*known[:-1], *later]

    def snapshot(self, run_id: str, epoch: int) -> bytes | None:
        """Return the snapshot that a run took at an epoch, if it did."""
        query = select(points.c.snapshot).join(runs, OF_POINT)
        this = runs.c.id == run_id, points.c.epoch == epoch
        row = self.first(query.where(*this, SEEN))
        return row[0] if row else None

    def snapshots(
        self, reader: Reader, run_id: str, most: int = 50
    ) -> dict[int, bytes]:
        """Return about `most` snapshots by epoch, evenly spread, the last one too."""
        readable = readable_by(reader, run_id)
        query = select(points.c.epoch, points.c.training)
        own = query.join(runs, OF_POINT).where(
            *readable, points.c.snapshot.is_not(None), SEEN
        )
        there = self.rows(own.order_by(points.c.epoch))
        if not there:
            return {}
        epochs = [row.epoch for row in there]
        chosen = epochs[:: -_stride(len(epochs), most)]  # backwards from the last one
        found = select(points.c.epoch, points.c.snapshot).where(
            points.c.training == there[0].training, points.c.epoch.in_(chosen)
        )
        rows = self.rows(found.order_by(points.c.epoch))
        return {row.epoch: row.snapshot for row in rows}

    def result(self, reader: Reader, run_id: str) -> bytes | None:
        """Return the encoded result of a run that `get` returns, or None."""
        query = select(files.c.content).join(runs, OF_FILE)
        readable = *readable_by(reader, run_id), runs.c.left_at.is_(None)
        row = self.first(query.where(*readable, files.c.name == "result"))
        return row[0] if row else None

    def places_in_queue(self) -> dict[str, int]:
        """Return the place of each queued training, from 1.

        Owners take turns: first the first training of each, then the second of each.
        A training of several owners has the best of their places. Trials of searches
        have no place: they use idle workers.
        """
        state = trainings.c.id, trainings.c.status, trainings.c.queued
        here = select(*state, runs.c.owner).select_from(RUNS)
        here = here.where(ACTIVE_HERE, trainings.c.study.is_(None))
        requests = {
            (row.status != "running", row.queued, row.id, row.owner)
            for row in self.rows(here)
        }
        turns = Counter[str]()  # how many trainings of an owner come first
        waiting: dict[str, tuple[int, float]] = {}
        for queued, since, training, owner in sorted(requests):
            turns[owner] += 1
            if queued:
                place = turns[owner], since
                waiting[training] = min(place, waiting.get(training, place))
        ordered = sorted(waiting, key=waiting.__getitem__)
        return {training: place for place, training in enumerate(ordered, 1)}

    def create(
        self,
        owner: str,
        task: str,
        config: Settings,
        *,
        title: str,
        data: bytes,
        address: str | None = None,
        join: bool = False,
        own_data: bool | None = None,
    ) -> str:
        """Queue a run and return its id of 128 random bits.

        With `join`, an equal training that is unfinished or done is reused: the
        owner's run of it is returned, or a new run of it. Without `join`, later
        requests cannot join this one. `address` is the network address of the
        request, if known; `own_data` tells uploaded data from bundled data. A request
        over the limits of `core.runs.store.limits` raises a LimitError.
        """
        now, run_id = time.time(), secrets.token_hex(16)
        training = {
            "id": run_id,
            "task": task,
            "title": title.replace("\0", ""),  # PostgreSQL does not keep NUL
            "config": config.to_json(),
            "status": "queued",
            "queued": now,
            "until": self.seconds,
            "digest": digest_of(data) if join else None,
            "code": program_version(),
            "own_data": own_data,
        }
        run: dict[str, Any] = {
            "id": run_id,
            "owner": owner_key(owner),
            "address": address_key(address),
            "created": now,
            "requested": now,
        }
        request = {**training, "owner": run["owner"]}
        with self.reading() as connection:
            known = join and joining.find(connection, request)
        size = ROW_BYTES + (0 if known else len(data))
        self.check_stored_bytes(owner, address, size)
        with self.locked(QUEUE_LOCK) as connection:
            if join and (there := joining.find_and_lock(connection, request)):
                return self._join(connection, run, there)
            self._check_queue(connection, run["owner"], run["address"])
            connection.execute(insert(trainings).values(training))
            new = insert(runs).values(**run, training=run_id, joined=False)
            connection.execute(new)
            content = {"training": run_id, "name": "data", "content": data}
            connection.execute(insert(files).values(content))
        return run_id

    def _join(
        self, connection: Connection, run: Mapping[str, Any], training: str
    ) -> str:
        """Return the owner's run of a training; add it if it is missing."""
        if own := joining.own_run(connection, run["owner"], training):
            return own
        by = run["owner"], run["address"]
        check_joining(connection, *by, training, per_owner=self.waiting)
        connection.execute(insert(runs).values(**run, training=training, joined=True))
        return str(run["id"])

    def request_stop(self, owner: str, run_id: str) -> None:
        """Take a run out of the queue, or ask it to end; see `joining.stop`."""
        with self.engine.begin() as connection:
            mine = select(runs.c.id).where(*owned_by(owner, run_id))
            if connection.execute(mine).first():
                joining.stop(connection, run_id)

    def request_any_stop(self, training: str) -> None:
        """Stop a training for all its owners: for the administrator."""
        with self.engine.begin() as connection:
            joining.end_trainings(connection, trainings.c.id == training)

    def request_resume(
        self,
        owner: str,
        run_id: str,
        address: str | None = None,
        copy: joining.Copy = joining.no_copy,
    ) -> None:
        """Queue a stopped or failed run again, from its checkpoint.

        The limits of new runs apply. If its training is running, or another owner has
        resumed it, the run joins it again; else the run gets a training of its own.
        `copy` copies a checkpoint from one training to another.
        """
        this = *owned_by(owner, run_id), runs.c.deleted.is_(None)
        ended = or_(
            trainings.c.status.in_(("stopped", "failed")), runs.c.left_at.is_not(None)
        )
        resumable = select(runs.c.id).select_from(RUNS).where(*this, ended)
        by = owner_key(owner), address_key(address)
        self.check_stored_bytes(owner, address, 0)
        with self.locked(QUEUE_LOCK) as connection:
            if not connection.execute(select(runs.c.id).where(*this)).first():
                return
            training = joining.lock_training(connection, run_id)
            if training is None or not connection.execute(resumable).first():
                return
            if other := joining.find_to_resume(connection, run_id, training):
                check_joining(connection, *by, other, per_owner=self.waiting)
                joining.move(connection, run_id, training, other)
            else:
                self._check_queue(connection, *by)
                own = joining.separate(connection, run_id, training, copy)
                # A resumed trial trains to its result, without pruning.
                changes = self.queued_again() | {"pruning": None}
                queued = update(trainings).where(trainings.c.id == own)
                connection.execute(queued.values(changes))
            returned = dict.fromkeys(joining.LEFT_STATE)
            again = {"address": by[1], "requested": time.time(), **returned}
            connection.execute(update(runs).where(*this).values(again))

    def queued_again(self) -> dict[str, Any]:
        """Return the changed columns of an ended training that is queued again."""
        return {
            "status": "queued",
            "execution": None,
            "stop": False,
            "pause": None,
            "attempt": 0,
            "error": None,
            "queued": time.time(),
            "started": None,
            "finished": None,
            "until": trainings.c.seconds + self.seconds,
        }

    def request_pause(self, ids: Sequence[str]) -> None:
        """Send running trials back to the queue, to free their workers."""
        with self.engine.begin() as connection:
            these = trainings.c.id.in_(ids), trainings.c.status == "running"
            connection.execute(update(trainings).where(*these).values(pause=True))

    def give_up(self, training: str, status: Status, error: str) -> None:
        """End an unfinished training, and revoke its execution's right to write."""
        unfinished = update(trainings).where(trainings.c.id == training, UNFINISHED)
        changes = {"status": status, "error": error, "finished": time.time()}
        with self.engine.begin() as connection:
            connection.execute(unfinished.values(execution=None, **changes))

    def _check_queue(
        self, connection: Connection, owner: str, address: str | None
    ) -> None:
        most, in_all = self.waiting, self.waiting_in_all
        check_queue(connection, owner, address, per_owner=most, in_all=in_all)

    def check_stored_bytes(self, owner: str, address: str | None, size: int) -> None:
        """Raise a LimitError if `size` more bytes exceed a limit."""
        with self.reading() as connection:
            key = address_key(address)
            check_stored_bytes(connection, owner_key(owner), key, size)

    @contextmanager
    def locked(self, lock: int) -> Iterator[Connection]:
        """Open a transaction that excludes others with the same lock number."""
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # SQLite has one write lock
                statement = text("SELECT pg_advisory_xact_lock(:number)")
                connection.execute(statement, {"number": lock})
            yield connection

    def _note_read(self, run_id: str) -> None:
        """Store when a finished run was last read, every few minutes: for clean-up.

        A read-only store is no error for the reader.
        """
        now = time.monotonic()
        if now - self._noted_reads.get(run_id, -READ_SECONDS) < READ_SECONDS:
            return
        if len(self._noted_reads) > MAX_NOTED_READS:
            self._noted_reads.clear()
        self._noted_reads[run_id] = now
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

    def first(self, query: Select[*Ts]) -> Row[*Ts] | None:
        """Return the first row of a query, or None."""
        with self.reading() as connection:
            return connection.execute(query).first()

    def rows(self, query: Select[*Ts]) -> Sequence[Row[*Ts]]:
        """Return all rows of a query."""
        with self.reading() as connection:
            return connection.execute(query).all()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection for reading, without a lock."""
        with self.engine.connect() as connection:
            yield connection.execution_options(reading=True)


def _stride(count: int, most: int) -> int:
    """Return the distance at which about `most` of `count` are chosen."""
    return max(1, -(-count // most))


def select_runs(*more: ColumnElement[Any]) -> Select[Any]:
    """Select runs with the state of their trainings, for `as_run`."""
    return select(*more, *RUN_COLUMNS).select_from(RUNS)


def read_installation(connection: Connection) -> Installation:
    """Return the installation that owns the checkpoints of a store's runs."""
    return Installation(connection.execute(select(installations.c.id)).scalar_one())


def owner_key(owner: str) -> str:
    """Return the SHA-256 of an owner's token, as the store has it."""
    return hashlib.sha256(owner.encode()).hexdigest()


def as_run(row: Row[Any]) -> Run:
    """Return the run of a row that ends with `RUN_COLUMNS`, as its owner sees it."""
    return Run(**_values(row, FIELDS)).as_seen()


def as_training(row: Row[Any]) -> Training:
    """Return the training of a row that ends with `TRAINING_COLUMNS`."""
    return Training(**_values(row, TRAINING_FIELDS))


def _values(row: Row[Any], fields: Sequence[str]) -> dict[str, Any]:
    # By their places: by name it takes three times as long, for hundreds of runs.
    values = dict(zip(fields, row[-len(fields) :], strict=True))
    values["summary"] = json.loads(values["summary"] or "{}")
    return values


def owned_by(
    owner: str, run_id: str
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that select a run if it is the owner's."""
    if not RUN_ID.fullmatch(run_id):  # id from an address: PostgreSQL refuses some text
        return false(), false()
    return runs.c.id == run_id, runs.c.owner == owner_key(owner)


def readable_by(
    reader: Reader, run_id: str
) -> tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that select a run if the reader may read it."""
    if not RUN_ID.fullmatch(run_id):
        return false(), false(), false()
    readable: ColumnElement[bool] = false()
    if isinstance(reader, LinkReader) and is_printable_ascii(reader.token):
        shared = shared_runs.c.run == runs.c.id, shared_runs.c.token == reader.token
        readable = exists().where(*shared)
    elif isinstance(reader, ClassReader) and is_printable_ascii(reader.code):
        readable = _on_board(reader.code, reader.owner)
    elif isinstance(reader, str):
        readable = runs.c.owner == owner_key(reader)
    return runs.c.id == run_id, readable, runs.c.deleted.is_(None)


def is_printable_ascii(text: str) -> bool:
    """Whether a text from an address may be in a query: PostgreSQL rejects NUL."""
    return text.isascii() and text.isprintable()


_shown = trainings.alias("shown")  # alias beside the other tables of a query
# Private uploads stay private: they could reveal that two people have one file.
SHOWN_TO_CLASS = exists().where(
    _shown.c.id == runs.c.training,
    _shown.c.study.is_(None),
    or_(_shown.c.own_data.is_not(True), runs.c.class_shown.is_(True)),
)


def _on_board(code: str, owner: str) -> ColumnElement[bool]:
    """Select runs on the board of a class, for its teacher or one of its members."""
    here = classes.c.code == code, classes.c.ends > time.time()
    student = members.alias("student")
    looks_on = members.alias("looks_on")
    is_theirs = exists().where(
        student.c.code == code,
        student.c.owner == runs.c.owner,
        student.c.hidden.is_(False),
        runs.c.created >= student.c.joined,
    )
    is_member = exists().where(
        looks_on.c.code == code, looks_on.c.owner == owner_key(owner)
    )
    may_look = exists().where(
        *here,
        or_(
            classes.c.owner == owner_key(owner),
            and_(classes.c.board_shown.is_(True), is_member),
        ),
    )
    return and_(may_look, is_theirs, SHOWN_TO_CLASS)
