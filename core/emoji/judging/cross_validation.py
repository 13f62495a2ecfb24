"""The reliability of a small model by cross-validation, and advice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.emoji.judging.metrics import confusion
from core.emoji.labels import Labels
from core.emoji.text.rows import Rows
from core.stats import Interval, wilson

ENOUGH = 20  # sentences of a class; with fewer, more of them help most
EXAMPLES = 3
MIN_MIXED_UP = 2  # sentences, before two classes are called mixed up


@dataclass(frozen=True, kw_only=True)
class CrossValidation:
    """Answers to the training sentences by models trained without them.

    The intervals are Wilson's for all folds together. They take the sentences for
    independent ones, and the five models for one that learned from four fifths.
    """

    ours: Interval  # accuracy
    mean_vectors: Interval  # accuracy of logistic regression on the mean word vector
    chance: float  # accuracy of always answering with the most frequent class
    right: int
    rows: int

    @property
    def in_words(self) -> str:
        """The reliability of the model, in words."""
        comparison = "The mean-vector model gets"
        if self.ours.value < self.mean_vectors.value:
            comparison = "The mean-vector model does better here: it gets"
        return (
            f"Of {self.rows} sentences, {self.right} get their class from a model that "
            f"has not seen them: {self.ours.value:.0%} (95% interval "
            f"{self.ours.low:.0%} to {self.ours.high:.0%}). {comparison} "
            f"{self.mean_vectors.value:.0%}, always answering the most frequent class "
            f"{self.chance:.0%}."
        )


def cross_validation(
    probabilities: np.ndarray, baseline: np.ndarray, labels: np.ndarray
) -> CrossValidation:
    """Evaluate out-of-fold probabilities (rows, classes) of a model and a baseline."""
    right = int(np.sum(probabilities.argmax(axis=1) == labels))
    theirs = int(np.sum(baseline.argmax(axis=1) == labels))
    return CrossValidation(
        ours=wilson(right, len(labels)),
        mean_vectors=wilson(theirs, len(labels)),
        chance=float(np.bincount(labels).max() / len(labels)),
        right=right,
        rows=len(labels),
    )


@dataclass(frozen=True, kw_only=True)
class Advice:
    """A piece of advice, with example sentences."""

    text: str
    examples: tuple[tuple[str, int, int], ...] = ()  # sentence, its label, the answer


def advice(rows: Rows, labels: Labels, probabilities: np.ndarray) -> list[Advice]:
    """Return advice, most useful first: more sentences, or two classes to separate.

    The probabilities are of models that had not seen the sentence (rows, classes).
    """
    few = _too_few(rows.targets, labels, probabilities.argmax(axis=1))
    mixed_up = _mixed_up(rows, labels, probabilities)
    counts = np.bincount(rows.targets, minlength=len(labels))
    # One class that is much smaller than the others is worse than any confusion.
    uneven = counts.min() * 2 < np.median(counts)
    found = [few, mixed_up] if uneven else [mixed_up, few]
    return [each for each in found if each]


def _too_few(targets: np.ndarray, labels: Labels, answers: np.ndarray) -> Advice | None:
    counts = np.bincount(targets, minlength=len(labels))
    smallest = int(counts.argmin())
    if counts[smallest] >= ENOUGH:
        return None
    if np.all(counts == counts[smallest]):
        right = np.bincount(targets[answers == targets], minlength=len(labels))
        weakest, count = int(right.argmin()), counts[smallest]
        most = (
            f", and most to {labels[weakest]}: only {right[weakest]} of its {count} "
            "sentences got their class"
            if right[weakest] < count
            else ""
        )
        return Advice(
            text=f"Every class has only {count} sentences. Add more to each{most}. "
            f"{ENOUGH} or more are a good start."
        )
    return Advice(
        text=f"{labels[smallest]} has only {counts[smallest]} sentences, the fewest. "
        f"Add more to it; {ENOUGH} or more are a good start."
    )


def _mixed_up(rows: Rows, labels: Labels, probabilities: np.ndarray) -> Advice | None:
    counts = confusion(probabilities, rows.targets)
    both = np.triu(counts + counts.T, k=1)
    one, other = np.unravel_index(both.argmax(), both.shape)
    if both[one, other] < MIN_MIXED_UP:
        return None
    answers = probabilities.argmax(axis=1)
    pair = {int(one), int(other)}
    wrong = [
        row
        for row, (label, answer) in enumerate(zip(rows.targets, answers, strict=True))
        if label != answer and {int(label), int(answer)} == pair
    ]
    wrong.sort(key=lambda row: probabilities[row, rows.targets[row]])
    of_both = int(counts[[one, other]].sum())
    return Advice(
        text=f"{labels[one]} and {labels[other]} are mixed up most: {len(wrong)} of "
        f"their {of_both} sentences got the other one. Add sentences that tell them "
        "apart, or make one class of both.",
        examples=tuple(
            (rows.texts[row], int(rows.targets[row]), int(answers[row]))
            for row in _of_both_kinds(wrong, rows.targets)
        ),
    )


def _of_both_kinds(wrong: Sequence[int], targets: np.ndarray) -> list[int]:
    """Return the first few, at most two thirds of which have the same label."""
    chosen: list[int] = []
    per_label: Counter[int] = Counter()
    for row in wrong:
        if per_label[int(targets[row])] < EXAMPLES - 1 and len(chosen) < EXAMPLES:
            chosen.append(row)
            per_label[int(targets[row])] += 1
    return chosen
