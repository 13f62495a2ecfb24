"""The standard error of a mean of values that depend on each other in time.

One estimator serves all tests of forecasts and the interval of directions: equally
weighted cosines (Lazarus, Lewis, Stock and Watson 2018). Its few degrees of freedom
enter by Student's distribution (fixed-b), as they cannot with a kernel of few lags.
`python -m benchmarks.size` measures the size of the tests at each horizon.
"""

import math
from dataclasses import dataclass

import numpy as np

from core.stats import Z
from core.stock.distribution import student_t_cdf, student_t_quantile

MIN_COSINES = 4  # below which the estimated variance is useless


@dataclass(frozen=True, kw_only=True)
class MeanEstimate:
    """A mean, its standard error, and the degrees of freedom of that.

    The error is infinite, with 0 degrees of freedom, for too few rows.
    """

    mean: float
    error: float
    freedom: int

    @property
    def normal_error(self) -> float:
        """The error for which mean +- 1.96 of it is the 95% interval."""
        if not self.freedom:
            return self.error
        unit = math.sqrt(self.freedom / (self.freedom - 2))
        return self.error * unit * float(student_t_quantile(0.975, self.freedom)) / Z

    @property
    def statistic(self) -> float:
        """The mean in standard errors; infinite if all values are equal."""
        if self.mean == 0 or math.isinf(self.error):
            return 0.0
        if self.error <= 1e-9 * abs(self.mean):
            return math.copysign(math.inf, self.mean)
        return self.mean / self.error

    @property
    def p(self) -> float:
        """Two-sided p-value of a mean of zero."""
        if self.statistic == 0:
            return 1.0
        below = student_t_cdf(np.array(-abs(self.statistic)), float(self.freedom))
        return min(1.0, 2 * float(below))


def estimate_mean(values: np.ndarray, horizon: int = 1) -> MeanEstimate:
    """Estimate the mean of values (rows,) in the order of time.

    The long-run variance is the mean of B squared cosine transforms: B = 0.41
    rows^(2/3), and at most rows / (2 horizon), so that each cosine changes more slowly
    than windows that overlap.

    `horizon` is that of the forecasts whose losses these are, in rows.
    """
    rows = len(values)
    mean = float(np.mean(values)) if rows else 0.0
    cosines = int(min(0.41 * rows ** (2 / 3), rows / (2 * horizon)))
    if cosines < MIN_COSINES:
        return MeanEstimate(mean=mean, error=math.inf, freedom=0)
    # The sums over t of cos(pi j (t + 1/2) / rows) * values[t], for j = 1, 2, ...
    order = np.arange(1, cosines + 1)
    transform = np.fft.rfft(values - mean, 2 * rows)[order]
    sums = np.real(transform * np.exp(-0.5j * np.pi / rows * order))
    error = math.sqrt(2 * float(np.mean(np.square(sums)))) / rows
    return MeanEstimate(mean=mean, error=error, freedom=cosines)
