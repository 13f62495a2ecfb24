"""The tables of the store, and the engine that opens them."""

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.engine.interfaces import DBAPIConnection, ReflectedColumn
from sqlalchemy.engine.reflection import Inspector
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 15  # how long a writer waits for another one

metadata = MetaData()

runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("task", String(32), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("config", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("starts", Integer, nullable=False, default=0),
    Column("attempt", Integer, nullable=False, default=0),  # starts without progress
    Column("execution", String(32)),  # who may write: the latest claim only
    Column("stop", Boolean, nullable=False, default=False),
    Column("beat", Integer, nullable=False, default=0),  # counts the writes
    Column("created", Float, nullable=False),  # seconds since 1970, UTC
    Column("queued", Float, nullable=False),  # when it last entered the queue
    Column("started", Float),
    Column("finished", Float),
    Column("seconds", Float, nullable=False, default=0.0),  # spent training
    Column("until", Float, nullable=False),  # ... at which the run must pause
    Column("progress", Float, nullable=False, default=0.0),  # epochs, with fraction
    Column("total", Integer, nullable=False, default=0),  # epochs planned
    Column("error", Text),
    Column("summary", Text),
    Index("runs_by_owner", "owner", "created"),
    Index("runs_by_status", "status", "queued"),
)

points = Table(
    "points",
    metadata,
    Column(
        "run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("epoch", Integer, primary_key=True),
    Column("at", Float, nullable=False),  # when the epoch ended
    Column("metrics", Text, nullable=False),
    Column("snapshot", LargeBinary),
)
files = Table(  # what a run reads and leaves: "data", "result"
    "files",
    metadata,
    Column(
        "run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("name", String(16), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
reads = Table(  # when its owner last looked at a finished run
    "reads",
    metadata,
    Column(
        "run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("at", Float, nullable=False),
)


def open_engine(url: str) -> Engine:
    """Connect, create what is missing, and set SQLite up for many processes."""
    # A server may have closed a connection meanwhile; a file has not.
    pool = {"pool_pre_ping": not url.startswith("sqlite"), "pool_size": 5}
    # What a person typed is among the parameters, and errors are logged.
    engine = create_engine(url, hide_parameters=True, max_overflow=20, **pool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_at_once)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7016996765)")
        metadata.create_all(connection)
    return engine


def columns(tables: Inspector, table: Table) -> list[ReflectedColumn]:
    """Return the columns that a table has in a database, none if it is not there."""
    return tables.get_columns(table.name) if tables.has_table(table.name) else []


def _prepare_sqlite(raw: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    raw.isolation_level = None  # we begin by ourselves
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
    ):
        raw.cursor().execute(f"PRAGMA {pragma}")


def _begin_at_once(connection: Connection) -> None:
    """Take the write lock first: a lock taken halfway fails instead of waiting."""
    if not connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
