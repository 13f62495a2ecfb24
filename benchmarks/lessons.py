"""The lessons measured: our NumPy cells against Keras, growth, the adding problem.

    python -m benchmarks.lessons            everything, about half an hour
    python -m benchmarks.lessons speed      steps a second against Keras
    python -m benchmarks.lessons growth     how the cost grows
    python -m benchmarks.lessons scan       the minGRU: loop and scan against T
    python -m benchmarks.lessons adding     five seeds of the adding problem
    python -m benchmarks.lessons four       the same with four cells, equal parameters
    python -m benchmarks.lessons truncated  over 20 steps, gradient over 1, 5, 10 and 20

Everything runs on one thread. Times are medians; the two sides alternate, so that other
processes slow both equally. The seconds of `four` and `truncated` are processor time of
the training steps.
"""

import functools
import itertools
import os
import statistics
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is imported

import numpy as np

from core.lesson import adding
from core.lesson.adding import problem
from core.lesson.adding.problem import (
    baseline_error,
    mean_squared_error,
    random_sequences,
)
from core.lesson.network import (
    Network,
    adam,
    clip_by_global_norm,
    keep_freed_memory,
    last_value,
)
from core.mingru import MINGRU, mingru_scan
from core.recurrent import unroll
from core.training import finish

LAYERS = {"rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}  # of Keras
ROUNDS, STEPS = 7, 12  # medians of ROUNDS, each the mean of STEPS


def numpy_step(cell, units, batch, length):
    """A training step of ours: forward, backward, clipping, Adam."""
    config = adding.Config(batch=batch, length=length)
    x, targets = random_sequences(np.random.default_rng(0), length, batch)
    network = Network.untrained(cell, 2, 1, config, units=units)
    return lambda: update(network, x, targets, config)


def update(network, x, targets, config):
    """Take one training step."""
    unrolled = network.forward(x)
    cost = last_value(unrolled.h, targets, network.head)
    gradients = network.gradients(unrolled, cost, config)
    gradients, _ = clip_by_global_norm(gradients, config.clip)
    network.update(adam, gradients, config.learning_rate)


def keras_step(cell, units, batch, length):
    """The same step in Keras, compiled, as `fit` would run it."""
    from core.layers.setup import single_thread

    single_thread()
    import keras
    import tensorflow as tf

    x, targets = random_sequences(np.random.default_rng(0), length, batch)
    x = tf.constant(x.transpose(2, 0, 1), tf.float32)  # (batch, time, features)
    targets = tf.constant(targets[:, np.newaxis], tf.float32)
    layer = getattr(keras.layers, LAYERS[cell])(units)
    model = keras.Sequential([layer, keras.layers.Dense(1)])
    adam = keras.optimizers.Adam(0.01, global_clipnorm=1.0)
    model.compile(adam, "mse")
    return lambda: model.train_on_batch(x, targets)


def seconds(steps):
    """The median time of a step of each side, measured in turns."""
    times = [[] for _ in steps]
    for step in steps:
        for _ in range(3):
            step()
    for _ in range(ROUNDS):
        for step, found in zip(steps, times, strict=True):
            began = time.perf_counter()
            for _ in range(STEPS):
                step()
            found.append((time.perf_counter() - began) / STEPS)
    return [statistics.median(found) for found in times]


def speed():
    """Print steps a second against Keras."""
    print("Training steps a second, one thread")
    print("cell units batch     T    NumPy    Keras  ratio")
    for case in itertools.product(LAYERS, (16, 32, 64, 128), (1, 32), (20, 200)):
        ours, theirs = seconds([numpy_step(*case), keras_step(*case)])
        cell, units, batch, length = case
        row = f"{1 / ours:8.0f} {1 / theirs:8.0f} {theirs / ours:6.2f}"
        print(f"{cell:>4} {units:5} {batch:5} {length:5} {row}", flush=True)


def growth():
    """Print how the cost of a step grows with time, units and batch."""
    print("\nMilliseconds a step of ours; beside it, times the row above")
    sweeps = {
        "length": [(32, 32, length) for length in (25, 50, 100, 200)],
        "units": [(units, 32, 50) for units in (8, 16, 32, 64)],
        "batch": [(32, batch, 50) for batch in (8, 16, 32, 64)],
    }
    for name, cases in sweeps.items():
        print(f"{name:>6} {'RNN':>7} {'':5} {'LSTM':>7}")
        before = None
        for units, batch, length in cases:
            now = seconds(
                [numpy_step(cell, units, batch, length) for cell in ("rnn", "lstm")]
            )
            value = {"length": length, "units": units, "batch": batch}[name]
            grown = ["", ""] if before is None else [
                f"x{b / a:.1f}" for a, b in zip(before, now, strict=True)
            ]  # fmt: skip
            row = " ".join(
                f"{1000 * t:7.2f} {g:5}" for t, g in zip(now, grown, strict=True)
            )
            print(f"{value:6} {row}", flush=True)
            before = now


def scan():
    """Print the time of all states of a minGRU: the loop of training, and the scan."""
    print("\nAll states of a minGRU of 32 units, milliseconds, one thread")
    print(f"{'batch':>5} {'T':>5} {'loop':>8} {'scan':>8} {'ratio':>6}")
    for batch in (1, 32):
        for length in (16, 64, 256, 1024, 4096):
            x, _ = random_sequences(np.random.default_rng(0), length, batch)
            parameters = Network.untrained("mingru", 2, 1, adding.Config()).parameters
            weights, h0 = MINGRU.stack(parameters), np.zeros((32, batch))
            loop, scanned = seconds(
                [
                    functools.partial(unroll, MINGRU, x, weights, [h0]),
                    functools.partial(mingru_scan, x, h0, *weights),
                ]
            )
            times = f"{1000 * loop:8.3f} {1000 * scanned:8.3f} {loop / scanned:6.2f}"
            print(f"{batch:5} {length:5} {times}", flush=True)


def five_seeds():
    """Print the adding problem at T = 50 with the defaults, for five seeds."""
    print("\nThe adding problem, T = 50, defaults: test error after training")
    print(f"{'seed':>4} {'LSTM':>8} {'RNN':>6} {'constant':>8} {'seconds':>7}")
    for seed in range(5):
        config = adding.Config(seed=seed)
        began = time.perf_counter()
        mse = finish(adding.TASK.train(config)).mse
        took = time.perf_counter() - began
        constant = baseline_error(config)
        passed = mse["lstm"] < 0.02 and mse["rnn"] > 0.1 and took <= 60
        figures = f"{mse['lstm']:8.5f} {mse['rnn']:6.3f} {constant:8.3f} {took:7.1f}"
        print(f"{seed:4} {figures}  {'ok' if passed else 'MISSED'}", flush=True)


def four_cells():
    """Print the adding problem with four cells of equal parameters, over five seeds."""
    for length in (50, 100):
        print(
            f"\nThe adding problem, T = {length}, equal parameters: test error, seeds"
        )
        header = "".join(f"{seed:>9}" for seed in range(5))
        print(
            f"{'':6} {'units':>5} {'parameters':>10}{header} {'mean':>8} {'seconds':>7}"
        )
        for cell in problem.ALL_CELLS.split(","):
            found = [
                trained(
                    cell,
                    adding.Config(length=length, seed=seed, equal="parameters"),
                )
                for seed in range(5)
            ]
            network = found[0][0]
            count = sum(weight.size for weight in network.parameters.values())
            errors = [error for _, error, _ in found]
            took = statistics.median(seconds for _, _, seconds in found)
            each = "".join(f"{error:9.5f}" for error in errors)
            print(
                f"{cell:6} {network.units:5} {count:10,}{each} "
                f"{statistics.mean(errors):8.5f} {took:7.1f}",
                flush=True,
            )


def truncated():
    """Print the adding problem over 20 steps, its gradient handed back over k."""
    print("\nThe adding problem, T = 20, truncated: test error, seeds")
    header = "".join(f"{seed:>9}" for seed in range(5))
    print(f"{'':6} {'k':>3}{header} {'mean':>8} {'seconds':>7}")
    for cell in ("rnn", "lstm"):
        for k in (1, 5, 10, 20):
            found = [
                trained(cell, adding.Config(length=20, truncate=k, seed=seed))
                for seed in range(5)
            ]
            errors = [error for _, error, _ in found]
            each = "".join(f"{error:9.5f}" for error in errors)
            took = statistics.median(seconds for _, _, seconds in found)
            print(
                f"{cell:6} {k:3}{each} {statistics.mean(errors):8.5f} {took:7.2f}",
                flush=True,
            )
    constant = [
        baseline_error(adding.Config(length=20, seed=seed)) for seed in range(5)
    ]
    print(f"{'always 1':10}" + "".join(f"{error:9.5f}" for error in constant))


def trained(cell, config):
    """Train a network by itself; return it, its test error, and processor seconds."""
    units = config.units_of(cell)
    network = Network.untrained(cell, 2, 1, config, units=units)
    began = time.process_time()
    for epoch in range(config.epochs):
        for x, targets in problem.batches(config, epoch):
            update(network, x, targets, config)
    took = time.process_time() - began
    return network, mean_squared_error(network, *problem.test_data(config)), took


PARTS = {
    "speed": speed,
    "growth": growth,
    "scan": scan,
    "adding": five_seeds,
    "four": four_cells,
    "truncated": truncated,
}

if __name__ == "__main__":
    keep_freed_memory()
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()
