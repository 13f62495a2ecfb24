"""Sentences in a row, each with its label if it has one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Sentences in a row.

    Attributes
    ----------
    texts
        As they were typed.
    labels
        Place in `core.emoji.labels.LABELS`, or None where there is none.
    phenomena
        What is difficult about each: names joined with ";", empty for none.
    """

    texts: tuple[str, ...] = ()
    labels: tuple[int | None, ...] = ()
    phenomena: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.texts)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, int]]) -> Self:
        """Take sentences with their labels."""
        texts, labels = tuple(zip(*pairs, strict=True)) or ((), ())
        return cls(texts=texts, labels=labels, phenomena=("",) * len(texts))

    @property
    def targets(self) -> np.ndarray:
        """The labels (rows,), all of which must be known."""
        return np.array(self.labels, np.int32)

    @property
    def labelled(self) -> bool:
        """Whether there is a row, and each has a label."""
        return bool(self.labels) and None not in self.labels

    def of_phenomenon(self, name: str) -> np.ndarray:
        """Which rows show a phenomenon (rows,)."""
        return np.array([name in tags.split(";") for tags in self.phenomena], bool)

    @property
    def all_phenomena(self) -> list[str]:
        """The names of the phenomena, the most frequent first."""
        names = [name for tags in self.phenomena for name in tags.split(";") if name]
        return sorted(set(names), key=lambda name: (-names.count(name), name))

    def take(self, places: Iterable[int]) -> Self:
        """Return some of the rows."""
        chosen = list(places)
        return replace(
            self,
            texts=tuple(self.texts[place] for place in chosen),
            labels=tuple(self.labels[place] for place in chosen),
            phenomena=tuple(self.phenomena[place] for place in chosen),
        )

    def __add__(self, other: "Rows") -> Self:
        return replace(
            self,
            texts=self.texts + other.texts,
            labels=self.labels + other.labels,
            phenomena=self.phenomena + other.phenomena,
        )
