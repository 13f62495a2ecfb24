"""Several runs follow one training: who joins, who leaves, and what each has."""

import time
from dataclasses import replace

import pytest
from sqlalchemy import event, func, select, update

from core.runs.classes import Classes
from core.runs.run import LimitError
from core.runs.store import RunWriter, Store, limits, schema
from core.runs.store.all_owners import find_run, result_of
from core.runs.store.backup import backup, restore
from core.runs.store.cleaning import DAY, MEGABYTE, Cleaner
from core.runs.store.readers import LinkReader
from core.runs.store.repeats import data_of, repeats
from core.runs.store.run_list import UNDO_SECONDS, delete, undo_delete
from core.runs.store.schema import files, points, runs
from core.runs.store.shares import Shares
from core.runs.supervisor import next_in_queue
from core.task import Point, UserError
from core.version import program_version
from tests.conftest import at_once
from tests.core.runs.counting import Config
from tests.rows import change, place_in_queue

HERE = "203.0.113.7"


def press(
    store,
    owner="ann",
    data=b"1",
    title="t",
    address=None,
    own_data=False,
    **settings,
):
    """Ask for a training as a Train button does, on bundled data by default."""
    return store.create(
        owner,
        "counting",
        Config(**settings),
        title=title,
        data=data,
        address=address,
        join=True,
        own_data=own_data,
    )


def record(writer, *epochs):
    new = [
        Point(epoch=e, metrics={"total": e / 10}, snapshot=b"%d" % e) for e in epochs
    ]
    progress = epochs[-1] if epochs else 0
    return writer.record(new, progress=progress, total=9, seconds=progress)


def finish(writer, status="done", result=b"r"):
    writer.finish(status, summary={"total": 0.5}, result=result)


def trained(store, owner="ann", **settings):
    """A training that has ended well."""
    run_id = press(store, owner, **settings)
    writer = RunWriter.claim(store, run_id)
    record(writer, 1, 2)
    finish(writer)
    return run_id


def epochs(store, run_id):
    return [point.epoch for point in store.points(run_id)]


def shown(store, owner, run_id):
    """All that its owner sees of a run that is not the owner's alone."""
    run = store.get(owner, run_id)
    seen = run.status, run.progress, run.seconds, run.summary, run.error
    return seen, store.points(run_id), store.result(owner, run_id)


def count(store, table):
    with store.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def is_alone(run):
    """Whether a run's training is its own, and not that of an earlier run."""
    return run.training == run.id


# Joining


def test_a_second_subscriber_of_a_queued_training_sees_all_of_it(store):
    first, second = press(store), press(store, "bob")
    assert first != second
    assert store.get("bob", second).status == "queued"
    writer = RunWriter.claim(store, first)
    record(writer, 1, 2)
    assert store.get("bob", second).status == "running"
    assert store.get("bob", second).progress == 2
    assert epochs(store, second) == [1, 2]
    assert store.snapshot(second, 2) == b"2"
    finish(writer)
    assert shown(store, "ann", first) == shown(store, "bob", second)
    assert store.snapshots("bob", second) == {1: b"1", 2: b"2"}
    assert store.get("ann", first).heartbeat == store.get("bob", second).heartbeat


def test_a_subscriber_of_a_running_training_sees_its_earlier_epochs(store):
    first = press(store)
    writer = RunWriter.claim(store, first)
    record(writer, 1, 2, 3)
    second = press(store, "bob")
    assert store.get("bob", second).progress == 3
    assert epochs(store, second) == [1, 2, 3]
    assert store.get("bob", second).training == first
    assert RunWriter.claim(store, first).run.starts == 2
    assert store.get("bob", second).starts == 2


def test_a_request_for_a_finished_training_gets_its_result_at_once(store):
    first = trained(store)
    second = press(store, "bob")
    assert shown(store, "ann", first) == shown(store, "bob", second)
    assert store.get("bob", second).known_before
    assert not store.get("ann", first).known_before
    assert data_of(store, "bob", second) == b"1"
    assert count(store, files) == 2


def test_subscribers_of_one_training_do_not_see_each_others_runs(store):
    first = trained(store)
    second = press(store, "bob")
    assert store.get("bob", first) is None
    assert store.get("ann", second) is None
    assert store.result("ann", second) is None
    assert store.snapshots("ann", second) == {}
    assert [run.id for run in store.runs_of("bob")] == [second]


@pytest.mark.parametrize("end", ["stopped", "failed"])
def test_stopped_and_failed_trainings_are_not_joined(store, end):
    first = press(store)
    RunWriter.claim(store, first).finish(end, error="why")
    for owner in ("ann", "bob"):
        assert store.get(owner, press(store, owner)).status == "queued"
    assert len(store.active()) == 1


def test_a_run_started_without_joining_neither_joins_nor_is_joined(store):
    def alone():
        return store.create("ann", "counting", Config(), title="t", data=b"1")

    stopped, done = alone(), alone()
    store.request_stop("ann", stopped)
    finish(RunWriter.claim(store, done))
    assert is_alone(store.get("bob", press(store, "bob")))
    store.request_resume("ann", stopped)
    assert store.get("ann", stopped).status == "queued"


def test_a_training_being_stopped_is_not_joined(store):
    first = press(store)
    RunWriter.claim(store, first)
    store.request_stop("ann", first)
    assert is_alone(store.get("bob", press(store, "bob")))


def test_a_trial_of_a_search_is_not_joined(store):
    first = trained(store)
    change(store, first, study="s", trial=1)
    assert is_alone(store.get("bob", press(store, "bob")))


def test_any_difference_between_requests_makes_two_trainings(store, monkeypatch):
    press(store, seed=1)
    others = [
        press(store, "bob", seed=2),
        press(store, "bob", data=b"2", seed=1),
        press(store, "bob", title="u", seed=1),
    ]
    monkeypatch.setattr("core.runs.store.store.program_version", lambda: "another")
    others.append(press(store, "bob", seed=1))
    assert all(is_alone(store.get("bob", each)) for each in others)


def test_with_other_libraries_it_is_another_program(monkeypatch):
    version = program_version.__wrapped__
    here = version()
    monkeypatch.setattr("core.version.libraries", lambda: {"numpy": "1.0"})
    assert version() != here


def test_a_training_that_another_code_has_gone_on_with_is_not_joined(
    site, store, monkeypatch
):
    first, second = press(store), press(store, "bob")
    record(RunWriter.claim(store, first), 1)
    monkeypatch.setattr("core.runs.store.writer.program_version", lambda: "another")
    finish(RunWriter.claim(store, first))
    delete(store, "ann", [first])
    change(store, first, deleted=time.time() - UNDO_SECONDS - 1)
    assert cleaned(site, store) == {first}
    assert store.get("bob", second).status == "done"
    assert is_alone(store.get("eve", press(store, "eve")))


def test_a_second_press_gets_the_run_of_the_first(store):
    first, second = press(store), press(store, "bob")
    assert (press(store), press(store, "bob")) == (first, second)
    finish(RunWriter.claim(store, first))
    assert (press(store), press(store, "bob")) == (first, second)


def test_a_second_press_does_not_count_towards_the_limit(store):
    pressed = [press(store, seed=seed) for seed in range(store.waiting + 1)]
    assert press(store, seed=0) == pressed[0]


def test_many_who_press_at_once_at_several_web_servers_get_one_training(url):
    stores = [Store(url) for _ in range(3)]
    for store in stores:
        assert store.runs_of("ann") == []  # it is open
    owners = [f"owner {number}" for number in range(12)]
    found = at_once(
        *(
            lambda store=stores[number % 3], owner=owner: press(store, owner)
            for number, owner in enumerate(owners)
        )
    )
    assert len(set(found)) == 12
    assert len(stores[0].active()) == 1
    ((waiting, _),) = stores[0].active()
    assert len(waiting) == 12
    again = at_once(*(lambda store=store: press(store, "ann") for store in stores))
    assert len(set(again)) == 1
    for store in stores:
        store.close()


# Own data

PRIVATE = {"data": b"private", "title": "mine", "own_data": True}


@pytest.fixture
def school(store):
    """A class of ann and bob, who are its students, and of tess, its teacher."""
    classes = Classes(store)
    code = classes.create("tess", "8a")
    for name in ("ann", "bob"):
        classes.join(name, code, name)
    return code


@pytest.mark.parametrize("own_data", [True, None])
def test_a_stranger_with_the_same_file_gets_a_training_of_their_own(
    store, school, own_data
):
    private = PRIVATE | {"own_data": own_data}
    first = trained(store, **private)
    again = store.get("eve", press(store, "eve", **private))
    assert is_alone(again)
    assert (again.status, again.known_before) == ("queued", False)
    assert press(store, **private) == first


def test_members_of_a_class_join_a_training_on_the_same_file(store, school):
    first = trained(store, **PRIVATE)
    for owner in ("bob", "tess"):
        assert store.get(owner, press(store, owner, **PRIVATE)).training == first


def test_after_a_class_ends_only_earlier_subscribers_keep_the_training(store, school):
    first = trained(store, **PRIVATE)
    second = press(store, "bob", **PRIVATE)
    with store.engine.begin() as connection:
        connection.execute(update(schema.classes).values(ends=time.time() - 1))
    assert press(store, "bob", **PRIVATE) == second
    assert store.get("bob", second).training == first
    assert is_alone(store.get("tess", press(store, "tess", **PRIVATE)))


def test_sharing_a_class_with_a_subscriber_alone_gives_no_access(store, school):
    first = trained(store, **PRIVATE)
    assert store.get("bob", press(store, "bob", **PRIVATE)).training == first
    classes = Classes(store)
    other = classes.create("theo", "9b")
    for name in ("bob", "zoe"):
        classes.join(name, other, name)
    assert is_alone(store.get("zoe", press(store, "zoe", **PRIVATE)))


def test_sharing_a_class_with_a_subscriber_by_resume_gives_no_access(
    store, school, checkpoints
):
    older = press(store, "bob", **PRIVATE)
    store.request_stop("bob", older)
    first = trained(store, **PRIVATE)
    store.request_resume("bob", older, HERE, checkpoints.copy)
    assert store.get("bob", older).training == first
    classes = Classes(store)
    other = classes.create("theo", "9b")
    for name in ("bob", "zoe"):
        classes.join(name, other, name)
    assert is_alone(store.get("zoe", press(store, "zoe", **PRIVATE)))


def test_a_resumed_run_does_not_join_a_strangers_training_on_the_same_file(
    store, checkpoints
):
    mine = press(store, "eve", **PRIVATE)
    store.request_stop("eve", mine)
    trained(store, **PRIVATE)
    store.request_resume("eve", mine, HERE, checkpoints.copy)
    run = store.get("eve", mine)
    assert (run.status, is_alone(run)) == ("queued", True)


def test_a_resumed_run_joins_the_same_training_of_its_class(store, school, checkpoints):
    mine = press(store, "bob", **PRIVATE)
    store.request_stop("bob", mine)
    first = trained(store, **PRIVATE)
    store.request_resume("bob", mine, HERE, checkpoints.copy)
    assert store.get("bob", mine).training == first
    assert store.result("bob", mine) == b"r"


# Leaving, stopping, resuming


def test_stop_leaves_a_training_that_others_follow(store):
    first, second = press(store), press(store, "bob")
    writer = RunWriter.claim(store, first)
    record(writer, 1, 2)
    store.request_stop("bob", second)
    assert record(writer, 3) is None
    finish(writer)
    left = store.get("bob", second)
    assert (left.status, left.progress, left.seconds) == ("stopped", 2, 2)
    assert (left.summary, left.closing) == ({}, False)
    assert "Resume" in left.error
    assert epochs(store, second) == [1, 2]
    assert store.result("bob", second) is None
    assert list(store.snapshots("bob", second)) == [1, 2]
    assert store.snapshot(second, 3) is None
    assert store.get("ann", first).status == "done"
    assert epochs(store, first) == [1, 2, 3]


def test_the_first_subscriber_can_leave_and_the_last_stop_ends_the_training(store):
    first, second, third = (press(store, owner) for owner in ("ann", "bob", "eve"))
    writer = RunWriter.claim(store, first)
    record(writer, 1)
    store.request_stop("ann", first)
    assert record(writer, 2) is None
    store.request_stop("eve", third)
    assert record(writer, 3) is None
    assert store.get("bob", second).progress == 3
    store.request_stop("bob", second)
    assert record(writer, 4) == "stop"
    writer.stopped(None)
    assert store.get("bob", second).closing
    finish(writer, "stopped", b"half")
    assert store.result("bob", second) == b"half"
    assert store.get("ann", first).progress == 1
    assert store.get("eve", third).progress == 2
    assert store.result("ann", first) is store.result("eve", third) is None


def test_the_last_stop_removes_a_queued_training_from_the_queue(store):
    first, second = press(store), press(store, "bob")
    store.request_stop("ann", first)
    assert store.get("ann", first).status == "stopped"
    assert len(store.active()) == 1
    store.request_stop("bob", second)
    assert store.active() == []
    assert RunWriter.claim(store, first) is None


def test_simultaneous_stops_of_all_subscribers_end_the_training(store):
    owners = ["ann", "bob", "eve"]
    pressed = {owner: press(store, owner) for owner in owners}
    writer = RunWriter.claim(store, pressed["ann"])
    at_once(
        *(
            lambda owner=owner: store.request_stop(owner, pressed[owner])
            for owner in owners
        )
    )
    assert record(writer, 1) == "stop"


def test_a_second_stop_after_leaving_stops_nothing(store):
    first, second = press(store), press(store, "bob")
    writer = RunWriter.claim(store, first)
    record(writer, 1)
    store.request_stop("bob", second)
    record(writer, 2)
    store.request_stop("bob", second)
    assert record(writer, 3) is None
    assert store.get("bob", second).progress == 1


def test_a_subscriber_that_left_joins_again_by_resume(store):
    first, second = press(store), press(store, "bob")
    writer = RunWriter.claim(store, first)
    record(writer, 1)
    store.request_stop("ann", first)
    record(writer, 2)
    store.request_resume("ann", first)
    run = store.get("ann", first)
    assert (run.status, run.progress, run.error) == ("running", 2, None)
    store.request_stop("bob", second)
    record(writer, 3)
    finish(writer)
    store.request_resume("bob", second)
    assert shown(store, "ann", first) == shown(store, "bob", second)


def test_a_subscriber_that_left_and_presses_train_gets_a_second_run(store):
    first, second = press(store), press(store, "bob")
    writer = RunWriter.claim(store, first)
    store.request_stop("bob", second)
    third = press(store, "bob")
    assert third != second
    assert press(store, "bob") == third
    finish(writer)
    assert [run.status for run in store.runs_of("bob")] == ["done", "stopped"]


@pytest.fixture
def half(store, checkpoints):
    """A training that three followed and that has stopped; its writer has ended."""
    pressed = {owner: press(store, owner) for owner in ("ann", "bob", "eve")}
    writer = RunWriter.claim(store, pressed["ann"])
    record(writer, 1, 2)
    store.request_stop("eve", pressed["eve"])
    record(writer, 3)
    checkpoints.save(pressed["ann"], {}, 3, writer.run.starts)
    finish(writer, "stopped", b"half")
    return pressed


@pytest.mark.parametrize("owner", ["ann", "bob", "eve"])
def test_a_resumed_stopped_training_continues_alone(store, half, checkpoints, owner):
    others = {other: run_id for other, run_id in half.items() if other != owner}
    before = {other: shown(store, other, run_id) for other, run_id in others.items()}
    mine = half[owner]
    store.request_resume(owner, mine, HERE, checkpoints.copy)
    run = store.get(owner, mine)
    assert (run.status, run.progress) == ("queued", 3)
    ((waiting, training),) = store.active()
    assert (len(waiting), training.id) == (1, run.training)
    writer = RunWriter.claim(store, run.training)
    assert writer.data() == b"1"
    assert checkpoints.load(run.training)[1] == 3
    writer.rewind(3)
    record(writer, 4, 5)
    finish(writer, "done", b"whole")
    assert epochs(store, mine) == [1, 2, 3, 4, 5]
    assert store.result(owner, mine) == b"whole"
    for other, run_id in others.items():
        assert shown(store, other, run_id) == before[other]
        assert data_of(store, other, run_id) == b"1"
    assert count(store, files) == 4
    remaining = next(iter(others))
    store.request_resume(remaining, others[remaining], HERE, checkpoints.copy)
    assert store.result(remaining, others[remaining]) == b"whole"


def test_the_next_resume_joins_the_training_that_was_resumed_first(
    store, half, checkpoints
):
    store.request_resume("bob", half["bob"], HERE, checkpoints.copy)
    resumed = store.get("bob", half["bob"]).training
    writer = RunWriter.claim(store, resumed)
    record(writer, 4)
    store.request_resume("ann", half["ann"], HERE, checkpoints.copy)
    assert store.get("ann", half["ann"]).training == resumed
    assert count(store, files) == 4  # none of them is ann's
    assert epochs(store, half["ann"]) == [1, 2, 3, 4]
    left = store.get("eve", half["eve"])
    assert (left.status, left.progress) == ("stopped", 2)
    assert epochs(store, half["eve"]) == [1, 2]
    finish(writer, "done", b"whole")
    assert store.result("ann", half["ann"]) == b"whole"
    store.request_resume("eve", half["eve"], HERE, checkpoints.copy)
    assert store.result("eve", half["eve"]) == b"whole"
    assert len(store.active()) == 0


def test_a_restarted_training_sets_no_subscriber_back(store, half, checkpoints):
    anew = press(store, "bob", title="t")
    record(RunWriter.claim(store, anew), 1)
    store.request_resume("ann", half["ann"], HERE, checkpoints.copy)
    assert store.get("ann", half["ann"]).training != anew
    assert store.get("ann", half["ann"]).progress == 3


def test_all_who_resume_at_once_have_one_training(store, half, checkpoints):
    at_once(
        *(
            lambda owner=owner, run_id=run_id: store.request_resume(
                owner, run_id, HERE, checkpoints.copy
            )
            for owner, run_id in half.items()
        )
    )
    ((waiting, _),) = store.active()
    assert len(waiting) == 3


@pytest.mark.parametrize("owner", ["ann", "eve"])
def test_a_resume_while_the_last_subscriber_stops_continues_the_training(
    store, checkpoints, owner
):
    pressed = {each: press(store, each) for each in ("ann", "bob", "eve")}
    writer = RunWriter.claim(store, pressed["ann"])
    record(writer, 1)
    for each in ("ann", "eve", "bob"):
        store.request_stop(each, pressed[each])
    store.request_resume(owner, pressed[owner], HERE, checkpoints.copy)
    assert store.get(owner, pressed[owner]).status == "queued"
    assert len(store.active()) == 2
    finish(writer, "stopped")
    again = RunWriter.claim(store, store.get(owner, pressed[owner]).training)
    record(again, 2)
    bobs = store.get("bob", pressed["bob"])
    assert (bobs.status, bobs.closing, bobs.progress) == ("stopped", False, 1)


def test_joining_and_leaving_do_not_disturb_other_subscribers(store, checkpoints):
    first = press(store)
    writer = RunWriter.claim(store, first)

    def train():
        for epoch in range(1, 101):
            assert record(writer, epoch) is None

    def come_and_go(owner):
        for _ in range(4):
            run_id = press(store, owner)
            store.request_stop(owner, run_id)
            store.request_resume(owner, run_id, HERE, checkpoints.copy)
            token = Shares(store).create(owner, [run_id])
            assert store.get(LinkReader(token), run_id).status == "running"
            delete(store, owner, [run_id])
            undo_delete(store, owner, [run_id])
        store.request_resume(owner, run_id, HERE, checkpoints.copy)

    owners = [f"owner {number}" for number in range(6)]
    at_once(train, *(lambda owner=owner: come_and_go(owner) for owner in owners))
    finish(writer)
    for owner in owners:
        last, *others = store.runs_of(owner)
        assert [run.status for run in others] == ["stopped"] * 3
        assert shown(store, owner, last.id) == shown(store, "ann", first)


def test_a_training_that_is_given_up_ends_for_all(store):
    first, second = press(store), press(store, "bob")
    RunWriter.claim(store, first)
    store.give_up(first, "failed", "no answer")
    assert store.get("bob", second).error == "no answer"
    assert store.get("bob", second).status == "failed"


def test_the_administrator_stops_a_training_for_all(store):
    first, second = press(store), press(store, "bob")
    writer = RunWriter.claim(store, first)
    store.request_any_stop(store.get("bob", second).training)
    assert record(writer, 1) == "stop"


# Deleting, cleaning, sharing, saving


def test_deleting_a_run_leaves_its_training(store):
    first, second = press(store), press(store, "bob")
    writer = RunWriter.claim(store, first)
    record(writer, 1)
    delete(store, "ann", [first])
    assert store.get("ann", first) is None
    assert record(writer, 2) is None
    finish(writer)
    assert store.get("bob", second).status == "done"
    assert epochs(store, second) == [1, 2]
    undo_delete(store, "ann", [first])
    assert store.get("ann", first).status == "stopped"
    store.request_resume("ann", first)
    assert shown(store, "ann", first) == shown(store, "bob", second)


def test_a_training_that_all_have_deleted_is_gone(store):
    first, second = trained(store), press(store, "bob")
    delete(store, "ann", [first])
    assert store.get("eve", press(store, "eve")).training == first
    delete(store, "bob", [second])
    (theirs,) = store.runs_of("eve")
    delete(store, "eve", [theirs.id])
    assert is_alone(store.get("dan", press(store, "dan")))


def cleaned(site, store, **limits):
    return {run.id for run in Cleaner(replace(site, **limits), store).clean().removed}


@pytest.fixture
def shared(store, checkpoints):
    """A finished training of three, with a checkpoint of its own as a stopped one."""
    first = trained(store)
    checkpoints.save(first, {}, 2)
    return {"ann": first, "bob": press(store, "bob"), "eve": press(store, "eve")}


def used(store, run_id, days):
    then = time.time() - days * DAY
    change(store, run_id, created=then, finished=then)


def test_subscribers_keep_everything_when_the_first_run_is_purged(
    site, store, shared, checkpoints
):
    before = shown(store, "bob", shared["bob"])
    delete(store, "ann", [shared["ann"]])
    change(store, shared["ann"], deleted=time.time() - UNDO_SECONDS - 1)
    assert cleaned(site, store) == {shared["ann"]}
    assert shown(store, "bob", shared["bob"]) == before
    assert shown(store, "eve", shared["eve"]) == before
    assert data_of(store, "eve", shared["eve"]) == b"1"
    assert (count(store, points), count(store, files)) == (2, 2)
    training = store.get("bob", shared["bob"]).training
    assert set(checkpoints.sizes()) == {training}
    assert store.get("dan", press(store, "dan")).training == training


def test_nothing_is_left_when_all_have_deleted_a_training(
    site, store, shared, checkpoints
):
    for owner, run_id in shared.items():
        delete(store, owner, [run_id])
        change(store, run_id, deleted=time.time() - UNDO_SECONDS - 1)
    assert cleaned(site, store) == set(shared.values())
    assert count(store, runs) == count(store, points) == count(store, files) == 0
    assert checkpoints.sizes() == {}


def test_a_request_resets_the_age_of_a_training(site, store):
    first = trained(store)
    used(store, first, days=9)
    second = press(store, "bob")
    assert cleaned(site, store, keep_days=7) == {first}
    assert store.result("bob", second) == b"r"
    assert epochs(store, second) == [1, 2]


def test_cleaning_by_size_removes_whole_unused_trainings(site, store):
    large = press(store, data=bytes(MEGABYTE))
    finish(RunWriter.claim(store, large))
    follower = press(store, "bob", data=bytes(MEGABYTE))
    other = press(store, data=b"2" * MEGABYTE)
    finish(RunWriter.claim(store, other))
    used(store, large, days=5)
    used(store, other, days=2)
    assert cleaned(site, store, keep_mb=1.5) == {other}
    used(store, follower, days=1)
    again = press(store, data=b"2" * MEGABYTE)
    finish(RunWriter.claim(store, again))
    plan = Cleaner(replace(site, keep_mb=1.5), store).plan()
    assert plan.summary()["bytes_left"] == pytest.approx(MEGABYTE, rel=0.01)
    assert cleaned(site, store, keep_mb=1.5) == {large, follower}
    assert count(store, runs) == 1


def test_a_removed_run_with_subscribers_frees_only_its_row(site, store):
    large = press(store, data=bytes(MEGABYTE))
    finish(RunWriter.claim(store, large))
    press(store, "bob", data=bytes(MEGABYTE))
    used(store, large, days=9)
    plan = Cleaner(replace(site, keep_days=7), store).clean()
    assert [old.id for old in plan.removed] == [large]
    assert plan.summary()["bytes"] == limits.ROW_BYTES
    assert plan.summary()["bytes_left"] > MEGABYTE


def test_deleting_a_running_training_does_not_take_it_from_others(site, store):
    first, second = press(store), press(store, "bob")
    writer = RunWriter.claim(store, first)
    delete(store, "ann", [first])
    change(store, first, deleted=time.time() - UNDO_SECONDS - 1)
    assert cleaned(site, store) == set()
    finish(writer)
    assert cleaned(site, store) == {first}
    assert store.result("bob", second) == b"r"


def test_joining_while_the_first_run_is_purged_gives_the_training_or_a_new_one(
    site, store
):
    first = trained(store)
    press(store, "bob")
    delete(store, "ann", [first])
    change(store, first, deleted=time.time() - UNDO_SECONDS - 1)
    owners = [f"owner {number}" for number in range(6)]
    at_once(
        lambda: cleaned(site, store),
        *(lambda owner=owner: press(store, owner) for owner in owners),
    )
    for owner in owners:
        (run,) = store.runs_of(owner)
        assert store.result(owner, run.id) == b"r"
        assert epochs(store, run.id) == [1, 2]
    assert count(store, files) == 2


def test_a_link_to_a_run_that_follows_shows_its_training(store):
    first = press(store)
    second = press(store, "bob")
    writer = RunWriter.claim(store, first)
    record(writer, 1)
    token = Shares(store).create("bob", [second])
    reader = LinkReader(token)
    record(writer, 2)
    finish(writer)
    assert shown(store, reader, second) == shown(store, "ann", first)
    assert store.get(reader, first) is None
    delete(store, "ann", [first])
    assert store.result(reader, second) == b"r"
    Shares(store).revoke("bob", token)
    assert store.result(reader, second) is None


def test_a_backup_holds_all_who_follow_a_training(store, site, tmp_path, another_store):
    first, second, third = (press(store, owner) for owner in ("ann", "bob", "eve"))
    record(RunWriter.claim(store, first), 1)
    store.request_stop("eve", third)
    backup(site, store, tmp_path / "saved")
    restore(site, another_store, tmp_path / "saved")
    assert another_store.get("bob", second).status == "queued"
    assert another_store.get("eve", third).status == "stopped"
    ((waiting, _),) = another_store.active()
    assert len(waiting) == 2
    writer = RunWriter.claim(another_store, first)
    record(writer, 2)
    finish(writer)
    assert another_store.result("bob", second) == b"r"
    assert epochs(another_store, second) == [1, 2]


@pytest.fixture
def another_store(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'another.sqlite'}")
    yield store
    store.close()


def test_lists_for_the_administrator_count_a_training_once(store):
    trained(store, seed=1)
    press(store, "bob", seed=1)
    failed = press(store, seed=2)
    press(store, "bob", seed=2)
    writer = RunWriter.claim(store, failed)
    store.request_stop("ann", failed)
    writer.finish("failed", error="why")
    assert store.counts() == {"done": 1, "failed": 1}
    assert [(run.id, run.error) for run in store.failures()] == [(failed, "why")]


def test_the_result_of_a_training_that_was_left_is_no_result_of_that_run(store):
    first, second = press(store), press(store, "bob")
    store.request_stop("bob", second)
    finish(RunWriter.claim(store, first))
    assert result_of(store, first) == b"r"
    assert find_run(store, second).status == "stopped"
    with pytest.raises(UserError, match="without"):
        result_of(store, second)


def test_one_training_is_not_counted_as_two_seeds(store):
    first, second = press(store), press(store, "bob")
    store.request_stop("bob", second)
    finish(RunWriter.claim(store, first))
    third = press(store, "bob")
    run = store.get("bob", third)
    assert repeats(store, "bob", [run]) == [run]
    left = store.get("bob", second)
    assert repeats(store, "bob", [left]) == [left]
    assert repeats(store, "bob", [left, run]) == [left, run]
    seed = store.get("bob", press(store, "bob", seed=7))
    assert repeats(store, "bob", [seed]) == [run, seed]


# The queue and its limits


def test_all_subscribers_have_the_queue_place_of_their_training(store):
    before = press(store, "dan", seed=7)
    first, second = press(store), press(store, "bob")
    assert place_in_queue(store, first) == place_in_queue(store, second) == 2
    RunWriter.claim(store, before)
    assert place_in_queue(store, first) == place_in_queue(store, second) == 1
    RunWriter.claim(store, first)
    assert place_in_queue(store, first) == place_in_queue(store, second) == 0


def test_a_training_that_waits_for_its_first_owner_does_not_wait_for_others(store):
    hers = [press(store, seed=seed) for seed in range(3)]
    RunWriter.claim(store, hers[0])
    assert [run.id for run in next_in_queue(store.active())] == []
    his = press(store, "bob", seed=2)
    assert [run.id for run in next_in_queue(store.active())] == [hers[2]]
    assert place_in_queue(store, his) == 1
    assert place_in_queue(store, hers[1]) == 2
    store.request_stop("bob", his)
    assert next_in_queue(store.active()) == []


def test_a_queued_training_keeps_its_place_when_its_first_owner_leaves_and_returns(
    store,
):
    first = press(store)
    press(store, "bob")
    other = press(store, "eve", seed=7)
    store.request_stop("ann", first)
    assert place_in_queue(store, first) == 1
    store.request_resume("ann", first)
    assert [place_in_queue(store, first), place_in_queue(store, other)] == [1, 2]


def test_leaving_a_training_frees_its_owner_for_another(store):
    first = press(store)
    press(store, "bob")
    RunWriter.claim(store, first)
    waiting = press(store, seed=7)
    assert next_in_queue(store.active()) == []
    store.request_stop("ann", first)
    assert [run.id for run in next_in_queue(store.active())] == [waiting]


def test_unfinished_runs_count_for_subscribers_and_not_after_leaving(store):
    for seed in range(4):
        press(store, "bob", seed=seed)
    for seed in range(3):
        press(store, seed=seed)
    own = press(store, seed=10)
    with pytest.raises(LimitError, match="4 unfinished runs"):
        press(store, seed=3)
    with pytest.raises(LimitError, match="4 unfinished runs"):
        press(store, seed=11)
    (left,) = (run for run in store.runs_of("ann") if run.settings["seed"] == 0)
    store.request_stop("ann", left.id)
    press(store, seed=3)
    with pytest.raises(LimitError, match="4 unfinished runs"):
        store.request_resume("ann", left.id)
    assert store.get("ann", left.id).status == "stopped"
    store.request_stop("ann", own)
    store.request_resume("ann", left.id)
    assert store.get("ann", left.id).status == "queued"


def test_a_finished_training_opens_despite_many_unfinished_runs(store):
    trained(store, "bob", seed=20)
    for seed in range(4):
        press(store, seed=seed)
    assert store.get("ann", press(store, seed=20)).status == "done"


def test_subscribers_use_neither_queue_places_nor_starts_of_their_address(
    store, monkeypatch
):
    monkeypatch.setattr(limits, "ADDRESS", replace(limits.ADDRESS, starts=3))
    store.waiting_in_all = 7
    for number in range(20):
        press(store, f"owner {number}", address=HERE)
    for seed in (2, 3):
        press(store, "bob", seed=seed, address=HERE)
    with pytest.raises(LimitError, match="started 3 runs within a minute"):
        press(store, "eve", seed=4, address=HERE)
    assert len(store.active()) == 3


def test_one_address_cannot_fill_the_store_with_runs_that_follow(store, monkeypatch):
    monkeypatch.setattr(limits, "JOINED", 5)
    trained(store, "first", address=HERE)
    for number in range(5):
        press(store, f"owner {number}", address=HERE)
    with pytest.raises(LimitError, match="started 5 runs within a minute"):
        press(store, "one more", address=HERE)
    assert press(store, "owner 0", address=HERE)
    press(store, "elsewhere", address="203.0.113.8")


@pytest.mark.parametrize("limit", ["MOST_WAITING", "MOST_WAITING_IN_ALL"])
def test_a_training_that_goes_on_is_followed_by_no_more_than_its_limit(
    store, monkeypatch, limit
):
    first = press(store, address=HERE)
    places = {"MOST_WAITING": 3, "MOST_WAITING_IN_ALL": 6}[limit]
    monkeypatch.setattr(limits, limit, places)
    for number in range(3):  # from one address no more than half of all places
        pressed = press(store, f"owner {number}", address=HERE)
    with pytest.raises(LimitError, match=r"Too many people wait.*random seed"):
        press(store, "one more", address=HERE)
    assert len(store.active()) == 1
    if limit == "MOST_WAITING_IN_ALL":
        press(store, "elsewhere", address="203.0.113.8")
    assert press(store, "owner 0", address=HERE)
    store.request_stop("owner 2", pressed)
    press(store, "one more", address=HERE)
    with pytest.raises(LimitError, match="Too many people wait"):
        store.request_resume("owner 2", pressed, HERE)
    finish(RunWriter.claim(store, first))
    store.request_resume("owner 2", pressed, HERE)
    press(store, "yet another", address=HERE)


def test_the_address_of_a_waiting_run_is_kept_beyond_an_hour(store):
    first = press(store, address=HERE)
    waits = press(store, "bob", address=HERE)
    ended = trained(store, "eve", seed=2)
    follows = press(store, "dan", address=HERE, seed=2)
    for each in (first, waits, ended, follows):
        change(store, each, requested=time.time() - limits.HOUR - 1)
    press(store, "zoe", seed=3)
    with store.engine.connect() as connection:
        known = select(runs.c.id).where(runs.c.address.is_not(None))
        assert set(connection.execute(known).scalars()) == {first, waits}


def test_a_heartbeat_writes_one_row_however_many_follow(store):
    first = press(store)
    followers = [press(store, f"owner {number}") for number in range(5)]
    writer = RunWriter.claim(store, first)
    written = []

    def count_rows(connection, cursor, statement, *_):
        if statement.startswith("UPDATE"):
            written.append(cursor.rowcount)

    event.listen(store.engine, "after_cursor_execute", count_rows)
    record(writer, 1, 2)
    event.remove(store.engine, "after_cursor_execute", count_rows)
    assert written == [1]
    read = [store.get(f"owner {n}", each).progress for n, each in enumerate(followers)]
    assert read == [2] * 5


def test_unfinished_runs_are_read_up_to_a_limit_with_those_of_workers_first(store):
    first = press(store)
    for number in range(5):
        press(store, f"owner {number}")
    second = press(store, "zoe", seed=2)
    found = {run_id for _, run_id in store.unfinished(most=4)}
    assert len(found) == 4
    assert {first, second} <= found
    assert len(store.unfinished()) == 7


def test_rows_count_among_what_an_owner_and_an_address_store(store, monkeypatch):
    trained(store, "first")
    rate = replace(limits.OWNER, megabytes=10 * limits.ROW_BYTES / MEGABYTE)
    monkeypatch.setattr(limits, "ADDRESS", rate)
    for number in range(10):
        press(store, f"owner {number}", address=HERE)
    with pytest.raises(LimitError, match="stored"):
        press(store, "one more", address=HERE)
    press(store, "elsewhere", address="203.0.113.8")


def test_rows_of_runs_that_follow_count_among_what_all_runs_take(site, store):
    first = trained(store)
    used(store, first, days=9)
    for number in range(20):
        used(store, press(store, f"owner {number}"), days=5)
    plan = Cleaner(
        replace(site, keep_mb=10 * limits.ROW_BYTES / MEGABYTE), store
    ).plan()
    assert plan.total > 21 * limits.ROW_BYTES
    assert len(plan.removed) == 21


def test_an_owner_cannot_start_more_in_a_minute_by_following(store):
    for seed in range(20):
        trained(store, "bob" if seed < 10 else "eve", seed=seed)
    for seed in range(20):
        press(store, seed=seed)
    with pytest.raises(LimitError, match="You have started 20 runs"):
        press(store, seed=30)
