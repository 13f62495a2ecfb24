"""Time the price forecast: python -m benchmarks.stock.

1. Seconds an epoch of the seed recipe in our worker against a plain Keras `fit` of
   the same model on the same windows, each in a process of its own: alone, and
   beside a second training. The two kinds take turns, so that both see the same
   machine; the epoch in which each traces its graph is left out.
2. The honest recipe with its defaults on every bundled series, on one core.
"""

import itertools
import json
import os
import statistics
import subprocess
import sys
import time

from core.stock import Config, train
from core.stock.samples import SAMPLES, load_sample

SERIES = "NASDAQ"  # the bundled series of about 5,000 rows
EPOCHS = 8
ROUNDS = 3
FOREVER = 1000


def ours(epochs):
    """Seconds of each epoch of the seed recipe as the worker runs it."""
    config = Config.preset("seed", epochs=epochs)
    marks = [time.perf_counter()]
    for progress in train(config, load_sample(SERIES)):
        if progress.metrics:
            marks.append(time.perf_counter())
            if len(marks) == 2:
                print("training", flush=True)
    return differences(marks)


def plain_keras(epochs):
    """Seconds of each epoch of the same model as Keras's `fit` runs it."""
    import keras
    import numpy as np

    config = Config.preset("seed")
    prices = load_sample(SERIES).prices
    levels = (prices - prices.min()) / np.ptp(prices)
    levels = levels.astype("float32")
    windows = len(prices) // 2 - config.window - 1
    x = np.stack([levels[i : i + config.window, None] for i in range(windows)])
    y = levels[config.window : config.window + windows]
    model = keras.Sequential(
        [
            keras.layers.Input((config.window, 1)),
            keras.layers.LSTM(config.units),
            keras.layers.Dropout(config.dropout),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(), loss="mse")
    marks = [time.perf_counter()]

    def mark(epoch, logs):  # noqa: ARG001 - the arguments Keras calls it with
        marks.append(time.perf_counter())
        if epoch == 0:
            print("training", flush=True)

    mark_epochs = keras.callbacks.LambdaCallback(on_epoch_end=mark)
    model.fit(
        x, y, batch_size=config.batch, epochs=epochs, verbose=0, callbacks=[mark_epochs]
    )
    return differences(marks)


def honest():
    """Figures of the honest recipe on each series, on one core."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    from core.tf_setup import single_thread

    single_thread()  # the worker has imported TensorFlow before a run begins
    rows = {}
    for name in SAMPLES:
        start = time.perf_counter()
        training = train(Config(), load_sample(name))
        while True:
            try:
                next(training)
            except StopIteration as end:
                wall = time.perf_counter() - start
                rows[name] = {**end.value.summary(), "seconds": wall}
                break
    return rows


def differences(marks):
    return [later - sooner for sooner, later in itertools.pairwise(marks)]


def start(kind, epochs):
    """Start one training in a process of its own, and wait until it is under way."""
    command = [sys.executable, "-m", "benchmarks.stock", kind, str(epochs)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout.readline() == "training\n"
    return process


def median_epoch(kind):
    process = start(kind, EPOCHS)
    answer, _ = process.communicate()
    return statistics.median(json.loads(answer)[1:])


def compare(title, companions):
    """Print the medians of both kinds, side by side, and their ratio.

    `companions` names the kind of training beside each kind, if there is one.
    """
    times = {"ours": [], "keras": []}
    for _ in range(ROUNDS):
        for kind, seconds in times.items():
            beside = [start(companions[kind], FOREVER)] if companions else []
            seconds.append(median_epoch(kind))
            for process in beside:
                process.kill()
                process.communicate()
    ours, theirs = (statistics.median(seconds) for seconds in times.values())
    spread = "  ".join(f"{kind} {min(s):.3f}-{max(s):.3f}" for kind, s in times.items())
    print(
        f"{title:<34}{ours:>8.3f}{theirs:>9.3f}{ours / theirs:>7.2f}   {spread}",
        flush=True,
    )


def main():
    print(f"Seed recipe, {SERIES}, seconds an epoch, medians of {ROUNDS} rounds")
    print(f"{'':<34}{'ours':>8}{'Keras':>9}{'ratio':>7}   range", flush=True)
    compare("alone", {})
    compare("beside a training of ours", {"ours": "ours", "keras": "ours"})
    compare("beside a training of its kind", {"ours": "ours", "keras": "keras"})
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.stock", "honest"],
        capture_output=True,
        text=True,
        check=True,
    )
    columns = ("rows", "epochs", "seconds", "rel_rmse", "nll")
    columns += ("coverage_80", "coverage_95")
    print("\nHonest recipe, default settings, one core")
    print(f"{'':<8}" + "".join(f"{name:>13}" for name in columns))
    for name, row in json.loads(answer.stdout).items():
        print(f"{name:<8}" + "".join(f"{row[column]:>13.5g}" for column in columns))


WORK = {"ours": ours, "keras": plain_keras}

if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(WORK[sys.argv[1]](int(sys.argv[2]))))
    elif len(sys.argv) == 2:
        print(json.dumps(honest()))
    else:
        main()
