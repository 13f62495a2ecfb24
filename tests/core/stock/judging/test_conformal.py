"""Intervals that learn: right in the long run, and never from the future."""

import numpy as np
import pytest

from core.stock.judging.conformal import MEMORY, RATE, interval_factors

PRIOR = np.linspace(0.01, 2.5, 50)


def draw(days, seed=0):
    return np.abs(np.random.default_rng(seed).standard_t(5, days))


@pytest.mark.parametrize("horizon", [1, 5, 20])
def test_a_factor_does_not_depend_on_scores_that_were_not_known_yet(horizon):
    scores = draw(900)
    seen = interval_factors(scores, horizon, PRIOR, 0.8)
    for day in (0, 40, 300, 899):
        other = scores.copy()
        other[day - horizon + 1 if day >= horizon else 0 :] = 1e6
        again = interval_factors(other, horizon, PRIOR, 0.8)
        np.testing.assert_array_equal(again[: day + 1], seen[: day + 1])
    other = scores.copy()
    other[100] = 1e6  # and it does depend on those that were
    again = interval_factors(other, horizon, PRIOR, 0.8)
    first = int(np.flatnonzero(again != seen)[0])
    assert first == 100 + horizon


def test_scores_that_are_not_known_at_the_end_are_not_read():
    scores = draw(200)
    unknown = scores.copy()
    unknown[-5:] = np.nan
    seen = interval_factors(scores, 5, PRIOR, 0.95)
    np.testing.assert_array_equal(interval_factors(unknown, 5, PRIOR, 0.95), seen)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_share_of_hits_is_right_even_when_the_errors_double(level):
    scores = draw(6_000)
    scores[3_000:] *= 2
    hits = scores <= interval_factors(scores, 1, PRIOR, level)
    assert hits.mean() == pytest.approx(level, abs=0.01)
    assert hits[3_500:].mean() == pytest.approx(level, abs=0.02)


def test_the_first_factor_is_the_quantile_of_the_prior_with_one_more_to_come():
    factors = interval_factors(draw(3), 1, PRIOR, 0.8)
    assert factors[0] == np.sort(PRIOR)[int(np.ceil(51 * 0.8)) - 1]


def test_a_miss_moves_the_quantile_up_and_a_hit_moves_it_down():
    prior = np.arange(1.0, 401.0)  # fine enough to see a step of 0.2%
    missed = interval_factors(np.array([500.0, 0.0]), 1, prior, 0.8)
    hit = interval_factors(np.array([300.0, 0.0]), 1, prior, 0.8)
    wanted = 0.8 + RATE * 0.8
    assert missed[1] == np.ceil(402 * wanted)
    assert hit[1] < missed[1]


def test_old_scores_are_forgotten():
    scores = np.concatenate([np.full(100, 50.0), np.linspace(0, 1, 2 * MEMORY)])
    factors = interval_factors(scores, 1, PRIOR, 0.95)
    assert factors[150] > 10
    assert factors[-1] < 2
