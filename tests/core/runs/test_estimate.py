"""How long a training is expected to take, from those that the store has."""

import pytest

from core import emoji, stock
from core.lesson import adding
from core.runs.estimate import Estimates
from core.runs.store import RunWriter
from core.runs.store.schema import trainings


@pytest.fixture
def url(sqlite_store):
    return sqlite_store


def trained(store, seconds, share=1.0, **changes):
    store_training(store, "adding", adding.Config(**changes), seconds, share)


def store_training(store, task, config, seconds, share=1.0, total=None):
    """Store a training that has ended after so many seconds."""
    run_id = store.create("ann", task, config, title="Adding", data=b"")
    writer = RunWriter.claim(store, run_id)
    total = total or config.epochs
    writer.record([], progress=share * total, total=total, seconds=seconds)
    writer.finish("done", summary={}, result=b"")
    with store.engine.begin() as connection:
        values = {"started": 0.0, "finished": seconds}
        this = trainings.update().where(trainings.c.id == run_id)
        connection.execute(this.values(values))


def expected(store, workers=2, **changes):
    config = adding.Config(**changes)
    return Estimates.read(store, "adding", workers).of(config, "Adding")


def test_without_a_training_of_the_task_the_estimate_is_rough_and_follows_settings(
    store,
):
    usual, longer = expected(store), expected(store, epochs=2 * adding.Config().epochs)
    assert (usual.trainings, longer.trainings) == (0, 0)
    assert longer.seconds == pytest.approx(2 * usual.seconds)
    trained(store, 10)
    text = Estimates.read(store, "text", 2).of(adding.Config(), "Adding")
    assert text.trainings == 0


def test_a_model_that_was_taught_in_seconds_tells_nothing_of_a_training(store):
    config = emoji.Config()
    store_training(store, "emoji", config, 2, total=200)
    assert Estimates.read(store, "emoji", 2).of(config, "Sentences").trainings == 0
    store_training(store, "emoji", config, 90)
    assert Estimates.read(store, "emoji", 2).of(config, "Sentences").seconds == 90


def test_a_quicker_training_is_the_same_with_fewer_repetitions_and_epochs(store):
    store_training(store, "stock", stock.Config(), 900)
    estimates = Estimates.read(store, "stock", 2)
    config = stock.Config(units=12)
    found, seconds = estimates.smaller(config, "Prices", 60)
    assert (found.seeds, found.folds) == (1, 1)
    assert found.epochs < config.epochs
    assert found.values | {
        n: config.values[n] for n in ("seeds", "folds", "epochs")
    } == (config.values)
    assert seconds == pytest.approx(estimates.of(found, "Prices").seconds)
    assert seconds <= 60
    store_training(store, "stock", stock.Config(seeds=1, folds=1, epochs=1), 30)
    assert Estimates.read(store, "stock", 2).smaller(config, "Prices", 60)
    short = stock.Config(seeds=1, folds=1, epochs=1)
    assert estimates.smaller(short, "Prices", 60) is None


def test_the_estimate_of_known_settings_is_their_median_for_any_seed(store):
    for seconds, seed in ((10, 0), (14, 1), (12, 2)):
        trained(store, seconds, seed=seed)
    trained(store, 90, epochs=400)
    found = expected(store, seed=7)
    assert (found.seconds, found.trainings, found.wait) == (12, 3, 0)


def test_other_settings_are_scaled_from_the_nearest(store):
    trained(store, 10, epochs=40)
    assert expected(store, epochs=80).seconds == pytest.approx(20)
    assert expected(store, epochs=40, length=100).seconds == pytest.approx(20)
    assert expected(store, epochs=40, units=64).seconds == pytest.approx(10 * 2**0.5)
    assert expected(
        store, epochs=40, cells="rnn,lstm,gru,mingru"
    ).seconds == pytest.approx(20)


def test_a_training_of_another_recipe_is_no_basis(store):
    store_training(store, "stock", stock.Config(), 10)
    estimates = Estimates.read(store, "stock", 2)
    assert estimates.of(stock.Config(epochs=50), "Prices").seconds > 1
    assert estimates.of(stock.Config.preset("classic"), "Prices").trainings == 0


def test_a_training_that_stopped_early_would_stop_there_again(store):
    trained(store, 10, share=0.25, epochs=80)
    assert expected(store, epochs=200).seconds == pytest.approx(10)
    assert expected(store, epochs=10).seconds == pytest.approx(5)


def test_waiting_for_a_worker_is_reported(store):
    trained(store, 10)
    for owner in ("bob", "cem", "eva"):
        store.create(owner, "adding", adding.Config(seed=9), title="A", data=b"")
    found = expected(store, workers=2)
    assert (found.queued, found.running) == (3, 0)
    assert found.wait == pytest.approx(10)
    assert found.total == pytest.approx(20)
    assert expected(store, workers=4).wait == 0
