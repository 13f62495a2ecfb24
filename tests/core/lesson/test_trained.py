"""A trained character model of any stored epoch, and a word that it reads."""

import dataclasses

import numpy as np
import pytest

from core.lesson import writing
from core.lesson.snapshot_file import snapshot_file
from core.lesson.trained import (
    TrainedNetwork,
    text_sequence,
    text_states,
    unit_ranges,
)
from core.lesson.units import read
from core.lesson.writing import TASK, Config
from core.lesson.writing.corpus import Corpus
from core.task import DataError
from tests.core.lesson.networks import every_cell
from tests.driver.core.lesson_training import finish

NAMES = Corpus.from_text("\n".join(a + b for a in "klmnt" for b in ("anna", "eo", "i")))


@pytest.fixture(scope="module")
def result_and_snapshots():
    """A training of three epochs."""
    training, snapshots = (
        TASK.train(Config(units=5, epochs=3, steps=4, batch=4), NAMES),
        {},
    )
    while True:
        try:
            progress = next(training)
        except StopIteration as end:
            return end.value, snapshots
        if progress.snapshot is not None:
            snapshots[progress.epoch] = progress.snapshot


@pytest.fixture(scope="module")
def trained(result_and_snapshots):
    return TrainedNetwork.of(*result_and_snapshots)


def test_each_epoch_has_a_network_and_the_last_is_the_result(
    trained, result_and_snapshots
):
    result, _ = result_and_snapshots
    assert list(trained.networks) == [0, 1, 2, 3]
    assert trained.result is result.network
    assert (
        len(
            {
                network.parameters["by"].tobytes()
                for network in trained.networks.values()
            }
        )
        == 4
    )


def test_a_run_from_before_weights_were_kept_has_its_first_and_last_network(
    result_and_snapshots,
):
    result, snapshots = result_and_snapshots
    old = {
        epoch: {name: a for name, a in state.items() if "weight " not in name}
        for epoch, state in snapshots.items()
    }
    assert list(TrainedNetwork.of(result, old).networks) == [0, 3]


def test_a_word_is_read_after_a_line_break_and_its_states_are_those_of_a_reading(
    trained,
):
    sequence = text_sequence(trained.corpus, "manna")
    assert sequence.labels == ("↵", *"manna")
    states = text_states(trained.result, sequence, 2, 4)
    wanted = read(trained.result, trained.corpus, "\nmanna").states
    assert np.allclose(np.tanh(states["c"]), wanted[1:4])


@pytest.mark.parametrize(
    ("text", "says"), [("", "1 to 16"), ("n" * 17, "got 17"), ("xanny", "'xy'")]
)
def test_a_word_that_the_network_cannot_read_is_refused(text, says):
    with pytest.raises(DataError, match=says):
        text_sequence(NAMES, text)


@pytest.mark.parametrize("units", [2, 12, 13, 64])
def test_every_unit_is_in_one_heatmap(units):
    shown = [n for low, high in unit_ranges(units) for n in range(low, high + 1)]
    assert shown == list(range(1, units + 1))


@every_cell
def test_the_network_of_an_epoch_is_rebuilt_from_its_snapshot(cell):
    config, corpus = TASK.tiny()
    config = dataclasses.replace(config, cell=cell)
    result, pauses = finish(TASK.train(config, corpus))
    snapshots = {each.epoch: each.snapshot for each in pauses if each.metrics}
    snapshots[0] = writing.initial_snapshot(config, corpus)
    networks = {
        epoch: writing.network_at(config, corpus, snapshot)
        for epoch, snapshot in snapshots.items()
    }
    for key, weight in result.network.parameters.items():
        assert np.allclose(networks[3].parameters[key], weight, rtol=1e-3, atol=1e-4)
        if key.startswith("W"):
            assert not np.allclose(networks[0].parameters[key], weight, atol=1e-2)
    metrics = {each.epoch: each.metrics for each in pauses if each.metrics}
    without = {
        epoch: {key: a for key, a in snapshot.items() if "text weight" not in key}
        for epoch, snapshot in snapshots.items()
    }
    file = snapshot_file("run", config, without, metrics)
    assert snapshot_file("run", config, snapshots, metrics) == file
    with pytest.raises(ValueError, match="expected weights"):
        writing.network_at(config, corpus, without[3])


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
@pytest.mark.parametrize(("units", "epochs"), [(2, 3), (32, 40), (64, 100), (64, 500)])
def test_the_weights_that_a_run_keeps_are_bounded(cell, units, epochs):
    config = Config(cell=cell, units=units, epochs=epochs)
    corpus = Corpus.from_text("".join(map(chr, range(ord("А"), ord("А") + 255))))
    kept = writing.weight_epochs(config, corpus)
    weights = writing.initial_snapshot(config, corpus)
    size = sum(a.nbytes for name, a in weights.items() if name.startswith("text"))
    assert len(kept) * size <= 2_000_000
    assert 1 <= len(kept) <= 60
    assert kept[-1] == epochs
    assert len(set(np.diff(kept))) <= 1
    if epochs <= 60 and len(kept) < epochs:
        assert (len(kept) + 5) * size > 1_000_000  # as many as fit
