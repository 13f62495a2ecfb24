"""The store in one file, and back: also the way from SQLite to PostgreSQL.

The file is a SQLite database with the tables of the store and one more, the
checkpoints, whatever database the store is on.
"""

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
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

from core.runs.checkpoint import Checkpoints
from core.runs.run import ACTIVE
from core.runs.schema import columns, metadata, runs
from core.runs.settings import Site
from core.runs.store import Store
from core.task import DataError, UserError

ROWS = 100  # copied at once; each may hold a result or an upload
saved_checkpoints = Table(
    "checkpoints",
    MetaData(),
    Column("run", String(32), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)


class OccupiedError(UserError):
    """What is to be written to holds something already."""


def backup(site: Site, store: Store, file: Path) -> dict[str, int]:
    """Write the store and the checkpoints to a new file, while runs go on.

    The store is as it was at one moment. Each checkpoint is as old as that or
    older: a run that goes on from it forgets the points that came after.

    Returns
    -------
    Rows by table.

    Raises
    ------
    OccupiedError
        If there is such a file already.
    DataError
        If there is no such folder.
    """
    if file.exists():
        raise OccupiedError(
            f"{file}: expected the name of a new file, got one that exists. Choose "
            "another name."
        )
    if not file.parent.is_dir():
        raise DataError(f"{file}: expected a folder to write to, got none there.")
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:  # for this user only
        part, kept = Path(folder) / "store", Checkpoints(Path(folder) / "checkpoints")
        _copy_checkpoints(Checkpoints(site.checkpoints), kept)
        if store.engine.dialect.name == "sqlite":
            _copy_online(store.engine, part)
        else:
            _copy_out(store.engine, part)
        counts = _add_checkpoints(part, kept)
        part.chmod(0o600)
        part.replace(file)
    return counts


def restore(
    site: Site, store: Store, file: Path, *, force: bool = False
) -> dict[str, int]:
    """Fill the store and the checkpoints from a file of `backup`, whole or not at all.

    A run that trained at the time of the back-up goes on from its checkpoint.

    Parameters
    ----------
    site, store
        What to fill.
    file
        The back-up.
    force
        Whether runs that are there are lost for it.

    Returns
    -------
    Rows by table.

    Raises
    ------
    OccupiedError
        If there are runs in the store.
    DataError
        If the file is no back-up, or one of a newer version.
    """
    with _opened(file) as source, store.engine.begin() as target:
        present = target.execute(select(func.count()).select_from(runs)).scalar_one()
        if present and not force:
            raise OccupiedError(
                f"Expected a store without runs, got one with {present}. Choose "
                "another one, or give --force to lose these runs."
            )
        target.execute(delete(runs))  # and with them all that is theirs
        counts = {
            table.name: _copy_table(source, target, table)
            for table in metadata.sorted_tables
        }
        # Whoever trained them is another installation, or works from what was.
        target.execute(update(runs).values(execution=None))
        again = update(runs).where(runs.c.status.in_(ACTIVE))
        target.execute(again.values(status="queued", attempt=0))
        checkpoints = Checkpoints(site.checkpoints)
        known = _put_checkpoints(source, checkpoints)  # before a worker looks for them
    for run_id in checkpoints.sizes().keys() - known:
        checkpoints.discard(run_id)
    return counts | {"checkpoints": len(known)}


def _copy_checkpoints(source: Checkpoints, target: Checkpoints) -> None:
    for run_id in source.sizes():
        if content := source.read(run_id):  # else its run has ended meanwhile
            target.replace(run_id, content)


def _copy_online(engine: Engine, part: Path) -> None:
    """Copy a SQLite store with its own means, in one go: writers do not wait."""
    with (
        engine.connect() as connection,
        contextlib.closing(sqlite3.connect(part)) as copy,
    ):
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, not three


def _copy_out(engine: Engine, part: Path) -> None:
    """Copy the tables of any other store, all as they are at one moment."""
    copy = _sqlite(part)
    metadata.create_all(copy)
    frozen = engine.execution_options(isolation_level="REPEATABLE READ")
    with frozen.connect() as source, copy.begin() as target:
        for table in metadata.sorted_tables:
            _copy_table(source, target, table)
    copy.dispose()


def _copy_table(source: Connection, target: Connection, table: Table) -> int:
    """Copy all rows, a few at a time; return how many there were.

    What an older version did not write yet gets the value of a new row.
    """
    there = [table.c[column["name"]] for column in columns(inspect(source), table)]
    if not there:
        return 0
    count = 0
    streamed = source.execution_options(stream_results=True, yield_per=ROWS)
    with streamed.execute(select(*there)) as rows:
        for some in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in some])
            count += len(some)
    return count


def _add_checkpoints(part: Path, checkpoints: Checkpoints) -> dict[str, int]:
    engine = _sqlite(part)
    with engine.begin() as connection:
        saved_checkpoints.create(connection)
        for run_id in checkpoints.sizes():
            row = {"run": run_id, "content": checkpoints.read(run_id)}
            connection.execute(insert(saved_checkpoints).values(row))
        tables = [*metadata.sorted_tables, saved_checkpoints]
        counts = {
            table.name: int(
                connection.execute(select(func.count()).select_from(table)).scalar_one()
            )
            for table in tables
        }
    engine.dispose()
    return counts


def _put_checkpoints(source: Connection, checkpoints: Checkpoints) -> set[str]:
    known = set()
    for run_id, content in source.execute(select(saved_checkpoints)):
        checkpoints.replace(run_id, content)
        known.add(run_id)
    return known


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[Connection]:
    """Open a back-up for reading, and refuse what is none."""
    if not file.is_file():
        raise DataError(f"{file}: expected a back-up, got no file. Check the name.")
    address = f"{file.resolve().as_uri()}?mode=ro"
    engine = create_engine("sqlite://", creator=lambda: _connect(address))
    try:
        with engine.connect() as connection:
            _check(connection, file)
            yield connection
    finally:
        engine.dispose()


def _connect(address: str) -> sqlite3.Connection:
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def _check(connection: Connection, file: Path) -> None:
    wanted = {runs.name, saved_checkpoints.name}
    try:
        tables = inspect(connection)
        if not wanted <= set(tables.get_table_names()):
            raise DataError(f"{file}: expected a back-up, got another database.")
        for table in metadata.sorted_tables:
            names = {c["name"] for c in columns(tables, table)}
            if unknown := names - set(table.c.keys()):
                raise DataError(
                    f"{file}: expected a back-up of this version or an older one, got "
                    f"a newer one with {table.name}.{min(unknown)}. Update first."
                )
        (state,) = connection.exec_driver_sql("PRAGMA quick_check(1)").one()
    except DatabaseError as error:
        raise DataError(
            f"{file}: expected a back-up, got something else or a damaged one."
        ) from error
    if state != "ok":
        raise DataError(f"{file}: expected a whole back-up, got a damaged one.")


def _sqlite(file: Path) -> Engine:
    return create_engine(f"sqlite:///{file}")
