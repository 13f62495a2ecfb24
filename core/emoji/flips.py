"""Answers changed by a training, and by chance alone."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from core.emoji.judging.selective import answers
from core.emoji.result import Result, shared_rows
from core.emoji.text.rows import Rows
from core.task import DataError

FILE = Path(__file__).parents[2] / "data" / "emoji" / "retraining.json"
COMMAND = "python -m benchmarks.emoji_teach --write"


class Flip(NamedTuple):
    """A sentence with its answers before and after a training."""

    text: str
    label: int | None  # None if it is not known
    before: int | None  # label, or NONE; None: no answer
    after: int | None

    @property
    def mended(self) -> bool:
        """Whether a wrong answer became right."""
        return self.before != self.label == self.after

    @property
    def forgotten(self) -> bool:
        """Whether a right answer became wrong."""
        return self.before == self.label != self.after


@dataclass(frozen=True, kw_only=True)
class Flips:
    """Changed answers to labelled sentences."""

    learned: tuple[Flip, ...]  # taught sentences that are right after it
    missed: tuple[Flip, ...]  # taught sentences that are wrong after it
    mended: tuple[Flip, ...]  # held-out sentences, wrong before it and right after it
    forgotten: tuple[Flip, ...]  # right before it and wrong after it
    held_out: str  # the name of their set; empty without one
    rows: int  # the held-out sentences
    right_before: int  # number of right answers before


def flips(before: Result, after: Result) -> Flips:
    """Compare the answers before and after a training.

    Taught sentences count where `after` has learned from them. Of those that are held
    out, only the development sentences count: by these one may choose.
    """
    taught = answered_by_both(before, after, after.data.taught)
    name = held_out(after)
    others = in_set(before, after, name) if name else []
    return Flips(
        learned=tuple(each for each in taught if each.after == each.label),
        missed=tuple(each for each in taught if each.after != each.label),
        mended=tuple(each for each in others if each.mended),
        forgotten=tuple(each for each in taught + others if each.forgotten),
        held_out=name,
        rows=len(others),
        right_before=sum(each.before == each.label for each in others),
    )


def held_out(result: Result) -> str:
    """Return the name of the labelled set for comparisons, if any."""
    names = ("development", "test")
    return next((name for name in names if result.rows(name).labelled), "")


def in_set(before: Result, after: Result, name: str) -> list[Flip]:
    """Return both answers to the sentences of a shared evaluation set."""
    places, others = shared_rows(after, before, name)
    rows = after.rows(name).take(places)
    was = answers(before.shares(name)[others]).tolist()
    now = answers(after.shares(name)[places]).tolist()
    return [*map(Flip, rows.texts, rows.labels, was, now)]


def answered_by_both(before: Result, after: Result, rows: Rows) -> list[Flip]:
    """Return both answers to sentences, whether their labels are known or not."""
    was, now = (
        [answer.index for answer in result.answer(rows.texts)]
        for result in (before, after)
    )
    return [*map(Flip, rows.texts, rows.labels, was, now)]


class Noise(NamedTuple):
    """Changes of the answers to held-out sentences by another seed alone.

    So many change by chance: the flips of a training from scratch with sentences that
    were taught are to be read beside it.
    """

    sentences: int
    changed: int
    became_wrong: int
    became_right: int
    seeds: tuple[int, int]
    origin: str  # what measured it


def measured(one: Result, other: Result, origin: str = COMMAND) -> Noise:
    """Compare two trainings that differ in their seed only."""
    if not (name := held_out(one)):
        raise DataError(
            "Sentences: expected some with a label to compare answers to, got none. "
            "Add a file of them."
        )
    found = in_set(one, other, name)
    return Noise(
        sentences=len(found),
        changed=sum(each.before != each.after for each in found),
        became_wrong=sum(each.forgotten for each in found),
        became_right=sum(each.mended for each in found),
        seeds=(one.config.seed, other.config.seed),
        origin=origin,
    )


@functools.cache
def shipped_noise() -> Noise:
    """Return the measurements of the built-in model."""
    facts = json.loads(FILE.read_text())
    return Noise(**{**facts, "seeds": tuple(facts["seeds"])})
