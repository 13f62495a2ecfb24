"""All the sentences that a training reads: the sets that ship, and a person's own."""

import functools
import json
import re
from collections.abc import Container, Iterable
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np

from core.arrays import pack, unpack
from core.emoji.labels import LABELS, NONE, Label, Labels, name_of
from core.emoji.text.rows import Rows, read_csv
from core.emoji.vectors.glove import Vectors, glove
from core.emoji.vectors.own import OwnVectors
from core.task import DataError

FOLDER = Path(__file__).parents[3] / "data" / "emoji"
MAX_TRAINING_ROWS = 20_000
MIN_TRAINING_ROWS = 10
HELD_OUT = (  # sets that choose or judge; no sentence of them is learned
    "development",
    "test",
    "challenge",
    "off_topic_development",
    "off_topic",
    "mixed_development",
    "mixed",
)
ONLY_LEARNED = (
    "Sentences to judge by: expected some that are not learned, got only such. Add "
    "others."
)


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """All that a training reads."""

    name: str  # what to call them in a list of runs
    train: Rows
    labels: Labels = LABELS  # the classes; a row's label is an index into them
    # A person's own sentences, part of the training set; see `Config.taught`.
    taught: Rows = field(default_factory=Rows)
    # Decides when training ends, the temperature, and when an answer is sure.
    development: Rows = field(default_factory=Rows)
    # These only evaluate the finished model.
    test: Rows = field(default_factory=Rows)
    challenge: Rows = field(default_factory=Rows)
    # Sentences that none of the emojis fits, to learn, choose and evaluate by. Those of
    # the training have labels, all NONE; the others none.
    off_topic_train: Rows = field(default_factory=Rows)
    off_topic_development: Rows = field(default_factory=Rows)
    off_topic: Rows = field(default_factory=Rows)
    # Difficult sentences of every class and of none, to choose and evaluate by.
    mixed_development: Rows = field(default_factory=Rows)
    mixed: Rows = field(default_factory=Rows)
    own_vectors: OwnVectors | None = None  # vectors of `Config(vectors="own")`
    # The model that the taught sentences are taught to, encoded without its sentences;
    # empty for a training from scratch. See `core.emoji.teaching`.
    base: bytes = b""
    base_run: str = ""  # the run that trained it, if it was one

    @property
    def learned(self) -> Rows:
        """The training sentences of the classes, the taught ones last."""
        return self.train.of_classes + self.taught.of_classes

    @property
    def learned_none(self) -> Rows:
        """The training sentences that are none of the classes."""
        return self.off_topic_train + self.train.of_none + self.taught.of_none

    @property
    def all_learned(self) -> Rows:
        """The training sentences, those that are none of the classes last."""
        return self.learned + self.learned_none

    def row_weights(self, taught: float, balanced: bool) -> np.ndarray:
        """Return how much each row of `all_learned` counts, 1 on average (rows,).

        A taught sentence counts `taught` times as much as another one. If balanced, all
        classes, and none of them as one, count alike.
        """
        weights = np.ones(len(self.all_learned))
        weights[len(self.train.of_classes) : len(self.learned)] = taught
        weights[len(weights) - len(self.taught.of_none) :] = taught
        if balanced:
            targets = self.all_learned.targets - NONE  # none of them is 0
            weights /= np.bincount(targets, weights)[targets]
        return np.asarray(weights / weights.mean())

    @property
    def none_development(self) -> Rows:
        """The development sentences that are none of the classes."""
        none = (NONE,) * len(self.off_topic_development)
        off_topic = replace(self.off_topic_development, labels=none)
        return off_topic + self.development.of_none

    def word_vectors(self, source: str) -> Vectors:
        """Return the word vectors of `Config.vectors`: glove or own."""
        if source == "glove":
            return glove()
        if self.own_vectors is None:
            raise DataError(
                "vectors: expected a file of your own word vectors, got none. Add one, "
                "or choose glove."
            )
        return self.own_vectors

    def teach(self, rows: Rows) -> Self:
        """Return the sentences with others taught instead of those taught before.

        Of a sentence that is taught and also ships, only the taught label counts, and
        it leaves every set that chooses or judges.
        """
        if not rows and not self.taught:
            return self
        names = ("train", "off_topic_train", *HELD_OUT)
        others = self._without(rows, names)
        if self.test and not others.test:
            raise DataError(ONLY_LEARNED)
        return replace(others, taught=rows)

    def _without(self, learned: Rows, names: Iterable[str]) -> Self:
        """Return the sentences without those that are learned, in the named sets."""
        texts = {normalised(text) for text in learned.texts}
        left = {name: _others(getattr(self, name), texts) for name in names}
        return type(self)(**vars(self) | left)

    def replace_train(self, rows: Rows, name: str) -> Self:
        """Return the sentences with others to learn from.

        Only the rows of these that are labelled so are then none of the classes: those
        that ship may well be of a person's own classes. Those of them that the sets
        that choose or judge have leave these.
        """
        held_out = self._without(rows, HELD_OUT)
        return replace(held_out, name=name, train=rows, off_topic_train=Rows())

    def replace_test(self, rows: Rows) -> Self:
        """Return the sentences with others to evaluate by.

        Where some of these are labelled as none of the classes, the same rows also
        show how often a sure answer is wrong. Rows that are learned are left out; a
        DataError is raised if all are.
        """
        learned = {normalised(text) for text in self.all_learned.texts}
        if not (rows := _others(rows, learned)):
            raise DataError(ONLY_LEARNED)
        mixed = rows if len(rows.of_none) else self.mixed
        return replace(self, test=rows, mixed=mixed)

    def encode(self) -> bytes:
        """Write all of it; `decode` reads it again."""
        rows = {
            name: [value.texts, value.labels, value.phenomena]
            for name, value in vars(self).items()
            if isinstance(value, Rows)
        }
        labels = [astuple(label) for label in self.labels]
        facts = {"name": self.name, "labels": labels, "rows": rows}
        text = json.dumps({**facts, "base_run": self.base_run})
        arrays = {"sentences": np.frombuffer(text.encode(), np.uint8)}
        if self.base:
            arrays["base"] = np.frombuffer(self.base, np.uint8)
        if self.own_vectors is not None:
            content = self.own_vectors.encode()
            arrays["own_vectors"] = np.frombuffer(content, np.uint8)
        return pack(arrays, compress=True)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Decode the bytes of `encode`."""
        arrays = unpack(content)
        facts = json.loads(arrays["sentences"].tobytes())
        rows = {
            name: Rows(
                texts=tuple(texts), labels=tuple(labels), phenomena=tuple(phenomena)
            )
            for name, (texts, labels, phenomena) in facts["rows"].items()
        }
        own = arrays.get("own_vectors")
        vectors = None if own is None else OwnVectors.decode(own.tobytes())
        base = arrays.get("base")
        return cls(
            name=facts["name"],
            labels=tuple(Label(*each) for each in facts["labels"]),
            own_vectors=vectors,
            base=b"" if base is None else base.tobytes(),
            base_run=facts["base_run"],
            **rows,
        )


def normalised(text: str) -> str:
    """Return a text without case, spacing and punctuation, if anything is left."""
    return " ".join(re.findall(r"\w+", text.casefold())) or text.strip()


def _others(rows: Rows, texts: Container[str]) -> Rows:
    """Return the rows whose normalised text is none of these."""
    kept = [n for n, text in enumerate(rows.texts) if normalised(text) not in texts]
    return rows if len(kept) == len(rows) else rows.take(kept)


@functools.cache
def shipped() -> Sentences:
    """Return the sets that ship with the project; data/README.md describes them."""
    return Sentences(
        name="Shipped sentences",
        train=_shipped("train"),
        development=_shipped("development"),
        test=_shipped("test"),
        challenge=_shipped("challenge"),
        off_topic_train=_shipped("none"),
        off_topic_development=_shipped("development_offtopic", need_labels=False),
        off_topic=_shipped("offtopic", need_labels=False),
        mixed_development=_shipped("development_mixed")
        + _shipped("development_trades"),
        mixed=_shipped("mixed"),
    )


def _shipped(name: str, need_labels: bool = True) -> Rows:
    return read_csv((FOLDER / f"{name}.csv").read_bytes(), need_labels)


def check_training(rows: Rows, labels: Labels = LABELS) -> None:
    """Raise a DataError if nothing can be learned from the sentences."""
    if not MIN_TRAINING_ROWS <= len(rows) <= MAX_TRAINING_ROWS:
        raise DataError(
            f"Expected {MIN_TRAINING_ROWS} to {MAX_TRAINING_ROWS:,} sentences to learn "
            f"from, found {len(rows):,}. Add or remove some."
        )
    if None in rows.labels:
        raise DataError(
            f"Sentence {rows.labels.index(None) + 1} to learn from: expected a label, "
            "got none. Give it one or remove it."
        )
    classes = set(rows.of_classes.labels)
    if len(classes) < 2:
        only = name_of(rows.labels[0] or 0, labels)
        raise DataError(
            f"Expected sentences of at least two labels to learn from, got only "
            f"{only}. Add sentences of another label."
        )
