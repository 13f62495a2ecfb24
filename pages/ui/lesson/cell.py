"""Step 1: one step of the cell with real numbers, all of which can be changed."""

import streamlit as st

from core import palette
from core.lesson.demo import LARGEST, CellDemo, cell_numbers, edited
from pages.ui.address import hold
from pages.ui.controls import checked, setting
from pages.ui.lesson.components import STATES, cell_component
from pages.ui.lesson.steps import code, question, reading
from pages.ui.lesson.texts import EQUATIONS

VECTORS = ("xt", "a_prev", "c_prev")
MAX_EDITS = 4000  # characters: every number of the largest cell
SUBSCRIPTS = "₁₂₃₄"
GATE_PURPOSES = {
    "f": "how much of the old cell state is kept",
    "i": "how much of the candidate is added",
    "cc": "the values that could be added",
    "o": "how much of the cell state is output",
}


def cell(name: str) -> None:
    """Draw the cell beside its equations."""
    question(name, "The cell")
    stage, side = st.columns([5, 2], gap="large")
    with side:
        with st.popover("Size and seed", icon=":material/tune:"):
            values = {
                field: setting(f"{name}_cell", CellDemo, field)
                for field in ("inputs", "units", "seed")
            }
        st.subheader("The equations")
        st.latex(EQUATIONS[name])
        reading(name, "The cell")
    with stage:
        settings = checked(CellDemo, st, **values)
    if settings is None:
        return
    numbers = cell_numbers(name, settings)
    edits = _Edits(hold(f"{name}_cell_numbers", ""), settings)
    layout = LAYOUTS[name](settings.inputs, settings.units)
    with stage:
        cell_component(
            f"{name}_cell_view",
            {
                "cell": name,
                "numbers": _listed(numbers),
                "edited": _listed(edited(numbers, edits.text)),
                "largest": LARGEST,
                "blocks": layout.blocks,
                "sentences": layout.sentences,
                "negative": palette.NEGATIVE,
                "positive": palette.POSITIVE,
            },
            edits.save,
        )
        code(name, "cell_forward")


class _Edits:
    """The changed numbers of a cell of one size and seed, in the session's state."""

    def __init__(self, key: str, settings: CellDemo) -> None:
        self.key = key
        self.settings = ".".join(str(value) for value in settings.values.values())

    @property
    def text(self) -> str:
        settings, _, edits = st.session_state[self.key].partition("~")
        return edits if settings == self.settings else ""

    def save(self, edits) -> None:
        text = f"{self.settings}~{edits}"[:MAX_EDITS] if edits else ""
        st.session_state[self.key] = text


def _listed(numbers):
    """Vectors as flat lists, matrices as lists of rows."""
    return {
        name: value[:, 0].tolist()
        if name in VECTORS or name.startswith("b")
        else value.tolist()
        for name, value in numbers.items()
    }


def _entries(symbol: str, count: int) -> list[str]:
    """Symbols of the entries of a vector."""
    return [symbol + SUBSCRIPTS[index] for index in range(count)]


class Layout:
    """The blocks of arrays on the page, and the sentence of each step."""

    def __init__(self) -> None:
        self.blocks, self.sentences = [], []

    def step(self, sentence: str) -> None:
        """Begin the next step."""
        self.sentences.append(sentence)

    def block(self, title: str, equation: str, colour: str) -> None:
        """Begin a block."""
        self.blocks.append(
            {"title": title, "equation": equation, "colour": colour, "groups": []}
        )

    def array(self, name, symbol, before="", edit=False, heads=()) -> None:
        """Add an array to the block; it appears at the present step."""
        self.blocks[-1]["groups"].append(
            {
                "name": name,
                "symbol": symbol,
                "before": before,
                "edit": edit,
                "heads": list(heads),
                "step": len(self.sentences) - 1,
            }
        )


def rnn_layout(n_x: int, n_a: int) -> Layout:
    """An RNN cell: equations (1) and (2) of core.rnn."""
    layout = Layout()
    x, a = _entries("x", n_x), _entries("a", n_a)
    layout.step("The cell receives an input and its hidden state of the previous step.")
    layout.block("Inputs", "", palette.NAIVE)
    layout.array("xt", "xₜ", edit=True)
    layout.array("a_prev", "aₜ₋₁", edit=True)
    layout.step("Each weight is multiplied by its input; each row is summed.")
    layout.block("From the input", "Wax xₜ", palette.NAIVE)
    layout.array("Wax", "Wax", edit=True, heads=x)
    layout.array("ax", "weight × input", "→", heads=x)
    layout.array("from_x", "sum", "=")
    layout.step("The same for the previous state: this is how the past takes part.")
    layout.block("From the state", "Waa aₜ₋₁", palette.NAIVE)
    layout.array("Waa", "Waa", edit=True, heads=a)
    layout.array("aa", "weight × state", "→", heads=a)
    layout.array("from_a", "sum", "=")
    layout.step("Both sums and a bias are added.")
    layout.block("New state", "aₜ = tanh(Waa aₜ₋₁ + Wax xₜ + ba)", palette.HIDDEN_STATE)
    layout.array("from_a", "Waa aₜ₋₁")
    layout.array("from_x", "Wax xₜ", "+")
    layout.array("ba", "ba", "+", edit=True)
    layout.array("z", "z", "=")
    layout.step(
        "tanh maps the sum to between −1 and 1. The result is the new hidden state."
    )
    layout.array("a_next", "aₜ", "tanh →")
    _output(layout, "Wya", a)
    return layout


def lstm_layout(n_x: int, n_a: int) -> Layout:
    """An LSTM cell: equations (1) to (7) of core.lstm."""
    layout = Layout()
    a = _entries("a", n_a)
    both = a + _entries("x", n_x)
    layout.step(
        "The cell receives an input, and its hidden state and cell state of the "
        "previous step."
    )
    layout.block("Inputs", "", palette.NAIVE)
    layout.array("xt", "xₜ", edit=True)
    layout.array("a_prev", "aₜ₋₁", edit=True)
    layout.array("c_prev", "cₜ₋₁", edit=True)
    for name, purpose in GATE_PURPOSES.items():
        title, symbol, colour = STATES[name]
        gate = name[0]
        squash, bounds = ("tanh", "−1 to 1") if name == "cc" else ("σ", "0 to 1")
        layout.step(f"{title}: each weight is multiplied by its state or input.")
        layout.block(
            title, f"{symbol}ₜ = {squash}(W{gate} [aₜ₋₁; xₜ] + b{gate})", colour
        )
        layout.array("W" + gate, "W" + gate, edit=True, heads=both)
        layout.array("p" + gate, "weight × state or input", "→", heads=both)
        layout.step(
            f"{title}: each row and the bias are summed, and {squash} maps the sum to "
            f"{bounds}: {purpose}."
        )
        layout.array("b" + gate, "b" + gate, "+", edit=True)
        layout.array("z" + gate, "z", "=")
        layout.array(name + "t", symbol + "ₜ", f"{squash} →")
    layout.step(
        "The part of the old cell state that is kept, plus what is added: the new "
        "cell state."
    )
    layout.block("Cell state", "cₜ = fₜ ∗ cₜ₋₁ + iₜ ∗ c̃ₜ", palette.CELL_STATE)
    layout.array("kept", "fₜ ∗ cₜ₋₁")
    layout.array("written", "iₜ ∗ c̃ₜ", "+")
    layout.array("c_next", "cₜ", "=")
    layout.step(
        "tanh of the cell state, scaled by the output gate: the new hidden state."
    )
    layout.block("Hidden state", "aₜ = oₜ ∗ tanh(cₜ)", palette.HIDDEN_STATE)
    layout.array("ot", "oₜ")
    layout.array("squashed", "tanh(cₜ)", "∗")
    layout.array("a_next", "aₜ", "=")
    _output(layout, "Wy", a)
    return layout


def _output(layout: Layout, weight: str, a: list[str]) -> None:
    layout.step(
        "The output layer computes one score for each class from the hidden state."
    )
    layout.block("Output", f"ŷₜ = softmax({weight} aₜ + by)", palette.NAIVE)
    layout.array(weight, weight, edit=True, heads=a)
    layout.array("ya", "weight × state", "→", heads=a)
    layout.array("by", "by", "+", edit=True)
    layout.array("score", "score", "=")
    layout.step("softmax turns the scores into probabilities that sum to 1.")
    layout.array("yt_pred", "ŷₜ", "softmax →")


LAYOUTS = {"rnn": rnn_layout, "lstm": lstm_layout}
