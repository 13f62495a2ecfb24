import dataclasses
import itertools

import numpy as np
import pytest

from core.course import Course
from core.lesson import units, writing
from core.lesson.network import Network
from core.lesson.trained import TrainedNetwork
from core.lesson.units import FULL, MAX_TEXT, unit_study
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


def one_by_one(trained, corpus, text):
    """The loss of each next character, by the cell's own module."""
    kind = Course(writing.CELLS[trained.cell])
    found = []
    for end in range(1, len(text)):
        piece = text[:end]
        if corpus.is_names:
            piece = piece[piece.rindex("\n") :]
        hot = np.eye(len(corpus.characters))[:, corpus.encode(piece)]
        a0 = np.zeros((trained.head[0].shape[1], 1))
        y = kind.forward(hot[:, np.newaxis], a0, trained.parameters)[1]
        found.append(-np.log(y[corpus.encode(text[end])[0], 0, -1]))
    return np.array(found)


@every_cell
@pytest.mark.parametrize("corpus", [NAMES, PASSAGE], ids=["names", "passage"])
def test_the_losses_are_those_of_the_cells_own_function(cell, corpus):
    trained = network(cell, corpus)
    text = "\nabc\nbb\n" if corpus.is_names else "and the cat"
    losses = units.read(trained, corpus, text).losses
    assert np.allclose(losses, one_by_one(trained, corpus, text), atol=1e-10)


@every_cell
def test_a_unit_that_is_switched_off_is_read_as_its_mean(cell):
    trained = network(cell, NAMES)
    hidden = units.read(trained, NAMES, "\n" + NAMES.text).hidden
    off = units.switched_off(trained, 3, hidden)
    W, b = trained.head
    for name in (*writing.CELLS[cell].recurrent, writing.CELLS[cell].head[0]):
        assert not off.parameters[name][:, 2].any()
    assert np.allclose(off.head[1], b + W[:, [2]] * hidden[2].mean())
    if cell == "mingru":  # whose gates read no state
        assert off.parameters["bz"] is trained.parameters["bz"]


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
    assert (study.text, study.is_held_out) == ("\nbaa\ncab\n", True)
    assert study.epochs == (0, 3)
    for levels, each in zip(study.levels, trained.networks.values(), strict=True):
        wanted = units.read(each, NAMES, study.text).states
        assert np.abs(levels / FULL * study.full - wanted).max() <= 0.51 / FULL


def test_a_unit_follows_what_it_follows_best_beyond_the_best_before_training(trained):
    study = dataclasses.replace(
        unit_study(trained),
        correlations={
            "position in the name": np.array([[0.2, 0.0, 0.1], [0.8, 0.7, 0.0]]),
            "a vowel": np.array([[0.0, 0.0, -0.2], [0.3, -0.9, 0.1]]),
        },
    )
    assert [study.best_of(name) for name in study.correlations] == [1, 2]
    assert [study.property_of(number) for number in (1, 2, 3)] == [
        "position in the name",
        "a vowel",
        None,
    ]


def test_a_long_list_is_shortened_to_names_from_all_over_it(trained):
    parts = itertools.product("klmnt", "aeio", ("nna", "eo", "i"), "ae", range(60))
    names = [f"{a}{b}{c}{d * (i % 9)}" for a, b, c, d, i in parts]
    corpus = Corpus.from_text("\n".join(names))
    networks = {3: network("lstm", corpus)}
    long = dataclasses.replace(trained, corpus=corpus, networks=networks)
    text = unit_study(long).text
    assert 0 < len(text) <= MAX_TEXT
    assert text[0] == text[-1] == "\n"
    assert {line[0] for line in text.split()} == set("klmnt")


def test_a_unit_that_nothing_reads_is_not_missed(trained):
    final = {name: w.copy() for name, w in trained.result.parameters.items()}
    for name in ("Wf", "Wi", "Wc", "Wo", "Wy"):
        final[name][:, 2] = 0
    deaf = dataclasses.replace(trained, networks={3: Network("lstm", final, "text")})
    rise, _ = units.ablation(deaf, unit_study(deaf), 3)
    assert not rise.any()
    study = unit_study(trained)
    rise, places = units.ablation(trained, study, 3)
    assert rise.any()
    ends = np.mean([character == "\n" for character in study.text[1:]])
    means = np.array([each.value for each in places.values()])
    assert rise[1:].mean() == pytest.approx(means @ [ends, 1 - ends])


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
