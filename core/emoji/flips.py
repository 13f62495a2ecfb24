"""What a training has done to the answers, and what chance alone would do to them."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.emoji.judging.selective import answers
from core.emoji.labels import NONE
from core.emoji.model.answering import Answer
from core.emoji.result import Result
from core.emoji.text.rows import Rows
from core.task import DataError

FILE = Path(__file__).parents[2] / "data" / "emoji" / "retraining.json"
COMMAND = "python -m benchmarks.emoji_teach --write"


class Flip(NamedTuple):
    """A sentence with its answers before and after a training."""

    text: str
    label: int
    before: int | None  # as a label may be NONE; None is no answer
    after: int | None


@dataclass(frozen=True, kw_only=True)
class Flips:
    """What a training has done to sentences whose label is known."""

    learned: tuple[Flip, ...]  # taught sentences that are right after it
    missed: tuple[Flip, ...]  # taught sentences that are wrong after it
    mended: tuple[Flip, ...]  # held-out sentences, wrong before it and right after it
    forgotten: tuple[Flip, ...]  # right before it and wrong after it
    held_out: Rows  # the development sentences, or those for testing if there are none
    right_before: int  # of the held-out sentences


def flips(before: Result, after: Result) -> Flips:
    """Compare the answers before and after a training.

    Taught sentences count where `after` has learned from them. Of those that are held
    out, only the development sentences count: by these one may choose.
    """
    taught = _flips(before, after, after.data.taught)
    rows = held_out(after)
    others = _flips(before, after, rows)
    return Flips(
        learned=tuple(each for each in taught if each.after == each.label),
        missed=tuple(each for each in taught if each.after != each.label),
        mended=tuple(
            each for each in others if each.before != each.label == each.after
        ),
        forgotten=tuple(
            each for each in taught + others if each.before == each.label != each.after
        ),
        held_out=rows,
        right_before=sum(each.before == each.label for each in others),
    )


def held_out(result: Result) -> Rows:
    """Return the labelled sentences that answers are compared on; there may be none."""
    data = result.data
    choices = (rows for rows in (data.development, data.test) if rows.labelled)
    return next(choices, Rows())


def _flips(before: Result, after: Result, rows: Rows) -> list[Flip]:
    was, now = before.answer(rows.texts), after.answer(rows.texts)
    return [
        Flip(text, int(label), _label_of(old), _label_of(new))
        for text, label, old, new in zip(
            rows.texts, rows.targets, was, now, strict=True
        )
    ]


def _label_of(answer: Answer) -> int | None:
    return NONE if answer.is_none else answer.label


class Noise(NamedTuple):
    """What another seed alone does to the answers to the held-out sentences.

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
    """Compare two trainings that differ in their seed only.

    Raises
    ------
    DataError
        If there are no labelled sentences that both were not trained on.
    """
    rows = held_out(one)
    if not rows.labelled:
        raise DataError(
            "Sentences: expected some with a label to compare answers to, got none. "
            "Add a file of them."
        )
    labels = rows.targets
    was, now = (
        answers(result.model.predict_shares(rows.texts)) for result in (one, other)
    )
    return Noise(
        sentences=len(rows),
        changed=int(np.sum(was != now)),
        became_wrong=int(np.sum((was == labels) & (now != labels))),
        became_right=int(np.sum((was != labels) & (now == labels))),
        seeds=(one.config.seed, other.config.seed),
        origin=origin,
    )


@functools.cache
def shipped_noise() -> Noise | None:
    """Return what was measured for the model that ships, None if nothing was."""
    if not FILE.exists():
        return None
    facts = json.loads(FILE.read_text())
    return Noise(**{**facts, "seeds": tuple(facts["seeds"])})
