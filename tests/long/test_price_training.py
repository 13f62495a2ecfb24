"""Training on prices: what it learns, what it may not see, and how it resumes."""

import dataclasses
import functools
import gc
import itertools
import math

import numpy as np
import pytest

from core.arrays import pack, unpack
from core.stock import TASK, Config
from core.stock.config import PATIENCE
from core.stock.data.defaults import suited
from core.stock.data.frequency import horizons_of
from core.stock.data.series import PriceSeries
from core.stock.data.split import required_rows
from core.stock.models.base import BY_NAME
from core.task import UserError
from tests.core.stock.helpers import (
    halted_series,
    made_up_series,
    run,
    run_with_states,
    series_of,
    stop,
)

SMALL = {
    "honest": Config(
        units=4, window=32, batch=4, epochs=3, dropout=0.2, folds=2, seeds=2
    ),
    "classic": Config.preset("classic", units=4, window=20, batch=32, epochs=2),
}
ONE = Config.from_dict({**vars(SMALL["honest"]), "folds": 1, "seeds": 1})  # network
SINGLE = {"honest": ONE, "classic": SMALL["classic"]}


@functools.cache
def small(recipe):
    """Result and metrics of the small training, for tests that only look at it."""
    return run(SMALL[recipe], made_up_series())


@functools.cache
def one_epoch():
    """Result of one network and epoch, for tests that compare others with it."""
    return run(changed(ONE, epochs=1), made_up_series())[0]


@functools.cache
def first_epoch(config):
    """The metrics of the first epoch on the usual series."""
    return metrics_of(config, made_up_series())[0]


def metrics_of(config, series, epochs=1):
    """The metrics of the first epochs, without the work that makes a result."""
    training = TASK.train(config, series)
    found = (dict(progress.metrics) for progress in training if progress.metrics)
    return list(itertools.islice(found, epochs))


def changed(config, **changes):
    return Config.from_dict({**vars(config), **changes})


both_recipes = pytest.mark.parametrize("recipe", ["honest", "classic"])


def test_the_classic_recipe_resumed_equals_uninterrupted_training():
    """The honest one is in tests/core/test_contract.py."""
    config, series = SMALL["classic"], made_up_series()
    whole, metrics, states = run_with_states(config, series)
    state = states[len(states) // 2 + 1]  # within the second epoch
    resumed, rest = run(config, series, resume=state)
    np.testing.assert_allclose(resumed.predicted, whole.predicted, rtol=1e-6)
    assert [epoch for epoch, _ in rest] == [2]
    assert rest[0][1] == pytest.approx(metrics[1][1], abs=1e-6)
    assert resumed.seconds > state["seconds"]


@both_recipes
def test_training_pauses_within_an_epoch_and_reports_its_progress(recipe):
    training = TASK.train(SMALL[recipe], made_up_series())
    first, second = next(training), next(training)
    assert (first.epoch, first.fraction, dict(first.metrics)) == (0, 0.0, {})
    assert (second.epoch, dict(second.metrics)) == (0, {})
    assert 0 < second.fraction < 1
    assert second.state()["step"] == 1


@both_recipes
def test_every_setting_has_an_effect_and_the_same_settings_the_same_one(recipe):
    changes = {"units": 5, "window": 24, "batch": 16, "dropout": 0.5, "seed": 1}
    changes |= {"learning_rate": 0.01, "folds": 2, "seeds": 2}
    found = {
        name: str(first_epoch(changed(SINGLE[recipe], **{name: value})))
        for name, value in changes.items()
    }
    usual = str(first_epoch(SINGLE[recipe]))
    assert str(metrics_of(SINGLE[recipe], made_up_series())[0]) == usual
    assert len({usual, *found.values()}) == len(changes) + 1, found


def test_a_short_series_with_long_horizons_trains_and_uses_no_later_prices():
    """Fewer validation rows than the longest horizon, and a test part at row 50."""
    random, rows = np.random.default_rng(1), 100
    dates = (np.datetime64("2001-01", "M") + np.arange(rows)).astype("datetime64[D]")
    prices = 50 * np.exp(np.cumsum(0.03 * random.standard_normal(rows)))
    series = PriceSeries(name="Short", dates=dates, prices=prices)
    usual = suited("honest", series).values
    config = Config.from_dict({**usual, "epochs": 2, "seeds": 1, "folds": 1})
    result, _ = run(config, series)
    assert np.isfinite(result.network.nll)
    test = result.split.test
    later = prices.copy()
    later[test:] *= 1.5 * np.exp(0.1 * random.standard_normal(rows - test))
    other, _ = run(config, PriceSeries(name="Short", dates=dates, prices=later))
    for field in ("mean", "log_variance", "freedom"):  # from the close before the test
        np.testing.assert_array_equal(
            getattr(result.distribution, field)[0],
            getattr(other.distribution, field)[0],
        )
    np.testing.assert_array_equal(result.accepted, other.accepted)


def test_both_losses_are_in_the_same_unit():
    for _, metrics in small("honest")[1]:
        assert metrics["val_loss"] == pytest.approx(metrics["loss"], abs=1.0)


def test_where_nothing_is_learnt_the_forecast_is_that_of_classical_models():
    """In each fold of the one that was chosen for it."""
    result = small("honest")[0]
    forecasts = [f for f in result.by_horizon.values() if f.unchanged]
    assert forecasts
    for forecast in forecasts:
        for field in ("mean", "log_variance", "freedom"):
            ours = getattr(forecast.distribution, field)
            others = [
                getattr(each, field)
                for name, each in forecast.forecasts.items()
                if name in BY_NAME and (field == "mean" or name in forecast.volatility)
            ]
            assert (np.array(others) == ours).any(axis=0).all(), field


def with_other_future(series, day):
    """The same prices up to `day`, others after it; as high, so the scale stays."""
    prices = series.prices.copy()
    prices[day + 1 :] = np.roll(prices[day + 1 :], 7) * 0.9
    return PriceSeries(name="Other future", dates=series.dates, prices=prices)


def test_the_honest_recipe_forecasts_from_the_past_alone():
    series, day = made_up_series(), 200
    seen = one_epoch()
    other, _ = run(seen.config, with_other_future(series, day))
    known = day + 1 - seen.split.test + 1  # the forecast of day + 1 knows day
    np.testing.assert_array_equal(seen.predicted[:known], other.predicted[:known])
    for name in ("low_80", "high_95"):
        np.testing.assert_array_equal(
            seen.bands[name][:known], other.bands[name][:known]
        )
    for field in ("mean", "log_variance", "freedom"):  # every horizon
        np.testing.assert_array_equal(
            getattr(seen.distribution, field)[:known],
            getattr(other.distribution, field)[:known],
        )
    assert not np.array_equal(seen.predicted[known:], other.predicted[known:])


def test_the_objective_of_a_search_does_not_depend_on_the_test_half():
    series, config = made_up_series(), changed(SMALL["honest"], seeds=1)  # of two folds
    test = len(series) // 2
    other = with_other_future(series, test - 1)
    seen, others = metrics_of(config, series, 2), metrics_of(config, other, 2)
    assert [m["val_best"] for m in seen] == [m["val_best"] for m in others]
    assert [m["val_loss"] for m in seen] != [m["val_loss"] for m in others]


def test_the_classic_recipe_has_seen_the_future_through_its_scale():
    """Its fault, kept on purpose: a higher peak later changes the past's forecasts."""
    series = made_up_series()
    prices = series.prices.copy()
    prices[-1] = 2 * prices.max()
    higher = PriceSeries(name="Higher", dates=series.dates, prices=prices)
    seen, _ = small("classic")
    other, _ = run(SMALL["classic"], higher)
    assert not np.allclose(seen.predicted[:50], other.predicted[:50])


def test_the_honest_recipe_returns_its_best_weights_and_ends_when_they_age():
    config = Config(
        units=8, window=32, batch=8, epochs=400, learning_rate=0.02, folds=1, seeds=1
    )
    series = made_up_series(400)
    best_losses = []

    def note(progress):
        if progress.metrics:
            best_losses.append(progress.state()["best"][0])

    whole, metrics = run(config, series, at_pause=note)
    losses = [point["val_loss"] for _, point in metrics]
    best = int(np.argmin(losses))
    assert len(losses) == best + 1 + PATIENCE < 400
    until_best = changed(config, epochs=best + 1)
    short, _ = run(until_best, series)
    np.testing.assert_allclose(whole.predicted, short.predicted, rtol=1e-12)
    assert best_losses[-1] == min(losses)


def test_the_classic_recipe_trains_on_the_classic_number_of_windows():
    """5,035 rows with a window of 240 make 2,276 windows: 10 batches of 240."""
    config = Config.preset("classic", epochs=1)
    training = TASK.train(config, made_up_series(5_035))
    first, second = next(training), next(training)
    assert second.fraction == pytest.approx(0.1)
    assert second.state()["windows"] == 240
    assert first.total == 1
    from core.stock.recipes.classic import ClassicRecipe

    batches = ClassicRecipe(config, made_up_series(5_035)).batches(0, 0)
    assert sum(len(windows) for windows, *_ in batches) == 2_276


def test_the_untrained_classic_network_gives_a_result_when_stopped_at_once():
    training = TASK.train(SINGLE["classic"], made_up_series())
    next(training)
    result = stop(training)
    assert result.epochs == 0
    assert math.isfinite(result.summary()["rel_rmse"])


def test_a_network_that_has_learnt_nothing_repeats_yesterday_and_the_moving_risk():
    training = TASK.train(changed(SMALL["honest"], seeds=1), made_up_series())
    next(training)
    result = stop(training)
    assert result.epochs == 0
    drift = np.log(result.predicted / result.naive)
    for fold in result.folds:
        rows = slice(fold.test - result.split.test, fold.end - result.split.test)
        np.testing.assert_allclose(drift[rows], drift[rows][0], atol=1e-9)
    assert 0.6 < result.summary()["coverage_80"] < 0.95


def test_a_loss_that_is_no_number_is_an_error_with_advice():
    training = TASK.train(SMALL["honest"], made_up_series())
    state = next(training).state()
    averaged = state["best_values"].shape[1]  # they come before the trained weights
    state["values"][:, averaged] = np.nan
    broken = TASK.train(SMALL["honest"], made_up_series(), unpack(pack(state)))
    with pytest.raises(UserError, match=r"epoch 1: .* smaller learning rate"):
        for _ in broken:  # also at pauses within the epoch
            pass


def graphs_alive():
    gc.collect()
    return sum(type(item).__name__ == "FuncGraph" for item in gc.get_objects())


@both_recipes
def test_another_training_leaves_no_more_graphs_in_the_worker(recipe):
    once = changed(SINGLE[recipe], epochs=1)
    run(once, made_up_series())
    before = graphs_alive()
    run(changed(once, seed=1), made_up_series())
    assert graphs_alive() <= before


def test_graphs_of_the_latest_shapes_are_kept():
    from core.stock.recipes.returns import MOST_IDLE, RiskTrainer

    shapes = [(units, 8, 1, 0.0, (1,)) for units in range(1, MOST_IDLE + 2)]
    trainers = [RiskTrainer.take(shape) for shape in shapes]
    for trainer in trainers:
        trainer.give_back()
    again = [RiskTrainer.take(shape) for shape in shapes]
    same = [one is other for one, other in zip(trainers, again, strict=True)]
    assert same == [False] + MOST_IDLE * [True]


def test_a_training_with_the_graphs_of_another_one_has_the_same_numbers():
    from core.stock.recipes.returns import RiskTrainer

    series, config = made_up_series(), changed(ONE, units=5)
    shape = (5, 32, 4, 0.2, horizons_of(config.horizon, series.frequency))
    result, metrics, states = run_with_states(config, series)
    gc.collect()
    used = RiskTrainer.take(shape)
    used.give_back()
    faster = metrics_of(changed(config, learning_rate=0.1), series, config.epochs)
    gc.collect()
    again, same = run(config, series)
    gc.collect()
    resumed, rest = run(config, series, resume=states[len(states) // 2])
    gc.collect()
    assert RiskTrainer.take(shape) is used
    assert same == metrics
    assert faster != [each for _, each in metrics]
    assert rest == metrics[-len(rest) :]
    for other in (again, resumed):
        np.testing.assert_array_equal(other.predicted, result.predicted)


def test_trainings_side_by_side_do_not_disturb_each_other():
    series = made_up_series()
    alone = [(1, first_epoch(ONE))]
    configs = ONE, SMALL["classic"], changed(ONE, seed=1, learning_rate=0.1)
    together = zip(*(TASK.train(each, series) for each in configs), strict=False)
    first = (progress for progress, *_ in together)
    points = ((p.epoch, dict(p.metrics)) for p in first if p.metrics)
    assert list(itertools.islice(points, 1)) == alone


def test_the_first_network_is_seen_before_the_others_have_trained():
    series, seen = made_up_series(), []
    config, losses = changed(ONE, seeds=3), ("loss", "val_loss")

    def note(progress):
        if progress.preview:
            seen.append((progress, pack(progress.state())))

    _, metrics = run(config, series, at_pause=note)
    ((preview, state),) = seen
    alone = first_epoch(ONE)
    assert (preview.epoch, preview.fraction) == (0, pytest.approx(1 / 3))
    assert [preview.preview[name] for name in losses] == [alone[n] for n in losses]
    assert {"returns", "network", "garch"} < preview.snapshot.keys()  # drawn at once
    _, resumed = run(config, series, resume=unpack(state))
    assert resumed == metrics


@both_recipes
def test_the_shortest_series_allowed_trains(recipe):
    config = changed(SINGLE[recipe], window=60, epochs=1)
    result, _ = run(config, made_up_series(required_rows(config)))
    assert math.isfinite(result.summary()["rel_rmse"])


@pytest.mark.parametrize("place", ["start", "middle", "end"])
@pytest.mark.parametrize("days", [1, 20, 160, 400])
def test_prices_that_stand_still_for_days_or_months_do_no_harm(days, place):
    series = halted_series(days, place)
    result, _ = run(changed(ONE, epochs=1), series)
    assert math.isfinite(result.network.nll)
    highest = series.prices.max()
    assert (result.bands["low_95"] > 0).all()
    assert (result.bands["high_95"] < 2 * highest).all()


def test_prices_that_stand_still_in_all_rows_to_learn_from_are_refused():
    with pytest.raises(UserError, match="prices that move in the rows to learn from"):
        run(changed(ONE, epochs=1), halted_series(400, "start", rows=1000))


def test_prices_that_stand_still_twice_do_no_harm():
    series = made_up_series(600)
    prices = series.prices.copy()
    prices[100:260] = prices[100]
    prices[400:560] = prices[400]
    result, _ = run(changed(ONE, epochs=1), series_of(prices, series.dates, "Halted"))
    assert math.isfinite(result.network.nll)
    assert np.isfinite(result.bands["high_95"]).all()


def test_the_leakage_self_test_passes_for_the_honest_recipe_and_not_for_the_classic():
    honest, _ = small("honest")
    assert honest.leakage.passed, honest.leakage.sentence
    assert honest.leakage.days > 30
    classic, _ = small("classic")
    assert not classic.leakage.passed
    assert classic.leakage.changed > 0.8 * classic.leakage.days
    assert "used future data" in classic.leakage.sentence


def test_models_that_are_fitted_beyond_the_test_row_are_caught_in_each_part():
    """Some rows of the future in one part of the test."""
    from core.stock.recipes.recipe import values_of
    from core.stock.recipes.returns import ReturnsRecipe

    config = changed(ONE, folds=2)

    class Leaking(ReturnsRecipe):
        leaking, rows = None, 0  # the fold, and the rows of the future that it sees

        def prepare(self, series, part):
            data = super().prepare(series, part)
            until = part.test + self.rows * (part == self.leaking)
            return dataclasses.replace(data, before=data.before.before(until))

    recipe = Leaking(config, made_up_series(500))
    recipe.compile(config.learning_rate)
    recipe.initialise(0)
    weights = values_of(recipe.forecast_weights)
    of_fold = {part.test: [weights] for part in recipe.folds}
    assert recipe.check_leakage(of_fold).passed
    for case in itertools.product(recipe.folds, (1, 100)):
        recipe.leaking, recipe.rows = case
        found = recipe.check_leakage(of_fold)
        assert not found.passed
        assert found.repeats == 3


def test_the_self_test_leaves_the_result_as_it_is():
    """It trains and forecasts with the same variables, after all is forecast."""
    result = one_epoch()
    again, _ = run(changed(result.config, forecast_days=3), made_up_series())
    np.testing.assert_array_equal(again.predicted, result.predicted)
    assert again.model
    assert len(again.future.dates) == 3


def test_every_fold_and_seed_has_a_network_and_all_are_equally_far():
    config = SMALL["honest"]
    training = TASK.train(config, made_up_series())
    next(training)
    progress = [next(training) for _ in range(26)]  # ten steps a network, four of them
    del progress[10]  # the preview
    assert [round(p.fraction * 40) for p in progress] == list(range(1, 26))
    assert progress[-1].state()["done"].tolist() == [1, 1, 0, 0]
    assert progress[-1].state()["step"] == 5


def test_a_fold_learns_from_all_rows_before_it():
    """Prices of the second fold's training part alone change its forecasts."""
    series = made_up_series()
    config = changed(ONE, epochs=1, folds=2)
    seen, _ = run(config, series)
    other, _ = run(config, with_other_future(series, 160))
    second = seen.folds[1].test - seen.split.test
    assert not np.array_equal(seen.predicted[second:], other.predicted[second:])
    assert len(seen.seeds) == 1


@pytest.mark.parametrize("horizon", [1, 40])
def test_the_farthest_horizon_can_be_chosen(horizon):
    config = changed(ONE, epochs=1, horizon=horizon)
    result, _ = run(config, made_up_series())
    expected = [days for days in (1, 5, 10, 20) if days < horizon] + [horizon]
    assert list(result.by_horizon) == expected


def snapshots_of(config, series):
    """The snapshot of each epoch."""
    seen = {}
    for progress in TASK.train(config, series):
        if progress.snapshot is not None:
            seen[progress.epoch] = progress.snapshot
        if progress.final:  # what follows makes the result
            return seen
    return pytest.fail("the training has no last epoch")


def test_snapshots_show_validation_rows_and_depend_on_no_later_price():
    config, series = changed(SMALL["honest"], seeds=1), made_up_series()
    test = len(series) // 2
    seen = snapshots_of(config, series)
    others = snapshots_of(config, with_other_future(series, test - 1))
    assert list(seen) == [0, 1, 2, 3]  # the first is that of one network
    for epoch, snapshot in seen.items():
        assert snapshot["dates"][-1] < series.dates[test]
        assert snapshot["dates"][0] > series.dates[int(0.8 * test)] - 1
        for name, values in snapshot.items():
            np.testing.assert_array_equal(values, others[epoch][name])
    moves = 100 * np.diff(np.log(series.prices))
    place = int(np.flatnonzero(series.dates == seen[1]["dates"][0])[0])
    assert seen[1]["returns"][0] == pytest.approx(moves[place - 1], rel=1e-3)


def test_the_interval_of_a_snapshot_learns_and_that_of_garch_stays():
    seen = snapshots_of(changed(ONE, learning_rate=0.02), made_up_series())
    np.testing.assert_array_equal(seen[1]["garch"], seen[3]["garch"])
    assert not np.array_equal(seen[1]["network"], seen[3]["network"])


def test_snapshots_of_the_classic_recipe_end_before_its_test_part():
    series = made_up_series()
    seen = snapshots_of(SMALL["classic"], series)[2]
    assert seen["dates"][-1] == series.dates[149]
    np.testing.assert_allclose(seen["actual"], series.prices[70:150], rtol=1e-6)
    np.testing.assert_allclose(seen["naive"], series.prices[69:149], rtol=1e-6)
    assert np.abs(seen["predicted"] / seen["actual"] - 1).max() < 1
