"""Further seeds of a run: found among the reader's runs, and nobody else's."""

import pytest
from sqlalchemy import insert

from core.lesson.adding import TASK, Config
from core.runs.store.readers import LinkReader
from core.runs.store.repeats import data_digest, data_of, repeats
from core.runs.store.schema import shared_runs, shares
from tests.rows import change
from tests.stores import opened


@pytest.fixture
def store(sqlite_store):
    with opened(sqlite_store) as store:
        store.waiting = 100
        yield store


def create(store, owner="ann", title="Adding problem", data=None, **settings):
    data = TASK.encode_data(None) if data is None else data
    config = Config(**settings)
    run_id = store.create(owner, "adding", config, title=title, data=data)
    return store.get(owner, run_id)


def ids(found):
    return {run.id for run in found}


def test_repeats_differ_in_nothing_but_the_seed(store):
    run, other = create(store), create(store, seed=7)
    create(store, units=5)
    create(store, title="Something else")
    create(store, "bob", seed=8)
    assert ids(repeats(store, "ann", [run])) == ids([run, other])


def test_trials_of_searches_and_deleted_runs_are_left_out(store):
    run, trial, deleted = (create(store, seed=seed) for seed in range(3))
    change(store, trial.id, study="s")
    change(store, deleted.id, deleted=1.0)
    assert ids(repeats(store, "ann", [run])) == {run.id}
    assert trial.id in ids(repeats(store, "ann", [run, trial]))


def test_a_share_token_finds_only_shared_repeats(store):
    run, other, hidden = (create(store, seed=seed) for seed in range(3))
    token = "t" * 43
    with store.engine.begin() as connection:
        share = {"token": token, "owner": "o" * 64, "created": 0.0}
        connection.execute(insert(shares).values(share))
        for position, each in enumerate((run, other)):
            shared = {"token": token, "run": each.id, "position": position}
            connection.execute(insert(shared_runs).values(shared))
    assert ids(repeats(store, LinkReader(token), [run])) == ids([run, other])
    assert data_of(store, LinkReader(token), hidden.id) is None


def test_data_of_one_name_are_told_apart_by_their_digest(store):
    one, same, other = (create(store, data=data) for data in (b"x", b"x", b"y"))
    digests = [data_digest(store, "ann", run.id) for run in (one, same, other)]
    assert digests[0] == digests[1] != digests[2]
    assert data_of(store, "ann", other.id) == b"y"
    assert data_of(store, "bob", other.id) is None
