"""What the lessons say of single units of a trained network."""

from benchmarks.units import Case


def test_a_unit_of_the_lstm_follows_the_position_in_the_name_and_ends_need_it():
    """One network of four; benchmarks/units.py has the whole claim."""
    case = Case("text")
    unit, *figures = case.figures().values()
    assert unit == 13
    correlation, before, memoryless = figures
    assert correlation > 0.8
    assert max(before, memoryless) < 0.65
    ends, elsewhere = case.rises(unit).values()
    assert ends.low > 0.1
    assert elsewhere.high < 0.02
    assert case.rises(14)["At the ends of names"].high < ends.low
