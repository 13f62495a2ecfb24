"""Creation of the tables, and of what a store of an earlier version lacks."""

import secrets
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.schema import CreateColumn

from core.runs.run import SchemaError
from core.runs.store.schema import class_metadata, installations, metadata

VERSION = 8  # of program version 1.0
LOCK = 7016996765  # of PostgreSQL, while a process changes the tables

versions = Table(  # one row; outside `metadata`, which back-ups copy
    "schema_version",
    MetaData(),
    Column("version", Integer, primary_key=True, autoincrement=False),
)


def has_store(engine: Engine) -> bool:
    """Whether the database has a store. Unlike connecting, it makes no SQLite file."""
    if (
        engine.dialect.name == "sqlite"
        and not Path(engine.url.database or "").is_file()
    ):
        return False
    with engine.connect().execution_options(reading=True) as connection:
        return inspect(connection).has_table(versions.name)


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
        if not inspect(connection).has_table(installations.name):
            installations.create(connection)
            new = insert(installations).values(id=secrets.token_hex(16))
            connection.execute(new)
        for tables in (metadata, class_metadata):
            _complete(connection, tables)
        if found != VERSION:
            connection.execute(delete(versions))
            connection.execute(insert(versions).values(version=VERSION))


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
