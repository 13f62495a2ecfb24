"""What the lessons say of single units of a trained network."""

import pytest

from benchmarks.units import unit_that_counts
from core.lesson.units import ablation


def test_a_unit_of_the_lstm_follows_the_position_in_the_name_and_ends_need_it():
    """One network of four; benchmarks/units.py has the whole claim."""
    reading, found = unit_that_counts("text")
    unit, correlation, before, one_character = found.values()
    assert unit == 13
    assert correlation > 0.8
    assert before == pytest.approx(0.76, abs=0.01)  # the best of twenty untrained
    assert one_character < 0.65
    ends, elsewhere = ablation(reading, unit)[1].values()
    assert ends.low > 0.1
    assert elsewhere.high < 0.02
    assert ablation(reading, 14)[1]["At the ends of names"].high < ends.low
