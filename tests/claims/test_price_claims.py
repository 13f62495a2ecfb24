"""What the price page says of the honest recipe, and what it can learn."""

import numpy as np

from core.stock import Config
from core.stock.sources.samples import load_sample
from tests.core.stock.helpers import run, series_of


def test_with_the_defaults_the_risk_of_nasdaq_is_forecast_best_one_day_ahead():
    """Of every series, with three seeds: `python -m benchmarks.stock seeds`."""
    result, _ = run(Config(), load_sample("NASDAQ"))
    summary = result.summary()
    assert 0.97 < summary["rel_rmse"] <= 1.01  # below is a leak, not a success
    assert 0.97 < summary["rel_mae"] <= 1.01
    models = result.by_horizon[1].models
    assert summary["nll"] < min(models["garch"].nll, models["gjr"].nll)
    assert result.risk.outcomes[0].kind == "better"  # than all rivals, after Holm
    assert abs(summary["coverage_80"] - 0.80) < 0.02
    assert abs(summary["coverage_95"] - 0.95) < 0.01
    assert result.lag.copies  # no secret: tomorrow's price is today's


def test_a_learnable_pattern_improves_the_forecast():
    """Every second day is six times as volatile, which no classical model expects."""
    random = np.random.default_rng(0)
    returns = 0.005 * random.standard_normal(1_200)
    returns[::2] *= 6
    series = series_of(50 * np.exp(np.cumsum(returns)), name="In turn")
    config = Config(
        units=4, window=32, batch=4, epochs=15, dropout=0.2, folds=1, seeds=2
    )
    result, _ = run(config, series)
    assert result.accepted[:, 1, 0].max() > 0.5  # of the correction of the risk
    next_day = result.by_horizon[1]
    assert next_day.network.nll < next_day.models[next_day.best_rival].nll - 0.05
    assert result.risk.outcomes[0].adds == "better"


def test_a_price_that_moves_in_a_wave_of_its_last_change_is_found_and_noise_is_not():
    """Linear models miss it: the mean is .5 sin(3 z) of the last change z."""
    random = np.random.default_rng(3)
    shocks, returns = random.standard_normal(2_000), np.zeros(2_000)
    for row in range(1, 2_000):
        returns[row] = shocks[row] + 0.5 * np.sin(3 * returns[row - 1])
    config = Config(units=2, window=32, batch=4, epochs=1, folds=2, seeds=1, horizon=1)
    waves, noise = (
        run(config, series_of(100 * np.exp(np.cumsum(0.01 * each))))[0]
        for each in (returns, shocks)
    )
    assert waves.price.kind == "better"
    assert waves.price.outcomes[0].adds == "better"
    assert waves.price.predicted_by == "lstm"
    assert "The LSTM adds to the same inputs without it" in waves.price.text
    np.testing.assert_array_equal(noise.accepted[:, 0], 0.0)
    assert noise.price.kind == "same"
    assert "the base forecast, which the LSTM leaves unchanged" in noise.price.text
    assert "This is what to expect" in noise.price.text
