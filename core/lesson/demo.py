"""What steps 1 to 3 of the lesson pages show: one cell, and one sequence, untrained."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.lesson.backward_equations import (
    Equation,
    Path,
    Quantities,
    step_equations,
)
from core.lesson.backward_passes import PRESETS, BackwardPass, Caches, mistakes_of
from core.lesson.cells import CELLS
from core.lesson.gradient_check import (
    REQUIRED_DIGITS,
    Report,
    check_gradients,
    compare,
)
from core.lesson.influence import influence
from core.lesson.network import Network
from core.lesson.settings import LessonSettings
from core.lstm import lstm_cell_forward
from core.recurrent import Array, Parameters
from core.rnn import rnn_cell_forward
from core.task import DataError, Settings, number

WORD = "hello"  # that is read by default
MAX_LETTERS = 12  # of a word; a longer one does not fit the screen of a phone
SINE_STEPS, SINE_PERIOD = 24, 12
OUTPUTS = 2  # classes of the single cell
LARGEST = 100  # number that can be typed into the cell
SATURATED = 0.999  # size of a state
SHUT = 0.02  # value of a gate, or what is missing to 1 in one that is open

Numbers = dict[str, Array]

# Index of gates and states in the caches of each cell.
CACHE_INDEX: Mapping[str, Mapping[str, int]] = {
    "rnn": {"a": 0},
    "lstm": {"f": 4, "i": 5, "cc": 6, "o": 7, "c": 1, "a": 0},
    "gru": {"z": 2, "r": 3, "cc": 5, "a": 0},
    "mingru": {"z": 2, "cc": 3, "a": 0},
}
# For a single example a gate's gradient is that of its bias.
GATE_GRADIENTS: Mapping[str, Mapping[str, str]] = {
    "rnn": {"dsum": "dba"},
    "lstm": {"df": "dbf", "di": "dbi", "dcc": "dbc", "do": "dbo"},
    "gru": {"dz": "dbz", "dr": "dbr", "dcc": "dbc"},
    "mingru": {"dz": "dbz", "dcc": "dbc"},
}
# What the equations of the GRU have besides: s = Wca a_prev + bca.
GRU_SUM, GRU_SUM_GRADIENT = 4, "dbca"


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
    """An untrained network that reads one sequence."""

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
        "Bias of the gate that keeps the old state: the higher, the longer it is kept.",
    )


@dataclass(frozen=True, eq=False)
class Sequence:
    """An input sequence.

    Attributes
    ----------
    labels
        Name of each step on the page.
    x
        The inputs, (n_x, 1, T_x).

    Those with the same content are equal, as keys of a cache too.
    """

    labels: tuple[str, ...]
    x: Array

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
    for gradient in CELLS[cell].carried:
        name = gradient.removeprefix("d")
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


def shown_by(cell: str, numbers: Numbers) -> set[str]:
    """Return what the numbers of a cell show.

    Returns
    -------
    set
        "saturated" if a unit of the RNN's new state is near -1 or 1; "kept" if the
        gates of a unit of the LSTM keep its cell state and add nothing to it. A cell
        state that is the same before and after by chance does not count.
    """
    if cell == "rnn":
        a = rnn_cell_forward(numbers["xt"], numbers["a_prev"], numbers)[0]
        return {"saturated"} if np.abs(a).max() > SATURATED else set()
    if cell == "lstm":
        states = numbers["a_prev"], numbers["c_prev"]
        *_, cache = lstm_cell_forward(numbers["xt"], *states, numbers)
        _, _, _, _, ft, it, *_ = cache
        return {"kept"} if np.any((ft > 1 - SHUT) & (it < SHUT)) else set()
    return set()


def word_sequence(word: str) -> Sequence:
    """Return the letters of a word, one-hot encoded over the letters that it has.

    Raises
    ------
    DataError
        If it has not 2 to 12 letters.
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
    """Return the weights that the seed gives a network for this sequence."""
    n_x, config = len(sequence.x), LessonSettings.from_dict(settings.values)
    return Network.untrained(cell, n_x, n_x, config).parameters


def states(cell: str, sequence: Sequence, settings: SequenceDemo) -> Numbers:
    """Return gates and states of a network that reads a sequence, (n_a, T_x) each.

    Returns
    -------
    dict
        a, and the gates before it: those in `CACHE_INDEX`.
    """
    return network_states(cell, sequence, initial_weights(cell, sequence, settings))


def network_states(cell: str, sequence: Sequence, parameters: Parameters) -> Numbers:
    """Return what `states` does, of a network with given weights."""
    return _cached(cell, _forward(cell, sequence, parameters))


def _forward(cell: str, sequence: Sequence, parameters: Parameters) -> Caches:
    """Read a sequence from a zero state; return the caches of the forward pass."""
    head = parameters[CELLS[cell].head[0]]  # (n_y, n_a)
    a0 = np.zeros((head.shape[1], 1))
    caches: Caches = CELLS[cell].forward(sequence.x, a0, parameters)[-1]
    return caches


def _cached(cell: str, caches: Caches) -> Numbers:
    """Return gates and states by name, (n_a, T_x) each."""
    return {
        name: np.concatenate([cache[index] for cache in caches[0]], axis=1)
        for name, index in CACHE_INDEX[cell].items()
    }


@dataclass(frozen=True)
class BackwardDemo:
    """A backward pass through a sequence, and the check of its gradients.

    Attributes
    ----------
    panels
        Gradients by name, (n_a, T_x) each: da, dc of the LSTM, and those in
        `GATE_GRADIENTS`; dsum is that of the argument of the RNN's tanh.
    norms, correct_norms
        Norm of da (and dc) at each step, (T_x,): of this pass, and of the correct
        one with the initial weights.
    report
        Comparison with finite differences.
    equations, paths
        What makes each step out of the one after it.
    """

    panels: Numbers
    norms: Numbers
    correct_norms: Numbers
    report: Report
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
    known = _quantities(cell, da, _forward(cell, sequence, parameters), chosen)
    correct = _quantities(cell, da, _forward(cell, sequence, initial), PRESETS["right"])
    report = check_gradients(
        CELLS[cell].forward,
        chosen.backward(cell),
        sequence.x,
        np.zeros((settings.units, 1)),
        parameters,
        da,
    )
    shown = ["da", *(["dc"] if cell == "lstm" else []), *GATE_GRADIENTS[cell]]
    panels = {name: known.gradients[name] for name in shown}
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
    caches = _forward(cell, sequence, initial_weights(cell, sequence, settings))
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
    cell: str, da: Array, caches: Caches, backward_pass: BackwardPass
) -> Quantities:
    """Run a backward pass; return all that it computes at each step."""
    steps = backward_pass.steps(cell, da, caches)[::-1]
    states, loss = _cached(cell, caches), da[:, 0]
    gradients = {
        name: np.concatenate([step.gradients[bias] for step in steps], axis=1)
        for name, bias in GATE_GRADIENTS[cell].items()
    }
    gradients["da"] = np.concatenate([step.da for step in steps], axis=1)
    gradients["da_next"] = gradients["da"] - loss
    if cell == "lstm":
        later = np.concatenate([s.dc for s in steps if s.dc is not None], axis=1)
        slope = 1 - np.tanh(states["c"]) ** 2
        gradients["dc_next"] = later
        gradients["dc"] = later + gradients["da"] * states["o"] * slope  # (9)
    if cell == "gru":
        sums = [cache[GRU_SUM] for cache in caches[0]]
        states["s"] = np.concatenate(sums, axis=1)
        sums = [step.gradients[GRU_SUM_GRADIENT] for step in steps]
        gradients["ds"] = np.concatenate(sums, axis=1)
    for name in CELLS[cell].carried:  # of step t: what step t-1 has got
        got, first = gradients[name.replace("_prev", "_next")], steps[0].gradients[name]
        gradients[name] = np.concatenate([first, got[:, :-1]], axis=1)
    return Quantities(states, gradients, loss, caches[0][0][-1])


def _norms(known: Quantities) -> Numbers:
    return {
        name: np.asarray(np.linalg.norm(known.gradients[name], axis=0))
        for name in ("da", "dc")
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
    x = np.random.default_rng(seed).uniform(-1, 1, (steps, 2, 8))
    config = LessonSettings(units=16, seed=seed)
    curves = {
        kind.title: influence(Network.untrained(cell, 2, 1, config), x)
        for cell, kind in CELLS.items()
    }
    return {title: curve / curve[0] for title, curve in curves.items()}
