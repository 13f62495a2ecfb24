"""Errors of sure answers by phenomenon: python -m benchmarks.emoji_sure.

Answers the frozen sets with the bundled model: mixed; twelve trades that occur nowhere
else; everyday negations, idioms and sarcasm. Coverage is the share of sentences with a
sure answer, a sure "none" included; the error is the share of wrong ones among the sure
answers. Brackets are 95% Wilson intervals. Then the figures
of the older sets, and coverage and error at other thresholds on the development
sentences, which chose the threshold.

With `--simulate`: how often the bound of sure answers is violated, and how often an
answer is sure, in 2,000 simulated models each, whose confidence is calibrated up to a
constant on some development sentences; and the same with half of the sentences for the
choice of the threshold and the other half for its check.

With `--seeds`: the default model trained with seeds 0 to 4, about a minute each, and
the errors of each on the frozen sets.
"""

import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the workers have it

import numpy as np

from core.emoji import TASK, Config
from core.emoji.judging.selective import (
    MAX_BOUND,
    MAX_ERROR,
    choose_sure,
    coverage_curve,
    selective,
    selective_by_phenomenon,
)
from core.emoji.model.answering import NEVER
from core.emoji.pretrained import load
from core.emoji.text.corpus import FOLDER, shipped
from core.emoji.text.rows import read_csv
from core.stats import upper_bound
from core.training import finish

THRESHOLDS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
TRIALS = 2_000
SEEDS = range(5)
SETS = ("mixed", "trades", "everyday")  # frozen
FIGURES = ("accuracy", "macro_f1", "ece", "development", "challenge", "negation")


def print_sure(name, result, rows, shares):
    print(f"\n{name}, sure from {result.threshold:.3f}")
    print(f"{'':<10}{'rows':>6}{'sure':>6}{'coverage':>20}{'wrong':>7}{'error':>20}")
    for found in selective_by_phenomenon(shares, rows, result.threshold):
        print(
            f"{(found.phenomenon or 'all')[:10]:<10}{found.rows:>6}{found.sure:>6}"
            f"{interval(found.coverage):>20}{found.wrong:>7}{interval(found.error):>20}"
        )


def interval(value):
    return f"{value.value:6.1%} [{value.low:4.0%},{value.high:5.0%}]"


def simulated(random, rows, accuracy):
    """Shares of two classes and of none, and labels."""
    confidence = random.uniform(0.5, 1.0, rows)
    right = random.random(rows) < accuracy + 0.3 * (confidence - 0.75)
    shares = np.column_stack([confidence, 1 - confidence, np.zeros(rows)])
    return shares, np.where(right, 0, 1)


def in_halves(shares, labels):
    """The lowest threshold with at most 4% wrong in one half, if the other passes."""
    half = len(labels) // 2
    thresholds = np.sort(shares[:half].max(axis=1))
    found = coverage_curve(shares[:half], labels[:half], thresholds).error
    if not (found <= MAX_ERROR).any():
        return NEVER
    threshold = float(thresholds[np.argmax(found <= MAX_ERROR)])
    checked = selective(shares[half:], labels[half:], threshold)
    passed = upper_bound(np.array(checked.wrong), np.array(checked.sure)) < MAX_BOUND
    return threshold if checked.sure and passed else NEVER


def true_error(threshold, accuracy):
    """The error of sure answers to endlessly many sentences."""
    return 1 - (accuracy + 0.3 * ((threshold + 1) / 2 - 0.75))


def simulate():
    random = np.random.default_rng(0)
    print("rows  accuracy  in sequence: sure, broken   in halves: sure, broken")
    for rows in (24, 32, 64, 128, 466):
        for accuracy in (0.70, 0.75, 0.80, 0.85, 0.90):
            counts = np.zeros(4)
            for _ in range(TRIALS):
                data = simulated(random, rows, accuracy)
                for place, method in enumerate((choose_sure, in_halves)):
                    if (threshold := method(*data)) < NEVER:
                        broken = true_error(threshold, accuracy) > MAX_BOUND
                        counts[2 * place : 2 * place + 2] += 1, broken
            print(f"{rows:>4}{accuracy:>10}", (counts / TRIALS).round(3), flush=True)


def train_seeds():
    for seed in SEEDS:
        result = finish(TASK.train(Config(seed=seed), shipped()))
        summary = result.summary()
        print(f"\nseed {seed}", *(f"{name} {summary[name]:.3f}" for name in FIGURES))
        for name, rows in frozen():
            shares = result.model.predict_shares(rows.texts)
            of_all = selective_by_phenomenon(shares, rows, result.threshold)[0]
            print(
                f"{name:<10} coverage{interval(of_all.coverage):>20}, of {of_all.sure} "
                f"{of_all.wrong} wrong,{interval(of_all.error):>20}",
                flush=True,
            )


def frozen():
    """The names and rows of the frozen sets."""
    return [(name, read_csv((FOLDER / f"{name}.csv").read_bytes())) for name in SETS]


def main():
    if "--simulate" in sys.argv:
        simulate()
        return
    if "--seeds" in sys.argv:
        train_seeds()
        return
    now = load()
    for name, rows in frozen():
        print_sure(name, now, rows, now.model.predict_shares(rows.texts))
    print()
    for name in FIGURES:
        print(f"{name:<14}{now.summary()[name]:>9.3f}")
    shares, labels = now.choosing()
    curve = coverage_curve(shares, labels, THRESHOLDS)
    print(f"\nDevelopment, {len(labels)} difficult sentences")
    for row in zip(curve.threshold, curve.coverage, curve.error, strict=True):
        print("threshold {:.3f}  coverage {:6.1%}  error {:6.1%}".format(*row))


if __name__ == "__main__":
    sys.exit(main())
