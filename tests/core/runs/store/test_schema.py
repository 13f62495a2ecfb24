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
from sqlalchemy import create_engine, event, inspect, text

from core.runs import Platform, StoreError
from core.runs.run import SchemaError
from core.runs.settings import PROJECT
from core.runs.store import RunWriter, Store
from core.runs.store.migration import VERSION
from core.runs.store.store import owner_key
from core.runs.store.writer import retry_until_stored
from tests.conftest import wait_until
from tests.core.runs.counting import Config

RUN = "0123456789abcdef" * 2
# As the first version, which kept no number of it, made them.
FIRST = """
CREATE TABLE runs (
    id VARCHAR(32) NOT NULL, task VARCHAR(32) NOT NULL, owner VARCHAR(64) NOT NULL,
    title TEXT NOT NULL, config TEXT NOT NULL, status VARCHAR(16) NOT NULL,
    starts INTEGER NOT NULL, attempt INTEGER NOT NULL, execution VARCHAR(32),
    stop BOOLEAN NOT NULL, beat INTEGER NOT NULL, created FLOAT NOT NULL,
    queued FLOAT NOT NULL, started FLOAT, finished FLOAT, seconds FLOAT NOT NULL,
    until FLOAT NOT NULL, progress FLOAT NOT NULL, total INTEGER NOT NULL,
    error TEXT, summary TEXT, PRIMARY KEY (id)
);
CREATE INDEX runs_by_owner ON runs (owner, created);
CREATE INDEX runs_by_status ON runs (status, queued);
CREATE TABLE points (
    run VARCHAR(32) NOT NULL, epoch INTEGER NOT NULL, at FLOAT NOT NULL,
    metrics TEXT NOT NULL, snapshot {blob}, PRIMARY KEY (run, epoch),
    FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE files (
    run VARCHAR(32) NOT NULL, name VARCHAR(16) NOT NULL, content {blob} NOT NULL,
    PRIMARY KEY (run, name), FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE reads (
    run VARCHAR(32) NOT NULL, at FLOAT NOT NULL, PRIMARY KEY (run),
    FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO runs VALUES (
    '{run}', 'counting',
    '{owner}', 'from 1.0', '{{"epochs": 3}}', 'stopped', 1, 1, NULL, FALSE, 9,
    1.0, 1.0, 1.0, 2.0, 1.0, 600.0, 1.0, 3, NULL, NULL
);
INSERT INTO points VALUES ('{run}', 1, 1.5, '{{"total": 0.5}}', NULL);
INSERT INTO files VALUES ('{run}', 'data', {data});
"""
# What the third version had besides; none of its runs followed another one's training.
THIRD = """
ALTER TABLE runs ADD COLUMN address VARCHAR(64);
ALTER TABLE runs ADD COLUMN own_name TEXT;
ALTER TABLE runs ADD COLUMN note TEXT;
ALTER TABLE runs ADD COLUMN starred BOOLEAN;
ALTER TABLE runs ADD COLUMN deleted FLOAT;
ALTER TABLE runs ADD COLUMN study VARCHAR(32);
ALTER TABLE runs ADD COLUMN trial INTEGER;
ALTER TABLE runs ADD COLUMN pruning TEXT;
ALTER TABLE runs ADD COLUMN pause BOOLEAN;
CREATE INDEX runs_by_address ON runs (address, queued);
CREATE INDEX runs_by_study ON runs (study, trial);
CREATE TABLE studies (
    id VARCHAR(32) NOT NULL, task VARCHAR(32) NOT NULL, owner VARCHAR(64) NOT NULL,
    title TEXT NOT NULL, config TEXT NOT NULL, plan TEXT NOT NULL,
    status VARCHAR(16) NOT NULL, created FLOAT NOT NULL, finished FLOAT,
    seconds FLOAT NOT NULL, until FLOAT, error TEXT, summary TEXT,
    address VARCHAR(64), data {blob} NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE shares (
    token VARCHAR(43) NOT NULL, owner VARCHAR(64) NOT NULL, created FLOAT NOT NULL,
    PRIMARY KEY (token)
);
CREATE TABLE shared_runs (
    token VARCHAR(43) NOT NULL, run VARCHAR(32) NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (token, run),
    FOREIGN KEY(token) REFERENCES shares (token) ON DELETE CASCADE,
    FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE schema_version (version INTEGER NOT NULL, PRIMARY KEY (version));
INSERT INTO schema_version VALUES (3);
INSERT INTO files VALUES ('{run}', 'result', {data});
UPDATE runs SET status = 'done', starred = TRUE;
"""


@pytest.fixture
def url(empty_url):
    return empty_url


@pytest.fixture
def first(url):
    """Address of a store of the first version with a run that has stopped."""
    return old_store(url, FIRST)


@pytest.fixture
def third(url):
    """Address of a store of the third version with a run that has ended."""
    return old_store(url, FIRST + THIRD)


def old_store(url, script):
    engine = create_engine(url)
    blob, data = "BLOB", "X'312E30'"
    if url.startswith("postgresql"):
        blob, data = "BYTEA", "'1.0'"
    script = script.format(blob=blob, data=data, run=RUN, owner=owner_key("ann"))
    with engine.begin() as connection:
        for statement in script.split(";"):
            if statement.strip():
                connection.execute(text(statement.replace(":", r"\:")))
    engine.dispose()
    return url


def test_a_store_of_the_first_version_opens_and_its_runs_go_on(first):
    store = Store(first)
    run = store.get("ann", RUN)
    assert (run.status, run.title, run.settings) == (
        "stopped",
        "from 1.0",
        {"epochs": 3},
    )
    assert run.heartbeat == 9
    assert [point.metrics for point in store.points(RUN)] == [{"total": 0.5}]
    store.request_resume("ann", RUN, address="203.0.113.5")
    writer = RunWriter.claim(store, RUN)
    assert writer.data() == b"1.0"
    writer.finish("done", result=b"r")
    assert store.result("ann", RUN) == b"r"
    store.create("ann", "counting", Config(), title="t", data=b"1")
    store.close()


def test_a_run_of_the_third_version_keeps_all_and_its_training_is_not_joined(third):
    store = Store(third)
    run = store.get("ann", RUN)
    assert (run.status, run.starred, run.training) == ("done", True, RUN)
    assert (run.left_at, run.own_data) == (None, None)
    assert [point.metrics for point in store.points(RUN)] == [{"total": 0.5}]
    assert store.result("ann", RUN) == b"1.0"

    def press(owner):
        return store.create(
            owner,
            "counting",
            Config(epochs=3),
            title="from 1.0",
            data=b"1.0",
            join=True,
            own_data=False,
        )

    again = press("ann")  # nobody knows which code trained the old one
    assert store.get("ann", again).status == "queued"
    assert store.get("bob", press("bob")).training == again
    store.close()


def test_an_installation_is_known_by_what_its_store_holds(first, tmp_path):
    other = f"sqlite:///{tmp_path / 'new.sqlite'}"
    old, new = known = [installation(url) for url in (first, other)]
    assert (old.was_flat, new.was_flat) == (True, False)
    assert old.id != new.id
    assert [installation(url) for url in (first, other)] == known


def installation(url):
    store = Store(url)
    found = store.installation()
    store.close()
    return found


def test_an_older_store_gets_missing_columns_indexes_and_its_version(first):
    Store(first).engine.dispose()
    again = Store(first)  # finds nothing to do
    tables = inspect(again.engine)
    assert "address" in {column["name"] for column in tables.get_columns("runs")}
    assert "runs_by_address" in {index["name"] for index in tables.get_indexes("runs")}
    with again.engine.connect() as connection:
        found = connection.execute(text("SELECT version FROM schema_version")).all()
    assert found == [(VERSION,)]
    again.close()


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
