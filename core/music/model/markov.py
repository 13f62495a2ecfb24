"""The baseline: interpolated Markov chains of several orders.

The probability of a token after a context of n tokens is mixed with its probability
after the n - 1 nearest, and so on down to the tokens' frequencies, by the weights of
Witten and Bell (1991): the more different tokens have followed a context, the less
weight it has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.music.corpora import Corpus
from core.music.judging.judgement import watched
from core.music.model.vocabulary import FIRST_NOTE, Tokens, Vocabulary, in_c
from core.music.score.piece import Piece

ONSETS = 2_000  # onsets for choosing the order of the highest onset accuracy
HIGHEST_ORDER = 8
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Level:
    """Counts of the tokens after each context of one length."""

    contexts: Tokens  # sorted keys of the contexts; a context's index is its number
    # Sorted keys of the pairs: context number times vocabulary size plus token
    followed: Tokens
    counts: Floats  # counts of each pair
    # Of each context: tokens that followed it, and different ones
    totals: Floats
    kinds: Floats


@dataclass(frozen=True, eq=False)
class Markov:
    """Chains of order 0 up to a highest one, over tokens 0 to `size` - 1."""

    size: int  # size of the vocabulary
    levels: tuple[_Level, ...]  # one for each length of context, from 0

    @property
    def order(self) -> int:
        """Length of the longest context."""
        return len(self.levels) - 1

    @classmethod
    def fit(
        cls, sequences: Sequence[Tokens], size: int, order: int = HIGHEST_ORDER
    ) -> Self:
        """Count the tokens after each context of up to `order` tokens."""
        tokens, places = _concatenated(sequences, size, order)
        following = tokens[places]
        number = np.zeros(len(places), np.int64)
        contexts = np.zeros(1, np.int64)
        levels = []
        for back in range(order + 1):
            if back:
                keys = number * (size + 1) + tokens[places - back]
                contexts, number = np.unique(keys, return_inverse=True)
            pairs, counts = np.unique(number * size + following, return_counts=True)
            owners = pairs // size
            levels.append(
                _Level(
                    contexts=contexts,
                    followed=pairs,
                    counts=counts.astype(float),
                    totals=np.bincount(owners, counts, len(contexts)).astype(float),
                    kinds=np.bincount(owners, minlength=len(contexts)).astype(float),
                )
            )
        return cls(size, tuple(levels))

    def cut(self, order: int) -> Self:
        """Return the chain of a lower order."""
        return type(self)(self.size, self.levels[: order + 1])

    def log_probabilities(self, sequences: Sequence[Tokens]) -> Floats:
        """Return the log-probability of each token by order, (order + 1, all steps)."""
        tokens, places = _concatenated(sequences, self.size, self.order)
        return np.log(self._probabilities(tokens, places, tokens[places]))

    def nats(self, sequences: Sequence[Tokens]) -> Floats:
        """Return the mean nats of a token of some pieces by order, (order + 1,)."""
        return np.asarray(-self.log_probabilities(sequences).mean(axis=1))

    def most_likely(
        self, sequences: Sequence[Tokens], wanted: NDArray[np.bool_]
    ) -> Tokens:
        """Return the most likely token at some steps; `wanted` is (all steps,)."""
        tokens, places = _concatenated(sequences, self.size, self.order)
        places = places[wanted]
        best, answer = np.full(len(places), -1.0), np.zeros(len(places), np.int64)
        for token in range(self.size):
            following = np.full(len(places), token)
            probability = self._probabilities(tokens, places, following)[-1]
            answer = np.where(probability > best, token, answer)
            best = np.maximum(probability, best)
        return answer

    def _probabilities(
        self, tokens: Tokens, places: Tokens, following: Tokens
    ) -> Floats:
        """Return the probability of tokens at places of a row by order."""
        number = np.zeros(len(places), np.int64)
        probability = np.full(len(places), 1 / self.size)
        rows = []
        for back, level in enumerate(self.levels):
            if back:
                keys = number * (self.size + 1) + tokens[places - back]
                number = np.where(number < 0, -1, _find(level.contexts, keys))
            mixed = self._mix(level, number, following, probability)
            probability = np.where(number < 0, probability, mixed)
            rows.append(probability)
        return np.array(rows)

    def _mix(
        self, level: _Level, number: Tokens, following: Tokens, shorter: Floats
    ) -> Floats:
        """Interpolate a context's counts with the probability after a shorter one."""
        found = _find(level.followed, number * self.size + following)
        seen = np.where(found < 0, 0.0, level.counts[found])
        kinds = level.kinds[number]
        return np.asarray((seen + kinds * shorter) / (level.totals[number] + kinds))


@dataclass(frozen=True, eq=False)
class Baseline:
    """Markov chains over degrees, of the orders chosen on the validation pieces.

    Pieces without chords are transposed to C major or A minor; chords inferred from
    the melody are not read, because they would tell some of it.
    """

    vocabulary: Vocabulary
    chain: Markov  # chain of the order, at least 1, with the lowest loss
    # Of the order with the highest onset accuracy. One of a low order may have the
    # lowest loss, and yet "hold" as its most likely token at every sixteenth.
    onset_chain: Markov
    # Nats a sixteenth on the validation pieces by order, from 0
    orders: tuple[float, ...]

    @classmethod
    def fit(cls, train: Sequence[Piece], validation: Sequence[Piece]) -> Self:
        """Fit chains of all orders, and choose on the validation pieces."""
        vocabulary = Vocabulary.of(train, "degrees")
        chain = Markov.fit(
            [_tokens(vocabulary, piece) for piece in train], vocabulary.size
        )
        held_out = [_tokens(vocabulary, piece) for piece in validation]
        orders = chain.nats(held_out)
        accuracies = [
            _onset_accuracy(chain.cut(order), held_out, ONSETS)
            for order in range(chain.order + 1)
        ]
        return cls(
            vocabulary,
            chain.cut(int(orders[1:].argmin()) + 1),
            chain.cut(int(np.argmax(accuracies))),
            tuple(orders.tolist()),
        )

    def tokens(self, piece: Piece) -> Tokens:
        """Return a piece as tokens; notes out of the range are moved by octaves."""
        return _tokens(self.vocabulary, piece)

    def nats(self, pieces: Sequence[Piece]) -> float:
        """Return the mean nats of the sixteenths of all pieces together."""
        return float(self.chain.nats([self.tokens(piece) for piece in pieces])[-1])

    def onset_accuracy(self, pieces: Sequence[Piece]) -> float:
        """Return the share of onsets whose token was the most likely one."""
        tokens = [self.tokens(piece) for piece in pieces]
        return _onset_accuracy(self.onset_chain, tokens)


@dataclass(frozen=True, kw_only=True)
class MarkovFigures:
    """The metrics of the baseline."""

    alphabet: str  # of its vocabulary
    order: int  # of its chain
    # Nats a sixteenth on the validation pieces by order, from 0 to 8
    orders: tuple[float, ...]
    # Nats a sixteenth on the validation pieces that are watched during training
    watched: float
    nats: float  # nats a sixteenth on the test pieces
    # Of the chain of the highest onset accuracy on the validation pieces, and its
    # accuracy on the test pieces
    onset_order: int
    onset_accuracy: float

    @classmethod
    def of(cls, corpus: Corpus) -> Self:
        """Fit it on a corpus."""
        baseline = Baseline.fit(corpus.train, corpus.validation)
        return cls(
            alphabet=baseline.vocabulary.alphabet,
            order=baseline.chain.order,
            orders=baseline.orders,
            watched=baseline.nats(watched(corpus)),
            nats=baseline.nats(corpus.test),
            onset_order=baseline.onset_chain.order,
            onset_accuracy=baseline.onset_accuracy(corpus.test),
        )

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> Self:
        """Decode the JSON of `dataclasses.asdict`."""
        return cls(**{**values, "orders": tuple(values["orders"])})  # type: ignore[arg-type]


def _tokens(vocabulary: Vocabulary, piece: Piece) -> Tokens:
    # Degrees do not depend on the key where there are chords.
    piece = piece.without_inferred_chords()
    return vocabulary.encode(vocabulary.folded(piece if piece.chords else in_c(piece)))


def _onset_accuracy(
    chain: Markov, sequences: Sequence[Tokens], most: int | None = None
) -> float:
    """Return the share of onsets whose token was the most likely one.

    Of more onsets than `most`, as many are used, evenly spaced.
    """
    row = np.concatenate(sequences)
    places = np.flatnonzero(row >= FIRST_NOTE)
    if most is not None and len(places) > most:
        places = places[np.linspace(0, len(places) - 1, most).astype(int)]
    wanted = np.zeros(len(row), bool)
    wanted[places] = True
    return float((chain.most_likely(sequences, wanted) == row[wanted]).mean())


def _concatenated(
    sequences: Sequence[Tokens], size: int, order: int
) -> tuple[Tokens, Tokens]:
    """Return all pieces in one row, each after `order` start tokens.

    Also the indices in that row of the tokens that are not start tokens.
    """
    starts = np.full(order, size, np.int64)
    row = np.concatenate([part for piece in sequences for part in (starts, piece)])
    return row, np.flatnonzero(row != size)


def _find(keys: Tokens, wanted: Tokens) -> Tokens:
    """Return the index of each wanted key in sorted keys, -1 if it is not there."""
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, places, -1)
