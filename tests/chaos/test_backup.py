import json
import os
import sqlite3
import stat
import threading
from unittest import mock

import pytest
from sqlalchemy import event, select

from core.runs import worker
from core.runs.run import Superseded
from core.runs.settings import Site
from core.runs.store import Checkpoints, RunWriter, Store
from core.runs.store.backup import OccupiedError, backup, restore
from core.runs.store.cleaning import Cleaner
from core.runs.store.schema import metadata
from core.runs.worker import Execution
from core.task import DataError, Point
from tests.conftest import wait_until
from tests.core.command import call
from tests.core.runs.counting import Config, Result
from tests.rows import place_in_queue

EPOCHS = 60  # of three runs: more points than are copied at once


@pytest.fixture
def file(tmp_path):
    return tmp_path / "kept"


@pytest.fixture
def other(request, tmp_path):
    """Returns a function that opens an empty installation on either database."""
    opened = []

    def other(kind):
        url = f"sqlite:///{tmp_path / 'other.sqlite'}"
        if kind == "postgresql":
            url = request.getfixturevalue("another_postgres_store")
        place = Site(home=tmp_path / "other", database_url=url)
        place.home.mkdir(exist_ok=True)
        opened.append(Store(url))
        return place, opened[-1]

    yield other
    for store in opened:
        store.close()


def start(store, owner="ann", **settings):
    run_id = store.create(
        owner, "counting", Config(**settings), title="é's run", data=b"1"
    )
    return RunWriter.claim(store, run_id)


def fill(store, checkpoints):
    """A run of every kind."""
    for status in ("done", "stopped", "failed"):
        writer = start(store, status)
        new_points = [
            Point(epoch=e, metrics={"total": e / 3}, snapshot=bytes(range(256)) * e)
            for e in range(1, EPOCHS + 1)
        ]
        writer.record(new_points, progress=EPOCHS, total=9, seconds=1.5)
        checkpoints.save(writer.run.id, {}, EPOCHS)
        writer.finish(status, error="why", summary={"a": None}, result=b"\0r")
        store.get(status, writer.run.id)
    store.create("bob", "counting", Config(), title="t", data=b"1")


def rows(store):
    with store.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))))
            for table in metadata.sorted_tables
        }


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_restores_every_row_on_either_database(
    site, store, checkpoints, file, other, kind
):
    fill(store, checkpoints)
    counts = backup(site, store, file)
    assert counts["runs"] == 4
    assert counts["points"] == 3 * EPOCHS
    assert counts["reads"] == counts["checkpoints"] == 3
    place, empty = other(kind)
    assert restore(place, empty, file) == counts
    assert rows(empty) == rows(store)
    there = Checkpoints(place.checkpoints, empty.installation())
    assert there.sizes() == checkpoints.sizes()
    assert all(there.load(run_id) == ({}, EPOCHS) for run_id in there.sizes())
    assert place_in_queue(empty, empty.runs_of("bob")[0].id) == 1


def test_a_back_up_under_concurrent_writes_is_of_one_moment(
    site, store, checkpoints, file, other
):
    writers = [start(store, str(n)) for n in range(3)]
    ending = threading.Event()
    written = {}

    def train(writer):
        epoch = 0
        while not ending.is_set():
            epoch += 1
            new_points = [
                Point(epoch=epoch, metrics={"total": epoch}, snapshot=b"s" * 9000)
            ]
            writer.record(new_points, progress=epoch, total=9, seconds=epoch)
            checkpoints.save(writer.run.id, {}, epoch)
            written[writer.run.id] = epoch

    threads = [threading.Thread(target=train, args=[each]) for each in writers]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(written) == 3 and min(written.values()) > 50)
    before = dict(written)
    backup(site, store, file)
    after = dict(written)
    wait_until(lambda: all(written[i] > after[i] + 5 for i in after))
    ending.set()
    for thread in threads:
        thread.join()
    place, empty = other("sqlite")
    restore(place, empty, file)
    for writer in writers:
        run_id = writer.run.id
        (run,) = empty.runs_of(str(writers.index(writer)))
        epochs = [point.epoch for point in empty.points(run_id, most=10**6)]
        assert epochs == list(range(1, int(run.progress) + 1))
        assert before[run_id] <= run.progress <= after[run_id] + 1
        assert run.seconds == run.progress
        there = Checkpoints(place.checkpoints, empty.installation())
        saved = there.load(run_id)[1]
        assert 0 < saved <= run.progress


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_run_that_trained_goes_on_elsewhere_to_the_same_end(
    site, store, checkpoints, file, other, kind, counting, monkeypatch
):
    monkeypatch.setattr(worker, "EPOCH_SECONDS", 0)
    whole, half = (Execution(site, start(store), checkpoints) for _ in range(2))
    whole.train()
    training = half._open()
    for _ in range(10):
        half._handle(training.send(None))
    backup(site, store, file)
    place, empty = other(kind)
    restore(place, empty, file)
    assert empty.get("ann", half.run.id).status == "queued"
    there = Checkpoints(place.checkpoints, empty.installation())
    assert there.load(half.run.id)[1] == 9
    Execution(place, RunWriter.claim(empty, half.run.id), there).train()
    ours, theirs = empty.result("ann", half.run.id), store.result("ann", whole.run.id)
    assert Result.decode(ours) == Result.decode(theirs)
    assert empty.points(half.run.id) == store.points(whole.run.id)


def test_a_store_with_runs_is_overwritten_only_with_force(
    site, store, checkpoints, file, other
):
    fill(store, checkpoints)
    backup(site, store, file)
    kept, saved = rows(store), checkpoints.sizes()
    extra = start(store, "eve")
    checkpoints.save(extra.run.id, {}, 1)
    with pytest.raises(OccupiedError, match="one with 5"):
        restore(site, store, file)
    assert store.get("eve", extra.run.id)
    restore(site, store, file, force=True)
    assert rows(store) == kept
    there = Checkpoints(site.checkpoints, store.installation())
    assert there.sizes().keys() == saved.keys()
    assert checkpoints.sizes() == {}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_backup_without_runs_replaces_no_runs(site, store, checkpoints, file, other):
    place, empty = other("sqlite")
    assert backup(place, empty, file)["runs"] == 0
    fill(store, checkpoints)
    before, saved = rows(store), checkpoints.sizes()
    with pytest.raises(DataError, match="expected a back-up with runs"):
        restore(site, store, file, force=True)
    assert (rows(store), checkpoints.sizes()) == (before, saved)


def test_a_worker_of_an_overwritten_run_writes_no_more(site, store, file):
    writer = start(store)
    backup(site, store, file)
    writer.record([], progress=5, total=9, seconds=1)
    restore(site, store, file, force=True)
    with pytest.raises(Superseded):
        writer.record([], progress=6, total=9, seconds=1)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_restored_run_that_was_ending_does_not_wait_for_its_worker(
    site, store, file, other
):
    start(store).stopped(None)
    backup(site, store, file)
    place, empty = other("sqlite")
    restore(place, empty, file)
    assert store.runs_of("ann")[0].closing
    (run,) = empty.runs_of("ann")
    assert (run.status, run.closing) == ("stopped", False)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_back_up_does_not_overwrite_a_file_and_leaves_no_other(
    site, store, file, tmp_path
):
    backup(site, store, file)
    with pytest.raises(OccupiedError, match="exists"):
        backup(site, store, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    leftovers = [path.name for path in tmp_path.iterdir() if "kept" in path.name]
    assert leftovers == ["kept"]
    with pytest.raises(DataError, match="folder"):
        backup(site, store, tmp_path / "nowhere" / "kept")


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", ["nothing", "text", "other", "half", "newer"])
def test_an_invalid_backup_is_refused_and_the_store_is_unchanged(
    site, store, checkpoints, file, what
):
    fill(store, checkpoints)
    backup(site, store, file)
    before = rows(store)
    spoil(file, what)
    with pytest.raises(DataError, match="expected a"):
        restore(site, store, file, force=True)
    assert rows(store) == before
    assert len(checkpoints.sizes()) == 3


def spoil(file, what):
    if what in ("text", "half"):
        content = file.read_bytes()
        file.write_bytes(b"Dear diary" if what == "text" else content[:60_000])
        return
    if what != "newer":
        file.unlink()
    if what != "nothing":
        with sqlite3.connect(file) as connection:
            connection.execute(
                "ALTER TABLE runs ADD mood"
                if what == "newer"
                else "CREATE TABLE diary (page)"
            )
        connection.close()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_restoring_an_older_backup_fills_missing_tables_and_columns(
    site, store, checkpoints, file, other
):
    fill(store, checkpoints)
    backup(site, store, file)
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE reads")
        connection.execute("ALTER TABLE trainings DROP COLUMN starts")
    connection.close()
    place, empty = other("postgresql")
    assert restore(place, empty, file)["reads"] == 0
    assert {run.starts for run in empty.runs_of("done")} == {0}


def test_a_restore_beside_a_clean_up_loses_no_checkpoint(
    site, store, checkpoints, file, other
):
    fill(store, checkpoints)
    backup(site, store, file)
    place, empty = other("sqlite")
    cleaner, present = Cleaner(place, empty), []

    def clean(*_):
        cleaner.remove_orphans()
        present.append(len(cleaner.checkpoints.sizes()))

    event.listen(empty.engine, "commit", clean)  # all is written, and nothing is there
    assert restore(place, empty, file)["checkpoints"] == 3
    event.remove(empty.engine, "commit", clean)
    clean()
    assert present == [0, 3]
    there = cleaner.checkpoints
    assert all(there.load(run_id) == ({}, EPOCHS) for run_id in checkpoints.sizes())


def test_a_restore_that_fails_halfway_changes_neither_rows_nor_checkpoints(
    site, store, checkpoints, file
):
    fill(store, checkpoints)
    backup(site, store, file)
    for run_id in checkpoints.sizes():
        checkpoints.save(run_id, {}, 300)
    before, sizes = rows(store), checkpoints.sizes()

    def break_off(connection, cursor, statement, *_):
        if statement.startswith("INSERT INTO points"):
            raise OSError("No space left on device")

    event.listen(store.engine, "before_cursor_execute", break_off)
    with pytest.raises(OSError, match="No space"):
        restore(site, store, file, force=True)
    event.remove(store.engine, "before_cursor_execute", break_off)
    assert rows(store) == before
    there = Checkpoints(site.checkpoints, store.installation())
    assert there.sizes() == sizes
    assert {there.load(run_id)[1] for run_id in sizes} == {300}
    assert len(os.listdir(site.checkpoints)) == 1  # nothing of the restore is left


def test_a_worker_that_claims_a_run_after_a_restore_finds_its_checkpoint(
    site, store, checkpoints, file
):
    writer = start(store)
    checkpoints.save(writer.run.id, {}, 5)
    backup(site, store, file)
    restore(site, store, file, force=True)
    with pytest.raises(Superseded):
        writer.installation()
    again = RunWriter.claim(store, writer.run.id)
    there = Checkpoints(site.checkpoints, again.installation())
    assert there.load(writer.run.id)[1] == 5


def test_two_commands_move_an_installation_from_sqlite_to_postgresql(
    tmp_path, postgres_url, file
):
    home = tmp_path / "home"
    home.mkdir()
    store = Store(f"sqlite:///{home / 'runs.sqlite'}")
    fill(store, Checkpoints(home / "checkpoints", store.installation()))
    old = {"UNROLLED_HOME": str(home)}
    new = {"UNROLLED_HOME": str(tmp_path / "new"), "DATABASE_URL": postgres_url}
    kept = command(old, "backup", file).stdout
    assert json.loads(kept)["runs"] == 4
    assert command(new, "restore", file).stdout == kept
    moved = Store(postgres_url)
    assert rows(moved) == rows(store)
    refused = command(new, "restore", file)
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    moved.close()
    store.close()


def command(environment, *words):
    with mock.patch.dict(os.environ, environment):
        return call("core.runs", *words)
