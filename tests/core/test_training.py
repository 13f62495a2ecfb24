"""The loop that all tasks share, with a task that adds up random numbers."""

import itertools
import math
import time

import numpy as np
import pytest

from core.arrays import pack, unpack
from core.task import UserError
from core.training import EarlyStopping, TrainingLoop, Variables, finish, has_snapshot

EPOCHS, STEPS = 3, 4


class Weights:
    """Two networks of one number each."""

    def __init__(self):
        self.values = np.zeros(2)
        self.done = np.zeros(2, int)

    def state(self):
        return {"values": self.values.copy(), "done": self.done.copy()}

    def restore(self, state):
        self.values, self.done = state["values"].copy(), state["done"].copy()


def batches(epoch, network):
    for step in range(STEPS):
        yield np.random.default_rng([epoch, network, step]).random()


def train(resume=None, pause_seconds=0.0, poison=None):
    """Train two networks in turn; the result is their weights and the epochs."""
    loop = TrainingLoop(EPOCHS, resume, sums=["total"], pause_seconds=pause_seconds)
    weights = Weights()
    loop.save_and_restore(weights)
    yield from loop.pause()
    for epoch in loop.epochs():
        due = np.flatnonzero(weights.done == epoch)
        for network in loop.in_turn(due, done=2 - len(due)):
            for batch in loop.batches(batches(epoch, network), STEPS):
                weights.values[network] += batch
                yield from loop.end_step({"total": poison or batch})
            if loop.stopped:
                break
            weights.values[network] += float(loop.sums["total"])
            weights.done[network] += 1
        if loop.stopped:
            break
        yield from loop.end_epoch({"loss": weights.values.sum()})
    return weights.values, loop.epoch, loop.ended, loop.train_loss


def followed(training):
    """Every pause, its state as it travels, and the result."""
    pauses = []
    try:
        while True:
            progress = next(training)
            pauses.append((progress, pack(progress.state())))
    except StopIteration as end:
        return pauses, end.value


def test_training_resumed_at_any_pause_ends_as_if_it_had_not_paused():
    pauses, (values, epochs, ended, loss) = followed(train())
    assert (epochs, ended) == (EPOCHS, "")
    assert len(pauses) == 1 + EPOCHS * (2 * STEPS + 1)
    for progress, state in pauses:
        rest, result = followed(train(unpack(state)))
        np.testing.assert_array_equal(result[0], values)
        assert result[1:] == (EPOCHS, "", loss)
        first, _ = rest[0]
        assert (first.epoch, first.fraction) == (progress.epoch, progress.fraction)


def test_progress_grows_with_every_step_of_every_network():
    pauses, _ = followed(train())
    within = [p.fraction * 2 * STEPS for p, _ in pauses if p.epoch == 1]
    assert within == pytest.approx(range(2 * STEPS + 1))
    assert [p.epoch for p, _ in pauses if p.metrics] == [1, 2, 3]


@pytest.mark.parametrize("pauses", [1, 2, STEPS + 1, 2 * STEPS + 1, 2 * STEPS + 3])
def test_training_that_is_asked_to_stop_takes_no_further_step(pauses):
    training = train()
    for _ in range(pauses):
        state = next(training).state()
    with pytest.raises(StopIteration) as end:
        training.send(True)
    values, epochs, ended, _ = end.value.value
    np.testing.assert_array_equal(values, state["values"])
    assert ended == f"stopped in epoch {epochs + 1}"


def test_short_steps_are_not_paused_after():
    pauses, _ = followed(train(pause_seconds=60.0))
    assert [bool(progress.metrics) for progress, _ in pauses] == [False] + 3 * [True]


@pytest.mark.parametrize("poison", [math.nan, math.inf])
def test_a_loss_that_is_no_number_ends_training_with_advice(poison):
    with pytest.raises(UserError, match=r"got (nan|inf) in epoch 1: .* smaller"):
        followed(train(poison=poison))


def test_the_time_of_a_pause_is_not_time_of_training():
    training, began = train(), time.perf_counter()
    next(training)
    paused = time.perf_counter()
    while time.perf_counter() < paused + 0.1:
        pass
    state = next(training).state()
    assert 0 < state["seconds"] < time.perf_counter() - began - 0.1


def losses_seen(patience, losses):
    """Train by the losses given; each epoch's weights are its number."""
    now = {"epoch": np.array(0)}
    stopping = EarlyStopping(patience, lambda: dict(now))
    for epoch, loss in enumerate(losses, start=1):
        if stopping.is_over:
            break
        now["epoch"] = np.array(epoch)
        stopping.update(loss)
    return stopping, int(now["epoch"])


def test_training_ends_when_patience_runs_out_and_returns_the_best_weights():
    stopping, epochs = losses_seen(2, [3.0, 1.0, 2.0, 1.0, 0.5])
    assert (epochs, stopping.loss, stopping.is_over) == (4, 1.0, True)
    assert stopping.weights() == {"epoch": 2}
    again = EarlyStopping(2, dict)
    again.best = {"epoch": np.array(0)}
    again.restore(unpack(pack(stopping.state())))
    assert (again.weights(), again.is_over) == ({"epoch": 2}, True)


def test_without_patience_training_goes_to_the_end_and_returns_the_last_weights():
    stopping, epochs = losses_seen(0, [1.0, 2.0, 3.0])
    assert (epochs, stopping.is_over) == (3, False)
    assert stopping.weights() == {"epoch": 3}


def test_without_a_validation_the_last_weights_are_returned():
    stopping, _ = losses_seen(1, [])
    assert not stopping.is_over
    assert stopping.weights() == stopping.best == {"epoch": 0}
    now = {"epoch": 0}
    stopping = EarlyStopping(1, lambda: dict(now))
    now["epoch"] = 1
    assert (stopping.weights(), stopping.best) == ({"epoch": 1}, {"epoch": 0})


def fractions(networks, done, steps):
    """The fractions of an epoch after each step of networks in turn, and after them."""
    loop = TrainingLoop(1)
    for _ in loop.in_turn(networks, done) if done else loop.in_turn(networks):
        for _ in loop.batches(range(steps), steps):
            list(loop.end_step({}))
            yield loop.fraction
    for _ in loop.batches(range(4), 4):
        list(loop.end_step({}))
        yield loop.fraction


def test_networks_in_turn_share_an_epoch_and_what_follows_does_not():
    alone = [0.25, 0.5, 0.75, 1]
    assert list(fractions("ab", 0, 2)) == [0.25, 0.5, 0.75, 1, *alone]
    assert list(fractions("b", 1, 2)) == [0.75, 1, *alone]


@pytest.mark.parametrize("epochs", [1, 2, 19, 30, 31, 40, 500])
def test_a_training_has_at_most_so_many_snapshots(epochs):
    most = 30
    taken = [e for e in range(1, epochs + 1) if has_snapshot(e, epochs, most)]
    assert taken[0] == 1
    assert min(epochs, most) // 2 <= len(taken) <= most + 1
    assert len({b - a for a, b in itertools.pairwise(taken[1:])}) <= 1  # evenly


def test_a_loop_without_an_audience_comes_to_the_same_result():
    ours, theirs = finish(train()), followed(train())[1]
    np.testing.assert_array_equal(ours[0], theirs[0])
    assert ours[1:] == theirs[1:]


def test_a_mean_is_that_of_the_steps_of_the_epoch_so_far():
    loop = TrainingLoop(2, sums=["total", "rows"])
    for batch in loop.batches([(3.0, 2), (5.0, 2)], 2):
        list(loop.end_step(dict(zip(("total", "rows"), batch, strict=True))))
    assert loop.mean("total", "rows") == 2.0


class Variable:
    """One as TensorFlow's."""

    def __init__(self, value):
        self.value = value

    def numpy(self):
        return self.value

    def assign(self, value):
        self.value = value


def test_variables_are_restored_in_their_order():
    saved = Variables(map(Variable, [1.0, 2.0]))
    other = Variables(map(Variable, [0.0, 0.0]))
    other.restore(
        unpack(pack({name: np.array(v) for name, v in saved.state().items()}))
    )
    assert [variable.value for variable in other.variables] == [1.0, 2.0]


def test_a_pause_tells_where_the_training_is():
    loop = TrainingLoop(2, sums=["total"])
    assert loop.stopped is False
    begun = next(loop.pause())
    assert (begun.epoch, begun.total, begun.fraction) == (0, 2, 0.0)
    assert (begun.metrics, begun.preview, begun.snapshot) == ({}, {}, None)
    assert begun.final is False
    assert begun.state()["cpu_seconds"] < 0.5
    seen = next(loop.pause(preview={"loss": 3.0}, snapshot=lambda: {"x": 1}))
    assert (seen.metrics, seen.preview, seen.snapshot) == ({}, {"loss": 3.0}, {"x": 1})
    (step,) = loop.end_step({"total": 2.0})  # the only one
    assert (step.fraction, loop.sums["total"]) == (1.0, 2.0)
    (first,) = loop.end_epoch({"val_loss": 1.0}, lambda: {"x": 2})
    assert (first.epoch, first.final, first.snapshot) == (1, False, {"x": 2})
    assert math.isnan(loop.train_loss)
    (last,) = loop.end_epoch({"loss": 1.0})
    assert (last.epoch, last.final, last.snapshot) == (2, True, None)
    assert loop.train_loss == 1.0


def test_the_epochs_end_when_patience_has_run_out():
    stopping, _ = losses_seen(1, [1.0, 2.0])
    assert list(TrainingLoop(9).epochs(stopping)) == []


def test_a_part_is_restored_once():
    weights = Weights()
    loop = TrainingLoop(1, TrainingLoop(1).state() | weights.state())
    loop.save_and_restore(weights)
    weights.values += 1
    loop.save_and_restore(weights)
    assert weights.values.tolist() == [1, 1]


def test_seconds_of_both_clocks_add_up():
    began = np.array([time.perf_counter(), time.process_time()])
    loop = TrainingLoop(1)
    while time.process_time() < began[1] + 0.02:
        pass
    first, second = loop.seconds(), loop.seconds()
    passed = np.array([time.perf_counter(), time.process_time()]) - began
    assert (np.array(first) > 0.01).all()
    assert (first <= np.array(second)).all()
    assert (second <= passed).all()
