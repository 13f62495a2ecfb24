"""The settings of each trial: the tree-structured Parzen estimator of Optuna."""

from collections.abc import Mapping, Sequence

import numpy as np
import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import TPESampler
from optuna.trial import TrialState, create_trial

from core.runs.search.space import Dimension, Plan
from core.runs.search.trials import LAG, Trial
from core.task import Scalar

FIRST = 5  # trials with random settings
ATTEMPTS = 20  # attempts to draw new settings
DIGITS = 3  # digits of a fraction: 0.00612 is as good as 0.0061187


def suggest(plan: Plan, before: Sequence[Trial], number: int) -> dict[str, Scalar]:
    """Return the settings of a trial after the first.

    The sampler gets the results of trials up to `LAG` before it, and the settings of
    later ones. So the same seed gives the same search, in any order of completion.

    Parameters
    ----------
    plan
        The search.
    before
        All trials before this one, in their order.
    number
        Of the trial, from 1.
    """
    distributions = {each.name: distribution(each) for each in plan.space}
    seeds = np.random.SeedSequence([plan.extent.seed, number]).generate_state(1)
    sampler = TPESampler(
        seed=int(seeds[0]),
        multivariate=len(plan.space) > 1,
        constant_liar=True,
        n_startup_trials=FIRST,
    )
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=sampler)
    for trial in before[:number]:
        if all(each.contains(trial.settings[each.name]) for each in plan.space):
            known = trial.number <= number - LAG
            value = float("inf") if trial.value is None else trial.value
            study.add_trial(
                create_trial(
                    state=TrialState.COMPLETE if known else TrialState.RUNNING,
                    params=dict(trial.settings),
                    distributions=distributions,
                    value=value if known else None,
                )
            )
    tried = [dict(trial.settings) for trial in before[:number]]
    found: dict[str, Scalar] = {}
    for _ in range(ATTEMPTS):
        found = _rounded(plan.space, study.ask(distributions).params)
        if found not in tried:
            break
    return found


def distribution(dimension: Dimension) -> BaseDistribution:
    """Return a dimension as an Optuna distribution."""
    if dimension.options:
        return CategoricalDistribution(dimension.options)
    low, high, log = dimension.low, dimension.high, dimension.log
    if dimension.whole:
        return IntDistribution(int(low), int(high), log=log)
    return FloatDistribution(low, high, log=log)


def _rounded(
    space: Sequence[Dimension], values: Mapping[str, Scalar]
) -> dict[str, Scalar]:
    """Return values of few digits, within their ranges."""
    found = {}
    for dimension in space:
        value = values[dimension.name]
        if isinstance(value, float) and not dimension.options:
            value = float(f"{value:.{DIGITS}g}")
            value = min(max(value, dimension.low), dimension.high)
        found[dimension.name] = value
    return found
