"""The evaluation of a model on held-out pieces, and of what it generates."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Self

import numpy as np

from core.music.corpora import Corpus
from core.music.judging.originality import HumanRate
from core.music.score.piece import Piece

WATCHED_STEPS = 24_000  # of validation pieces, evaluated after every epoch
Totals = tuple[float, int, int, int]  # nats, sixteenths, right onsets, onsets


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a model reaches on held-out pieces.

    Attributes
    ----------
    train
        Nats a sixteenth of the last training epoch, with dropout.
    validation, nats
        Nats a sixteenth on the watched validation pieces and on the test pieces.
    onset_accuracy
        Share of the test pieces' onsets whose token was the most likely one.
    without_chords
        Nats a sixteenth on the test pieces with the chords hidden; None if there
        are no chords.
    by_temperature
        Temperature -> nats a sixteenth on the watched validation pieces.
    """

    train: float
    validation: float
    nats: float
    onset_accuracy: float
    without_chords: float | None
    by_temperature: Mapping[float, float]

    @property
    def perplexity(self) -> float:
        """Number of equally likely tokens of the same uncertainty."""
        return math.exp(self.nats)

    @property
    def chord_gain(self) -> float | None:
        """Nats a sixteenth that the chords save."""
        if self.without_chords is None:
            return None
        return self.without_chords - self.nats

    def as_json(self) -> dict[str, object]:
        """Return it as plain values for JSON."""
        values = asdict(self)
        return {**values, "by_temperature": list(self.by_temperature.items())}

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> Self:
        """Read what `as_json` returned."""
        by = values["by_temperature"]
        return cls(**{**values, "by_temperature": dict(by)})  # type: ignore[call-overload]


@dataclass(frozen=True, kw_only=True)
class SweepPoint:
    """What is generated at one temperature: means over a few pieces.

    Attributes
    ----------
    temperature
        Of the sampling.
    nats
        Of held-out pieces at this temperature.
    copy_rates
        Notes in a run -> share of such runs that are in the corpus.
    longest_copy
        Notes of the longest copied run of all the pieces.
    figures
        The metrics of a melody, by name; earlier versions had "polyphony" too.
    """

    temperature: float
    nats: float
    copy_rates: Mapping[int, float]
    longest_copy: int
    figures: Mapping[str, float]

    def as_json(self) -> dict[str, object]:
        """Return it as plain values for JSON."""
        return {**asdict(self), "copy_rates": list(self.copy_rates.items())}

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> Self:
        """Read what `as_json` returned."""
        rates = values["copy_rates"]
        return cls(**{**values, "copy_rates": dict(rates)})  # type: ignore[call-overload]


def human_as_json(human: HumanRate) -> dict[str, object]:
    """Return a human rate as plain values."""
    return {"rates": list(human.rates.items()), "longest": human.longest}


def human_from_json(values: Mapping[str, object]) -> HumanRate:
    """Read what `human_as_json` returned."""
    rates, longest = values["rates"], values["longest"]
    return HumanRate(dict(rates), tuple(longest))  # type: ignore[call-overload,arg-type]


def totals_of(scores: np.ndarray, tokens: np.ndarray, onsets: np.ndarray) -> Totals:
    """Return nats, tokens, correctly predicted onsets and onsets, summed over steps.

    Parameters
    ----------
    scores
        (steps, tokens) before the softmax.
    tokens
        (steps,) the actual ones.
    onsets
        (steps,) which of them are onsets.
    """
    top = scores.max(axis=1)
    whole = np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top
    wanted = scores[np.arange(len(tokens)), tokens]
    right = scores.argmax(axis=1) == tokens
    return (
        float((whole - wanted).sum(dtype=np.float64)),
        len(tokens),
        int((right & onsets).sum()),
        int(onsets.sum()),
    )


def nats_of(parts: Iterable[Totals]) -> float:
    """Return the nats a sixteenth of all parts together."""
    nats, steps, _, _ = np.sum(list(parts), axis=0)
    return float(nats / steps)


def watched(corpus: Corpus) -> tuple[Piece, ...]:
    """Return the validation pieces that are judged after every epoch."""
    steps = sum(piece.steps for piece in corpus.validation)
    return corpus.validation[:: max(1, steps // WATCHED_STEPS)]
