"""Linear readouts of features that correct the mean, with their shrinkage."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.stock.distribution import ForecastDistribution
from core.stock.models.choice import gains, shrinkage
from core.stock.models.model import Rows

BLOCKS = 5  # of the cross-fitting
# Bound of errors and corrections in standard deviations, and of corrections of the
# log-variance: a linear function has none.
LARGEST = 4.0
PENALTIES = (30.0, 100.0, 300.0, 1e3, 3e3, 1e4, 3e4, 1e5)


@dataclass(frozen=True, kw_only=True, eq=False)
class Readout:
    """A linear function of the features, one a horizon.

    Attributes
    ----------
    weights, constant
        (features, horizons) and (horizons,).
    """

    weights: np.ndarray
    constant: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class MeanForecast:
    """The correction of the mean by readouts of features.

    Attributes
    ----------
    correction
        Added to the mean, in standard deviations of the base forecast (rows, horizons).
    crossed
        The same for the rows before `until`, by readouts solved without the row's
        block (cross-fitting).
    shrinkage
        Factors of the correction (horizons,).
    readouts
        One of each features.
    """

    correction: np.ndarray
    crossed: np.ndarray
    shrinkage: np.ndarray
    readouts: tuple[Readout, ...]


def fit_mean(
    every: Sequence[np.ndarray], rows: Rows, start: ForecastDistribution
) -> MeanForecast:
    """Solve readouts on the rows before `until`, and average them.

    The shrinkage follows from the gain in likelihood of the cross-fitted corrections.

    Parameters
    ----------
    every
        Features of each row (rows, features), of one or more networks.
    start
        The base forecast, from every row.
    """
    errors = np.clip((rows.ahead - start.mean) / start.deviation, -LARGEST, LARGEST)
    readouts, corrections, crossed = [], [], []
    for features in every:
        solved = [
            _solve_and_cross(features, errors[:, column], rows.until, ahead)
            for column, ahead in enumerate(rows.horizons)
        ]
        weights = np.stack([each[0] for each in solved], axis=1)
        constant = np.array([each[1] for each in solved])
        readouts.append(Readout(weights=weights, constant=constant))
        corrections.append(_read(features, weights, constant))
        crossed.append(np.stack([each[2] for each in solved], axis=1))
    average = np.mean(crossed, axis=0)
    last = rows.until - 1  # the next return of this row is the first one to forecast
    seen, actual = start[:last], rows.ahead[:last]
    gained = gains(seen, seen.moved(average[:last]), actual, rows.horizons)
    return MeanForecast(
        correction=np.mean(corrections, axis=0),
        crossed=average,
        shrinkage=shrinkage(gained, rows.horizons),
        readouts=tuple(readouts),
    )


def _read(
    features: np.ndarray, weights: np.ndarray, constant: np.ndarray | float
) -> np.ndarray:
    found: np.ndarray = np.clip(features @ weights + constant, -LARGEST, LARGEST)
    return found


def _solve_and_cross(
    features: np.ndarray, errors: np.ndarray, until: int, ahead: int
) -> tuple[np.ndarray, float, np.ndarray]:
    """Solve a readout on all rows before `until`, and without each block in turn.

    Returns
    -------
    tuple
        The weights, the constant, and the forecasts of the rows before `until` by the
        readouts without their block.
    """
    known = np.arange(max(0, until - ahead))  # whose errors end before `until`
    crossed = np.zeros(until)
    borders = np.linspace(0, until, BLOCKS + 1).astype(int)
    for first, end in itertools.pairwise(borders):
        # Without rows whose errors share a return with those of the block.
        others = known[(known < first - ahead) | (known >= end + ahead)]
        weights, constant = _ridge(features[others], errors[others], ahead)
        crossed[first:end] = _read(features[first:end], weights, constant)
    weights, constant = _ridge(features[known], errors[known], ahead)
    return weights, constant, crossed


def _ridge(x: np.ndarray, y: np.ndarray, ahead: int) -> tuple[np.ndarray, float]:
    """Ridge regression with the penalty of generalised cross-validation.

    That of Golub, Heath and Wahba (1979). Errors of `ahead` rows overlap, so one row in
    `ahead` counts.
    """
    if len(y) < 2 * ahead + 2:
        return np.zeros(x.shape[1]), 0.0
    means, scale, middle = x.mean(axis=0), x.std(axis=0) + 1e-9, y.mean()
    standard = (x - means) / scale
    values, vectors = np.linalg.eigh(standard.T @ standard)
    values = np.maximum(values, 0.0)
    products = vectors.T @ (standard.T @ (y - middle))
    squares = np.square(products)
    best, lowest = np.zeros(len(values)), np.inf
    for penalty in PENALTIES:
        kept = values + ahead * penalty
        left = np.sum(np.square(y - middle))
        left += np.sum(squares * (values / kept - 2) / kept)
        freedom = 1 + np.sum(values / kept)
        score = left / max(1 - ahead * freedom / len(y), 1e-3) ** 2
        if score < lowest:
            best, lowest = products / kept, score
    weights = (vectors @ best) / scale
    return weights, float(middle - means @ weights)
