"""Step 1: one step of the cell with editable numbers."""

import streamlit as st

from core.figures import palette
from core.lesson.cells import CELLS_OF
from core.lesson.demo import LARGEST, CellDemo, cell_numbers, edited, shown_by
from core.lesson.forward_equations import STATES as NEW_STATES
from core.lesson.forward_equations import equations_of
from pages.ui.address import bind
from pages.ui.controls import checked, setting
from pages.ui.lesson.components import STATES, cell_component
from pages.ui.lesson.steps import choose_cell, code, question
from pages.ui.lesson.texts import EQUATIONS, EXPERIMENTS, PLAYED, READINGS, TO_TRY
from pages.ui.membership import note_event
from pages.ui.shape import sides

VECTORS = ("xt", "h_prev", "c_prev")
MAX_EDITS = 4000  # characters: every number of the largest cell
NAMES = ("anna", "anne")  # which “ann” may become: the classes of the output
BEFORE, MEMORY = "its memory of “an”", "its memory of “ann”"
GUESS = "its guess: a or e?"
SUBSCRIPTS = "₁₂₃₄"
GATE_PURPOSES = {
    "f": "how much of the old cell state is kept",
    "i": "how much of the candidate is added",
    "cc": "the values that could be added",
    "o": "how much of the cell state is output",
    "r": "how much of the state's part enters the candidate",
}
GATE_WORDS = {
    "f": "what to keep",
    "i": "what to write",
    "cc": "what could be written",
    "o": "what to show",
    "r": "what to use of the memory",
}


def cell(page: str, choice) -> None:
    """Draw the cell beside its equations."""
    name = choose_cell(page, choice)
    choosing, seeing = sides()
    with choosing:
        st.subheader("Try it")
        st.markdown(TO_TRY.format(PLAYED[name]))
        title, text = READINGS[name, "The cell"]
        with st.expander(title, icon=":material/menu_book:"):
            st.markdown(text)
        with st.expander("Equations, size and seed", icon=":material/tune:"):
            st.latex(EQUATIONS[name])
            values = {
                field: setting(f"{page}_cell", CellDemo, field)
                for field in ("inputs", "units", "seed")
            }
    with seeing:
        if settings := checked(CellDemo, st, **values):
            _stage(page, name, settings)
    code(
        name,
        "stack",
        "step",
        note="Here your browser computes the same in JavaScript, so that the numbers "
        "follow as you type; a test holds the two equal.",
    )


def _stage(page: str, name: str, settings: CellDemo) -> None:
    """Draw the numbers of the cell, and a question about them."""
    numbers = cell_numbers(name, settings)
    edits = _Edits(bind(f"{page}_cell_numbers", ""), name, settings)
    changed = edited(numbers, edits.text)
    for each in shown_by(name, changed, numbers) if edits.text else ():
        note_event(f"{each} {name}")
    layout = LAYOUTS[name](settings.inputs, settings.units)
    cell_component(
        f"{page}_cell_view",
        {
            "equations": equations_of(name),
            "numbers": _listed(numbers),
            "edited": _listed(changed),
            "largest": LARGEST,
            "names": NAMES,
            "experiments": [each._asdict() for each in EXPERIMENTS[name]],
            "blocks": layout.blocks,
            "sentences": layout.sentences,
            "negative": palette.NEGATIVE,
            "positive": palette.POSITIVE,
        },
        edits.save,
        event=f"seen {name}",
    )
    question(page, name, "The cell", f"seen {name}")


class _Edits:
    """The changed numbers of a cell of one size and seed, in the session's state."""

    def __init__(self, key: str, name: str, settings: CellDemo) -> None:
        self.key = key
        self.settings = ".".join(str(value) for value in settings.values.values())
        if name not in CELLS_OF:  # shares its page with another cell
            self.settings += f".{name}"

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

    def block(self, title: str, words: str, equation: str, colour: str) -> None:
        """Begin a block: until its step it is closed, and has words for an equation."""
        first = words in (BEFORE, MEMORY, GUESS)  # what the first screen shows
        said = {"title": title, "words": words, "equation": equation}
        self.blocks.append({**said, "first": first, "colour": colour, "groups": []})

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
    x, a = _entries("x", n_x), _entries("h", n_a)
    _inputs(layout, "h")
    layout.step("Each weight is multiplied by its input; each row is summed.")
    layout.block("From the input", "what it reads", "Wax xₜ", palette.NAIVE)
    layout.array("Wax", "Wax", edit=True, heads=x)
    layout.array("Wax terms", "weight × input", "→", heads=x)
    layout.array("Wax sum", "sum", "=")
    layout.step("The same for the previous state: this is how the past takes part.")
    layout.block("From the state", "what it remembers", "Waa hₜ₋₁", palette.NAIVE)
    layout.array("Waa", "Waa", edit=True, heads=a)
    layout.array("Waa terms", "weight × state", "→", heads=a)
    layout.array("Waa sum", "sum", "=")
    layout.step("Both sums and a bias are added.")
    equation = "hₜ = tanh(Waa hₜ₋₁ + Wax xₜ + ba)"
    layout.block("New state", MEMORY, equation, palette.HIDDEN_STATE)
    layout.array("Waa sum", "Waa hₜ₋₁")
    layout.array("Wax sum", "Wax xₜ", "+")
    layout.array("ba", "ba", "+", edit=True)
    layout.array("h argument", "z", "=")
    layout.step(
        "tanh maps the sum to between −1 and 1. The result is the new hidden state."
    )
    layout.array("h", "hₜ", "tanh →")
    _output(layout, "Wya", a)
    return layout


def lstm_layout(n_x: int, n_a: int) -> Layout:
    """An LSTM cell: equations (1) to (7) of core.lstm."""
    layout = Layout()
    a = _entries("h", n_a)
    both = a + _entries("x", n_x)
    _inputs(layout, "hc")
    for name in "f", "i", "cc", "o":
        _gate(layout, name, both)
    layout.step(
        "The part of the old cell state that is kept, plus what is added: the new "
        "cell state."
    )
    equation = "cₜ = fₜ ∗ cₜ₋₁ + iₜ ∗ c̃ₜ"
    layout.block("Cell state", MEMORY, equation, palette.CELL_STATE)
    layout.array("f × c_prev", "fₜ ∗ cₜ₋₁")
    layout.array("i × cc", "iₜ ∗ c̃ₜ", "+")
    layout.array("c", "cₜ", "=")
    layout.step(
        "tanh of the cell state, scaled by the output gate: the new hidden state."
    )
    equation = "hₜ = oₜ ∗ tanh(cₜ)"
    layout.block("Hidden state", "what it uses of it", equation, palette.HIDDEN_STATE)
    layout.array("o", "oₜ")
    layout.array("tanh c", "tanh(cₜ)", "∗")
    layout.array("h", "hₜ", "=")
    _output(layout, "Wy", a)
    return layout


def gru_layout(n_x: int, n_a: int) -> Layout:
    """A GRU cell: equations (1) to (6) of core.gru."""
    layout = Layout()
    x, a = _entries("x", n_x), _entries("h", n_a)
    _inputs(layout, "h")
    _gate(layout, "z", a + x, "what to keep", "how much of the old state is kept")
    _gate(layout, "r", a + x)
    layout.step("Candidate: the state's part, a sum over the old state and a bias.")
    equation = "sₜ = Wca hₜ₋₁ + bca"
    layout.block("State's part", "what it remembers", equation, palette.NAIVE)
    layout.array("Wca", "Wca", edit=True, heads=a)
    layout.array("Wca terms", "weight × state", "→", heads=a)
    layout.array("bca", "bca", "+", edit=True)
    layout.array("s", "sₜ", "=")
    _candidate(layout, "Wcx", "tanh(Wcx xₜ + bc + rₜ ∗ sₜ)", x)
    layout.step(
        "Candidate: the reset gate scales the state's part; tanh maps the sum to −1 to "
        "1: the values that could replace the old state."
    )
    layout.array("bc", "bc", "+", edit=True)
    layout.array("r × s", "rₜ ∗ sₜ", "+")
    layout.array("cc argument", "sum", "=")
    layout.array("cc", "c̃ₜ", "tanh →")
    layout.step(
        "The update gate mixes the old state and the candidate: the new hidden state. "
        "Both shares add up to 1."
    )
    _mixture(layout, "gru", "zₜ ∗ hₜ₋₁", "(1 − zₜ) ∗ c̃ₜ")
    _output(layout, "Wy", a)
    return layout


def mingru_layout(n_x: int, n_a: int) -> Layout:
    """A minGRU cell: equations (1) to (4) of core.mingru."""
    layout = Layout()
    x, a = _entries("x", n_x), _entries("h", n_a)
    _inputs(layout, "h")
    replaced = "how much of the old state is replaced"
    _gate(layout, "z", x, "what to replace", replaced, "xₜ", "input")
    _candidate(layout, "Wc", "Wc xₜ + bc", x)
    layout.step("Candidate: each row and the bias are summed. There is no tanh.")
    layout.array("bc", "bc", "+", edit=True)
    layout.array("cc", "c̃ₜ", "=")
    layout.step(
        "The update gate mixes the old state and the candidate. Only here does the old "
        "state take part."
    )
    _mixture(layout, "mingru", "(1 − zₜ) ∗ hₜ₋₁", "zₜ ∗ c̃ₜ")
    _output(layout, "Wy", a)
    return layout


def _inputs(layout: Layout, states: str) -> None:
    layout.step(
        "It has read “ann”: is it anna or anne? Untrained, it leans to one by chance. "
        "Change its mind: teach it the other one. Then press Play to see how it "
        "guesses."
    )
    memory = " and ".join(f"{state}ₜ₋₁" for state in states)
    layout.step(f"The inputs: xₜ stands for the second n, {memory} for “an”.")
    layout.block("Inputs", BEFORE, "", palette.NAIVE)
    layout.array("xt", "xₜ", edit=True)
    for state in states:
        layout.array(f"{state}_prev", f"{state}ₜ₋₁", edit=True)


def _candidate(layout: Layout, weight: str, equation: str, x: list[str]) -> None:
    title, symbol, colour = STATES["cc"]
    layout.step("Candidate: each weight is multiplied by its input.")
    layout.block(title, GATE_WORDS["cc"], f"{symbol}ₜ = {equation}", colour)
    layout.array(weight, weight, edit=True, heads=x)
    layout.array(f"{weight} terms", "weight × input", "→", heads=x)


def _mixture(layout: Layout, cell: str, kept: str, written: str) -> None:
    equation = f"hₜ = {kept} + {written}"
    layout.block("Hidden state", MEMORY, equation, palette.HIDDEN_STATE)
    first, second = (f"{one} × {other}" for one, other in NEW_STATES[cell]["h"])
    layout.array(first, kept)
    layout.array(second, written, "+")
    layout.array("h", "hₜ", "=")


def _gate(
    layout: Layout,
    name: str,
    heads: list[str],
    words: str = "",
    purpose: str = "",
    inputs: str = "[hₜ₋₁; xₜ]",
    factors: str = "state or input",
) -> None:
    title, symbol, colour = STATES[name]
    gate = name[0]
    squash, bounds = ("tanh", "−1 to 1") if name == "cc" else ("σ", "0 to 1")
    layout.step(f"{title}: each weight is multiplied by its {factors}.")
    equation = f"{symbol}ₜ = {squash}(W{gate} {inputs} + b{gate})"
    layout.block(title, words or GATE_WORDS[name], equation, colour)
    layout.array("W" + gate, "W" + gate, edit=True, heads=heads)
    layout.array(f"W{gate} terms", f"weight × {factors}", "→", heads=heads)
    layout.step(
        f"{title}: each row and the bias are summed, and {squash} maps the sum to "
        f"{bounds}: {purpose or GATE_PURPOSES[name]}."
    )
    layout.array("b" + gate, "b" + gate, "+", edit=True)
    layout.array(f"{name} argument", "sum", "=")
    layout.array(name, symbol + "ₜ", f"{squash} →")


def _output(layout: Layout, weight: str, a: list[str]) -> None:
    layout.step(
        "The output layer computes one score for each class from the hidden state."
    )
    equation = f"ŷₜ = softmax({weight} hₜ + by)"
    layout.block("Output", GUESS, equation, palette.NAIVE)
    layout.array(weight, weight, edit=True, heads=a)
    layout.array(f"{weight} terms", "weight × state", "→", heads=a)
    layout.array("by", "by", "+", edit=True)
    layout.array("score", "score", "=")
    layout.step("softmax turns the scores into probabilities that sum to 1.")
    layout.array("yt_pred", "ŷₜ", "softmax →")


LAYOUTS = {
    "rnn": rnn_layout,
    "lstm": lstm_layout,
    "gru": gru_layout,
    "mingru": mingru_layout,
}
