import itertools
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select, update

from core.runs import Platform
from core.runs.store import Checkpoints, RunWriter, Store
from core.runs.store.cleaning import DAY, MEGABYTE, Cleaner
from core.runs.store.schema import (
    files,
    points,
    reads,
    runs,
    studies,
    trainings,
)
from core.runs.store.studies import Studies
from core.task import Point
from tests.conftest import at_once, wait_until
from tests.core.command import call
from tests.core.runs.counting import Config


@pytest.fixture
def cleaner(site, store):
    """Returns a cleaner that keeps so much."""

    def cleaner(**limits):
        return Cleaner(replace(site, **limits), store)

    return cleaner


@pytest.fixture
def run(store, checkpoints):
    """Returns a function that leaves a run of a certain age and size."""

    def run(days=0.0, status="done", megabytes=0.0):
        run_id = store.create("ann", "counting", Config(), title="t", data=b"1")
        writer = RunWriter.claim(store, run_id)
        point = Point(epoch=1, metrics={"total": 1.0}, snapshot=b"s" * 100)
        writer.record([point], progress=1, total=1, seconds=1)
        checkpoints.save(run_id, {}, 1)
        if status != "running":
            result = b"r" * int(megabytes * MEGABYTE)
            writer.finish(status, result=result)
        then = time.time() - days * DAY
        with store.engine.begin() as connection:
            this = update(runs).where(runs.c.id == run_id)
            connection.execute(this.values(created=then))
            training = update(trainings).where(trainings.c.id == run_id)
            connection.execute(training.values(queued=then))
            ended = training.where(trainings.c.finished.is_not(None))
            connection.execute(ended.values(finished=then))
        return run_id

    return run


def ids(store):
    return {run.id for run in store.runs_of("ann")}


def removed(plan):
    return [old.id for old in plan.removed]


def test_a_run_over_its_age_goes_with_all_that_it_left(
    store, cleaner, run, checkpoints
):
    old, young = run(days=8), run(days=6)
    done = cleaner(keep_days=7).clean()
    assert removed(done) == [old]
    assert done.summary()["bytes"] > 100
    assert ids(store) == {young}
    with store.engine.connect() as connection:
        for table in (points, files):
            left = set(connection.execute(select(table.c.training)).scalars())
            assert left == {young}
    assert set(checkpoints.sizes()) == {young}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("status", ["stopped", "failed"])
def test_ended_runs_of_every_status_are_removed_by_age(store, cleaner, run, status):
    run(days=8, status=status)
    cleaner(keep_days=7).clean()
    assert ids(store) == set()


def test_a_run_that_trains_or_waits_is_never_removed(store, cleaner, run, checkpoints):
    training = run(days=90, status="running")
    waiting = run(days=90, status="stopped")
    store.request_resume("ann", waiting)
    cleaner(keep_days=1, keep_mb=0).clean()
    assert ids(store) == set(checkpoints.sizes()) == {training, waiting}


def test_a_run_viewed_by_its_owner_is_not_removed_by_age(store, cleaner, run):
    seen, unseen = run(days=90), run(days=90)
    store.get("ann", seen)
    store.get("bob", unseen)
    cleaner(keep_days=7, keep_mb=0).clean()
    assert ids(store) == {seen}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_run_that_ended_just_now_is_kept_whatever_the_size(store, cleaner, run):
    fresh = run(megabytes=1)
    cleaner(keep_mb=0.5).clean()
    assert ids(store) == {fresh}


def test_the_least_recently_used_go_until_the_rest_fits(store, cleaner, run):
    run_ids = [run(days=days, megabytes=1) for days in (5, 3, 4, 2)]
    done = cleaner(keep_mb=2.5).clean()
    assert removed(done) == [run_ids[0], run_ids[2]]
    assert done.summary()["bytes_left"] < 2.5 * MEGABYTE
    assert ids(store) == {run_ids[1], run_ids[3]}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_data_of_a_search_count_and_go_with_its_last_run(store, cleaner, run):
    study_id = Studies(store).create(
        "ann",
        "counting",
        Config(),
        title="t",
        data=b"d" * 3 * MEGABYTE,
        plan="{}",
        minutes=1,
    )
    trials, other = {run(days=3), run(days=2)}, run(days=1)
    with store.engine.begin() as connection:
        connection.execute(update(studies).values(status="done"))
        these = update(trainings).where(trainings.c.id.in_(trials))
        connection.execute(these.values(study=study_id))
    assert 3 * MEGABYTE < cleaner().plan().total < 3.1 * MEGABYTE
    cleaner(keep_mb=2).clean(most=1)
    assert cleaner().plan().total > 3 * MEGABYTE
    assert set(removed(cleaner(keep_mb=2).clean())) < trials
    assert Studies(store).of_owner("ann") == []
    assert ids(store) == {other}


def test_nothing_is_removed_without_a_limit(store, cleaner, run):
    kept = run(days=900, megabytes=1)
    assert not cleaner(keep_mb=None).wanted
    cleaner(keep_mb=None).clean()
    assert ids(store) == {kept}


def test_a_run_resumed_after_the_plan_was_made_is_kept(
    store, cleaner, run, monkeypatch
):
    old = run(days=9, status="stopped")
    late = cleaner(keep_days=7)
    plan = late.plan()
    store.request_resume("ann", old)
    monkeypatch.setattr(late, "plan", lambda: plan)
    assert removed(late.clean()) == []
    assert ids(store) == {old}


def test_a_run_viewed_after_the_plan_was_made_is_kept(store, cleaner, run, monkeypatch):
    old = run(days=9)
    late = cleaner(keep_days=7)
    plan = late.plan()
    store.get("ann", old)
    monkeypatch.setattr(late, "plan", lambda: plan)
    assert removed(late.clean()) == []
    assert ids(store) == {old}


def test_a_plan_made_while_another_cleaner_works_removes_none_too_many(
    store, cleaner, run, checkpoints, monkeypatch
):
    run_ids = [run(days=30 - n, megabytes=0.1) for n in range(6)]
    for run_id in run_ids:
        checkpoints.save(run_id, {"weights": np.zeros(MEGABYTE // 80)}, 1)
    sizes = Checkpoints.sizes

    def sizes_and_then_another_cleans(checkpoints):
        found = sizes(checkpoints)
        monkeypatch.setattr(Checkpoints, "sizes", sizes)
        assert len(cleaner(keep_mb=0.65).clean().removed) == 3
        return found

    monkeypatch.setattr(Checkpoints, "sizes", sizes_and_then_another_cleans)
    assert removed(cleaner(keep_mb=0.65).plan()) == []
    assert ids(store) == set(run_ids[3:])


def test_installations_that_share_a_place_remove_no_checkpoint_of_each_other(
    site, store, tmp_path
):
    other_store = Store(f"sqlite:///{tmp_path / 'other.sqlite'}")
    both = store, other_store
    for each in both:
        run_id = each.create("ann", "counting", Config(), title="t", data=b"1")
        there = Checkpoints(site.checkpoints, each.installation())
        there.save(run_id, {}, 3)
        there.save("f" * 32, {}, 4)  # of a run that is gone
    for each in both:
        Cleaner(site, each).remove_orphans()
    for each in both:
        there = Checkpoints(site.checkpoints, each.installation())
        assert [there.load(run.id)[1] for run in each.runs_of("ann")] == [3]
        assert len(there.sizes()) == 1
    other_store.close()


def test_two_processes_of_an_installation_have_the_same_checkpoints(site, store, url):
    other = Store(url)
    ours, theirs = (Cleaner(site, each).checkpoints for each in (store, other))
    ours.save("f" * 32, {}, 3)
    assert theirs.load("f" * 32)[1] == 3
    other.close()


def test_two_cleaners_at_once_remove_each_run_once_and_none_too_many(
    store, cleaner, run
):
    run_ids = [run(days=30 - n, megabytes=0.1) for n in range(16)]
    limited = {"keep_mb": 0.85}
    expected = removed(cleaner(**limited).plan())
    plans = at_once(*(cleaner(**limited).clean for _ in range(2)))
    assert sorted(itertools.chain(*map(removed, plans))) == sorted(expected)
    assert 0 < len(expected) < len(run_ids)
    assert ids(store) == set(run_ids) - set(expected)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_orphaned_checkpoints_are_removed(store, cleaner, run, checkpoints):
    kept = run(status="stopped")
    checkpoints.save("0" * 32, {}, 3)
    (Path(checkpoints.folder) / f"{'1' * 32}.77.part").write_bytes(b"half")
    cleaner(keep_days=7).clean()
    assert [path.stem for path in Path(checkpoints.folder).iterdir()] == [kept]


def test_repeated_views_of_a_run_are_recorded_once(store, run):
    seen = run()
    for _ in range(5):
        store.get("ann", seen)
    with store.engine.connect() as connection:
        before = connection.execute(select(func.max(reads.c.at))).scalar_one()
        store.get("ann", seen)
        assert connection.execute(select(func.max(reads.c.at))).scalar_one() == before


def test_a_run_is_shown_even_if_the_view_cannot_be_recorded(store, run, caplog):
    seen = run()
    with store.engine.begin() as connection:
        reads.drop(connection)
    assert store.get("ann", seen).id == seen
    assert "not noted" in caplog.text


def test_the_supervisor_removes_old_runs_by_itself(site, store, run, url):
    old = run(days=9)
    platform = Platform(replace(site, database_url=url, keep_days=7))
    try:
        wait_until(lambda: old not in ids(store), seconds=10, what="the clean-up")
    finally:
        platform.close()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_command_says_what_it_would_remove_and_then_removes_it(
    site, store, run, url, monkeypatch
):
    run(days=9)
    monkeypatch.setenv("UNROLLED_HOME", str(site.home))
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("UNROLLED_KEEP_DAYS", "7")
    tried = command("clean", "--dry-run")
    assert tried["runs"] == 1
    assert len(ids(store)) == 1
    assert command("clean") == tried
    assert ids(store) == set()


def command(*words):
    return json.loads(call("core.runs", *words).stdout)
