"""What each unit of a character model tracks in a text, and the effect of removing it.

The networks of all stored epochs read a text, held out of training where there is one.
Each unit's states are compared with plain properties of the text. Two rivals stand
beside: the best unit of twenty untrained networks, because one of many units always
fits a little and the text drives random weights, too; and a guess from the newest
character, without memory. Units are numbered from 1.
"""

import dataclasses
import itertools
import math
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.lesson.cells import CELLS
from core.lesson.network import PADDING, Network
from core.lesson.trained import TrainedNetwork
from core.lesson.writing import initial_network
from core.lesson.writing.corpus import END, START, Corpus, one_hot, split
from core.recurrent import Array, softmax
from core.stats import Interval, bootstrap

MAX_TEXT = 1600  # characters that every epoch reads
STRETCH = 20  # characters of a passage that the bootstrap keeps together
FEWEST = 10  # lines or stretches for an interval
FULL = 127  # full colour, in a byte
UNTRAINED = 20  # networks, one a seed, whose best unit is to beat

Property = Callable[[str], Array]


@dataclass(frozen=True, eq=False)
class Reading:
    """The states and losses of a network over a text."""

    network: Network
    corpus: Corpus  # training corpus of the network
    text: str
    states: Array  # (units, characters): hidden, or of the LSTM tanh(c), without gate o
    hidden: Array  # (units, characters)
    losses: Array  # loss of each next character, (characters - 1,), nats


def read(network: Network, corpus: Corpus, text: str) -> Reading:
    """Let a network read a text from a zero state; of a list of names, each name.

    The text has the characters of the corpus, and before each name a line break.
    """
    pieces = [text]
    if corpus.is_names:
        pieces = [START + name for name in text[1:].split(END)]
    tokens = np.full((max(map(len, pieces)), len(pieces)), PADDING, dtype=np.int64)
    for column, piece in enumerate(pieces):
        tokens[: len(piece), column] = corpus.encode(piece)
    unrolled = network.forward(one_hot(tokens, len(corpus.characters)))

    def in_order(states: Array) -> Array:  # (T, units, pieces) -> (units, characters)
        return np.asarray(states.transpose(1, 2, 0)[:, tokens.T != PADDING])

    hidden = in_order(unrolled.h)
    states = hidden
    if network.cell == "lstm":
        states = np.tanh(in_order(unrolled.values("c")))
    W, b = network.head
    p = softmax(W @ hidden[:, :-1] + b)  # (n_y, characters - 1)
    following = corpus.encode(text[1:]), np.arange(len(text) - 1)
    losses = -np.log(np.maximum(p[following], 1e-300))
    return Reading(network, corpus, text, states, hidden, losses)


def switched_off(reading: Reading, number: int) -> Network:
    """Return the network whose gates and output layer read the mean of a unit instead.

    A constant says nothing about the text. Zero would also move the arguments of all
    gates away from what they were trained for. With W the weights that read the state
    and j the unit,

        b <- b + W[:, j] mean(h_j),   W[:, j] <- 0.
    """
    network, unit = reading.network, number - 1
    mean = reading.hidden[unit].mean()
    kind, parameters = CELLS[network.cell], dict(network.parameters)
    biases = {W: "ba" if W == "Waa" else "b" + W[1:] for W in kind.recurrent}
    for W, b in (*biases.items(), kind.head):
        weight = parameters[W].copy()
        parameters[b] = parameters[b] + weight[:, [unit]] * mean
        weight[:, unit] = 0
        parameters[W] = weight
    return Network(network.cell, parameters, network.name)


def correlations(states: Array, pattern: Array) -> Array:
    """Return each unit's correlation with a property, (units,); 0 of a constant."""
    centred = states - states.mean(axis=1, keepdims=True)
    moved = pattern - pattern.mean()
    lengths = np.linalg.norm(centred, axis=1) * np.linalg.norm(moved)
    return np.asarray(centred @ moved / np.maximum(lengths, 1e-9))


class Rivals(NamedTuple):
    """Correlations with a property, without their signs, that need no training."""

    untrained: float  # largest of any unit of `UNTRAINED` networks
    one_character: float  # correlation of the best guess from the newest character


class Followed(NamedTuple):
    """The property that a unit follows best, better than any untrained unit."""

    name: str
    correlations: Array  # correlation with it, (epochs,)
    rivals: Rivals


@dataclass(frozen=True, eq=False)
class UnitStudy:
    """The states of all units over one text, at all epochs.

    `correlations` has the properties that some unit follows better than any untrained
    one, (epochs, units).
    """

    reading: Reading  # reading of the trained network
    is_held_out: bool  # the text, from its training
    epochs: tuple[int, ...]  # those stored, 0 first
    levels: NDArray[np.int8]  # states, 127 for `full`, (epochs, units, characters)
    full: float  # 1, or the largest state: those of the minGRU have no bound
    correlations: Mapping[str, Array]
    rivals: Mapping[str, Rivals]

    def opening(self) -> int:
        """Return the number of the unit that follows the first property best, or 1."""
        for found in self.correlations.values():
            return int(np.abs(found[-1]).argmax()) + 1
        return 1

    def followed_by(self, number: int) -> Followed | None:
        """Return a unit's best property, if better than that of any untrained unit."""
        every = [
            Followed(name, found[:, number - 1], self.rivals[name])
            for name, found in self.correlations.items()
        ]
        beyond = [e for e in every if abs(e.correlations[-1]) > e.rivals.untrained]
        return max(beyond, key=lambda each: abs(each.correlations[-1]), default=None)


def unit_study(trained: TrainedNetwork) -> UnitStudy:
    """Let the networks of all epochs read the held-out text, or the training text."""
    train, held_out = split(trained.corpus, trained.config.window)
    text = _shortened(held_out or train, trained.corpus)
    networks = trained.networks
    readings = [read(each, trained.corpus, text) for each in networks.values()]
    full = max(1.0, float(np.abs(readings[-1].states).max()))
    patterns = {name: of_text(text) for name, of_text in PROPERTIES.items()}
    if trained.corpus.is_names:
        del patterns["position in the word"]
        patterns = {n.replace("line", "name"): each for n, each in patterns.items()}
    found = {
        name: np.stack([correlations(each.states, pattern) for each in readings])
        for name, pattern in patterns.items()
    }
    rivals = rivals_of(trained, text, patterns)
    return UnitStudy(
        reading=readings[-1],
        is_held_out=bool(held_out),
        epochs=tuple(networks),
        levels=np.stack([in_bytes(each.states, full) for each in readings]),
        full=full,
        correlations={
            name: each
            for name, each in found.items()
            if _best(each[-1]) > rivals[name].untrained
        },
        rivals=rivals,
    )


def rivals_of(
    trained: TrainedNetwork, text: str, patterns: Mapping[str, Array]
) -> Mapping[str, Rivals]:
    """Return the rivals of each property of a text, by its name."""
    configs = (dataclasses.replace(trained.config, seed=s) for s in range(UNTRAINED))
    networks = (initial_network(config, trained.corpus) for config in configs)
    untrained = [read(each, trained.corpus, text).states for each in networks]
    return {
        name: Rivals(
            max(_best(correlations(states, pattern)) for states in untrained),
            _best(correlations(_guess_from_one_character(text, pattern), pattern)),
        )
        for name, pattern in patterns.items()
    }


def _guess_from_one_character(text: str, pattern: Array) -> Array:
    """Return the mean of a property at each place's character, (1, characters)."""
    _, characters = np.unique(list(text), return_inverse=True)
    means = np.bincount(characters, pattern) / np.bincount(characters)
    return np.asarray(means[np.newaxis, characters])


def _best(found: Array) -> float:
    """Return the largest correlation, without its sign."""
    return float(np.abs(found).max())


def _shortened(text: str, corpus: Corpus) -> str:
    """Return the beginning of a passage, or names evenly chosen from a list."""
    if not corpus.is_names:
        return text[:MAX_TEXT]
    every = -(-len(text) // MAX_TEXT)
    return START + "".join(name + END for name in text.split(END)[1:-1][::every])


def in_bytes(values: Array, full: float) -> NDArray[np.int8]:
    """Return numbers as bytes, 127 for `full`."""
    shares = np.clip(np.nan_to_num(values) / full, -1, 1)
    return np.asarray(np.rint(shares * FULL), dtype=np.int8)


def ablation(reading: Reading, number: int) -> tuple[Array, Mapping[str, Interval]]:
    """Return how much the loss of each character rises without a unit, and means, nats.

    The first character is not predicted: its rise is 0. For the means see `mean_rises`.
    """
    corpus, text = reading.corpus, reading.text
    without = switched_off(reading, number)
    rise = read(without, corpus, text).losses - reading.losses
    means = mean_rises(text, rise, is_names=corpus.is_names)
    return np.concatenate([[0.0], rise]), means


def mean_rises(text: str, rise: Array, *, is_names: bool) -> Mapping[str, Interval]:
    """Return the mean rise of the loss, of names at their ends and elsewhere.

    With intervals from bootstrap samples of whole names, or of stretches of 20
    characters of a passage: predictions within a name depend on each other.
    """
    if not is_names:
        return {"Over the whole text": _mean(rise, np.arange(len(rise)) // STRETCH)}
    line = np.cumsum([character == END for character in text[:-1]])
    ends = np.array([character == END for character in text[1:]])
    return {
        "At the ends of names": _mean(rise[ends], line[ends]),
        "At all other characters": _mean(rise[~ends], line[~ends]),
    }


def _mean(values: Array, parts: NDArray[np.int64]) -> Interval:
    """Return the mean and its interval, NaN of fewer than 10 parts."""
    _, part = np.unique(parts, return_inverse=True)
    sums, sizes = np.bincount(part, values), np.bincount(part)
    if len(sums) < FEWEST:
        return Interval(value=float(values.mean()), low=math.nan, high=math.nan)
    return bootstrap(
        lambda chosen: float(sums[chosen].sum() / sizes[chosen].sum()), len(sums)
    )


def _in_a_row(rule: Callable[[str], bool]) -> Property:
    """Return for how many characters a rule has held without a break."""
    return lambda text: np.array(
        [*itertools.accumulate(text, lambda n, c: (n + 1) * rule(c), initial=0)][1:],
        dtype=np.float64,
    )


def _is_vowel(character: str) -> bool:
    return unicodedata.normalize("NFD", character.lower())[0] in "aeiou"


PROPERTIES: Mapping[str, Property] = {
    "position in the line": _in_a_row(lambda c: c != END),
    "position in the word": _in_a_row(lambda c: c not in END + " "),
    "a vowel": lambda text: np.array([*map(_is_vowel, text)], dtype=np.float64),
    "consonants in a row": _in_a_row(lambda c: c.isalpha() and not _is_vowel(c)),
    "inside quotation marks": lambda text: np.cumsum([c == '"' for c in text]) % 2.0,
}
