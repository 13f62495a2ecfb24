"""What the lessons say of single units of a trained network."""

import pytest

from benchmarks import units
from core.lesson.trained import TrainedNetwork, unit_study
from core.lesson.units import meanings, read


def test_a_unit_of_the_lstm_follows_the_position_in_the_name_and_ends_need_it():
    """One network of four; benchmarks/units.py has the whole claim."""
    case = units.load("text")
    found = units.find(case, units.POSITION)
    assert abs(found.held_out) > 0.8
    assert found.chance < 0.1
    assert found.untrained < 0.65
    assert found.above == 14
    assert found.memoryless < 0.65
    random = TrainedNetwork.of(case.example.result, {})
    shown = unit_study(random)
    assert shown.before_training[units.POSITION] == pytest.approx(0.57, abs=0.01)
    before = read(random.networks[0], case.corpus, shown.text)
    assert len(meanings(before, case.corpus)) > 100  # so chance is the weaker rival
    other = (found.unit + 1) % 32
    rise, rise_of_other = units.rises(case, [found.unit, other])
    assert rise.there.low > 0.1
    assert rise.elsewhere.high < 0.02
    assert rise_of_other.difference.high < rise.difference.low
