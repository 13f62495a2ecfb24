"""HAR on squared returns: the variance of a day, a week and a month."""

import numpy as np

from core.stock.data.features import FLOOR
from core.stock.models.model import Fitted, Model, Rows, fitted_variance

SPANS = (1, 5, 22)  # rows whose squared returns are averaged


class Har(Model):
    """The variance ahead as a weighted sum of past ones (Corsi 2009).

    v[t + 1 .. t + h] = b0 + b1 * day + b2 * week + b3 * month, of mean squared
    returns, with weights that are not negative, and errors weighted by the variance of
    the month, as large variances are forecast with large errors.
    """

    name, title = "har", "HAR, t"
    phrase = "HAR"
    of_risk = True

    def fit(self, rows: Rows) -> Fitted:
        """Find the weights of each horizon."""
        from scipy.optimize import nnls

        mean = rows.returns[1 : rows.until].mean()
        squares = np.square(rows.returns - mean)
        means = [_mean_of_last(squares, span) for span in SPANS]
        inputs = np.stack([np.ones(len(squares)), *means], axis=1)
        total = np.concatenate([[0.0], np.cumsum(squares)])
        variances = []
        for column, ahead in enumerate(rows.horizons):
            known = rows.known(column)
            x, first = inputs[known], np.arange(known.start, known.stop)
            y = (total[first + ahead + 1] - total[first + 1]) / ahead
            weight = 1 / (x[:, -1] + FLOOR)
            scaled, target = x * weight[:, None], y * weight
            found = nnls(scaled, target)[0] if len(y) else np.array([1.0, 0, 0, 0])
            variances.append(ahead * np.maximum(inputs @ found, FLOOR))
        return fitted_variance(rows, np.stack(variances, axis=1), mean)


def _mean_of_last(values: np.ndarray, span: int) -> np.ndarray:
    """Mean of the last values up to each row (rows,)."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    last = np.arange(1, len(values) + 1)
    first = np.maximum(last - span, 0)
    return np.asarray((total[last] - total[first]) / (last - first))
