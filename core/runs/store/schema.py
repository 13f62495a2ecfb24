"""The tables of the store, and the engine that opens them."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
)
from sqlalchemy.engine.interfaces import (
    DBAPIConnection,
    ExceptionContext,
)
from sqlalchemy.exc import DatabaseError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

from core.runs.run import StoreError
from core.runs.store.breaker import CircuitBreaker

BUSY_SECONDS = 15  # timeout of a writer that waits for another one
LOST_SECONDS = 15  # timeout of a transaction whose client has fallen silent
POOL_SECONDS = 10  # timeout of a statement that waits for a free connection
SQLITE_ERROR = 1  # a statement that is wrong
BUSY, FULL, READ_ONLY, DAMAGED, CLOSED, BROKEN_DISK, AWAY = (
    "The store is busy. Try again in a moment.",
    "The store cannot be written to: the server's disk is full. Try again when there "
    "is room on it.",
    "The store cannot be written to: it is read-only for the server's account. Make "
    "its folder and its files writable for that account.",
    "The store is damaged, or is no store. Move its file away, start again, and "
    "restore a back-up (python -m core.runs restore FILE).",
    "The store cannot be opened: its folder is missing, or the server's account may "
    "not read it. Check UNROLLED_HOME or DATABASE_URL.",
    "The store cannot be read or written: the server's disk reports an error. Look at "
    "the disk, then start again.",
    "The store does not answer: its database server is away, or refuses this one. "
    "Try again in a moment.",
)
SENTENCES: dict[int | str | None, str] = {  # keyed by SQLite's primary code or SQLSTATE
    **dict.fromkeys((5, 6, "53300", "57P03"), BUSY),
    **dict.fromkeys((13, "53100"), FULL),
    **dict.fromkeys((8, "25006"), READ_ONLY),
    **dict.fromkeys((11, 26, "XX001", "XX002"), DAMAGED),
    **dict.fromkeys((3, 14, 23), CLOSED),
    **dict.fromkeys((10, "58030"), BROKEN_DISK),
}

metadata = MetaData()


def _key_of(
    owner: "Column[str]", name: str, *, primary_key: bool = False, index: bool = False
) -> "Column[str]":
    """Return a foreign key column; deleting the row it refers to deletes its row."""
    refers = ForeignKey(owner, ondelete="CASCADE")
    return Column(
        name,
        owner.type,
        refers,
        primary_key=primary_key,
        nullable=False,
        index=index,
    )


trainings = Table(  # computations, each shared by one or more runs
    "trainings",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("task", String(32), nullable=False),
    Column("title", Text, nullable=False),
    Column("config", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("starts", Integer, nullable=False, default=0),
    Column("attempt", Integer, nullable=False, default=0),  # starts without progress
    Column("execution", String(32)),  # token of the latest claim, which may write
    Column("stop", Boolean, nullable=False, default=False),
    Column("heartbeat", Integer, nullable=False, default=0),  # counts the writes
    Column("queued", Float, nullable=False),  # time of the last entry into the queue
    Column("started", Float),
    Column("finished", Float),
    Column("seconds", Float, nullable=False, default=0.0),  # spent training
    Column("until", Float, nullable=False),  # ... at which the training must pause
    Column("progress", Float, nullable=False, default=0.0),  # epochs, with fraction
    Column("total", Integer, nullable=False, default=0),  # epochs planned
    Column("error", Text),
    Column("summary", Text),
    # Keys for joining: hashes of the data and of the program.
    # (A column added to a table must be nullable: older rows have no value for it.)
    Column("digest", String(64)),
    Column("code", String(64)),
    Column("own_data", Boolean),  # whether the data are uploaded, not bundled
    # Of a trial: its study, its number in it, its limits of the objective by epoch
    # (JSON; null: an ordinary training, with its result), and whether it has to pause
    # for an ordinary training.
    Column("study", String(32)),
    Column("trial", Integer),
    Column("pruning", Text),
    Column("pause", Boolean),
    Index("trainings_by_status", "status", "queued"),
    Index("trainings_by_study", "study", "trial"),
    Index("trainings_by_digest", "digest", "code"),
)
runs = Table(  # a training as one owner has it
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    _key_of(trainings.c.id, "training"),
    Column("owner", String(64), nullable=False),
    Column("created", Float, nullable=False),  # seconds since 1970, UTC
    Column("requested", Float, nullable=False),  # time of the last start or resumption
    Column("joined", Boolean, nullable=False),  # a training that was there already
    Column("address", String(64)),  # address of the request, for an hour: see `limits`
    Column("own_name", Text),
    Column("note", Text),
    Column("starred", Boolean),
    Column("class_shown", Boolean),  # consent to show own data to the class
    Column("deleted", Float),
    # When the owner stopped it while its training went on, and how far it was.
    Column("left_at", Float),
    Column("left_progress", Float),
    Column("left_seconds", Float),
    Index("runs_by_owner", "owner", "created"),
    Index("runs_by_address", "address", "requested"),
    Index("runs_by_training", "training"),
)
points = Table(
    "points",
    metadata,
    _key_of(trainings.c.id, "training", primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("at", Float, nullable=False),  # end of the epoch
    Column("metrics", Text, nullable=False),
    Column("snapshot", LargeBinary),
)
files = Table(  # "data" and "result" of a training
    "files",
    metadata,
    _key_of(trainings.c.id, "training", primary_key=True),
    Column("name", String(16), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
reads = Table(  # owners' last looks at finished runs
    "reads",
    metadata,
    _key_of(runs.c.id, "run", primary_key=True),
    Column("at", Float, nullable=False),
)
studies = Table(  # searches: their trials are runs
    "studies",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("task", String(32), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("config", Text, nullable=False),  # the settings that it starts from
    Column("plan", Text, nullable=False),  # space and extent of the search
    Column("status", String(16), nullable=False),
    Column("created", Float, nullable=False),
    Column("finished", Float),
    Column("seconds", Float, nullable=False, default=0.0),  # until the last resumption
    Column("until", Float),  # end of its budget, seconds since 1970, UTC
    Column("error", Text),
    Column("summary", Text),
    Column("address", String(64)),  # the request's, for an hour or until the end
    Column("data", LargeBinary, nullable=False),  # data of all trials
    Index("studies_by_owner", "owner", "created"),
    Index("studies_by_status", "status"),
)
shares = Table(  # links to runs
    "shares",
    metadata,
    Column("token", String(43), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("created", Float, nullable=False),
    Index("shares_by_owner", "owner", "created"),
)
shared_runs = Table(
    "shared_runs",
    metadata,
    _key_of(shares.c.token, "token", primary_key=True),
    _key_of(runs.c.id, "run", primary_key=True),
    Column("position", Integer, nullable=False),
)
paths = Table(  # an owner's progress on the guided path
    "paths",
    metadata,
    Column("owner", String(64), primary_key=True),
    Column("station", String(16), nullable=False),  # the current one
    Column("shown", Boolean, nullable=False),  # the line of the path, on every page
    Column("events", Text, nullable=False),  # JSON list of completed steps
    Column("changed", Float, nullable=False),  # seconds since 1970, UTC
)

# Classes last a day and contain names: back-ups leave them out.
class_metadata = MetaData()

classes = Table(
    "classes",
    class_metadata,
    Column("code", String(6), primary_key=True),  # typed by students
    Column("owner", String(64), nullable=False),  # the teacher
    Column("title", Text, nullable=False),
    Column("created", Float, nullable=False),  # seconds since 1970, UTC
    Column("ends", Float, nullable=False),
    Column("open", Boolean, nullable=False),  # whether more students may join
    Column("board_shown", Boolean, nullable=False),  # visible to the students
    # The page to which the teacher has sent the class, its settings, and when.
    Column("brought_page", String(32)),
    Column("brought_query", Text),
    Column("brought", Float),
    Column("teacher_link", String(64)),  # SHA-256 of an unused token
    Column("screen", String(43)),  # token of the link to the screen
    Column("bars_shown", Boolean),  # on the screen, before a poll's reveal
    Index("classes_by_owner", "owner", "created"),
)
members = Table(  # students of a class, one row a browser
    "class_members",
    class_metadata,
    _key_of(classes.c.code, "code", primary_key=True),
    Column("owner", String(64), primary_key=True),
    Column("id", String(32), nullable=False, unique=True),  # public, on the board
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),  # equal for names that look alike
    Column("joined", Float, nullable=False),
    Column("active", Float, nullable=False),  # time of the latest action
    Column("hidden", Boolean, nullable=False),  # hidden by the teacher
    Column("readmitted", Float),  # until then another browser may take the name
    UniqueConstraint("code", "name_key"),
    Index("class_members_by_owner", "owner", "joined"),
)
class_tasks = Table(  # the teacher's tasks
    "class_tasks",
    class_metadata,
    Column("id", String(32), primary_key=True),
    _key_of(classes.c.code, "code", index=True),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("page", String(32), nullable=False),  # such as "lstm"
    Column("query", Text, nullable=False),  # the settings, as an address has them
    Column("goal", Text),  # JSON of how it is checked; null: students tick it off
    Column("created", Float, nullable=False),
)
class_events = Table(  # a student's actions other than runs
    "class_events",
    class_metadata,
    Column("code", String(6), primary_key=True),
    Column("owner", String(64), primary_key=True),
    Column("event", String(100), primary_key=True),
    Column("at", Float, nullable=False),
    ForeignKeyConstraint(
        ["code", "owner"],
        ["class_members.code", "class_members.owner"],
        ondelete="CASCADE",
    ),
)
polls = Table(  # questions to a class, of the lessons or of the teacher
    "class_polls",
    class_metadata,
    Column("id", String(32), primary_key=True),
    _key_of(classes.c.code, "code", index=True),
    Column("question", String(64), nullable=False),  # "lstm Backward", or "own"
    Column("options", Integer, nullable=False),  # how many there are; 0: a number
    Column("opened", Float, nullable=False),
    Column("revealed", Float),
    Column("closed", Float),
    Column("own", Text),  # JSON of a question of the teacher
    Column("until", Float),  # deadline of answers
)
poll_answers = Table(
    "class_poll_answers",
    class_metadata,
    _key_of(polls.c.id, "poll", primary_key=True),
    Column("owner", String(64), primary_key=True),
    Column("option", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Column("number", Float),  # the guess, where a number is asked for
)
class_requests = Table(  # counted by `limits`, for the window of their limit
    "class_requests",
    class_metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(8), nullable=False),  # of `CLASS_RATES`
    Column("owner", String(64), nullable=False),
    Column("address", String(64)),
    Column("at", Float, index=True),
)


installations = Table(  # one row: the owner of the checkpoints; not in back-ups
    "installation",
    MetaData(),
    Column("id", String(32), primary_key=True),
)


class Pool(QueuePool):
    """Connections; a timeout while all of them are in use is a `StoreError`."""

    def connect(self) -> PoolProxiedConnection:
        """Return a free connection; wait POOL_SECONDS for one."""
        try:
            return super().connect()
        except PoolTimeoutError as error:
            raise StoreError(AWAY, passes=True) from error


def open_engine(url: str) -> Engine:
    """Return the engine of a store, without connecting.

    Errors of the database, unlike those of a statement, are raised as `StoreError`.
    """
    # SQLAlchemy names the pool's logger by the module of its class.
    logging.getLogger(f"{__name__}.{Pool.__name__}").setLevel(logging.WARNING)
    engine = create_engine(
        url,
        hide_parameters=True,  # errors are logged, and parameters may be private texts
        poolclass=Pool,
        pool_size=5,
        max_overflow=20,
        pool_timeout=POOL_SECONDS,
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _lock_for_writing)
    else:
        CircuitBreaker(engine, AWAY)
        event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "handle_error", _as_store_error, retval=True)
    return engine


@contextmanager
def read_snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a connection that reads the store as of one moment, without a lock."""
    sqlite = engine.dialect.name == "sqlite"
    options = {} if sqlite else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(reading=True, **options) as connection:
        if sqlite:
            connection.exec_driver_sql("BEGIN")  # one state for all reads in WAL mode
        yield connection


def _prepare_sqlite(raw: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    raw.isolation_level = None  # transactions begin explicitly
    try:
        raw.cursor().execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        _use_wal(raw)
        for pragma in ("synchronous = NORMAL", "foreign_keys = ON"):
            raw.cursor().execute(f"PRAGMA {pragma}")
    except Exception:  # such as a damaged file: SQLAlchemy does not close it
        raw.close()
        raise


def _prepare_postgresql(raw: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Let the server end the transactions of a machine that lost its network.

    Else their locks hold up all other machines until the server's TCP connection
    times out, which takes hours by default.
    """
    cursor = raw.cursor()
    for name in ("idle_in_transaction_session_timeout", "tcp_user_timeout"):
        cursor.execute(f"SET {name} = {LOST_SECONDS * 1000}")
    raw.commit()


def _use_wal(raw: DBAPIConnection) -> None:
    """Set the journal mode; SQLite fails at once while another process writes."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            raw.cursor().execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            is_locked = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_locked or time.monotonic() > end:
                raise
            time.sleep(0.02)


def _lock_for_writing(connection: Connection) -> None:
    """Take the write lock first: a lock taken halfway fails instead of waiting."""
    if not connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _as_store_error(context: ExceptionContext) -> StoreError | None:
    """Return the error of the store, or None if the statement is wrong."""
    error, raw = context.sqlalchemy_exception, context.original_exception
    if not isinstance(raw, Exception):  # Ctrl-C, which counts as a disconnect as well
        return None
    code = getattr(raw, "sqlite_errorcode", None)
    # A damaged SQLite file raises a plain DatabaseError, not a subclass.
    kinds = (OperationalError, InternalError)
    state = isinstance(error, kinds) or type(error) is DatabaseError
    if not context.is_disconnect and (not state or code == SQLITE_ERROR):
        return None
    number = getattr(raw, "sqlstate", None) if code is None else code & 0xFF
    sentence = SENTENCES.get(number, AWAY if code is None else BROKEN_DISK)
    return StoreError(sentence, passes=sentence != DAMAGED)
