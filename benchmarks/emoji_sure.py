"""Sure and wrong, by phenomenon, now and before: python -m benchmarks.emoji_sure.

Answers the frozen mixed set with the model that ships, and with the one that shipped
before there was an answer "none", which is read from the history of the repository.
Coverage is the share of sentences that get a sure answer, in which a sure "none" counts
as an answer; the error is the share of the sure answers that are wrong. Brackets are
95% Wilson intervals. Then the figures of the older sets, and
coverage and error at other thresholds, on development sentences, which chose it.

Both models read words as today: the vectors of either are GloVe, 50 dimensions, adapted
to their training sentences.
"""

import subprocess
import sys
from dataclasses import replace

import numpy as np

from core.arrays import unpack
from core.emoji.judging.selective import (
    answers,
    coverage_curve,
    selective_by_phenomenon,
)
from core.emoji.pretrained import load
from core.emoji.result import Result
from core.emoji.text.corpus import Sentences, shipped
from core.stats import bootstrap

BEFORE = "f27df87:data/pretrained/emoji.npz"  # the last model without "none"
THRESHOLDS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
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


def main():
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
