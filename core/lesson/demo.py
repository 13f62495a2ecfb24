"""Untrained examples of steps 1 to 3 of the lessons: one cell, and one sequence."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.course import Course
from core.lesson.backward_equations import (
    Equation,
    Path,
    Quantities,
    step_equations,
)
from core.lesson.backward_passes import PRESETS, mistakes_of
from core.lesson.cells import CELLS
from core.lesson.gradient_check import (
    REQUIRED_DIGITS,
    Report,
    check_gradients,
    compare,
)
from core.lesson.influence import influence
from core.lesson.mistakes import Mistake, backpropagate
from core.lesson.network import Network
from core.lesson.settings import LessonSettings
from core.recurrent import Array, Parameters, Unrolled
from core.task import DataError, Settings, number

WORD = "hello"  # default word
MAX_LETTERS = 12  # longest word that fits the screen of a phone
SINE_STEPS, SINE_PERIOD = 24, 12
OUTPUTS = 2  # classes of the single cell
LARGEST = 100  # number that can be typed into the cell
SATURATED = 0.999  # size of a state
MOVED = 0.05  # change of a state that is seen
SHUT = 0.02  # value of a closed gate, or the distance from 1 of an open one

Numbers = dict[str, Array]

# Gates and states in the order of the pages, by the names of the caches.
STATES: Mapping[str, tuple[str, ...]] = {
    "rnn": ("h",),
    "lstm": ("f", "i", "cc", "o", "c", "h"),
    "gru": ("z", "r", "cc", "h"),
    "mingru": ("z", "cc", "h"),
}
# What dz consists of: the gradients of the arguments of σ and tanh. That of the GRU has
# the gradient of s besides, the state's part of its candidate.
GATE_GRADIENTS: Mapping[str, tuple[str, ...]] = {
    "rnn": ("dz",),
    "lstm": ("dzf", "dzi", "dzc", "dzo"),
    "gru": ("dzz", "dzr", "ds", "dzc"),
    "mingru": ("dzz", "dzc"),
}


@dataclass(frozen=True, kw_only=True)
class CellDemo(Settings):
    """One step in time, small enough to follow by hand."""

    inputs: int = number(2, (2, 3), "numbers", "Numbers in the input of one step.")
    units: int = number(
        2, (2, 4), "units", "Hidden units: the size of the hidden state."
    )
    seed: int = number(
        0,
        (0, 9999),
        "",
        "Random seed of the numbers: the same seed gives the same ones.",
    )


@dataclass(frozen=True, kw_only=True)
class SequenceDemo(Settings):
    """An untrained network that reads one sequence."""

    units: int = number(
        4, (2, 6), "units", "Hidden units: the size of the hidden state."
    )
    seed: int = number(
        0,
        (0, 9999),
        "",
        "Random seed of the weights: the same seed gives the same ones.",
    )
    recurrent_scale: float = number(
        1,
        (0.1, 3),
        "",
        "Scale of the weights from state to state: below 1 gradients vanish, above 1 "
        "they can explode.",
    )
    forget_bias: float = number(
        1,
        (-5, 5),
        "",
        "Bias of the gate that keeps the old state: the higher, the longer it is kept.",
    )


@dataclass(frozen=True, eq=False)
class Sequence:
    """An input sequence, equal to those with the same content, as a cache's key too."""

    labels: tuple[str, ...]  # name of each step on the page
    x: Array  # the inputs, (n_x, 1, T_x)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)

    @property
    def _content(self) -> tuple[object, ...]:
        return self.labels, self.x.shape, self.x.tobytes()


def cell_numbers(cell: str, settings: CellDemo) -> Numbers:
    """Draw the inputs, states and weights of one cell, with two decimals each."""
    rng = np.random.default_rng(settings.seed)
    weights = Network.untrained(
        cell,
        settings.inputs,
        OUTPUTS,
        LessonSettings(units=settings.units, seed=settings.seed),
    ).parameters
    numbers = {"xt": rng.uniform(-1, 1, (settings.inputs, 1))}
    for state in CELLS[cell].states:
        numbers[state + "_prev"] = rng.uniform(-0.9, 0.9, (settings.units, 1))
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
        Name, row, column and value of each change: `Wf.1.2.0.5~xt.1.1.-3`. Edits
        that are not valid are ignored.
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


def shown_by(cell: str, numbers: Numbers, before: Numbers) -> set[str]:
    """Return the effects of a cell's changed numbers.

    Returns
    -------
    set
        "saturated" if a unit of the RNN's new state is near -1 or 1, "moved" if no unit
        is and the change of its old state moves the new one; "kept" if the gates of a
        unit of the LSTM keep its cell state and add nothing to it, and "kept_moved" if
        its input or old hidden state was changed as well. A cell state that is the same
        before and after by chance does not count.
    """
    values = _step_of(cell, numbers)
    changed = {n for n in numbers if not np.array_equal(numbers[n], before[n])}
    if cell == "rnn":
        if np.abs(values["h"]).max() > SATURATED:
            return {"saturated"}
        unmoved = _step_of(cell, numbers | {"h_prev": before["h_prev"]})
        return {"moved"} if np.abs(values["h"] - unmoved["h"]).max() > MOVED else set()
    if cell == "lstm" and np.any((values["f"] > 1 - SHUT) & (values["i"] < SHUT)):
        return {"kept", "kept_moved"} if changed & {"xt", "h_prev"} else {"kept"}
    return set()


def _step_of(cell: str, numbers: Numbers) -> Numbers:
    """Return gates and states of one step by their names in the cache."""
    kind = CELLS[cell]
    states = [numbers[state + "_prev"] for state in kind.states]
    *_, cache = kind.step(numbers["xt"], *states, *kind.stack(numbers))
    return dict(zip(kind.cache, cache, strict=True))


def word_sequence(word: str) -> Sequence:
    """Return the letters of a word, one-hot encoded over its distinct letters.

    Raise a DataError if it has not 2 to 12 letters.
    """
    letters = word.strip().lower()
    if not letters.isalpha() or not 2 <= len(letters) <= MAX_LETTERS:
        raise DataError(
            f"Expected a word of 2 to {MAX_LETTERS} letters and nothing else, got "
            f"{word[: MAX_LETTERS + 1]!r}. Type another word."
        )
    alphabet = sorted(set(letters))
    classes = [alphabet.index(letter) for letter in letters]
    return Sequence(tuple(letters), np.eye(len(alphabet))[:, classes][:, np.newaxis])


def is_own_word(sequence: Sequence) -> bool:
    """Return whether it is another word than the default, with a letter twice."""
    letters = sequence.labels
    return letters != tuple(WORD) and len(set(letters)) < len(letters)


def sine_sequence() -> Sequence:
    """Return two periods of a sine, one number a step."""
    wave = np.sin(2 * np.pi * np.arange(SINE_STEPS) / SINE_PERIOD)
    labels = tuple(str(t + 1) for t in range(SINE_STEPS))
    return Sequence(labels, wave[np.newaxis, np.newaxis])


def initial_weights(
    cell: str, sequence: Sequence, settings: SequenceDemo
) -> Parameters:
    """Return the initial weights of the seed for this sequence."""
    n_x, config = len(sequence.x), LessonSettings.from_dict(settings.values)
    return Network.untrained(cell, n_x, n_x, config).parameters


def states(cell: str, sequence: Sequence, settings: SequenceDemo) -> Numbers:
    """Return gates and states of a network that reads a sequence, (n_a, T_x) each.

    Returns
    -------
    dict
        By the names of `STATES`.
    """
    return network_states(cell, sequence, initial_weights(cell, sequence, settings))


def network_states(cell: str, sequence: Sequence, parameters: Parameters) -> Numbers:
    """Return the same as `states`, for a network with given weights."""
    return _values(_read(cell, sequence, parameters), *STATES[cell])


def _read(cell: str, sequence: Sequence, parameters: Parameters) -> Unrolled:
    """Read a sequence from a zero state."""
    return Network(cell, parameters, cell).forward(np.moveaxis(sequence.x, 2, 0))


def _values(unrolled: Unrolled, *names: str) -> Numbers:
    """Return cached values by name, (n_a, T_x) each."""
    return {name: unrolled.values(name)[:, :, 0].T for name in names}


@dataclass(frozen=True)
class BackwardDemo:
    """A backward pass through a sequence, and the check of its gradients."""

    # Gradients by name, (n_a, T_x) each: dh, dc of the LSTM, and those in
    # `GATE_GRADIENTS`
    panels: Numbers
    # Norm of dh (and dc) at each step, (T_x,): of this pass, and of the correct one
    # with the initial weights
    norms: Numbers
    correct_norms: Numbers
    report: Report  # comparison with finite differences
    # What makes each step out of the one after it
    equations: list[Equation]
    paths: list[Path]


def backward_demo(
    cell: str,
    sequence: Sequence,
    settings: SequenceDemo,
    preset: str = "right",
    every_step: bool = False,
) -> BackwardDemo:
    """Backpropagate through a sequence, correctly or not, and check every gradient.

    Parameters
    ----------
    cell, sequence, settings
        The network and its input.
    preset
        A key of `core.lesson.backward_passes.PRESETS`.
    every_step
        Whether the loss depends on the hidden state of every step, not of the last
        alone.
    """
    chosen, initial = PRESETS[preset], initial_weights(cell, sequence, settings)
    parameters = chosen.change_weights(cell, initial)
    da = _upstream_gradients(settings, len(sequence.labels), every_step)
    known = _quantities(cell, sequence, parameters, da, chosen.mistake)
    correct = _quantities(cell, sequence, initial, da)
    report = check_gradients(
        Course(CELLS[cell]).forward,
        chosen.backward(cell),
        sequence.x,
        np.zeros((settings.units, 1)),
        parameters,
        da,
    )
    shown = ["dh", *(["dc"] if cell == "lstm" else []), *GATE_GRADIENTS[cell]]
    panels = {name: known.gradients[name] for name in shown if name != "ds"}
    equations, paths = step_equations(cell, known)
    return BackwardDemo(
        panels, _norms(known), _norms(correct), report, equations, paths
    )


def detectable_mistakes(
    cell: str, sequence: Sequence, settings: SequenceDemo, every_step: bool = False
) -> list[str]:
    """Return the mistakes of a network that the check of its gradients can find here.

    Not every one can be found with any weights: of two units, Waa is its own transpose
    with half of the seeds. A mistake counts if it costs one digit more than the check
    requires, as finite differences are not exact. Parameters as for `backward_demo`.
    """
    parameters = initial_weights(cell, sequence, settings)
    a0 = np.zeros((settings.units, 1))
    caches = Course(CELLS[cell]).forward(sequence.x, a0, parameters)[-1]
    da = _upstream_gradients(settings, len(sequence.labels), every_step)
    correct = PRESETS["right"].backward(cell)(da, caches)
    return [
        name
        for name in mistakes_of(cell)
        if compare(PRESETS[name].backward(cell)(da, caches), correct).digits
        < REQUIRED_DIGITS - 1
    ]


def _upstream_gradients(settings: SequenceDemo, T_x: int, every_step: bool) -> Array:
    """Return the loss's gradient of each hidden state, of norm 1, (n_a, 1, T_x)."""
    rng = np.random.default_rng(settings.seed)
    da = np.zeros((settings.units, 1, T_x))
    for t in range(T_x) if every_step else [T_x - 1]:
        direction = rng.standard_normal((settings.units, 1))
        da[:, :, t] = direction / np.linalg.norm(direction)
    return da


def _quantities(
    cell: str,
    sequence: Sequence,
    parameters: Parameters,
    da: Array,
    mistake: Mistake | None = None,
) -> Quantities:
    """Run a backward pass; return all that it computes at each step."""
    unrolled, loss = _read(cell, sequence, parameters), da[:, 0]
    states = _values(unrolled, *STATES[cell])
    back, _ = backpropagate(unrolled, np.moveaxis(da, 2, 0), mistake)
    names = GATE_GRADIENTS[cell]
    parts = np.split(back.dz[:, :, 0].T, len(names))  # (n_a, T_x) each
    gradients = dict(zip(names, parts, strict=True))
    received = zip(("dh", "dc_next"), zip(*back.received, strict=True), strict=False)
    gradients |= {name: np.concatenate(each, axis=1) for name, each in received}
    gradients["dh_next"] = gradients["dh"] - loss
    if cell == "lstm":
        slope = 1 - np.tanh(states["c"]) ** 2
        added = gradients["dh"] * states["o"] * slope
        gradients["dc"] = gradients["dc_next"] + added  # (9)
    if cell == "gru":
        states |= _values(unrolled, "s")
    for state, first in zip("hc", back.initial, strict=False):
        got = gradients[f"d{state}_next"]  # input of step t: output of step t-1
        gradients[f"d{state}_prev"] = np.concatenate([first, got[:, :-1]], axis=1)
    return Quantities(states, gradients, loss, parameters)


def _norms(known: Quantities) -> Numbers:
    return {
        name: np.asarray(np.linalg.norm(known.gradients[name], axis=0))
        for name in ("dh", "dc")
        if name in known.gradients
    }


def initial_influence(seed: int, steps: int = 50) -> Mapping[str, Array]:
    """Measure the influence of past inputs in each network before any training.

    Returns
    -------
    mapping
        Title of each network -> norm of d a_T / d x_{T-k} over its value at lag 0,
        for k = 0 ... steps - 1.
    """
    curves = untrained_influence(seed, steps)
    return {title: curve / curve[0] for title, curve in curves.items()}


def untrained_influence(seed: int, steps: int) -> Mapping[str, Array]:
    """Measure the influence of past inputs in each network: `influence`, by title."""
    x = np.random.default_rng(seed).uniform(-1, 1, (steps, 2, 8))
    config = LessonSettings(units=16, seed=seed)
    return {
        kind.title: influence(Network.untrained(cell, 2, 1, config), x)
        for cell, kind in CELLS.items()
    }
