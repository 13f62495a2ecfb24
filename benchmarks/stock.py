"""Time the price forecast: python -m benchmarks.stock.

1. Seconds an epoch of the classic recipe in our worker against a plain Keras `fit` of
   the same model on the same windows, each in a process of its own: alone, and
   beside a second training. The two kinds take turns, so that both see the same
   machine; the epoch in which each traces its graph is left out. Ours ends with the
   loss on the validation windows; Keras' does, too, and in another line does not.
2. The honest recipe with its defaults on every bundled series, on one core: seconds
   of the processor, and its figures beside those of its rivals.
3. The same on 1,000 to 100,000 rows: the cost must grow no faster than they.
4. Time to quality: seconds until the honest recipe's test error is below the one that
   the classic recipe has after all its epochs, against the classic recipe's own time.

`python -m benchmarks.stock seeds` prints the figures of three seeds on every series,
and coverage by calendar year, instead.
"""

import functools
import itertools
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np

from core.stock import TASK, Config
from core.stock.data.series import PriceSeries
from core.stock.judging.breakdown import coverage_by_year
from core.stock.recipes.classic import VALIDATION_WINDOWS
from core.stock.sources.samples import SAMPLES, load_sample
from core.training import finish

SERIES = "NASDAQ"  # the bundled series of about 5,000 rows
EPOCHS = 8
ROUNDS = 5
FOREVER = 1000
ROWS = (1_000, 5_000, 20_000, 100_000)
# Of the classic recipe on that series after its 1,000 epochs, 1.476 times the error of
# the last price: `python -m core.stock --sample NASDAQ --recipe classic`.
CLASSIC_RMSE = 68.8


def ours(epochs):
    """Seconds of each epoch of the classic recipe as the worker runs it."""
    config = Config.preset("classic", epochs=epochs)
    marks = [time.perf_counter()]
    for progress in TASK.train(config, load_sample(SERIES)):
        if progress.metrics:
            marks.append(time.perf_counter())
            if len(marks) == 2:
                print("training", flush=True)
    return differences(marks)


def plain_keras(epochs, *, validates=True):
    """Seconds of each epoch of the same model as Keras's `fit` runs it."""
    import keras

    config = Config.preset("classic")
    prices = load_sample(SERIES).prices
    levels = (prices - prices.min()) / np.ptp(prices)
    levels = levels.astype("float32")
    windows = len(prices) // 2 - config.window - 1

    def pairs(starts):
        x = np.stack([levels[i : i + config.window, None] for i in starts])
        return x, levels[starts + config.window]

    x, y = pairs(np.arange(windows))
    last = len(prices) - config.window - 1
    judged = pairs(np.linspace(windows, last, VALIDATION_WINDOWS).astype(int))
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
        x,
        y,
        batch_size=config.batch,
        epochs=epochs,
        verbose=0,
        callbacks=[mark_epochs],
        validation_data=judged if validates else None,
        validation_batch_size=VALIDATION_WINDOWS,
    )
    return differences(marks)


def result_of(config, series):
    """Train on one core; return the result and the processor's seconds for it."""
    from core.layers.setup import single_thread

    single_thread()  # the worker has imported TensorFlow before a run begins
    began = time.process_time()
    result = finish(TASK.train(config, series))
    return result, time.process_time() - began


def honest(seed=0):
    """Figures of the honest recipe on each series."""
    rows = {}
    for name in SAMPLES:
        result, seconds = result_of(Config(seed=seed), load_sample(name))
        years = [year for year in coverage_by_year(result.by_horizon[1]) if year.full]
        shares = {
            level: [100 * year.coverage[level] for year in years] for level in (80, 95)
        }
        rivals = result.by_horizon[1].models
        rows[name] = {
            **result.summary(),
            "seconds": seconds,
            "years": shares,
            "nll_garch": rivals["garch"].nll,
            "nll_gjr": rivals["gjr"].nll,
        }
    return rows


def by_rows():
    """Processor's seconds of the honest recipe on a made-up series of each length."""
    seconds = {}
    for rows in ROWS:
        random = np.random.default_rng(0)
        risk = np.exp(np.sin(np.arange(rows) / 100))
        prices = 100 * np.exp(np.cumsum(0.01 * risk * random.standard_normal(rows)))
        dates = np.datetime64("1700-01-01") + np.arange(rows)
        series = PriceSeries(name="Made up", dates=dates, prices=prices)
        seconds[rows] = result_of(Config(), series)[1]
    return seconds


def quality():
    """Seconds to a better test error than the classic recipe, and its own time."""
    series = load_sample(SERIES)
    epochs, rmse = 0, float("inf")
    while rmse >= CLASSIC_RMSE:
        epochs += 1
        result, honest_seconds = result_of(Config(epochs=epochs), series)
        rmse = result.network.rmse_currency
    config = Config.preset("classic", epochs=EPOCHS)
    marks = []
    for progress in TASK.train(config, series):
        if progress.metrics:
            marks.append(time.process_time())
    epoch = statistics.median(differences(marks))
    return {
        "epochs": epochs,
        "rmse": rmse,
        "honest": honest_seconds,
        "classic": epoch * Config.preset("classic").epochs,
    }


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


def compare(title, companions, rival="keras"):
    """Print the medians of both kinds, side by side, and their ratio.

    `companions` names the kind of training beside each kind, if there is one.
    """
    times = {"ours": [], rival: []}
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
    print(f"Classic recipe, {SERIES}, seconds an epoch, medians of {ROUNDS} rounds")
    print(f"{'':<34}{'ours':>8}{'Keras':>9}{'ratio':>7}   range", flush=True)
    compare("alone", {})
    compare("alone, Keras without validation", {}, "unvalidated")
    compare("beside a training of ours", {"ours": "ours", "keras": "ours"})
    compare("beside a training of its kind", {"ours": "ours", "keras": "keras"})
    print("\nHonest recipe, default settings, one core")
    show(answer_of("honest"))
    print("\nHonest recipe, seconds of the processor by rows")
    for rows, seconds in answer_of("rows").items():
        share = 1000 * seconds / int(rows)
        print(f"{int(rows):>8,}{seconds:>9.1f}   {share:.2f} a thousand rows")
    found = answer_of("quality")
    print(
        f"\nTime to quality, {SERIES}: after {found['epochs']} epochs the honest "
        f"recipe has a test RMSE of {found['rmse']:.1f}, below the classic recipe's "
        f"last, {CLASSIC_RMSE}.\n"
        f"{found['honest']:.1f} s against {found['classic']:.0f} s: "
        f"{found['classic'] / found['honest']:.0f} times faster"
    )


COLUMNS = ("rows", "epochs", "seconds", "rel_rmse", "rel_mae", "nll", "nll_garch")
COLUMNS += ("nll_gjr", "coverage_80", "coverage_95")


def show(table):
    """Print the figures of each series, a line each."""
    print(f"{'':<8}" + "".join(f"{name:>12}" for name in COLUMNS))
    for name, row in table.items():
        print(f"{name:<8}" + "".join(f"{row[column]:>12.5g}" for column in COLUMNS))


def answer_of(kind):
    """Do one kind of work in a process of its own, on one core."""
    command = [sys.executable, "-m", "benchmarks.stock", kind]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def seeds():
    """Print the figures of three seeds on every series, their means, and the years."""
    tables = []
    for seed in range(3):
        tables.append(honest(seed))
        print(f"\nseed {seed}")
        show(tables[-1])
    print("\nmean")
    show(
        {
            name: {
                column: statistics.mean(table[name][column] for table in tables)
                for column in COLUMNS
            }
            for name in SAMPLES
        }
    )
    print("\nPrices inside the intervals by calendar year, seed 0, %")
    for name in SAMPLES:
        for level, shares in tables[0][name]["years"].items():
            print(f"{name:<8}{level:>3}", *(f"{share:5.1f}" for share in shares))
    for level, far in farthest(tables).items():
        print(f"farthest off {level}: {far}")


def farthest(tables):
    """How many points coverage is off at most: in any year, and at any horizon."""
    found = {}
    for level in (80, 95):
        rows = [row for table in tables for row in table.values()]
        years = [abs(share - level) for row in rows for share in row["years"][level]]
        whole = {
            days: max(
                abs(100 * each["coverage"] - level)
                for each in group
                if each["shown"] and each["level"] == level
            )
            for days, group in by_horizon(rows).items()
        }
        ahead = ", ".join(f"{off:.2f} at {days} days" for days, off in whole.items())
        found[level] = f"{max(years):.2f} in any year; over the whole test {ahead}"
    return found


def by_horizon(rows):
    """Intervals of each horizon, of all rows."""
    groups = {}
    for row in rows:
        for each in row["intervals"]:
            groups.setdefault(each["horizon"], []).append(each)
    return groups


TRAINING = {
    "ours": ours,
    "keras": plain_keras,
    "unvalidated": functools.partial(plain_keras, validates=False),
}
ALONE = {"honest": honest, "rows": by_rows, "quality": quality}


def one_core():
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


if __name__ == "__main__":
    match sys.argv[1:]:
        case [kind, epochs]:
            print(json.dumps(TRAINING[kind](int(epochs))))
        case [kind] if kind in ALONE:
            one_core()
            print(json.dumps(ALONE[kind]()))
        case ["seeds"]:
            one_core()
            seeds()
        case _:
            main()
