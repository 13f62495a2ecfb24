import dataclasses
import itertools

import numpy as np
import pytest

from core.course import Course
from core.lesson import units, writing
from core.lesson.cells import CELLS
from core.lesson.network import Network
from core.lesson.trained import TrainedNetwork
from core.lesson.units import FULL, MAX_TEXT, Rivals, unit_study
from core.lesson.writing.corpus import Corpus
from tests.core.lesson.networks import every_cell, parameters

NAMES = Corpus.from_text("\n".join(map("".join, itertools.product("abc", repeat=3))))
PASSAGE = Corpus.from_text("the cat and the hat " * 20)


def network(cell, corpus, units=5, seed=0):
    size = len(corpus.characters)
    rng = np.random.default_rng(seed)
    return Network(cell, parameters(cell, size, units, size, rng, 1), "text")


@pytest.fixture
def trained():
    """A network of two epochs."""
    networks = {epoch: network("lstm", NAMES, seed=epoch) for epoch in (0, 3)}
    return TrainedNetwork(writing.Config(units=5, epochs=3), NAMES, networks)


@every_cell
@pytest.mark.parametrize(
    ("corpus", "pieces"),
    [(NAMES, ["\nabc\n", "\nbb\n"]), (PASSAGE, ["and the cat"])],
    ids=["names", "passage"],
)
def test_the_losses_are_those_of_the_cells_own_function(cell, corpus, pieces):
    trained, wanted = network(cell, corpus), []
    for piece in pieces:  # each from a zero state
        first, *following = corpus.encode(piece)
        x = np.eye(len(corpus.characters))[:, np.newaxis, [first, *following[:-1]]]
        y = Course(CELLS[cell]).forward(x, np.zeros((5, 1)), trained.parameters)[1]
        wanted += [-np.log(y[k, 0, t]) for t, k in enumerate(following)]
    text = "".join(pieces).replace("\n\n", "\n")
    losses = units.read(trained, corpus, text).losses
    assert np.allclose(losses, wanted, atol=1e-10)


@every_cell
def test_a_unit_that_is_switched_off_is_read_as_its_mean_and_then_not_missed(cell):
    reading = units.read(network(cell, NAMES), NAMES, "\n" + NAMES.text)
    off = units.switched_off(reading, 3)
    W, b = reading.network.head
    for name in (*CELLS[cell].recurrent, CELLS[cell].head[0]):
        assert not off.parameters[name][:, 2].any()
    assert np.allclose(off.head[1], b + W[:, [2]] * reading.hidden[2].mean())
    if cell == "mingru":  # whose gates read no state
        assert off.parameters["bz"] is reading.network.parameters["bz"]
    rise, places = units.ablation(reading, 3)
    ends = np.mean([character == "\n" for character in reading.text[1:]])
    means = np.array([each.value for each in places.values()])
    assert rise[1:].mean() == pytest.approx(means @ [ends, 1 - ends])
    assert rise.any()
    assert not units.ablation(units.read(off, NAMES, reading.text), 3)[0].any()


def test_correlations_are_those_of_numpy_and_0_of_a_constant():
    rng = np.random.default_rng(1)
    states, pattern = rng.standard_normal((3, 50)), rng.standard_normal(50)
    states[2] = 4.0
    found = units.correlations(states, pattern)
    assert found[1] == pytest.approx(np.corrcoef(states[1], pattern)[0, 1])
    assert found[2] == 0


@pytest.mark.parametrize(
    ("name", "text", "want"),
    [
        ("position in the line", "\nab\nc", [0, 1, 2, 0, 1]),
        ("position in the word", "to be", [1, 2, 0, 1, 2]),
        ("a vowel", "aÉx", [1, 1, 0]),
        ("consonants in a row", "abba", [0, 1, 2, 0]),
        ("inside quotation marks", 'a"b"c', [0, 1, 1, 0, 0]),
    ],
)
def test_properties_of_characters(name, text, want):
    assert units.PROPERTIES[name](text).tolist() == want


def test_the_networks_of_all_epochs_read_the_same_text(trained):
    study = unit_study(trained)
    assert (study.reading.text, study.is_held_out) == ("\nbaa\ncab\n", True)
    assert study.epochs == (0, 3)
    for levels, each in zip(study.levels, trained.networks.values(), strict=True):
        wanted = units.read(each, NAMES, study.reading.text).states
        assert np.abs(levels / FULL * study.full - wanted).max() <= 0.51 / FULL


def test_the_rivals_are_the_best_untrained_unit_and_the_newest_character(trained):
    study = unit_study(trained)
    text, rivals = study.reading.text, study.rivals["a vowel"]
    config, best = trained.config, []
    for seed in range(20):
        size = len(NAMES.characters)
        config = dataclasses.replace(config, seed=seed)
        untrained = Network.untrained("lstm", size, size, config, "text")
        states = units.read(untrained, NAMES, text).states
        best.append(np.abs(units.correlations(states, np.isin([*text], ["a"]))).max())
    assert rivals.untrained == pytest.approx(max(best))
    assert rivals.one_character == pytest.approx(1)
    position = units.PROPERTIES["position in the line"](text)
    means = {c: position[[k == c for k in text]].mean() for c in text}
    found = np.corrcoef([means[c] for c in text], position)[0, 1]
    assert study.rivals["position in the name"].one_character == pytest.approx(found)


def test_a_unit_follows_what_it_follows_best_beyond_untrained_units(trained):
    study = dataclasses.replace(
        unit_study(trained),
        correlations={
            "position in the name": np.array([[0.2, 0.0, 0.1], [0.8, 0.7, 0.0]]),
            "a vowel": np.array([[0.0, 0.0, -0.2], [0.3, -0.9, 0.1]]),
        },
        rivals={name: Rivals(0.2, 0.5) for name in ("position in the name", "a vowel")},
    )
    assert study.opening() == 1
    name, correlations, rivals = study.followed_by(1)
    assert (name, *correlations) == ("position in the name", 0.2, 0.8)
    assert rivals == Rivals(0.2, 0.5)
    assert study.followed_by(2).name == "a vowel"
    assert study.followed_by(3) is None


def test_a_long_list_is_shortened_to_names_from_all_over_it(trained):
    names = map("".join, itertools.product("klmnt", repeat=5))
    corpus = Corpus.from_text("\n".join(names))
    networks = {3: network("lstm", corpus)}
    text = unit_study(TrainedNetwork(trained.config, corpus, networks)).reading.text
    assert 0 < len(text) <= MAX_TEXT
    assert text[0] == text[-1] == "\n"
    assert {line[0] for line in text.split()} == set("klmnt")


def test_the_mean_rise_has_an_interval_where_there_are_enough_lines():
    text = "\nab" * 300 + "\n"
    there = np.array([character == "\n" for character in text[1:]])
    rng = np.random.default_rng(0)
    rise = there * 0.2 + rng.normal(0, 0.1, len(there))
    ends, elsewhere = units.mean_rises(text, rise, is_names=True).values()
    assert ends.value == pytest.approx(rise[there].mean())
    assert elsewhere.value == pytest.approx(rise[~there].mean())
    width = 2 * 1.96 * 0.1 / np.sqrt(there.sum())
    assert ends.high - ends.low == pytest.approx(width, rel=0.15)
    few = units.mean_rises(text[:28], rise[:27], is_names=True)
    assert np.isnan([each.low for each in few.values()]).all()
    whole = units.mean_rises("ab" * 301, rise, is_names=False)
    assert whole["Over the whole text"].value == pytest.approx(rise.mean())
