"""The functions of the cells: shapes, values, and what they refuse."""

import warnings

import numpy as np
import pytest

from core.course import ShapeError
from core.gru import gru_backward, gru_cell_forward, gru_forward
from core.lesson.cells import CELLS
from core.lstm import from_keras, lstm_backward, lstm_cell_forward, lstm_forward
from core.mingru import (
    mingru_backward,
    mingru_cell_forward,
    mingru_forward,
    mingru_scan,
    mingru_stack,
)
from core.recurrent import sigmoid, softmax, unroll
from core.rnn import rnn_backward, rnn_cell_backward, rnn_cell_forward, rnn_forward
from tests.core.lesson.networks import Case, every_cell


def test_the_rnn_takes_and_returns_what_a_course_exercise_does():
    case = Case("rnn", n_x=3, n_a=5, n_y=2, m=10, T=4)
    xt, a_prev = case.x[:, :, 0], case.a0
    a_next, yt_pred, cache = rnn_cell_forward(xt, a_prev, case.parameters)
    assert a_next.shape == (5, 10)
    assert yt_pred.shape == (2, 10)
    assert [id(part) for part in cache] == list(
        map(id, (a_next, a_prev, xt, case.parameters))
    )
    a, y_pred, caches = rnn_forward(case.x, case.a0, case.parameters)
    assert a.shape == (5, 10, 4)
    assert y_pred.shape == (2, 10, 4)
    assert len(caches[0]) == 4
    assert caches[1] is case.x
    step = rnn_cell_backward(case.da[:, :, 0], cache)
    assert set(step) == {"dxt", "da_prev", "dWax", "dWaa", "dba"}
    gradients = rnn_backward(case.da, caches)
    shapes = {name: g.shape for name, g in gradients.items()}
    assert shapes == {
        "dx": (3, 10, 4),
        "da0": (5, 10),
        "dWax": (5, 3),
        "dWaa": (5, 5),
        "dba": (5, 1),
    }


def test_the_lstm_takes_and_returns_what_a_course_exercise_does():
    case = Case("lstm", n_x=3, n_a=5, n_y=2, m=10, T=7)
    xt, c_prev = case.x[:, :, 0], case.da[:, :, 0]
    a_next, c_next, yt_pred, cache = lstm_cell_forward(
        xt, case.a0, c_prev, case.parameters
    )
    assert a_next.shape == c_next.shape == (5, 10)
    assert yt_pred.shape == (2, 10)
    assert len(cache) == 10
    ends = (cache[0], cache[1], cache[2], cache[3], cache[8], cache[9])
    given = (a_next, c_next, case.a0, c_prev, xt, case.parameters)
    assert all(part is array for part, array in zip(ends, given, strict=True))
    a, y, c, caches = lstm_forward(case.x, case.a0, case.parameters)
    assert a.shape == c.shape == (5, 10, 7)
    assert y.shape == (2, 10, 7)
    assert (len(caches[0]), caches[1]) == (7, case.x)
    gradients = lstm_backward(case.da[:, :, :4], caches)  # a loss over four steps
    assert gradients["dx"].shape == (3, 10, 4)
    assert gradients["da0"].shape == (5, 10)
    for gate in "fico":
        assert gradients[f"dW{gate}"].shape == (5, 8)
        assert gradients[f"db{gate}"].shape == (5, 1)
    assert len(gradients) == 10


def test_the_gru_takes_and_returns_what_the_lstm_does_with_one_state():
    case = Case("gru", n_x=3, n_a=5, n_y=2, m=10, T=7)
    xt = case.x[:, :, 0]
    a_next, yt_pred, cache = gru_cell_forward(xt, case.a0, case.parameters)
    assert a_next.shape == (5, 10)
    assert yt_pred.shape == (2, 10)
    assert len(cache) == 8
    given = (a_next, case.a0, xt, case.parameters)
    ends = (cache[0], cache[1], cache[6], cache[7])
    assert all(part is array for part, array in zip(ends, given, strict=True))
    a, y, caches = gru_forward(case.x, case.a0, case.parameters)
    assert a.shape == (5, 10, 7)
    assert y.shape == (2, 10, 7)
    assert (len(caches[0]), caches[1]) == (7, case.x)
    gradients = gru_backward(case.da[:, :, :4], caches)  # a loss over four steps
    shapes = {name: g.shape for name, g in gradients.items()}
    assert shapes == {
        "dx": (3, 10, 4),
        "da0": (5, 10),
        **dict.fromkeys(("dWz", "dWr"), (5, 8)),
        "dWca": (5, 5),
        "dWcx": (5, 3),
        **dict.fromkeys(("dbz", "dbr", "dbca", "dbc"), (5, 1)),
    }


def test_the_mingru_takes_and_returns_what_the_gru_does():
    case = Case("mingru", n_x=3, n_a=5, n_y=2, m=10, T=7)
    xt = case.x[:, :, 0]
    a_next, yt_pred, cache = mingru_cell_forward(xt, case.a0, case.parameters)
    assert a_next.shape == (5, 10)
    assert yt_pred.shape == (2, 10)
    assert len(cache) == 6
    a, y, caches = mingru_forward(case.x, case.a0, case.parameters)
    assert a.shape == (5, 10, 7)
    assert y.shape == (2, 10, 7)
    assert (len(caches[0]), caches[1]) == (7, case.x)
    gradients = mingru_backward(case.da[:, :, :4], caches)
    shapes = {name: g.shape for name, g in gradients.items()}
    assert shapes == {
        "dx": (3, 10, 4),
        "da0": (5, 10),
        **dict.fromkeys(("dWz", "dWc"), (5, 3)),
        **dict.fromkeys(("dbz", "dbc"), (5, 1)),
    }


@pytest.mark.parametrize("T", [1, 2, 3, 8, 31, 100])
def test_the_scan_of_the_mingru_gives_the_states_of_its_loop(T):
    case = Case("mingru", n_x=3, n_a=5, m=4, T=T, scale=2.0)
    a = mingru_forward(case.x, case.a0, case.parameters)[0]
    x, weights = case.x.transpose(2, 0, 1), mingru_stack(case.parameters)
    scanned = mingru_scan(x, case.a0, *weights)
    np.testing.assert_allclose(scanned.transpose(1, 2, 0), a, rtol=0, atol=1e-10)


def test_the_update_gate_of_the_gru_keeps_and_that_of_the_mingru_replaces():
    for cell, kept in (("gru", True), ("mingru", False)):
        case = Case(cell)
        case.parameters["bz"] += 100  # z = 1
        a = case.forward()[0]
        assert np.allclose(a[:, :, -1], case.a0) == kept
        case.parameters["bz"] -= 200  # z = 0
        a = case.forward()[0]
        assert np.allclose(a[:, :, -1], case.a0) != kept


@every_cell
def test_a_loss_that_ends_early_is_a_gradient_of_zero_afterwards(cell):
    case = Case(cell, T=6)
    caches = case.forward()[-1]
    case.da[:, :, 4:] = 0
    whole = case.kind.backward(case.da, caches)
    short = case.kind.backward(case.da[:, :, :4], caches)
    np.testing.assert_array_equal(whole["dx"][:, :, 4:], 0)
    for name in whole:
        shorter = whole[name][:, :, :4] if name == "dx" else whole[name]
        np.testing.assert_allclose(short[name], shorter, atol=1e-15)


@every_cell
def test_the_first_states_do_not_depend_on_later_inputs(cell):
    case = Case(cell, T=6)
    before = case.forward()[0]
    case.x[:, :, 3:] += 1
    after = case.forward()[0]
    np.testing.assert_array_equal(before[:, :, :3], after[:, :, :3])
    assert (before[:, :, 3] != after[:, :, 3]).all()


@every_cell
def test_each_example_of_a_batch_is_on_its_own(cell):
    case = Case(cell, m=4)
    together = case.forward()[0]
    alone = case.kind.forward(case.x[:, 2:3], case.a0[:, 2:3], case.parameters)[0]
    np.testing.assert_allclose(alone[:, 0], together[:, 2], atol=1e-15)


@every_cell
def test_nothing_that_is_passed_in_is_changed(cell):
    case, copy = Case(cell), Case(cell)
    case.backward()
    np.testing.assert_array_equal(case.x, copy.x)
    np.testing.assert_array_equal(case.a0, copy.a0)
    np.testing.assert_array_equal(case.da, copy.da)
    for name, weight in copy.parameters.items():
        np.testing.assert_array_equal(case.parameters[name], weight)


def test_the_rnn_has_golden_values_with_constant_weights():
    """Worked out in plain Python, without arrays: every unit is the same."""
    parameters = {
        "Wax": np.full((2, 2), 0.1),
        "Waa": np.full((2, 2), 0.1),
        "ba": np.full((2, 1), 0.05),
        "Wya": np.array([[0.3, 0.3], [0.0, 0.0]]),
        "by": np.array([[0.1], [0.0]]),
    }
    x = np.array([[[1, 0.5, -1]], [[-0.5, 2, 1]]])
    a, y, caches = rnn_forward(x, np.zeros((2, 1)), parameters)
    want = [0.09966799462495582, 0.30944687976382657, 0.11142477933590711]
    np.testing.assert_allclose(a[:, 0], [want, want], rtol=1e-14)
    want = [0.5398654007261997, 0.5709352897143002, 0.5416172078538356]
    np.testing.assert_allclose(y[0, 0], want, rtol=1e-14)
    np.testing.assert_allclose(y.sum(axis=0), 1, rtol=1e-15)
    back = rnn_backward(np.ones((2, 1, 3)), caches)
    want = [0.24089682445943894, 0.21656916656179212, 0.1975169037099889]
    np.testing.assert_allclose(back["dx"][:, 0], [want, want], rtol=1e-14)
    np.testing.assert_allclose(back["da0"], 0.24089682445943894, rtol=1e-14)
    np.testing.assert_allclose(back["dba"], 3.2749144736561, rtol=1e-14)
    np.testing.assert_allclose(back["dWaa"], 0.4135300204124005, rtol=1e-14)
    np.testing.assert_allclose(back["dWax"][:, 0], 0.7583225201517305, rtol=1e-14)


def test_the_lstm_has_golden_values_with_constant_weights():
    """Worked out in plain Python, without arrays: every unit is the same."""
    parameters = {"Wy": np.zeros((2, 2)), "by": np.zeros((2, 1))}
    for gate, weight, bias in zip("fico", (0.1, 0.2, 0.3, 0.4), (1, 0, 0, -0.5)):  # noqa: B905
        parameters |= {f"W{gate}": np.full((2, 3), weight)}
        parameters |= {f"b{gate}": np.full((2, 1), float(bias))}
    x = np.array([[[1, -0.5, 2]]])
    a, y, c, caches = lstm_forward(x, np.zeros((2, 1)), parameters)
    want = [0.07544171715227495, 0.02263197734244034, 0.20942875942643085]
    np.testing.assert_allclose(a[:, 0], [want, want], rtol=1e-14)
    want = [0.16017357817179897, 0.06563200094545467, 0.37894811978525206]
    np.testing.assert_allclose(c[:, 0], [want, want], rtol=1e-14)
    np.testing.assert_array_equal(y, 0.5)
    back = lstm_backward(np.ones((2, 1, 3)), caches)
    want = [0.42330853019915554, 0.24276510347996158, 0.22528836204384378]
    np.testing.assert_allclose(back["dx"][0, 0], want, rtol=1e-13)
    np.testing.assert_allclose(back["da0"], 0.42330853019915554, rtol=1e-13)
    # The gradients of: the bias, the weight of x, the weight of a_prev.
    golden = {
        "f": (0.031724015619690474, -0.0012129877567760086, 0.0020838698383263874),
        "i": (0.12859195523993436, 0.22614149468303485, -9.632616966533244e-05),
        "c": (1.1818700392414505, 0.8150952305278765, 0.03390420596840099),
        "o": (0.1555729836977234, 0.2165394548853471, 0.0033657128695375634),
    }
    for gate, (bias, from_x, from_a) in golden.items():
        np.testing.assert_allclose(back[f"db{gate}"], bias, rtol=1e-12)
        np.testing.assert_allclose(back[f"dW{gate}"][:, 2], from_x, rtol=1e-12)
        np.testing.assert_allclose(back[f"dW{gate}"][:, :2], from_a, rtol=1e-12)


def test_the_gru_computes_its_equations():
    """The weights make σ(±log 3) = 3/4, 1/4 and tanh(log 2) = 3/5 of h = (1, 2), x = 3.

    Each reads h and x with other weights, so that none can stand for another.
    """
    third, half = np.log(3), np.log(2)
    parameters = {
        "Wz": third * np.array([[2, -2, 1], [-1, 0, 0]]),  # z = 3/4, 1/4
        "Wr": third * np.array([[0, 1, -1], [0, 2, -1]]),  # r = 1/4, 3/4
        "Wca": half * np.array([[2, 0], [0, 1]]),
        "bca": half * np.array([[2.0], [2.0]]),  # s = 4, 4 times log 2
        "Wcx": half * np.array([[1.0], [-1.0]]),
        "bc": half * np.array([[-3.0], [1.0]]),  # with r s: 1, 1 times log 2
        "bz": np.zeros((2, 1)),
        "br": np.zeros((2, 1)),
        "Wy": half * np.array([[20.0, 0.0], [0.0, 0.0]]),
        "by": half * np.array([[-17.0], [0.0]]),
    }
    x, a0 = np.array([[[3.0]]]), np.array([[1.0], [2.0]])
    a, y, _ = gru_forward(x, a0, parameters)
    np.testing.assert_allclose(a[:, 0, 0], [0.75 + 0.25 * 0.6, 0.5 + 0.75 * 0.6])
    np.testing.assert_allclose(y[:, 0, 0], [2 / 3, 1 / 3])


def test_the_mingru_computes_its_equations():
    """The update gate is 3/4 or 1/4, and it weighs the candidate."""
    third = np.log(3)
    parameters = {"Wz": third * np.array([[1.0], [-1.0]]), "bz": np.zeros((2, 1))}
    parameters |= {"Wc": np.array([[2.0], [-1.0]]), "bc": np.array([[1.0], [0.5]])}
    parameters |= {"Wy": np.zeros((2, 2)), "by": third * np.array([[1.0], [0.0]])}
    x, a0 = np.array([[[1.0, -1.0]]]), np.array([[1.0], [2.0]])
    a, y, _ = mingru_forward(x, a0, parameters)
    first = np.array([0.25 * 1 + 0.75 * 3, 0.75 * 2 + 0.25 * -0.5])
    second = np.array([0.75 * first[0] + 0.25 * -1, 0.25 * first[1] + 0.75 * 1.5])
    np.testing.assert_allclose(a[:, 0], np.stack([first, second], axis=1))
    np.testing.assert_allclose(y[:, 0], [[0.75, 0.75], [0.25, 0.25]])


def test_softmax_stays_finite_when_columns_are_far_apart():
    z = np.array([[1000.0, -1000.0, 0.0], [999.0, -1001.0, 0.0]])
    p = softmax(z)
    np.testing.assert_allclose(p[:, 0], p[:, 1])
    np.testing.assert_allclose(p[:, 2], 0.5)


def test_softmax_is_over_the_first_axis_of_any_array():
    z = np.random.default_rng(0).standard_normal((4, 3, 2))
    np.testing.assert_allclose(softmax(z).sum(axis=0), 1)
    np.testing.assert_allclose(softmax(z)[:, 1, 0], softmax(z[:, 1, 0]))


def test_sigmoid_never_overflows():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        s = sigmoid(np.array([-1e4, -1.0, 0.0, 1.0, 1e4]))
    np.testing.assert_allclose(s, [0, 1 / (1 + np.e), 0.5, np.e / (1 + np.e), 1])


def test_a_weight_of_the_wrong_shape_is_refused_with_the_right_one():
    case = Case("lstm", n_x=3, n_a=4)
    case.parameters["Wi"] = case.parameters["Wi"][:, 1:]
    wanted = r"Wi: expected shape \(n_a, n_a\+n_x\) = \(4, 7\), got \(4, 6\)"
    with pytest.raises(ShapeError, match=wanted):
        case.forward()


@every_cell
def test_a_flat_bias_is_refused_instead_of_broadcast(cell):
    case = Case(cell, n_a=5, m=5)  # (5,) would broadcast along the batch
    name = {"rnn": "ba", "lstm": "bo"}.get(cell, "bc")
    case.parameters[name] = case.parameters[name][:, 0]
    with pytest.raises(ShapeError, match=rf"{name}: expected .*\(5, 1\), got \(5,\)"):
        case.forward()


@every_cell
def test_a_missing_weight_is_named(cell):
    case = Case(cell)
    del case.parameters["by"]
    with pytest.raises(ShapeError, match=r"by: expected an array .* got none"):
        case.forward()


@every_cell
def test_a_batch_that_does_not_fit_its_initial_state_is_refused(cell):
    case = Case(cell, m=5)
    case.a0 = case.a0[:, :1]
    with pytest.raises(ShapeError, match=r"a0: expected .*\(n_a, m\).*got \(4, 1\)"):
        case.forward()


@every_cell
def test_a_gradient_over_more_steps_than_were_taken_is_refused(cell):
    case = Case(cell, T=4)
    caches = case.forward()[-1]
    with pytest.raises(ShapeError, match="at most T_x = 4 steps, got 8"):
        case.kind.backward(np.tile(case.da, 2), caches)


@every_cell
def test_the_last_steps_begin_with_the_states_that_were_handed_to_them(cell):
    case = Case(cell)
    stacked, x = CELLS[cell].stack(case.parameters), case.x.transpose(2, 0, 1)
    begun = [case.a0] * len(CELLS[cell].states)
    whole = unroll(CELLS[cell], x, stacked, begun)
    last = whole.last(2)
    assert last.cell is whole.cell
    assert last.weights is whole.weights is stacked
    np.testing.assert_array_equal(last.x, x[-2:])
    np.testing.assert_array_equal(last.h, whole.h[-2:])
    np.testing.assert_array_equal(last.h_prev, whole.h[-3:-1])


def test_the_gates_of_keras_are_put_into_our_order():
    kernel, recurrent = np.arange(24).reshape(2, 12), 100 + np.arange(36).reshape(3, 12)
    W, b = from_keras(kernel, recurrent, 1000 + np.arange(12))
    assert W.flags.c_contiguous
    i, f, c, o = (slice(first, first + 3) for first in (0, 3, 6, 9))
    for rows, gate in zip((i, f, c, o), (f, i, c, o), strict=True):
        ours = np.hstack([recurrent[:, gate].T, kernel[:, gate].T])
        np.testing.assert_array_equal(W[rows], ours)
        np.testing.assert_array_equal(b[rows, 0], 1000 + np.arange(12)[gate])
