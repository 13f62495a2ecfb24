"""Intervals that learn from their own misses (adaptive conformal prediction)."""

import bisect
import math
from collections import deque

import numpy as np

MEMORY = 500  # scores, about two years
PRIOR = 50  # scores of the model's own distribution, until real ones push them out
LEVELS = (80, 95)
# How far a miss moves the quantile that is taken. A faster pace keeps each calendar
# year nearer to its share and makes the intervals wider on average; this one is where,
# in the training halves of the bundled series, no year strays by more than 4.2 and 2.5
# points at 80% and 95%, for less than one percent of the interval score.
PACE = 0.015
REACH = 1.5  # at most, an interval is this much wider than the largest score


def interval_factors(
    scores: np.ndarray, horizon: int, prior: np.ndarray, level: float
) -> np.ndarray:
    """Return how many standard deviations wide each interval must be (days,).

    A score is an absolute error divided by its forecast standard deviation, so that
    calm and violent times can be pooled. The factor of a day is a quantile of the
    last `MEMORY` scores that were known at its close (split conformal prediction,
    Vovk et al. 2005): the score of day k is known `horizon` days later. Which
    quantile it is rises after a miss and falls after a hit (Gibbs and Candès 2021),
    so that the share of hits stays right while the errors change.

    Parameters
    ----------
    scores
        Score of each day's forecast (days,), in the order of time; what is not
        known yet is NaN and never read.
    horizon
        Days between a forecast and what it is about.
    prior
        Scores to begin with, those that the model expects.
    level
        Share of the actual values that the intervals should hold, such as 0.8.
    """
    memory = _Memory(prior)
    factors = np.empty(len(scores))
    wanted = level
    for day in range(len(scores)):
        known = day - horizon
        if known >= 0:
            missed = scores[known] > factors[known]
            # Misses h days ahead come in runs of h, of which one is news.
            wanted += PACE / horizon * (missed - (1 - level))
            memory.add(float(scores[known]))
        factors[day] = memory.quantile(wanted)
    return factors


class _Memory:
    """The last scores, in the order of time and in that of size."""

    def __init__(self, scores: np.ndarray) -> None:
        self.line = deque(map(float, scores))
        self.sorted = sorted(self.line)

    def add(self, score: float) -> None:
        self.line.append(score)
        bisect.insort(self.sorted, score)
        if len(self.line) > MEMORY:
            del self.sorted[bisect.bisect_left(self.sorted, self.line.popleft())]

    def quantile(self, level: float) -> float:
        """Take the quantile with the correction for one more score to come."""
        place = math.ceil((len(self.sorted) + 1) * level)
        if place > len(self.sorted):
            return REACH * self.sorted[-1]
        return self.sorted[max(place, 1) - 1]
