"""The numbers that the lesson pages open with: one cell, and one sequence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.lesson.cells import CELLS
from core.lesson.lags import influence
from core.lesson.network import Network
from core.lesson.settings import LessonSettings
from core.recurrent import Array, Parameters
from core.task import DataError, Settings, number

LETTERS = 12  # of the longest word that still fits a phone
SINE_STEPS, SINE_PERIOD = 24, 12
OUTPUTS = 2  # classes of the single cell
LARGEST = 100  # of the numbers that a person may give the cell

Numbers = dict[str, Array]

# Where the caches of each network keep its gates and states.
CACHED: Mapping[str, Mapping[str, int]] = {
    "rnn": {"a": 0},
    "lstm": {"f": 4, "i": 5, "cc": 6, "o": 7, "c": 1, "a": 0},
}


@dataclass(frozen=True, kw_only=True)
class CellDemo(Settings):
    """One step in time, small enough to follow by hand."""

    inputs: int = number(2, 2, 3, "numbers", "Numbers in the input of one step.")
    units: int = number(2, 2, 4, "units", "Hidden units: the size of the hidden state.")
    seed: int = number(
        0, 0, 9999, "", "Random seed of the numbers: the same seed gives the same ones."
    )


@dataclass(frozen=True, kw_only=True)
class SequenceDemo(Settings):
    """A network that has learned nothing yet, and reads one sequence."""

    units: int = number(4, 2, 6, "units", "Hidden units: the size of the hidden state.")
    seed: int = number(
        0, 0, 9999, "", "Random seed of the weights: the same seed gives the same ones."
    )
    recurrent_scale: float = number(
        1,
        0.1,
        3,
        "",
        "Scale of the weights from state to state: below 1 gradients vanish, above 1 "
        "they can explode.",
    )
    forget_bias: float = number(
        1,
        -5,
        5,
        "",
        "Bias of the forget gate: the higher, the longer the cell state is kept.",
    )


@dataclass(frozen=True)
class Sequence:
    """What is read.

    Attributes
    ----------
    labels
        What stands for each step on the page.
    x
        The same as numbers, (n_x, 1, T_x).
    """

    labels: tuple[str, ...]
    x: Array


def cell_numbers(cell: str, settings: CellDemo) -> Numbers:
    """Draw the inputs, states and weights of one cell, with two decimals each."""
    rng = np.random.default_rng(settings.seed)
    weights = Network.start(
        cell,
        settings.inputs,
        OUTPUTS,
        LessonSettings(units=settings.units, seed=settings.seed),
    ).parameters
    numbers = {"xt": rng.uniform(-1, 1, (settings.inputs, 1))}
    names = ("a_prev", "c_prev") if cell == "lstm" else ("a_prev",)
    for name in names:
        numbers[name] = rng.uniform(-0.9, 0.9, (settings.units, 1))
    return {
        name: np.round(value, 2) + 0.0 for name, value in (numbers | weights).items()
    }


def edited(numbers: Numbers, edits: str) -> Numbers:
    """Return numbers of a cell with some of them changed.

    Parameters
    ----------
    numbers
        What `cell_numbers` returned.
    edits
        Name, row, column and value of each change: `Wf.1.2.0.5~xt.1.1.-3`. What
        names no place or no number of the cell is ignored.
    """
    changed = {name: value.copy() for name, value in numbers.items()}
    for edit in edits.split("~"):
        name, *rest = edit.split(".", 3)
        try:
            row, column, value = int(rest[0]) - 1, int(rest[1]) - 1, float(rest[2])
            if min(row, column) >= 0 and abs(value) <= LARGEST:
                changed[name][row, column] = value
        except (IndexError, KeyError, ValueError):
            continue
    return changed


def word(text: str) -> Sequence:
    """Turn a word into one 1 a letter, over the letters that it has.

    Raises
    ------
    DataError
        If it has not 2 to 12 letters.
    """
    letters = text.strip().lower()
    if not letters.isalpha() or not 2 <= len(letters) <= LETTERS:
        raise DataError(
            f"Expected a word of 2 to {LETTERS} letters and nothing else, got "
            f"{text[: LETTERS + 1]!r}. Type another word."
        )
    alphabet = sorted(set(letters))
    places = [alphabet.index(letter) for letter in letters]
    return Sequence(tuple(letters), np.eye(len(alphabet))[:, places][:, np.newaxis])


def sine() -> Sequence:
    """Two periods of a sine, one number a step."""
    wave = np.sin(2 * np.pi * np.arange(SINE_STEPS) / SINE_PERIOD)
    labels = tuple(str(t + 1) for t in range(SINE_STEPS))
    return Sequence(labels, wave[np.newaxis, np.newaxis])


def weights(cell: str, sequence: Sequence, settings: SequenceDemo) -> Parameters:
    """Return the weights that the seed gives a network for this sequence."""
    n_x, config = len(sequence.x), LessonSettings.from_dict(settings.values)
    return Network.start(cell, n_x, n_x, config).parameters


def states(cell: str, sequence: Sequence, settings: SequenceDemo) -> Numbers:
    """Read a sequence and keep what goes on inside, (n_a, T_x) each.

    Returns
    -------
    dict
        a; for the LSTM f, i, cc, o, c before it.
    """
    caches, _ = read(cell, sequence, weights(cell, sequence, settings))
    return {
        name: np.concatenate([cache[place] for cache in caches], axis=1)
        for name, place in CACHED[cell].items()
    }


def fading(seed: int, steps: int = 50) -> Mapping[str, Array]:
    """Measure how fast the past fades in both networks before any training.

    Returns
    -------
    mapping
        Title of each network -> norm of d a_T / d x_{T-k} over its value at lag 0,
        for k = 0 ... steps - 1.
    """
    x = np.random.default_rng(seed).uniform(-1, 1, (steps, 2, 8))
    config = LessonSettings(units=16, seed=seed)
    curves = {
        kind.title: influence(Network.start(cell, 2, 1, config), x)
        for cell, kind in CELLS.items()
    }
    return {title: curve / curve[0] for title, curve in curves.items()}


def read(
    cell: str, sequence: Sequence, parameters: Parameters
) -> tuple[list[Any], Array]:
    """Read a sequence from an empty state; return the caches of the forward pass."""
    head = parameters[CELLS[cell].head[0]]  # (n_y, n_a)
    a0 = np.zeros((head.shape[1], 1))
    caches: tuple[list[Any], Array] = CELLS[cell].forward(sequence.x, a0, parameters)[
        -1
    ]
    return caches
