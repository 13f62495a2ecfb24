"""What the lessons say of single units of a trained network."""

from benchmarks import units


def test_a_unit_of_the_lstm_follows_the_position_in_the_name_and_ends_need_it():
    """One network of four; benchmarks/units.py has the whole claim."""
    case = units.load("text")
    found = units.find(case, units.POSITION)
    assert abs(found.held_out) > 0.8
    assert found.chance < 0.1
    assert found.untrained < 0.65
    assert found.memoryless < 0.65
    other = (found.unit + 1) % 32
    rise, rise_of_other = units.rises(case, [found.unit, other])
    assert rise.there.low > 0.1
    assert rise.elsewhere.high < 0.02
    assert rise_of_other.difference.high < rise.difference.low
