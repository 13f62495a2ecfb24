import numpy as np
import pytest

from core import examples
from core.arrays import unpack

every_example = pytest.mark.parametrize("name", examples.EXAMPLES)
LESSONS = [name for name, (task, _) in examples.EXAMPLES.items() if task != "stock"]


@every_example
def test_an_example_ships_small_and_whole(name):
    assert (examples.FOLDER / f"{name}.npz").stat().st_size <= 1_300_000
    example = examples.load(name)
    assert len(example.points) > 1
    assert example.result.summary()


@pytest.mark.parametrize(
    "name", [name for name in LESSONS if name not in examples.CURVES_ONLY]
)
def test_an_example_of_a_lesson_has_a_snapshot_of_every_epoch(name):
    example = examples.load(name)
    assert list(example.snapshots) == [point.epoch for point in example.points]
    for snapshot in example.snapshots.values():
        empty = {key for key, array in unpack(snapshot).items() if not array.size}
        assert empty <= {"state weights", "mingru state weights"}  # a minGRU has none


def test_the_example_of_each_page_that_writes_is_of_its_own_network():
    assert examples.load("text").result.config.cell == "lstm"
    for cell in ("rnn", "gru", "mingru"):
        assert examples.load(f"text-{cell}").result.config.cell == cell


def test_in_the_example_of_four_networks_all_but_the_rnn_have_solved_it():
    result = examples.load("adding-gru").result
    assert result.mse["rnn"] > 0.1
    assert max(result.mse[cell] for cell in ("lstm", "gru", "mingru")) < 0.02
    counts = result.parameters().values()
    assert max(counts) < 1.06 * min(counts)  # one unit of the GRU is 5%


def test_in_the_example_of_the_adding_problem_only_the_lstm_has_solved_it():
    result = examples.load("adding").result
    assert result.mse["lstm"] < 0.02
    assert result.mse["rnn"] > 0.1
    influences = result.influences()
    assert influences["rnn", "after"][-1] < 1e-12
    assert influences["lstm", "after"][-1] > 1e-2
    assert np.isfinite(np.concatenate(list(influences.values()))).all()
