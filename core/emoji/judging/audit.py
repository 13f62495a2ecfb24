"""Which labels look wrong, and whether more sentences would help.

Both need many fits, so they use a quick model: softmax regression on the mean of the
word vectors, in NumPy.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from core.emoji.judging.metrics import accuracy_interval
from core.emoji.model.answering import Model, softmax
from core.emoji.text.rows import Rows
from core.stats import Interval

FOLDS = 5
DOUBTFUL = 0.15  # a label less probable than this is worth a second look
SHARES = (0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
RIDGE = 1e-3
STEPS = 200
MOMENTUM = 0.9


class DoubtfulLabel(NamedTuple):
    """A training sentence whose label the other sentences contradict."""

    text: str
    label: int
    predicted: int
    probability: float  # of its label


class CurvePoint(NamedTuple):
    """The accuracy after training on a part of the sentences."""

    rows: int
    accuracy: Interval


def out_of_fold(
    model: Model, rows: Rows, seed: int = 0, folds: np.ndarray | None = None
) -> np.ndarray:
    """Return probabilities of a model that never saw the sentence (rows, classes).

    A softmax regression is fitted five times without a fifth of the sentences,
    which it then predicts (in the spirit of Northcutt, Jiang & Chuang 2021). The
    fifths are drawn unless `folds` gives them (rows,).
    """
    x, labels = mean_vectors(model, rows.texts), rows.targets
    probabilities = np.empty((len(rows), len(model.labels)))
    if folds is None:
        folds = np.random.default_rng(seed).permutation(len(rows)) % FOLDS
    for number in range(FOLDS):
        held_out = folds == number
        weights = fit_regression(x[~held_out], labels[~held_out], len(model.labels))
        probabilities[held_out] = softmax(x[held_out] @ weights)
    return probabilities


def doubtful_labels(rows: Rows, probabilities: np.ndarray) -> list[DoubtfulLabel]:
    """Return the improbable labels, the most improbable first.

    Parameters
    ----------
    rows
        The sentences.
    probabilities
        Of `out_of_fold` (rows, classes).
    """
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
        probabilities = softmax(
            test_x @ fit_regression(x[part], labels[part], len(model.labels))
        )
        accuracy = accuracy_interval(probabilities, test.targets)
        points.append(CurvePoint(len(part), accuracy))
    return points


def mean_vectors(model: Model, texts: Sequence[str]) -> np.ndarray:
    """Return the mean vector of each text, and a 1 (texts, size + 1).

    Trained vectors depend on every label, so those before training are used.
    """
    vectors = replace(model, adapted={}).vectors_of(texts)
    means = np.array([words.mean(axis=0) for words in vectors])
    return np.column_stack([means, np.ones(len(means), np.float32)])


def fit_regression(x: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Fit a softmax regression by accelerated gradient descent (size, classes)."""
    targets = np.eye(classes)[labels]
    scale = np.sqrt(np.mean(np.square(x), axis=0)) + 1e-6
    z = x / scale
    # The inverse of a bound on the curvature of the loss: a longer step may diverge.
    step = 1.0 / (np.linalg.eigvalsh(z.T @ z / len(z))[-1] * 0.5 + RIDGE)
    weights = np.zeros((x.shape[1], classes))
    velocity = np.zeros_like(weights)
    for _ in range(STEPS):
        ahead = weights + MOMENTUM * velocity
        gradient = z.T @ (softmax(z @ ahead) - targets) / len(z) + RIDGE * ahead
        velocity = MOMENTUM * velocity - step * gradient
        weights = weights + velocity
    return np.asarray(weights / scale[:, None])
