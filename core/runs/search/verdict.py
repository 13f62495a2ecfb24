"""Significance test of the best settings of a search against the default."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.stats import welch

LEVEL = 0.05  # level of the one-sided test


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Significance test on seeds not used for selection.

    Welch's test, or the rank-sum test if a run of the default failed.
    """

    beats_default: bool  # whether the best settings are significantly better
    p: float | None  # the p-value; None if a run of the best settings failed


def compare(best: Sequence[float | None], default: Sequence[float | None]) -> Verdict:
    """Compare the objectives of runs with new seeds, None for a run that failed."""
    ours = [value for value in best if value is not None]
    theirs = [value for value in default if value is not None]
    if len(ours) < len(best):
        return Verdict(beats_default=False, p=None)
    if len(theirs) < len(default):
        p = rank_sum(ours, [math.inf if each is None else each for each in default])
    else:
        p = welch(ours, theirs, alternative="less")
    return Verdict(beats_default=p < LEVEL, p=p)


def rank_sum(lower: Sequence[float], higher: Sequence[float]) -> float:
    """Return the one-sided p of the exact rank-sum test that the first are the lower.

    A failed run counts as infinite.
    """
    together = [*lower, *higher]
    ranks = [  # equal ones share their mean rank
        sum(other < each for other in together)
        + (sum(other == each for other in together) + 1) / 2
        for each in together
    ]
    observed = sum(ranks[: len(lower)])
    sums = [sum(some) for some in itertools.combinations(ranks, len(lower))]
    return sum(each <= observed for each in sums) / len(sums)
