"""What the lessons say of the adding problem."""

from core.lesson import adding
from core.lesson.demo import SequenceDemo, backward_demo, sine_sequence
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


def test_what_is_left_of_the_gradient_on_the_sine_is_as_the_page_says():
    def left(cell, seed):
        demo = backward_demo(cell, sine_sequence(), SequenceDemo(seed=seed))
        return round(100 * demo.norms["da"][0], 1)

    rnn, lstm = ([left(cell, seed) for seed in range(6)] for cell in ("rnn", "lstm"))
    assert rnn[0] == 0.4
    assert (round(min(rnn[1:])), round(max(rnn[1:]))) == (1, 21)
    assert (min(lstm), round(max(lstm))) == (0.1, 5)
