"""Logistic regression on vectors of sentences, by scikit-learn, and its folds.

scikit-learn is imported where it is used: the web process answers without it.
"""

import numpy as np

FOLDS = 5
STRENGTH = 1.0  # how far one sentence may move the weights: scikit-learn's C
ITERATIONS = 1_000
ABSENT = -30.0  # the score of a class without a sentence

Array = np.ndarray


def fit(
    x: Array,
    labels: Array,
    classes: int,
    strength: float = STRENGTH,
    row_weights: Array | None = None,
) -> Array:
    """Fit a regression of the labels (rows,) on x (rows, size).

    Returns its weights, the last row the bias (size + 1, classes). The strength is the
    inverse of the penalty on the weights; without weights all rows count alike.
    """
    from sklearn.linear_model import LogisticRegression

    present = np.unique(labels)
    weights = np.zeros((x.shape[1] + 1, classes))
    weights[-1] = ABSENT
    if len(present) == 1:
        weights[-1, present] = 0.0
        return weights
    model = LogisticRegression(C=strength, max_iter=ITERATIONS)
    model.fit(x, labels, row_weights)
    found = np.vstack([model.coef_.T, model.intercept_])
    if len(present) == 2:  # scikit-learn has one score for two classes
        found = np.hstack([-found / 2, found / 2])
    weights[:, present] = found
    return weights


def scores(x: Array, weights: Array) -> Array:
    """Return the score of each class (rows, classes) by the weights of `fit`."""
    return np.asarray(x @ weights[:-1] + weights[-1])


def folds_of(labels: Array, seed: int = 0) -> Array:
    """Return the fold of each row (rows,), each class spread over all if it can be."""
    from sklearn.model_selection import KFold, StratifiedKFold

    few = np.unique(labels, return_counts=True)[1].min() < FOLDS
    kind = KFold if few else StratifiedKFold
    folds = np.empty(len(labels), np.int64)
    splits = kind(min(FOLDS, len(labels)), shuffle=True, random_state=seed).split(
        labels, labels
    )
    for number, (_, held_out) in enumerate(splits):
        folds[held_out] = number
    return folds


def cross_validated(
    x: Array,
    labels: Array,
    classes: int,
    folds: Array,
    strength: float = STRENGTH,
    row_weights: Array | None = None,
) -> Array:
    """Return each row's scores by a regression without its fold (rows, classes)."""
    found = np.empty((len(labels), classes))
    counts = np.ones(len(labels)) if row_weights is None else row_weights
    for number in np.unique(folds):
        left_out = folds == number
        weights = fit(
            x[~left_out], labels[~left_out], classes, strength, counts[~left_out]
        )
        found[left_out] = scores(x[left_out], weights)
    return found
