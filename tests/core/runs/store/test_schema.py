"""Stores that are older, newer, broken, full or not to be written to."""

import logging
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, inspect, text

from core.runs import Platform, StoreError
from core.runs.run import SchemaError
from core.runs.settings import PROJECT
from core.runs.store import Store
from core.runs.store.migration import VERSION
from core.runs.store.writer import retry_until_stored
from tests.conftest import at_once, wait_until
from tests.core.runs.counting import Config


@pytest.fixture
def url(empty_url):
    return empty_url


def test_an_installation_keeps_its_id_and_no_other_has_it(tmp_path):
    urls = [f"sqlite:///{tmp_path / name}.sqlite" for name in ("one", "other")]
    one, other = known = [installation(url) for url in urls]
    assert one.id != other.id
    assert [installation(url) for url in urls] == known


def installation(url):
    store = Store(url)
    found = store.installation()
    store.close()
    return found


def test_an_older_store_gets_missing_columns_indexes_tables_and_its_version(url):
    alter(url, "ALTER TABLE class_tasks DROP COLUMN goal")
    alter(url, "DROP INDEX runs_by_address")
    alter(url, "DROP TABLE paths")
    alter(url, "UPDATE schema_version SET version = 1")
    at_once(*[lambda: installation(url)] * 4)
    store = Store(url)
    tables = inspect(store.engine)
    assert "goal" in {each["name"] for each in tables.get_columns("class_tasks")}
    assert "runs_by_address" in {index["name"] for index in tables.get_indexes("runs")}
    assert tables.has_table("paths")
    with store.engine.connect() as connection:
        found = connection.execute(text("SELECT version FROM schema_version")).all()
    assert found == [(VERSION,)]
    store.close()


def alter(url, statement):
    store = Store(url)
    with store.engine.begin() as connection:
        connection.execute(text(statement))
    store.close()


def test_a_new_store_is_opened_while_another_process_makes_it(tmp_path):
    file = tmp_path / "runs.sqlite"
    with closing(sqlite3.connect(file, check_same_thread=False)) as other:
        other.execute("CREATE TABLE others (id INTEGER)")
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.5, other.rollback).start()
        store = Store(f"sqlite:///{file}")
        assert store.runs_of("ann") == []
        store.close()


def test_a_store_of_a_newer_version_is_refused(url):
    alter(url, "UPDATE schema_version SET version = 99")
    store = Store(url)
    with pytest.raises(SchemaError, match=r"newer version .*schema 99.*Update"):
        store.runs_of("ann")
    store.close()


@pytest.fixture
def file(tmp_path):
    """A store in a file, with a few hundred kilobytes in it."""
    path = tmp_path / "runs.sqlite"
    store = Store(f"sqlite:///{path}")
    run_id = store.create("ann", "counting", Config(), title="t", data=bytes(300_000))
    store.request_stop("ann", run_id)  # nobody is to train it
    store.close()
    return path


def message_of(path):
    """The message of the error when runs are read."""
    store = Store(f"sqlite:///{path}")
    with pytest.raises(StoreError) as error:
        store.runs_of("ann")
    store.close()
    return str(error.value)


@pytest.mark.parametrize("size", [50, 5_000])
def test_a_truncated_store_is_reported_as_damaged(file, size):
    os.truncate(file, size)
    assert "The store is damaged" in message_of(file)


def test_a_file_that_is_no_store_is_reported(tmp_path):
    (tmp_path / "runs.sqlite").write_text("my shopping list\n" * 500)
    assert "damaged, or is no store" in message_of(tmp_path / "runs.sqlite")


def test_a_store_that_cannot_be_opened_is_reported(tmp_path):
    assert "cannot be opened" in message_of(tmp_path)  # a folder
    assert "cannot be opened" in message_of(tmp_path / "nowhere" / "runs.sqlite")


READ_ONLY = """
import os, sys
from core.runs.store import Store
from core.runs.run import StoreError
store = Store(f"sqlite:///{sys.argv[1]}")
if os.getuid() == 0:  # from here on it may read no code in a folder of root's
    os.setgid(65534), os.setuid(65534)
try:
    store.runs_of("ann")
except StoreError as error:
    print(error)
"""


def test_a_store_in_a_read_only_folder_is_reported(file):
    for folder in file.parents:  # for the account that may read and not write
        if folder.is_relative_to(tempfile.gettempdir()) and folder.owner() == "root":
            folder.chmod(folder.stat().st_mode | 0o055)
    file.chmod(0o444)
    file.parent.chmod(0o555)
    try:
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, file],
            cwd=PROJECT,
            check=True,
            capture_output=True,
            text=True,
        )
    finally:
        file.parent.chmod(0o755)
    assert done.stdout.startswith("The store cannot be written to: it is read-only")


def test_a_full_disk_is_reported_and_stored_runs_are_still_shown(file):
    store = Store(f"sqlite:///{file}")
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    event.listen(
        store.engine,
        "begin",
        lambda c: c.exec_driver_sql(f"PRAGMA max_page_count = {pages}"),
    )
    with pytest.raises(StoreError, match="the server's disk is full") as error:
        store.create("bob", "counting", Config(), title="t", data=bytes(300_000))
    assert error.value.passes
    assert len(store.runs_of("ann")) == 1
    store.close()


def test_waiting_for_a_store_does_not_wait_for_a_damaged_one(file):
    os.truncate(file, 5_000)
    store = Store(f"sqlite:///{file}")
    with pytest.raises(StoreError, match="damaged"):
        retry_until_stored(store, lambda c: c.execute(text("SELECT 1")))
    store.close()


def test_a_broken_store_and_its_recovery_are_logged_once(file, site, caplog):
    content = file.read_bytes()
    file.write_text("my shopping list\n" * 500)
    platform = Platform(replace(site, database_url=f"sqlite:///{file}"))
    ticks = []
    event.listen(platform.store._engine, "handle_error", ticks.append)
    try:
        with caplog.at_level(logging.INFO, "core.runs.supervisor"):
            for seen in range(1, 4):
                platform.supervisor.wake()
                wait_until(lambda seen=seen: len(ticks) > seen, what="another look")
            with pytest.raises(StoreError, match="damaged"):
                platform.store.runs_of("ann")
            logged = [record.getMessage() for record in caplog.records]
            assert len([line for line in logged if "damaged" in line]) == 1
            assert not any(record.exc_info for record in caplog.records)
            Path(f"{file}-wal").unlink(missing_ok=True)
            file.write_bytes(content)
            platform.supervisor.wake()
            wait_until(lambda: "answer again" in caplog.text, what="the recovery")
            assert len(platform.store.runs_of("ann")) == 1
    finally:
        platform.close()
