"""The Markov baseline: the alphabet and the order that do best on held-out pieces."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
ONSETS = 2_000  # by which the order that foresees most of them is chosen


@dataclass(frozen=True, eq=False)
class Baseline:
    """A Markov chain and the tokens that it reads.

    Attributes
    ----------
    vocabulary
        Its alphabet; with `steps` every piece is first moved to C major or A minor.
    chain
        Of the order that was best on the pieces held out to choose by.
    onset_chain
        Of the order that foresaw most onsets there. One that looks back little may
        have the best loss, and yet hold "hold" the likeliest at every sixteenth.
    chosen_by
        Nats a sixteenth on those pieces of every order tried, from 0.
    """

    vocabulary: Vocabulary
    chain: Markov
    onset_chain: Markov
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
        """Return the share of onsets that `onset_chain` foresaw: when, and which."""
        return _foreseen(self.onset_chain, [self.tokens(piece) for piece in pieces])


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
    best = min(tried, key=lambda baseline: min(baseline.chosen_by[1:]))
    chain, held_out = best.chain, [best.tokens(piece) for piece in validation]
    onsets = [
        _foreseen(chain.cut(order), held_out, ONSETS)
        for order in range(chain.order + 1)
    ]
    return replace(
        best,
        chain=chain.cut(best_order(chain, held_out)),
        onset_chain=chain.cut(int(np.argmax(onsets))),
    )


def _fit(
    train: Sequence[Piece], validation: Sequence[Piece], alphabet: Alphabet
) -> Baseline:
    """Fit all orders of one alphabet; the chain looks back as far as any."""
    vocabulary = Vocabulary.of(train, alphabet)
    nothing = Markov(vocabulary.size, ())
    reader = Baseline(vocabulary, nothing, nothing, ())
    chain = Markov.fit([reader.tokens(piece) for piece in train], vocabulary.size)
    losses = chain.nats([reader.tokens(piece) for piece in validation])
    return Baseline(vocabulary, chain, chain, tuple(losses.tolist()))


def _foreseen(
    chain: Markov, sequences: Sequence[Tokens], most: int | None = None
) -> float:
    """Return the share of onsets at which a chain held the right token likeliest.

    Of more onsets than `most`, as many are taken, evenly chosen.
    """
    row = np.concatenate(sequences)
    places = np.flatnonzero(row >= FIRST_NOTE)
    if most is not None and len(places) > most:
        places = places[np.linspace(0, len(places) - 1, most).astype(int)]
    wanted = np.zeros(len(row), bool)
    wanted[places] = True
    return float((chain.likeliest(sequences, wanted) == row[wanted]).mean())
