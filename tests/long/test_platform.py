"""The platform whole: a real store, a real cluster, and what can happen to them."""

import os
import socket
from contextlib import suppress
from dataclasses import replace

import dask
import pytest
from sqlalchemy import delete

from core.lesson import adding, writing
from core.runs import LimitError, Platform, Site
from core.runs.search.space import Extent, Plan, parse_space
from core.runs.store.schema import classes
from core.task import UserError
from tests.conftest import wait_until
from tests.driver.core import platform as base
from tests.driver.core.platform import (
    EPOCHS,
    at_epoch,
    begin,
    config,
    ended,
    family,
    same,
    workers,
)

# Fixtures: pytest finds them by name.
expected, owner = base.expected, base.owner


@pytest.fixture(scope="module")
def platform(home):
    platform = Platform()
    platform.supervisor.warm()
    wait_until(lambda: workers(platform), what="workers")
    yield platform
    platform.close()


def test_a_run_in_a_worker_ends_with_its_result(platform, expected):
    result = writing.Result.decode(platform.store.result("undisturbed", expected.id))
    assert result.epochs == EPOCHS
    assert result.summary() == expected.summary


@pytest.fixture
def school(platform):
    """A class: its members join each other's trainings on data of their own."""
    code = platform.classes.create(f"teacher {os.urandom(4).hex()}", "8a")
    for owner in ("ann", "bob", "eve"):
        platform.classes.join(owner, code, owner)
    yield code
    with platform.store.engine.begin() as connection:
        connection.execute(delete(classes).where(classes.c.code == code))


def press(platform, owner, **changes):
    """Start a training as a Train button does."""
    _, names = writing.TASK.tiny()
    return platform.start(owner, "text", config(**changes), names, join=True)


@pytest.mark.usefixtures("school")
def test_two_subscribers_of_one_training_see_each_epoch_and_its_end(platform):
    runs = {owner: press(platform, owner, seed=31) for owner in ("ann", "bob")}
    assert len(set(runs.values())) == 2
    for owner, run_id in runs.items():
        at_epoch(platform, owner, run_id, 5)
        assert platform.store.points(run_id)
    ann, bob = (ended(platform, *each) for each in runs.items())
    same(platform, bob, "bob", ann)
    assert (bob.starts, bob.summary) == (1, ann.summary)
    assert ann.own_data
    assert bob.own_data
    store = platform.store
    assert store.result("bob", bob.id) == store.result("ann", ann.id)
    third = store.get("eve", press(platform, "eve", seed=31))
    assert third.known_before
    assert store.result("eve", third.id) == store.result("ann", ann.id)
    stranger = press(platform, "a stranger", seed=31)
    assert store.get("a stranger", stranger).training == stranger
    platform.stop("a stranger", stranger)


@pytest.mark.usefixtures("school")
def test_a_training_the_last_subscriber_stopped_resumes_from_its_checkpoint(
    platform, expected
):
    runs = {owner: press(platform, owner) for owner in ("ann", "bob")}
    at_epoch(platform, "bob", runs["bob"], EPOCHS // 3)
    for owner, run_id in runs.items():
        platform.stop(owner, run_id)
    half = ended(platform, "ann", runs["ann"], "stopped")
    stopped = ended(platform, "bob", runs["bob"], "stopped")
    assert half.progress <= stopped.progress < EPOCHS
    platform.resume("bob", runs["bob"])
    bob = ended(platform, "bob", runs["bob"])
    left = platform.store.get("ann", runs["ann"])
    assert (left.status, left.progress) == ("stopped", half.progress)
    same(platform, bob, "bob", expected)
    platform.resume("ann", runs["ann"])
    same(platform, platform.store.get("ann", runs["ann"]), "ann", expected)


def test_one_person_trains_one_run_at_a_time_and_queues_three(platform, owner):
    runs = [begin(platform, owner, steps=200) for _ in range(4)]
    with pytest.raises(LimitError):
        begin(platform, owner)
    at_epoch(platform, owner, runs[0], 5)
    states = [platform.store.get(owner, run_id).status for run_id in runs]
    assert states == ["running", "queued", "queued", "queued"]
    for run_id in reversed(runs):
        platform.stop(owner, run_id)
        assert platform.store.get(owner, run_id).status == "stopped"


def test_a_second_process_finds_the_cluster_and_starts_none(platform):
    address = platform.supervisor.cluster.local.address()
    before = {process.pid for process in family(platform.site.home)}
    second = Platform()
    second.supervisor.warm()
    second.supervisor.wake()
    wait_until(lambda: workers(second))
    assert second.supervisor.cluster.local.address() == address
    assert {process.pid for process in family(platform.site.home)} <= before
    second.close()


def test_nothing_of_the_cluster_listens_beyond_this_machine(platform):
    platform.supervisor.warm()
    wait_until(lambda: workers(platform), what="workers")
    addresses = {
        connection.laddr.ip
        for process in family(platform.site.home)
        for connection in process.net_connections("tcp")
        if connection.status == "LISTEN"
    }
    assert addresses == {"127.0.0.1"}


def test_no_port_of_the_cluster_answers_without_keys(platform):
    ports = {
        connection.laddr.port
        for process in family(platform.site.home)
        for connection in process.net_connections("tcp")
        if connection.status == "LISTEN"
    }
    assert len(ports) > 2 * workers(platform)
    request = b"GET /info/main/workers.html HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for port in ports:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as anybody:
            anybody.sendall(request)
            with suppress(ConnectionError):
                answer = anybody.recv(100)
                assert not answer.startswith(b"HTTP") or b" 404 " in answer
                assert b"compression" not in answer  # a Dask server's first words


def test_an_encrypted_scheduler_is_refused_without_keys(monkeypatch):
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tls://main.example:8786")
    with pytest.raises(UserError, match="needs TLS keys"):
        Site.from_env()


def test_an_existing_cluster_is_used_where_one_is_named(platform, owner):
    local = platform.supervisor.cluster.local
    tls = local.security().get_tls_config_for_role("client")
    keys = {"client": {"cert": tls["cert"], "key": tls["key"]}}
    with dask.config.set({"distributed.comm.tls": {"ca-file": tls["ca_file"], **keys}}):
        other = Platform(replace(Site.from_env(), scheduler=local.address()))
        try:
            ended(other, owner, begin(other, owner, epochs=2))
            assert other.supervisor.cluster.local is None
        finally:
            other.close()


def begin_search(platform, owner, trials=8, **changes):
    settings = {"units": 8, "length": 50, "epochs": 15, "steps": 40, **changes}
    config = adding.Config(**settings)
    space = parse_space(["learning_rate=1e-3:0.1:log"], adding.Config)
    plan = Plan(space=space, extent=Extent(trials=trials, seeds=1))
    return platform.start_search(owner, "adding", config, None, plan)


def test_a_search_yields_a_worker_to_a_training_and_continues_afterwards(
    platform, owner
):
    study_id = begin_search(platform, owner)
    count = workers(platform)

    def training():
        found = platform.studies.runs(study_id)
        return sum(run.status == "running" and run.progress > 0 for run in found)

    wait_until(lambda: training() == count, what="a trial on each worker")
    ended(platform, "visitor", begin(platform, "visitor", epochs=5))
    assert platform.studies.get(owner, study_id).active
    wait_until(lambda: training() == count, what="a trial on each worker again")
    paused = [run for run in platform.studies.runs(study_id) if run.starts > 1]
    assert paused
    assert all(run.attempt <= 1 for run in paused)
    platform.stop_search(owner, study_id)
    over = "the end of its runs"
    found = platform.studies.runs
    wait_until(lambda: not any(r.active for r in found(study_id)), what=over)


def test_a_search_goes_on_without_the_process_that_began_it(platform, owner):
    other = Platform()
    study_id = begin_search(other, owner, trials=2, epochs=2)
    other.close()
    found = platform.studies
    wait_until(lambda: not found.get(owner, study_id).active, what="its end")
    assert found.get(owner, study_id).status == "done"
