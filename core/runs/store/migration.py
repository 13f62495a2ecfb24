"""Migration of a store of an earlier version.

Written without Alembic: earlier programs recognise a newer store by the number in
`schema_version`, which Alembic's table of revisions would duplicate. New columns follow
from the tables; only the split of `runs` needs statements, equal for SQLite and
PostgreSQL.
"""

import secrets

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    case,
    delete,
    func,
    insert,
    inspect,
    literal,
    null,
    select,
)
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.engine.reflection import Inspector
from sqlalchemy.schema import CreateColumn

from core.runs.run import SchemaError
from core.runs.store.schema import (
    class_metadata,
    files,
    installations,
    metadata,
    points,
    reads,
    runs,
    shared_runs,
    trainings,
)

# 1 had no `address`, 2 no studies and shares, 3 no joined trainings and no classes, 4
# no paths, 5 no installations, and 6 one table of runs and trainings: a run that joined
# the training of another run named that one in `follows`. 7 had no questions of
# teachers, no time limit of a poll, and no page to which a class is brought.
VERSION = 8
LOCK = 7016996765  # lock of PostgreSQL while a process changes the tables

versions = Table(  # one row; outside `metadata`, which back-ups copy
    "schema_version",
    MetaData(),
    Column("version", Integer, primary_key=True, autoincrement=False),
)


def bring_up_to_date(engine: Engine) -> None:
    """Create missing tables and columns; safe to call concurrently."""
    with engine.begin() as connection:  # lock of the store on SQLite
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        versions.create(connection, checkfirst=True)
        newest = select(func.coalesce(func.max(versions.c.version), 0))
        found = int(connection.execute(newest).scalar_one())
        if found > VERSION:
            raise SchemaError(
                f"The store is of a newer version of this program (schema {found}; "
                f"this one has {VERSION}). Update the program, or name another "
                "store in UNROLLED_HOME or DATABASE_URL."
            )
        before = inspect(connection)
        if not before.has_table(installations.name):
            installations.create(connection)
            new = {"id": secrets.token_hex(16), "was_flat": before.has_table(runs.name)}
            connection.execute(insert(installations).values(new))
        split_runs(connection)
        for tables in (metadata, class_metadata):
            _complete(connection, tables)
        if found != VERSION:
            connection.execute(delete(versions))
            connection.execute(insert(versions).values(version=VERSION))


def split_runs(connection: Connection) -> None:
    """Split the table of runs of versions up to 6 into trainings and runs.

    The old table becomes that of trainings. Points and files, which may be large, refer
    to it and are not copied.
    """
    before = inspect(connection)
    if before.has_table(trainings.name) or not before.has_table(runs.name):
        return
    for index in before.get_indexes(runs.name):
        connection.exec_driver_sql(f"DROP INDEX {index['name']}")
    connection.exec_driver_sql("ALTER TABLE runs RENAME TO trainings")
    connection.exec_driver_sql("ALTER TABLE trainings RENAME COLUMN beat TO heartbeat")
    for table in (points, files):
        if before.has_table(table.name):
            rename = f"ALTER TABLE {table.name} RENAME COLUMN run TO training"
            connection.exec_driver_sql(rename)
    old = Table("trainings", MetaData(), autoload_with=connection)
    runs.create(connection)
    _insert_runs(connection, old)
    for table in (reads, shared_runs):
        if before.has_table(table.name):
            _refer_to_runs(connection, table)
    if "follows" in old.c:
        connection.execute(delete(old).where(old.c.follows.is_not(None)))
    for name in {"follows", *(column.name for column in runs.c)}:
        if name in old.c and name not in trainings.c:
            connection.exec_driver_sql(f"ALTER TABLE trainings DROP COLUMN {name}")


def _insert_runs(connection: Connection, old: Table) -> None:
    follows = old.c.follows if "follows" in old.c else null()
    training = func.coalesce(follows, old.c.id)
    values = {
        "training": training,
        "requested": old.c.queued,
        "joined": case((follows.is_not(None), literal(True)), else_=literal(False)),
        **{c.name: old.c[c.name] for c in runs.c if c.name in old.c},
    }
    present = training.in_(select(old.c.id))
    query = select(*values.values()).where(present)
    connection.execute(insert(runs).from_select(list(values), query))


def _refer_to_runs(connection: Connection, table: Table) -> None:
    """Create a small table anew, with references to runs instead of trainings."""
    present = table.c.run.in_(select(runs.c.id))
    rows = connection.execute(select(table).where(present)).mappings().all()
    table.drop(connection)
    table.create(connection)
    if rows:
        connection.execute(insert(table), [dict(row) for row in rows])


def _complete(connection: Connection, wanted: MetaData) -> None:
    """Create missing tables, columns and indexes.

    Three queries tell what is there: one for each table took most of the time.
    """
    present = inspect(connection)
    names = set(present.get_table_names())
    new = [table for table in wanted.sorted_tables if table.name not in names]
    wanted.create_all(connection, tables=new, checkfirst=False)
    columns_of, indexes_of = present.get_multi_columns(), present.get_multi_indexes()
    for table in wanted.sorted_tables:
        if table.name not in names:
            continue
        found = {column["name"] for column in columns_of[None, table.name]}
        for column in table.c:
            if column.name not in found:
                _add(connection, table, column)
        indexes = {index["name"] for index in indexes_of[None, table.name]}
        for index in table.indexes:
            if index.name not in indexes:
                index.create(connection)


def _add(connection: Connection, table: Table, column: "Column[object]") -> None:
    if not column.nullable:
        raise SchemaError(
            f"The store is of another program: it lacks {table.name}.{column.name}. "
            "Name another store in UNROLLED_HOME or DATABASE_URL."
        )
    new = CreateColumn(column).compile(dialect=connection.dialect)
    connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {new}")


def columns(tables: Inspector, table: Table) -> list[ReflectedColumn]:
    """Return the columns of a table in a database, none of a missing table."""
    return tables.get_columns(table.name) if tables.has_table(table.name) else []
