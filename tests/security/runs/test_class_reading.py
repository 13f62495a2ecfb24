"""Who reads whose runs through a class, and that nothing but reading comes of it."""

import pytest

from core.runs.classes import Classes
from core.runs.store import RunWriter, run_list
from core.runs.store.readers import ClassReader
from core.runs.store.repeats import data_of
from core.runs.store.shares import Shares
from core.task import Point, UserError
from tests.core.runs.counting import Config
from tests.driver.security.runs import GUESSES, everything
from tests.security.conftest import both_databases

NOTHING = (None, None, {})


@pytest.fixture
def classes(store):
    return Classes(store)


@pytest.fixture
def code(classes):
    """A class with Ann and Bob, whose board is shown."""
    code = classes.create("teacher", "7b")
    for student in ("ann", "bob"):
        classes.join(student, code, student)
    classes.show_board("teacher", code, True)
    return code


def finished(store, owner, own_data=False):
    run_id = store.create(
        owner, "counting", Config(), title="t", data=b"1", own_data=own_data
    )
    writer = RunWriter.claim(store, run_id)
    point = Point(epoch=1, metrics={"total": 1.0}, snapshot=b"s")
    writer.record([point], progress=1, total=2, seconds=1)
    writer.finish("done", result=b"the result")
    return run_id


@pytest.fixture
def hers(store, code):
    return finished(store, "ann")


def hide(classes, code, name, hidden=True):
    member = next(each for each in classes.members(code) if each.name == name)
    classes.hide("teacher", code, member.id, hidden)


@pytest.mark.parametrize("reader", ["teacher", "bob", "ann"])
def test_the_teacher_and_the_students_read_all_of_a_run(store, code, hers, reader):
    whole = everything(store, "ann", hers)
    assert None not in whole
    assert everything(store, ClassReader(code, reader), hers) == whole


def test_a_class_cannot_read_names_and_notes_of_its_members_runs(store, code, hers):
    run_list.rename(store, "ann", hers, "my secret name")
    run_list.annotate(store, "ann", hers, "my note")
    for reader in ("teacher", "bob"):
        run = store.get(ClassReader(code, reader), hers)
        assert (run.own_name, run.note) == (None, None)
    assert store.get("ann", hers).own_name == "my secret name"


@both_databases
def test_other_claims_read_nothing(store, classes, code, hers):
    other = classes.create("eve", "Mine")
    classes.join("carl", other, "Carl")
    classes.show_board("eve", other, True)
    claims = [
        ClassReader(code, "eve"),
        ClassReader(code, "carl"),
        ClassReader(code, ""),
        ClassReader(other, "eve"),
        ClassReader(other, "ann"),
        ClassReader(other, "teacher"),
        ClassReader(code.lower(), "teacher"),
        ClassReader("%" * 6, "teacher"),
        f"class:{code}",
        f" class:{code}:teacher",
        "teacher",
        *GUESSES.values(),
    ]
    for claim in claims:
        assert everything(store, claim, hers) == NOTHING, claim
        assert data_of(store, claim, hers) is None
    for guess in GUESSES.values():
        assert everything(store, ClassReader(code, "teacher"), guess) == NOTHING
        assert everything(store, ClassReader(guess, "teacher"), hers) == NOTHING


def test_students_read_nothing_while_the_board_is_not_shown(store, classes, code, hers):
    classes.show_board("teacher", code, False)
    for student in ("ann", "bob"):
        assert everything(store, ClassReader(code, student), hers) == NOTHING
    assert store.get(ClassReader(code, "teacher"), hers)


def test_an_ended_class_gives_no_access(store, classes, code, hers):
    classes.end("teacher", code)
    for reader in ("teacher", "bob", "ann"):
        assert everything(store, ClassReader(code, reader), hers) == NOTHING
    assert store.get("ann", hers)


def test_runs_of_hidden_or_departed_students_cannot_be_read(store, classes, code, hers):
    hide(classes, code, "ann")
    for reader in ("teacher", "bob"):
        assert everything(store, ClassReader(code, reader), hers) == NOTHING
    hide(classes, code, "ann", hidden=False)
    assert store.get(ClassReader(code, "bob"), hers)
    classes.leave("ann")
    for reader in ("teacher", "bob"):
        assert everything(store, ClassReader(code, reader), hers) == NOTHING


def test_runs_from_before_joining_and_deleted_runs_cannot_be_read(
    store, classes, code, hers
):
    before = finished(store, "carl")
    classes.join("carl", code, "Carl")
    assert everything(store, ClassReader(code, "teacher"), before) == NOTHING
    run_list.delete(store, "ann", [hers])
    assert everything(store, ClassReader(code, "teacher"), hers) == NOTHING


def test_a_run_on_own_data_is_read_only_when_its_owner_shows_it(store, code):
    own = finished(store, "ann", own_data=True)
    readers = [ClassReader(code, reader) for reader in ("teacher", "bob")]
    for reader in readers:
        run_list.show_to_class(store, reader.owner, own, True)
        assert everything(store, reader, own) == NOTHING
        assert data_of(store, reader, own) is None
    run_list.show_to_class(store, "ann", own, True)
    assert data_of(store, readers[1], own) == b"1"
    run_list.show_to_class(store, "ann", own, False)
    assert everything(store, readers[0], own) == NOTHING


def test_a_reader_of_a_class_changes_nothing(store, code, hers):
    waiting = store.create("ann", "counting", Config(), title="t", data=b"1")
    before = [everything(store, "ann", run_id) for run_id in (waiting, hers)]
    for owner in ("teacher", "bob"):
        assert store.get(ClassReader(code, owner), waiting)
        for run_id in (waiting, hers):
            store.request_stop(owner, run_id)
            store.request_resume(owner, run_id)
            run_list.rename(store, owner, run_id, "mine")
            run_list.annotate(store, owner, run_id, "mine")
            run_list.star(store, owner, run_id, True)
            run_list.delete(store, owner, [run_id])
            with pytest.raises(UserError, match="expected your own runs"):
                Shares(store).create(owner, [run_id])
        assert store.runs_of(owner) == []
    assert [everything(store, "ann", run_id) for run_id in (waiting, hers)] == before
