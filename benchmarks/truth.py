"""The price forecast on simulated and bundled series: python -m benchmarks.truth.

1. Ten simulated series each of four kinds, 2,500 rows, default settings: how often the
   network is better or worse by the verdict, and by the plain p-value at one day;
   whether predictability is reported; mean likelihoods beside those of the true model;
   and the coverage of the intervals.
2. Unadjusted splits: found in six series, and false alarms on the six samples and on
   twenty heavy-tailed series.
3. The six samples: likelihood and CRPS of the network and of all its rivals at every
   horizon, with p-values.
4. How often the 95% interval of the direction covers the truth in random walks.

`python -m benchmarks.truth simulations|splits|samples|direction` prints one of them.
"""

import concurrent.futures
import multiprocessing
import sys
import time

import numpy as np

from core.stock import Config, train
from core.stock.data.series import PriceSeries
from core.stock.data.stock_splits import find_splits
from core.stock.distribution import student_t_nll
from core.stock.sources.samples import SAMPLES, load_sample
from core.training import finish

ROWS, BEFORE = 2_500, 500  # rows of a series, and steps before its first one
DAILY = 0.01  # standard deviation of a day
KINDS = {
    "iid": "independent, t4",
    "garch": "GARCH-t",
    "gjr": "GJR-GARCH-t",
    "ar": "AR(1), phi 0.2, t4",
}
EACH = 10
SEED = 2026  # of series that no setting was chosen on
RIVALS = ("constant", "ewma", "garch", "gjr", "har", "linear_inputs")
# omega, alpha, gamma, beta and degrees of freedom
GARCH = {"garch": (0.02, 0.08, 0.0, 0.9, 6), "gjr": (0.02, 0.02, 0.12, 0.9, 6)}
PHI = 0.2


def shocks(random, count, freedom):
    """Student-t errors with unit variance."""
    return random.standard_t(freedom, count) * np.sqrt((freedom - 2) / freedom)


def simulate(kind, index):
    """Return standardised returns, and their true means and variances, a row each."""
    random = np.random.default_rng([SEED, *map(ord, kind), index])
    count = BEFORE + ROWS
    mean, variance = np.zeros(count), np.ones(count)
    if kind in GARCH:
        omega, alpha, gamma, beta, freedom = GARCH[kind]
        errors, returns = shocks(random, count, freedom), np.empty(count)
        for row in range(count):
            returns[row] = np.sqrt(variance[row]) * errors[row]
            weight = alpha + gamma * (returns[row] < 0)
            if row + 1 < count:
                following = omega + weight * returns[row] ** 2 + beta * variance[row]
                variance[row + 1] = following
    else:
        freedom = 4
        errors, returns = shocks(random, count, freedom), np.empty(count)
        phi = PHI if kind == "ar" else 0.0
        variance *= 1 - phi**2
        returns[0] = errors[0]
        for row in range(1, count):
            mean[row] = phi * returns[row - 1]
            returns[row] = mean[row] + np.sqrt(variance[row]) * errors[row]
    return returns[BEFORE:], mean[BEFORE:], variance[BEFORE:], freedom


def series_of(name, returns):
    """Return prices with these standardised returns on weekdays."""
    dates = np.busday_offset("2005-01-03", np.arange(len(returns)))
    prices = 100 * np.exp(DAILY * np.cumsum(returns))
    return PriceSeries(name=name, dates=dates, prices=prices)


def result_of(series):
    """Train with the default settings; return the result and CPU seconds."""
    began = time.process_time()
    result = finish(train(Config(seed=1), series))
    return result, time.process_time() - began


def one_simulation(kind, index):
    """Train on one series; return its figures."""
    returns, mean, variance, freedom = simulate(kind, index)
    result, seconds = result_of(series_of(f"{kind} {index}", returns))
    test = result.split.test
    unit = returns[1:test].std()
    truth = student_t_nll(
        returns[test:], mean[test:], np.log(variance[test:]), float(freedom)
    )
    horizons = [forecast.metrics for forecast in result.by_horizon.values()]
    next_day = result.by_horizon[1]
    return {
        "price": [outcome.kind for outcome in result.price.outcomes],
        "risk": [outcome.kind for outcome in result.risk.outcomes],
        "plain": (next_day.risk_test.p, next_day.risk_test.difference),
        "predictable": result.price.predicted_by is not None,
        "unchanged": [forecast.unchanged for forecast in result.by_horizon.values()],
        "nll": [
            horizons[0]["nll"],
            *(horizons[0].get(f"nll_{name}") for name in RIVALS),
            float(truth.mean() - np.log(unit)),
        ],
        "coverage": [
            [each[f"coverage_{level}"] for level in (80, 95)] for each in horizons
        ],
        "seconds": seconds,
    }


def pool():
    """Two processes, each with one thread, as the workers have."""
    return concurrent.futures.ProcessPoolExecutor(
        2, mp_context=multiprocessing.get_context("spawn"), initializer=_one_thread
    )


def _one_thread():
    from core.layers.setup import single_thread

    single_thread()


def simulations():
    """Print the table of the simulated series."""
    print(f"{EACH} series of {ROWS:,} rows of each kind, default settings, seed 1")
    every = []
    with pool() as workers:
        jobs = {
            kind: [workers.submit(one_simulation, kind, i) for i in range(EACH)]
            for kind in KINDS
        }
        for kind, started in jobs.items():
            figures = [job.result() for job in started]
            every += figures
            _print_kind(kind, figures)
    coverage = np.array([each["coverage"] for each in every])
    print("\nCoverage over all these series, %: mean, and range")
    for column, days in enumerate((1, 5, 10, 20)):
        for level, name in ((0, "80"), (1, "95")):
            shares = 100 * coverage[:, column, level]
            print(
                f"{days:>3} days, {name}%: {shares.mean():.1f} "
                f"({shares.min():.1f} to {shares.max():.1f})"
            )
    seconds = [each["seconds"] for each in every]
    print(f"\nCPU seconds a training: median {np.median(seconds):.1f}")


def _print_kind(kind, figures):
    def count(name, outcome):
        return sum(outcome in each[name] for each in figures)

    worse = sum(p < 0.05 and gain > 0 for p, gain in (f["plain"] for f in figures))
    print(
        f"\n{KINDS[kind]}: better at any horizon: price {count('price', 'better')}, "
        f"risk {count('risk', 'better')}; worse than any rival: price "
        f"{count('price', 'worse')}, risk {count('risk', 'worse')} (than the best "
        f"simple one at one day, plain p < .05: {worse}); "
        f"predictability reported {sum(f['predictable'] for f in figures)}; "
        f"unchanged at one day {sum(f['unchanged'][0] for f in figures)} of {EACH}"
    )
    means = np.mean(
        [[v if v is not None else np.nan for v in f["nll"]] for f in figures], 0
    )
    named = zip(("network", *RIVALS, "truth"), means, strict=True)
    print("NLL at one day:", ", ".join(f"{n} {v:.4f}" for n, v in named), flush=True)


def splits():
    """Print how many unadjusted splits are found, and the false alarms."""
    found = 0
    for index in range(6):
        returns = simulate("garch", 100 + index)[0]
        prices = series_of("split", returns).prices
        prices[ROWS // 4 :] /= 2
        dates = series_of("split", returns).dates
        seen = find_splits(dates, prices)
        found += [(s.row, s.ratio) for s in seen] == [(ROWS // 4, "2:1")]
    print(f"\n2:1 splits in GARCH-t series found, and nothing else: {found} of 6")
    alarms = sum(
        bool(find_splits(s.dates, s.prices)) for s in map(load_sample, SAMPLES)
    )
    print(f"Samples with a false alarm: {alarms} of {len(SAMPLES)}")
    random, alarms = np.random.default_rng(0), 0
    for index in range(20):
        freedom = (3, 4)[index % 2]
        made_up = series_of("heavy", 2 * shocks(random, ROWS, freedom))
        alarms += bool(find_splits(made_up.dates, made_up.prices))
    print(
        f"Heavy-tailed series (t3, t4) with a false alarm: {alarms} of 20", flush=True
    )


def one_sample(name):
    """Train on a bundled series; return its figures."""
    result, seconds = result_of(load_sample(name))
    rows = []
    for forecast in result.by_horizon.values():
        tests = {n: (t.p, t.difference) for n, t in forecast.risk_tests.items()}
        rows.append((forecast.metrics, tests))
    return rows, result.verdict_price, result.verdict_risk, seconds, len(result.series)


def samples():
    """Print the figures of the six samples."""
    with pool() as workers:
        for name, (rows, price, risk, seconds, count) in zip(
            SAMPLES, workers.map(one_sample, SAMPLES), strict=True
        ):
            print(f"\n{name}, {count:,} rows, {seconds:.1f} CPU s")
            for metrics, tests in rows:
                print(
                    f"{metrics['horizon']:>3} days  network NLL {metrics['nll']:.4f} "
                    f"CRPS {metrics['crps']:.4f}; best simple model "
                    f"{metrics['best_rival']}"
                )
                for rival, (p, difference) in tests.items():
                    side = "better" if difference < 0 else "worse"
                    print(
                        f"          {rival:<14}NLL {metrics[f'nll_{rival}']:.4f} CRPS "
                        f"{metrics[f'crps_{rival}']:.4f}  network {side}, p = {p:.2g}"
                    )
            print(price)
            print(risk, flush=True)


def direction():
    """Print how often the interval of the direction covers the truth."""
    from benchmarks.direction import main

    main()


PARTS = {
    "simulations": simulations,
    "splits": splits,
    "samples": samples,
    "direction": direction,
}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
