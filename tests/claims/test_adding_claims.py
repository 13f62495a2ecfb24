"""What the pages say of the adding problem, trained as briefly as shows it."""

import pytest

from core.lesson import adding
from core.lesson.influence import from_far
from tests.driver.core.lesson_training import finish, metrics_of


def add(preset, **changes):
    """Train on the adding problem with a preset; return the result."""
    return followed(preset, **changes)[0]


def followed(preset, **changes):
    """Train likewise; return the result, and the LSTM's error after ten epochs."""
    result, pauses = finish(adding.TASK.train(adding.Config.preset(preset, **changes)))
    return result, metrics_of(pauses).get(10, {}).get("lstm_mse")


def far(result):
    """Return the influence of the first fifth of the inputs, before and after."""
    return {name: float(from_far(each)) for name, each in result.influences().items()}


def test_the_lstm_solves_the_adding_problem_at_50_and_the_rnn_does_not():
    """One seed of five, cut short; docs/lessons.md has the whole claim."""
    result, after_ten = followed("Vanishing gradient", epochs=16)
    assert after_ten < 0.02
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
    result, after_ten = followed(preset, epochs=epochs)
    assert after_ten > 0.1 or preset == "Forget bias 0"  # the others slow it down
    assert result.mse["lstm"] < 0.02
    assert result.mse["rnn"] > 0.1
    if preset.startswith("Forget bias"):
        assert far(result)["lstm", "before"] < 1e-5


def test_small_initial_weights_make_the_rnn_learn_later():
    """Its test error jumps between epochs: by the lowest."""
    lowest = []
    for preset in "Patience: a tenth of the learning rate", "Small initial weights":
        config = adding.Config.preset(preset, epochs=22, steps=80)
        result, pauses = finish(adding.TASK.train(config))
        lowest.append(min(each["rnn_mse"] for each in metrics_of(pauses).values()))
    usual, small = lowest
    assert usual < 0.1 < small
    assert far(result)["rnn", "before"] < 1e-9


def test_at_too_high_a_rate_no_network_learns_to_add():
    assert min(add("Learning rate too high", epochs=10).mse.values()) > 0.1


def test_four_networks_of_equal_parameters_add_but_for_the_rnn():
    result = add("Four networks, equal parameters", epochs=17)
    assert result.mse["rnn"] > 0.1
    assert max(result.mse[cell] for cell in ("lstm", "gru", "mingru")) < 0.02
