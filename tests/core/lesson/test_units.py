import dataclasses
import itertools

import numpy as np
import pytest

from core.course import Course
from core.lesson import units, writing
from core.lesson.network import Network
from core.lesson.snapshot_file import snapshot_file
from core.lesson.units import Reading
from core.lesson.writing.corpus import Corpus, split
from core.task import DataError
from tests.core.lesson.networks import every_cell, parameters
from tests.core.lesson.test_lesson_training import finish

NAMES = Corpus.from_text("\n".join(map("".join, itertools.product("abc", repeat=3))))
PASSAGE = Corpus.from_text("the cat and the hat " * 20)


def network(cell, corpus, units=5):
    size = len(corpus.characters)
    rng = np.random.default_rng(0)
    return Network(cell, parameters(cell, size, units, size, rng, 1), "text")


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
    losses = units.losses(trained, corpus, text)
    assert np.allclose(losses, one_by_one(trained, corpus, text), atol=1e-10)


def test_each_name_is_read_from_a_zero_state_after_a_line_break():
    reading = units.read(network("lstm", NAMES), NAMES, "abc\nabc")
    assert reading.text == "\nabc\nabc"
    assert np.array_equal(reading.states[:, :4], reading.states[:, 4:])
    assert np.abs(reading.states).max() < 1


def test_characters_that_a_network_does_not_know_are_named():
    with pytest.raises(DataError, match="got also x y"):
        units.read(network("rnn", NAMES), NAMES, "axy")


@every_cell
def test_a_unit_that_is_switched_off_is_read_as_a_constant(cell):
    trained = network(cell, NAMES)
    off = units.switched_off(trained, NAMES, [2])
    W, b = trained.head
    changed = dict(off.parameters)
    for name in (*writing.CELLS[cell].recurrent, writing.CELLS[cell].head[0]):
        assert not off.parameters[name][:, 2].any()
        changed[name] = trained.parameters[name]
    mean = units._forward(trained, NAMES, NAMES.text)[1].h[:, 2].mean()
    assert np.allclose(off.head[1], b + W[:, [2]] * mean)
    if cell == "mingru":  # whose gates read no state
        assert off.parameters["bz"] is trained.parameters["bz"]


def test_every_unit_off_leaves_the_same_prediction_everywhere():
    losses = units.losses(network("gru", PASSAGE), PASSAGE, "aaaaaa", off=range(5))
    assert np.allclose(losses, losses[0])


def test_the_rise_of_a_loss_is_told_with_its_uncertainty():
    text = "\nab" * 300 + "\n"
    before = np.zeros(len(text) - 1)
    there = np.array([character == "\n" for character in text[1:]])
    rng = np.random.default_rng(0)
    after = there * 0.2 + rng.normal(0, 0.1, len(before))
    rise = units.rise_of_loss(text, before, after, there)
    assert rise.there.mean == pytest.approx(after[there].mean())
    assert rise.elsewhere.mean == pytest.approx(after[~there].mean())
    assert rise.difference.low < 0.2 < rise.difference.high
    width = 2 * 1.96 * 0.1 / np.sqrt(there.sum())
    assert rise.there.high - rise.there.low == pytest.approx(width, rel=0.15)
    one_line = units.rise_of_loss("ab" * 301, before, after, there)
    assert one_line.there.mean == pytest.approx(rise.there.mean)


def test_what_is_in_few_lines_has_a_mean_and_no_interval():
    text = "\nab" * 300 + "\n"
    before, after = np.zeros(len(text) - 1), np.ones(len(text) - 1)
    there = np.zeros(len(before), dtype=bool)
    there[30:33] = True  # within one name
    rise = units.rise_of_loss(text, before, after, there)
    assert (rise.there.mean, rise.difference.mean) == (1, 0)
    for interval in (rise.there, rise.difference):
        assert np.isnan([interval.low, interval.high]).all()
    assert rise.elsewhere[1:] == (1, 1)
    there[:33] = True  # eleven names
    assert units.rise_of_loss(text, before, after, there).there[1:] == (1, 1)


def test_correlations_with_shifted_patterns_are_those_of_numpy():
    rng = np.random.default_rng(1)
    states, pattern = rng.standard_normal((2, 50)), rng.standard_normal(50)
    shifted = units.correlations(states, pattern)
    for s in (0, 1, 17):
        want = np.corrcoef(states[1], np.roll(pattern, s))[0, 1]
        assert shifted[1, s] == pytest.approx(want)


def test_a_unit_that_follows_a_property_is_found_and_noise_is_not():
    rng = np.random.default_rng(2)
    text = NAMES.text
    states = rng.uniform(-1, 1, (20, len(text)))
    vowels = np.array([c == "a" for c in text])
    states[7] = np.where(vowels, -0.5, 0.5) + rng.uniform(-0.4, 0.4, len(text))
    found = units.meanings(Reading(text, states), NAMES)
    assert (found[0].unit, found[0].property) == (7, "a vowel")
    assert found[0].correlation < -0.8
    assert 0.1 < found[0].chance < 0.5
    assert len(found) < 10


def test_the_best_of_all_units_passes_chance_as_rarely_as_it_says():
    rng = np.random.default_rng(3)
    passed = 0
    for _ in range(200):
        noise = rng.standard_normal((11, 400))
        smooth = np.array([np.convolve(row, np.ones(8), "same") for row in noise])
        shifted = units.correlations(smooth[1:], smooth[0])
        passed += np.abs(shifted[:, 0]).max() > units.chance_of(shifted)
    assert 2 <= passed <= 20  # of 200: 5 %


@pytest.mark.parametrize(
    ("name", "text", "want"),
    [
        ("position in the line", "\nab\nc", [0, 1, 2, 0, 1]),
        ("position in the word", "to be", [1, 2, 0, 1, 2]),
        ("a vowel", "aÉx", [1, 1, 0]),
        ("consonants in a row", "abba", [0, 1, 2, 0]),
        ("the second of a double letter", "abba", [0, 0, 1, 0]),
        ("the last character of the line", "ab\nc", [0, 1, 0, 0]),
        ("inside quotation marks", 'a"b"c', [0, 1, 1, 0, 0]),
        ("inside brackets, how deep", "a(b[c])\n)d", [0, 1, 1, 2, 2, 1, 0, 0, 0, 0]),
    ],
)
def test_properties_of_characters(name, text, want):
    assert units.PROPERTIES[name](PASSAGE, text).tolist() == want


@every_cell
def test_the_network_of_an_epoch_is_rebuilt_from_its_snapshot(cell):
    config, corpus = writing.tiny()
    config = dataclasses.replace(config, cell=cell)
    result, pauses = finish(writing.train(config, corpus))
    snapshots = {each.epoch: each.snapshot for each in pauses if each.metrics}
    snapshots[0] = writing.initial_snapshot(config, corpus)
    networks = {
        epoch: writing.network_at(config, corpus, snapshot)
        for epoch, snapshot in snapshots.items()
    }
    for key, weight in result.network.parameters.items():
        assert np.allclose(networks[3].parameters[key], weight, rtol=1e-3, atol=1e-4)
    last = units.read(result.network, corpus, corpus.text)
    for epoch, same in {0: False, 3: True}.items():
        states = units.read(networks[epoch], corpus, corpus.text).states
        assert np.allclose(states, last.states, atol=1e-2) == same
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
    config = writing.Config(cell=cell, units=units, epochs=epochs)
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


def test_held_out_text_is_every_tenth_name_or_the_last_tenth():
    config = writing.Config(window=10)
    text, held_out = units.held_out_text(NAMES, config)
    assert held_out
    assert text == "\nbaa\ncab\n"
    assert units.held_out_text(PASSAGE, config) == (PASSAGE.text[-39:], True)
    few = Corpus.from_text("anna\nbert\ncarl")
    assert units.held_out_text(few, config) == ("\nanna\nbert\ncarl\n", False)
    train, rest = split(NAMES, 10)
    assert sorted((train + rest).split()) == sorted(NAMES.lines)
