"""Confidence intervals, significance tests and rounding for several tasks.

They use NumPy and SciPy's special functions: scikit-learn, scipy.stats and statsmodels
have some of them, but would add 70 MB to the web process.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, variance
from typing import Literal

import numpy as np

Z = NormalDist().inv_cdf(0.975)
RESAMPLES = 1_000
EXACT = 1e-9  # relative difference of means that are equal


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A value with its 95% confidence interval."""

    value: float
    low: float
    high: float


def wilson(right: float, rows: float) -> Interval:
    """Return the share `right / rows` with its 95% score interval (Wilson 1927).

    Unlike the bootstrap's it has a width at 0 and 1: 0 of 35 gives 0 to 9.9%. NaN for
    0 rows.
    """
    if not rows:
        return Interval(value=math.nan, low=math.nan, high=math.nan)
    share = right / rows
    centre = (share + Z * Z / (2 * rows)) / (1 + Z * Z / rows)
    spread = math.sqrt(share * (1 - share) / rows + Z * Z / (4 * rows * rows))
    half = Z * spread / (1 + Z * Z / rows)
    return Interval(
        value=share, low=max(0.0, centre - half), high=min(1.0, centre + half)
    )


def upper_bound(wrong: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the exact one-sided 95% upper bound of shares (Clopper & Pearson 1934).

    Counts have the same shape; the bound of `wrong == rows` is 1.
    """
    from scipy.special import betaincinv

    wrong, rows = np.broadcast_arrays(wrong, rows)
    right = np.maximum(rows - wrong, 1)
    bound = betaincinv(wrong + 1.0, right, 0.95)
    return np.where(wrong >= rows, 1.0, bound)


def bootstrap(statistic: Callable[[np.ndarray], float], rows: int) -> Interval:
    """Resample the rows with replacement (Efron 1979); 95% percentile interval.

    Parameters
    ----------
    statistic
        A function of the indices of some rows; for a paired difference it subtracts
        two statistics of the same rows.
    rows
        Their number.
    """
    random = np.random.default_rng(0)
    values = [statistic(random.integers(rows, size=rows)) for _ in range(RESAMPLES)]
    low, high = np.quantile(values, (0.025, 0.975))
    return Interval(value=statistic(np.arange(rows)), low=float(low), high=float(high))


def welch(
    a: Sequence[float],
    b: Sequence[float],
    alternative: Literal["two-sided", "less"] = "two-sided",
) -> float:
    """Return the p-value of Welch's t-test of two samples (Biometrika 34, 1947).

    Shares of few rows can be equal by chance. So without any spread it is the p-value
    of a permutation test.

    Parameters
    ----------
    a, b
        Two values or more each.
    alternative
        That the means differ, or that the first is less.
    """
    from scipy.special import stdtr  # imported here: 20 MB, rarely needed

    sides = 2 if alternative == "two-sided" else 1
    difference = fmean(a) - fmean(b)
    if sides == 2:
        difference = -abs(difference)
    squares = [variance(each) / len(each) for each in (a, b)]  # squared standard errors
    error, exact = math.sqrt(sum(squares)), EXACT * max(abs(fmean(a)), abs(fmean(b)))
    if error <= exact:
        is_less = difference < -exact
        return sides / math.comb(len(a) + len(b), len(a)) if is_less else 1.0
    freedom = sum(squares) ** 2 / sum(
        square**2 / (len(each) - 1)
        for square, each in zip(squares, (a, b), strict=True)
    )
    return float(sides * stdtr(freedom, difference / error))


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values of several tests for their number, in their order.

    The probability of any false rejection is at most the level (S. Holm, Scand. J.
    Statist. 6, 1979).
    """
    adjusted, least = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(np.argsort(p_values).tolist()):
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = least
    return adjusted


def finite(value: object) -> float | None:
    """Return a finite number; None for all else."""
    if isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    return None


def listed(words: Iterable[object]) -> str:
    """Return words as in a sentence: "a", "a and b", or "a, b and c"."""
    *others, last = map(str, words)
    return f"{', '.join(others)} and {last}" if others else last


def short(value: float) -> str:
    """Return an error with up to three digits: 0.0000937; as 1.2e+30 if it is huge."""
    text = f"{value:.3g}"
    is_small = 1e-9 < abs(value) < 1
    return np.format_float_positional(float(text), trim="-") if is_small else text


def three_digits(value: float | None) -> str:
    """Return a number with three significant digits as text, or a dash."""
    if value is None:
        return "–"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:#.3g}".rstrip(".")
