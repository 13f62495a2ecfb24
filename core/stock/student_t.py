"""The Student-t distribution: likelihood, quantiles, and the CRPS.

With t = sqrt(freedom) * tan(angle) its density becomes cos(angle) ** (freedom - 1),
which is smooth and bounded, so a plain sum over angles is accurate to about 1e-6.
"""

import functools
import math

import numpy as np

STEPS = 20_000  # of the angle


def student_t_nll(
    actual: np.ndarray,
    mean: np.ndarray,
    log_variance: np.ndarray,
    freedom: np.ndarray | float,
) -> np.ndarray:
    """Negative log likelihood of each row under a Student-t distribution.

    The distribution is given by its variance, as in the GARCH-t of Bollerslev
    (1987), so that `freedom` changes the tails and not the variance.

    Parameters
    ----------
    actual, mean, log_variance
        One value a row (rows,).
    freedom
        Degrees of freedom, above 2: one for all rows, or one a row.
    """
    log_scale = log_variance + np.log((freedom - 2) / freedom)
    constant = (
        _log_gamma((freedom + 1) / 2)
        - _log_gamma(freedom / 2)
        - 0.5 * np.log(freedom * math.pi)
    )
    squared = np.square(actual - mean) * np.exp(-log_scale) / freedom
    tails = 0.5 * (freedom + 1) * np.log1p(squared)
    return np.asarray(0.5 * log_scale - constant + tails)


def student_t_crps(
    actual: np.ndarray, mean: np.ndarray, log_variance: np.ndarray, freedom: float
) -> np.ndarray:
    """Continuous ranked probability score of each row, in the unit of `actual`.

    The closed form of Jordan, Krüger and Lerch (2019), appendix A.2; smaller is
    better, and a forecast without spread scores its absolute error.
    """
    scale = np.exp(0.5 * log_variance) * math.sqrt((freedom - 2) / freedom)
    z = (actual - mean) / scale
    log_beta = functools.partial(_log_beta, 0.5)
    density = np.exp(
        -0.5 * (freedom + 1) * np.log1p(z * z / freedom) - log_beta(freedom / 2)
    ) / math.sqrt(freedom)
    spread = math.exp(log_beta(freedom - 0.5) - 2 * log_beta(freedom / 2))
    score = (
        z * (2 * student_t_cdf(z, freedom) - 1)
        + 2 * density * (freedom + z * z) / (freedom - 1)
        - 2 * math.sqrt(freedom) / (freedom - 1) * spread
    )
    return np.asarray(scale * score)


def student_t_cdf(t: np.ndarray, freedom: float) -> np.ndarray:
    """Probability below `t` under the standard Student-t distribution."""
    angles, below = _probabilities(freedom)
    return np.asarray(np.interp(np.arctan(t / math.sqrt(freedom)), angles, below))


def student_t_quantile(probability: np.ndarray | float, freedom: float) -> np.ndarray:
    """Quantile of the Student-t distribution with unit variance."""
    angles, below = _probabilities(freedom)
    angle = np.interp(probability, below, angles)
    return np.asarray(np.tan(angle) * math.sqrt(freedom - 2))


@functools.lru_cache(maxsize=64)
def _probabilities(freedom: float) -> tuple[np.ndarray, np.ndarray]:
    """Angles, and the probability below each."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, STEPS + 1)
    density = np.cos(angles[:-1] + (angles[1] - angles[0]) / 2) ** (freedom - 1)
    below = np.concatenate([[0.0], np.cumsum(density)])
    return angles, below / below[-1]


def _log_gamma(x: np.ndarray | float) -> np.ndarray:
    return np.asarray(np.vectorize(math.lgamma, otypes=[float])(x))


def _log_beta(first: float, second: float) -> float:
    return math.lgamma(first) + math.lgamma(second) - math.lgamma(first + second)
