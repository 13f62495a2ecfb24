"""Backup of the store to one file, and restore: also from SQLite to PostgreSQL.

The file is a SQLite database with the tables of the store and one of the checkpoints.
Classes, with their members, tasks and polls, are not in it.
"""

import contextlib
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import (
    URL,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import DatabaseError

from core.runs.run import ACTIVE
from core.runs.settings import Site
from core.runs.store.checkpoints import Checkpoints, Installation
from core.runs.store.schema import (
    installations,
    metadata,
    paths,
    read_snapshot,
    runs,
    shares,
    studies,
    trainings,
)
from core.runs.store.store import Store, read_installation
from core.task import DataError, UserError

ROWS = {"files": 1, "studies": 1}  # rows at a time, else 100: uploads may be large
saved_checkpoints = Table(
    "checkpoints",
    MetaData(),
    Column("run", String(32), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)


class OccupiedError(UserError):
    """The target is not empty."""


def backup(site: Site, store: Store, file: Path) -> dict[str, int]:
    """Write the store and the checkpoints to a new file, while runs continue.

    The tables are a snapshot of one moment, and each checkpoint is from that moment or
    earlier: a run that resumes from it drops later points. Returns the number of rows
    by table.
    """
    if file.exists():
        raise OccupiedError(
            f"{file}: expected the name of a new file, got one that exists. Choose "
            "another name."
        )
    if not file.parent.is_dir():
        raise DataError(f"{file}: expected a folder to write to, got none there.")
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:  # private
        part = Path(folder) / "store"
        engine = create_engine(URL.create("sqlite", database=str(part)))
        try:
            with engine.begin() as target:
                metadata.create_all(target)
                saved_checkpoints.create(target)
                saved = _save_checkpoints(site, store, target)
                with read_snapshot(store.engine) as source:
                    counts = _copy_tables(source, target)
        finally:
            engine.dispose()
        part.chmod(0o600)
        part.replace(file)
    return counts | {saved_checkpoints.name: saved}


def restore(
    site: Site, store: Store, file: Path, *, force: bool = False
) -> dict[str, int]:
    """Fill the store and the checkpoints from a file of `backup`, whole or not at all.

    Runs that were training resume from their checkpoints. A store with runs raises an
    OccupiedError, or loses them with `force`, unless the file has none. Returns the
    number of rows by table.
    """
    new = Installation(secrets.token_hex(16))
    checkpoints = Checkpoints(site.checkpoints, new)
    with _opened(file) as source:
        if force and not _count_runs(source):
            raise DataError(
                f"{file}: expected a back-up with runs, got one without any. With "
                "--force you would only lose the runs in the store. Choose another "
                "file."
            )
        with store.reading() as connection:
            _check_present(connection, force)
        try:
            # Clean-ups do not know the new folder before the commit.
            restored = _restore_checkpoints(source, checkpoints)
            with store.engine.begin() as target:
                _check_present(target, force)
                before = read_installation(target)
                counts = _fill(source, target)
                target.execute(update(installations).values(id=new.id))
        finally:
            # The commit may have succeeded with its answer lost.
            if store.installation() != new:
                checkpoints.discard_all()
    Checkpoints(site.checkpoints, before).discard_all()
    return counts | {saved_checkpoints.name: restored}


def _check_present(target: Connection, force: bool) -> None:
    if (present := _count_runs(target)) and not force:
        raise OccupiedError(
            f"Expected a store without runs, got one with {present}. Choose "
            "another one, or give --force to lose these runs."
        )


def _count_runs(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(runs)).scalar_one()


def _fill(source: Connection, target: Connection) -> dict[str, int]:
    for table in (trainings, studies, shares, paths):  # the others by their references
        target.execute(delete(table))
    counts = _copy_tables(source, target)
    # Their executions belong to another installation, or to an earlier state.
    target.execute(update(trainings).values(execution=None))
    unfinished = update(trainings).where(trainings.c.status.in_(ACTIVE))
    target.execute(unfinished.values(status="queued", attempt=0))
    return counts


def _restore_checkpoints(source: Connection, checkpoints: Checkpoints) -> int:
    count = 0
    for run_id, content in source.execute(select(saved_checkpoints)):
        checkpoints.replace(run_id, content)
        count += 1
    return count


def _copy_tables(source: Connection, target: Connection) -> dict[str, int]:
    return {
        table.name: _copy_table(source, target, table)
        for table in metadata.sorted_tables
    }


def _copy_table(source: Connection, target: Connection, table: Table) -> int:
    """Copy all rows in batches; return their number.

    Columns that an older version lacks get the default of a new row.
    """
    names = _columns(source, table)
    known = [column for column in table.c if column.name in names]
    if not known:
        return 0
    count = 0
    at_once = ROWS.get(table.name, 100)
    streamed = source.execution_options(stream_results=True, yield_per=at_once)
    with streamed.execute(select(*known)) as rows:
        for some in rows.partitions():
            values = [dict(row._mapping) for row in some]
            target.execute(insert(table), values)
            count += len(values)
    return count


def _save_checkpoints(site: Site, store: Store, target: Connection) -> int:
    checkpoints = Checkpoints(site.checkpoints, store.installation())
    there = checkpoints.sizes().keys()
    with store.reading() as connection:
        known = set(connection.execute(select(trainings.c.id)).scalars())
    count = 0
    for run_id in there & known:
        if content := checkpoints.read(run_id):  # else the run has just ended
            row = {"run": run_id, "content": content}
            target.execute(insert(saved_checkpoints).values(row))
            count += 1
    return count


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[Connection]:
    """Open a backup for reading; raise a DataError for other files."""
    if not file.is_file():
        raise DataError(f"{file}: expected a back-up, got no file. Check the name.")
    address = f"{file.resolve().as_uri()}?mode=ro"
    engine = create_engine("sqlite://", creator=lambda: _connect(address))
    try:
        with engine.connect() as source:
            _check(source, file)
            yield source
    finally:
        engine.dispose()


def _connect(address: str) -> sqlite3.Connection:
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def _columns(source: Connection, table: Table) -> set[str]:
    """Return the names of a table's columns, none of a missing table."""
    tables = inspect(source)
    found = tables.get_columns(table.name) if tables.has_table(table.name) else []
    return {column["name"] for column in found}


def _check(source: Connection, file: Path) -> None:
    """Raise a DataError unless this is a whole backup that fits this version."""
    try:
        tables = set(inspect(source).get_table_names())
        (state,) = source.exec_driver_sql("PRAGMA quick_check(1)").one()
    except DatabaseError as error:
        raise DataError(
            f"{file}: expected a back-up, got something else or a damaged one."
        ) from error
    if not {runs.name, trainings.name, saved_checkpoints.name} <= tables:
        raise DataError(f"{file}: expected a back-up, got another database.")
    if state != "ok":
        raise DataError(f"{file}: expected a whole back-up, got a damaged one.")
    for table in metadata.sorted_tables:
        if unknown := _columns(source, table) - {column.name for column in table.c}:
            raise DataError(
                f"{file}: expected a back-up of this version or an older one, got "
                f"a newer one with {table.name}.{min(unknown)}. Update first."
            )
