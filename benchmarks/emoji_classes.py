"""Models of own classes: python -m benchmarks.emoji_classes [--encoder FOLDER] [SET].

For each starter set and for 8 and 32 sentences a class, drawn ten times: accuracy on
the held-out sentences of data/emoji/held_out, by other authors and unused in any
choice, of the small model and of two rivals: logistic regression on the mean of the
unchanged GloVe vectors, and on TF-IDF of words, pairs of words and pieces of words.
Beside it the cross-validated accuracy of the page, and how often its interval contains
the accuracy on the other sentences of the starter set; the share of sure held-out
answers and of wrong ones among them; and the seconds of a training.

With `--encoder`, also logistic regression on the vectors of the whole sentence encoder
whose first layer the small model has: what a model could reach that reads sentences,
and not words. FOLDER is that of `core.emoji.word_vectors`.
"""

import argparse
import functools
import json
import math
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the workers have it

from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.special import erf
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from core.emoji import TASK, Config
from core.emoji.judging.audit import mean_vectors
from core.emoji.judging.metrics import accuracy
from core.emoji.judging.selective import selective
from core.emoji.model.answering import softmax
from core.emoji.model.regression import fit, scores
from core.emoji.own_classes import STARTERS, starter
from core.emoji.text.corpus import FOLDER
from core.emoji.text.rows import read_csv
from core.emoji.word_vectors import PIECES, pieces, read_weights
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


class Encoder:
    """all-MiniLM-L6-v2, a transformer of 6 layers, one sentence after the other."""

    def __init__(self, folder):
        about = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        self.vocabulary = about["model"]["vocab"]
        file = folder / "model.safetensors"
        self.weight = functools.cache(lambda name: read_weights(file, name))
        self.vector = functools.cache(self._vector)

    def right(self, rows, new):
        """Right answers to new sentences."""
        x, new_x = (np.array([*map(self.vector, r.texts)]) for r in (rows, new))
        model = LogisticRegression(C=10, max_iter=1_000)
        return model.fit(x, rows.targets).score(new_x, new.targets)

    def _vector(self, text):
        """Return the mean of the last layer's outputs, of length 1 (384,)."""
        words = pieces(text.lower(), self.vocabulary)
        ids = [self.vocabulary["[CLS]"], *words, self.vocabulary["[SEP]"]]
        x = self.weight(PIECES)[ids]
        x = x + self.weight("embeddings.position_embeddings.weight")[: len(ids)]
        x = x + self.weight("embeddings.token_type_embeddings.weight")[0]
        x = self._normalised(x, "embeddings.LayerNorm")
        for number in range(6):
            x = self._layer(x, f"encoder.layer.{number}.")
        mean = x.mean(axis=0)
        return mean / np.linalg.norm(mean)

    def _layer(self, x, name):
        q, k, v = (
            self._linear(x, f"{name}attention.self.{part}").reshape(len(x), 12, 32)
            for part in ("query", "key", "value")
        )
        shares = softmax(np.einsum("qhd,khd->hqk", q, k) / math.sqrt(32))
        read = np.einsum("hqk,khd->qhd", shares, v).reshape(x.shape)
        read = self._linear(read, f"{name}attention.output.dense")
        x = self._normalised(x + read, f"{name}attention.output.LayerNorm")
        hidden = self._linear(x, f"{name}intermediate.dense")
        hidden = hidden * 0.5 * (1 + erf(hidden / math.sqrt(2)))
        out = self._linear(hidden, f"{name}output.dense")
        return self._normalised(x + out, f"{name}output.LayerNorm")

    def _linear(self, x, name):
        return x @ self.weight(f"{name}.weight").T + self.weight(f"{name}.bias")

    def _normalised(self, x, name):
        x = x - x.mean(axis=1, keepdims=True)
        x = x / np.sqrt(np.mean(x * x, axis=1, keepdims=True) + 1e-12)
        return x * self.weight(f"{name}.weight") + self.weight(f"{name}.bias")


def evaluate(name, each, seed, encoder=None):
    data, others = drawn(starter(name), each, seed)
    new = held_out(name, data.labels)
    start = time.perf_counter()
    result = finish(TASK.train(Config.preset("small", seed=seed), data))
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
        **({"encoder": encoder.right(data.train, new)} if encoder else {}),
        "cross-validated": found.ours.value,
        "in interval": float(found.ours.low <= right <= found.ours.high),
        "sure": sure.coverage.value,
        "sure and wrong": sure.wrong / max(1, sure.sure),
        "seconds": seconds,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(STARTERS))
    parser.add_argument("--encoder", type=Path, metavar="FOLDER")
    args = parser.parse_args()
    encoder = Encoder(args.encoder) if args.encoder else None
    columns = (*COLUMNS, "encoder") if encoder else COLUMNS
    print(" | ".join(("set", "each", *columns)))
    for name in args.sets or STARTERS:
        for each in SIZES:
            rows = [evaluate(name, each, seed, encoder) for seed in range(DRAWS)]
            cells = [f"{np.mean([row[c] for row in rows]):.3f}" for c in columns]
            print(" | ".join((name, str(each), *cells)), flush=True)


if __name__ == "__main__":
    sys.exit(main())
