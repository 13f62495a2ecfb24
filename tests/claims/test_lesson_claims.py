"""What the lessons say of their presets, trained as briefly as shows it."""

from functools import cache

import numpy as np
import pytest

from core import mingru
from core.lesson import writing
from core.lesson.demo import SequenceDemo, backward_demo, sine_sequence
from core.lesson.writing.corpus import one_sentence, own_names
from tests.driver.core.lesson_training import finish

GUESSING = np.log(len(own_names().characters))


@cache
def loss_of_names(preset, cell, **changes):
    """Train on names with a preset; return the validation loss."""
    config = writing.Config.preset(preset, cell=cell, epochs=6, **changes)
    return finish(writing.TASK.train(config, own_names()))[0].val_loss


def test_a_network_learns_one_sentence_without_errors():
    config = writing.Config.preset("Memorise one sentence", epochs=12)
    result, _ = finish(writing.TASK.train(config, one_sentence()))
    assert result.samples() == [one_sentence().text]
    assert result.val_loss is None


def test_sgd_without_clipping_harms_the_rnn_alone_and_clipping_prevents_it():
    preset = "SGD without clipping"
    assert loss_of_names(preset, "rnn") > GUESSING
    for cell, clip in (("rnn", 1), ("lstm", 0), ("gru", 0), ("mingru", 0)):
        assert loss_of_names(preset, cell, clip=clip) < 0.8 * GUESSING


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "mingru"])
def test_with_huge_steps_the_loss_explodes_with_clipping_as_well(cell):
    for clip in (0, 1):
        preset = "Huge steps without clipping"
        assert loss_of_names(preset, cell, clip=clip) > 10 * GUESSING


def test_at_too_high_a_rate_the_rnn_is_worse_than_guessing_and_the_lstm_learns_little():
    preset = "Learning rate too high"
    assert loss_of_names(preset, "rnn") > 2 * GUESSING
    assert loss_of_names(preset, "lstm") > loss_of_names("Invent names", "lstm") + 0.3


def test_on_names_neither_forget_bias_nor_a_dropped_gradient_shows_in_the_loss():
    usual = loss_of_names("Invent names", "lstm")
    for preset in ("Forget bias 0", "The dropped da_prev"):
        assert loss_of_names(preset, "lstm") == pytest.approx(usual, abs=0.03)


def test_without_recurrence_the_rnn_loses_more_than_the_lstm():
    lost = {
        cell: loss_of_names("No recurrence", cell) - loss_of_names("Invent names", cell)
        for cell in ("rnn", "lstm")
    }
    assert lost["rnn"] > 0.1
    assert lost["lstm"] < 0.05


def test_the_remaining_gradient_on_the_sine_is_as_the_page_says():
    def left(cell, seed):
        demo = backward_demo(cell, sine_sequence(), SequenceDemo(seed=seed))
        return round(100 * demo.norms["dh"][0], 1)

    rnn, lstm = ([left(cell, seed) for seed in range(6)] for cell in ("rnn", "lstm"))
    assert rnn[0] == 0.4
    assert (round(min(rnn[1:])), round(max(rnn[1:]))) == (1, 21)
    assert (min(lstm), round(max(lstm))) == (0.1, 5)


@pytest.mark.parametrize("units", [1, 3, 6])
def test_a_mingru_of_n_units_cannot_tell_odd_from_even_over_more_than_n_inputs(units):
    """With an input that repeats, and any weights: its prediction turns n times."""
    for seed in range(50):
        rng = np.random.default_rng(seed)
        weights = {
            name: rng.normal(0, 3, [{"n_a": units, "n_x": 1, "1": 1}[s] for s in axes])
            for name, axes in mingru.MINGRU.weights.items()
            if "n_y" not in axes
        } | {"Wy": np.zeros((1, units)), "by": np.zeros((1, 1))}
        a = mingru.mingru_forward(np.ones((1, 1, 40)), np.zeros((units, 1)), weights)[0]
        moves = np.diff(a[:, 0], axis=1, prepend=0)
        assert np.all((moves >= -1e-12).all(axis=1) | (moves <= 1e-12).all(axis=1))
        score = rng.normal(size=units) @ a[:, 0] + rng.normal(0, 0.1)
        assert np.count_nonzero(np.diff(np.sign(score))) <= units
