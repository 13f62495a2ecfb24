"""Metrics of classification and calibration: functions of probabilities and labels."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.emoji.text.rows import Rows
from core.stats import RESAMPLES, Interval, bootstrap, wilson

BINS = 10

Array = np.ndarray


def accuracy(probabilities: Array, labels: Array) -> float:
    """Share of rows whose most probable emoji is the label."""
    return float(np.mean(probabilities.argmax(axis=1) == labels))


def nll(probabilities: Array, labels: Array) -> float:
    """Mean negative log of the probability of the label, in nats."""
    likelihoods = probabilities[np.arange(len(labels)), labels]
    return float(-np.mean(np.log(np.maximum(likelihoods, 1e-12))))


def epoch_metrics(
    probabilities: Array, labels: Array, prefix: str = ""
) -> dict[str, float]:
    """Return the loss, in nats a row, and the accuracy by the names of an epoch's."""
    return {
        f"{prefix}loss": nll(probabilities, labels),
        f"{prefix}accuracy": accuracy(probabilities, labels),
    }


def confusion(probabilities: Array, labels: Array) -> Array:
    """Count rows by label (down) and answer (across), (classes, classes)."""
    classes = probabilities.shape[1]
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (labels, probabilities.argmax(axis=1)), 1)
    return counts


def macro_f1(probabilities: Array, labels: Array) -> float:
    """Mean over the emojis of the harmonic mean of precision and recall.

    An emoji that is neither a label nor an answer in these rows is left out.
    """
    counts = confusion(probabilities, labels)
    right = np.diag(counts)
    labelled_or_answered = counts.sum(axis=0) + counts.sum(axis=1)
    present = labelled_or_answered > 0
    return float(np.mean(2 * right[present] / labelled_or_answered[present]))


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """A reliability diagram: confidence and accuracy in bins of equal width (bins,)."""

    confidence: Array  # means of the bins that have rows
    accuracy: Array
    count: Array  # rows of each
    low: Array  # 95% range of the accuracy if the confidences were exactly right
    high: Array
    ece: float  # mean of |confidence - accuracy| by rows (Naeini et al. 2015)
    ece_by_chance: float  # expected ECE of exactly right confidences


def calibration(probabilities: Array, labels: Array, seed: int = 0) -> Calibration:
    """Compare confidence with accuracy, bin by bin."""
    confidence = probabilities.max(axis=1)
    right = (probabilities.argmax(axis=1) == labels).astype(np.float64)
    bins = _bins(confidence)
    # In each simulated test set a row is right as often as its confidence says.
    random = np.random.default_rng(seed)
    simulated = random.random((RESAMPLES, len(confidence))) < confidence
    in_bin = (bins[:, None] == np.unique(bins)).astype(np.float64)  # (rows, bins)
    count = in_bin.sum(axis=0)
    accuracies = simulated @ in_bin / count  # (simulations, bins)
    mean = confidence @ in_bin / count
    low, high = np.quantile(accuracies, (0.025, 0.975), axis=0)
    errors = np.abs(accuracies - mean) @ count / len(confidence)
    return Calibration(
        confidence=mean,
        accuracy=right @ in_bin / count,
        count=count.astype(np.int64),
        low=low,
        high=high,
        ece=ece(probabilities, labels),
        ece_by_chance=float(np.mean(errors)),
    )


def ece(probabilities: Array, labels: Array) -> float:
    """Return the expected calibration error in ten bins; see `Calibration`."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    gaps = np.bincount(_bins(confidence), right - confidence, minlength=BINS)
    return float(np.abs(gaps).sum() / len(labels))


def _bins(confidence: Array) -> Array:
    return np.minimum((confidence * BINS).astype(np.int64), BINS - 1)


def accuracy_interval(probabilities: Array, labels: Array) -> Interval:
    """Accuracy with its Wilson interval."""
    right = probabilities.argmax(axis=1) == labels
    return wilson(int(right.sum()), len(labels))


def macro_f1_interval(probabilities: Array, labels: Array) -> Interval:
    """Macro-F1 with its bootstrap interval."""
    return bootstrap(
        lambda rows: macro_f1(probabilities[rows], labels[rows]), len(labels)
    )


Metric = Callable[[Array, Array], float]


def difference(metric: Metric, ours: Array, theirs: Array, labels: Array) -> Interval:
    """Metric of the first less that of the second, on the same rows."""
    return bootstrap(
        lambda rows: (
            metric(ours[rows], labels[rows]) - metric(theirs[rows], labels[rows])
        ),
        len(labels),
    )


@dataclass(frozen=True, kw_only=True)
class Score:
    """Accuracy on the sentences that show one phenomenon."""

    phenomenon: str
    rows: int
    right: int
    interval: Interval


def scorecard(probabilities: Array, rows: Rows) -> list[Score]:
    """Evaluate the rows of each phenomenon, the most frequent first."""
    right = probabilities.argmax(axis=1) == rows.targets
    scores = []
    for phenomenon in rows.all_phenomena:
        chosen = rows.of_phenomenon(phenomenon)
        scores.append(
            Score(
                phenomenon=phenomenon,
                rows=int(chosen.sum()),
                right=int(right[chosen].sum()),
                interval=accuracy_interval(probabilities[chosen], rows.targets[chosen]),
            )
        )
    return scores


def choose_temperature(probabilities: Callable[[float], Array], labels: Array) -> float:
    """Return the temperature with the least loss (Guo et al. 2017), to about 1%."""
    candidates = np.geomspace(0.25, 8.0, 300)
    losses = [nll(probabilities(temperature), labels) for temperature in candidates]
    return float(candidates[int(np.argmin(losses))])
