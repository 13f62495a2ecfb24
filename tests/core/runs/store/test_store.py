import itertools
import secrets
import time
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from core.runs.run import LimitError, StoreError, Superseded
from core.runs.store import RunWriter, Store, schema
from core.runs.store.schema import trainings
from core.runs.store.writer import retry_until_stored
from core.task import Point
from core.version import program_version
from tests.conftest import at_once
from tests.core.runs.counting import Config
from tests.rows import place_in_queue


def queue(store, owner="ann", **settings):
    return store.create(owner, "counting", Config(**settings), title="t", data=b"1")


def start(store, owner="ann"):
    writer = RunWriter.claim(store, queue(store, owner))
    assert writer is not None
    return writer


def record(writer, *epochs, progress=1.0):
    new_points = [Point(epoch=epoch, metrics={"loss": epoch / 10}) for epoch in epochs]
    return writer.record(new_points, progress=progress, total=9, seconds=2.0)


def test_a_new_run_waits_with_its_settings(store):
    run_id = queue(store, epochs=7)
    run = store.get("ann", run_id)
    assert len(run_id) == 32
    assert run.status == "queued"
    assert run.settings["epochs"] == 7
    assert place_in_queue(store, run_id) == 1


def test_the_queue_is_first_come_first_served(store):
    first, second = queue(store, "ann"), queue(store, "bob")
    assert [place_in_queue(store, first), place_in_queue(store, second)] == [1, 2]
    RunWriter.claim(store, first)
    assert [place_in_queue(store, first), place_in_queue(store, second)] == [0, 1]


def test_a_crowd_of_clicks_at_once_gets_no_more_than_the_limit(store):
    found = at_once(*[partial(queue, store)] * 12, refusal=LimitError)
    assert sum(isinstance(each, LimitError) for each in found) == 8


def test_points_come_back_in_order_and_thinned_with_the_last_one_kept(store):
    writer = start(store)
    record(writer, *range(1, 1002))
    points = store.points(writer.run.id, most=200)
    epochs = [point.epoch for point in points]
    assert len(epochs) <= 201
    assert epochs == sorted(epochs)
    assert epochs[-1] == 1001
    assert points[0].metrics == {"loss": epochs[0] / 10}


def test_points_that_are_known_are_not_read_again_and_lead_to_the_same(store):
    writer, known = start(store), []
    for first, last in ((1, 1), (2, 4), (5, 6), (7, 13), (14, 14), (15, 16), (12, 17)):
        record(writer, *range(first, last + 1))
        before, known = known, store.points(writer.run.id, 5, known)
        whole = store.points(writer.run.id, 5)
        assert [(p.epoch, p.at) for p in known] == [(p.epoch, p.at) for p in whole]
        if first in (2, 14):  # the spread is that of before
            assert [id(point) for point in before[:-1]] == [
                id(point) for point in known[: len(before) - 1]
            ]


def test_a_snapshot_is_found_by_its_epoch(store):
    writer = start(store)
    writer.record(
        [Point(epoch=3, metrics={}, snapshot=b"s")], progress=3, total=9, seconds=1
    )
    assert store.snapshot(writer.run.id, 3) == b"s"
    assert store.snapshot(writer.run.id, 4) is None


def run_with_snapshots(store, epochs):
    """A run of which every third epoch has no snapshot."""
    writer = start(store)
    new_points = [
        Point(epoch=e, metrics={}, snapshot=b"%d" % e if e % 3 else None)
        for e in range(1, epochs + 1)
    ]
    writer.record(new_points, progress=epochs, total=epochs, seconds=1)
    return writer.run.id


def test_all_snapshots_of_a_run_come_at_once_by_epoch_and_in_order(store):
    snapshots = store.snapshots("ann", run_with_snapshots(store, 8))
    assert snapshots == {e: b"%d" % e for e in (1, 2, 4, 5, 7, 8)}
    assert list(snapshots) == sorted(snapshots)
    assert store.snapshots("ann", start(store).run.id) == {}


def test_many_snapshots_are_thinned_evenly_with_the_last_one_kept(store):
    epochs = list(store.snapshots("ann", run_with_snapshots(store, 500), most=50))
    assert 40 <= len(epochs) <= 50
    assert epochs[-1] == 500
    steps = [after - before for before, after in itertools.pairwise(epochs)]
    assert max(steps) - min(steps) <= 1


def test_a_running_run_learns_that_it_is_asked_to_stop(store):
    writer = start(store)
    assert record(writer) is None
    store.request_stop("ann", writer.run.id)
    assert record(writer) == "stop"


def test_a_second_claim_blocks_writes_of_the_first(store):
    first = start(store)
    second = RunWriter.claim(store, first.run.id)
    assert (first.run.attempt, second.run.attempt) == (1, 2)
    for write in (
        lambda: record(first, 1),
        lambda: first.curve("loss"),
        lambda: first.rewind(0),
        lambda: first.stopped("late"),
        lambda: first.finish("done"),
        first.data,
        first.installation,
        first.pause,
        first.reset_attempts,
    ):
        with pytest.raises(Superseded):
            write()
    record(second, 2, 1)
    assert second.curve("loss") == [0.1, 0.2]
    assert second.installation() == store.installation()
    assert store.get("ann", first.run.id).status == "running"


def test_a_claim_counts_keeps_the_first_start_and_closes_what_was_stopped(
    store, monkeypatch
):
    run_id = queue(store)
    training = store.get("ann", run_id).training
    claims = []
    for now in (100.0, 200.0, 300.0, 400.0):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        if now == 300.0:
            store.request_stop("ann", run_id)  # the worker died before it saw this
        if now == 200.0:
            set_code(store, training, "another version")
        claims.append(RunWriter.claim(store, training).run)
    assert [run.starts for run in claims] == [1, 2, 3, 4]
    assert [run.attempt for run in claims] == [1, 2, 3, 4]
    assert [run.heartbeat - claims[0].heartbeat for run in claims] == [0, 1, 2, 3]
    assert [run.started for run in claims] == [100.0] * 4
    assert [run.status for run in claims] == ["running"] * 2 + ["stopped"] * 2
    assert [run.finished for run in claims] == [None, None, 300.0, 300.0]
    assert len({run.execution for run in claims}) == 4
    assert code_of(store, training) is None  # several versions trained it
    other = RunWriter.claim(store, queue(store, "bob")).run
    assert code_of(store, other.id) == program_version()


def set_code(store, training, code):
    with store.engine.begin() as connection:
        this = update(trainings).where(trainings.c.id == training)
        connection.execute(this.values(code=code))


def code_of(store, training):
    with store.engine.connect() as connection:
        query = select(trainings.c.code).where(trainings.c.id == training)
        return connection.execute(query).scalar_one()


def test_an_ended_run_is_not_claimed_again(store):
    writer = start(store)
    writer.finish("done", summary={"rmse": 1.5})
    assert RunWriter.claim(store, writer.run.id) is None
    assert store.get("ann", writer.run.id).summary == {"rmse": 1.5}


def test_a_run_ended_from_outside_takes_no_more_writes(store):
    writer = start(store)
    store.give_up(writer.run.id, "stopped", "no answer")
    with pytest.raises(Superseded):
        record(writer, 1)
    assert store.get("ann", writer.run.id).error == "no answer"


def test_a_stopped_run_is_supervised_until_its_result_is_stored_or_given_up(store):
    written, given_up = start(store), start(store)
    began = time.time()
    for writer in (written, given_up):
        writer.stopped("late")
        run = store.get("ann", writer.run.id)
        assert (run.status, run.closing, run.error) == ("stopped", True, "late")
        assert began <= run.finished <= time.time()
    assert {run.id for run in store.closing()} == {written.run.id, given_up.run.id}
    assert store.active() == []
    written.finish("stopped", result=b"half")
    store.give_up(given_up.run.id, "stopped", "no answer")
    assert store.closing() == []
    with pytest.raises(Superseded):
        given_up.finish("stopped", result=b"half")
    run = store.get("ann", given_up.run.id)
    assert (run.status, run.closing, run.error) == ("stopped", False, "no answer")


def test_rewinding_forgets_what_came_after_the_checkpoint(store):
    writer = start(store)
    record(writer, 1, 2, 3)
    writer.rewind(1)
    assert [p.epoch for p in store.points(writer.run.id)] == [1]
    record(writer, 2)
    assert [p.epoch for p in store.points(writer.run.id)] == [1, 2]


def test_a_checkpoint_makes_the_attempts_count_anew(store):
    run_id = queue(store)
    for attempt in (1, 2, 3):
        writer = RunWriter.claim(store, run_id)
        assert writer.run.attempt == attempt
    writer.reset_attempts()
    assert RunWriter.claim(store, run_id).run.attempt == 2


def test_a_resumed_run_waits_at_the_end_of_the_queue_with_a_new_allowance(store):
    writer = start(store)
    record(writer)
    writer.finish("stopped")
    other = queue(store, "bob")
    store.request_resume("ann", writer.run.id)
    run = store.get("ann", writer.run.id)
    assert (run.status, run.attempt, run.stop) == ("queued", 0, False)
    assert run.until == 2.0 + store.seconds
    assert place_in_queue(store, other) < place_in_queue(store, run.id)


def test_an_end_whose_answer_was_lost_is_not_an_error(store, monkeypatch):
    ended, other = start(store), start(store)
    monkeypatch.setattr(time, "time", lambda: 6.0)
    store.give_up(other.run.id, "stopped", "no answer")
    monkeypatch.setattr(time, "time", lambda: 5.0)
    for _ in range(2):
        ended.finish("done", result=b"whole")  # the second one is the retry
    with pytest.raises(Superseded):
        other.finish("done", result=b"whole")
    assert store.get("ann", other.run.id).error == "no answer"


def test_a_second_result_replaces_the_first(store):
    writer = start(store)
    writer.finish("stopped", result=b"half")
    store.request_resume("ann", writer.run.id)
    RunWriter.claim(store, writer.run.id).finish("done", result=b"whole")
    assert store.result("ann", writer.run.id) == b"whole"


def test_an_error_of_the_store_does_not_quote_what_was_to_be_written(
    store, monkeypatch
):
    monkeypatch.setattr(secrets, "token_hex", lambda size: "0" * 2 * size)
    queue(store)
    with pytest.raises(DBAPIError) as error:  # a second run with the same id
        store.create("ann", "counting", Config(), title="my diary", data=b"1")
    assert "INSERT INTO trainings" in str(error.value)
    assert "diary" not in str(error.value)


def test_a_persons_later_runs_wait_behind_the_first_ones_of_others(store):
    hers = [queue(store, "ann") for _ in range(3)]
    RunWriter.claim(store, hers[0])
    his = [queue(store, "bob") for _ in range(2)]
    waiting = [his[0], hers[1], his[1], hers[2]]  # one at a time each, in turn
    assert [place_in_queue(store, run_id) for run_id in waiting] == [1, 2, 3, 4]
    assert place_in_queue(store, hers[0]) == 0


def test_each_write_is_a_heartbeat_and_an_error_loses_its_zero_bytes(store):
    writer = start(store)
    before = store.get("ann", writer.run.id).heartbeat
    record(writer, 1, progress=1.5)
    run = store.get("ann", writer.run.id)
    assert (run.heartbeat, run.progress, run.total) == (before + 1, 1.5, 9)
    writer.finish("failed", error="a\0b", summary={})
    run = store.get("ann", writer.run.id)
    assert (run.error, run.summary) == ("ab", {})
    with pytest.raises(Superseded, match=writer.run.id):
        writer.pause()


def test_a_write_waits_while_the_store_is_away_and_not_for_a_damaged_one(
    store, monkeypatch, caplog
):
    waits, errors = [], [StoreError("away", passes=True)] * 6
    monkeypatch.setattr(time, "sleep", waits.append)

    def work(_):
        if errors:
            raise errors.pop(0)
        return "written"

    assert retry_until_stored(store, work) == "written"
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0]
    assert caplog.messages == ["waiting for the store: away"]
    errors += [StoreError("full", passes=True), StoreError("damaged")]
    with pytest.raises(StoreError, match="damaged"):
        retry_until_stored(store, work)
    assert len(waits) == 7
    assert caplog.messages[1:] == ["waiting for the store: full"]


def test_a_machine_lost_halfway_through_a_transaction_holds_nobody_up_for_long(
    postgres_store, monkeypatch
):
    monkeypatch.setattr(schema, "LOST_SECONDS", 1)
    lost, other = Store(postgres_store), Store(postgres_store)
    run_id = queue(other)
    connection = lost.engine.connect()
    connection.execute(update(trainings).values(heartbeat=9))  # and then silence
    assert RunWriter.claim(other, run_id) is not None
    with pytest.raises(StoreError):
        connection.commit()
    for store in (lost, other):
        store.close()
