"""Which labels look wrong, and whether more sentences would help.

Both need many fits, so they use the quick model: softmax regression on the mean of
the word vectors, in NumPy.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from core.emoji.judging.metrics import Interval, accuracy_interval
from core.emoji.labels import CLASSES
from core.emoji.model.answering import Model
from core.emoji.model.reading import softmax
from core.emoji.text.rows import Rows

FOLDS = 5
CONTESTED = 0.15  # a label less probable than this is worth a second look
SHARES = (0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
RIDGE = 1e-3
STEPS = 200
MOMENTUM = 0.9


@dataclass(frozen=True, kw_only=True)
class Contested:
    """A training sentence whose label the other sentences speak against.

    Attributes
    ----------
    place
        In the rows that were audited.
    text, label
        As it is there.
    instead, probability
        What the others speak for, and how strongly.
    given
        Probability of its own label.
    """

    place: int
    text: str
    label: int
    instead: int
    probability: float
    given: float


def second_opinions(model: Model, rows: Rows, seed: int = 0) -> np.ndarray:
    """Return what is said of each sentence by a model that never saw it (rows, 5).

    A softmax regression is fitted five times without a fifth of the sentences,
    which it then judges (in the spirit of Northcutt, Jiang & Chuang 2021).
    """
    x, labels = mean_vectors(model, rows.texts), rows.targets
    probabilities = np.empty((len(rows), CLASSES))
    fold = np.random.default_rng(seed).permutation(len(rows)) % FOLDS
    for number in range(FOLDS):
        inside = fold == number
        weights = fit_regression(x[~inside], labels[~inside])
        probabilities[inside] = judge(weights, x[inside])
    return probabilities


def contested(rows: Rows, opinions: np.ndarray) -> list[Contested]:
    """Return the sentences whose label is improbable, the most improbable first.

    Parameters
    ----------
    rows
        The sentences.
    opinions
        Of `second_opinions` (rows, 5).
    """
    labels = rows.targets
    given = opinions[np.arange(len(rows)), labels]
    return [
        Contested(
            place=int(place),
            text=rows.texts[place],
            label=int(labels[place]),
            instead=int(opinions[place].argmax()),
            probability=float(opinions[place].max()),
            given=float(given[place]),
        )
        for place in np.argsort(given, kind="stable")
        if given[place] < CONTESTED
    ]


class Learned(NamedTuple):
    """What came of learning from a part of the sentences."""

    rows: int
    accuracy: Interval


def learning_curve(
    model: Model, learned: Rows, judged: Rows, seed: int = 0
) -> list[Learned]:
    """Fit the quick model on growing parts of the sentences, and judge each.

    The parts are those of `SHARES`, each inside the next.
    """
    x, labels = mean_vectors(model, learned.texts), learned.targets
    others, wanted = mean_vectors(model, judged.texts), judged.targets
    order = np.random.default_rng(seed).permutation(len(learned))
    points = []
    for share in SHARES:
        part = order[: max(CLASSES, round(share * len(order)))]
        answers = judge(fit_regression(x[part], labels[part]), others)
        points.append(Learned(len(part), accuracy_interval(answers, wanted)))
    return points


def mean_vectors(model: Model, texts: Sequence[str]) -> np.ndarray:
    """Return the mean vector of each text, and a 1 (texts, size + 1).

    Vectors that were trained have seen every label, so those before training count.
    """
    untrained = replace(model, adapted={})
    means = [untrained.mean_vector(text) for text in texts]
    return np.column_stack([np.array(means), np.ones(len(means), np.float32)])


def fit_regression(x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Fit a softmax regression by accelerated gradient descent (size, 5)."""
    wanted = np.eye(CLASSES)[labels]
    scale = np.sqrt(np.mean(np.square(x), axis=0)) + 1e-6
    z = x / scale
    # No step may be longer than the curvature of the loss allows.
    step = 1.0 / (np.linalg.eigvalsh(z.T @ z / len(z))[-1] * 0.5 + RIDGE)
    weights = np.zeros((x.shape[1], CLASSES))
    speed = np.zeros_like(weights)
    for _ in range(STEPS):
        ahead = weights + MOMENTUM * speed
        gradient = z.T @ (softmax(z @ ahead) - wanted) / len(z) + RIDGE * ahead
        speed = MOMENTUM * speed - step * gradient
        weights = weights + speed
    return np.asarray(weights / scale[:, None])


def judge(weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the regression's probability of each emoji (rows, 5)."""
    return softmax(x @ weights)
