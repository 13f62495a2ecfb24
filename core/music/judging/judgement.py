"""The evaluation of a model on held-out pieces, and of the pieces it generates."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import NamedTuple, Self

import numpy as np

from core.music.corpora import Corpus
from core.music.score.piece import Piece

FRESH_UNIT = "half bar"  # see `repetition.first_time`
WATCHED_STEPS = 24_000  # steps of validation pieces evaluated after every epoch


class Totals(NamedTuple):
    """Sums over the steps of some pieces."""

    # Of all steps
    nats: float
    steps: int
    # Onsets whose token was the most likely one, and all of them
    right: int
    onsets: int
    # Of the steps in fresh half bars; see `repetition.first_time`
    fresh_nats: float = 0.0
    fresh_steps: int = 0


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The metrics of a model on held-out pieces."""

    train: float  # nats a sixteenth of the last training epoch, with dropout
    # Nats a sixteenth on the watched validation pieces and on the test pieces
    validation: float
    nats: float
    # Share of the test pieces' onsets whose token was the most likely one
    onset_accuracy: float
    # Nats a sixteenth on the test pieces with the chords hidden; None if there are no
    # chords
    without_chords: float | None
    # Temperature -> nats a sixteenth on the watched validation pieces
    by_temperature: Mapping[float, float]
    # Nats a sixteenth on the test pieces' fresh half bars, which no copy of half a bar
    # gives; None of the classic recipe
    fresh: float | None
    fresh_unit: str  # "half bar"

    @property
    def perplexity(self) -> float:
        """Number of equally likely tokens of the same uncertainty."""
        return math.exp(self.nats)

    @property
    def chord_gain(self) -> float | None:
        """Nats a sixteenth saved by the chords."""
        if self.without_chords is None:
            return None
        return self.without_chords - self.nats

    def as_json(self) -> dict[str, object]:
        """Return it as plain values for JSON."""
        values = asdict(self)
        return {**values, "by_temperature": list(self.by_temperature.items())}

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> Self:
        """Decode the dictionary of `as_json`."""
        by = values["by_temperature"]
        return cls(**{**values, "by_temperature": dict(by)})  # type: ignore[call-overload]


@dataclass(frozen=True, kw_only=True)
class SweepPoint:
    """The metrics of melodies at one temperature: means over a few pieces."""

    temperature: float  # temperature of the sampling
    nats: float  # loss on held-out pieces at this temperature
    # Notes in a run -> share of such runs that are in the corpus
    copy_rates: Mapping[int, float]
    longest_copy: int  # notes of the longest copied run of all the pieces
    figures: Mapping[str, float]  # the metrics of a melody, by name

    def as_json(self) -> dict[str, object]:
        """Return it as plain values for JSON."""
        return {**asdict(self), "copy_rates": list(self.copy_rates.items())}

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> Self:
        """Decode the dictionary of `as_json`."""
        rates = values["copy_rates"]
        return cls(**{**values, "copy_rates": dict(rates)})  # type: ignore[call-overload]


def totals_of(
    scores: np.ndarray,
    tokens: np.ndarray,
    onsets: np.ndarray,
    fresh: np.ndarray | None = None,
) -> Totals:
    """Return nats, tokens and correctly predicted onsets, summed over steps.

    Parameters
    ----------
    scores
        (steps, tokens) before the softmax.
    tokens, onsets, fresh
        (steps,) the actual ones, and which of them are onsets or in fresh half bars.
    """
    top = scores.max(axis=1)
    whole = np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top
    nats = (whole - scores[np.arange(len(tokens)), tokens]).astype(np.float64)
    right = scores.argmax(axis=1) == tokens
    if fresh is None:
        fresh = np.zeros(len(tokens), bool)
    return Totals(
        nats=float(nats.sum()),
        steps=len(tokens),
        right=int((right & onsets).sum()),
        onsets=int(onsets.sum()),
        fresh_nats=float(nats[fresh].sum()),
        fresh_steps=int(fresh.sum()),
    )


def added(parts: Iterable[Totals]) -> Totals:
    """Return the sums of all parts together."""
    return Totals(*(sum(column) for column in zip(*parts, strict=True)))


def nats_of(parts: Iterable[Totals]) -> float:
    """Return the nats a sixteenth of all parts together."""
    totals = added(parts)
    return totals.nats / totals.steps


def watched(corpus: Corpus) -> tuple[Piece, ...]:
    """Return the validation pieces that are judged after every epoch."""
    steps = sum(piece.steps for piece in corpus.validation)
    return corpus.validation[:: max(1, steps // WATCHED_STEPS)]
