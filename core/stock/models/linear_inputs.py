"""The network's inputs without the LSTM: a linear correction of the base forecast."""

import functools

import numpy as np

from core.stock.data.features import RISK_INPUTS
from core.stock.data.split import BLOCKS, validation_row
from core.stock.distribution import ForecastDistribution
from core.stock.models.base import choose_base, fit_base
from core.stock.models.choice import Choice, gains, shrinkage
from core.stock.models.model import Fitted, Model, Rows
from core.stock.models.readout import LARGEST, fit_mean

PENALTY = 10.0  # penalty on the squared weights; the likelihood is summed over rows
# Of L-BFGS: its defaults stop where the rounding of another processor still moves the
# log-variance by 3e-4; with these, by 1e-6.
PRECISION = {"ftol": 1e-14, "gtol": 1e-6}


class LinearInputs(Model):
    """The ablation of the LSTM: the same inputs, base forecast and shrinkage.

    The mean of the base forecast is corrected by a readout of the inputs, its
    log-variance by a linear function of them, fitted by penalised maximum likelihood.
    """

    name, title = "linear_inputs", "Same inputs without the LSTM"
    phrase = "the same inputs without the LSTM"
    of_price = of_risk = True

    def fit(self, rows: Rows) -> Fitted:
        """Fit the weights of each horizon to all rows before `until`."""
        chosen = rows.once(choose_base)
        base = fit_base(rows, chosen)
        x = np.asarray(base.inputs, np.float64)
        mean = fit_mean([x], rows, base.distribution)
        risk = np.concatenate([np.ones((len(x), 1)), x[:, :RISK_INPUTS]], axis=1)
        factors = _shrinkage(chosen, risk, rows)
        forecast = base.distribution.moved(mean.shrinkage * mean.correction)
        log_variance = factors * _correction(risk, _fit(forecast, risk, rows))
        return Fitted(
            distribution=ForecastDistribution.broadcast(
                forecast.mean, forecast.log_variance + log_variance, forecast.freedom
            ),
            first=rows.until - 1,
        )


def _shrinkage(chosen: Choice, risk: np.ndarray, rows: Rows) -> np.ndarray:
    """Return the shrinkage factors (horizons,).

    The gains are those in blocks of rows as long as the validation part, each of them
    left out of the fit. The base forecast is fitted to the rows before that part, as
    the network's is.
    """
    validation = validation_row(rows.until)
    base = fit_base(rows.before(validation), chosen).distribution
    length = rows.until - validation
    gained = []
    for number in range(BLOCKS):
        block = slice(validation - number * length, rows.until - number * length)
        part = slice(block.start - 1, block.stop - 1)
        before, weights = base[part], _fit(base, risk, rows, without=block)
        log_variance = before.log_variance + _correction(risk[part], weights)
        after = ForecastDistribution.broadcast(
            before.mean, log_variance, before.freedom
        )
        gained.append(gains(before, after, rows.ahead[part], rows.horizons))
    return shrinkage(np.concatenate(gained), rows.horizons)


def _correction(risk: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return what is added to the log-variance, at most `LARGEST`.

    `risk` has the inputs (rows, inputs), `weights` are those of one horizon (inputs,)
    or of each (inputs, horizons).
    """
    correction: np.ndarray = np.clip(risk @ weights, -LARGEST, LARGEST)
    return correction


def _fit(
    start: ForecastDistribution,
    risk: np.ndarray,
    rows: Rows,
    without: slice = slice(0, 0),
) -> np.ndarray:
    """Return weights of the log-variance (inputs, horizons).

    Errors of several rows overlap, so each counts 1 / rows.

    `risk` has the inputs (rows, inputs), the first of them 1; no return ahead may end
    in the rows `without`.
    """
    from scipy.optimize import minimize

    weights = []
    for column, ahead in enumerate(rows.horizons):
        origins = np.arange(len(risk))[rows.known(column)]
        known = origins[
            (origins + ahead < without.start) | (origins >= without.stop - 1)
        ]
        each = start.column(column)[known]
        errors = (rows.ahead[known, column] - each.mean) / each.deviation
        scale = np.square(errors) / (each.freedom - 2)
        loss = functools.partial(_loss, risk[known], scale, each.freedom + 1, ahead)
        begin = np.zeros(risk.shape[1])
        solution = minimize(loss, begin, jac=True, method="L-BFGS-B", options=PRECISION)
        weights.append(solution.x)
    return np.stack(weights, axis=1)


def _loss(
    x: np.ndarray, scale: np.ndarray, power: np.ndarray, ahead: int, weights: np.ndarray
) -> tuple[float, np.ndarray]:
    """Return the negative log-likelihood of Student's t, penalized, and its gradient.

    Constants are left out. A clipped correction doesn't change with the weights.
    """
    log_variance = _correction(x, weights)
    squared = scale * np.exp(-log_variance)
    value = np.sum(log_variance + power * np.log1p(squared)) / 2 / ahead
    slope = 1 - power * squared / (1 + squared)  # by the log-variance
    slope = np.where(np.abs(log_variance) < LARGEST, slope, 0.0)
    gradient = x.T @ slope / 2 / ahead
    penalty = PENALTY * weights
    penalty[0] = 0.0  # the constant is free
    return float(value + penalty @ weights / 2), gradient + penalty
