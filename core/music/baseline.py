"""The Markov baseline: the alphabet and the order that do best on held-out pieces."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.music.markov import Markov, best_order
from core.music.piece import NO_CHORD, Piece
from core.music.vocabulary import (
    FIRST_NOTE,
    Alphabet,
    Tokens,
    Vocabulary,
    at_home,
)

# How keys are made alike: all pieces in one key, or tokens that no key matters to.
TRIED: tuple[Alphabet, ...] = ("steps", "intervals", "degrees")


@dataclass(frozen=True, eq=False)
class Baseline:
    """A Markov chain and the tokens that it reads.

    Attributes
    ----------
    vocabulary
        Its alphabet; with `steps` every piece is first moved to C major or A minor.
    chain
        Of the order that was best on the pieces held out to choose by.
    chosen_by
        Nats a sixteenth on those pieces of every order tried, from 0.
    """

    vocabulary: Vocabulary
    chain: Markov
    chosen_by: tuple[float, ...]

    @property
    def order(self) -> int:
        """How many sixteenths it looks back."""
        return self.chain.order

    def tokens(self, piece: Piece) -> Tokens:
        """Write a piece as this baseline reads it; notes out of its range are moved."""
        moved = at_home(piece) if self.vocabulary.alphabet == "steps" else piece
        return self.vocabulary.encode(self.vocabulary.folded(moved))

    def nats(self, pieces: Sequence[Piece]) -> float:
        """Return nats a sixteenth: of all pieces together, by all their sixteenths."""
        return float(self.chain.nats([self.tokens(piece) for piece in pieces])[-1])

    def onset_accuracy(self, pieces: Sequence[Piece]) -> float:
        """Return the share of onsets that it foresaw: that a note begins, and which."""
        tokens = [self.tokens(piece) for piece in pieces]
        row = np.concatenate(tokens)
        answers = self.chain.likeliest(tokens, row >= FIRST_NOTE)
        return float((answers == row[row >= FIRST_NOTE]).mean())


def fit_baseline(train: Sequence[Piece], validation: Sequence[Piece]) -> Baseline:
    """Fit every alphabet and order, and return what is best on the validation.

    Parameters
    ----------
    train, validation
        Whole pieces.
    """
    with_chords = any((piece.harmony != NO_CHORD).any() for piece in train)
    tried = [
        _fit(train, validation, alphabet)
        for alphabet in TRIED
        if with_chords or alphabet != "degrees"
    ]
    return min(tried, key=lambda baseline: baseline.chosen_by[baseline.order])


def _fit(
    train: Sequence[Piece], validation: Sequence[Piece], alphabet: Alphabet
) -> Baseline:
    vocabulary = Vocabulary.of(train, alphabet)
    reader = Baseline(vocabulary, Markov(vocabulary.size, ()), ())
    chain = Markov.fit([reader.tokens(piece) for piece in train], vocabulary.size)
    held_out = [reader.tokens(piece) for piece in validation]
    return Baseline(
        vocabulary=vocabulary,
        chain=chain.cut(best_order(chain, held_out)),
        chosen_by=tuple(chain.nats(held_out).tolist()),
    )
