import numpy as np
import pytest

from core.lesson.adding import Config
from core.runs.search.figures import (
    FEWEST,
    history,
    importance_bars,
    importances,
    parallel_ranks,
)
from core.runs.search.report import Report, TrialReport
from core.runs.search.space import Plan, parse_space

PLAN = Plan(
    space=parse_space(
        ["units=4:32", "learning_rate=1e-4:1:log", "optimizer=adam,sgd"], Config
    )
)


def trials(count):
    """Trials whose value depends on the learning rate; two of them are not complete."""
    rng = np.random.default_rng(0)
    found = []
    for number in range(count):
        rate = float(10 ** rng.uniform(-4, 0))
        settings = {
            "units": int(rng.integers(4, 33)),
            "learning_rate": rate,
            "optimizer": ("adam", "sgd")[number % 2],
        }
        found.append(
            TrialReport(
                number=number,
                settings=settings,
                state={3: "pruned", 5: "failed"}.get(number, "complete"),
                value=None if number == 5 else (np.log10(rate) + 2) ** 2 + 0.1,
                spread=0.01,
                run="r",
            )
        )
    return found


def test_the_history_shows_trials_that_ended_early_and_the_best_so_far():
    found = trials(12)
    figure = history(found)
    complete, pruned, best = figure.data
    assert list(complete.x) == [0, 1, 2, 4, 6, 7, 8, 9, 10, 11]
    assert list(pruned.x) == [3]
    assert list(best.y) == np.minimum.accumulate(complete.y).tolist()


def test_one_huge_value_moves_no_other_trial_in_the_parallel_ranks():
    found = trials(12)
    heights = [line.y[-1] for line in parallel_ranks(found, PLAN.space).data]
    found[0] = TrialReport(**{**vars(found[0]), "value": 1e12})
    ranks = sorted(line.y[-1] for line in parallel_ranks(found, PLAN.space).data)
    assert ranks == sorted(heights)
    assert ranks == pytest.approx(np.linspace(0, 1, 11))


def test_the_setting_that_decides_is_the_most_important():
    shares = importances(trials(40), PLAN)
    assert sum(shares.values()) == pytest.approx(1)
    assert max(shares, key=shares.get) == "learning_rate"
    assert importance_bars(shares).data[0].y[-1] == "Learning rate"


def test_the_importance_of_few_trials_is_not_told():
    assert importances(trials(FEWEST), PLAN) is None  # one has failed


def test_a_report_travels_through_the_store():
    report = Report(trials=trials(3), best=1, confirmed={"best": [0.1, None]})
    assert Report.of(report.summary()) == report


def test_figures_of_a_search_that_has_just_begun_are_empty():
    assert not history([]).data[0].x
    assert not parallel_ranks([], PLAN.space).data
