"""The figures of a search, and the ranges that one begins with."""

import math

import numpy as np
import pytest

from core.registry import TASKS, get_task
from core.runs.search.figures import TrialResult, history, importances
from core.runs.search.ranges import around, between
from core.runs.search.space import Dimension
from core.task import ConfigError

SPACE = tuple(Dimension(name=name, low=0.0, high=1.0) for name in ("units", "dropout"))


def trial(number, value, state="complete", **settings):
    spread = 0.1 if state == "complete" else None
    return TrialResult(
        number=number,
        settings={"units": 0.5, "dropout": 0.5} | settings,
        state=state,
        value=value,
        spread=spread,
        run=f"{number:032x}",
    )


def named(figure, name):
    return next(trace for trace in figure.data if trace.name.startswith(name))


def test_the_history_has_the_lowest_value_so_far_and_what_did_not_end():
    trials = [
        trial(0, 3.0),
        trial(1, 4.0),
        trial(2, None, "failed"),
        trial(3, 9.0, "pruned"),
        trial(4, 1.0),
        trial(5, None, "running"),
    ]
    figure = history(trials, "Validation loss")
    assert list(named(figure, "Best so far").y) == [3.0, 3.0, 1.0, 1.0]
    assert list(named(figure, "Complete").x) == [0, 1, 4]
    assert list(named(figure, "Stopped early").x) == [3]
    assert list(named(figure, "Failed").x) == [2]
    assert set(named(figure, "Default").y) == {3.0}


def test_importances_find_a_setting_that_is_best_in_the_middle():
    random = np.random.default_rng(0)
    trials = []
    for number in range(24):
        units, dropout = (float(each) for each in random.random(2))
        value = (2 * units - 1) ** 2 + 0.05 * random.standard_normal()
        trials.append(trial(number, value, units=units, dropout=dropout))
    shares = importances(trials, SPACE)
    assert shares["units"] > 0.7
    assert math.isclose(sum(shares.values()), 1)


def test_a_few_trials_say_nothing_about_importance():
    assert importances([trial(number, 1.0) for number in range(7)], SPACE) is None


@pytest.mark.parametrize("task", TASKS)
def test_a_search_begins_around_the_present_settings(task):
    module = get_task(task)
    config, _ = module.example()
    for name in module.SEARCHABLE:
        dimension = around(module.Config, name, config.values[name])
        dimension.checked(module.Config)
        assert dimension.contains(config.values[name])


def test_a_wide_range_is_searched_by_its_logarithm():
    kind = get_task("stock").Config
    assert between(kind, "learning_rate", 1e-3, 1e-2).log
    assert not between(kind, "units", 4, 32).log
    assert not between(kind, "dropout", 0, 0.5).log


@pytest.mark.parametrize(("low", "high"), [(None, 8), (8, 4), (8, 999), (1.5, 8)])
def test_a_range_that_cannot_be_is_named_in_a_sentence(low, high):
    with pytest.raises(ConfigError, match=r"^units: expected"):
        between(get_task("stock").Config, "units", low, high)
