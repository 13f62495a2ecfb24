"""The linear correction of the base forecast."""

import numpy as np
import pytest

from core.stock.data.features import LARGEST_SURPRISE, RISK_INPUTS, Scaling
from core.stock.distribution import ForecastDistribution
from core.stock.models import Rows
from core.stock.models.base import choose_base, fit_base
from core.stock.models.linear_inputs import (
    PENALTY,
    LinearInputs,
    _correction,
    _loss,
)
from core.stock.models.readout import LARGEST
from tests.core.stock.helpers import halted_series, series_of

HORIZONS = (1, 5)


def rows_of(series):
    until = len(series.prices) * 4 // 5
    scaling = Scaling.fit(series.prices, until)
    return Rows(series=series, until=until, horizons=HORIZONS, scaling=scaling)


@pytest.mark.parametrize("place", ["start", "middle", "end"])
@pytest.mark.parametrize("days", [1, 20, 160, 400])
def test_prices_that_stand_still_leave_inputs_and_forecast_finite_and_sensible(
    days, place
):
    series = halted_series(days, place)
    rows = rows_of(series)
    base = fit_base(rows, rows.once(choose_base))
    assert np.isfinite(base.inputs).all()
    assert np.abs(base.inputs[:, 0]).max() <= LARGEST_SURPRISE
    forecast = rows.fit(LinearInputs()).distribution
    correction = forecast.log_variance - base.distribution.log_variance
    assert np.abs(correction).max() <= LARGEST
    # Where the price has moved for 100 days, by 1% per day, the forecast says so.
    moves = np.diff(series.prices, prepend=0) != 0
    moving = np.convolve(moves, np.ones(100), mode="full")[: len(moves)] == 100
    for deviation in (base.distribution.deviation, forecast.deviation):
        assert (deviation[moving, 0] > 0.01 / 4).all()
        assert (deviation[moving, 0] < 0.01 * 4).all()


@pytest.mark.parametrize("place", ["start", "middle", "end"])
@pytest.mark.parametrize("days", [1, 20, 160, 400])
def test_the_loss_is_that_of_the_correction_as_it_is_used(days, place):
    """Far from the solution, too, where a step of L-BFGS may lead."""
    rows = rows_of(halted_series(days, place))
    base = fit_base(rows, rows.once(choose_base))
    known = rows.known(0)
    forecast = base.distribution[known].column(0)
    risk = np.column_stack([np.ones(known.stop - 1), base.inputs[known, :RISK_INPUTS]])
    errors = (rows.ahead[known, 0] - forecast.mean) / forecast.deviation
    freedom = forecast.freedom
    scale = np.square(errors) / (freedom - 2)
    direction = np.random.default_rng(0).standard_normal(risk.shape[1])
    for length in (0.1, 1.0, 1e3):
        weights = length * direction
        value, gradient = _loss(risk, scale, freedom + 1, 1, weights)
        corrected = ForecastDistribution.broadcast(
            forecast.mean,
            forecast.log_variance + _correction(risk, weights),
            freedom,
        )
        gained = forecast.nll(rows.ahead[known, 0]) - corrected.nll(
            rows.ahead[known, 0]
        )
        penalty = PENALTY * weights[1:] @ weights[1:] / 2
        start, _ = _loss(risk, scale, freedom + 1, 1, np.zeros_like(weights))
        assert value - start == pytest.approx(penalty - gained.sum(), rel=1e-6)
        assert np.isfinite(gradient).all()


@pytest.mark.parametrize("jump", [0.05, 0.5, 2.0])
def test_prices_that_stand_still_between_jumps_are_fitted_without_an_overflow(jump):
    """The likelihood of an error of 0 grows without bound with a falling variance."""
    returns = 1e-6 * np.random.default_rng(0).standard_normal(600)
    returns[100:260] = returns[400:560] = 0
    returns[[180, 480]] = jump, -jump
    rows = rows_of(series_of(100 * np.exp(np.cumsum(returns))))
    assert np.isfinite(rows.fit(LinearInputs()).distribution.log_variance).all()
