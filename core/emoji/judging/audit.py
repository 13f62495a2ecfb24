"""Doubtful labels, and the benefit of more sentences.

Both need many fits, so they use a quick model: logistic regression on the mean of the
word vectors.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from core.emoji.judging.metrics import accuracy_interval
from core.emoji.model.answering import Model, softmax
from core.emoji.model.regression import cross_validated, fit, folds_of, scores
from core.emoji.text.rows import Rows
from core.stats import Interval

DOUBTFUL = 0.15  # a label less probable than this is worth a second look
SHARES = (0.1, 0.2, 0.35, 0.5, 0.75, 1.0)


class DoubtfulLabel(NamedTuple):
    """A training sentence with a doubtful label."""

    text: str
    label: int
    predicted: int
    probability: float  # probability of the given label


class CurvePoint(NamedTuple):
    """The accuracy after training on a part of the sentences."""

    rows: int
    accuracy: Interval


def out_of_fold(
    model: Model, rows: Rows, seed: int = 0, folds: np.ndarray | None = None
) -> np.ndarray:
    """Return probabilities of a model that never saw the sentence (rows, classes).

    A regression is fitted five times without a fifth of the sentences, which it then
    predicts (in the spirit of Northcutt, Jiang & Chuang 2021). The fifths are drawn
    unless `folds` gives them (rows,).
    """
    x, labels = mean_vectors(model, rows.texts), rows.targets
    folds = folds_of(labels, seed) if folds is None else folds
    return softmax(cross_validated(x, labels, len(model.labels), folds))


def doubtful_labels(rows: Rows, probabilities: np.ndarray) -> list[DoubtfulLabel]:
    """Return the labels improbable by `out_of_fold`, the most improbable first."""
    labels = rows.targets
    of_label = probabilities[np.arange(len(rows)), labels]
    return [
        DoubtfulLabel(
            rows.texts[index],
            int(labels[index]),
            int(probabilities[index].argmax()),
            float(of_label[index]),
        )
        for index in np.argsort(of_label, kind="stable")
        if of_label[index] < DOUBTFUL
    ]


def learning_curve(
    model: Model, train: Rows, test: Rows, seed: int = 0
) -> list[CurvePoint]:
    """Fit the quick model to growing parts of the training set; evaluate each.

    The parts are those of `SHARES`, each inside the next.
    """
    x, labels = mean_vectors(model, train.texts), train.targets
    test_x = mean_vectors(model, test.texts)
    order = np.random.default_rng(seed).permutation(len(train))
    points = []
    for share in SHARES:
        part = order[: max(len(model.labels), round(share * len(order)))]
        weights = fit(x[part], labels[part], len(model.labels))
        probabilities = softmax(scores(test_x, weights))
        accuracy = accuracy_interval(probabilities, test.targets)
        points.append(CurvePoint(len(part), accuracy))
    return points


def mean_vectors(model: Model, texts: Sequence[str]) -> np.ndarray:
    """Return the mean vector of each text (texts, size).

    Trained vectors depend on every label, so those before training are used.
    """
    vectors = replace(model, adapted={}).vectors_of(texts)
    return np.array([words.mean(axis=0) for words in vectors])
