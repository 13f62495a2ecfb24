"""Explanations of an answer: words, prefixes, neighbours, order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.emoji.model.answering import Model, unit_rows
from core.emoji.text.rows import Rows
from core.emoji.text.tokens import Token

BLOCK = 1_024  # sentences read and compared together
ORDERS = 20


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The dependence of an answer on its words; one row a token."""

    tokens: tuple[str, ...]  # the words that were read
    importance: np.ndarray  # how much less probable the answer is without each (words,)
    after: np.ndarray  # probabilities after each word (words, classes)


def explain(model: Model, text: str) -> Explanation:
    """Leave each word out, and stop after each word, in one batch.

    A text without words has an explanation without rows.
    """
    tokenized = model.tokenize(text)
    words = len(tokenized.tokens)
    whole = model.vectors(tokenized.tokens)
    without = [np.delete(whole, index, axis=0) for index in range(words)]
    if words == 1:
        without = [model.vectors([Token("", None)])]
    prefixes = [whole[: index + 1] for index in range(words - 1)]
    rows = model.probabilities([whole, *without, *prefixes])
    answer = int(rows[0].argmax())
    return Explanation(
        tokens=tuple(tokenized.shown),
        importance=rows[0, answer] - rows[1 : 1 + words, answer],
        after=np.concatenate([rows[1 + words :], rows[:1]])[:words],
    )


class Neighbour(NamedTuple):
    """A training sentence with a similar representation."""

    text: str
    label: int  # index into `Model.labels`
    similarity: float  # cosine of the centred features, 1 for the same


class NearestNeighbours:
    """The features of a model's training sentences, for search.

    Computing them takes a moment, so keep it as long as the model.
    """

    def __init__(self, model: Model, rows: Rows) -> None:
        self.model, self.rows = model, rows
        # Half precision: of many sentences this is the largest array of the page.
        parts = [
            self._features(rows.texts[first : first + BLOCK]).astype(np.float16)
            for first in range(0, len(rows), BLOCK)
        ]
        self.features = np.concatenate(parts)
        self.centre = self.features.mean(axis=0, dtype=np.float32)

    def _features(self, texts: Sequence[str]) -> np.ndarray:
        """Return the features of all networks (texts, networks * features)."""
        features = self.model.ensemble.features(self.model.vectors_of(texts))
        return np.concatenate(list(features), axis=1)

    def nearest(self, text: str, count: int = 5) -> list[Neighbour]:
        """Return the most similar training sentences."""
        if not self.model.tokenize(text).tokens:
            return []
        direction = unit_rows(self._features([text]) - self.centre)[0]
        similarity = np.concatenate(
            [
                unit_rows(self.features[first : first + BLOCK] - self.centre)
                @ direction
                for first in range(0, len(self.features), BLOCK)
            ]
        )
        targets = self.rows.targets
        return [
            Neighbour(
                self.rows.texts[index], int(targets[index]), float(similarity[index])
            )
            for index in np.argsort(-similarity, kind="stable")[:count]
        ]


@dataclass(frozen=True, kw_only=True)
class Shuffled:
    """The same words in other orders."""

    texts: tuple[str, ...]
    probabilities: np.ndarray  # probabilities for each order (orders, classes)
    same_answer: float  # share of the orders


def shuffle_words(model: Model, text: str, seed: int = 0) -> Shuffled | None:
    """Answer the words in other orders; None if there is only one order."""
    tokens = model.tokenize(text).tokens
    words = [token.word or token.text for token in tokens]
    if len(set(words)) < 2:
        return None
    vectors = model.vectors(tokens)
    orders = list(_other_orders(words, seed))
    rows = model.probabilities([vectors, *(vectors[order] for order in orders)])
    answers = rows.argmax(axis=1)
    return Shuffled(
        texts=tuple(" ".join(words[index] for index in order) for order in orders),
        probabilities=rows[1:],
        same_answer=float(np.mean(answers[1:] == answers[0])),
    )


def _other_orders(words: list[str], seed: int) -> Iterator[np.ndarray]:
    """Yield `ORDERS` orders that change the sequence of words."""
    random = np.random.default_rng(seed)
    remaining = ORDERS
    while remaining:
        order = random.permutation(len(words))
        if [words[index] for index in order] != words:
            remaining -= 1
            yield order
