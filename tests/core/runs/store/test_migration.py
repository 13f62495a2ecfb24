"""A store of version 6, where one table held trainings and runs, opens and keeps all.

`stores/6.sql` is such a store as the program of that version wrote it, and
`stores/6.json` holds the answers of that program: of runs of all tasks, joined, left,
stopped, failed, waiting and deleted ones, links, a class and a search.
"""

import json
import re
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine, func, inspect, select, text

from core.arrays import pack
from core.runs.classes import Classes, Goal
from core.runs.classes.goals import FINISHED
from core.runs.classes.polls import OwnQuestion, Polls
from core.runs.path import Paths
from core.runs.run import SchemaError
from core.runs.store import RunWriter, Store
from core.runs.store.backup import backup, restore
from core.runs.store.migration import VERSION
from core.runs.store.readers import ClassReader, LinkReader
from core.runs.store.repeats import data_of
from core.runs.store.schema import files, paths, points, reads, runs, trainings
from core.runs.store.shares import Shares
from core.runs.store.studies import Studies
from tests.conftest import at_once
from tests.rows import place_in_queue

STORES = Path(__file__).parents[1] / "stores"
SCRIPT = (STORES / "6.sql").read_text()
EXPECTED = json.loads((STORES / "6.json").read_text())
OWNERS = EXPECTED["runs"]
NAMED, CODE, STUDY = EXPECTED["named"], EXPECTED["code"], EXPECTED["study id"]


def in_dialect(script, name):
    """The script for a database: SQLite's types and bytes, or those of PostgreSQL."""
    if name == "postgresql":
        script = script.replace(" BLOB", " BYTEA")
        script = re.sub(r"X'([0-9a-f]*)'", r"'\\x\1'", script)
    return script


@pytest.fixture
def url(empty_url):
    return empty_url


@pytest.fixture
def old(url):
    """Address of the store of version 6."""
    run_script(url, SCRIPT)
    return url


def run_script(url, script):
    """Make a store as an earlier version wrote it."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in in_dialect(script, engine.dialect.name).split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement.replace("%", "%%"))
    engine.dispose()


@pytest.fixture
def store(old):
    store = Store(old)
    yield store
    store.close()


def as_before(run):
    """What version 6 said of a run, with the names that it had."""
    fields = next(iter(EXPECTED["read"]["ann"].values()))["run"]
    return run and {name: getattr(run, name) for name in fields}


def readable(store, reader):
    """All that a reader reads of all runs that the store has."""
    found = {}
    for run_id in EXPECTED["points"]:
        data, result = data_of(store, reader, run_id), store.result(reader, run_id)
        snapshots = store.snapshots(reader, run_id)
        run = as_before(store.get(reader, run_id))
        if run or data or result or snapshots:
            found[run_id] = {
                "run": run,
                "result": result and result.hex(),
                "snapshots": {str(e): each.hex() for e, each in snapshots.items()},
                "data": data and data.hex(),
            }
    return found


def assert_all_is_there(store):
    """Compare what a store answers with what version 6 answered."""
    shares, studies = Shares(store), Studies(store)
    for owner in OWNERS:
        assert [run.id for run in store.runs_of(owner)] == OWNERS[owner]
        assert readable(store, owner) == EXPECTED["read"][owner]
        links = [
            [each.token, each.created, [run.id for run in each.runs]]
            for each in shares.of(owner)
        ]
        assert links == EXPECTED["shares"][owner]
        own = [study.id for study in studies.of_owner(owner)]
        assert own == EXPECTED["studies"][owner]
    for run_id, expected in EXPECTED["points"].items():
        found = store.points(run_id)
        assert [[each.epoch, each.at, each.metrics] for each in found] == expected
        assert place_in_queue(store, run_id) == EXPECTED["positions"][run_id]
    for token, expected in EXPECTED["links"].items():
        assert shares.runs_of(token) == expected
        assert sorted(readable(store, LinkReader(token))) == EXPECTED["by link"][token]
    assert [as_before(each) for each in studies.runs(STUDY)] == EXPECTED["study"]
    assert studies.data("ann", STUDY).hex() == EXPECTED["study data"]
    curves = {key: list(curve) for key, curve in EXPECTED["curves"].items()}
    found = studies.curves(curves, "loss")
    assert {key: list(curve) for key, curve in found.items()} == curves
    assert store.counts() == EXPECTED["counts"]
    assert [run.id for run in store.failures()] == EXPECTED["failures"]
    active = [[sorted(owners), each.id] for owners, each in store.active()]
    assert sorted(active) == sorted(EXPECTED["active"])
    unfinished = sorted(list(each) for each in store.unfinished())
    assert unfinished == EXPECTED["unfinished"]


def count(store, table):
    with store.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_each_row_becomes_a_run_and_each_training_is_there_once(store):
    assert count(store, runs) == SCRIPT.count("INSERT INTO runs ")
    assert count(store, trainings) == sum(EXPECTED["counts"].values())
    for table in (points, files, reads, paths):
        assert count(store, table) == SCRIPT.count(f"INSERT INTO {table.name} ")
    columns = {each["name"] for each in inspect(store.engine).get_columns("trainings")}
    assert columns == {column.name for column in trainings.c}


def test_migrated_runs_that_wait_train_or_were_left_continue(store, checkpoints):
    writer = RunWriter.claim(store, NAMED["running"])
    writer.record([], progress=4, total=9, seconds=8)
    store.request_resume("bob", NAMED["left"])
    for owner, run in (("eve", "running"), ("ann", "running joined"), ("bob", "left")):
        assert store.get(owner, NAMED[run]).progress == 4
    writer.finish("done", summary={}, result=b"whole")
    assert store.result("bob", NAMED["left"]) == b"whole"
    store.request_stop("ann", NAMED["alone"])  # its first owner has left it before
    assert store.get("ann", NAMED["alone"]).stop
    checkpoints.save(NAMED["stopped"], {}, 2)
    store.request_resume("eve", NAMED["stopped joined"], None, checkpoints.copy)
    resumed = store.get("eve", NAMED["stopped joined"])
    assert (resumed.status, resumed.progress) == ("queued", 2)
    assert checkpoints.load(resumed.training)[1] == 2
    assert store.get("bob", NAMED["stopped"]).status == "stopped"
    assert RunWriter.claim(store, NAMED["queued"]).data() == b"1"


def test_a_back_up_of_version_6_is_restored(site, tmp_path):
    file = tmp_path / "kept"
    with sqlite3.connect(file) as connection:
        connection.executescript(SCRIPT)
        for table in ("installation", "schema_version"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("CREATE TABLE checkpoints (run, content)")
        row = NAMED["stopped"], pack({"checkpoint epoch": np.array(2)})
        connection.execute("INSERT INTO checkpoints VALUES (?, ?)", row)
    connection.close()
    before = file.read_bytes()
    restored = Store(f"sqlite:///{tmp_path / 'restored.sqlite'}")
    counts = restore(site, restored, file)
    assert (counts["runs"], counts["checkpoints"]) == (count(restored, runs), 1)
    assert file.read_bytes() == before
    for owner in OWNERS:
        assert [run.id for run in restored.runs_of(owner)] == OWNERS[owner]
        run = readable(restored, owner)
        assert run.keys() == EXPECTED["read"][owner].keys()
    again = tmp_path / "again"
    assert backup(site, restored, again) == counts
    restored.close()


def test_simultaneous_openings_migrate_a_store_once_and_it_answers_as_before(old):
    stores = [Store(old) for _ in range(4)]
    at_once(*(lambda store=store: store.runs_of("ann") for store in stores))
    assert_all_is_there(stores[0])
    assert Classes(stores[0]).get(CODE).title == "8a"
    for owner, expected in EXPECTED["by class"].items():
        assert sorted(readable(stores[0], ClassReader(CODE, owner))) == expected
    with stores[1].engine.connect() as connection:
        found = connection.execute(text("SELECT version FROM schema_version")).all()
    assert found == [(VERSION,)]
    for store in stores:
        store.close()


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_a_class_of_version_7_keeps_its_question_and_is_asked_one_of_its_own(url):
    run_script(url, (STORES / "7.sql").read_text())
    store = Store(url)
    polls, school = Polls(store), Classes(store)
    (found,) = school.taught("ann")
    assert (found.title, found.brought_page) == ("8a", None)
    assert [task.text for task in school.tasks(found.code)] == ["Find it"]
    assert school.done("bob") == {school.tasks(found.code)[0].id}
    poll = polls.current(found.code)
    assert (poll.question, poll.answers) == ("lstm Backward", (0, 1, 1))
    assert (poll.own, poll.until, poll.numbers) == (None, None, ())
    assert polls.own_answer("cem", poll) == 2
    assert Paths(store).progress("bob").events == {"kept lstm"}
    asked = polls.ask_own("ann", found.code, OwnQuestion.of("Units?", []), 60)
    polls.guess("bob", asked, 32)
    assert polls.current(found.code).numbers == (32,)
    school.bring("ann", found.code, "lstm?lstm_step=Forward")
    assert school.get(found.code).brought_page == "lstm"
    store.close()


def test_a_migration_that_fails_changes_nothing(old):
    engine = create_engine(old)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE runs DROP COLUMN title")
    store = Store(old)
    with pytest.raises(SchemaError, match=r"lacks trainings\.title\. Name another"):
        store.runs_of("ann")
    assert not inspect(engine).has_table("trainings")
    store.close()
    engine.dispose()


def test_a_class_table_gets_the_columns_that_it_lacks(old):
    engine = create_engine(old)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE class_tasks DROP COLUMN goal")
    store = Store(old)
    school = Classes(store)
    goal = Goal(event=FINISHED)
    school.add_task("tess", CODE, "Train it", "stock", goal)
    assert [task.goal for task in school.tasks(CODE)] == [goal]
    store.close()
    engine.dispose()
