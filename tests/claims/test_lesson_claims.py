"""What the lessons say of the adding problem."""

from core.lesson import adding
from tests.core.lesson.test_lesson_training import finish


def test_the_lstm_solves_the_adding_problem_at_50_and_the_rnn_does_not():
    """One seed of five, cut short; benchmarks/lessons.py has the whole claim."""
    result, _ = finish(adding.train(adding.Config(epochs=16), None))
    assert result.mse["lstm"] < 0.02
    assert result.mse["rnn"] > 0.1
    influences = result.influences()
    assert all(values.shape == (50,) for values in influences.values())
    far = slice(40, 50)
    assert influences["lstm", "after"][far].max() > 0.05  # from 40 to 49 steps back
    assert influences["rnn", "after"][far].max() < 0.01
