"""When a model answers and when it says that it is not sure.

An answer is one of the classes or none of them, whichever is the most probable, and
sure if its probability reaches a threshold. Coverage is the share of sentences that get
a sure answer, in which a sure "none" counts as an answer; the error is the share of the
sure answers that are wrong (El-Yaniv & Wiener 2010).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.emoji.judging.metrics import Interval, bootstrap
from core.emoji.labels import NONE
from core.emoji.text.rows import Rows

MAX_ERROR = 0.04  # of the sure answers to difficult development sentences
MIN_THRESHOLD, MAX_THRESHOLD = 0.5, 0.998

Array = np.ndarray


@dataclass(frozen=True, kw_only=True)
class Selective:
    """How many answers to some sentences are sure, and how many of these are wrong."""

    phenomenon: str  # that the sentences show; empty for all
    rows: int
    sure: int
    wrong: int  # of the sure ones
    coverage: Interval
    error: Interval  # NaN without a sure answer


@dataclass(frozen=True, kw_only=True)
class CoverageCurve:
    """Coverage and error at each threshold (thresholds,)."""

    threshold: Array
    coverage: Array
    error: Array  # 0 without a sure answer


def answers(shares: Array) -> Array:
    """Return the most probable class of each row, or NONE (rows,).

    Parameters
    ----------
    shares
        Probability of each class, and of none as the last (rows, classes + 1).
    """
    best = shares.argmax(axis=1)
    return np.where(best == shares.shape[1] - 1, NONE, best)


def to_judge(shares: Array, labels: Array) -> tuple[Array, Array]:
    """Return probabilities (rows, outputs) and the number of the right output (rows,).

    None is one of the outputs if a row is labelled so; otherwise each row is of a
    class, and the probabilities are those of the classes if it is one of them.
    """
    if (labels == NONE).any():
        return shares, np.where(labels == NONE, shares.shape[1] - 1, labels)
    classes = shares[:, :-1]
    return classes / classes.sum(axis=1, keepdims=True), labels


def selective(
    shares: Array, labels: Array, threshold: float, phenomenon: str = ""
) -> Selective:
    """Count sure answers, and those of them that are wrong, with 95% intervals."""
    sure = shares.max(axis=1) >= threshold
    wrong = sure & (answers(shares) != labels)

    def error(rows: Array) -> float:
        return float(wrong[rows].sum() / max(1, sure[rows].sum()))

    empty = Interval(value=float("nan"), low=float("nan"), high=float("nan"))
    return Selective(
        phenomenon=phenomenon,
        rows=len(labels),
        sure=int(sure.sum()),
        wrong=int(wrong.sum()),
        coverage=bootstrap(lambda rows: float(sure[rows].mean()), len(labels)),
        error=bootstrap(error, len(labels)) if sure.any() else empty,
    )


def selective_by_phenomenon(
    shares: Array, rows: Rows, threshold: float
) -> list[Selective]:
    """Count all rows, then those of each phenomenon, the most frequent first."""
    found = [selective(shares, rows.targets, threshold)]
    for phenomenon in rows.all_phenomena:
        chosen = rows.of_phenomenon(phenomenon)
        part, labels = shares[chosen], rows.targets[chosen]
        found.append(selective(part, labels, threshold, phenomenon))
    return found


def coverage_curve(
    shares: Array, labels: Array, thresholds: Sequence[float] | Array
) -> CoverageCurve:
    """Return coverage and error at each threshold."""
    sure = shares.max(axis=1) >= np.asarray(thresholds)[:, None]  # (thresholds, rows)
    wrong = sure & (answers(shares) != labels)
    return CoverageCurve(
        threshold=np.asarray(thresholds),
        coverage=sure.mean(axis=1),
        error=wrong.sum(axis=1) / np.maximum(1, sure.sum(axis=1)),
    )


def choose_sure(shares: Array, labels: Array) -> float:
    """Return the least threshold from which at most 4% of sure answers are wrong."""
    thresholds = np.arange(MIN_THRESHOLD, MAX_THRESHOLD + 1e-9, 0.002)
    too_many = coverage_curve(shares, labels, thresholds).error > MAX_ERROR
    if too_many[-1]:
        return MAX_THRESHOLD
    first = np.flatnonzero(too_many)[-1] + 1 if too_many.any() else 0
    return float(thresholds[first])
