"""What the price page says of the honest recipe, with its default settings."""

from core.stock import Config
from core.stock.sources.samples import load_sample
from tests.core.stock.helpers import run


def test_with_the_defaults_the_risk_of_nasdaq_is_forecast_best_one_day_ahead():
    """Of every series, with three seeds: `python -m benchmarks.stock seeds`."""
    result, _ = run(Config(), load_sample("NASDAQ"))
    summary = result.summary()
    assert 0.97 < summary["rel_rmse"] <= 1.01  # below is a leak, not a success
    assert 0.97 < summary["rel_mae"] <= 1.01
    assert summary["nll"] < min(summary["nll_garch"], summary["nll_gjr"])
    assert result.risk.outcomes[0].kind == "better"  # than all rivals, after Holm
    assert abs(summary["coverage_80"] - 0.80) < 0.02
    assert abs(summary["coverage_95"] - 0.95) < 0.01
    assert result.lag.copies  # no secret: tomorrow's price is today's
