"""The one truth about runs: what pages read, and what people ask for."""

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
from typing import Any

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
from core.runs.run import ACTIVE, Run, Status, StoreError
from core.runs.store import joining, schema
from core.runs.store.checkpoints import Installation
from core.runs.store.joining import (
    ACTIVE_HERE,
    FOLLOWS_TRAINING,
    IS_TRAINING,
    RUNS,
    TRAINING,
    trainings,
)
from core.runs.store.limits import (
    ROW_BYTES,
    address_key,
    check_joining,
    check_queue,
    check_stored_bytes,
)
from core.runs.store.schema import (
    classes,
    files,
    installations,
    members,
    points,
    reads,
    runs,
    shared_runs,
)
from core.task import Point, Settings
from core.version import program_version

log = logging.getLogger(__name__)

RUN_ID = re.compile(r"[0-9a-f]{32}")
SHARE_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 random bits
CLASS_READER = re.compile(r"class:([A-Z]{6}):(.+)", re.DOTALL)  # no owner's token
READ_SECONDS = 300.0  # between two notes that a finished run is looked at
MAX_NOTED_READS = 10_000  # runs that this is remembered of
FIELDS = tuple(Run.__dataclass_fields__)
RUN_COLUMNS = [joining.column_of(name).label(name) for name in FIELDS]  # of RUNS
MOST_AT_ONCE = 500  # unfinished runs that are read for all sessions together
# Points that the owner of a run may see: up to where the owner left the training.
SEEN = or_(runs.c.left_at.is_(None), points.c.epoch <= runs.c.left_progress)
# Stopped, and the result so far is not there yet; see `Run.closing`.
CLOSING = and_(trainings.c.status == "stopped", trainings.c.execution.is_not(None))
UNFINISHED = or_(  # of a training's own row: a worker has it, or needs it
    runs.c.status.in_(ACTIVE),
    and_(runs.c.status == "stopped", runs.c.execution.is_not(None)),
)
QUEUE_LOCK = 7016996766  # whoever holds it counts and queues runs, and nobody else


class Store:
    """Runs and what belongs to them. Safe to share between threads.

    Whatever finds a run by its owner gives None, or nothing, of another's. A `reader`
    is its owner, or whoever has the token of a share of it or looks at the board of a
    class (`class_reader`), which is good for reading only. What a run leaves while it
    trains is written by its `RunWriter`.

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
        self._engine = schema.open_engine(url)
        self._up_to_date = False
        self._noted_reads: dict[str, float] = {}  # when, by run
        self.waiting, self.waiting_in_all = waiting, waiting_in_all
        self.seconds = seconds

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

    def installation(self) -> Installation:
        """Return whose checkpoints the runs have; a restore changes it."""
        with self.reading() as connection:
            return read_installation(connection)

    def get(self, reader: str, run_id: str) -> Run | None:
        """Return a run that a reader may read, else None.

        A class sees what was trained, and not what its owner has written about it.
        """
        row = self._first(select_runs().where(*readable_by(reader, run_id)))
        run = as_run(row) if row else None
        if run and CLASS_READER.fullmatch(reader):
            run = replace(run, own_name=None, note=None, starred=None)
        if run and not run.active:
            self._note_read(run_id)
        return run

    def unfinished(self, most: int = MOST_AT_ONCE) -> dict[tuple[str, str], Run]:
        """Return runs that wait or train, by their owner's key and their id.

        Bounded, so that a long queue does not slow down live updates: trainings come
        first, then the runs that follow them.
        """
        here = ACTIVE_HERE, runs.c.deleted.is_(None)
        query = select_runs(runs.c.owner).where(*here)
        rows = [*self._all(query.where(IS_TRAINING).limit(most))]
        left = most - len(rows)
        rows += self._all(query.where(FOLLOWS_TRAINING).limit(left)) if left else ()
        return {(row.owner, row.id): as_run(row) for row in rows}

    def status(self, run_id: str) -> Status | None:
        """Return how anybody's run is doing, or None if there is no such run."""
        status = select(trainings.c.status).select_from(RUNS)
        row = self._first(status.where(runs.c.id == run_id))
        return row[0] if row else None

    def runs_of(
        self, owner: str, most: int = 100, *which: ColumnElement[bool]
    ) -> list[Run]:
        """Return the owner's runs, newest first, without the trials of searches."""
        query = select_runs().where(
            runs.c.owner == owner_key(owner),
            runs.c.deleted.is_(None),
            runs.c.study.is_(None),
            *which,
        )
        newest = query.order_by(runs.c.created.desc()).limit(most)
        return [as_run(row) for row in self._all(newest)]

    def active(self) -> list[tuple[frozenset[str], Run]]:
        """Return every unfinished training, oldest request first.

        With each come the keys of those who wait for it: its owner, and the owners of
        runs that follow it.
        """
        unfinished = IS_TRAINING, trainings.c.status.in_(ACTIVE)
        query = select_runs(runs.c.owner).where(*unfinished).order_by(runs.c.queued)
        found = self._all(query)
        owners = {row.id: set[str]() for row in found}
        followers = select(runs.c.follows, runs.c.owner).select_from(RUNS)
        for row in self._all(followers.where(FOLLOWS_TRAINING, ACTIVE_HERE)):
            owners.setdefault(row.follows, set()).add(row.owner)
        for row in found:
            if row.left_at is None:
                owners[row.id].add(row.owner)
        return [(frozenset(owners[row.id]), as_training(row)) for row in found]

    def closing(self) -> list[Run]:
        """Return the stopped trainings whose results are being computed."""
        query = select_runs().where(IS_TRAINING, CLOSING)
        return [as_training(row) for row in self._all(query)]

    def counts(self) -> dict[str, int]:
        """Return how many trainings there are, by status."""
        number = func.count().label("number")
        each = select(runs.c.status, number).where(runs.c.follows.is_(None))
        query = each.group_by(runs.c.status)
        return {row.status: row.number for row in self._all(query)}

    def failures(self, most: int = 20) -> list[Run]:
        """Return the trainings that failed last, whoever's they are."""
        failed = IS_TRAINING, trainings.c.status == "failed"
        latest = select_runs().where(*failed).order_by(trainings.c.finished.desc())
        return [as_training(row) for row in self._all(latest.limit(most))]

    def points(self, run_id: str, most: int = 200) -> list[Point]:
        """Return about `most` points of a run, evenly spread, the last one too."""
        own = points.c.run == TRAINING, SEEN
        here = points.join(runs, runs.c.id == run_id)
        newest = select(func.max(points.c.epoch)).select_from(here).where(*own)
        found = self._first(newest)
        last = found[0] if found and found[0] is not None else 0
        stride = max(1, -(-last // most))
        columns = points.c.epoch, points.c.at, points.c.metrics
        query = (
            select(*columns)
            .select_from(here)
            .where(*own, or_(points.c.epoch % stride == 0, points.c.epoch == last))
        )
        return [
            Point(epoch=row.epoch, metrics=json.loads(row.metrics), at=row.at)
            for row in self._all(query.order_by(points.c.epoch))
        ]

    def snapshot(self, run_id: str, epoch: int) -> bytes | None:
        """Return the snapshot that a run took at an epoch, if it did."""
        query = select(points.c.snapshot).join(runs, points.c.run == TRAINING)
        this = runs.c.id == run_id, points.c.epoch == epoch
        row = self._first(query.where(*this, SEEN))
        return row[0] if row else None

    def snapshots(self, reader: str, run_id: str, most: int = 50) -> dict[int, bytes]:
        """Return about `most` snapshots by epoch, evenly spread, the last one too."""
        readable = readable_by(reader, run_id)
        query = select(points.c.epoch, points.c.run)
        own = query.join(runs, points.c.run == TRAINING).where(
            *readable, points.c.snapshot.is_not(None), SEEN
        )
        there = self._all(own.order_by(points.c.epoch))
        if not there:
            return {}
        epochs = [row.epoch for row in there]
        stride = max(1, -(-len(epochs) // most))
        chosen = epochs[::-stride]  # from the last one back
        found = select(points.c.epoch, points.c.snapshot).where(
            points.c.run == there[0].run, points.c.epoch.in_(chosen)
        )
        rows = self._all(found.order_by(points.c.epoch))
        return {row.epoch: row.snapshot for row in rows}

    def result(self, reader: str, run_id: str) -> bytes | None:
        """Return the encoded result of a run that `get` returns, or None."""
        query = select(files.c.content).join(runs, files.c.run == TRAINING)
        readable = *readable_by(reader, run_id), runs.c.left_at.is_(None)
        row = self._first(query.where(*readable, files.c.name == "result"))
        return row[0] if row else None

    def position(self, run_id: str) -> int:
        """Return a queued run's place in the queue: 1 is next, 0 is not queued."""
        with self.reading() as connection:
            training = joining.training_of(connection, run_id)
        return self.places_in_queue().get(training or "", 0)

    def places_in_queue(self) -> dict[str, int]:
        """Return the place of each queued training, from 1.

        One training a person at a time: a run that has others of its owner before it
        waits for them, and lets the first ones of other owners go before it. If several
        wait for it, it goes by the one of them for whom it is next. Trials of searches
        have no place: they train where nobody else wants to.
        """
        state = trainings.c.id, trainings.c.status, trainings.c.queued
        here = select(*state, runs.c.owner).select_from(RUNS)
        here = here.where(ACTIVE_HERE, runs.c.study.is_(None))
        asked = {
            (row.status != "running", row.queued, row.id, row.owner)
            for which in (IS_TRAINING, FOLLOWS_TRAINING)
            for row in self._all(here.where(which))
        }
        turns = Counter[str]()  # how many trainings of an owner come first
        waiting: dict[str, tuple[int, float]] = {}
        for queued, since, training, owner in sorted(asked):
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

        With `join`, a training that somebody has asked for already, and that goes on or
        has ended well, is not queued again: the owner's run of it is returned, or a
        new one that follows it; without it, nobody follows this one either. `address`
        is the network address of the request, where it is known. `own_data` says
        whether the data are the owner's own. What is over the limits of
        `core.runs.store.limits` is a LimitError.
        """
        values = {
            "id": secrets.token_hex(16),
            "task": task,
            "owner": owner_key(owner),
            "address": address_key(address),
            "title": title.replace("\0", ""),  # which PostgreSQL does not keep
            "config": config.to_json(),
            "status": "queued",
            "created": time.time(),
            "queued": time.time(),
            "until": self.seconds,
            "digest": digest_of(data) if join else None,
            "code": program_version(),
            "own_data": own_data,
        }
        known = join and self._is_known(values)
        size = ROW_BYTES + (0 if known else len(data))
        self.check_stored_bytes(owner, address, size)
        with self.queue_lock() as connection:
            if join and (training := joining.find_and_lock(connection, values)):
                return self._join(connection, values, training)
            self._check_queue(connection, owner, address)
            connection.execute(insert(runs).values(values))
            content = {"run": values["id"], "name": "data", "content": data}
            connection.execute(insert(files).values(content))
        return str(values["id"])

    def _is_known(self, values: Mapping[str, Any]) -> bool:
        with self.reading() as connection:
            return joining.find(connection, values) is not None

    def _join(
        self, connection: Connection, values: Mapping[str, Any], training: str
    ) -> str:
        """Return the owner's run of a training, a new one if there is none."""
        if own := joining.own_run(connection, values["owner"], training):
            return own
        owner, address = values["owner"], values["address"]
        self._check_joining(connection, owner, address, training)
        joining.follow(connection, values, training)
        return str(values["id"])

    def _check_joining(
        self, connection: Connection, owner: str, address: str | None, training: str
    ) -> None:
        check_joining(connection, owner, address, training, per_owner=self.waiting)

    def request_stop(self, owner: str, run_id: str) -> None:
        """Take a run out of the queue, or ask it to end; see `joining.stop`."""
        with self.engine.begin() as connection:
            mine = select(runs.c.id).where(*owned_by(owner, run_id))
            if connection.execute(mine).first():
                joining.stop(connection, run_id)

    def request_any_stop(self, run_id: str) -> None:
        """Stop a training whoever's it is: for the administrator."""
        with self.engine.begin() as connection:
            if training := joining.lock_training(connection, run_id):
                joining.stop_training(connection, training)

    def request_resume(
        self,
        owner: str,
        run_id: str,
        address: str | None = None,
        copy: joining.Copy = joining.no_copy,
    ) -> None:
        """Queue a stopped or failed run again; it goes on from its checkpoint.

        It may be refused as a new one may. If others follow its training, which goes
        on, it follows it again; if that has ended, it goes on by itself, or follows the
        one who has resumed it before. `copy` copies the checkpoint of one run for
        another one.
        """
        this = *owned_by(owner, run_id), runs.c.deleted.is_(None)
        ended = or_(
            trainings.c.status.in_(("stopped", "failed")), runs.c.left_at.is_not(None)
        )
        can_go_on = select(runs.c.id).select_from(RUNS).where(*this, ended)
        changes: dict[str, Any] = {
            "address": address_key(address),
            "pruning": None,  # of a trial: its owner wants the result
        }
        self.check_stored_bytes(owner, address, 0)
        with self.queue_lock() as connection:
            if not connection.execute(select(runs.c.id).where(*this)).first():
                return
            training = joining.lock_training(connection, run_id)
            if training is None or not connection.execute(can_go_on).first():
                return
            by = owner_key(owner), address_key(address)
            if other := joining.find_to_resume(connection, run_id, training):
                self._check_joining(connection, *by, other)
                joining.join_again(connection, run_id, other, copy)
                if other != run_id:  # that one keeps its place in the queue
                    changes["queued"] = time.time()
            else:
                self._check_queue(connection, owner, address)
                joining.separate(connection, run_id, training, copy)
                changes |= self.queued_again()
            connection.execute(update(runs).where(*this).values(changes))

    def queued_again(self) -> dict[str, Any]:
        """Return what changes in a run that has ended and goes on."""
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
            "until": runs.c.seconds + self.seconds,
            **dict.fromkeys(joining.LEFT_STATE),
        }

    def request_pause(self, run_ids: Sequence[str]) -> None:
        """Ask trials that train to go back to the queue, for runs that wait."""
        with self.engine.begin() as connection:
            these = runs.c.id.in_(run_ids), runs.c.status == "running"
            connection.execute(update(runs).where(*these).values(pause=True))

    def give_up(self, run_id: str, status: Status, error: str) -> None:
        """End an unfinished run from outside; its execution can no longer write."""
        unfinished = update(runs).where(runs.c.id == run_id, UNFINISHED)
        changes = {"status": status, "error": error, "finished": time.time()}
        with self.engine.begin() as connection:
            connection.execute(unfinished.values(execution=None, **changes))

    def _check_queue(
        self, connection: Connection, owner: str, address: str | None
    ) -> None:
        check_queue(
            connection,
            owner_key(owner),
            address_key(address),
            per_owner=self.waiting,
            in_all=self.waiting_in_all,
        )

    def check_stored_bytes(self, owner: str, address: str | None, size: int) -> None:
        """Refuse so many more bytes of an owner or address that has too many."""
        with self.reading() as connection:
            key = address_key(address)
            check_stored_bytes(connection, owner_key(owner), key, size)

    @contextmanager
    def queue_lock(self) -> Iterator[Connection]:
        """Open a transaction in which nobody else counts runs to queue one."""
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # SQLite's lock is for all
                lock = text("SELECT pg_advisory_xact_lock(:number)")
                connection.execute(lock, {"number": QUEUE_LOCK})
            yield connection

    def _note_read(self, run_id: str) -> None:
        """Note now and then that a finished run is looked at: it is not old then.

        The reader must not suffer where the store can only be read.
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

    def _first(self, query: Select[Any]) -> Row[Any] | None:
        with self.reading() as connection:
            return connection.execute(query).first()

    def _all(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with self.reading() as connection:
            return connection.execute(query).all()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection that takes no lock."""
        with self.engine.connect() as connection:
            yield connection.execution_options(reading=True)


def select_runs(*more: ColumnElement[Any]) -> Select[Any]:
    """Select runs with the state of their trainings, for `as_run`."""
    return select(*more, *RUN_COLUMNS).select_from(RUNS)


def read_installation(connection: Connection) -> Installation:
    """Return whose checkpoints the runs of a store have."""
    row = connection.execute(select(installations)).one()
    return Installation(id=row.id, was_flat=row.was_flat)


def owner_key(owner: str) -> str:
    """Return what the store keeps of an owner's token: its SHA-256."""
    return hashlib.sha256(owner.encode()).hexdigest()


def as_run(row: Row[Any]) -> Run:
    """Return the run of a row that ends with `RUN_COLUMNS`, as its owner sees it."""
    return as_training(row).as_seen()


def as_training(row: Row[Any]) -> Run:
    """Return the run of a row as it trains, even if its owner has left it."""
    # By their places: by name it takes three times as long, for hundreds of runs.
    values = dict(zip(FIELDS, row[-len(FIELDS) :], strict=True))
    values["summary"] = json.loads(values["summary"] or "{}")
    return Run(**values)


def owned_by(
    owner: str, run_id: str
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return what a query asks for to find a run of the owner's, and no other."""
    if not RUN_ID.fullmatch(run_id):  # from an address: PostgreSQL refuses some text
        return false(), false()
    return runs.c.id == run_id, runs.c.owner == owner_key(owner)


def readable_by(
    reader: str, run_id: str
) -> tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    """Return what a query asks for to find a run that a reader may read."""
    if not RUN_ID.fullmatch(run_id):
        return false(), false(), false()
    readable: ColumnElement[bool] = runs.c.owner == owner_key(reader)
    if SHARE_TOKEN.fullmatch(reader):
        shared = shared_runs.c.run == runs.c.id, shared_runs.c.token == reader
        readable = or_(readable, exists().where(*shared))
    elif in_class := CLASS_READER.fullmatch(reader):
        readable = _on_board(*in_class.groups())
    return runs.c.id == run_id, readable, runs.c.deleted.is_(None)


def class_reader(code: str, owner: str) -> str:
    """Return by what an owner reads the runs on the board of a class."""
    return f"class:{code}:{owner}"


SHOWN_TO_CLASS = and_(
    runs.c.study.is_(None),
    or_(runs.c.own_data.is_not(True), runs.c.class_shown.is_(True)),
)  # nobody sees that somebody else has the same file


def _on_board(code: str, owner: str) -> ColumnElement[bool]:
    """Tell runs that a class shows to its teacher and, with the board, its members."""
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
