"""A trained character model of any stored epoch, and a word that it reads."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.lesson import demo
from core.lesson.network import Network
from core.lesson.writing import Config, Result, initial_snapshot, network_at
from core.lesson.writing.corpus import END, START, Corpus, one_hot
from core.task import DataError, State

MAX_CHARACTERS = 16  # longest word that fits the screen of a phone
FEW_CHARACTERS = 10
MAX_SHOWN = 12  # units in a heatmap


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """A trained character model, and the networks of its stored epochs."""

    # Of the training
    config: Config
    corpus: Corpus
    # By epoch: 0 is before training, the last one is the result's
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


def example_word(corpus: Corpus) -> str:
    """Return the longest line of at most 10 characters, or the start of the text."""
    short = [line for line in corpus.lines if len(line) <= FEW_CHARACTERS]
    return max(short, key=len, default=corpus.lines[0][:FEW_CHARACTERS].strip())


def text_sequence(corpus: Corpus, text: str) -> demo.Sequence:
    """Return text as a network reads it: a name comes after a line break.

    Raise a DataError if it has not 1 to 16 characters, or one that the network does not
    know.
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
