"""Boosting: trees on the last returns."""

import numpy as np

from core.stock.models.model import Fitted, Model, Rows, fitted_mean, mean_square

LAGS = 3  # rows whose returns the trees read
# With scikit-learn's defaults the trees fit the noise of a few thousand returns.
SETTINGS = {"max_depth": 3, "learning_rate": 0.05, "random_state": 0}


class Boosting(Model):
    """Gradient boosting of trees (Ke et al. 2017) of scikit-learn.

    It reads the last returns and the calendar, and finds what is not linear in them.
    Its errors on the rows that it was fitted to are too small, so that its variance is
    that of the returns.
    The package `scikit-learn` is imported by the first fit.
    """

    name, title = "boosting", "Boosting"
    phrase = "boosting on the last returns"
    of_price = True

    def fit(self, rows: Rows) -> Fitted:
        """Fit one model to each horizon."""
        from sklearn.ensemble import HistGradientBoostingRegressor
        from threadpoolctl import threadpool_limits

        padded = np.concatenate([np.zeros(LAGS - 1), rows.returns])
        lags = np.lib.stride_tricks.sliding_window_view(padded, LAGS)
        dates = rows.series.calendar
        inputs, means = np.concatenate([lags, dates], axis=1), []
        with threadpool_limits(limits=1):  # one thread, as in all trainings
            for column in range(len(rows.horizons)):
                known = rows.known(column)
                y = rows.ahead[known, column]
                if len(y) < 2:
                    means.append(np.zeros(len(inputs)))
                    continue
                trees = HistGradientBoostingRegressor(**SETTINGS)
                means.append(trees.fit(inputs[known], y).predict(inputs))
        variance = mean_square(rows, np.zeros(rows.ahead.shape))
        return fitted_mean(rows, np.stack(means, axis=1), variance=variance)
