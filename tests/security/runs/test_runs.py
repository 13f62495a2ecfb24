"""Other people's runs, guessed runs, too many runs, and runs no page would start."""

import itertools
import json
import logging
import secrets
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from core import emoji, stock
from core.registry import TASKS, get_task
from core.runs import LimitError
from core.runs.store import RunWriter, run_list
from core.runs.store.limits import Rate
from core.runs.store.schema import runs
from core.runs.worker import Execution
from core.task import Point, bounds_of
from tests.conftest import at_once
from tests.core.runs.counting import Config
from tests.driver.security.runs import GUESSES, everything, queue
from tests.rows import change
from tests.security.conftest import both_databases


@both_databases
def test_another_owners_run_answers_like_one_that_does_not_exist(store, hers):
    nobody = everything(store, "bob", GUESSES["another one"])
    assert everything(store, "bob", hers) == nobody == (None, None, {})
    assert store.runs_of("bob") == []
    before = everything(store, "ann", hers)
    store.request_resume("bob", hers)
    store.request_stop("bob", hers)
    assert everything(store, "ann", hers) == before
    assert None not in before


@both_databases
def test_another_owner_names_notes_stars_deletes_and_restores_nothing(store, hers):
    before = store.get("ann", hers)
    for run_id in (hers, *GUESSES.values()):
        run_list.rename(store, "bob", run_id, "mine")
        run_list.annotate(store, "bob", run_id, "mine")
        run_list.star(store, "bob", run_id, True)
        run_list.delete(store, "bob", [run_id])
    assert store.get("ann", hers) == before
    run_list.delete(store, "ann", [hers])
    run_list.undo_delete(store, "bob", [hers, *GUESSES.values()])
    assert store.get("ann", hers) is None
    assert run_list.last_deleted(store, "bob") == run_list.tasks_of(store, "bob") == []


def test_another_owners_waiting_run_is_not_stopped(store):
    run_id = queue(store)
    store.request_stop("bob", run_id)
    assert store.get("ann", run_id).status == "queued"
    RunWriter.claim(store, run_id)
    store.request_stop("bob", run_id)
    assert not store.get("ann", run_id).stop


@both_databases
def test_a_guessed_run_id_reads_and_changes_nothing(store, hers):
    before = everything(store, "ann", hers)
    for guess, owner in itertools.product(GUESSES.values(), ("ann", "bob")):
        assert everything(store, owner, guess) == (None, None, {})
        store.request_stop(owner, guess)
        store.request_resume(owner, guess)
    assert everything(store, "ann", hers) == before


@pytest.mark.parametrize("guess", GUESSES)
def test_a_guessed_run_names_no_file(checkpoints, guess):
    if guess == "another one":
        assert checkpoints.load(GUESSES[guess]) == (None, 0)
        return
    for touch in (checkpoints.load, checkpoints.discard):
        with pytest.raises(ValueError, match="expected 32 hexadecimal digits"):
            touch(GUESSES[guess])
    with pytest.raises(ValueError, match="expected 32 hexadecimal digits"):
        checkpoints.save(GUESSES[guess], {}, 1)
    assert list(Path(checkpoints.folder).parent.rglob("*.npz")) == []


def test_the_store_keeps_no_owners_token(store):
    token = secrets.token_urlsafe(32)
    run_id = queue(store, token)
    with store.engine.connect() as connection:
        rows = connection.execute(runs.select().where(runs.c.id == run_id)).all()
    assert len(rows) == 1
    assert token not in str(rows)


def test_ids_are_not_to_be_guessed(store):
    ids = [queue(store, f"owner {n}") for n in range(20)]
    assert len({run_id[:8] for run_id in ids}) == 20
    assert all(len(bytes.fromhex(run_id)) == 16 for run_id in ids)


@both_databases
def test_whatever_a_file_is_called_its_run_is_kept(store):
    for title in ("a\0b", "'; DROP TABLE runs; --", "\u202e" * 99):
        run_id = queue(store, title=title)
        assert store.get("ann", run_id).title == title.replace("\0", "")
        RunWriter.claim(store, run_id).finish("failed", error=f"got {title}")
        assert store.get("ann", run_id).error == f"got {title}".replace("\0", "")


def test_the_fifth_unfinished_run_of_an_owner_is_refused_in_words(store, caplog):
    for _ in range(4):
        queue(store)
    with pytest.raises(LimitError, match=r"You have 4 unfinished runs.*Wait for one"):
        queue(store)
    assert len(store.runs_of("ann")) == 4
    assert [r.levelno for r in caplog.records] == [logging.WARNING]
    assert "refused a run" in caplog.text
    queue(store, "bob")
    store.request_stop("ann", store.runs_of("ann")[0].id)
    queue(store)


def test_stopped_runs_that_are_resumed_count_too(store):
    stopped = queue(store)
    store.request_stop("ann", stopped)
    for _ in range(4):
        queue(store)
    with pytest.raises(LimitError, match="4 unfinished runs"):
        store.request_resume("ann", stopped)
    assert store.get("ann", stopped).status == "stopped"


@both_databases
def test_new_cookies_do_not_get_around_the_limit_of_the_queue(store, caplog):
    store.waiting_in_all = 6
    presses = [partial(queue, store, f"cookie {number}") for number in range(12)]
    found = at_once(*presses, refusal=LimitError)
    refused = [str(each) for each in found if isinstance(each, LimitError)]
    assert len(store.active()) == 6
    assert set(refused) == {
        "The queue is full: 6 runs of all people wait for a worker. "
        "Try again in a few minutes."
    }
    assert len(refused) == 6
    assert caplog.text.count("refused a run") == 6
    _, first = store.active()[0]
    RunWriter.claim(store, first.id)  # it trains: there is a place
    queue(store, "another cookie")


def age(store, seconds):
    """Have all runs asked for so many seconds ago."""
    with store.engine.begin() as connection:
        earlier = {"requested": runs.c.requested - seconds}
        connection.execute(update(runs).values(earlier))


def flood(store, address, runs=101):
    """Ask for runs from one address with a new cookie each; return the last refusal."""
    refused = ""
    for n in range(runs):
        try:
            queue(store, f"cookie {address} {n}", address=address)
        except LimitError as error:
            refused = str(error)
        if n % 50 == 49:
            age(store, 61)
    return refused


def test_one_address_with_a_cookie_for_each_run_leaves_room_for_all_others(store):
    refused = flood(store, "203.0.113.5")
    assert len(store.active()) == 100
    assert refused == (
        "100 runs from your network address wait for a worker, and the places left are "
        "kept for others. Try again in a few minutes."
    )
    for n in range(30):  # a class of thirty at another address
        queue(store, f"newcomer {n}", address="198.51.100.7")


def test_a_flood_from_several_addresses_ends_before_the_queue_is_full(store):
    store.waiting_in_all = 40
    for place in range(5):
        assert "kept for others" in flood(store, f"203.0.113.{place}", runs=21)
    queue(store, "newcomer", address="198.51.100.7")


def test_addresses_of_one_network_of_ipv6_are_one(store):
    store.waiting_in_all = 4
    for n in range(2):
        queue(store, f"cookie {n}", address=f"2001:db8::{n + 1}")
    with pytest.raises(LimitError, match="from your network address"):
        queue(store, "cookie 3", address="2001:db8::dead:beef")


def test_an_address_of_ipv4_is_the_same_however_it_is_written(store):
    store.waiting_in_all = 2
    queue(store, "cookie", address="::ffff:192.0.2.1")
    with pytest.raises(LimitError, match="from your network address"):
        queue(store, "another", address="192.0.2.1")


def start_and_stop(store, owner, address=None):
    store.request_stop(owner, queue(store, owner, address=address))


def test_a_person_starts_and_stops_so_many_runs_a_minute(store):
    for _ in range(20):
        start_and_stop(store, "ann")
    with pytest.raises(LimitError, match="You have started 20 runs within a minute"):
        queue(store)
    start_and_stop(store, "bob")
    age(store, 61)
    start_and_stop(store, "ann")


def test_resuming_counts_as_starting(store):
    stopped = queue(store)
    store.request_stop("ann", stopped)
    age(store, 61)
    for _ in range(20):
        start_and_stop(store, "ann")
    with pytest.raises(LimitError, match="within a minute"):
        store.request_resume("ann", stopped)


def test_an_address_starts_and_stops_so_many_runs_a_minute_whatever_the_cookie(store):
    for n in range(100):
        start_and_stop(store, f"cookie {n}", "203.0.113.5")
    with pytest.raises(LimitError, match="People at your network address have started"):
        queue(store, "another", address="203.0.113.5")
    queue(store, "another", address="198.51.100.7")


def test_storage_of_an_owner_and_of_an_address_within_an_hour_is_bounded(
    store, monkeypatch
):
    monkeypatch.setattr("core.runs.store.limits.OWNER", Rate(starts=20, megabytes=2))
    monkeypatch.setattr("core.runs.store.limits.ADDRESS", Rate(starts=100, megabytes=3))
    upload = bytes(900_000)
    for _ in range(2):
        writer = RunWriter.claim(store, queue(store, data=upload, address="192.0.2.1"))
        point = Point(epoch=1, metrics={}, snapshot=bytes(100_000))
        writer.record([point], progress=1, total=1, seconds=1)
        writer.finish("done", result=bytes(100_000))
    with pytest.raises(LimitError, match="You have stored 2 MB"):
        queue(store, address="192.0.2.1")
    with pytest.raises(LimitError, match="at your network address have stored 3 MB"):
        queue(store, "new cookie", data=bytes(2_000_000), address="192.0.2.1")
    queue(store, "elsewhere", data=upload, address="198.51.100.7")
    age(store, 3601)
    queue(store, data=upload, address="192.0.2.1")


def test_an_address_is_kept_as_a_hash_and_for_an_hour_only(store):
    def kept():
        with store.engine.connect() as connection:
            return [row.address for row in connection.execute(runs.select())]

    start_and_stop(store, "ann", "203.0.113.5")
    assert len(kept()[0]) == 64
    assert "203" not in str(bytes.fromhex(kept()[0]))
    age(store, 3601)
    queue(store, "bob")
    assert kept() == [None, None]


def execute(store, site, checkpoints, task, config, data):
    """Put a run into the store, past every check, and let a worker have it."""
    owner = secrets.token_urlsafe(32)
    run_id = store.create(owner, task, Raw(config), title="t", data=data)
    Execution(site, RunWriter.claim(store, run_id), checkpoints).train()
    return store.get(owner, run_id)


class Raw:
    """Settings that are whatever they are."""

    def __init__(self, text):
        self.text = text

    def to_json(self):
        return self.text


def largest(task):
    """Each setting of a task with a value ten times beyond its bounds."""
    config, _ = get_task(task).tiny()
    for field in fields(config):
        bounds = bounds_of(field)
        yield field.name, "../../x" if bounds.options else 10 * abs(bounds.high) + 10


@pytest.mark.parametrize("task", TASKS)
def test_the_worker_checks_every_setting_again(store, site, checkpoints, task):
    config, data = get_task(task).tiny()
    content = get_task(task).encode_data(data)
    for name, value in largest(task):
        text = json.dumps(config.values | {name: value})
        run = execute(store, site, checkpoints, task, text, content)
        assert run.status == "failed"
        assert run.error.startswith(f"{name}: expected ")


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": float("nan")},
        {"epochs": float("inf")},
        {"epochs": -1},
        {"epochs": 1.5},
        {"epochs": True},
        {"epochs": "20"},
        {"epochs": None},
        {"epochs": [20]},
        {"epochs": 10**400},
        {"no_such_setting": 1},
        {"__class__": "x"},
    ],
    ids=lambda change: repr(change)[:40],
)
def test_the_worker_takes_no_value_of_another_kind(
    store, site, checkpoints, counting, change
):
    config = json.dumps(Config().values | change)
    run = execute(store, site, checkpoints, "counting", config, b"1")
    assert run.status == "failed"
    assert "expected" in run.error.casefold()


def too_little(task):
    """Settings and data that no page would start together."""
    config, data = get_task(task).tiny()
    if task == "stock":
        few = {"dates": data.dates[:120], "prices": data.prices[:120]}
        return replace(config, window=100), replace(data, **few)
    if task == "emoji":
        return config, replace(data, train=data.train.take([0]))
    return config, replace(data, train=())


@pytest.mark.parametrize("task", ["stock", "emoji", "music"])
def test_the_worker_checks_the_data_again(store, site, checkpoints, task):
    config, data = too_little(task)
    content = get_task(task).encode_data(data)
    run = execute(store, site, checkpoints, task, config.to_json(), content)
    assert run.status == "failed"
    assert "xpected " in run.error or "needs at least" in run.error
    assert "unexpected error" not in run.error


@pytest.mark.parametrize("content", [b"", b"\x80\x05cos\nsystem\n(S'id'\ntR.", b"PK"])
def test_a_worker_given_invalid_data_fails_the_run(store, site, checkpoints, content):
    config, _ = stock.TASK.tiny()
    run = execute(store, site, checkpoints, "stock", config.to_json(), content)
    assert run.status == "failed"


def test_data_that_would_be_unpickled_are_refused(store, site, checkpoints, tmp_path):
    class Bomb:
        def __reduce__(self):
            return (tmp_path.joinpath("hit").touch, ())

    np.savez(tmp_path / "bomb.npz", facts=np.array([Bomb()], object))
    content = (tmp_path / "bomb.npz").read_bytes()
    config, _ = emoji.TASK.tiny()
    run = execute(store, site, checkpoints, "emoji", config.to_json(), content)
    assert run.status == "failed"
    assert not (tmp_path / "hit").exists()


def test_a_run_that_claims_more_time_than_there_is_pauses_in_time(
    store, checkpoints, counting, site
):
    run_id = queue(store, epochs=100_000)
    change(store, until=-1.0)
    Execution(site, RunWriter.claim(store, run_id), checkpoints).train()
    assert store.get("ann", run_id).status == "stopped"
