"""What the lessons say of the adding problem."""

from core.lesson import adding
from tests.core.lesson.test_lesson_training import finish


def test_the_lstm_solves_the_adding_problem_at_50_and_the_rnn_does_not():
    """One seed of five, cut short; benchmarks/lessons.py has the whole claim."""
    result, _ = finish(adding.train(adding.Config(epochs=16), None))
    assert result.mse["lstm"] < 0.02
    assert result.mse["rnn"] > 0.1
    lags = result.influences()
    assert all(values.shape == (50,) for values in lags.values())
    far = slice(40, 50)
    assert lags["lstm after"][far].max() > 0.05  # it hears the far end of a sequence
    assert lags["rnn after"][far].max() < 0.01  # which the RNN hardly does
