"""Confidence intervals and rounding for several tasks.

The intervals use NumPy and SciPy's special functions: scikit-learn and scipy.stats have
some of them, but would add 70 MB to the web process.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

Z = NormalDist().inv_cdf(0.975)
RESAMPLES = 1_000


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

    Parameters
    ----------
    wrong, rows
        Counts of the same shape; the bound of `wrong == rows` is 1.
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
