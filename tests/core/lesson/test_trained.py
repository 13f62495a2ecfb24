"""A trained character model from within: epochs, words, units, what is forgotten."""

import dataclasses

import numpy as np
import pytest

from core.lesson.trained import (
    FULL,
    MAX_TEXT,
    TrainedNetwork,
    forgotten,
    text_sequence,
    text_states,
    unit_ranges,
    unit_study,
)
from core.lesson.units import read
from core.lesson.writing import Config, train
from core.lesson.writing.corpus import Corpus
from core.task import DataError

NAMES = Corpus.from_text("\n".join(a + b for a in "klmnt" for b in ("anna", "eo", "i")))


@pytest.fixture(scope="module")
def result_and_snapshots():
    """A training of three epochs."""
    training, snapshots = train(Config(units=5, epochs=3, steps=4, batch=4), NAMES), {}
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


@pytest.fixture(scope="module")
def study(trained):
    return unit_study(trained)


def without_unit(network, unit):
    """The network with nothing that reads a unit's state."""
    parameters = {name: w.copy() for name, w in network.parameters.items()}
    for name in ("Wf", "Wi", "Wc", "Wo", "Wy"):
        parameters[name][:, unit] = 0
    return dataclasses.replace(network, parameters=parameters)


def test_there_is_a_network_for_each_epoch_and_the_last_is_the_result(
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
    wanted = read(trained.result, trained.corpus, "manna").states
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


def test_the_networks_of_all_epochs_read_the_same_text(trained, study):
    assert study.levels.shape == (4, 5, len(study.text))
    for levels, network in zip(study.levels, trained.networks.values(), strict=True):
        wanted = read(network, trained.corpus, study.text).states
        assert np.abs(levels / FULL * study.full - wanted).max() <= 0.51 / FULL


def test_a_long_list_is_shortened_to_names_from_all_over_it(trained):
    names = [
        a + b + c
        for a in "klmnt"
        for b in "aeio"
        for c in ("nna", "eo", "i")
        for _ in "12"
    ]
    many = Corpus.from_text(
        "\n".join(f"{n}{'ae'[i % 2] * (i % 9)}" for i, n in enumerate(names * 60))
    )
    text = unit_study(dataclasses.replace(trained, corpus=many)).text
    assert 0 < len(text) <= MAX_TEXT
    assert text[0] == text[-1] == "\n"
    assert {line[0] for line in text.split()} == set("klmnt")


def test_a_unit_without_a_plain_meaning_grows_to_be_itself(study):
    for number in range(1, 6):
        if study.meaning_of(number) is None:
            assert study.correlation_by_epoch(number)[-1] == pytest.approx(1)
    for meaning in study.meanings:
        final = np.corrcoef(
            study.levels[-1, meaning.unit], study.properties[meaning.property]
        )[0, 1]
        best = study.meaning_of(meaning.number)
        if best is meaning:
            assert study.correlation_by_epoch(meaning.number)[-1] == pytest.approx(
                final, abs=1e-6
            )


def test_a_unit_that_nothing_reads_is_not_missed(trained, study):
    networks = dict(trained.networks)
    networks[3] = without_unit(trained.result, 2)
    deaf = dataclasses.replace(trained, networks=networks)
    lost = forgotten(deaf, unit_study(deaf), 3)
    assert not lost.rise.any()
    assert lost.everywhere.mean == pytest.approx(0, abs=1e-9)
    assert lost.missed == []
    assert lost.samples == lost.samples_without
    lost = forgotten(trained, study, 3)
    assert lost.rise.any()
    counts = np.array([lost.ends.there.mean, lost.ends.elsewhere.mean])
    ends = np.mean([character == "\n" for character in study.text[1:]])
    assert lost.everywhere.mean == pytest.approx(counts @ [ends, 1 - ends])


def test_units_that_follow_a_property_are_listed_first_and_each_of_them_once(study):
    following = [study.meaning_of(number) for number in study.numbers]
    assert sorted(study.numbers) == [1, 2, 3, 4, 5]
    assert following == sorted(following, key=lambda each: each is None)
