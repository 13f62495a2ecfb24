"""Which settings count as better: simulated seeds, known p-values, missing results."""

import numpy as np
import pytest

from core.comparison.seeds import (
    LOWEST_LOSS,
    Setting,
    group_by_setting,
    judge,
    lowest_loss,
    measures_of,
    results_csv,
    verdicts,
)
from core.runs.run import value_of
from core.task import Measure
from tests.core.comparison.runs import points, run

NLL = Measure("nll", "NLL", "low", "test")
TRIALS = 1000


def same_data(run_id):
    return "data"


def kinds(found):
    return [verdict.kind for verdict in found]


@pytest.mark.parametrize(("settings", "seeds"), [(2, 2), (2, 3), (4, 3), (8, 3)])
def test_equal_settings_are_told_apart_in_one_of_twenty_comparisons_at_most(
    settings, seeds
):
    random = np.random.default_rng(settings * seeds)
    marked = 0
    for values in random.normal(size=(TRIALS, settings, seeds)):
        found = judge([tuple(each) for each in values], low=True)
        marked += any(verdict.kind in ("best", "worse") for verdict in found)
    assert marked / TRIALS <= 0.06


def test_a_difference_of_many_spreads_is_found():
    random = np.random.default_rng(0)
    found = 0
    for noise in random.normal(size=(200, 2, 3)):
        values = [tuple(each) for each in noise + np.array([[0.0], [8.0]])]
        found += kinds(judge(values, low=True)) == ["best", "worse"]
    assert found > 170


def test_shares_of_few_rows_that_are_equal_by_chance_are_seldom_called_better():
    rng = np.random.default_rng(0)
    comparisons = 500
    marked = 0
    for _ in range(comparisons):
        shares = np.round(40 + 0.5 * rng.normal(size=(4, 2)) + rng.uniform()) / 56
        marked += "best" in kinds(judge([tuple(row) for row in shares], low=False))
    assert marked / comparisons < 0.05


def test_the_direction_of_a_measure_decides_which_one_is_better():
    values = [(1.0, 1.01, 0.99), (2.0, 2.01, 1.99)]
    assert kinds(judge(values, low=True)) == ["best", "worse"]
    assert kinds(judge(values, low=False)) == ["worse", "best"]


def test_a_setting_better_than_only_some_is_not_called_best():
    near, nearer, far = (1.0, 1.02, 0.98), (1.01, 1.03, 0.97), (2.0, 2.02, 1.98)
    found = judge([near, nearer, far], low=True)
    assert kinds(found) == ["open", "open", "worse"]
    assert [verdict.leads for verdict in found] == [True, False, False]


def test_one_seed_tells_nothing_however_good_it_is():
    found = judge([(0.1,), (1.0, 1.01), (), (5.0, 5.01)], low=True)
    assert kinds(found) == ["one seed", "best", "none", "worse"]


def test_a_single_setting_has_an_open_verdict():
    [found] = judge([(1.0, 2.0)], low=True)
    assert (found.kind, found.leads, found.p) == ("open", False, None)


def test_further_seeds_in_the_store_count_and_other_settings_do_not():
    compared = [run("a", units=4), run("b", units=6)]
    repeats = [run("c", units=4, seed=1, created=1.0), run("d", units=8), *compared]
    found = group_by_setting(compared, repeats, same_data)
    assert [[each.id for each in setting.runs] for setting in found] == [
        ["a", "c"],
        ["b"],
    ]
    assert [setting.places for setting in found] == [(0,), (1,)]


def test_compared_runs_that_differ_in_their_seed_are_one_setting():
    compared = [run("a", seed=5), run("b", units=4), run("c", seed=6)]
    found = group_by_setting(compared, [], same_data)
    assert [setting.places for setting in found] == [(0, 2), (1,)]


def test_the_same_name_with_other_data_is_another_setting_that_is_not_compared():
    compared = [run("a"), run("b")]
    found = group_by_setting(compared, [], {"a": "x", "b": "y"}.get)
    assert len(found) == 2
    many = [
        Setting((0,), "x", tuple(results("x", 1.0, 1.01))),
        Setting((1,), "y", tuple(results("y", 9.0, 9.01))),
    ]
    judged = verdicts(many, NLL, value_of)
    assert kinds(judged) == ["open", "open"]


def results(name, *values):
    for seed, value in enumerate(values):
        yield run(f"{name}{seed}", seed=seed, summary={"nll": value})


def test_a_repeated_seed_counts_once_and_a_stopped_run_never():
    runs = (
        *results("a", 1.0),
        run("again", seed=0, created=1, summary={"nll": 1.0}),
        run("stopped", seed=1, status="stopped", summary={"nll": 7.0}),
    )
    [found] = verdicts([Setting((0,), "data", runs)], NLL, value_of)
    assert found.values == (1.0,)
    assert found.kind == "one seed"


def test_a_setting_some_seeds_of_which_failed_is_not_judged_by_the_others():
    good, bad = tuple(results("a", 1.0, 1.01)), tuple(results("b", 9.0, 9.01))
    no_number = run("c", seed=2, summary={"nll": float("nan")})
    for end in (run("c", seed=2, status="failed"), no_number):
        settings = [Setting((0,), "d", (*good, end)), Setting((1,), "d", bad)]
        [first, second] = verdicts(settings, NLL, value_of)
        assert (first.kind, first.values, first.failed) == ("failed", (1.0, 1.01), 1)
        assert second.kind == "open"
    again = run("d", seed=2, created=1, summary={"nll": 1.02})
    failed = run("c", seed=2, status="failed")
    settings = [Setting((0,), "d", (*good, failed, again)), Setting((1,), "d", bad)]
    assert kinds(verdicts(settings, NLL, value_of)) == ["best", "worse"]


def test_next_seeds_are_the_lowest_that_are_free():
    runs = (run("a", seed=0), run("b", seed=2, status="queued"))
    assert Setting((0,), "", runs).next_seeds(2, 100) == [1, 3]
    assert Setting((0,), "", runs).next_seeds(2, 2) == [1]
    assert Setting((0,), "", runs).missing(3) == 1


def test_a_result_that_is_missing_or_no_number_is_none():
    assert value_of(run("a", summary={"nll": None}), NLL) is None
    assert value_of(run("a", summary={"nll": float("nan")}), NLL) is None
    assert value_of(run("a"), NLL) is None


def test_prices_are_compared_by_the_validation_loss_of_their_curve_as_well():
    assert measures_of("stock", ["loss", "val_loss"])[0] is LOWEST_LOSS
    assert lowest_loss("stock", points([3.0, 1.0, 2.0], "val_best")) == 1
    assert lowest_loss("stock", points([1.0], "val_loss")) is None  # of all folds
    assert lowest_loss("music", points([3.0, 1.0, 2.0])) == 1
    assert LOWEST_LOSS not in measures_of("emoji", ["val_loss"])
    assert LOWEST_LOSS not in measures_of("adding", ["lstm_mse"])


def test_the_results_as_csv_have_a_line_for_each_measure_and_setting():
    settings = [
        Setting((0, 2), "d", tuple(results("x", 1.0, 1.5))),
        Setting((1,), "d", tuple(results("y", 9.0))),
    ]
    judged = {NLL: verdicts(settings, NLL, value_of)}
    head, first, second = results_csv(settings, judged).splitlines()
    assert head == "measure,part,better,runs,seeds,mean,deviation,p,verdict"
    assert first.startswith("nll,test,low,A C,2,1.25,0.35")
    assert second == "nll,test,low,B,1,9.0,,,one seed"
