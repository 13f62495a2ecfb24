"""The figures of a training on held-out pieces, and those they stand beside."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Self

import numpy as np

from core.music.baseline import fit_baseline
from core.music.corpora import Corpus
from core.music.originality import HumanRate
from core.music.piece import Piece

Totals = tuple[float, int, int, int]  # nats, sixteenths, foreseen onsets, onsets


@dataclass(frozen=True, kw_only=True)
class MarkovFigures:
    """What the Markov baseline reaches; it is chosen on the validation pieces.

    Attributes
    ----------
    alphabet, order
        How it writes notes, and how many sixteenths it looks back.
    orders
        Nats a sixteenth on the validation pieces of every order from 0 to 8.
    watched
        Nats a sixteenth on the validation pieces that are watched while training.
    nats
        On the test pieces.
    onset_order, onset_accuracy
        The order that foresaw most onsets of the validation pieces, and what share it
        foresaw on the test pieces.
    """

    alphabet: str
    order: int
    orders: tuple[float, ...]
    watched: float
    nats: float
    onset_order: int
    onset_accuracy: float

    @classmethod
    def of(cls, corpus: Corpus) -> Self:
        """Fit it on a corpus."""
        baseline = fit_baseline(corpus.train, corpus.validation)
        return cls(
            alphabet=baseline.vocabulary.alphabet,
            order=baseline.order,
            orders=baseline.chosen_by,
            watched=baseline.nats(watched(corpus)),
            nats=baseline.nats(corpus.test),
            onset_order=baseline.onset_chain.order,
            onset_accuracy=baseline.onset_accuracy(corpus.test),
        )

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> Self:
        """Read what `dataclasses.asdict` wrote, after JSON."""
        return cls(**{**values, "orders": tuple(values["orders"])})  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a model reaches on pieces that it never saw.

    Attributes
    ----------
    train
        Nats a sixteenth of the last epoch of training, with what was hidden in it.
    validation, nats
        Nats a sixteenth on the watched validation pieces and on the test pieces.
    onset_accuracy
        Share of the test pieces' onsets that it held likeliest, with their pitch.
    without_chords
        Nats a sixteenth on the test pieces with the chords hidden; None where there
        are none to hide.
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
        """Of how many equally likely tokens it chooses, so to say."""
        return math.exp(self.nats)

    @property
    def chord_gain(self) -> float | None:
        """Nats a sixteenth that hearing the chords is worth."""
        if self.without_chords is None:
            return None
        return self.without_chords - self.nats

    def as_json(self) -> dict[str, object]:
        """Write it as plain values."""
        values = asdict(self)
        return {**values, "by_temperature": list(self.by_temperature.items())}

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> Self:
        """Read what `as_json` wrote."""
        by = values["by_temperature"]
        return cls(**{**values, "by_temperature": dict(by)})  # type: ignore[call-overload]


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What is played at one temperature: means over a few pieces.

    Attributes
    ----------
    temperature
        Of the choice.
    nats
        Of the held-out pieces at this temperature.
    copy_rates
        Notes in a run -> share of such runs that are in the corpus.
    longest_copy
        Notes of the longest copied run of all the pieces.
    figures
        The five figures of a melody, by name.
    """

    temperature: float
    nats: float
    copy_rates: Mapping[int, float]
    longest_copy: int
    figures: Mapping[str, float]

    def as_json(self) -> dict[str, object]:
        """Write it as plain values."""
        return {**asdict(self), "copy_rates": list(self.copy_rates.items())}

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> Self:
        """Read what `as_json` wrote."""
        rates = values["copy_rates"]
        return cls(**{**values, "copy_rates": dict(rates)})  # type: ignore[call-overload]


def human_as_json(human: HumanRate) -> dict[str, object]:
    """Write how much people copy as plain values."""
    return {"rates": list(human.rates.items()), "longest": human.longest}


def human_from_json(values: Mapping[str, object]) -> HumanRate:
    """Read what `human_as_json` wrote."""
    rates, longest = values["rates"], values["longest"]
    return HumanRate(dict(rates), tuple(longest))  # type: ignore[call-overload,arg-type]


def totals_of(scores: np.ndarray, tokens: np.ndarray, onsets: np.ndarray) -> Totals:
    """Return nats, tokens, onsets foreseen and onsets.

    Parameters
    ----------
    scores
        (steps, tokens) before any softmax.
    tokens
        (steps,) what came.
    onsets
        (steps,) where a note begins.
    """
    top = scores.max(axis=1)
    whole = np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top
    wanted = scores[np.arange(len(tokens)), tokens]
    foreseen = scores.argmax(axis=1) == tokens
    return (
        float((whole - wanted).sum(dtype=np.float64)),
        len(tokens),
        int((foreseen & onsets).sum()),
        int(onsets.sum()),
    )


def nats_of(parts: Iterable[Totals]) -> float:
    """Return nats a sixteenth of all parts together."""
    nats, steps, _, _ = np.sum(list(parts), axis=0)
    return float(nats / steps)


WATCHED_STEPS = 24_000  # of validation pieces, judged after every epoch


def watched(corpus: Corpus) -> tuple[Piece, ...]:
    """Return the validation pieces that are judged after every epoch."""
    steps = sum(piece.steps for piece in corpus.validation)
    return corpus.validation[:: max(1, steps // WATCHED_STEPS)]
