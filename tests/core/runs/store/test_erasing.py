"""Erasure of all that one owner has in the store, on both databases."""

import dataclasses
import json
import os
from pathlib import Path
from unittest import mock

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from core.runs.classes import Classes
from core.runs.classes.polls import Polls
from core.runs.owners import owner_of_user
from core.runs.path import Paths
from core.runs.run import Superseded
from core.runs.store import RunWriter, Store
from core.runs.store.all_owners import OWNED, erase_owner
from core.runs.store.run_list import annotate
from core.runs.store.schema import class_metadata, metadata
from core.runs.store.shares import Shares
from core.runs.store.store import owner_key
from core.runs.store.studies import Studies
from core.task import Point, UserError
from tests.core.command import call
from tests.core.runs.counting import Config

ANN, BOB = "a" * 43, "b" * 43
SECRET = "my secret diary"
TABLES = (*metadata.sorted_tables, *class_metadata.sorted_tables)


def request(store, owner, title=SECRET, **more):
    data = f"{title}: data".encode()
    options = {"title": title, "data": data, "join": True, **more}
    return store.create(owner, "counting", Config(), **options)


def finish(store, run_id, checkpoints):
    writer = RunWriter.claim(store, run_id)
    point = Point(epoch=1, metrics={"total": 1.0}, snapshot=SECRET.encode())
    writer.record([point], progress=1, total=1, seconds=1)
    checkpoints.save(run_id, {}, 1)
    writer.finish("done", result=SECRET.encode())


def live(store, owner, other, checkpoints):
    """Do everything that leaves a row, beside another owner; return a finished run."""
    done, school = request(store, owner), Classes(store)
    finish(store, done, checkpoints)
    annotate(store, owner, done, SECRET)
    store.get(owner, done)  # notes that it was read
    Shares(store).create(owner, [done])
    Paths(store).go_to(owner, "lstm")
    plan = json.dumps({"extent": {"minutes": 1, "trials": 1}})
    options = {"title": SECRET, "data": SECRET.encode(), "plan": plan, "minutes": 1}
    Studies(store).create(owner, "counting", Config(), **options)
    school.join(other, school.create(owner, SECRET, "10.0.0.1"), "Other")
    code = school.create(other, "a class", "10.0.0.2")
    school.join(owner, code, "Ann Secret")
    school.note_event(owner, "mistake lstm")
    polls = Polls(store)
    polls.answer(owner, polls.ask(other, code, "lstm Backward", 3), 1)
    return done


def content(store, *, without=()):
    """Every row of every table, as text."""
    with store.reading() as connection:
        return sorted(
            str((table.name, row))
            for table in TABLES
            if table.name not in without
            for row in connection.execute(select(table))
        )


def test_no_row_of_the_owner_is_left_and_no_other_row_is_missing(
    store, site, checkpoints
):
    bundled = {"title": "names", "own_data": False}
    shared = request(store, BOB, **bundled)
    begun = RunWriter.claim(store, shared)
    request(store, BOB, "bob's")
    Classes(store).create(BOB, "a class", "10.0.0.2")
    unchanged = set(content(store))
    request(store, ANN, **bundled)
    running = request(store, ANN, "another secret")
    writer = RunWriter.claim(store, running)
    done = live(store, ANN, BOB, checkpoints)
    assert done in checkpoints.sizes()
    found = erase_owner(site, store, done, dry_run=True)
    assert done in checkpoints.sizes()
    assert store.get(ANN, done)
    assert set(found) == {table.name for table in OWNED}
    assert found["runs"] == 3
    assert all(found.values()), found
    assert erase_owner(site, store, done) == found
    rows = content(store)
    assert not [row for row in rows if owner_key(ANN) in row or "ecret" in row]
    assert unchanged <= set(rows)
    assert done not in checkpoints.sizes()
    with pytest.raises(Superseded):  # its worker ends
        writer.record([], progress=1, total=1, seconds=1)
    assert begun.record([], progress=1, total=1, seconds=1) is None  # Bob's goes on
    with pytest.raises(UserError, match="got one without any"):
        erase_owner(site, store, ANN)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_user_who_signs_in_is_erased_by_name(store, site):
    site = dataclasses.replace(site, sign_in_secret="x" * 16)
    owner = owner_of_user("josé@uni.example".encode(), site.sign_in_secret)
    request(store, owner, "secret")
    for dry_run in (True, False):
        with pytest.raises(UserError, match=r"got 'jose@uni\.example' without any"):
            erase_owner(site, store, "jose@uni.example", dry_run=dry_run)
    assert erase_owner(site, store, "josé@uni.example")["runs"] == 1
    assert store.runs_of(owner) == []


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_training_that_only_the_owner_still_waited_for_ends(store, site):
    shared = {"title": "names", "own_data": False}
    left = request(store, BOB, **shared)
    request(store, ANN, **shared)
    store.request_stop(BOB, left)
    assert store.status(left) == "queued"
    erase_owner(site, store, ANN)
    assert store.status(left) == "stopped"
    assert store.get(BOB, left)


def test_every_table_with_an_owner_is_erased():
    assert {table.name for table in TABLES if "owner" in table.c} - {
        "class_events"  # goes with the member
    } == {table.name for table in OWNED}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_file_of_the_store_has_no_trace_of_what_was_erased(
    store, site, checkpoints, url
):
    done = live(store, ANN, BOB, checkpoints)
    file = Path(make_url(url).database)

    def stored():
        files = file.parent.glob(f"{file.name}*")
        return b"".join(each.read_bytes() for each in files)

    assert SECRET.encode() in stored()
    erase_owner(site, store, done)
    assert SECRET.encode() not in stored()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_an_owner_is_named_by_a_whole_id_or_the_cookie(store, site):
    run_id = request(store, ANN)
    for wrong in (run_id[:31], "", "x" * 43 + "y", "0" * 32):
        with pytest.raises(UserError, match="whole id of a run"):
            erase_owner(site, store, wrong)
    with pytest.raises(UserError, match="set UNROLLED_SIGN_IN_SECRET"):
        erase_owner(site, store, "ann@uni.example")
    with pytest.raises(UserError, match="browser with data in this store"):
        erase_owner(site, store, BOB)
    assert store.get(ANN, run_id)
    assert erase_owner(site, store, ANN)["runs"] == 1


def test_the_command_erases_and_says_how_much(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    run_id = request(store, ANN)
    with mock.patch.dict(os.environ, {"UNROLLED_HOME": str(tmp_path)}):
        planned = call("core.runs", "erase", run_id, "--dry-run")
        assert store.get(ANN, run_id)
        done = call("core.runs", "erase", run_id)
        again = call("core.runs", "erase", run_id)
    assert json.loads(planned.stdout) == json.loads(done.stdout)
    assert json.loads(done.stdout)["runs"] == 1
    assert store.get(ANN, run_id) is None
    assert (again.returncode, len(again.stderr.splitlines())) == (2, 1)
    store.close()
