"""Power and false wins of the price forecast: python -m benchmarks.power.

Simulated series of 3,000 returns, trained with the default settings. For each kind with
an effect: the share of series whose price is forecast better than by every simple model
(the verdict of the page, all horizons), with a 95% interval (Wilson 1927); the mean
gain one day ahead, 1 - (error / last price's error) ** 2, of the network and of
boosting on three returns; and the effect of the LSTM beside its inputs alone. For each
kind without a nonlinear effect: false wins.

    python -m benchmarks.power --kinds threshold weekday --series 10 --strength 0.5 1

With --garch the noise of the effects is GARCH-t of the same mean variance, as that of
prices is, instead of independent and normal. With --price-only the networks of the risk
train for one epoch: the price's forecasts do not depend on them, and a series takes a
fifth of the time.
"""

import argparse
import concurrent.futures
import multiprocessing
import sys
import time

import numpy as np

from core.stats import wilson
from core.stock import TASK, Config
from core.stock.data.series import PriceSeries
from core.training import finish

ROWS, BEFORE = 3_000, 500  # returns of a series, and steps before its first one
DAILY = 0.01  # standard deviation of a day
SEED = 77  # of series that no setting was chosen on
# Strength 1, in standard deviations of a day.
EFFECTS = {
    "threshold": "mean +.3 after a change of more than .67 either way, else -.3",
    "sine": "mean .5 sin(3 z) of the last change z",
    "signs": "mean .25 times the product of the signs of the last two changes",
    "weekday": "Monday and Wednesday +.35, Tuesday and Thursday -.35",
}
NONE = {
    "iid": "independent, t5",
    "garch": "GARCH-t",
    "har": "HAR variance",
    "ar": "AR(1), phi .15",
    "break": "trend +.05 standard deviations, then -.05",
}


def effect(kind, last, before_last, row):
    """Mean of the next return at strength 1."""
    if kind == "threshold":
        return 0.3 if abs(last) > 0.67 else -0.3
    if kind == "sine":
        return 0.5 * np.sin(3 * last)
    if kind == "signs":
        return 0.25 * np.sign(last * before_last)
    if kind == "weekday":
        return (0.35, -0.35, 0.35, -0.35, 0.0)[row % 5]
    if kind == "ar":
        return 0.15 * last
    return 0.05 if row < ROWS // 2 else -0.05


def simulate(kind, index, strength=1.0, garch=False):
    """Return a series of a kind; with `garch` in noise like that of prices."""
    random = np.random.default_rng([SEED, *map(ord, kind), index])
    count = ROWS + BEFORE
    if kind in NONE or garch:
        shocks = random.standard_t(5, count) * np.sqrt(3 / 5)
    else:
        shocks = random.standard_normal(count)
    returns, variance, noise = np.zeros(count), 1.0, 0.0
    for row in range(22, count):
        past = np.square(returns[row - 22 : row])
        if kind == "garch" or garch:
            variance = 0.02 + 0.08 * noise**2 + 0.9 * variance
        elif kind == "har":
            variance = 0.05 + 0.3 * past[-1] + 0.35 * past[-5:].mean()
            variance += 0.3 * past.mean()
        returns[row] = noise = np.sqrt(variance) * shocks[row]
        if kind in EFFECTS or kind in ("ar", "break"):
            last, before_last = returns[row - 1], returns[row - 2]
            returns[row] += strength * effect(kind, last, before_last, row - BEFORE)
    moves = DAILY * returns[BEFORE:]
    dates = np.busday_offset("2005-01-03", np.arange(ROWS + 1))
    prices = 100 * np.exp(np.concatenate([[0.0], np.cumsum(moves)]))
    return PriceSeries(name=f"{kind} {index}", dates=dates, prices=prices)


def figures_of(kind, index, strength, horizon, epochs, garch):
    """Train on one series; return its figures."""
    began = time.process_time()
    config = Config(seed=1, horizon=horizon, epochs=epochs)
    result = finish(TASK.train(config, simulate(kind, index, strength, garch)))
    first, outcomes = result.by_horizon[1], result.price.outcomes
    ratios = {name: row.rel_rmse for name, row in first.models.items()}
    return {
        "better": any(outcome.kind == "better" for outcome in outcomes),
        "worse": any(outcome.kind == "worse" for outcome in outcomes),
        "adds": outcomes[0].adds == "better",
        "risk": [outcome.kind for outcome in result.risk.outcomes],
        "gain": {name: 1 - ratio**2 for name, ratio in ratios.items()},
        "text": result.price.text,
        "seconds": time.process_time() - began,
    }


def one_thread():
    from core.layers.setup import single_thread
    from core.process import one_thread

    one_thread()
    single_thread()


def arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.power")
    parser.add_argument("--kinds", nargs="+", default=[*EFFECTS, *NONE])
    parser.add_argument("--series", type=int, default=10, help="Of each kind.")
    parser.add_argument("--first", type=int, default=0, help="Index of the first.")
    parser.add_argument("--strength", nargs="+", type=float, default=[1.0])
    parser.add_argument("--horizon", type=int, default=20, help="The longest, in days.")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--garch", action="store_true", help="Noise of the effects.")
    parser.add_argument("--price-only", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="Print each verdict.")
    return parser.parse_args()


def main():
    """Print a line for each kind and strength."""
    args = arguments()
    indices = range(args.first, args.first + args.series)
    settings = args.horizon, 1 if args.price_only else Config().epochs, args.garch
    with concurrent.futures.ProcessPoolExecutor(
        args.processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=one_thread,
    ) as workers:
        jobs = {
            (kind, strength): [
                workers.submit(figures_of, kind, index, strength, *settings)
                for index in indices
            ]
            for kind in args.kinds
            for strength in (args.strength if kind in EFFECTS else [1.0])
        }
        for (kind, strength), started in jobs.items():
            found = [job.result() for job in started]
            show(kind, strength, found, args.price_only)
            if args.verbose:
                for each in found:
                    print(f"    {each['text']}", file=sys.stderr)


def show(kind, strength, found, price_only):
    """Print the figures of one kind."""
    count, many = sum(each["better"] for each in found), len(found)
    better = wilson(count, many)
    gains = {
        name: np.mean([each["gain"][name] for each in found])
        for name in ("lstm", "linear_inputs", "boosting", "ar")
    }
    risk = (
        f"; risk better {sum('better' in each['risk'] for each in found)}, "
        f"worse {sum('worse' in each['risk'] for each in found)}"
    )
    print(
        f"{kind:<10} strength {strength:<5g} better {count} of {many} "
        f"[{better.low:.0%}, {better.high:.0%}], "
        f"worse {sum(each['worse'] for each in found)}, "
        f"LSTM adds {sum(each['adds'] for each in found)}"
        f"{'' if price_only else risk}; gain "
        + ", ".join(f"{name} {gain:.4f}" for name, gain in gains.items())
        + f"; {np.median([each['seconds'] for each in found]):.1f} CPU s",
        flush=True,
    )


if __name__ == "__main__":
    main()
