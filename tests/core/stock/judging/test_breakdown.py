import numpy as np
import pytest

from core.stock.judging.breakdown import SeedMetrics
from core.stock.judging.metrics import rmse
from core.stock.judging.verdict import NAMES
from core.stock.recipes.faults import CLASSIC_FAULTS, measured_faults
from tests.core.stock.helpers import made_up_series
from tests.core.stock.results import bare_result, made_up_result


def test_the_parts_follow_one_another_and_cover_the_test_half():
    result = made_up_result(made_up_series(600))
    first, second = result.by_fold
    assert first.first == result.dates[0]
    assert second.first == first.last + 1
    assert second.last == result.dates[-1]
    assert (first.rows_before, second.rows_before) == (300, 450)
    assert first.rows + second.rows == 300


def test_each_part_is_judged_by_its_own_rows():
    result = made_up_result(made_up_series(600))
    first, second = result.by_fold
    forecast = result.by_horizon[1]
    for part, fold in ((slice(0, 150), first), (slice(150, 300), second)):
        before = forecast.before[part]
        network, naive = (
            (forecast.actual[part] - each[part]) / before
            for each in (forecast.predicted, forecast.before)
        )
        assert fold.rel_rmse == pytest.approx(rmse(network) / rmse(naive))
        low, high = (end[part] for end in forecast.interval(80))
        inside = (low <= forecast.actual[part]) & (forecast.actual[part] <= high)
        assert fold.coverage_80 == inside.mean()
    rival = forecast.models[forecast.best_rival]
    assert (first.nll + second.nll) / 2 == pytest.approx(forecast.network.nll)
    assert (first.nll_rival + second.nll_rival) / 2 == pytest.approx(rival.nll)
    assert first.nll != second.nll


def test_seeds_that_alone_beat_the_simple_models_are_counted():
    known = made_up_result(made_up_series(600)).by_horizon[1]
    likelihood = known.models[known.best_rival].nll
    seeds = tuple(
        SeedMetrics(rel_rmse=error, nll=likelihood + more)
        for error, more in ((0.9, -0.1), (0.9996, -0.0004), (1.1, -0.1))
    )
    result = made_up_result(made_up_series(600), seeds=seeds)
    assert result.seeds_agree == (
        "Alone, 1 of 3 random seeds have less error than the last price, and 2 a "
        f"likelier risk than {NAMES[known.best_rival]}; the verdict is of their "
        "average."
    )
    assert made_up_result(made_up_series(600), seeds=seeds[:1]).seeds_agree == ""


def test_a_recipe_without_distributions_has_its_error_alone():
    (only,) = bare_result(made_up_series(600)).by_fold
    assert only.rel_rmse > 1
    assert (only.nll, only.nll_rival, only.coverage_80) == (None, None, None)


def test_of_prices_that_stand_still_nothing_is_measured():
    series = made_up_series(600)
    series.prices[300:] = series.prices[299]
    result = bare_result(series)
    (only,) = result.by_fold
    assert only.rel_rmse is None
    assert measured_faults(series, result) == list(CLASSIC_FAULTS)
    assert np.isfinite(result.predicted).all()
