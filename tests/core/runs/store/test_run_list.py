import time
from dataclasses import replace

import pytest
from sqlalchemy import update

from core.runs.store import RunWriter
from core.runs.store.cleaning import Cleaner
from core.runs.store.run_list import (
    UNDO_SECONDS,
    Filter,
    annotate,
    delete,
    last_deleted,
    listed,
    rename,
    star,
    tasks_of,
    undo_delete,
)
from core.runs.store.schema import runs
from core.task import UserError
from tests.core.runs.counting import Config


@pytest.fixture
def queue(store):
    """Returns a function that queues a run of Ann's."""
    store.waiting = 20

    def queue(title="t", task="counting", **settings):
        return store.create("ann", task, Config(**settings), title=title, data=b"1")

    return queue


def ids(store):
    return [run.id for run in store.runs_of("ann")]


def age(store, run_id, seconds):
    """Let a run have been deleted so long ago."""
    with store.engine.begin() as connection:
        this = update(runs).where(runs.c.id == run_id)
        connection.execute(this.values(deleted=time.time() - seconds))


def test_a_name_takes_the_place_of_the_usual_one_until_it_is_empty(
    store, queue, counting
):
    run_id = queue("Numbers")
    usual = store.get("ann", run_id).name
    rename(store, "ann", run_id, "  wide\n\0one \x1b")
    assert store.get("ann", run_id).name == "wide one"
    rename(store, "ann", run_id, " ")
    assert store.get("ann", run_id).name == usual


def test_a_note_has_its_lines_and_a_star_comes_and_goes(store, queue):
    run_id = queue()
    annotate(store, "ann", run_id, "fir\u202est\0\nsecond\n")
    star(store, "ann", run_id, True)
    run = store.get("ann", run_id)
    assert (run.note, run.starred) == ("first\nsecond", True)
    annotate(store, "ann", run_id, None)
    star(store, "ann", run_id, False)
    run = store.get("ann", run_id)
    assert (run.note, run.starred) == (None, False)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_text_that_is_too_long_is_refused_in_words(store, queue):
    run_id = queue()
    with pytest.raises(UserError, match="name: expected at most 80 characters, got 81"):
        rename(store, "ann", run_id, "x" * 81)
    with pytest.raises(UserError, match="note: expected at most 2,000 characters"):
        annotate(store, "ann", run_id, "x" * 2001)


SEARCHES = {
    "": "named noted other",
    "wide": "named",
    "WIDE ship": "named",
    "wide other": "",
    "100%": "noted",
    "%": "noted",
    "_": "",
    "other": "other",
    "epochs 7": "noted",
    "t epochs 8": "",
    "hang at 0 epochs\0 7": "noted",
}


def test_words_are_looked_for_in_names_notes_data_and_settings(store, queue):
    made = {"named": queue(), "noted": queue(epochs=7), "other": queue("Other")}
    rename(store, "ann", made["named"], "Wide ship")
    annotate(store, "ann", made["noted"], "won by 100%")
    names = {run_id: name for name, run_id in made.items()}
    found = {
        text: {names[run.id] for run in listed(store, "ann", Filter(text=text), 9)}
        for text in SEARCHES
    }
    assert found == {text: set(which.split()) for text, which in SEARCHES.items()}


def test_a_long_text_may_be_looked_for(store, queue):
    run_id = queue()
    rename(store, "ann", run_id, "hang")
    for text in ("hang " * 5_000, "hang" + " " * 60_000 + "ship"):
        assert [run.id for run in listed(store, "ann", Filter(text=text), 9)] == [
            run_id
        ]
    assert listed(store, "ann", Filter(text="x" * 60_000), 9) == []


def test_the_list_is_filtered_by_task_and_star_and_ends_where_told(store, queue):
    first, second, other = queue(), queue(), queue(task="toy")
    star(store, "ann", first, True)
    star(store, "ann", other, True)

    def found(most=9, **which):
        return [run.id for run in listed(store, "ann", Filter(**which), most)]

    assert tasks_of(store, "ann") == ["counting", "toy"]
    assert found(task="counting") == [second, first]
    assert found(starred=True) == [other, first]
    assert found(task="counting", starred=True) == [first]
    assert found(most=2) == [other, second]


def test_deletions_are_undone_last_first(store, queue):
    first, second, third = queue(), queue(), queue()
    delete(store, "ann", [first, second])
    assert ids(store) == [third]
    assert store.get("ann", first) is None
    delete(store, "ann", [third])
    assert [run.id for run in last_deleted(store, "ann")] == [third]
    undo_delete(store, "ann", [third])
    assert {run.id for run in last_deleted(store, "ann")} == {first, second}
    undo_delete(store, "ann", [first, second])
    assert set(ids(store)) == {first, second, third}
    assert last_deleted(store, "ann") == []


def test_a_deleted_run_leaves_the_queue_or_stops_and_does_not_go_on(store, queue):
    training, waiting = queue(), queue()
    writer = RunWriter.claim(store, training)
    delete(store, "ann", [training, waiting])
    assert writer.record([], progress=1, total=2, seconds=1)
    assert store.status(waiting) == "stopped"
    store.request_resume("ann", waiting)
    assert store.status(waiting) == "stopped"
    undo_delete(store, "ann", [waiting])
    store.request_resume("ann", waiting)
    assert store.status(waiting) == "queued"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_request_that_equals_a_deleted_one_is_a_new_run(store):
    def press():
        return store.create(
            "ann", "counting", Config(), title="t", data=b"1", join=True
        )

    deleted = press()
    RunWriter.claim(store, deleted)
    delete(store, "ann", [deleted])
    assert store.get("ann", press()).status == "queued"


def test_runs_deleted_an_hour_ago_are_removed_for_good_without_any_limit(
    site, store, queue
):
    recent, old, kept = queue(), queue(), queue()
    cleaner = Cleaner(replace(site, keep_mb=None), store)
    delete(store, "ann", [recent, old])
    assert not cleaner.wanted
    age(store, old, UNDO_SECONDS + 1)
    undo_delete(store, "ann", [old])
    assert ids(store) == [kept]
    assert cleaner.wanted
    assert [run.id for run in cleaner.clean().removed] == [old]
    assert not cleaner.wanted
    assert (store.status(old), store.status(recent)) == (None, "stopped")


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_deleted_run_that_still_trains_is_not_removed(site, store, queue):
    run_id = queue()
    writer = RunWriter.claim(store, run_id)
    delete(store, "ann", [run_id])
    age(store, run_id, UNDO_SECONDS + 1)
    cleaner = Cleaner(site, store)
    assert cleaner.clean().removed == []
    writer.finish("stopped")
    assert [run.id for run in cleaner.clean().removed] == [run_id]
