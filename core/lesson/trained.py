"""A trained character model from within: a word that it reads, and what its units do.

The units are looked at while the network reads text that it was not trained on, where
there is any. The network of every stored epoch reads it, to see a unit learn. A unit's
number counts from 1, its index from 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.lesson import demo
from core.lesson.network import Network
from core.lesson.settings import generator
from core.lesson.units import (
    PROPERTIES,
    Interval,
    Meaning,
    Rise,
    correlations,
    held_out_text,
    losses,
    meanings,
    read,
    rise_of_loss,
    switched_off,
)
from core.lesson.writing import Config, Result, initial_snapshot, network_at
from core.lesson.writing.corpus import END, START, Corpus, one_hot
from core.lesson.writing.sampling import sample
from core.recurrent import Array
from core.task import DataError, State

MAX_CHARACTERS = 16  # of a word; more do not fit the screen of a phone
FEW_CHARACTERS = 10
MAX_TEXT = 1600  # characters that every epoch reads
MAX_SHOWN = 12  # units in a heatmap
MAX_MISSED = 5  # characters that are predicted worse without a unit
FEWEST = 10  # times that such a character is in the text
MAX_SAMPLES = 8
REMEMBERED = {  # properties that no single character shows
    "position in the line",
    "inside quotation marks",
    "inside brackets, how deep",
}
FULL = 127  # full colour, in a byte
FULL_RISE = 2.0  # nats a character

Bytes = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """A trained character model, and the networks of its stored epochs.

    Attributes
    ----------
    config, corpus
        Of the training.
    networks
        By epoch: 0 is before training, the last one is the result's.
    """

    config: Config
    corpus: Corpus
    networks: Mapping[int, Network]

    @classmethod
    def of(cls, result: Result, snapshots: Mapping[int, State]) -> "TrainedNetwork":
        """Rebuild the networks of all epochs whose weights are stored."""
        config, corpus = result.config, result.corpus
        known = {0: initial_snapshot(config, corpus), **snapshots}
        networks = {
            epoch: network_at(config, corpus, known[epoch])
            for epoch in sorted(known)
            if any(name in known[epoch] for name in result.network.weights())
        }
        return cls(config, corpus, networks | {result.epochs: result.network})

    @property
    def result(self) -> Network:
        """The network after training."""
        return self.networks[max(self.networks)]

    @property
    def units(self) -> int:
        """How many hidden units it has."""
        return int(self.result.head[0].shape[1])


def example_word(corpus: Corpus) -> str:
    """Return the longest line of at most 10 characters, or the start of the text."""
    short = [line for line in corpus.lines if len(line) <= FEW_CHARACTERS]
    return max(short, key=len, default=corpus.lines[0][:FEW_CHARACTERS].strip())


def text_sequence(corpus: Corpus, text: str) -> demo.Sequence:
    """Return text as a network reads it: a name comes after a line break.

    Raises
    ------
    DataError
        If it has not 1 to 16 characters, or one that the network does not know.
    """
    if not 1 <= len(text) <= MAX_CHARACTERS:
        raise DataError(
            f"Expected a text of 1 to {MAX_CHARACTERS} characters, got {len(text)}. "
            "Type another one."
        )
    unknown = sorted(set(text) - set(corpus.characters))
    if unknown:
        known = "".join(sorted(corpus.characters.replace(END, "")))
        raise DataError(
            f"Expected characters that this network knows, {known!r}, got "
            f"{''.join(unknown)!r}: they are not in its training text. Leave them out, "
            "or train a network on a text that has them."
        )
    text = START + text if corpus.is_names else text
    x = one_hot(corpus.encode(text)[np.newaxis], len(corpus.characters))[0]
    return demo.Sequence(tuple(text.replace(START, "↵")), x[:, np.newaxis])


def unit_ranges(units: int) -> list[tuple[int, int]]:
    """Return which units are shown together, as (first, last), counted from 1."""
    return [
        (first + 1, min(units, first + MAX_SHOWN))
        for first in range(0, units, MAX_SHOWN)
    ]


def text_states(
    network: Network, sequence: demo.Sequence, first: int, last: int
) -> demo.Numbers:
    """Return gates and states of units first to last, counted from 1, (units, T)."""
    states = demo.network_states(network.cell, sequence, network.parameters)
    return {name: values[first - 1 : last] for name, values in states.items()}


@dataclass(frozen=True, eq=False)
class UnitStudy:
    """What all units do while the networks of all epochs read one text.

    Attributes
    ----------
    text
        What is read.
    is_held_out
        Whether the network was not trained on it.
    is_names
        Whether it is a list of names, each read from a zero state.
    epochs
        The stored epochs, 0 first.
    levels
        States in bytes, 127 for `full`, (epochs, units, characters).
    full
        1, or the largest state of a network whose states are not within -1 and 1.
    properties
        Of each character of the text, by name.
    meanings
        Of the trained network, beyond chance, best first.
    before_training
        For each property the largest correlation, without its sign, that any unit of
        the network of the first stored epoch has: random weights follow a text, too.
    loss
        Of the trained network for each character but the first, in nats.
    """

    text: str
    is_held_out: bool
    is_names: bool
    epochs: tuple[int, ...]
    levels: Bytes
    full: float
    properties: Mapping[str, Array]
    meanings: Sequence[Meaning]
    before_training: Mapping[str, float]
    loss: Array

    def levels_of(self, number: int) -> Bytes:
        """Return the states of one unit, (epochs, characters)."""
        return self.levels[:, number - 1]

    def meaning_of(self, number: int) -> Meaning | None:
        """Return the property that a unit follows best, if any beyond chance."""
        own = (each for each in self.meanings if each.number == number)
        return next(own, None)

    def best_of(self, name: str) -> Meaning:
        """Return the unit that follows a property best."""
        return next(each for each in self.meanings if each.property == name)

    @property
    def followed(self) -> list[str]:
        """The properties that some unit follows beyond chance, the clearest first."""
        return list(dict.fromkeys(each.property for each in self.meanings))

    @property
    def numbers(self) -> list[int]:
        """The numbers of all units, those first that follow a property, the clearest.

        The very first one follows a property that takes memory, if there is one.
        """
        first = sorted(self.meanings, key=lambda each: each.property not in REMEMBERED)
        leading = [meaning.number for meaning in first[:1]]
        following = [meaning.number for meaning in self.meanings]
        everyone = range(1, self.levels.shape[1] + 1)
        return list(dict.fromkeys([*leading, *following, *everyone]))

    def correlation_by_epoch(self, number: int) -> Array:
        """Return a unit's correlation at each epoch, (epochs,).

        That with the property which it follows in the end, or with its own states in
        the end if it follows none.
        """
        meaning, states = self.meaning_of(number), self.levels_of(number).astype(float)
        pattern = self.properties[meaning.property] if meaning else states[-1]
        return correlations(states, pattern)[:, 0]


def unit_study(trained: TrainedNetwork) -> UnitStudy:
    """Let the networks of all epochs read the held-out text."""
    text, is_held_out = held_out_text(trained.corpus, trained.config)
    text = _shortened(text, trained.corpus)
    readings = [
        read(network, trained.corpus, text) for network in trained.networks.values()
    ]
    final = readings[-1]
    full = max(1.0, float(np.abs(final.states).max()))
    properties = {name: of(trained.corpus, text) for name, of in PROPERTIES.items()}
    return UnitStudy(
        text=text,
        is_held_out=is_held_out,
        is_names=trained.corpus.is_names,
        epochs=tuple(trained.networks),
        levels=np.stack([_in_bytes(reading.states, full) for reading in readings]),
        full=full,
        properties=properties,
        meanings=meanings(final, trained.corpus),
        before_training={
            name: float(np.abs(correlations(readings[0].states, pattern)[:, 0]).max())
            for name, pattern in properties.items()
        },
        loss=losses(trained.result, trained.corpus, text),
    )


def _shortened(text: str, corpus: Corpus) -> str:
    """Return the beginning of a passage, or names evenly chosen from a list."""
    if not corpus.is_names:
        return text[:MAX_TEXT]
    every = -(-len(text) // MAX_TEXT)
    return START + "".join(name + END for name in text.split(END)[1:-1][::every])


def _in_bytes(values: Array, full: float) -> Bytes:
    shares = np.clip(np.nan_to_num(values) / full, -1, 1)
    return np.asarray(np.rint(shares * FULL), dtype=np.int8)


@dataclass(frozen=True)
class Forgotten:
    """What a network forgets without one of its units.

    Attributes
    ----------
    rise
        Of the loss of each character, in bytes: 127 for 2 nats, (characters,). The
        first character is not predicted: 0.
    everywhere
        Of the mean loss of all predictions.
    ends
        Of a list of names: of the ends of the names, against all other characters.
    missed
        The characters whose loss rises most, and by how much on average, in nats.
    samples, samples_without
        Texts that the network writes with the unit and without it.
    """

    rise: Bytes
    everywhere: Interval
    ends: Rise | None
    missed: Sequence[tuple[str, float]]
    samples: Sequence[str]
    samples_without: Sequence[str]


def forgotten(trained: TrainedNetwork, study: UnitStudy, number: int) -> Forgotten:
    """Switch a unit off, read the text again, and write."""
    text, before, unit = study.text, study.loss, number - 1
    after = losses(trained.result, trained.corpus, text, [unit])
    following = np.array(list(text[1:]))
    every, ends = following != "", following == END
    without = switched_off(trained.result, trained.corpus, [unit])
    return Forgotten(
        rise=_in_bytes(np.concatenate([[0.0], after - before]), FULL_RISE),
        everywhere=rise_of_loss(text, before, after, every).there,
        ends=rise_of_loss(text, before, after, ends) if study.is_names else None,
        missed=_missed(following, after - before),
        samples=_samples(trained, trained.result),
        samples_without=_samples(trained, without),
    )


def _missed(characters: NDArray[np.str_], rise: Array) -> list[tuple[str, float]]:
    found, counts = np.unique(characters, return_counts=True)
    means = [
        (str(character), float(rise[characters == character].mean()))
        for character in found[counts >= FEWEST]
    ]
    worse = [each for each in means if each[1] > 0]
    return sorted(worse, key=lambda each: -each[1])[:MAX_MISSED]


def _samples(trained: TrainedNetwork, network: Network) -> list[str]:
    config = trained.config
    rng = generator(config.seed, "sample", max(trained.networks))
    return sample(network, trained.corpus, rng, MAX_SAMPLES, config.temperature)
