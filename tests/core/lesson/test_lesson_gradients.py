"""The gradients are right: against finite differences, and each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.course import Course
from core.lesson.backward_passes import PRESETS
from core.lesson.cells import CELLS
from core.lesson.gradient_check import check_gradients, compare, differences
from core.lesson.network import (
    Cost,
    Network,
    last_value,
    next_character,
    with_forget_bias,
    without_recurrence,
)
from core.lesson.settings import LessonSettings
from core.recurrent import unroll, unroll_back, weight_gradients
from core.source import source
from tests.core.lesson.networks import Case, every_cell

sizes = st.integers(1, 4)
shapes = {
    "seed": st.integers(0, 2**32 - 1),
    "n_x": sizes,
    "n_a": sizes,
    "n_y": sizes,
    "m": st.integers(1, 3),
    "T": st.integers(1, 5),
    "scale": st.sampled_from([0.2, 0.5, 1.0]),
}
MISTAKES = {name: preset for name, preset in PRESETS.items() if preset.wrong}
thorough = settings(max_examples=25, derandomize=True)


def check(case, backward_pass=None):
    return check_gradients(
        case.kind.forward,
        backward_pass or case.kind.backward,
        case.x,
        case.a0,
        case.parameters,
        case.da,
    )


@every_cell
@settings(max_examples=5, derandomize=True)  # the next test has more shapes
@given(**{name: shapes[name] for name in shapes})
def test_finite_differences_agree_to_seven_digits(cell, **shape):
    report = check(Case(cell, **shape))
    names = {f"d{name}" for name in Case(cell).parameters}
    assert {one.name for one in report.gradients} == (
        names - {"dWya", "dWy", "dby"} | {"dx", "da0"}
    )
    assert max(one.error for one in report.gradients) <= 1e-7, report.where
    assert report.right


@every_cell
@thorough
@given(**{name: shapes[name] for name in shapes})
def test_the_outputs_and_the_whole_loss_agree_too(cell, **shape):
    """Cross-entropy through softmax: the output weights get a gradient as well."""
    case, n_y = Case(cell, **shape), shape["n_y"]
    Wy, by = CELLS[cell].head
    shape = case.x.shape[:0:-1]  # (T, m)
    classes = np.random.default_rng(1).integers(0, n_y, shape)
    y = np.eye(n_y)[classes].transpose(2, 1, 0)  # (n_y, m, T)

    def loss(values):
        rest = {name: v for name, v in values.items() if name not in ("x", "a0")}
        y_pred = case.kind.forward(values["x"], values["a0"], rest)[1]
        return -float(np.sum(y * np.log(y_pred)) / classes.size)

    a, *_, caches = case.forward()
    head = case.parameters[Wy], case.parameters[by]
    cost = next_character(a.transpose(2, 0, 1), classes, head)
    analytic = case.kind.backward(cost.dh.transpose(1, 2, 0), caches)
    analytic |= {f"d{Wy}": cost.dW, f"d{by}": cost.db}
    numeric = differences(loss, {"x": case.x, "a0": case.a0, **case.parameters})
    assert set(analytic) == set(numeric)
    report = compare(analytic, numeric)
    assert max(one.error for one in report.gradients) <= 1e-7, report.where


@thorough
@given(**{name: shapes[name] for name in shapes if name != "T"})
def test_the_cell_state_before_a_step_gets_the_right_gradient(**shape):
    case = Case("lstm", T=2, **shape)
    cell = Course(CELLS["lstm"])
    rng = np.random.default_rng(2)
    c_prev, dc = rng.standard_normal((2, *case.a0.shape))
    xt, da = case.x[:, :, 0], case.da[:, :, 0]

    def loss(values):
        a, c, _, _ = cell.cell_forward(
            values["xt"], values["a"], values["c"], case.parameters
        )
        return float(np.sum(da * a) + np.sum(dc * c))

    numeric = differences(loss, {"xt": xt, "a": case.a0, "c": c_prev})
    cache = cell.cell_forward(xt, case.a0, c_prev, case.parameters)[-1]
    step = cell.cell_backward(da, dc, cache)
    for name, want in (("dxt", "dxt"), ("da_prev", "da"), ("dc_prev", "dc")):
        np.testing.assert_allclose(step[name], numeric[want], rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize(
    ("mistake", "cell"), [(name, c) for name, m in MISTAKES.items() for c in m.cells]
)
def test_every_mistake_is_caught(mistake, cell):
    report = check(Case(cell, m=1), MISTAKES[mistake].backward(cell))
    assert not report.right
    assert report.digits < 1
    assert "differ" in report.where


@every_cell
def test_the_dropped_gradient_is_wrong_from_the_step_before_the_last(cell):
    report = check(Case(cell, m=1, T=6), MISTAKES["dropped"].backward(cell))
    assert [one.right for one in report.steps] == [False] * 5 + [True]
    assert report.where.endswith("from step 5 back.")
    errors = [one.error for one in report.gradients if one.name.startswith("dW")]
    assert min(errors) > 0.1  # by tenths of their own size, not by rounding


@every_cell
def test_written_over_gradients_are_wrong_in_the_weights_and_right_in_dx(cell):
    report = check(Case(cell), MISTAKES["overwritten"].backward(cell))
    right = {one.name for one in report.gradients if one.right}
    assert right == {"dx", "da0"}
    assert all(one.right for one in report.steps)


def test_the_report_points_at_the_number_that_is_wrong():
    case = Case("rnn")

    def off_by_a_little(da, caches):
        gradients = case.kind.backward(da, caches)
        gradients["dWax"][2, 1] += 0.001
        return gradients

    report = check(case, off_by_a_little)
    (wrong,) = [one for one in report.gradients if not one.right]
    assert (wrong.name, wrong.worst) == ("dWax", (2, 1))
    assert wrong.analytic - wrong.numeric == pytest.approx(0.001)
    assert report.where == "dWax differs."


@every_cell
def test_each_step_receives_its_own_gradient_plus_that_of_the_next_step(cell):
    case = Case(cell)
    unrolled = case.kind.unrolled(case.forward()[-1])
    dh = case.da.transpose(2, 0, 1)
    back = unroll_back(unrolled, dh)
    np.testing.assert_array_equal(back.received[5][0], dh[5])
    _, *passed = CELLS[cell].step_back(
        *back.received[5], unrolled.caches[5], unrolled.weights[0]
    )
    np.testing.assert_array_equal(back.received[4][0], dh[4] + passed[0])
    np.testing.assert_array_equal(back.received[4][1:], passed[1:])


@every_cell
def test_the_gradients_of_the_steps_add_up_to_those_of_the_sequence(cell):
    case = Case(cell)
    caches = case.forward()[-1]
    back = unroll_back(case.kind.unrolled(caches), case.da.transpose(2, 0, 1))
    steps = [
        case.kind.cell_backward(*received, cache)
        for received, cache in zip(back.received, caches[0], strict=True)
    ]
    for name, gradient in case.backward().items():
        if name == "dx":
            got = np.stack([step["dxt"] for step in steps], axis=2)
        elif name == "da0":
            got = steps[0]["da_prev"]
        else:
            got = np.sum([step[name] for step in steps], axis=0)
        np.testing.assert_allclose(got, gradient, atol=1e-13)


@every_cell
@pytest.mark.parametrize("backward", ["right", "dropped"])
def test_a_network_trains_with_the_gradients_of_the_cells_functions(cell, backward):
    case = Case(cell)
    case.a0[:] = 0
    network = Network(cell, case.parameters, cell)
    unrolled = network.forward(case.x.transpose(2, 0, 1))
    cost = Cost(0.0, case.da.transpose(2, 0, 1), *network.head)
    got = network.gradients(unrolled, cost, LessonSettings(backward=backward))
    want = PRESETS[backward].backward(cell)(case.da, case.forward()[-1])
    for name in set(want) - {"dx", "da0"}:
        np.testing.assert_allclose(got[name], want[name], atol=1e-13)


@every_cell
@pytest.mark.parametrize("k", [1, 2, 3, 7, 9])
def test_truncated_gradients_agree_with_differences_at_fixed_carried_states(cell, k):
    """Stretches of k steps from the end; the states before each do not move."""
    case = Case(cell, T=7)
    kind, x = CELLS[cell], case.x.transpose(2, 0, 1)
    dh = case.da.transpose(2, 0, 1)
    whole = case.kind.unrolled(case.forward()[-1])
    ends = range(len(x), 0, -k)
    carried = {
        end: [
            whole.caches[max(0, end - k)][kind.cache.index(f"{state}_prev")]
            for state in kind.states
        ]
        for end in ends
    }

    def loss(values):
        weights = kind.stack({name: values[name] for name in case.parameters})
        total = 0.0
        for end in ends:
            steps = slice(max(0, end - k), end)
            h = unroll(kind, values["x"][steps], weights, carried[end]).h
            total += float(np.sum(dh[steps] * h))
        return total

    back = unroll_back(whole, dh, k)
    analytic = weight_gradients(whole, back.dz) | {"dx": back.dx}
    numeric = differences(loss, {"x": x, **case.parameters})
    for name, gradient in analytic.items():
        np.testing.assert_allclose(gradient, numeric[name], rtol=1e-7, atol=1e-9)
    complete = weight_gradients(whole, unroll_back(whole, dh).dz)
    same = all(np.array_equal(analytic[name], complete[name]) for name in complete)
    assert same == (k >= len(x))


@every_cell
@pytest.mark.parametrize("k", [1, 3, 6])
def test_a_network_truncates_the_gradient_of_its_last_state(cell, k):
    case = Case(cell)
    case.da[:, :, :-1] = 0
    network = Network(cell, case.parameters, cell)
    x, dh = case.x.transpose(2, 0, 1), case.da.transpose(2, 0, 1)
    unrolled = network.forward(x)
    cost = Cost(0.0, dh, *network.head)
    got = network.gradients(unrolled, cost, LessonSettings(truncate=k))
    want = weight_gradients(unrolled, unroll_back(unrolled, dh, k).dz)
    for name, gradient in want.items():
        np.testing.assert_allclose(got[name], gradient, atol=1e-13)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_changes_one_line_of_the_code_that_the_page_shows(name):
    mistake = MISTAKES[name].mistake
    shown = source(mistake.module, mistake.name)
    assert shown.count(mistake.line) == 1
    assert "\n" not in mistake.line + mistake.wrong


@pytest.mark.parametrize("loss", [next_character, last_value])
def test_the_training_losses_agree_with_finite_differences(loss):
    rng = np.random.default_rng(3)
    a, b = rng.standard_normal((4, 3, 5)), rng.standard_normal((2, 1))
    W = rng.standard_normal((2, 3))
    if loss is next_character:
        targets = rng.integers(-1, 2, (4, 5))  # some are padding
    else:
        targets, W, b = rng.standard_normal(5), W[:1], b[:1]

    def value(v):
        return loss(v["h"], targets, (v["W"], v["b"])).loss

    numeric = differences(value, {"h": a, "W": W, "b": b})
    cost = loss(a, targets, (W, b))
    for name in ("dh", "dW", "db"):
        got = getattr(cost, name)
        np.testing.assert_allclose(got, numeric[name], rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_without_recurrence_a_state_depends_on_its_own_input_only(cell):
    case = Case(cell, T=3)
    case.parameters = without_recurrence(cell, case.parameters)
    before = case.forward()[0]
    case.a0 += 1
    np.testing.assert_array_equal(case.forward()[0], before)
    original = Case(cell).parameters
    names = {n for n in original if (original[n] != case.parameters[n]).any()}
    assert names == ({"Waa"} if cell == "rnn" else {"Wf", "Wi", "Wc", "Wo"})


def test_without_recurrence_the_gates_of_a_gru_read_the_input_only():
    case = Case("gru", T=1)
    case.parameters = without_recurrence("gru", case.parameters)
    gates = case.forward()[-1][0][0][2:6]
    case.a0 += 1
    for before, after in zip(gates, case.forward()[-1][0][0][2:6], strict=True):
        np.testing.assert_array_equal(before, after)


def test_the_mingru_has_no_weight_that_could_be_taken_away():
    case = Case("mingru")
    for name, weight in without_recurrence("mingru", case.parameters).items():
        np.testing.assert_array_equal(weight, case.parameters[name])


@pytest.mark.parametrize("cell", ["lstm", "gru", "mingru"])
def test_the_forget_bias_sets_how_much_of_the_old_state_is_kept(cell):
    case = Case(cell, scale=0.0)
    states = [np.ones((4, 5)) for _ in case.kind.passed]
    for bias, kept in ((0.0, 0.5), (1.0, 0.7310586)):
        parameters = with_forget_bias(cell, case.parameters, bias)
        *found, _, _ = case.kind.cell_forward(case.x[:, :, 0], *states, parameters)
        np.testing.assert_allclose(found[-1], kept, rtol=1e-6)


def test_the_rnn_has_no_gate_and_so_no_forget_bias():
    case = Case("rnn")
    assert with_forget_bias("rnn", case.parameters, 5.0) == case.parameters
