from dataclasses import replace

import numpy as np
import pytest

from core.arrays import pack
from core.registry import get_task
from core.runs import worker
from core.runs.run import Superseded
from core.runs.search.pruning import Pruning
from core.runs.store import RunWriter
from core.runs.worker import Execution
from core.task import Progress
from tests.chaos.findings import alike
from tests.core.runs.counting import Config, Result
from tests.rows import change


@pytest.fixture
def url(sqlite_store):
    """Of SQLite alone: test_store.py has the queries on both databases."""
    return sqlite_store


@pytest.fixture
def begin(store, site, checkpoints, counting):
    """Returns a function that queues a run and claims it for an execution."""

    def begin(run_id=None, **settings):
        run_id = run_id or store.create(
            "ann", "counting", Config(**settings), title="t", data=b"1"
        )
        return Execution(site, RunWriter.claim(store, run_id), checkpoints)

    return begin


def result(store, execution):
    return Result.decode(store.result("ann", execution.run.id))


def run_of(store, execution):
    return store.get("ann", execution.run.id)


def ask_to_stop_at(store, execution, epoch):
    """Have the stop button pressed when the training reaches an epoch."""
    attend = execution._handle

    def attend_and_press(progress):
        if progress.epoch == epoch:
            store.request_stop("ann", execution.run.id)
            execution.recorded = float("-inf")
        return attend(progress)

    execution._handle = attend_and_press


def test_a_run_ends_with_all_its_points_and_its_result(store, begin):
    execution = begin(epochs=30)
    execution.train()
    run = run_of(store, execution)
    assert run.status == "done"
    assert run.summary["epochs"] == 30
    assert [p.epoch for p in store.points(run.id)] == list(range(1, 31))
    assert store.snapshot(run.id, 30) is not None
    assert result(store, execution).total == run.summary["total"]


def test_the_first_epoch_is_in_the_store_at_once(store, begin, monkeypatch):
    monkeypatch.setattr(worker, "RECORD_SECONDS", 3600)
    monkeypatch.setattr(worker, "EPOCH_SECONDS", 3600)
    execution = begin(epochs=30)
    training = execution._open()
    for _ in range(3):  # the preparation, which is written at once, and two epochs
        execution._handle(training.send(None))
    assert [point.epoch for point in store.points(execution.run.id)] == [1]


@pytest.mark.parametrize("stops", [False, True])
def test_a_preview_is_a_point_until_its_epoch_ends_or_the_run_stops(
    store, begin, counting, monkeypatch, stops
):
    def train(config, data, resume):
        seen = {"seen": np.ones(1)}
        preview = {"total": 1.0}
        yield Progress(epoch=0, total=1, state=dict, preview=preview, snapshot=seen)
        (point,) = store.points(run)
        assert store.snapshot(run, 1) == pack(seen)
        assert (point.epoch, point.metrics) == (1, {"total": 1.0})
        if stops:
            store.request_stop("ann", run)
            execution.recorded = float("-inf")
        stop = yield Progress(epoch=0, total=1, state=dict)
        if not stop:
            yield Progress(epoch=1, total=1, state=dict, metrics={"total": 2.0})
        return Result(config=config, total=2.0, epochs=int(not stop))

    monkeypatch.setattr(get_task("counting"), "train", train)
    execution = begin()
    run = execution.run.id
    execution.train()
    points = [(p.epoch, p.metrics) for p in store.points(run)]
    assert points == ([] if stops else [(1, {"total": 2.0})])
    assert store.snapshot(run, 1) is None
    assert run_of(store, execution).status == ("stopped" if stops else "done")


def test_a_finished_run_leaves_no_checkpoint(store, begin, checkpoints, monkeypatch):
    monkeypatch.setattr(worker, "EPOCH_SECONDS", 0)
    execution = begin(epochs=5)
    execution.train()
    assert checkpoints.sizes() == {}


def test_the_checkpoint_of_a_run_whose_worker_died_right_after_its_end_is_removed(
    store, site, begin, checkpoints, monkeypatch
):
    execution = begin(epochs=5)
    result = execution._iterate(execution._open())
    checkpoints.save(execution.run.id, {}, epoch=4)
    execution.writer.finish("done", result=result.encode())  # and then it dies
    monkeypatch.setattr(worker, "_context", lambda: (site, store))
    worker.execute(execution.run.id)  # what Dask then does
    assert checkpoints.sizes() == {}


def test_stop_keeps_what_was_learned_and_resume_ends_like_an_undisturbed_run(
    store, begin
):
    whole = begin(epochs=40)
    whole.train()
    stopped = begin(epochs=40)
    ask_to_stop_at(store, stopped, 13)
    stopped.train()
    assert run_of(store, stopped).status == "stopped"
    assert result(store, stopped).epochs == 13
    store.request_resume("ann", stopped.run.id)
    resumed = begin(stopped.run.id)
    resumed.train()
    assert result(store, resumed) == result(store, whole)
    assert store.points(resumed.run.id) == store.points(whole.run.id)


def test_a_run_of_quick_epochs_with_many_checkpoints_still_heeds_stop_at_once(
    store, begin, monkeypatch
):
    monkeypatch.setattr(worker, "EPOCH_SECONDS", 0)  # each checkpoint writes as well
    execution = begin(epochs=100_000)
    training = execution._open()
    execution._handle(training.send(None))
    store.request_stop("ann", execution.run.id)
    assert execution._handle(training.send(None))


def test_a_stopped_run_is_stopped_before_its_result_is_computed(store, begin):
    execution = begin(epochs=40)
    training = execution._open()
    execution._handle(training.send(None))
    store.request_stop("ann", execution.run.id)
    execution.recorded = float("-inf")
    assert execution._handle(training.send(None))
    run = run_of(store, execution)
    assert (run.status, run.closing) == ("stopped", True)
    assert store.result("ann", run.id) is None
    execution._finish(execution._iterate(training))
    assert not run_of(store, execution).closing
    assert store.result("ann", run.id)


def stop_and_die(store, execution, epoch):
    """Have a run stopped at an epoch by a worker that dies before its result."""
    training = execution._open()
    ask_to_stop_at(store, execution, epoch)
    while not execution._handle(training.send(None)):
        pass
    assert run_of(store, execution).closing


def test_the_result_of_a_stopped_run_whose_worker_died_is_computed_by_the_next_one(
    store, begin
):
    whole, undisturbed, dead = (begin(epochs=40) for _ in range(3))
    whole.train()
    ask_to_stop_at(store, undisturbed, 13)
    undisturbed.train()
    stop_and_die(store, dead, 13)
    run_id = dead.run.id
    another_dead = begin(run_id)
    another_dead._handle(another_dead._open().send(None))
    assert run_of(store, dead).closing
    last = begin(run_id)
    last.train()
    run = run_of(store, last)
    assert (run.status, run.closing, run.error) == ("stopped", False, None)
    assert result(store, last) == result(store, undisturbed)
    assert store.points(run_id) == store.points(undisturbed.run.id)
    assert RunWriter.claim(store, run_id) is None
    store.request_resume("ann", run_id)
    begin(run_id).train()
    assert result(store, last) == result(store, whole)
    assert store.points(run_id) == store.points(whole.run.id)


def test_a_run_whose_worker_died_before_it_saw_the_stop_is_stopped_by_the_next_one(
    store, begin, monkeypatch
):
    monkeypatch.setattr(worker, "EPOCH_SECONDS", 0)
    dead = begin(epochs=40)
    training = dead._open()
    for _ in range(13):
        dead._handle(training.send(None))
    store.request_stop("ann", dead.run.id)
    second = begin(dead.run.id)
    assert run_of(store, second).closing  # before the task has set itself up
    second.train()
    run = run_of(store, second)
    assert (run.status, run.closing, run.progress) == ("stopped", False, 12)
    assert result(store, second).epochs == 12


def test_a_stopped_run_whose_result_kills_its_workers_stays_stopped_with_the_reason(
    store, begin, checkpoints
):
    store.seconds = -1.0
    dead = begin(epochs=40)
    dead._handle(dead._open().send(None))
    for _ in range(6):
        last = begin(dead.run.id)
    last.train()
    run = run_of(store, last)
    assert (run.status, run.closing) == ("stopped", False)
    assert "the limit for one go" in run.error
    assert "was not computed: the worker crashed 6 times" in run.error
    assert store.result("ann", run.id) is None
    store.seconds = 600
    store.request_resume("ann", run.id)
    begin(run.id).train()
    assert result(store, last).epochs == 40


def test_a_trial_that_was_stopped_and_whose_worker_died_gets_no_result(store, begin):
    pruning = Pruning(metric="total")
    dead = begin(epochs=40)
    change(store, pruning=pruning.to_json())
    store.request_stop("ann", dead.run.id)
    last = begin(dead.run.id)
    last.train()
    run = run_of(store, last)
    assert (run.status, run.closing) == ("stopped", False)
    assert store.result("ann", run.id) is None


def test_a_run_resumed_while_its_result_is_computed_takes_no_late_result(store, begin):
    execution = begin(epochs=40)
    training = execution._open()
    store.request_stop("ann", execution.run.id)
    execution._handle(training.send(None))
    store.request_resume("ann", execution.run.id)
    with pytest.raises(Superseded):
        execution._finish(execution._iterate(training))
    assert run_of(store, execution).status == "queued"


def test_a_second_execution_goes_on_from_the_checkpoint_of_a_dead_one(
    store, begin, monkeypatch
):
    monkeypatch.setattr(worker, "EPOCH_SECONDS", 0)
    whole = begin(epochs=25)
    whole.train()
    dead = begin(epochs=25)
    training = dead._open()
    for _ in range(12):
        dead._handle(training.send(None))
    second = begin(dead.run.id)
    second.train()
    assert second.run.attempt == 2
    assert result(store, second) == result(store, whole)
    assert store.points(second.run.id) == store.points(whole.run.id)


@pytest.fixture(params=["counting", "text", "adding"])
def begin_task(request, store, site, checkpoints, counting):
    """Returns a function as `begin`, of a task whose epochs take milliseconds."""
    task = get_task(request.param)
    config, data = (Config(), 1.0) if task is counting else task.tiny()

    def begin_task(run_id=None):
        content = task.encode_data(data)
        run_id = run_id or store.create(
            "ann", request.param, config, title="t", data=content
        )
        return Execution(site, RunWriter.claim(store, run_id), checkpoints)

    return begin_task


def assert_the_same(store, one, other):
    task = get_task(one.run.task)
    results = [task.Result.decode(store.result("ann", e.run.id)) for e in (one, other)]
    assert alike(*results)
    assert store.points(one.run.id) == store.points(other.run.id)


def test_a_run_that_died_at_its_last_epoch_ends_like_an_undisturbed_one(
    store, begin_task, checkpoints, monkeypatch
):
    monkeypatch.setattr(worker, "EPOCH_SECONDS", 0)
    whole, dead = begin_task(), begin_task()
    whole.train()
    training, progress = dead._open(), None
    while progress is None or not progress.final:
        progress = training.send(None)
        dead._handle(progress)
    assert checkpoints.load(dead.run.id)[1] == progress.total
    last = begin_task(dead.run.id)
    last.train()
    run = run_of(store, last)
    assert (run.status, run.error, run.progress) == ("done", None, run.total)
    assert_the_same(store, last, whole)


def test_a_run_stopped_at_its_last_epoch_goes_on_to_the_same_end(store, begin_task):
    whole, stopped = begin_task(), begin_task()
    whole.train()
    ask_to_stop_at(store, stopped, run_of(store, whole).total)
    stopped.train()
    assert run_of(store, stopped).status == "stopped"
    assert_the_same(store, stopped, whole)
    store.request_resume("ann", stopped.run.id)
    last = begin_task(stopped.run.id)
    last.train()
    run = run_of(store, last)
    assert (run.status, run.error) == ("done", None)
    assert_the_same(store, last, whole)


def test_a_dead_execution_loses_no_epoch_that_had_its_checkpoint(
    store, begin, checkpoints, monkeypatch
):
    monkeypatch.setattr(worker, "EPOCH_SECONDS", 0)
    dead = begin(epochs=25)
    training = dead._open()
    for _ in range(13):
        dead._handle(training.send(None))
    assert checkpoints.load(dead.run.id)[1] == 12
    assert store.points(dead.run.id)[-1].epoch == 12


def test_an_execution_whose_run_was_taken_over_ends_without_a_trace(store, begin):
    first = begin(epochs=20)
    training = first._open()
    first._handle(training.send(None))
    second = begin(first.run.id)
    first.recorded = float("-inf")
    with pytest.raises(Superseded):
        first._handle(training.send(None))
    second.train()
    assert run_of(store, second).status == "done"


def test_the_reason_of_a_failed_training_is_kept_for_its_owner(store, begin):
    execution = begin(fail_at=3)
    execution.train()
    run = run_of(store, execution)
    assert run.status == "failed"
    assert run.error == "This epoch cannot be done. Choose another one."


def test_an_unexpected_error_is_logged_and_its_text_is_not_shown(
    store, begin, counting, monkeypatch, caplog
):
    def train(config, data, resume):
        raise KeyError("secret path")
        yield

    monkeypatch.setattr(get_task("counting"), "train", train)
    execution = begin()
    execution.train()
    run = run_of(store, execution)
    assert run.status == "failed"
    assert "KeyError" in run.error
    assert "secret" not in run.error
    assert execution.run.id in caplog.text


def test_a_run_that_died_six_times_without_progress_fails_with_the_reason(store, begin):
    execution = begin()
    for _ in range(6):
        execution = begin(execution.run.id)
    execution.train()
    run = run_of(store, execution)
    assert run.status == "failed"
    assert "crashed 6 times" in run.error


def test_a_run_over_its_time_stops_with_a_result_and_can_be_resumed(store, begin):
    store.seconds = -1.0
    execution = begin(epochs=50)
    execution.train()
    run = run_of(store, execution)
    assert run.status == "stopped"
    assert "limit" in run.error
    assert result(store, execution).epochs == 0
    store.seconds = 600
    store.request_resume("ann", run.id)
    again = begin(run.id)
    again.train()
    assert result(store, again).epochs == 50


def test_a_result_that_takes_longer_than_the_training_may_is_given_up(
    store, site, begin, counting, monkeypatch
):
    def train(config, data, resume):
        while True:  # whether it is asked to end or not
            yield Progress(epoch=1, total=2, state=dict)

    monkeypatch.setattr(get_task("counting"), "train", train)
    store.seconds = -1.0
    execution = begin()
    execution.site = replace(site, run_seconds=0)
    execution.train()
    run = run_of(store, execution)
    assert (run.status, run.closing) == ("stopped", False)
    assert "the limit for one go" in run.error
    assert "was not computed: that takes longer" in run.error
    assert store.result("ann", run.id) is None


def test_a_trial_that_pauses_for_another_run_waits_again_and_ends_the_same(
    store, begin
):
    whole = begin(epochs=40)
    whole.train()
    paused = begin(epochs=40)
    training = paused._open()
    for _ in range(14):
        paused._handle(training.send(None))
    store.request_pause([paused.run.id])
    paused.recorded = float("-inf")
    paused._iterate = lambda training: [paused._handle(next(training))]
    paused._open = lambda: training
    paused.train()
    run = run_of(store, paused)
    assert (run.status, run.pause, run.attempt) == ("queued", None, 0)
    assert run.progress == 14
    again = begin(run.id)
    again.train()
    assert result(store, again) == result(store, whole)
    assert store.points(run.id) == store.points(whole.run.id)


def test_a_trial_that_was_stopped_while_it_paused_does_not_wait_again(store, begin):
    execution = begin(epochs=40)
    store.request_stop("ann", execution.run.id)
    execution.writer.pause()
    run = run_of(store, execution)
    assert (run.status, run.active) == ("stopped", False)
    assert run.finished
