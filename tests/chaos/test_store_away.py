"""The store goes away while a run is trained, and comes back."""

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from core.runs import worker
from core.runs.run import StoreError
from core.runs.store import RunWriter, Store, breaker, schema
from core.runs.store.writer import retry_until_stored
from core.runs.worker import Execution
from core.task import Point
from tests.chaos.conftest import came_to
from tests.conftest import wait_until
from tests.core.runs.counting import Config


def queue(store, **settings):
    return store.create("ann", "counting", Config(**settings), title="t", data=b"1.0")


@pytest.fixture
def begin(site, checkpoints, counting):
    """Returns a function that claims a new run of a store for an execution."""

    def begin(store, **settings):
        writer = RunWriter.claim(store, queue(store, **settings))
        return Execution(site, writer, checkpoints)

    return begin


@contextmanager
def lost_answers(store):
    """Have each first commit done, but reported as failed."""
    commits = []

    def commit(connection):
        commits.append(connection)
        if len(commits) % 2:
            connection.connection.driver_connection.execute("COMMIT")
            raise StoreError("The answer is lost.", passes=True)

    event.listen(store.engine, "commit", commit)
    yield
    event.remove(store.engine, "commit", commit)
    assert len(commits) >= 2


def test_a_training_outlives_a_crash_of_its_database_and_ends_like_any_other(
    postgres, postgres_url, begin, undisturbed, monkeypatch
):
    monkeypatch.setattr(worker, "RECORD_SECONDS", 0)  # it writes after every epoch
    store = Store(postgres_url)
    execution = begin(store, epochs=1000)
    run_id = execution.run.id
    trains = threading.Thread(target=execution.train, daemon=True)
    trains.start()
    for epoch in (50, 200):
        wait_until(lambda epoch=epoch: store.get("ann", run_id).progress > epoch)
        assert store.get("ann", run_id).active
        postgres.stop()
        postgres.start()
    wait_until(lambda: not trains.is_alive(), what="the end of the training")
    assert store.get("ann", run_id).status == "done"
    assert came_to(store, "ann", run_id) == undisturbed(epochs=1000)
    store.close()


def test_a_queued_run_waits_for_its_database_to_be_claimed(postgres, postgres_url):
    store = Store(postgres_url)
    run_id = queue(store)
    claimed = []
    postgres.stop()
    claims = threading.Thread(
        target=lambda: claimed.append(RunWriter.claim(store, run_id)), daemon=True
    )
    claims.start()
    postgres.start()
    wait_until(lambda: claimed, what="the claim")
    assert claimed[0].run.starts == 1
    store.close()


def test_a_training_waits_as_long_as_another_writer_holds_the_store(
    tmp_path, begin, undisturbed, monkeypatch
):
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0)  # patience of the database itself
    store = Store(f"sqlite:///{tmp_path / 'held.sqlite'}")
    execution = begin(store, epochs=200)
    held = Store(f"sqlite:///{tmp_path / 'held.sqlite'}")
    trains = threading.Thread(target=execution.train, daemon=True)
    with held.engine.begin():
        trains.start()
        tried = []
        event.listen(store.engine, "handle_error", tried.append)
        wait_until(lambda: len(tried) >= 2, what="two writes in vain")
    wait_until(lambda: not trains.is_alive(), what="the end of the training")
    assert came_to(store, "ann", execution.run.id) == undisturbed(epochs=200)
    for one in (store, held):
        one.close()


def test_points_with_a_lost_answer_are_stored_once(store, counting):
    writer = RunWriter.claim(store, queue(store))
    new_points = [Point(epoch=epoch, metrics={"total": 1.0}) for epoch in (1, 2)]
    with lost_answers(store):
        writer.record(new_points, progress=2, total=9, seconds=1)
    writer.record([Point(epoch=3, metrics={})], progress=3, total=9, seconds=1)
    assert [point.epoch for point in store.points(writer.run.id)] == [1, 2, 3]


def test_a_claim_whose_answer_was_lost_counts_as_one_attempt(store, counting):
    run_id = queue(store)
    with lost_answers(store):
        writer = RunWriter.claim(store, run_id)
    assert (writer.run.starts, writer.run.attempt) == (1, 1)
    writer.finish("done")
    assert store.get("ann", run_id).status == "done"


def test_a_lost_answer_to_the_final_write_is_no_takeover_and_leaves_no_checkpoint(
    store, begin, checkpoints, undisturbed
):
    execution = begin(store, epochs=3)
    result = execution._iterate(execution._open())
    checkpoints.save(execution.run.id, {}, epoch=2)
    with lost_answers(store):
        execution._finish(result)
    assert store.get("ann", execution.run.id).status == "done"
    assert came_to(store, "ann", execution.run.id) == undisturbed(epochs=3)
    assert checkpoints.sizes() == {}


def test_a_paused_database_delays_the_first_requests_and_refuses_later_ones_at_once(
    postgres, postgres_url, monkeypatch
):
    monkeypatch.setattr(breaker, "CONNECT_SECONDS", 2)
    store = Store(postgres_url)
    run_id = queue(store)
    with ThreadPoolExecutor(30) as people:
        with store.reading() as connection:
            postgres.send(signal.SIGSTOP)
            try:
                reads = [people.submit(store.get, "ann", run_id) for _ in range(29)]
                statement = text("SELECT 1")
                reads.append(people.submit(connection.execute, statement))
                wait_until(lambda: all(read.done() for read in reads), what="refusals")
                begun = time.monotonic()
                with pytest.raises(StoreError, match="does not answer"):
                    store.get("ann", run_id)
                assert time.monotonic() - begun < 1
            finally:
                postgres.send(signal.SIGCONT)
        for read in reads:
            assert isinstance(read.exception(), StoreError)
            assert read.exception().passes
    wait_until(lambda: answers(store), what="an answer")
    store.close()


def answers(store):
    with suppress(StoreError):
        return store.counts()


def test_a_slow_statement_of_a_database_that_answers_is_waited_for(
    postgres_url, monkeypatch
):
    for name in ("PATIENCE", "CHECK_SECONDS"):
        monkeypatch.setattr(breaker, name, 0.1)
    store = Store(postgres_url)
    with store.reading() as connection:
        slow = text("SELECT pg_sleep(1), 5")
        assert connection.execute(slow).one()[1] == 5
    store.close()


def test_a_statement_that_is_wrong_is_not_tried_again(store):
    with pytest.raises((OperationalError, ProgrammingError)):
        retry_until_stored(store, lambda c: c.execute(text("SELECT nothing")))
