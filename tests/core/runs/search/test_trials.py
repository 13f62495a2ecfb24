from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from core.lesson.adding import Config
from core.runs.search.pruning import Pruning, best_so_far, pruning_of
from core.runs.search.space import Extent, Plan, parse_space
from core.runs.search.suggestion import suggest
from core.runs.search.trials import LAG, Assessment, Observed, Trial, winner
from core.runs.search.verdict import LEVEL, compare

SPACE = parse_space(["units=4:32", "learning_rate=1e-4:1:log", "clip=0,1,5"], Config)
NUMBER = 12


def decided(number, settings, value):
    return Trial(number=number, settings=settings, state="complete", values=(value,))


def search(seed=0, value=lambda settings: settings["learning_rate"], trials=NUMBER + 1):
    """The trials of a whole search for the lowest of `value`."""
    plan = Plan(space=SPACE, extent=Extent(seed=seed))
    found = [decided(0, {"units": 32, "learning_rate": 0.01, "clip": 1}, 0.01)]
    for number in range(1, trials):
        settings = suggest(plan, found, number)
        found.append(decided(number, settings, value(settings)))
    return plan, found


def test_the_same_seed_suggests_the_same_settings_and_another_one_others():
    assert search()[1] == search()[1]
    assert search()[1] != search(seed=1)[1]


def test_suggestions_are_in_their_ranges_and_none_comes_twice():
    tried = [dict(trial.settings) for trial in search()[1]]
    for settings in tried:
        assert isinstance(settings["units"], int)
        assert 4 <= settings["units"] <= 32
        assert 1e-4 <= settings["learning_rate"] <= 1
        assert settings["clip"] in (0, 1, 5)
    assert all(tried.count(settings) == 1 for settings in tried)


def test_a_suggestion_depends_on_trials_up_to_four_before_it():
    plan, trials = search()
    expected = suggest(plan, trials, NUMBER)

    def with_another_value(number):
        others = list(trials)
        others[number] = replace(trials[number], values=(-1.0,))
        return suggest(plan, others, NUMBER)

    for number in range(NUMBER - LAG + 1, NUMBER):
        assert with_another_value(number) == expected
    earlier = range(1, NUMBER - LAG + 1)
    assert any(with_another_value(number) != expected for number in earlier)


def test_suggestions_find_lower_values_than_even_draws():
    def value(settings):
        rate = np.log10(settings["learning_rate"]) + 2
        return rate**2 + (settings["units"] - 20) ** 2 / 100

    values = np.array(
        [
            [trial.value for trial in search(seed, value, trials=20)[1][1:]]
            for seed in range(3)
        ]
    )
    assert np.median(values[:, -6:]) < np.median(values[:, :5]) / 1.5


def test_settings_outside_of_the_space_may_be_the_start_of_a_search():
    plan = Plan(space=SPACE)
    start = decided(0, {"units": 64, "learning_rate": 5.0, "clip": 2}, 0.1)
    assert suggest(plan, [start] * LAG, LAG) == suggest(plan, [start] * LAG, LAG)


def test_a_trial_is_ended_when_most_complete_ones_were_better_by_then():
    curves = [(5, 3, 2, 1), (5, 4, 3, 2), (6, 5, 4, 3), (7, 6, 5, 4)]
    pruning = pruning_of("loss", curves)
    assert pruning.epoch(best_so_far((9, 9, 9, 9))) == 2
    assert pruning.epoch(best_so_far((9, 4, 4, 4))) == 3
    assert pruning.epoch(best_so_far((9, 4, 3, 2))) is None
    assert Pruning.from_json(pruning.to_json()) == pruning


def test_no_trial_is_ended_before_there_are_four_to_compare_with():
    assert pruning_of("loss", [(1, 1)] * 3).epoch((9, 9)) is None


def test_a_trial_is_compared_with_one_that_stopped_early_at_its_end():
    pruning = pruning_of("loss", [(5, 3), (5, 3), (5, 3), (5, 3, 3, 1)])
    assert pruning.epoch((5, 3, 3, 3)) is None
    assert pruning.epoch((5, 4)) == 2


def observed(*curve, status="done"):
    return Observed(status=status, curve=curve)


def assess(*runs, keeps_best=True, epochs=3, seeds=2, pruning=None):
    trial = Trial(number=1, settings={})
    pruning = pruning or Pruning(metric="loss")
    return Assessment(keeps_best=keeps_best, epochs=epochs).trial(
        trial, runs, seeds, pruning
    )


def test_the_value_of_a_trial_is_that_of_the_weights_it_keeps():
    runs = observed(3.0, 1.0, 2.0), observed(3.0, 2.0, 4.0)
    assert assess(*runs).values == (1.0, 2.0)
    last = assess(*runs, keeps_best=False)
    assert (last.values, last.value) == ((2.0, 4.0), 3.0)
    assert last.spread == pytest.approx(np.std([2, 4], ddof=1))


def test_a_trial_whose_loss_exploded_or_that_was_ended_by_force_has_failed():
    for bad in (observed(3.0, 2.0), observed(3.0, 2.0, 1.0, status="failed")):
        trial = assess(observed(3.0, 2.0, 1.0), bad, keeps_best=False)
        assert (trial.state, trial.value) == ("failed", None)


def test_a_trial_is_open_until_all_its_seeds_have_ended():
    assert assess().state == "running"
    assert assess(observed(3.0, 2.0, 1.0)).state == "running"
    running = observed(2.0, status="running")
    assert assess(observed(3.0, 2.0, 1.0), running).value is None


def test_a_trial_that_was_ended_early_is_told_by_its_curve_alone():
    pruning = Pruning(metric="loss", after=1, worst=(1.0,))
    for status in ("running", "stopped", "done"):
        run = observed(3.0, 2.0, 0.5, status=status)
        trial = assess(run, pruning=pruning)
        assert (trial.state, trial.values, trial.best) == ("pruned", (2.0,), (3.0, 2.0))


def test_the_winner_is_the_earliest_of_the_complete_trials_with_the_lowest_mean():
    trials = [decided(n, {}, value) for n, value in enumerate((2.0, 1.0, 1.0))]
    trials.append(replace(trials[0], number=3, state="pruned", values=(0.0,)))
    assert winner(trials).number == 1
    assert winner(trials[3:]) is None


def test_a_seed_that_changes_nothing_leaves_a_difference_or_none():
    assert compare([1.0] * 5, [2.0] * 5).beats_default
    assert not compare([2.0] * 5, [2.0] * 5).beats_default


def test_settings_that_fail_beat_nothing_and_are_beaten():
    assert not compare([0.1, None], [1.0, 1.0]).beats_default
    assert compare([1.0] * 5, [0.1, *[None] * 4]).beats_default


def test_one_default_run_that_fails_does_not_make_other_settings_better():
    ours, theirs = [1.0, 1.1, 1.2, 1.3, 1.4], [1.05, 1.15, 1.25, 1.35, None]
    verdict = compare(ours, theirs)
    ranks = stats.mannwhitneyu(ours, [*theirs[:4], 9.0], alternative="less")
    assert not verdict.beats_default
    assert verdict.p == pytest.approx(ranks.pvalue)


def test_where_nothing_is_better_as_many_searches_say_so_as_the_level_allows():
    rng = np.random.default_rng(1)
    fresh = rng.normal(size=(2_000, 2, 5)).tolist()
    beats = np.mean([compare(*each).beats_default for each in fresh])
    assert LEVEL - 0.015 < beats < LEVEL + 0.015
