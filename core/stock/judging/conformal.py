"""Adaptive conformal prediction: intervals calibrated by past misses."""

import bisect
import math
from collections import deque

import numpy as np

from core.stock.backtest import ForecastTable, by_fold
from core.stock.data.features import LARGEST_SURPRISE, returns_ahead
from core.stock.distribution import (
    ForecastDistribution,
    single_precision,
    student_t_quantile,
)
from core.stock.judging.metrics import winkler
from core.stock.models import LSTM

MEMORY = 500  # scores, about two years
PRIOR = 50  # scores of the model's own distribution, used until there are real ones
LEVELS = (80, 95)
# How much a miss raises the quantile. A higher rate keeps the coverage of each calendar
# year nearer to its level and makes the intervals wider on average. With this one, in
# the training halves of the bundled series, no year is off by more than 4.2 and 2.5
# points at 80% and 95%, at a cost of less than one percent of the interval score.
RATE = 0.015
MAX_FACTOR = 1.5  # times the largest score: the widest interval

Factors = dict[int, np.ndarray]  # level in percent -> (days, horizons)


def interval_factors(
    scores: np.ndarray, horizon: int, prior: np.ndarray, level: float
) -> np.ndarray:
    """Return how many standard deviations wide each interval must be (days,).

    A score is an absolute error divided by its forecast standard deviation, so that
    calm and volatile times can be pooled. The factor of a day is a quantile of the last
    `MEMORY` scores known at its close (split conformal prediction, Vovk et al. 2005):
    the score of day k is known `horizon` days later. The quantile's level rises after a
    miss and falls after a hit (Gibbs and Candès 2021), so that the coverage stays right
    while the errors change.

    Parameters
    ----------
    scores
        Score of each day's forecast (days,), in the order of time; NaN where it is not
        known yet.
    horizon
        Days ahead of the forecasts.
    prior
        Scores to begin with, as the model's distribution expects them.
    level
        Nominal coverage of the intervals, such as 0.8.
    """
    memory = _Memory(prior)
    factors = np.empty(len(scores))
    quantile = level
    for day in range(len(scores)):
        known = day - horizon
        if known >= 0:
            missed = scores[known] > factors[known]
            # Errors h days ahead overlap, so that misses come in runs of about h.
            quantile += RATE / horizon * (missed - (1 - level))
            memory.add(float(scores[known]))
        factors[day] = memory.quantile(quantile)
    return factors


class _Memory:
    """The last scores, in the order of time and sorted by size."""

    def __init__(self, scores: np.ndarray) -> None:
        self.recent = deque(map(float, scores))
        self.sorted = sorted(self.recent)

    def add(self, score: float) -> None:
        self.recent.append(score)
        bisect.insort(self.sorted, score)
        if len(self.recent) > MEMORY:
            del self.sorted[bisect.bisect_left(self.sorted, self.recent.popleft())]

    def quantile(self, level: float) -> float:
        """Return the quantile, with the finite-sample correction (n + 1) * level."""
        rank = math.ceil((len(self.sorted) + 1) * level)
        if rank > len(self.sorted):
            return MAX_FACTOR * self.sorted[-1]
        return self.sorted[max(rank, 1) - 1]


def intervals_of(
    table: ForecastTable, prices: np.ndarray
) -> tuple[Factors, dict[int, tuple[str, ...]]]:
    """Compute the intervals of the network in the test parts of a table.

    Returns
    -------
    tuple
        Level -> widths of the conformal intervals in standard deviations (test rows,
        horizons), and what `choose_intervals` chose on the first validation part.
    """
    logs = np.log(prices)
    ahead = returns_ahead(np.diff(logs, prepend=logs[0]), table.horizons)
    factors: dict[int, list[np.ndarray]] = {level: [] for level in LEVELS}
    intervals: dict[int, tuple[str, ...]] = {}
    for fold in by_fold(table):
        actual, network = ahead[fold.origin], fold.forecasts[LSTM]
        widths = conformal_factors(actual, network, table.horizons)
        if not intervals:
            intervals = choose_intervals(
                actual, network, widths, table.horizons, int((~fold.test).sum())
            )
        for level, values in widths.items():
            factors[level].append(values[fold.test])
    return {
        level: single_precision(np.concatenate(parts))
        for level, parts in factors.items()
    }, intervals


def conformal_factors(
    ahead: np.ndarray, distribution: ForecastDistribution, horizons: tuple[int, ...]
) -> Factors:
    """Widths of the intervals, in standard deviations (rows, horizons).

    Parameters
    ----------
    ahead
        The log returns ahead (rows, horizons), NaN where they are not known.
    distribution
        Of the same rows, from the first validation row on: before it the network was
        trained, and its errors are too small.
    """
    scores = np.abs(ahead - distribution.mean) / distribution.deviation
    scores = np.minimum(scores, LARGEST_SURPRISE)  # NaN stays NaN
    ranks = (np.arange(PRIOR) + 0.5) / PRIOR
    factors = {level: np.empty(distribution.mean.shape) for level in LEVELS}
    for column, days in enumerate(horizons):
        freedom = float(distribution.freedom[0, column])
        prior = np.asarray(student_t_quantile(0.5 + ranks / 2, freedom))
        for level in LEVELS:
            factors[level][:, column] = interval_factors(
                scores[:, column], days, prior, level / 100
            )
    return factors


def choose_intervals(
    ahead: np.ndarray,
    distribution: ForecastDistribution,
    factors: Factors,
    horizons: tuple[int, ...],
    rows: int,
) -> dict[int, tuple[str, ...]]:
    """Choose `conformal` or `own` intervals: level -> one for each horizon.

    One row ahead they are conformal. Beyond, where errors overlap and adaptation lags,
    they are the distribution's own unless the conformal ones have the smaller interval
    score (Winkler 1972) in the validation part.

    Parameters
    ----------
    ahead, distribution, factors
        As in `conformal_factors`, and what it returned.
    rows
        Number of validation rows, which come first.
    """
    chosen: dict[int, tuple[str, ...]] = {}
    for level, conformal in factors.items():
        kinds = []
        for column, days in enumerate(horizons):
            known = slice(0, max(rows - days + 1, 0))
            each = distribution[known].column(column)
            freedom = float(distribution.freedom[0, column])
            scores = [
                winkler(
                    ahead[known, column],
                    each.mean - factor * each.deviation,
                    each.mean + factor * each.deviation,
                    level / 100,
                )
                for factor in (
                    conformal[known, column],
                    student_t_quantile(0.5 + level / 200, freedom),
                )
                if known.stop
            ]
            better = days == 1 or (scores and scores[0] < scores[1])
            kinds.append("conformal" if better else "own")
        chosen[level] = tuple(kinds)
    return chosen


def price_bands(
    prices: np.ndarray, distribution: ForecastDistribution, factors: Factors
) -> list[np.ndarray]:
    """Return the medians as prices, and the ends of the intervals of each level."""
    bands = [prices * np.exp(distribution.mean)]
    for factor in factors.values():
        reach = factor * distribution.deviation
        bands.append(prices * np.exp(distribution.mean - reach))
        bands.append(prices * np.exp(distribution.mean + reach))
    return bands
