"""Models of the price: the last one, the mean return, and a linear model (NLinear)."""

import numpy as np

from core.stock.data.features import LinearModel, log_differences
from core.stock.models.model import (
    MIN_DEVIATION,
    Fitted,
    Model,
    Rows,
    fitted_mean,
)

LAGS = 64  # rows of the window
ORDER = 5  # largest number of lags of the autoregression
PENALTY = 1.0  # penalty on weights of standardised inputs, a row


class Naive(Model):
    """The last price."""

    name, title = "naive", "Last price"
    phrase = "the last price"
    of_price = True

    def fit(self, rows: Rows) -> Fitted:
        """Fit its variance; the mean is zero."""
        return fitted_mean(rows, np.zeros(rows.ahead.shape))


class Drift(Model):
    """The mean return of the rows before."""

    name, title = "drift", "Mean return"
    phrase = "the mean return"
    of_price = True

    def fit(self, rows: Rows) -> Fitted:
        """Compute the mean return."""
        drift = np.diff(rows.logs[: rows.until]).mean()
        mean = drift * np.array(rows.horizons, float)
        return fitted_mean(rows, np.broadcast_to(mean, rows.ahead.shape))


class Linear(Model):
    """A linear function of the last prices, each minus the last one."""

    name, title = "linear", "Linear model"
    phrase = "a linear model"
    of_price = of_risk = True

    def fit(self, rows: Rows) -> Fitted:
        """Fit one model to each horizon."""
        prices = rows.series.prices
        models, mean = fit_linear(prices, rows.horizons, rows.until)
        return fitted_mean(rows, mean, models)


class Autoregression(Model):
    """A linear function of the last few returns; the BIC chooses their number."""

    name, title = "ar", "Autoregression"
    phrase = "an autoregression"
    of_price = of_risk = True

    def fit(self, rows: Rows) -> Fitted:
        """Fit each horizon by least squares, with every order."""
        prices, models = rows.series.prices, []
        inputs = log_differences(prices, ORDER)
        for column, ahead in enumerate(rows.horizons):
            known = slice(ORDER, max(rows.known(column).stop, ORDER))
            models.append(_by_bic(inputs[known], rows.ahead[known, column], ahead))
        mean = np.stack([model.forecast(prices) for model in models], axis=1)
        return fitted_mean(rows, mean, tuple(models))


def _by_bic(inputs: np.ndarray, y: np.ndarray, ahead: int) -> LinearModel:
    """Choose the number of lags by the criterion of Schwarz (1978).

    Targets overlap, so the number of rows is divided by `ahead`. With fewer than two
    the forecast is zero.
    """
    found, lowest = LinearModel(constant=0.0, weights=np.zeros(1)), np.inf
    if len(y) < 2:
        return found
    effective = len(y) / ahead
    for order in range(min(ORDER, int(effective) // 10) + 1):
        x = np.column_stack([np.ones(len(y)), inputs[:, :order]])
        weights = np.linalg.lstsq(x, y, rcond=None)[0]
        square = max(float(np.mean(np.square(y - x @ weights))), MIN_DEVIATION**2)
        score = effective * np.log(square) + order * np.log(max(effective, 2))
        if score < lowest:
            lags = weights[1:] if order else np.zeros(1)
            found, lowest = LinearModel(constant=float(weights[0]), weights=lags), score
    return found


def fit_linear(
    prices: np.ndarray, horizons: tuple[int, ...], until: int
) -> tuple[tuple[LinearModel, ...], np.ndarray]:
    """Fit the log returns ahead to the last prices, and forecast them from each row.

    Ridge regression on the logarithms of the last 64 prices minus the last one (the
    NLinear of Zeng et al. 2023, with the penalty of Hoerl and Kennard 1970).

    Parameters
    ----------
    prices
        All prices (rows,).
    horizons
        Rows ahead.
    until
        The first row that is not trained on.

    Returns
    -------
    tuple
        The model of each horizon, and their forecasts (rows, horizons).
    """
    lags = max(1, min(LAGS, until // 4))
    inputs = log_differences(prices, lags)
    logs = np.log(prices)
    models = []
    for rows_ahead in horizons:
        rows = slice(lags, max(until - rows_ahead, lags))  # targets end before `until`
        y = logs[rows_ahead:][rows] - logs[rows]
        models.append(_ridge(inputs[rows], y))
    weights = np.stack([model.weights for model in models], axis=1)
    constants = np.array([model.constant for model in models])
    return tuple(models), constants + inputs @ weights


def _ridge(inputs: np.ndarray, y: np.ndarray) -> LinearModel:
    lags = inputs.shape[1]
    if len(y) < 2:
        return LinearModel(constant=0.0, weights=np.zeros(lags))
    means, scale = inputs.mean(axis=0), inputs.std(axis=0) + 1e-12
    x = (inputs - means) / scale
    squares = x.T @ x + PENALTY * len(x) * np.eye(lags)
    weights = np.linalg.solve(squares, x.T @ (y - y.mean())) / scale
    return LinearModel(constant=float(y.mean() - means @ weights), weights=weights)
