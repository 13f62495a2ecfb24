"""The price forecast on simulated and bundled series: python -m benchmarks.truth.

1. Ten simulated series each of four kinds, 2,500 rows, default settings: how often the
   network is better or worse by the verdict, and by the plain p-value at one day;
   whether predictability is reported; mean likelihoods beside those of the true model;
   and the coverage of the intervals.
2. Unadjusted splits: found in six series, and false alarms on the six samples and on
   twenty heavy-tailed series.
3. The six samples: likelihood and price error of all models at every horizon, with
   p-values of the risk.
4. The same of eight further series, which statsmodels and arch bring along.
5. How often the 95% interval of the direction covers the truth in random walks.
6. On request: the share of ten seeds for each verdict on these fourteen series and on
   one that grows by a factor of 100, with the errors of the price in percent, and in
   currency beside them. Its trainings take two hours of a processor; they are kept in
   the file `SEEDS_FILE` of the environment (seeds.jsonl), and not repeated.

7. On request: what memory adds to the risk: the network beside a static one, which
   begins each row with an empty state, with the same inputs, parameters, tail and
   averages.
8. On request: the chosen base forecast beside the mean of the log-variances of EWMA,
   GARCH and GJR-GARCH, on simulated and bundled series.
9. On request: the factor by which the corrections are shrunk beside the one with the
   greatest likelihood outside the training data, under a one-standard-error rule, on
   simulated and bundled series.

`python -m benchmarks.truth simulations|splits|samples|further|direction` prints one,
and so do `seeds`, `memory`, `base` and `factors`.
"""

import concurrent.futures
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from dataclasses import asdict, fields, replace
from importlib import import_module
from pathlib import Path
from typing import ClassVar
from unittest import mock

import numpy as np
import tensorflow as tf

from core.stock import TASK
from core.stock.data.defaults import suited
from core.stock.data.features import RISK_INPUTS, Scaling
from core.stock.data.frequency import horizons_of
from core.stock.data.series import PriceSeries
from core.stock.data.split import folds, split
from core.stock.data.stock_splits import find_splits
from core.stock.distribution import ForecastDistribution, student_t_nll
from core.stock.judging.diebold_mariano import diebold_mariano
from core.stock.judging.horizon import HorizonForecast
from core.stock.judging.verdict import price_verdict
from core.stock.models import choice, readout
from core.stock.models.base import BY_NAME, choose_base, fit_base
from core.stock.models.choice import CHANGING
from core.stock.models.model import Model, Rows, fitted_distribution
from core.stock.models.readout import LARGEST
from core.stock.recipes import lstm, returns
from core.stock.recipes.lstm import Lstm
from core.stock.recipes.network import RiskNetwork
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


def result_of(series, seed=1):
    """Train with the default settings; return the result and CPU seconds."""
    began = time.process_time()
    result = finish(TASK.train(replace(suited("honest", series), seed=seed), series))
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
    next_day = result.by_horizon[1]
    plain = next_day.risk_tests[next_day.best_rival]
    known = (next_day.models.get(name) for name in ("lstm", *RIVALS))
    return {
        "price": [outcome.kind for outcome in result.price.outcomes],
        "risk": [outcome.kind for outcome in result.risk.outcomes],
        "plain": (plain.p, plain.difference),
        "predictable": result.price.predicted_by is not None,
        "unchanged": [forecast.unchanged for forecast in result.by_horizon.values()],
        "nll": [
            *(each and each.nll for each in known),
            float(truth.mean() - np.log(unit)),
        ],
        "coverage": [
            [each.shown(level).coverage for level in (80, 95)]
            for each in result.by_horizon.values()
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


def further(name):
    """Return one of the eight series, as its package brings it."""
    from statsmodels import datasets

    if name == "US shares, monthly":
        table = import_module("arch.data.frenchdata").load()
        index = np.cumprod(1 + (table["Mkt-RF"] + table["RF"]).to_numpy() / 100)
        return PriceSeries(name=name, dates=_months(1926, 7, len(index)), prices=index)
    if name == "sea temperature, monthly":
        table = datasets.elnino.load_pandas().data
        prices = table.drop(columns="YEAR").to_numpy().ravel()
        return PriceSeries(
            name=name, dates=_months(1950, 1, len(prices)), prices=prices
        )
    if name == "US GDP, quarterly":
        prices = datasets.macrodata.load_pandas().data["realgdp"].to_numpy()
        dates = _months(1959, 1, 3 * len(prices))[::3]
        return PriceSeries(name=name, dates=dates, prices=prices)
    if name == "CO2, weekly":
        column = datasets.co2.load_pandas().data["co2"].ffill()
    else:
        package, key = FINANCE[name]
        column = import_module(f"arch.data.{package}").load()[key].dropna()
    dates = column.index.to_numpy().astype("datetime64[D]")
    return PriceSeries(name=name, dates=dates, prices=column.to_numpy(float))


def _months(year, month, count):
    first = np.datetime64(f"{year}-{month:02}")
    return (first + np.arange(count)).astype("datetime64[D]")


FINANCE = {
    "VIX, daily": ("vix", "vix"),
    "Brent oil, monthly": ("crude", "Brent"),
    "BAA yield, monthly": ("default", "BAA"),
    "core CPI, monthly": ("core_cpi", "CPILFESL"),
}
FURTHER = (
    *FINANCE,
    "US shares, monthly",
    "sea temperature, monthly",
    "US GDP, quarterly",
    "CO2, weekly",
)


def one_series(load, name):
    """Train on a series; return its table, verdicts, CPU seconds and rows."""
    result, seconds = result_of(load(name))
    rows = [
        {**asdict(row), "risk": forecast.risk_tests.get(name)}
        for forecast in result.by_horizon.values()
        for name, row in forecast.models.items()
    ]
    return rows, result.price.text, result.risk.text, seconds, len(result.series)


def _print_series(load, names):
    with pool() as workers:
        jobs = [workers.submit(one_series, load, name) for name in names]
        for name, job in zip(names, jobs, strict=True):
            rows, price, risk, seconds, count = job.result()
            print(f"\n{name}, {count:,} rows, {seconds:.1f} CPU s")
            print(f"{'rows':>4}  {'model':<16}{'NLL':>9}{'error / last':>14}")
            for row in rows:
                nll, error = (
                    "" if value is None else f"{value:.4f}"
                    for value in (row["nll"], row["rel_rmse"])
                )
                line = f"{row['horizon']:>4}  {row['model']:<16}{nll:>9}{error:>14}"
                if (test := row["risk"]) is not None:
                    side = "better" if test.difference < 0 else "worse"
                    line += f"  risk of the network {side}, p = {test.p:.2g}"
                print(line)
            print(price)
            print(risk, flush=True)


def samples():
    """Print the figures of the six samples."""
    _print_series(load_sample, list(SAMPLES))


def further_series():
    """Print the figures of the eight further series."""
    _print_series(further, FURTHER)


def direction():
    """Print how often the interval of the direction covers the truth."""
    from benchmarks.direction import main

    main()


class InCurrency(HorizonForecast):
    """A horizon whose errors of the price are in currency: high prices count more."""

    def errors(self, name):
        return self.actual - self.prices[name]


def grown(name):
    """Return a simulated series that grows by a factor of about 100."""
    returns = simulate("garch", 200)[0]
    return series_of(name, returns + np.log(100) / ROWS / DAILY)


GROWN = "GARCH-t, times 100"
SEEDS = 10
HOW_TO_LOAD = (
    dict.fromkeys(SAMPLES, load_sample)
    | dict.fromkeys(FURTHER, further)
    | {GROWN: grown}
)


def one_seed(name, seed):
    """Train on a series with a seed; return its outcomes at each horizon."""
    result, seconds = result_of(HOW_TO_LOAD[name](name), seed)
    currency = [
        InCurrency(
            **{each.name: getattr(horizon, each.name) for each in fields(horizon)}
        )
        for horizon in result.by_horizon.values()
    ]
    verdicts = {
        "price": result.price,
        "in currency": price_verdict(currency, result.series.frequency),
        "risk": result.risk,
    }
    outcomes = {
        judged: [[o.kind, o.rival, o.p, o.adds, o.adds_p] for o in verdict.outcomes]
        for judged, verdict in verdicts.items()
    }
    horizons = result.by_horizon.values()
    errors = {
        "price": [each.network.rel_rmse for each in horizons],
        "in currency": [each.network.rel_rmse for each in currency],
    }
    return {"name": name, "seed": seed, **outcomes, "errors": errors, "cpu": seconds}


def seeds():
    """Print the shares of seeds for each outcome; train what the file lacks."""
    path = Path(os.environ.get("SEEDS_FILE", "seeds.jsonl"))
    lines = path.read_text().splitlines() if path.exists() else []
    found = {(each["name"], each["seed"]): each for each in map(json.loads, lines)}
    wanted = [(name, seed) for seed in range(SEEDS) for name in HOW_TO_LOAD]
    with pool() as workers, path.open("a") as file:
        jobs = [workers.submit(one_seed, *each) for each in wanted if each not in found]
        for job in concurrent.futures.as_completed(jobs):
            each = job.result()
            found[each["name"], each["seed"]] = each
            print(json.dumps(each), file=file, flush=True)
    print("Seeds of ten for each outcome, by horizon; + better, - worse, 0 equal;")
    print("adds: seeds in which the LSTM adds something to its inputs")
    for name in HOW_TO_LOAD:
        every = [found[name, seed] for seed in range(SEEDS)]
        print(f"\n{name}")
        for judged in ("price", "in currency", "risk"):
            shares = [
                "  ".join(f"{SIGNS[kind]}{n}" for kind, n in Counter(kinds).items())
                for kinds in zip(
                    *([o[0] for o in e[judged]] for e in every), strict=True
                )
            ]
            print(f"  {judged:<12}" + "".join(f"{share:<16}" for share in shares))
            if judged != "in currency":
                adds = zip(*([o[3] for o in e[judged]] for e in every), strict=True)
                counts = (kinds.count("better") for kinds in adds)
                print(f"  {'adds':<12}" + "".join(f"{n:<16}" for n in counts))
        first = every[0]["errors"]
        for judged, ratios in first.items():
            text = ", ".join("-" if r is None else f"{r:.4f}" for r in ratios)
            print(f"  error / last price's, {judged}, seed 0: {text}")


class StaticNetwork(RiskNetwork):
    """The network of the risk without memory: each row begins with an empty state."""

    def __call__(self, inputs, state=None, keep=1.0):
        hidden, _ = self.lstm(tf.reshape(inputs, (-1, 1, RISK_INPUTS)))
        hidden = tf.reshape(hidden, (*tf.unstack(tf.shape(inputs)[:2]), -1))
        hidden = tf.ensure_shape(hidden, (*inputs.shape[:2], self.lstm.units))
        output = self.head(tf.concat([hidden * keep, inputs], axis=-1))
        return tf.clip_by_value(output, -LARGEST, LARGEST), state


class StaticTrainer(returns.RiskTrainer):
    """Trains static networks, with idle ones of their own."""

    _idle: ClassVar = {}


def one_memory(name):
    """Train on a series with and without memory; return likelihoods and tests."""
    series, seed = HOW_TO_LOAD[name](name), 0
    with_memory, _ = result_of(series, seed)
    with (
        mock.patch.object(returns, "RiskTrainer", StaticTrainer),
        mock.patch.object(returns, "RiskNetwork", StaticNetwork),
        mock.patch.object(lstm, "RiskNetwork", StaticNetwork),
    ):
        static, _ = result_of(series, seed)
    rows = []
    for horizon, forecast in with_memory.by_horizon.items():
        other = static.by_horizon[horizon]
        nll = [each.nll(each.distribution) for each in (forecast, other)]
        test = diebold_mariano(*nll, horizon)
        alone = forecast.models["linear_inputs"].nll
        rows.append([horizon, *(float(each.mean()) for each in nll), alone, test.p])
    return rows


def memory():
    """Print what memory adds on the fourteen series."""
    print("NLL with seed 0: with memory, static, inputs alone; p of memory and static")
    with pool() as workers:
        jobs = {name: workers.submit(one_memory, name) for name in HOW_TO_LOAD}
        for name, job in jobs.items():
            for horizon, *likelihoods, p in job.result():
                text = "".join(f"{each:>10.4f}" for each in likelihoods)
                print(f"{name:<26}{horizon:>4}{text}{p:>10.2g}", flush=True)


class Combined(Model):
    """The mean log-variance, and the mean, of the models of a changing variance."""

    name = "combined"

    def fit(self, rows):
        each = [rows.fit(BY_NAME[name]).distribution for name in CHANGING]
        mean = np.mean([forecast.mean for forecast in each], axis=0)
        log_variance = np.mean([forecast.log_variance for forecast in each], axis=0)
        return fitted_distribution(rows, mean, log_variance)


def one_base(series):
    """Return likelihoods a horizon of the chosen base, the combination and GJR."""
    config = suited("honest", series)
    horizons = horizons_of(config.horizon, series.frequency)
    losses = {"chosen": [], "combined": [], "gjr": []}
    for fold in folds(config, split(config, series)):
        scaling = Scaling.fit(series.prices, until=fold.validation)
        rows = Rows(series=series, until=fold.test, horizons=horizons, scaling=scaling)
        test = slice(fold.test - 1, fold.end - 1)
        actual = rows.ahead[test]
        for name, forecast in {
            "chosen": fit_base(rows, choose_base(rows)).distribution,
            "combined": rows.fit(Combined()).distribution,
            "gjr": rows.fit(BY_NAME["gjr"]).distribution,
        }.items():
            losses[name].append(forecast[test].nll(actual))
    return {name: np.nanmean(np.concatenate(e), 0) for name, e in losses.items()}


def base():
    """Print what the combination, and GJR, gain over the chosen base."""
    print("NLL minus that of the chosen base, by horizon: mean (standard error)")
    with pool() as workers:
        jobs = {
            n: [workers.submit(one_base, s) for s in e]
            for n, e in many_series().items()
        }
        for kind, started in jobs.items():
            found = [job.result() for job in started]
            for name in ("combined", "gjr"):
                more = np.array([each[name] - each["chosen"] for each in found])
                _print_mean(f"{kind:<20}{name}", more)


FACTORS = np.linspace(0, 1, 11)


def gains_by_factor(before, after, actual, horizons):
    """As `choice.gains`, by factor of the correction (rows, horizons, factors)."""

    def corrected(factor):
        moved = [
            getattr(before, name)
            + factor * (getattr(after, name) - getattr(before, name))
            for name in ("mean", "log_variance", "freedom")
        ]
        return ForecastDistribution.broadcast(*moved)

    each = [choice.gains(before, corrected(f), actual, horizons) for f in FACTORS]
    return np.stack(each, axis=-1)


def likeliest_factor(gained, horizons):
    """Return the least factor whose gain is within a standard error of the greatest."""
    found = np.zeros(len(horizons))
    for column, ahead in enumerate(horizons):
        known = gained[:, column][~np.isnan(gained[:, column, 0])]
        if len(known) < 2 * ahead + 2:
            continue
        less = known[:, [known.mean(0).argmax()]] - known
        errors = [choice.standard_error(each, ahead) for each in less.T]
        found[column] = FACTORS[np.argmax(less.mean(0) <= errors)]
    return found


def one_series_of_factors(series):
    """Train once; return the likelihoods with the program's factors and the others."""
    fit, losses = Lstm.fit, ([], [])

    def fit_twice(self, rows):
        fold = self.prepared[rows.until].fold
        test = slice(fold.test - 1, fold.end - 1)
        patches = [
            mock.patch.object(module, name, other)
            for module in (lstm, readout)
            for name, other in (
                ("gains", gains_by_factor),
                ("shrinkage", likeliest_factor),
            )
        ]
        with patches[0], patches[1], patches[2], patches[3]:
            other = fit(self, rows)
        usual = fit(self, rows)
        for found, fitted in zip(losses, (usual, other), strict=True):
            found.append(fitted.predict(test).nll(rows.ahead[test]))
        return usual

    with mock.patch.object(Lstm, "fit", fit_twice):
        result_of(series, 0)
    return [np.nanmean(np.concatenate(each), 0) for each in losses]


def factors():
    """Print what the likeliest factors gain over the program's."""
    print("NLL minus that of the program's factors, by horizon: mean (standard error)")
    with pool() as workers:
        jobs = {
            n: [workers.submit(one_series_of_factors, s) for s in e[: EACH // 2]]
            for n, e in many_series().items()
        }
        for kind, started in jobs.items():
            more = np.array([np.subtract(*job.result()[::-1]) for job in started])
            _print_mean(kind, more)


def many_series():
    """Return the simulated series by kind, and the six samples."""
    every = {
        KINDS[kind]: [
            series_of(kind, simulate(kind, index)[0]) for index in range(2 * EACH)
        ]
        for kind in KINDS
    }
    return every | {"the six samples": list(map(load_sample, SAMPLES))}


def _print_mean(name, more):
    error = more.std(0, ddof=1) / np.sqrt(len(more))
    text = ", ".join(
        f"{m:+.4f} ({e:.4f})" for m, e in zip(more.mean(0), error, strict=True)
    )
    print(f"{name:<30}{text}", flush=True)


SIGNS = {"better": "+", "worse": "-", "same": "0"}
PARTS = {
    "simulations": simulations,
    "splits": splits,
    "samples": samples,
    "further": further_series,
    "direction": direction,
}
ON_REQUEST = {"seeds": seeds, "memory": memory, "base": base, "factors": factors}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        (PARTS | ON_REQUEST)[part]()
