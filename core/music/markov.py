"""Markov chains of several orders, interpolated: what a network has to beat.

The chance of a token after a context of n tokens is mixed with its chance after the
n - 1 nearest, and so on down to all tokens alike, by Witten and Bell's weights: the
more different tokens have followed a context, the less it is trusted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

HIGHEST_ORDER = 8
Tokens = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Level:
    """What followed each context of one length.

    Attributes
    ----------
    contexts
        Sorted keys of the contexts seen; a context's place is its number.
    followed
        Sorted keys of the pairs seen: context number times vocabulary plus token.
    counts
        How often each pair was seen.
    totals, kinds
        Of each context: tokens that followed it, and different ones.
    """

    contexts: Tokens
    followed: Tokens
    counts: Floats
    totals: Floats
    kinds: Floats


@dataclass(frozen=True, eq=False)
class Markov:
    """Chains of order 0 up to a highest one, over tokens 0 to `size` - 1.

    Attributes
    ----------
    size
        Of the vocabulary.
    levels
        One for each length of context, from 0.
    """

    size: int
    levels: tuple[_Level, ...]

    @property
    def order(self) -> int:
        """The longest context that it looks at."""
        return len(self.levels) - 1

    @classmethod
    def fit(
        cls, sequences: Sequence[Tokens], size: int, order: int = HIGHEST_ORDER
    ) -> Self:
        """Count what followed what in some pieces.

        Parameters
        ----------
        sequences
            Tokens of each piece, (steps,).
        size
            Of the vocabulary.
        order
            Longest context to look at.
        """
        tokens, places = _laid_out(sequences, size, order)
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
        """Return the chain that looks back no further than `order` tokens."""
        return type(self)(self.size, self.levels[: order + 1])

    def log_chances(self, sequences: Sequence[Tokens]) -> Floats:
        """Return the log chance of every token of some pieces under every order.

        Returns
        -------
        numpy.ndarray
            (order + 1, all steps), in nats.
        """
        tokens, places = _laid_out(sequences, self.size, self.order)
        return np.log(self._chances(tokens, places, tokens[places]))

    def nats(self, sequences: Sequence[Tokens]) -> Floats:
        """Return nats a token over some pieces for every order, (order + 1,)."""
        return np.asarray(-self.log_chances(sequences).mean(axis=1))

    def likeliest(
        self, sequences: Sequence[Tokens], wanted: NDArray[np.bool_]
    ) -> Tokens:
        """Return the token it holds most likely at each wanted step.

        Parameters
        ----------
        sequences
            Tokens of each piece.
        wanted
            (all steps,) which steps to answer for.
        """
        tokens, places = _laid_out(sequences, self.size, self.order)
        places = places[wanted]
        best, answer = np.full(len(places), -1.0), np.zeros(len(places), np.int64)
        for token in range(self.size):
            following = np.full(len(places), token)
            chance = self._chances(tokens, places, following)[-1]
            answer = np.where(chance > best, token, answer)
            best = np.maximum(chance, best)
        return answer

    def _chances(self, tokens: Tokens, places: Tokens, following: Tokens) -> Floats:
        """Return the chance of tokens at places of a row under every order."""
        number = np.zeros(len(places), np.int64)
        chance = np.full(len(places), 1 / self.size)
        rows = []
        for back, level in enumerate(self.levels):
            if back:
                keys = number * (self.size + 1) + tokens[places - back]
                number = np.where(number < 0, -1, _find(level.contexts, keys))
            mixed = self._mix(level, number, following, chance)
            chance = np.where(number < 0, chance, mixed)
            rows.append(chance)
        return np.array(rows)

    def _mix(
        self, level: _Level, number: Tokens, following: Tokens, shorter: Floats
    ) -> Floats:
        """Mix what followed a context with what the shorter one says."""
        found = _find(level.followed, number * self.size + following)
        seen = np.where(found < 0, 0.0, level.counts[found])
        kinds = level.kinds[number]
        return np.asarray((seen + kinds * shorter) / (level.totals[number] + kinds))


def best_order(chain: Markov, validation: Sequence[Tokens]) -> int:
    """Return the order, at least 1, that is best on pieces held out to choose by."""
    return int(chain.nats(validation)[1:].argmin()) + 1


def _laid_out(
    sequences: Sequence[Tokens], size: int, order: int
) -> tuple[Tokens, Tokens]:
    """Return all pieces in one row, each after `order` marks of a beginning.

    Also the places in that row of what are tokens and not marks.
    """
    marks = np.full(order, size, np.int64)
    row = np.concatenate([part for piece in sequences for part in (marks, piece)])
    return row, np.flatnonzero(row != size)


def _find(keys: Tokens, wanted: Tokens) -> Tokens:
    """Return the place of each wanted key in sorted keys, -1 where it is not."""
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, places, -1)
