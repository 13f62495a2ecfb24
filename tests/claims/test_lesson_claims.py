"""What the lessons say of their presets, trained as briefly as shows it."""

import numpy as np
import pytest

from core import mingru
from core.lesson import adding, writing
from core.lesson.demo import SequenceDemo, backward_demo, sine_sequence
from core.lesson.influence import from_far
from core.lesson.writing.corpus import own_names
from tests.core.lesson.test_lesson_training import finish

GUESSING = np.log(len(own_names().characters))


def add(preset, **changes):
    """Train on the adding problem with a preset; return the result."""
    return finish(adding.train(adding.Config.preset(preset, **changes)))[0]


def loss_of_names(preset, cell, **changes):
    """Train on names with a preset; return the validation loss."""
    config = writing.Config.preset(preset, cell=cell, epochs=6, **changes)
    return finish(writing.train(config, own_names()))[0].val_loss


def far(result):
    """Return the influence of the first fifth of the inputs, before and after."""
    return {name: float(from_far(each)) for name, each in result.influences().items()}


def test_the_lstm_solves_the_adding_problem_at_50_and_the_rnn_does_not():
    """One seed of five, cut short; docs/lessons.md has the whole claim."""
    result = add("Vanishing gradient", epochs=16)
    assert result.mse["lstm"] < 0.02
    assert result.mse["rnn"] > 0.1
    reach, factor = far(result), result.step_factors()
    assert reach["rnn", "before"] > reach["lstm", "before"] / 10
    assert reach["rnn", "after"] < 0.05 * reach["rnn", "before"]
    assert reach["lstm", "after"] > reach["lstm", "before"]
    assert factor["rnn", "before"] > 0.8
    assert factor["rnn", "after"] < 0.7 * factor["rnn", "before"]


def test_over_ten_steps_the_rnn_learns_as_well():
    assert max(add("Ten steps only", epochs=20).mse.values()) < 0.02


@pytest.mark.parametrize("seed", range(5))
def test_without_clipping_the_rnn_explodes_and_with_clipping_it_does_not(seed):
    preset = "Exploding without clipping"
    assert add(preset, seed=seed).ended.startswith("exploded in epoch")
    assert add(preset, seed=seed, clip=1).ended == ""


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


def test_what_is_left_of_the_gradient_on_the_sine_is_as_the_page_says():
    def left(cell, seed):
        demo = backward_demo(cell, sine_sequence(), SequenceDemo(seed=seed))
        return round(100 * demo.norms["da"][0], 1)

    rnn, lstm = ([left(cell, seed) for seed in range(6)] for cell in ("rnn", "lstm"))
    assert rnn[0] == 0.4
    assert (round(min(rnn[1:])), round(max(rnn[1:]))) == (1, 21)
    assert (min(lstm), round(max(lstm))) == (0.1, 5)


@pytest.mark.parametrize(
    ("preset", "epochs"),
    [
        ("Forget bias 0", 14),
        ("No recurrence", 20),
        ("The dropped da_prev", 25),
        ("Forget bias -3: it forgets at once", 25),
    ],
)
def test_the_lstm_learns_to_add_all_the_same_and_the_rnn_does_not(preset, epochs):
    result = add(preset, epochs=epochs)
    assert result.mse["lstm"] < 0.02
    assert result.mse["rnn"] > 0.1
    if preset.startswith("Forget bias"):
        assert far(result)["lstm", "before"] < 1e-5


def test_what_slows_the_lstm_down_has_not_learned_when_it_usually_has():
    assert add("Vanishing gradient", epochs=10).mse["lstm"] < 0.02
    for preset in ("No recurrence", "The dropped da_prev"):
        assert add(preset, epochs=10).mse["lstm"] > 0.1
    assert add("Forget bias -3: it forgets at once", epochs=10).mse["lstm"] > 0.1


def test_small_initial_weights_make_the_rnn_learn_later():
    results = [
        add(preset, epochs=20, steps=80)
        for preset in (
            "Patience: a tenth of the learning rate",
            "Small initial weights",
        )
    ]
    usual, small = results
    assert usual.mse["rnn"] < 0.1 < small.mse["rnn"]
    assert far(small)["rnn", "before"] < 1e-9


@pytest.mark.parametrize("units", [1, 3, 6])
def test_a_mingru_of_n_units_cannot_tell_odd_from_even_over_more_than_n_inputs(units):
    """With an input that repeats, and any weights: its prediction turns n times."""
    for seed in range(50):
        rng = np.random.default_rng(seed)
        weights = {
            name: rng.normal(0, 3, [{"n_a": units, "n_x": 1, "1": 1}[s] for s in axes])
            for name, axes in mingru.WEIGHTS.items()
            if "n_y" not in axes
        } | {"Wy": np.zeros((1, units)), "by": np.zeros((1, 1))}
        a = mingru.mingru_forward(np.ones((1, 1, 40)), np.zeros((units, 1)), weights)[0]
        moves = np.diff(a[:, 0], axis=1, prepend=0)
        assert np.all((moves >= -1e-12).all(axis=1) | (moves <= 1e-12).all(axis=1))
        score = rng.normal(size=units) @ a[:, 0] + rng.normal(0, 0.1)
        assert np.count_nonzero(np.diff(np.sign(score))) <= units


def test_at_too_high_a_rate_no_network_learns_to_add():
    assert min(add("Learning rate too high", epochs=10).mse.values()) > 0.1


def test_four_networks_of_equal_parameters_add_but_for_the_rnn():
    result = add("Four networks, equal parameters", epochs=17)
    assert result.mse["rnn"] > 0.1
    assert max(result.mse[cell] for cell in ("lstm", "gru", "mingru")) < 0.02
