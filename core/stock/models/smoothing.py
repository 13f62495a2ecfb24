"""Exponential smoothing and ARIMA of log prices.

Unlike the models of variance they have trends and seasons of the price, and a constant
variance. `statsmodels`, which is slow to import, is imported by the first fit.
"""

import itertools
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.stock.models.model import Fitted, Model, Rows, fitted_mean

Forecasts = tuple[np.ndarray, np.ndarray]  # mean (rows, horizons), variance (horizons,)

TOLERANCE = 1e10  # tolerance of the likelihood, in units of machine precision
SLOPE = 0.01  # slope of an ARMA's log-likelihood at which its fit ends
ORDERS = ((0, 0), (1, 0), (0, 1), (1, 1))  # autoregressive, moving average


class Ets(Model):
    """Exponential smoothing; see `fit_ets`."""

    name, title = "ets", "ETS"
    phrase = "ETS"
    of_price = of_risk = True

    def fit(self, rows: Rows) -> Fitted:
        """Choose its form and fit it."""
        season = rows.series.frequency.season
        mean, variance = fit_ets(rows.logs, rows.until, rows.horizons, season)
        return fitted_mean(rows, mean, variance=variance)


class Arima(Model):
    """ARIMA; see `fit_arima`. It is slow: for series with seasons only."""

    name, title = "arima", "ARIMA"
    phrase = "ARIMA"
    of_price = of_risk = True

    def fit(self, rows: Rows) -> Fitted:
        """Choose its orders and fit it."""
        season = rows.series.frequency.season
        months = rows.series.dates.astype("datetime64[M]").astype(np.int64)
        place = months * season // 12 % season  # the date's: missing rows move nothing
        mean, variance = fit_arima(rows.logs, rows.until, rows.horizons, season, place)
        return fitted_mean(rows, mean, variance=variance)


def fit_ets(
    logs: np.ndarray, until: int, horizons: tuple[int, ...], season: int = 1
) -> Forecasts:
    """Forecast log returns by exponential smoothing (Hyndman et al. 2008).

    ETS(A,N,N), ETS(A,Ad,N), and where there are seasons ETS(A,N,A) and ETS(A,Ad,A):
    the form of the smallest AICc. The initial states are parameters, fitted to rows
    before `until`. Fits that do not converge are left out; without any, the price is a
    random walk.

    Parameters
    ----------
    logs
        Logarithms of all prices (rows,).
    until
        The first row that is not fitted to.
    horizons
        Rows ahead.
    season
        Rows after which a season repeats, or 1.

    Returns
    -------
    tuple
        Mean of the log return ahead of each row (rows, horizons), and its variance
        (horizons,).
    """
    scale = float(np.diff(logs[:until]).std()) or 1.0
    values = (logs - logs[0]) / scale
    seasons = [1, season] if season > 1 and until >= 3 * season else [1]
    found = _choose_ets(values, until, seasons)
    if found is None:
        variance = scale**2 * np.array(horizons, float)
        return np.zeros((len(logs), len(horizons))), variance
    period, fitted, states = found
    parameters = dict(zip(fitted.param_names, fitted.params, strict=True))
    # Effect of a shock, and of the slope, on the level some rows later.
    damping = parameters.get("damping_trend", 1.0)
    slopes = np.cumsum(damping ** np.arange(1, max(horizons) + 1))
    kept = parameters["smoothing_level"] + slopes * parameters.get("smoothing_trend", 0)
    kept[period - 1 :: period] += parameters.get("smoothing_seasonal", 0.0)
    level = states[:, 0]
    slope = states[:, 1] if "smoothing_trend" in parameters else np.zeros(len(logs))
    seasonal = np.zeros(period + len(logs))  # with the season before the first row
    if period > 1:
        first = [parameters[f"initial_seasonal.{k}"] for k in range(period)]
        seasonal = np.concatenate([first[::-1], states[:, -1]])
    means, variances = [], []
    for rows in horizons:
        same_place = seasonal[period - -rows % period :][: len(logs)]
        expected = level + slopes[rows - 1] * slope + same_place
        means.append(scale * (expected - values))
        variances.append(1.0 + np.square(kept[: rows - 1]).sum())
    error = scale**2 * float(np.mean(np.square(fitted.resid)))
    return np.stack(means, axis=1), error * np.array(variances)


def _choose_ets(
    values: np.ndarray, until: int, seasons: Sequence[int]
) -> tuple[int, Any, np.ndarray] | None:
    """Fit all forms to the rows before `until`, and choose by AICc.

    Returns
    -------
    tuple or None
        The season, the fitted model, and its states at all rows (rows, states); None if
        no fit converges.
    """
    from statsmodels.tsa.exponential_smoothing.ets import (  # type: ignore[import-untyped]
        ETSModel,
    )

    best = None
    with warnings.catch_warnings():  # about fits that are left out here
        warnings.simplefilter("ignore")
        for damped, season in itertools.product((False, True), seasons):
            options = {
                "error": "add",
                "trend": "add" if damped else None,
                "damped_trend": damped,
                "seasonal": "add" if season > 1 else None,
                "seasonal_periods": season if season > 1 else None,
            }
            try:
                model = ETSModel(values[:until], **options)
                fitted = model.fit(disp=False, factr=TOLERANCE)
            except (ValueError, np.linalg.LinAlgError):
                continue
            converged = fitted.mle_retvals["converged"]
            if converged and fitted.aicc < (best[1].aicc if best else np.inf):
                best = season, fitted, options
        if best is None:
            return None
        season, fitted, options = best
        states = ETSModel(values, **options).smooth(fitted.params).states
    return season, fitted, states


def fit_arima(
    logs: np.ndarray,
    until: int,
    horizons: tuple[int, ...],
    season: int = 1,
    place: np.ndarray | None = None,
) -> Forecasts:
    """Forecast log returns by an ARIMA model with drift (Box and Jenkins 1970).

    The log returns are an ARMA(p, q) about their mean, p and q up to 1. With seasons,
    candidates also have a mean for each place in the season, or an autoregressive term
    of the same place in the last season. The smallest AIC decides. Fits that do not
    converge are left out; the random walk with drift always does.

    Parameters and returned values are those of `fit_ets`, and `place`: the place of
    each row in the season (rows,), by default its index modulo the season.
    """
    returns = np.diff(logs, prepend=logs[0])
    if place is None:
        place = np.arange(len(logs)) % season
    seasons = [(1, 0)]
    if season > 1 and until > 3 * season:
        seasons += [(season, 0), (1, season)]
    best = np.inf
    for (p, q), (places, lag) in itertools.product(ORDERS, seasons):
        each = _means(returns[:until], place[:until], places)
        errors = returns - each[place % places]
        found = _fit_arma(errors[1:until], p, q, lag)
        if found is None:
            continue
        score, ar, ma, variance = found
        score += 2 * places
        if score < best:
            best, means, centred, model = score, each, errors, (ar, ma, variance)
    centred[0] = 0.0
    ar, ma, variance = model
    longest = max(horizons)
    ahead = _arma_ahead(centred, ar, ma, longest)
    places_ahead = (place[:, None] + np.arange(1, longest + 1)) % len(means)
    total = np.cumsum(ahead + means[places_ahead], axis=1)
    from scipy.signal import lfilter

    impulse = np.eye(1, longest)[0]
    growth = np.cumsum(lfilter(ma, ar, impulse))  # log price after a shock
    variances = variance * np.cumsum(np.square(growth))
    columns = np.array(horizons) - 1
    return total[:, columns], variances[columns]


def _means(returns: np.ndarray, place: np.ndarray, places: int) -> np.ndarray:
    """Mean of the returns (rows,) at each place of the season; the first is no return.

    With one place, it is the mean of all. Zero where a place has no return.
    """
    at = place[1:] % places
    totals = np.bincount(at, weights=returns[1:], minlength=places)
    return np.asarray(totals / np.maximum(np.bincount(at, minlength=places), 1))


def _fit_arma(
    values: np.ndarray, p: int, q: int, season: int
) -> tuple[float, np.ndarray, np.ndarray, float] | None:
    """Fit an ARMA without a mean, with an autoregressive term a season ago if not 0.

    Returns
    -------
    tuple or None
        The AIC but for the mean, the polynomials of both parts, from lag 0 on, and the
        variance of the errors; None if the fit does not converge.
    """
    one, variance = np.ones(1), float(np.mean(np.square(values)))
    if not (p or q or season) or variance == 0:
        score = len(values) * (np.log(2 * np.pi * max(variance, 1e-300)) + 1) + 2
        return score, one, one, max(variance, 1e-300)
    from statsmodels.tsa.arima.estimators.innovations import (  # type: ignore[import-untyped]
        innovations_mle,
    )

    scale = np.sqrt(variance)
    with warnings.catch_warnings():  # about fits that are left out here
        warnings.simplefilter("ignore")
        try:
            found, details = innovations_mle(
                values / scale,
                order=(p, 0, q),
                seasonal_order=(1, 0, 0, season) if season else None,
                demean=False,
                minimize_kwargs={"options": {"gtol": SLOPE}},
            )
        except (ValueError, np.linalg.LinAlgError):
            return None
    optimum = details.minimize_results
    if not optimum.success or not found.is_stationary or not found.is_invertible:
        return None
    likelihood = 2 * float(optimum.fun) + len(values) * np.log(variance)
    return (
        likelihood + 2 * (p + q + bool(season) + 1),
        np.asarray(found.reduced_ar_poly.coef, float),
        np.asarray(found.reduced_ma_poly.coef, float),
        variance * float(found.sigma2),
    )


def _arma_ahead(
    values: np.ndarray, ar: np.ndarray, ma: np.ndarray, longest: int
) -> np.ndarray:
    """Forecast each of the next values from each row (rows, longest)."""
    from scipy.signal import lfilter

    errors = lfilter(ar, ma, values)  # zero before the first row
    ahead: list[np.ndarray] = []
    for step in range(1, longest + 1):
        value = np.zeros(len(values))
        for lag in range(1, len(ar)):
            known = ahead[step - lag - 1] if lag < step else _shift(values, lag - step)
            value -= ar[lag] * known
        for lag in range(step, len(ma)):
            value += ma[lag] * _shift(errors, lag - step)
        ahead.append(value)
    return np.stack(ahead, axis=1)


def _shift(values: np.ndarray, rows: int) -> np.ndarray:
    return np.concatenate([np.zeros(rows), values])[: len(values)]
