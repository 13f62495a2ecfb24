"""A linear forecast from the last prices, each minus the last one (NLinear)."""

import numpy as np

LAGS = 64  # days of the window
PENALTY = 1.0  # on weights of inputs in standard units, a day


def linear_forecast(prices: np.ndarray, days: int, until: int) -> np.ndarray:
    """Forecast from each day's close the log return of the next so many days (rows,).

    Ridge regression on the logarithms of the last 64 prices minus the last one (the
    NLinear of Zeng et al. 2023, with the penalty of Hoerl and Kennard 1970).

    Parameters
    ----------
    prices
        All prices (rows,).
    days
        The horizon.
    until
        The first row that is not trained on.
    """
    lags = min(LAGS, until // 4)
    logs = np.log(prices)
    inputs = np.zeros((len(prices), lags))
    for lag in range(1, lags + 1):
        inputs[lag:, lag - 1] = logs[:-lag] - logs[lag:]
    target = np.zeros(len(prices))
    target[:-days] = logs[days:] - logs[:-days]
    rows = slice(lags, until - days)  # whose target is known before `until`
    scale = inputs[rows].std(axis=0) + 1e-12
    x, y = inputs[rows] / scale, target[rows]
    centre = x.mean(axis=0)
    squares = (x - centre).T @ (x - centre) + PENALTY * len(x) * np.eye(lags)
    weights = np.linalg.solve(squares, (x - centre).T @ (y - y.mean()))
    return np.asarray(y.mean() + (inputs / scale - centre) @ weights)
