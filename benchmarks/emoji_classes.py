"""Models of own classes with few sentences: python -m benchmarks.emoji_classes.

For each starter set and for 8 and 32 sentences a class, drawn ten times: accuracy on
the held-out sentences of data/emoji/held_out, by other authors and unused in any
choice, of the small model and of two rivals: logistic regression on the mean of the
unchanged GloVe vectors, and on TF-IDF of words, pairs of words and pieces of words.
Beside it the cross-validated accuracy of the page, and how often its interval contains
the accuracy on the other sentences of the starter set; the share of sure held-out
answers and of wrong ones among them; and the seconds of a training.
"""

import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the workers have it

from dataclasses import replace

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from core.emoji import Config, train
from core.emoji.judging.audit import mean_vectors
from core.emoji.judging.metrics import accuracy
from core.emoji.judging.selective import selective
from core.emoji.model.regression import fit, scores
from core.emoji.own_classes import STARTERS, starter
from core.emoji.text.corpus import FOLDER
from core.emoji.text.rows import read_csv
from core.training import finish

SIZES = (8, 32)
DRAWS = 10
COLUMNS = (
    "new",
    "mean vector",
    "TF-IDF",
    "cross-validated",
    "in interval",
    "sure",
    "sure and wrong",
    "seconds",
)


def held_out(name, labels):
    """The sentences of another voice, to judge a starter set's models by."""
    content = (FOLDER / "held_out" / f"{name}.csv").read_bytes()
    return read_csv(content, labels=labels)


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


def tf_idf(rows, new):
    """Right answers of TF-IDF to new sentences."""
    pieces = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+"),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True),
    )
    model = make_pipeline(pieces, LogisticRegression(C=10, max_iter=1_000))
    return model.fit(rows.texts, rows.targets).score(new.texts, new.targets)


def evaluate(name, each, seed):
    data, others = drawn(starter(name), each, seed)
    new = held_out(name, data.labels)
    start = time.perf_counter()
    result = finish(train(Config.preset("small", seed=seed), data))
    seconds = time.perf_counter() - start
    found, plain, classes = result.cross_validation, result.plain_model, data.labels
    weights = fit(
        mean_vectors(plain, data.train.texts), data.train.targets, len(classes)
    )
    sure = selective(
        result.model.predict_shares(new.texts), new.targets, result.threshold
    )
    right = accuracy(result.model.predict(others.texts), others.targets)
    return {
        "new": accuracy(result.model.predict(new.texts), new.targets),
        "mean vector": accuracy(
            scores(mean_vectors(plain, new.texts), weights), new.targets
        ),
        "TF-IDF": tf_idf(data.train, new),
        "cross-validated": found.ours.value,
        "in interval": float(found.ours.low <= right <= found.ours.high),
        "sure": sure.coverage.value,
        "sure and wrong": sure.wrong / max(1, sure.sure),
        "seconds": seconds,
    }


def main():
    print(" | ".join(("set", "each", *COLUMNS)))
    for name in sys.argv[1:] or STARTERS:
        for each in SIZES:
            rows = [evaluate(name, each, seed) for seed in range(DRAWS)]
            cells = [f"{np.mean([row[c] for row in rows]):.3f}" for c in COLUMNS]
            print(" | ".join((name, str(each), *cells)), flush=True)


if __name__ == "__main__":
    sys.exit(main())
