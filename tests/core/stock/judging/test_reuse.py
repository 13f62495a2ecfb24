"""The warning for who tries many settings on the same test part."""

from core.stock import Config
from core.stock.judging.reuse import FEWEST, count_settings, warning_of_reuse


def settings(**changes):
    return Config(**changes).values


def test_settings_that_do_not_affect_training_are_not_counted():
    same = [settings(), settings(), settings(cost=3.0), settings(forecast_days=7)]
    assert count_settings(same) == 1
    assert count_settings([*same, settings(seed=1), settings(units=4)]) == 3


def test_many_settings_on_one_test_part_give_a_warning_with_their_number():
    tried = [settings(units=units) for units in range(1, FEWEST + 1)]
    assert warning_of_reuse(tried[:-1] * 2) == ""
    assert f"with {FEWEST} different settings" in warning_of_reuse(tried)
