"""What single units of a trained network stand for, and what it forgets without them.

A unit's states are compared with plain properties of the text that the network reads,
with the correlation that chance reaches beside it, at each stored epoch. A unit is
switched off, and the loss of each character shows what the network no longer predicts.
The text is held out where there is any.
"""

import builtins
import itertools
import operator
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.lesson.cells import CELLS
from core.lesson.network import PADDING, Network
from core.lesson.writing import Config
from core.lesson.writing.corpus import END, START, Corpus, one_hot, split
from core.recurrent import Array, Unrolled
from core.task import DataError

SEED = 0  # of the bootstrap samples
DRAWS = 1000  # bootstrap samples
FEWEST_LINES = 20  # that are drawn as a whole; of fewer, stretches are
STRETCH = 20  # characters
FEWEST_PARTS = 10  # lines or stretches that an interval is drawn from
CHANCE = 0.95  # quantile of the largest correlation with a shifted property
MEAN_NAMES, MEAN_CHARACTERS = 200, 2000  # over which a unit's mean is taken

# Takes what the network was trained on and a text: a number for each character.
Property = Callable[[Corpus, str], Array]


@dataclass(frozen=True)
class Reading:
    """The states of a network while it reads a text.

    Attributes
    ----------
    text
        The characters read. A list of names begins with a line break, as each name
        does in training.
    states
        (n_a, len(text)), after each character: the hidden state a, and of the LSTM
        tanh(c). The LSTM's hidden state is tanh(c) times the output gate, which hides
        what the unit remembers until it is needed. Between -1 and 1, but for those of
        the minGRU, which have no bounds.
    """

    text: str
    states: Array


@dataclass(frozen=True)
class Meaning:
    """A unit that follows a property of the text.

    Attributes
    ----------
    unit, property
        Its index, and a key of `PROPERTIES`.
    correlation
        Of the unit's state with the property, -1 to 1.
    chance
        What the best of all units reaches by chance, see `meanings`.
    """

    unit: int
    property: str
    correlation: float
    chance: float

    @builtins.property
    def number(self) -> int:
        """The unit as people count, from 1."""
        return self.unit + 1


class Interval(NamedTuple):
    """A mean and its 95 % interval; NaN where there is too little for an interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Rise:
    """How much the loss rises when units are switched off, nats a character.

    Attributes
    ----------
    there, elsewhere
        Mean over the predictions in question, and over all others.
    difference
        Of the two.
    """

    there: Interval
    elsewhere: Interval
    difference: Interval


def held_out_text(corpus: Corpus, config: Config) -> tuple[str, bool]:
    """Return the text that a network was not trained on, and whether there is any.

    Where nothing is held out it is the training text.
    """
    train, held_out = split(corpus, config.window)
    return (held_out, True) if held_out else (train, False)


def read(network: Network, corpus: Corpus, text: str) -> Reading:
    """Let a network read a text, from a zero state; of a list of names, each name.

    Raises
    ------
    DataError
        If the text has characters that the network does not know.
    """
    text, unrolled, there = _forward(network, corpus, text)
    states = unrolled.h
    if network.cell == "lstm":
        states = np.tanh(unrolled.values("c"))
    return Reading(text, _in_order(states, there))


def losses(
    network: Network, corpus: Corpus, text: str, off: Collection[int] = ()
) -> Array:
    """Return the loss of each next character while a network reads a text.

    Parameters
    ----------
    network
        Trained or not.
    corpus
        What it was trained on.
    text
        As for `read`. Of a list of names it should begin with a line break.
    off
        Units that are switched off, see `switched_off`.

    Returns
    -------
    Array
        Nats, (len(text) - 1,): at [t] the loss of text[t + 1] after text[: t + 1].
    """
    network = switched_off(network, corpus, off) if off else network
    text, unrolled, there = _forward(network, corpus, text)
    W, b = network.head
    z = W @ _in_order(unrolled.h, there)[:, :-1] + b  # (n_y, len(text) - 1)
    z -= z.max(axis=0)
    targets = corpus.encode(text[1:])
    correct = z[targets, np.arange(len(targets))]
    return np.asarray(np.log(np.exp(z).sum(axis=0)) - correct)


def switched_off(network: Network, corpus: Corpus, units: Collection[int]) -> Network:
    """Return a network in which nothing reads the state of some units any more.

    Whatever reads the hidden state, gates and output layer, gets the mean of a unit
    over the text in its place: a constant, which says nothing about the text. Zero
    would do more than that: it would move the arguments of all gates away from what
    they were trained for. With W the weights that read the state, j the unit,

        b <- b + W[:, j] mean(a_j),   W[:, j] <- 0.
    """
    off = sorted(units)
    _, unrolled, there = _forward(network, corpus, _some_text(corpus))
    mean = _in_order(unrolled.h, there)[off].mean(axis=1, keepdims=True)
    kind, parameters = CELLS[network.cell], dict(network.parameters)
    biases = {W: "ba" if W == "Waa" else "b" + W[1:] for W in kind.recurrent}
    for W, b in (*biases.items(), kind.head):
        weight = parameters[W].copy()
        parameters[b] = parameters[b] + weight[:, off] @ mean
        weight[:, off] = 0
        parameters[W] = weight
    return Network(network.cell, parameters, network.name)


def rise_of_loss(
    text: str, before: Array, after: Array, there: NDArray[np.bool_]
) -> Rise:
    """Compare the losses of a network without some units with those of the whole one.

    Parameters
    ----------
    text
        What was read, (T,) characters.
    before, after
        What `losses` returned of the whole network and without the units, (T - 1,).
    there
        Which of these predictions are in question: some, and not all.

    Returns
    -------
    Rise
        With intervals from 1,000 bootstrap samples of the lines, which are kept whole
        because predictions within a line depend on each other; of a text of fewer
        than 20 lines, of stretches of 20 characters. The predictions in question
        have no interval if they are of fewer than 10 of these: a single stretch of a
        single name does not vary.
    """
    begins = np.array([character == END for character in text[:-1]])
    if begins.sum() < FEWEST_LINES:
        begins = np.arange(len(before)) % STRETCH == 0
    line = np.cumsum(begins)  # of each prediction
    count = int(line[-1]) + 1
    groups = there, ~there
    sums = [np.bincount(line, (after - before) * group, count) for group in groups]
    sizes = [np.bincount(line, group, count) for group in groups]
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(count, np.full(count, 1 / count), DRAWS)
    weights = np.vstack([np.ones(count), drawn])  # how often each line is taken
    means = weights @ np.transpose(sums) / np.maximum(weights @ np.transpose(sizes), 1)
    figures = np.column_stack([means, means[:, 0] - means[:, 1]])
    low, high = np.quantile(figures[1:], (0.025, 0.975), axis=0)
    if np.count_nonzero(sizes[0]) < FEWEST_PARTS:
        low[[0, 2]] = high[[0, 2]] = np.nan  # there, and the difference
    return Rise(*map(Interval, *(row.tolist() for row in (figures[0], low, high))))


def meanings(reading: Reading, corpus: Corpus) -> list[Meaning]:
    """Return the units that follow a property of the text beyond chance, best first.

    `chance` is the 95 % quantile, over circular shifts of the property by a tenth to
    nine tenths of the text, of the largest absolute correlation over all units. A
    shifted property is as regular as the property itself and has nothing to do with
    the text at its new place; the largest over all units is taken because the best of
    all units was looked for. In a text that repeats itself shifts by a period are not
    by chance, and less is found.
    """
    found, patterns = [], set[bytes]()
    for name, of_text in PROPERTIES.items():
        pattern = of_text(corpus, reading.text)
        if pattern.tobytes() in patterns:  # of names, a word is a line
            continue
        patterns.add(pattern.tobytes())
        shifted = correlations(reading.states, pattern)
        chance = chance_of(shifted)
        for unit, correlation in enumerate(shifted[:, 0].tolist()):
            if abs(correlation) > chance:
                found.append(Meaning(unit, name, correlation, chance))
    return sorted(found, key=lambda each: -abs(each.correlation))


def correlations(states: Array, pattern: Array) -> Array:
    """Return each unit's correlation with all circular shifts of a pattern.

    Returns
    -------
    Array
        (n_a, T): at [:, s] with the pattern moved s characters to the right; the
        correlation itself is [:, 0]. 0 for what is constant.
    """
    centred = states - states.mean(axis=1, keepdims=True)
    moved = pattern - pattern.mean()
    squares = np.square(centred).sum(axis=1, keepdims=True) * (moved @ moved)
    products = np.fft.rfft(centred) * np.fft.rfft(moved).conj()
    covariance = np.fft.irfft(products, n=len(pattern))
    length = np.broadcast_to(np.sqrt(squares), covariance.shape)
    zeros = np.zeros_like(covariance)
    return np.asarray(np.divide(covariance, length, zeros, where=length > 1e-9))


def chance_of(shifted: Array) -> float:
    """Return what the best unit reaches by chance, of what `correlations` returned."""
    margin = shifted.shape[1] // 10
    far = np.abs(shifted[:, margin : shifted.shape[1] - margin or None])
    return float(np.quantile(far.max(axis=0), CHANCE))


def _forward(
    network: Network, corpus: Corpus, text: str
) -> tuple[str, Unrolled, NDArray[np.bool_]]:
    """Read a text; return it, the forward pass, and where it has characters, (T, m)."""
    if unknown := set(text) - set(corpus.characters):
        raise DataError(
            "Text: expected characters that the network was trained on, got also "
            f"{' '.join(sorted(unknown))}. Leave them out."
        )
    if not text:
        raise DataError("Text: expected at least one character, got none. Type some.")
    pieces = [text]
    if corpus.is_names:
        text = START + text.removeprefix(START)
        pieces = [START + name for name in text[1:].split(END)]
    tokens = np.full((max(map(len, pieces)), len(pieces)), PADDING, dtype=np.int64)
    for column, piece in enumerate(pieces):
        tokens[: len(piece), column] = corpus.encode(piece)
    there = tokens != PADDING
    return text, network.forward(one_hot(tokens, len(corpus.characters))), there


def _some_text(corpus: Corpus) -> str:
    """Return names evenly chosen from a list, or the beginning of a passage."""
    if corpus.is_names:
        return END.join(corpus.lines[:: -(-len(corpus.lines) // MEAN_NAMES)])
    return corpus.text[:MEAN_CHARACTERS]


def _in_order(states: Array, there: NDArray[np.bool_]) -> Array:
    """Return states (T, n_a, m) in the order of the text, (n_a, len(text))."""
    return np.asarray(states.transpose(1, 2, 0)[:, there.T])


def _is(rule: Callable[[str], bool]) -> Property:
    """Return a property that is 1 where a rule holds for the character read."""
    return lambda _, text: np.array([rule(c) for c in text], dtype=np.float64)


def _next_is(rule: Callable[[str], bool]) -> Property:
    """Return a property that is 1 where a rule holds for the next character."""
    return lambda _, text: np.array([*map(rule, text[1:]), False], dtype=np.float64)


def _counted(count: Callable[[float, str], float]) -> Property:
    """Return a property that is computed from its last value and the character."""
    return lambda _, text: np.array(
        [*itertools.accumulate(text, count, initial=0.0)][1:], dtype=np.float64
    )


def _is_vowel(character: str) -> bool:
    return unicodedata.normalize("NFD", character.lower())[0] in "aeiou"


def _is_consonant(character: str) -> bool:
    return character.isalpha() and not _is_vowel(character)


def _depth(depth: float, c: str) -> float:
    return 0 if c == END else depth + (c in "([{") - (c in ")]}" and depth > 0)


def _doubled(_: Corpus, text: str) -> Array:
    return np.array([False, *map(operator.eq, text, text[1:])], dtype=np.float64)


def _rarity(corpus: Corpus, text: str) -> Array:
    """Return -log of the share of the text that each character has."""
    counts = Counter(corpus.text)
    return np.array([-np.log(counts[c] / len(corpus.text)) for c in text])


PROPERTIES: Mapping[str, Property] = {
    "position in the line": _counted(lambda n, c: 0 if c == END else n + 1),
    "position in the word": _counted(lambda n, c: 0 if c in END + " " else n + 1),
    "a vowel": _is(_is_vowel),
    "a vowel follows": _next_is(_is_vowel),
    "consonants in a row": _counted(lambda n, c: n + 1 if _is_consonant(c) else 0),
    "the second of a double letter": _doubled,
    "the last character of the line": _next_is(END.__eq__),
    "the beginning of a line": _is(END.__eq__),
    "a rare character": _rarity,
    "a capital letter": _is(str.isupper),
    "a digit": _is(str.isdigit),
    "inside quotation marks": _counted(
        lambda inside, c: (inside != (c == '"')) and c != END
    ),
    "inside brackets, how deep": _counted(_depth),
}
