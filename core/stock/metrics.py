"""How good a forecast was: small pure functions of arrays of the same rows."""

import math

import numpy as np


def rmse(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Root of the mean squared error, in the unit of the prices."""
    return float(np.sqrt(np.mean(np.square(actual - forecast))))


def mae(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Mean absolute error, in the unit of the prices."""
    return float(np.mean(np.abs(actual - forecast)))


def coverage(actual: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
    """Share of the rows whose actual value lies in the interval, ends included."""
    return float(np.mean((low <= actual) & (actual <= high)))


def student_t_nll(
    actual: np.ndarray, mean: np.ndarray, log_variance: np.ndarray, freedom: float
) -> np.ndarray:
    """Negative log likelihood of each row under a Student-t distribution.

    The distribution is given by its variance, as in the GARCH-t of Bollerslev
    (1987), so that `freedom` changes the tails and not the variance.

    Parameters
    ----------
    actual, mean, log_variance
        One value a row (rows,).
    freedom
        Degrees of freedom, above 2.
    """
    log_scale = log_variance + math.log((freedom - 2) / freedom)
    constant = (
        math.lgamma((freedom + 1) / 2)
        - math.lgamma(freedom / 2)
        - 0.5 * math.log(freedom * math.pi)
    )
    squared = np.square(actual - mean) * np.exp(-log_scale) / freedom
    tails = 0.5 * (freedom + 1) * np.log1p(squared)
    return np.asarray(0.5 * log_scale - constant + tails)


def student_t_quantile(probability: float, freedom: float) -> float:
    """Quantile of the Student-t distribution with unit variance.

    With t = sqrt(freedom) * tan(angle) the density becomes cos(angle) ** (freedom
    - 1), which is smooth and bounded, so a plain sum over angles is accurate to
    about 1e-6.
    """
    angles = np.linspace(-np.pi / 2, np.pi / 2, 100_001)
    density = np.cos(angles[:-1] + (angles[1] - angles[0]) / 2) ** (freedom - 1)
    below = np.concatenate([[0.0], np.cumsum(density)])
    angle = float(np.interp(probability, below / below[-1], angles))
    return math.sqrt(freedom) * math.tan(angle) * math.sqrt((freedom - 2) / freedom)
