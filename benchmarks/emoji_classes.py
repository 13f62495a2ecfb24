"""Models of a few sentences of one's own classes: python -m benchmarks.emoji_classes.

For each starter set and for 8, 16 and 32 sentences a class, drawn ten times: the
cross-validated accuracy of the small model, as the page shows it, and its accuracy on
the sentences that were not drawn, with the 95% interval of the mean over the draws;
both of the mean-vector model as well; chance; how often Wilson's interval holds the
accuracy on the others; and seconds of a training.

The small model was designed on these sets: chosen were the word vectors, the two
readings, the weights of rare words, and the ridge, of a few each. So these figures are
a little too good.
"""

import json
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the workers have it

from dataclasses import replace

import numpy as np

from core.emoji import Config, train
from core.emoji.judging.audit import fit_regression, mean_vectors
from core.emoji.judging.metrics import accuracy
from core.emoji.own_classes import STARTERS, starter

SIZES = (8, 16, 32)
DRAWS = 10


def result_of(training):
    while True:
        try:
            next(training)
        except StopIteration as end:
            return end.value


def drawn(data, each, seed):
    """Some sentences of each class, and all the others."""
    random = np.random.default_rng(seed)
    targets = data.train.targets
    chosen = np.concatenate(
        [
            random.permutation(np.flatnonzero(targets == label))[:each]
            for label in range(len(data.labels))
        ]
    )
    others = np.setdiff1d(np.arange(len(targets)), chosen)
    return replace(data, train=data.train.take(chosen)), data.train.take(others)


def evaluate(name, each, seed):
    data, others = drawn(starter(name), each, seed)
    start = time.perf_counter()
    result = result_of(train(Config.preset("small", seed=seed), data))
    seconds = time.perf_counter() - start
    found, plain = result.cross_validation, result.plain_model
    mean = fit_regression(
        mean_vectors(plain, data.train.texts), data.train.targets, len(data.labels)
    )
    new = accuracy(result.model.predict(others.texts), others.targets)
    return {
        "cross_validated": found.ours.value,
        "mean_vectors": found.mean_vectors.value,
        "new": new,
        "mean_vectors_new": accuracy(
            mean_vectors(plain, others.texts) @ mean, others.targets
        ),
        "in_interval": float(found.ours.low <= new <= found.ours.high),
        "chance": found.chance,
        "seconds": seconds,
    }


def summary(rows, name):
    values = np.array([row[name] for row in rows])
    return values.mean(), 1.96 * values.std(ddof=1) / np.sqrt(len(values))


def main():
    everything = {}
    head = ("set", "each", "cross-validated", "mean-vector", "on new", "mean-vector")
    print(" | ".join((*head, "chance", "in interval", "s")))
    for name in STARTERS:
        for each in SIZES:
            rows = [evaluate(name, each, seed) for seed in range(DRAWS)]
            cells = [
                "{:.3f} ±{:.3f}".format(*summary(rows, figure))
                for figure in (
                    "cross_validated",
                    "mean_vectors",
                    "new",
                    "mean_vectors_new",
                )
            ]
            more = [
                f"{summary(rows, figure)[0]:.2f}"
                for figure in ("chance", "in_interval", "seconds")
            ]
            print(" | ".join((name, str(each), *cells, *more)), flush=True)
            everything[f"{name} {each}"] = rows
    if "--json" in sys.argv:
        print(json.dumps(everything))


if __name__ == "__main__":
    main()
