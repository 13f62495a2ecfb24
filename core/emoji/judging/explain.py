"""Why a model answers as it does: words, prefixes, neighbours, order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.emoji.labels import LABELS
from core.emoji.model.answering import Model
from core.emoji.result import Result
from core.emoji.text.tokens import Token

AT_ONCE = 32  # sentences read in one batch
MANY = 1_024  # sentences compared in one batch
SHUFFLES = 20


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What can be said of one answer; every array has a row a token.

    Attributes
    ----------
    tokens
        The words that were read.
    probabilities
        Of the whole sentence (5,).
    importance
        How much less probable the answer is without each word (words,).
    after
        Probabilities after each word, reading from the first (words, 5).
    """

    tokens: tuple[str, ...]
    probabilities: np.ndarray
    importance: np.ndarray
    after: np.ndarray


def explain(model: Model, text: str) -> Explanation:
    """Leave each word out, and stop after each word, in one batch.

    A text without words has an explanation without rows.
    """
    reading = model.read(text)
    words = len(reading.tokens)
    whole = model.vectors(reading.tokens)
    without = [np.delete(whole, place, axis=0) for place in range(words)]
    if words == 1:
        without = [model.vectors([Token("", None)])]
    prefixes = [whole[: place + 1] for place in range(words - 1)]
    rows = model.probabilities([whole, *without, *prefixes])
    answer = int(rows[0].argmax())
    return Explanation(
        tokens=tuple(reading.shown),
        probabilities=rows[0],
        importance=rows[0, answer] - rows[1 : 1 + words, answer],
        after=np.concatenate([rows[1 + words :], rows[:1]])[:words],
    )


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A training sentence that the model reads alike.

    Attributes
    ----------
    text, label
        As it was learned; the label is a place in `core.emoji.labels.LABELS`.
    likeness
        Cosine of what the networks keep of both, 1 for the same.
    """

    text: str
    label: int
    likeness: float

    @property
    def emoji(self) -> str:
        """The emoji that was learned."""
        return LABELS[self.label].emoji


class Neighbourhood:
    """The training sentences of a model, as it reads them.

    Reading them takes a moment, so keep it as long as the model.
    """

    def __init__(self, result: Result) -> None:
        self.model = result.model
        self.rows = result.data.learned
        # Half precision: of many sentences this is the largest array of the page.
        parts = [
            self._kept(self.rows.texts[first : first + AT_ONCE]).astype(np.float16)
            for first in range(0, len(self.rows), AT_ONCE)
        ]
        self.kept = np.concatenate(parts)
        self.centre = self.kept.mean(axis=0, dtype=np.float32)

    def _kept(self, texts: Sequence[str]) -> np.ndarray:
        """Return what all networks keep of texts (texts, kept)."""
        vectors = [self.model.vectors(self.model.read(text).tokens) for text in texts]
        return np.concatenate(list(self.model.reader.features(vectors)), axis=1)

    def nearest(self, text: str, count: int = 5) -> list[Neighbour]:
        """Return the training sentences that the model reads most alike."""
        if not self.model.read(text).tokens:
            return []
        likeness = self._likeness(self._kept([text]))
        places = np.argsort(-likeness, kind="stable")[:count]
        targets = self.rows.targets
        return [
            Neighbour(
                text=self.rows.texts[place],
                label=int(targets[place]),
                likeness=float(likeness[place]),
            )
            for place in places
        ]

    def _likeness(self, kept: np.ndarray) -> np.ndarray:
        """Return the cosine with each training sentence (sentences,)."""
        wanted = _directions(kept - self.centre)[0]
        parts = [
            _directions(self.kept[first : first + MANY] - self.centre) @ wanted
            for first in range(0, len(self.kept), MANY)
        ]
        return np.concatenate(parts)


def _directions(rows: np.ndarray) -> np.ndarray:
    lengths = np.sqrt(np.einsum("rk,rk->r", rows, rows))
    return np.asarray(rows / np.maximum(lengths, 1e-9)[:, None])


@dataclass(frozen=True, kw_only=True)
class Shuffled:
    """The same words in other orders.

    Attributes
    ----------
    texts
        The words as shuffled.
    probabilities
        Of each order (orders, 5).
    kept
        Share of the orders in which the answer stays the same.
    """

    texts: tuple[str, ...]
    probabilities: np.ndarray
    kept: float


def shuffle_words(
    model: Model, text: str, seed: int = 0, orders: int = SHUFFLES
) -> Shuffled | None:
    """Ask again with the words in other orders; None if there is only one order."""
    tokens = model.read(text).tokens
    shown = [token.word or token.text for token in tokens]
    if len(set(shown)) < 2:
        return None
    vectors = model.vectors(tokens)
    chosen = list(_other_orders(shown, seed, orders))
    rows = model.probabilities([vectors, *(vectors[order] for order in chosen)])
    answers = rows.argmax(axis=1)
    return Shuffled(
        texts=tuple(" ".join(shown[place] for place in order) for order in chosen),
        probabilities=rows[1:],
        kept=float(np.mean(answers[1:] == answers[0])),
    )


def _other_orders(words: list[str], seed: int, orders: int) -> Iterator[np.ndarray]:
    """Yield so many orders in which the words read differently than they came."""
    random = np.random.default_rng(seed)
    while orders:
        order = random.permutation(len(words))
        if [words[place] for place in order] != words:
            orders -= 1
            yield order
