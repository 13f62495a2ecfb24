"""Two models side by side: which answers flipped, and whether one is better."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.emoji.judging.metrics import (
    Interval,
    accuracy_difference,
    bootstrap,
    macro_f1,
)
from core.emoji.model.answering import Answer
from core.emoji.result import Result


@dataclass(frozen=True, kw_only=True)
class Flip:
    """A text that two models answer differently."""

    before: Answer
    after: Answer

    @property
    def text(self) -> str:
        """The text."""
        return self.after.text


def flips(before: Result, after: Result, texts: Sequence[str]) -> list[Flip]:
    """Return the texts whose answer differs, in their order."""
    pairs = zip(before.answer(texts), after.answer(texts), strict=True)
    return [Flip(before=a, after=b) for a, b in pairs if a.label != b.label]


def better_by(
    ours: Result, theirs: Result, name: str = "test", phenomenon: str = ""
) -> Interval:
    """Return the difference in accuracy on a set, with its bootstrap interval.

    Parameters
    ----------
    ours, theirs
        Judged on the same rows.
    name
        Name of the set.
    phenomenon
        Only the rows that show it; all rows if empty.
    """
    rows = ours.rows(name)
    chosen = rows.of_phenomenon(phenomenon) if phenomenon else np.ones(len(rows), bool)
    return accuracy_difference(
        ours.probabilities[name][chosen],
        theirs.probabilities[name][chosen],
        rows.targets[chosen],
    )


def macro_f1_better_by(ours: Result, theirs: Result, name: str = "test") -> Interval:
    """Return the difference in macro-F1 on a set, with its bootstrap interval."""
    labels = ours.rows(name).targets
    one, other = ours.probabilities[name], theirs.probabilities[name]
    return bootstrap(
        lambda rows: (
            macro_f1(one[rows], labels[rows]) - macro_f1(other[rows], labels[rows])
        ),
        len(labels),
    )
