"""Selective prediction: the sure answers of a model.

An answer is one of the classes or none of them, whichever is the most probable, and
sure if its probability reaches a threshold (that of none a lower one, see
`none_threshold`), which has one meaning for every model: at
most 4% of the answers to development sentences that reach it are wrong, and, with 95%
confidence, fewer than 20% of those to other sentences like these. Coverage is the share
of sentences that get a sure answer, in which a sure "none" counts as an answer; the
error is the share of the sure answers that are wrong (El-Yaniv & Wiener 2010).

`shares` are the probabilities of each class, and of none as the last
(rows, classes + 1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.emoji.judging.metrics import accuracy, ece, macro_f1
from core.emoji.labels import NONE
from core.emoji.model.answering import NEVER, if_one, is_sure, sureness
from core.emoji.text.rows import Rows
from core.stats import Interval, upper_bound, wilson

MAX_ERROR = 0.04  # largest share of errors among sure answers to development sentences
MAX_BOUND = 0.2  # largest 95% upper bound of that error on other sentences
FEWEST = 0.05  # share of the development sentences that the strictest threshold leaves

Array = np.ndarray


@dataclass(frozen=True, kw_only=True)
class Selective:
    """The number of sure answers to some sentences, and of wrong ones among them."""

    phenomenon: str  # phenomenon of the sentences; empty for all
    rows: int
    sure: int
    wrong: int  # number of sure and wrong answers
    coverage: Interval
    error: Interval  # NaN without a sure answer


@dataclass(frozen=True, kw_only=True)
class CoverageCurve:
    """Coverage and error at each threshold (thresholds,)."""

    threshold: Array
    coverage: Array
    error: Array  # 0 without a sure answer

    def at(self, threshold: float) -> tuple[float, float]:
        """Return coverage and error at the nearest of the thresholds."""
        nearest = int(np.abs(self.threshold - threshold).argmin())
        return float(self.coverage[nearest]), float(self.error[nearest])


def answers(shares: Array) -> Array:
    """Return the most probable class of each row, or NONE (rows,)."""
    best = shares.argmax(axis=1)
    return np.where(best == shares.shape[1] - 1, NONE, best)


def right_outputs(labels: Array, classes: int) -> Array:
    """Return the right output for each label (rows,): the last for NONE."""
    return np.where(labels == NONE, classes, labels)


def to_judge(shares: Array, labels: Array) -> tuple[Array, Array]:
    """Return probabilities (rows, outputs) and the number of the right output (rows,).

    None is one of the outputs if a row is labelled so; otherwise each row is of a
    class, and the probabilities are those of the classes if it is one of them.
    """
    if (labels == NONE).any():
        return shares, right_outputs(labels, shares.shape[1] - 1)
    return if_one(shares), labels


def all_metrics(shares: Array, labels: Array) -> Mapping[str, float]:
    """Return accuracy, macro-F1 and calibration error; see `to_judge`.

    The calibration error is that of the confidence that the page shows.
    """
    probabilities, targets = to_judge(shares, labels)
    return {
        "accuracy": accuracy(probabilities, targets),
        "macro_f1": macro_f1(probabilities, targets),
        "ece": ece(shares, right_outputs(labels, shares.shape[1] - 1)),
    }


def selective(
    shares: Array, labels: Array, threshold: float, phenomenon: str = ""
) -> Selective:
    """Count sure answers, and wrong ones among them, with 95% intervals."""
    sure = is_sure(shares, threshold)
    wrong = sure & (answers(shares) != labels)
    return Selective(
        phenomenon=phenomenon,
        rows=len(labels),
        sure=int(sure.sum()),
        wrong=int(wrong.sum()),
        coverage=wilson(int(sure.sum()), len(labels)),
        error=wilson(int(wrong.sum()), int(sure.sum())),
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
    sure = is_sure(shares, np.asarray(thresholds)[:, None])  # (thresholds, rows)
    wrong = sure & (answers(shares) != labels)
    return CoverageCurve(
        threshold=np.asarray(thresholds),
        coverage=sure.mean(axis=1),
        error=wrong.sum(axis=1) / np.maximum(1, sure.sum(axis=1)),
    )


def choose_sure(shares: Array, labels: Array) -> float:
    """Return the threshold of sure answers by development sentences, or `NEVER`.

    The thresholds are tried from the strictest on that can pass, which leaves 14
    answers, or one in twenty: of many sentences one wrong answer would else end the
    search. It ends as soon as the exact 95% upper bound of the error reaches 20%.
    Because it ends there, and the order is fixed before the labels are known, all
    thresholds that were passed keep the bound together with 95% confidence: this is
    fixed-sequence testing (Angelopoulos et al. 2021, Learn then Test), and holds on 24
    sentences, where one half to choose by and another to check by are too few. Of those
    passed the lowest with at most 4% wrong is taken.
    """
    confidence = sureness(shares)
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(answers(shares)[order] != labels[order])
    count = np.arange(1, len(labels) + 1)
    # Equal confidences are sure together: only the last of them can be a threshold.
    lasts = np.flatnonzero(np.diff(confidence[order], append=-1.0))
    can_pass = upper_bound(np.zeros_like(lasts), count[lasts]) < MAX_BOUND
    lasts = lasts[can_pass & (count[lasts] >= FEWEST * len(labels))]
    failed = upper_bound(wrong[lasts], count[lasts]) >= MAX_BOUND
    passed = lasts[: int(failed.argmax()) if failed.any() else len(lasts)]
    good = passed[wrong[passed] <= MAX_ERROR * count[passed]]
    return float(confidence[order[good[-1]]]) if len(good) else NEVER
