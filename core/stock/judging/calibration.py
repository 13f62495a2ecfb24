"""Whether the forecast distribution is right: PIT histogram, value-at-risk backtest."""

import functools
import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from core.stock.distribution import ForecastDistribution
from core.stock.judging.horizon import HorizonForecast

BINS = 20  # bars of the histogram: the first is the share below the 5% quantile
VAR_LEVELS = (0.05, 0.01)
SIMULATIONS = 9_999  # simulations of a backtest's statistic
# With fewer expected exceedances not even none at all is significant: exp(-3) = 0.05.
MIN_EXPECTED = 3
POINTS = 40  # points a bar for integrating the band

_normal_cdf = np.vectorize(NormalDist().cdf)
_normal_quantile = np.vectorize(NormalDist().inv_cdf)


@dataclass(frozen=True, kw_only=True, eq=False)
class PitHistogram:
    """The histogram of the PIT values, and its band of chance."""

    shares: np.ndarray  # share of the rows in each bar (bins,), from low to high values
    # Ends of the band around 1 / bins (bins,): if the distributions are right, each bar
    # lies in it with a probability of 95%
    low: np.ndarray
    high: np.ndarray

    @property
    def inside(self) -> int:
        """How many bars lie in the band."""
        return int(((self.low <= self.shares) & (self.shares <= self.high)).sum())


def pit_histogram(
    actual: np.ndarray, distribution: ForecastDistribution, horizon: int = 1
) -> PitHistogram:
    """Count the probability integral transforms u = F(actual) in equal bars.

    If each row's F is the distribution that the actual value comes from, u is uniform
    (Rosenblatt 1952; Diebold, Gunther and Tay 1998).

    Parameters
    ----------
    actual
        Values that came (rows,).
    distribution
        Forecasts of them (rows,).
    horizon
        Rows ahead of the forecasts, whose windows overlap.
    """
    rows, share = len(actual), 1 / BINS
    counts, _ = np.histogram(distribution.cdf(actual), bins=BINS, range=(0.0, 1.0))
    spread = 1.96 * np.sqrt(share * (1 - share) * _inflation(rows, horizon) / rows)
    return PitHistogram(
        shares=counts / rows,
        low=np.maximum(share - spread, 0.0),
        high=share + spread,
    )


def _inflation(rows: int, horizon: int) -> np.ndarray:
    """How many times the variance of each bar is that of independent rows (bins,).

    Sums of h independent returns that begin k rows apart share h - k of them, so that
    their correlation is 1 - k / h, and their ranks are as those of normal variables.
    The covariance of two rows' indicators of a bar is P(both in it) - 1 / bins ** 2,
    and the variance of their mean has n - k pairs of each lag k.
    """
    inner_edges = _normal_quantile(np.arange(1, BINS) / BINS)
    edges = np.concatenate([[-np.inf], inner_edges, [np.inf]])
    points = _normal_quantile((np.arange(BINS * POINTS) + 0.5) / (BINS * POINTS))
    points = points.reshape(BINS, POINTS)
    total = np.ones(BINS)
    for lag in range(1, min(horizon, rows)):
        correlation = 1 - lag / horizon
        scale = math.sqrt(1 - correlation**2)
        above, below = (
            _normal_cdf((edge[:, None] - correlation * points) / scale)
            for edge in (edges[:-1], edges[1:])
        )
        both = (below - above).mean(axis=1) / BINS
        excess = (both - 1 / BINS**2) / (1 / BINS - 1 / BINS**2)
        total += 2 * (1 - lag / rows) * excess
    return total


@dataclass(frozen=True, kw_only=True)
class VarBacktest:
    """The backtest of a value at risk."""

    level: float  # probability of a return below it, such as 0.05
    share: float  # share of all rows whose return was below it
    rows: int  # rows that the tests count: they do not overlap
    # p-values of the tests of unconditional and of conditional coverage, or None where
    # fewer than `MIN_EXPECTED` exceedances are expected
    kupiec: float | None
    christoffersen: float | None


def backtest_var(
    actual: np.ndarray,
    distribution: ForecastDistribution,
    level: float,
    horizon: int = 1,
) -> VarBacktest:
    """Test whether returns fall below their forecast quantile as often as they should.

    The value at risk is the quantile of the forecast return at `level`. Of right
    forecasts, the exceedances of windows that do not overlap are independent, each
    with that probability. Windows that overlap exceed it together, so beyond one row
    ahead the tests count every `horizon`-th row only.

    The test of unconditional coverage (Kupiec 1995) compares the share x / n of
    exceedances with the level a, LR = -2 log[a^x (1 - a)^(n - x) / (x / n)^x
    (1 - x / n)^(n - x)]. That of conditional coverage (Christoffersen 1998) compares
    independent exceedances with the level a to a Markov chain of first order, given
    the first row: it rejects a wrong share and exceedances that come in clusters.

    With few exceedances the chi-squared distribution of these statistics is a poor
    approximation, so the p-values are from simulations under the null hypothesis,
    (1 + simulations with at least the statistic) / (1 + simulations), which makes the
    tests exact at any number of rows (Dufour 2006; Christoffersen and Pelletier 2004).

    Parameters
    ----------
    actual
        Log returns over the horizon (rows,), in the order of time.
    distribution
        Forecasts of them (rows,).
    level
        Probability of a smaller return, such as 0.05.
    horizon
        Rows ahead of the forecasts.
    """
    exceeded = actual < distribution.quantile(level)
    tested = exceeded[::horizon]
    rows, kupiec, christoffersen = len(tested), None, None
    if rows * level >= MIN_EXPECTED:
        first, last = tested[:1].astype(int), tested[-1:].astype(int)
        count = np.array([tested.sum()])
        runs = first + np.array([(tested[1:] & ~tested[:-1]).sum()])
        unconditional, conditional = _simulated(rows, level)
        kupiec = _p_value(unconditional, _kupiec(rows, count, level))
        christoffersen = _p_value(
            conditional, _christoffersen(rows, count, runs, first, last, level)
        )
    return VarBacktest(
        level=level,
        share=float(exceeded.mean()),
        rows=rows,
        kupiec=kupiec,
        christoffersen=christoffersen,
    )


def var_backtests(forecast: HorizonForecast, level: float) -> dict[str, VarBacktest]:
    """Backtest the network, named "", and each volatility model by its name."""
    if forecast.distribution is None:
        return {}
    return {
        name: backtest_var(forecast.log_returns, each, level, forecast.horizon)
        for name, each in {"": forecast.distribution, **forecast.volatility}.items()
    }


def _p_value(simulated: np.ndarray, statistic: np.ndarray) -> float:
    """Share of the simulations with at least the statistic, itself counted."""
    return float((1 + np.sum(simulated >= statistic - 1e-9)) / (1 + len(simulated)))


@functools.lru_cache(maxsize=64)
def _simulated(rows: int, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Simulate both statistics of independent exceedances (simulations,).

    They depend on the number of exceedances, on their runs, and on the first and the
    last row. Of n rows with x exceedances, the runs take places among the n - x + 1
    gaps between the others: their number is hypergeometric, and the first gap, which
    is the first row, is taken with the probability of any.
    """
    random = np.random.default_rng(0)
    count = random.binomial(rows, level, SIMULATIONS)
    gaps = rows - count + 1
    runs = random.hypergeometric(gaps, np.maximum(count - 1, 0), count)
    first = (random.random(SIMULATIONS) * gaps < runs).astype(int)
    others = np.maximum(gaps - 1, 1)
    last = (random.random(SIMULATIONS) * others < runs - first).astype(int)
    last = np.where(gaps == 1, first, last)
    return (
        _kupiec(rows, count, level),
        _christoffersen(rows, count, runs, first, last, level),
    )


def _kupiec(rows: int, count: np.ndarray, level: float) -> np.ndarray:
    """Likelihood ratio of the level to the share of exceedances."""
    found = _log_likelihood(rows - count, count, count / rows)
    return np.asarray(2 * (found - _log_likelihood(rows - count, count, level)))


def _christoffersen(
    rows: int,
    count: np.ndarray,
    runs: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    level: float,
) -> np.ndarray:
    """Likelihood ratio of the level to a Markov chain, given the first row."""
    into, out_of, stays = runs - first, runs - last, count - runs
    calm = rows - 1 - into - out_of - stays  # pairs of rows without an exceedance
    independent = _log_likelihood(calm + out_of, into + stays, level)
    chain = sum(
        _log_likelihood(no, yes, yes / np.maximum(no + yes, 1))
        for no, yes in ((calm, into), (out_of, stays))
    )
    return np.asarray(2 * (chain - independent))


def _log_likelihood(
    no: np.ndarray, yes: np.ndarray, probability: np.ndarray | float
) -> np.ndarray:
    """Log-likelihood of counts of both outcomes; 0 log 0 is 0."""
    share = np.clip(probability, 1e-300, None)
    rest = np.clip(1 - np.asarray(probability), 1e-300, None)
    return np.asarray(no * np.log(rest) + yes * np.log(share))
