"""Whole searches, their runs trained in this process."""

import random
import time
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import select, update

from core.lesson import adding
from core.lesson.writing import Config as TextConfig
from core.lesson.writing.corpus import own_names
from core.runs.run import LimitError
from core.runs.search.engine import Engine
from core.runs.settings import Site
from core.runs.store import Checkpoints, RunWriter, Store
from core.runs.store.cleaning import Cleaner
from core.runs.store.repeats import data_of
from core.runs.store.schema import files, studies
from core.runs.store.studies import Studies
from core.runs.worker import Execution
from tests.driver.core.search import BASE, Work, begin
from tests.rows import change, place_in_queue


@pytest.fixture
def url(sqlite_store):
    return sqlite_store


@pytest.fixture
def work(store, site, checkpoints):
    """Returns a function that trains the runs of a study until it ends."""
    return Work(store, site, checkpoints)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A store with an undisturbed search that has ended, and this search."""
    folder = tmp_path_factory.mktemp("search")
    store = Store(f"sqlite:///{folder / 'runs.sqlite'}")
    site = Site(home=folder, database_url="")
    checkpoints = Checkpoints(site.checkpoints, store.installation())
    yield store, Work(store, site, checkpoints)(begin(store))
    store.close()


@pytest.fixture(scope="module")
def expected(undisturbed):
    """What an undisturbed search comes to."""
    return figures(undisturbed[1])


def figures(study):
    """What a study came to, without the ids of its runs."""
    trials = [
        {name: value for name, value in trial.items() if name != "run"}
        for trial in study.summary["trials"]
    ]
    names = ("best", "confirmed", "beats_default", "p")
    return trials, {name: study.summary[name] for name in names}


def test_a_search_begins_with_the_settings_it_started_from_and_ends_with_a_verdict(
    undisturbed,
):
    _, study = undisturbed
    trials = study.summary["trials"]
    assert study.status == "done"
    assert [trial["number"] for trial in trials] == list(range(8))
    assert trials[0]["settings"] == {"units": 4, "learning_rate": 0.01}
    assert {trial["state"] for trial in trials} <= {"complete", "pruned"}
    complete = [trial for trial in trials if trial["state"] == "complete"]
    best = min(complete, key=lambda trial: trial["value"])
    assert study.summary["best"] == best["number"]
    assert len(study.summary["confirmed"]["best"]) == 5
    assert isinstance(study.summary["beats_default"], bool)


def test_a_search_repeats_in_whatever_order_its_runs_end_and_though_it_is_stopped(
    store, work, expected
):
    study_id = begin(store)
    found, choose = Studies(store), random.Random(0).choice
    for steps in (1, 4, 9, 3):
        work(study_id, choose, steps)
        found.stop("ann", study_id)
        stopped = found.get("ann", study_id)
        Engine(found).advance()
        assert found.get("ann", study_id) == stopped
        assert not any(run.active for run in found.runs(study_id))
        found.resume("ann", study_id)
    assert figures(work(study_id, choose)) == expected


def test_a_search_is_the_same_in_postgresql(
    postgres_store, site, checkpoints, expected
):
    store = Store(postgres_store)
    work, found = Work(store, site, checkpoints), Studies(store)
    study_id = begin(store)
    work(study_id, steps=6)
    found.stop("ann", study_id)
    found.resume("ann", study_id)
    assert figures(work(study_id, lambda queued: queued[-1])) == expected
    found.delete("ann", study_id)
    assert found.of_owner("ann") == found.runs(study_id) == []
    store.close()


def test_a_search_may_be_stopped_and_resumed_while_its_best_is_confirmed(store, work):
    study_id, found = begin(store, trials=2), Studies(store)
    while found.get("ann", study_id).status == "running":
        work(study_id, steps=1)
    found.stop("ann", study_id)
    found.resume("ann", study_id)
    assert found.get("ann", study_id).status == "confirming"
    assert work(study_id).status == "done"


def test_the_test_part_is_looked_at_for_the_best_and_the_default_alone(undisturbed):
    store, study = undisturbed
    with store.reading() as connection:
        with_result = set(connection.execute(select(files.c.training)).scalars())
    for run in Studies(store).runs(study.id):
        confirms = run.trial >= 8
        assert (run.id in with_result) == confirms
        assert bool(run.summary) == confirms
        assert bool(store.snapshots("ann", run.id)) == confirms
    assert study.summary["test"].keys() == {"best", "default"}
    assert study.summary["test"]["best"]["lstm_mse"] > 0


def test_a_trial_that_was_ended_early_can_be_resumed_to_its_result(
    store, work, site, checkpoints
):
    trials = work(begin(store, trials=16)).summary["trials"]
    pruned = next(trial for trial in trials if trial["state"] == "pruned")
    run = store.get("ann", pruned["run"])
    assert (run.status, run.summary) == ("stopped", {})
    assert run.error.startswith("Stopped by the search")
    assert run.progress < BASE["epochs"]
    store.request_resume("ann", run.id)
    Execution(site, RunWriter.claim(store, run.id), checkpoints).train()
    run = store.get("ann", run.id)
    assert run.status == "done"
    assert adding.Result.decode(store.result("ann", run.id)).epochs == BASE["epochs"]


def test_a_trial_that_explodes_has_failed_and_the_search_goes_on(store, work):
    config = adding.Config(**BASE, clip=0, optimizer="sgd")
    space = ("learning_rate=0.01,10", "recurrent_scale=1,3")
    study = work(begin(store, *space, config=config, trials=4, seeds=1))
    states = [trial["state"] for trial in study.summary["trials"]]
    assert study.status == "done"
    assert "failed" in states
    assert study.summary["trials"][states.index("failed")]["value"] is None


def test_a_search_of_which_no_trial_is_completed_fails_with_the_reason(store, work):
    config = adding.Config(**BASE, clip=0, optimizer="sgd", learning_rate=10)
    study = work(begin(store, "units=4:64", config=config, trials=2, seeds=1))
    assert study.status == "failed"
    assert "No trial was completed. The training ended before" in study.error


def test_after_its_minutes_the_best_so_far_is_confirmed(store, work):
    study_id = begin(store, trials=100)
    work(study_id, steps=7)
    with store.engine.begin() as connection:
        connection.execute(update(studies).values(until=time.time() - 1))
    study = work(study_id)
    assert study.status == "done"
    assert len(study.summary["trials"]) < 20
    assert not any(run.active for run in Studies(store).runs(study_id))


def test_a_search_of_a_setting_without_effect_says_that_nothing_is_better(store, work):
    config = TextConfig(cell="rnn", units=6, epochs=2, steps=5, batch=8, sample=1)
    space = ("forget_bias=-2:2",)  # which an RNN has not
    data = own_names()
    study_id = begin(store, *space, task="text", config=config, data=data, trials=6)
    summary = work(study_id).summary
    assert len({trial["value"] for trial in summary["trials"]}) == 1
    assert (summary["best"], summary["beats_default"], summary["p"]) == (0, False, None)
    assert summary["confirmed"].keys() == {"default"}


def test_the_data_of_a_trial_are_those_of_its_search_for_its_owner_alone(store):
    config, data = TextConfig(), own_names()
    study_id = begin(store, "units=4:8", task="text", config=config, data=data)
    Engine(Studies(store)).advance()
    trial = Studies(store).runs(study_id)[0]
    assert data_of(store, "ann", trial.id) == Studies(store).data("ann", study_id)
    assert data_of(store, "bob", trial.id) is None


def test_no_checkpoint_is_left_of_a_removed_search(store, work, site, checkpoints):
    study_id, found = begin(store), Studies(store)
    work(study_id, steps=1)
    run = found.runs(study_id)[-1]
    checkpoints.save(run.id, {"x": np.zeros(3)}, 1, 1)
    cleaner = Cleaner(site, store)
    cleaner.remove_orphans()
    assert run.id in checkpoints.sizes()
    found.stop("ann", study_id)
    found.delete("ann", study_id)
    cleaner.remove_orphans()
    assert checkpoints.sizes() == {}


def test_a_removed_search_takes_its_runs_with_it(store, work):
    study_id, found = begin(store), Studies(store)
    work(study_id, steps=3)
    writer = RunWriter.claim(store, found.runs(study_id)[-1].id)
    found.delete("ann", study_id)
    assert found.of_owner("ann") == found.runs(study_id) == []
    assert writer is None or store.status(writer.run.id) is None


def test_one_person_has_one_search_at_a_time_and_its_trials_take_no_place(store, work):
    study_id = begin(store)
    Engine(Studies(store)).advance()
    with pytest.raises(LimitError, match="one at a time"):
        begin(store)
    begin(store, owner="bob")
    for _ in range(4):  # as many as without a search
        run_id = store.create(
            "ann", "adding", adding.Config(**BASE), title="t", data=b"d"
        )
    assert place_in_queue(store, run_id) == 4
    assert len(store.runs_of("ann")) == 4
    Studies(store).stop("ann", study_id)
    begin(store)


def test_old_trials_of_an_ended_search_are_removed_and_the_search_with_the_last(
    store, work, site
):
    study_id, found = begin(store, trials=2), Studies(store)
    work(study_id, steps=2)
    change(store, created=0.0, finished=0.0)
    cleaner = Cleaner(replace(site, keep_days=1), store)
    cleaner.clean()
    assert len(found.runs(study_id)) >= 2  # they may be needed again
    found.stop("ann", study_id)
    change(store, created=0.0, finished=0.0)
    cleaner.clean()
    assert found.of_owner("ann") == []


def test_trials_wait_in_the_store_four_at_a_time(store):
    study_id, found = begin(store), Studies(store)
    for _ in range(3):
        Engine(found).advance()
    assert [run.trial for run in found.runs(study_id)] == [0, 1, 2, 3]


def test_a_trial_reads_the_data_of_its_own_search(store):
    found = Studies(store)
    for owner in ("ann", "bob"):
        study_id = begin(store, owner=owner)
        change_data(store, study_id, owner.encode())
    Engine(found).advance()
    for run in found.runs(study_id):
        assert RunWriter.claim(store, run.id).data() == b"bob"


def change_data(store, study_id, data):
    with store.engine.begin() as connection:
        this = update(studies).where(studies.c.id == study_id)
        connection.execute(this.values(data=data))
