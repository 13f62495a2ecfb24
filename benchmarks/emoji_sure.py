"""Errors of sure answers by phenomenon: python -m benchmarks.emoji_sure.

Answers the frozen mixed set with the bundled model, and with that of an earlier version
without the answer "none", read from the history of the repository. Coverage is the
share of sentences with a sure answer, a sure "none" included; the error is the share of
wrong ones among the sure answers. Brackets are 95% Wilson intervals. Then the figures
of the older sets, and coverage and error at other thresholds on the development
sentences, which chose the threshold.

With `--simulate`: how often the bound of sure answers is violated, and how often an
answer is sure, in 2,000 simulated models each, whose confidence is calibrated up to a
constant on some development sentences; and the same with half of the sentences for the
choice of the threshold and the other half for its check.

Both models read words as today: the vectors of either are GloVe, 50 dimensions, adapted
to their training sentences.
"""

import subprocess
import sys
from dataclasses import replace

import numpy as np

from core.arrays import unpack
from core.emoji.judging.selective import (
    MAX_BOUND,
    MAX_ERROR,
    answers,
    choose_sure,
    coverage_curve,
    selective,
    selective_by_phenomenon,
)
from core.emoji.model.answering import NEVER
from core.emoji.pretrained import load
from core.emoji.result import Result
from core.emoji.text.corpus import Sentences, shipped
from core.stats import bootstrap, upper_bound

BEFORE = "f27df87:data/pretrained/emoji.npz"  # the last model without "none"
THRESHOLDS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
TRIALS = 2_000
FIGURES = ("accuracy", "macro_f1", "ece", "development", "challenge", "negation")


def before() -> Result:
    """The model that shipped before, from the history of the repository."""
    git = ["git", "show", BEFORE]
    content = unpack(subprocess.run(git, capture_output=True, check=True).stdout)
    result = Result.decode(content["best"].tobytes())
    return replace(result, data=Sentences.decode(content["sentences"].tobytes()))


def print_mixed(name, result, shares):
    print(f"\n{name}, sure from {result.threshold:.3f}")
    print(f"{'':<10}{'rows':>6}{'sure':>6}{'coverage':>20}{'wrong':>7}{'error':>20}")
    for found in selective_by_phenomenon(shares, shipped().mixed, result.threshold):
        print(
            f"{found.phenomenon or 'all':<10}{found.rows:>6}{found.sure:>6}"
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


def main():
    if "--simulate" in sys.argv:
        simulate()
        return
    now = load()
    models = {"now": now}
    try:
        models = {"before": before(), **models}
    except (OSError, subprocess.CalledProcessError):
        print("The repository has no history here: only the present model.")
    rows = shipped().mixed
    right = {}
    for name, result in models.items():
        shares = result.model.predict_shares(rows.texts)
        print_mixed(name, result, shares)
        sure = shares.max(axis=1) >= result.threshold
        right[name] = answers(shares) == rows.targets
        print(f"sure and right: {np.mean(sure & right[name]):.1%} of all sentences")
    if len(right) == 2:
        gain = right["now"].astype(float) - right["before"]
        found = bootstrap(lambda chosen: float(gain[chosen].mean()), len(gain))
        print(f"\nright, sure or not, now - before: {interval(found)}")
    print(f"\n{'':<14}" + "".join(f"{name:>9}" for name in models))
    for name in FIGURES:
        values = "".join(f"{r.summary()[name]:>9.3f}" for r in models.values())
        print(f"{name:<14}{values}")
    shares, labels = now.choosing()
    curve = coverage_curve(shares, labels, THRESHOLDS)
    print(f"\nDevelopment, {len(labels)} difficult sentences")
    for row in zip(curve.threshold, curve.coverage, curve.error, strict=True):
        print("threshold {:.3f}  coverage {:6.1%}  error {:6.1%}".format(*row))


if __name__ == "__main__":
    sys.exit(main())
