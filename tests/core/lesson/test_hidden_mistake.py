"""What the page says of each mistake is so, whatever sequence it is shown on."""

import functools

import numpy as np
import pytest

from core.lesson.backward_passes import PRESETS, hidden_mistake, mistakes_of
from core.lesson.cells import CELLS
from core.lesson.demo import (
    SequenceDemo,
    backward_demo,
    detectable_mistakes,
    sine_sequence,
    word_sequence,
)

SEQUENCES = {
    "hello": word_sequence("hello"),
    "ab": word_sequence("ab"),
    "sine": sine_sequence(),
}


@pytest.fixture(params=SEQUENCES)
def demo(request):
    """Returns a function that shows a backward pass on a sequence."""
    return functools.partial(show, request.param)


@functools.cache
def show(sequence, cell, mistake, every_step=False):
    """A backward pass, which several tests look at."""
    given = cell, SEQUENCES[sequence], SequenceDemo()
    return backward_demo(*given, mistake, every_step)


def right_steps(demo):
    return [step.right for step in demo.report.steps]


def ratios(demo, name):
    return demo.norms[name] / demo.correct_norms[name]


@pytest.mark.parametrize("cell", CELLS)
def test_a_seed_stands_for_one_mistake_and_every_mistake_has_seeds(cell):
    every = mistakes_of(cell)
    found = [hidden_mistake(cell, seed, every) for seed in range(1, 100)]
    assert set(found) == set(every)
    assert found == [hidden_mistake(cell, seed, every) for seed in range(1, 100)]
    assert all(PRESETS[name].evidence for name in every)
    fewer = [hidden_mistake(cell, seed, every[1:]) for seed in range(1, 100)]
    assert set(fewer) == set(every[1:])
    same = [a == b for a, b in zip(found, fewer, strict=True) if a != every[0]]
    assert all(same)


@pytest.mark.parametrize("every_step", [False, True])
@pytest.mark.parametrize("units", [2, 3])
def test_only_a_mistake_that_turns_the_badge_red_is_offered(units, every_step):
    sequence, left_out = SEQUENCES["hello"], set()
    for cell in CELLS:
        for seed in range(4 if cell == "rnn" else 1):
            settings = SequenceDemo(units=units, seed=seed)
            given = cell, sequence, settings
            detectable = detectable_mistakes(*given, every_step)
            for name in mistakes_of(cell):
                report = backward_demo(*given, name, every_step).report
                assert report.right == (name not in detectable)
            left_out |= set(mistakes_of(cell)) - set(detectable)
    assert left_out == ({"transpose forgotten"} if units == 2 else set())


@pytest.mark.parametrize("forget_bias", [-5, 5])
@pytest.mark.parametrize("recurrent_scale", [0.1, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_with_extreme_weights_every_mistake_can_be_found(
    cell, recurrent_scale, forget_bias
):
    settings = SequenceDemo(recurrent_scale=recurrent_scale, forget_bias=forget_bias)
    for sequence in SEQUENCES.values():
        assert detectable_mistakes(cell, sequence, settings) == mistakes_of(cell)


@pytest.mark.parametrize("cell", CELLS)
def test_with_nothing_handed_on_only_the_last_step_agrees_and_norms_are_0(cell, demo):
    shown = demo(cell, "dropped")
    steps = right_steps(shown)
    assert steps == [False] * (len(steps) - 1) + [True]
    assert all(np.all(norm[:-1] == 0) for norm in shown.norms.values())


@pytest.mark.parametrize("every_step", [False, True])
def test_with_the_cell_path_cut_dh_is_right_one_step_back_and_dc_is_not(
    demo, every_step
):
    shown = demo("lstm", "cell path cut", every_step)
    steps = right_steps(shown)
    assert steps == [False] * (len(steps) - 1) + [True]
    assert all(np.all(norm > 0) for norm in shown.norms.values())
    assert ratios(shown, "dh")[-2] == pytest.approx(1)
    assert abs(ratios(shown, "dc")[-2] - 1) > 0.05


@pytest.mark.parametrize("every_step", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_with_sums_written_over_only_weights_and_biases_differ(cell, demo, every_step):
    shown = demo(cell, "overwritten", every_step)
    assert all(right_steps(shown))
    assert all(ratios(shown, name) == pytest.approx(1) for name in shown.norms)
    wrong = {each.name for each in shown.report.gradients if not each.right}
    assert wrong
    assert all(name.startswith(("dW", "db")) for name in wrong)


def test_without_the_transpose_the_gradient_has_its_length_and_not_its_direction(demo):
    shown = demo("rnn", "transpose forgotten")
    steps = right_steps(shown)
    assert steps == [False] * (len(steps) - 1) + [True]
    assert ratios(shown, "dh")[-2] == pytest.approx(1)


def test_with_the_new_cell_state_for_the_old_no_step_agrees(demo):
    assert not any(right_steps(demo("lstm", "new for old")))


@pytest.mark.parametrize("every_step", [False, True])
def test_without_the_slope_no_step_agrees(demo, every_step):
    assert not any(right_steps(demo("rnn", "no slope", every_step)))


@pytest.mark.parametrize("every_step", [False, True])
@pytest.mark.parametrize("mistake", ["direct path cut", "reset left out"])
def test_with_a_wrong_path_in_the_gru_only_the_last_step_agrees(
    demo, mistake, every_step
):
    shown = demo("gru", mistake, every_step)
    steps = right_steps(shown)
    assert steps == [False] * (len(steps) - 1) + [True]
    assert all(np.all(norm > 0) for norm in shown.norms.values())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("forget_bias", [1, 5])
def test_the_norms_tell_the_two_mistakes_of_the_gru_apart(seed, forget_bias):
    given = "gru", SEQUENCES["hello"], SequenceDemo(seed=seed, forget_bias=forget_bias)
    cut = ratios(backward_demo(*given, "direct path cut"), "dh")
    assert cut[-2] < 0.7
    assert all(np.diff(cut) > 0)
    scaled = ratios(backward_demo(*given, "reset left out"), "dh")
    assert scaled[-2] == pytest.approx(1, abs=0.25)


def test_with_a_low_forget_bias_they_look_different_as_the_page_says():
    given = "gru", SEQUENCES["hello"], SequenceDemo(forget_bias=-5)
    cut = ratios(backward_demo(*given, "direct path cut"), "dh")
    assert cut[-2] == pytest.approx(1, abs=0.1)
    assert ratios(backward_demo(*given, "reset left out"), "dh")[-2] > 1.2
    for name in ("direct path cut", "reset left out"):
        assert "*Forget bias* of 1 or more" in PRESETS[name].evidence


def test_without_the_direct_path_little_comes_back(demo):
    ratio = ratios(demo("gru", "direct path cut"), "dh")
    assert ratio[-2] < 0.25
    assert all(np.diff(ratio) > 0)


@pytest.mark.parametrize("every_step", [False, True])
def test_without_the_reset_gate_nearly_the_right_amount_comes_back(demo, every_step):
    ratio = ratios(demo("gru", "reset left out", every_step), "dh")
    assert ratio[-2] == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("every_step", [False, True])
def test_with_the_other_convention_the_states_gradients_are_right(demo, every_step):
    shown = demo("mingru", "other convention", every_step)
    assert not right_steps(shown)[-1]
    assert ratios(shown, "dh") == pytest.approx(1)
    wrong = {each.name for each in shown.report.gradients if not each.right}
    assert wrong == {"dx", "dWz", "dbz"}
