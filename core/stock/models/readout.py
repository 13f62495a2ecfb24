"""Linear readouts of features that correct the mean, with their shrinkage."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.stock.distribution import ForecastDistribution
from core.stock.models.choice import gains, shrinkage
from core.stock.models.model import Rows

BLOCKS = 5  # blocks of the cross-fitting
PIECES = 8  # pieces of a block whose sums are computed once
# Bound of errors and corrections in standard deviations, and of corrections of the
# log-variance: a linear function has none.
LARGEST = 4.0
PENALTIES = (30.0, 100.0, 300.0, 1e3, 3e3, 1e4, 3e4, 1e5)


@dataclass(frozen=True, kw_only=True, eq=False)
class Readout:
    """A linear function of the features, one a horizon."""

    # (features, horizons) and (horizons,)
    weights: np.ndarray
    constant: np.ndarray

    def read(self, features: np.ndarray) -> np.ndarray:
        """Return the corrections (rows, horizons) of features (rows, features)."""
        return _clip(features @ self.weights + self.constant)


@dataclass(frozen=True, kw_only=True, eq=False)
class MeanForecast:
    """The correction of the mean by readouts of features."""

    # Added to the mean, in standard deviations of the base forecast (rows, horizons)
    correction: np.ndarray
    # The same for the rows before `until`, by readouts solved without the row's block
    # (cross-fitting)
    crossed: np.ndarray
    shrinkage: np.ndarray  # factors of the correction (horizons,)
    readouts: tuple[Readout, ...]  # one of each features


def fit_mean(
    every: Sequence[np.ndarray], rows: Rows, start: ForecastDistribution
) -> MeanForecast:
    """Solve readouts on the rows before `until`, and average them.

    The shrinkage follows from the gain in likelihood of the cross-fitted corrections.

    `every` has the features of each row (rows, features), of one or more networks;
    `start` is the base forecast, from every row.
    """
    errors = np.clip((rows.ahead - start.mean) / start.deviation, -LARGEST, LARGEST)
    readouts, corrections, crossed = [], [], []
    for features in every:
        readout, without_block = _solve_and_cross(
            features, errors[: rows.until], rows.horizons
        )
        readouts.append(readout)
        corrections.append(readout.read(features))
        crossed.append(without_block)
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


def _solve_and_cross(
    features: np.ndarray, errors: np.ndarray, horizons: Sequence[int]
) -> tuple[Readout, np.ndarray]:
    """Solve readouts on all rows before `until`, and without each block in turn.

    Returns
    -------
    tuple
        The readout, and the forecasts (until, horizons) of rows by readouts without
        their block.
    """
    until = len(errors)
    crossed, solved = np.zeros(errors.shape), []
    borders = np.linspace(0, until, BLOCKS * PIECES + 1).astype(int).tolist()
    is_known = np.arange(until)[:, None] < until - np.array(horizons)
    products = _Products(features[:until], np.where(is_known, errors, 0.0), borders)
    for column, ahead in enumerate(horizons):
        known = until - ahead  # rows whose errors end before `until`
        solved.append(products.solve(products.between(0, known), column, ahead))
        for first, end in itertools.pairwise(borders[::PIECES]):
            # Without rows whose errors share a return with those of the block.
            sums = products.between(0, first - ahead)
            sums = sums + products.between(end + ahead, known)
            weights, constant = products.solve(sums, column, ahead)
            crossed[first:end, column] = features[first:end] @ weights + constant
    readout = Readout(
        weights=np.stack([each for each, _ in solved], axis=1),
        constant=np.array([each for _, each in solved]),
    )
    return readout, _clip(crossed)


class _Products:
    """Sums over rows of the products of all columns: one, the features, the errors.

    All solutions need such sums only, and those between two borders are computed once.
    """

    def __init__(
        self, features: np.ndarray, errors: np.ndarray, borders: Sequence[int]
    ) -> None:
        self.count, self.borders = features.shape[1], borders
        self.means = features.mean(axis=0)  # subtracted first, which loses no digits
        ones = np.ones((len(features), 1))
        self.columns = np.hstack([ones, features - self.means, errors])
        self.constant = 1e-10 * features.var(axis=0)  # the variance of a constant
        self._sums: dict[tuple[int, int], np.ndarray] = {}

    def between(self, first: int, end: int) -> np.ndarray:
        """Return the sums over the rows from `first` to `end` (columns, columns)."""
        width = self.columns.shape[1]
        total = np.zeros((width, width))
        for start, stop in itertools.pairwise(self.borders):
            rows = max(start, first), min(stop, end)
            if rows[0] < rows[1]:
                if rows not in self._sums:
                    part = self.columns[slice(*rows)]
                    self._sums[rows] = part.T @ part
                total += self._sums[rows]
        return total

    def solve(
        self, sums: np.ndarray, column: int, ahead: int
    ) -> tuple[np.ndarray, float]:
        """Ridge regression of errors with the penalty of generalised cross-validation.

        That of Golub, Heath and Wahba (1979). Errors of `ahead` rows overlap, so one
        row in `ahead` counts. Returns the weights (features,) and the constant.
        """
        x, y = slice(1, self.count + 1), self.count + 1 + column
        number = sums[0, 0]
        if number < 2 * ahead + 2:
            return np.zeros(self.count), 0.0
        means, middle = sums[0, x] / number, sums[0, y] / number
        covariance = sums[x, x] - number * np.outer(means, means)
        variance = covariance.diagonal() / number
        scale = np.where(variance > self.constant, np.sqrt(np.abs(variance)), np.inf)
        values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
        values = np.maximum(values, 0.0)
        products = vectors.T @ ((sums[x, y] - number * means * middle) / scale)
        squares = np.square(products)
        best, lowest = np.zeros(len(values)), np.inf
        for penalty in PENALTIES:
            kept = values + ahead * penalty
            left = sums[y, y] - number * middle**2
            left += np.sum(squares * (values / kept - 2) / kept)
            freedom = 1 + np.sum(values / kept)
            score = left / max(1 - ahead * freedom / number, 1e-3) ** 2
            if score < lowest:
                best, lowest = products / kept, score
        weights = (vectors @ best) / scale
        return weights, float(middle - (self.means + means) @ weights)


def _clip(correction: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.clip(correction, -LARGEST, LARGEST)
    return found
