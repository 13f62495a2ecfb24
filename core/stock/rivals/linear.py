"""Fitting a linear forecast from the last prices, each minus the last one (NLinear)."""

import numpy as np

from core.stock.data.features import LinearModel, log_differences

LAGS = 64  # rows of the window
PENALTY = 1.0  # on weights of inputs in standard units, a row


def fit_linear(prices: np.ndarray, rows_ahead: int, until: int) -> LinearModel:
    """Fit the log return of the next so many rows to the last prices.

    Ridge regression on the logarithms of the last 64 prices minus the last one (the
    NLinear of Zeng et al. 2023, with the penalty of Hoerl and Kennard 1970).

    Parameters
    ----------
    prices
        All prices (rows,).
    rows_ahead
        The horizon.
    until
        The first row that is not trained on.
    """
    lags = max(1, min(LAGS, until // 4))
    inputs = log_differences(prices[:until], lags)
    logs = np.log(prices)
    rows = slice(lags, max(until - rows_ahead, lags))  # targets end before `until`
    if rows.stop - rows.start < 2:
        return LinearModel(constant=0.0, weights=np.zeros(lags))
    y = logs[rows_ahead:][rows] - logs[rows]
    scale = inputs[rows].std(axis=0) + 1e-12
    x = inputs[rows] / scale
    centre = x.mean(axis=0)
    squares = (x - centre).T @ (x - centre) + PENALTY * len(x) * np.eye(lags)
    weights = np.linalg.solve(squares, (x - centre).T @ (y - y.mean()))
    return LinearModel(
        constant=float(y.mean() - centre @ weights), weights=weights / scale
    )
