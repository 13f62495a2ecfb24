"""Training as a run: pauses, snapshots, stopping, exploding, and what is learned."""

import dataclasses
import warnings

import numpy as np
import pytest

from core.arrays import pack, unpack
from core.course import Course
from core.lesson import adding, writing
from core.lesson.adding import problem
from core.lesson.cells import CELLS, parameter_count, units_for
from core.lesson.influence import connectivity, influence
from core.lesson.network import Network, has_exploded
from core.lesson.snapshots import ROWS
from core.lesson.writing.corpus import one_sentence, own_names
from core.lesson.writing.sampling import sample
from tests.core.lesson.networks import every_cell
from tests.driver.core.lesson_training import finish, metrics_of

TASKS = {"text": writing, "adding": adding}
every_task = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)


def weights_of(result):
    networks = getattr(result, "networks", None) or {"": result.network}
    return [w for net in networks.values() for w in net.parameters.values()]


@every_cell
def test_a_text_run_resumed_within_an_epoch_equals_an_uninterrupted_one(
    cell, monkeypatch
):
    monkeypatch.setattr(writing, "PAUSE_SECONDS", 0.0)  # pause at each step
    config, data = writing.TASK.tiny()
    config = dataclasses.replace(config, cell=cell)
    whole, _ = finish(writing.TASK.train(config, data))
    training = writing.TASK.train(config, data)
    while (pause := next(training)).epoch + pause.fraction < 1.4:
        pass
    assert 0 < pause.fraction < 1
    state = unpack(pack(pause.state()))
    resumed, _ = finish(writing.TASK.train(config, data, state))
    for got, want in zip(weights_of(resumed), weights_of(whole), strict=True):
        np.testing.assert_array_equal(got, want)


@every_task
def test_a_state_taken_at_a_pause_is_not_changed_by_training_on(task):
    config, data = task.TASK.tiny()
    training = task.TASK.train(config, data)
    state = next(training).state()
    before = {name: value.copy() for name, value in state.items()}
    finish(training)
    for name, value in before.items():
        np.testing.assert_array_equal(state[name], value)


@every_task
def test_stopping_within_an_epoch_gives_the_networks_as_they_are(task, monkeypatch):
    monkeypatch.setattr(task, "PAUSE_SECONDS", 0.0)
    config, data = task.TASK.tiny()
    training = task.TASK.train(config, data)
    for _ in range(config.steps + 3):
        pause = next(training)
    assert pause.epoch == 1
    with pytest.raises(StopIteration) as end:
        training.send(True)
    result = end.value.value
    assert result.epochs == 1
    assert result.ended == "stopped in epoch 2"
    state = pause.state()
    weights = [value for name, value in state.items() if " weight " in name]
    for got, want in zip(weights_of(result), weights, strict=True):
        np.testing.assert_array_equal(got, want)


@every_task
def test_a_checkpoint_of_other_settings_is_refused(task):
    config, data = task.TASK.tiny()
    state = next(task.TASK.train(config, data)).state()
    larger = dataclasses.replace(config, units=config.units + 1)
    with pytest.raises(ValueError, match="resume: expected weights"):
        next(task.TASK.train(larger, data, state))


@pytest.mark.parametrize(
    ("task", "config", "data"),
    [
        (writing, {"units": 64, "window": 100, "sample": 40}, one_sentence()),
        (writing, {"units": 64}, own_names()),
        (adding, {}, None),
        (adding, {"units": 64, "length": 200}, None),
    ],
)
def test_a_snapshot_is_small_and_of_numbers_that_can_be_shown(task, config, data):
    """But for the weights; test_units.py has their bound."""
    snapshot = task.initial_snapshot(task.Config(**config), data)
    shown = {name: each for name, each in snapshot.items() if " weight " not in name}
    assert len(pack(shown)) < 20_000
    for value in snapshot.values():
        assert value.dtype.kind == "U" or np.isfinite(value).all()


def test_each_epoch_of_a_run_has_a_snapshot_of_the_network_as_it_was():
    config, data = adding.TASK.tiny()
    result, pauses = finish(adding.TASK.train(config, data))
    shown = [pause.snapshot for pause in pauses if pause.metrics]
    assert len(shown) == config.epochs
    states = result.networks["lstm"].parameters["Wf"][:, :4]
    np.testing.assert_allclose(shown[-1]["lstm state weights"][0], states, atol=1e-3)
    assert (shown[0]["lstm inside"] != shown[-1]["lstm inside"]).any()
    (rows, units, steps) = shown[0]["lstm inside"].shape
    assert (rows, units, steps) == (len(ROWS["lstm"]), 4, 6)
    answers = problem.predictions(
        result.networks["lstm"], problem.test_data(config)[0][:, :, :64]
    )
    np.testing.assert_allclose(shown[-1]["lstm answers"], answers, atol=1e-3)


def test_an_explosion_ends_the_training_with_a_result_and_without_a_warning():
    config = adding.Config.preset("Exploding without clipping")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result, pauses = finish(adding.TASK.train(config, None))
    norms = [metrics["rnn_gradient_norm"] for metrics in metrics_of(pauses).values()]
    assert result.ended.startswith("exploded in epoch")
    assert 1 <= len(norms) < config.epochs  # there is something to be seen before
    assert max(norms) > 1000 * norms[0]
    assert np.isfinite(list(result.mse.values())).all()
    assert adding.Result.decode(result.encode()).ended == result.ended


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 1e31])
def test_a_loss_or_gradient_out_of_all_bounds_or_no_number_is_an_explosion(wrong):
    assert has_exploded(wrong, 1.0)
    assert has_exploded(1.0, wrong)
    assert not has_exploded(1.0, 1e29)


@pytest.mark.parametrize(
    ("task", "name"), [(r, name) for r in TASKS.values() for name in r.Config.presets]
)
def test_a_preset_trains_without_a_warning(task, name):
    config = task.Config.preset(name, epochs=1, steps=3, batch=4)
    data = None if task is adding else own_names()
    result, _ = finish(task.TASK.train(config, data))
    assert result.config == config


def test_the_error_of_the_constant_answer_is_a_sixth():
    x, targets = problem.random_sequences(np.random.default_rng(0), 50, 20_000)
    assert np.mean((targets - 1) ** 2) == pytest.approx(1 / 6, abs=0.005)
    assert (x[:25, 1].sum(axis=0) == 1).all()  # one mark in each half
    assert (x[25:, 1].sum(axis=0) == 1).all()
    np.testing.assert_array_equal(targets, (x[:, 0] * x[:, 1]).sum(axis=0))


def test_both_networks_learn_from_the_same_batches():
    """The steps are so small that the losses are those of the initial networks."""
    config = adding.Config(epochs=1, steps=3, learning_rate=1e-5, units=4, length=8)
    result, pauses = finish(adding.TASK.train(config, None))
    for cell, network in result.networks.items():
        errors = [
            problem.mean_squared_error(network, x, targets)
            for x, targets in problem.batches(config, epoch=0)
        ]
        loss = metrics_of(pauses)[1][f"{cell}_loss"]
        assert loss == pytest.approx(np.mean(errors), rel=1e-3)
        test = problem.mean_squared_error(network, *problem.test_data(config))
        assert test == result.mse[cell]


@pytest.fixture(scope="module")
def names():
    return finish(writing.TASK.train(writing.Config(epochs=4, seed=3), own_names()))


def test_a_network_learns_to_write_names(names):
    result, pauses = names
    metrics = metrics_of(pauses)
    assert metrics[4]["val_loss"] < metrics[1]["val_loss"] < np.log(27)
    assert result.val_loss == metrics[4]["val_loss"]
    samples = result.samples()
    assert len(samples) == result.config.sample
    assert list(pauses[-1].snapshot["samples"]) == samples
    letters = set("".join(samples))
    assert len(letters) > 5
    assert letters <= set("abcdefghijklmnopqrstuvwxyz")


def test_a_low_temperature_writes_the_likeliest(names):
    result, _ = names
    rng = np.random.default_rng(0)
    cold, mild, hot = (
        len(set("".join(sample(result.network, result.corpus, rng, 40, temperature))))
        for temperature in (0.1, 0.5, 2.0)
    )
    assert cold < mild < hot


def test_an_encoded_and_decoded_result_writes_the_same():
    config, data = writing.TASK.tiny()
    result, _ = finish(writing.TASK.train(config, data))
    again = writing.Result.decode(result.encode())
    assert again.samples() == result.samples()
    assert again.corpus == data
    for name, before in result.influences().items():
        np.testing.assert_array_equal(again.influences()[name], before)


@every_cell
def test_the_parameters_of_a_network_are_counted_and_units_found_for_a_count(cell):
    config = adding.Config(units=7)
    weights = Network.untrained(cell, 2, 1, config).parameters.values()
    count = parameter_count(cell, 2, 7, 1)
    assert count == sum(w.size for w in weights)
    assert units_for(cell, count, 2, 1) == 7


def test_with_equal_parameters_the_units_differ_and_the_numbers_are_near():
    config = adding.Config(units=32, cells=problem.ALL_CELLS, equal="parameters")
    found = adding.Result(config, {}, 0, "", {}).parameters()
    assert list(found) == ["rnn", "lstm", "gru", "mingru"]
    for count in found.values():
        assert count == pytest.approx(found["lstm"], rel=0.03)
    assert config.units_of("lstm") == 32
    assert config.units_of("rnn") > 60
    assert config.units_of("mingru") > 600


def test_with_equal_parameters_every_cell_writes_with_as_many():
    counts = {}
    for cell in CELLS:
        config = writing.Config(
            cell=cell, equal="parameters", epochs=1, steps=1, batch=2, sample=1
        )
        result, _ = finish(writing.TASK.train(config, own_names()))
        again = writing.Result.decode(result.encode())
        counts[cell] = again.parameters()
        assert again.samples() == result.samples()
    assert counts["lstm"] == parameter_count("lstm", 27, 32, 27)
    assert max(counts.values()) < 1.02 * min(counts.values())


def test_four_networks_of_equal_parameters_train_and_their_result_is_read_again():
    settings = {"cells": problem.ALL_CELLS, "equal": "parameters", "length": 6}
    config = adding.Config(units=3, epochs=2, steps=3, batch=4, **settings)
    result, pauses = finish(adding.TASK.train(config))
    (_, last) = metrics_of(pauses).values()
    assert {f"{cell}_mse" for cell in CELLS} <= last.keys()
    again = adding.Result.decode(result.encode())
    assert again.mse == result.mse
    for cell, network in again.networks.items():
        sizes = sum(w.size for w in network.parameters.values())
        assert sizes == result.parameters()[cell]
    assert "GRU" in adding.TASK.headline(result.summary())


def test_a_run_from_before_there_was_a_choice_of_networks_is_one_of_two():
    values = adding.Config().values
    del values["cells"], values["equal"]
    assert adding.Config.from_dict(values).networks == ("rnn", "lstm")


@every_cell
def test_influence_is_the_jacobian_of_the_last_state(cell):
    """Against differences: move an input, see how far the last state moves."""
    network = Network.untrained(cell, 2, 3, adding.Config(units=3, seed=5))
    x = np.random.default_rng(0).standard_normal((5, 2, 1))

    def last(x):
        forward, initial = Course(CELLS[cell]).forward, np.zeros((3, 1))
        return forward(x.transpose(1, 2, 0), initial, network.parameters)[0][:, 0, -1]

    for lag, got in enumerate(influence(network, x)):
        columns = []
        for i in range(2):
            step = np.zeros_like(x)
            step[4 - lag, i] = 1e-6
            columns.append((last(x + step) - last(x - step)) / 2e-6)
        assert got == pytest.approx(np.linalg.norm(columns), rel=1e-6)


@every_cell
def test_a_prediction_depends_on_earlier_inputs_and_not_on_later_ones(cell):
    network = Network.untrained(cell, 4, 4, adding.Config(units=5))
    x = np.eye(4)[[0, 1, 2, 3, 1, 0]]
    found = connectivity(network, x)
    assert found.shape == (6, 6)
    np.testing.assert_array_equal(np.triu(found, 1), 0)
    assert (found[np.tril_indices(6)] > 0).all()

    def scores(x):
        forward, initial = Course(CELLS[cell]).forward, np.zeros((5, 1))
        a = forward(x.T[:, np.newaxis], initial, network.parameters)[0][:, 0]
        W, b = network.head
        return W @ a + b  # (n_y, T)

    best = scores(x)[:, 4].argmax()
    moves = []
    for i in range(4):
        step = np.zeros_like(x)
        step[2, i] = 1e-6
        moves.append((scores(x + step) - scores(x - step))[best, 4] / 2e-6)
    assert found[4, 2] == pytest.approx(np.linalg.norm(moves), rel=1e-6)
