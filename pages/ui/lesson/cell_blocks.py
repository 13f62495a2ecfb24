"""The cell on the page: which numbers stand where, and when they appear."""

from core import palette

SUB = "₁₂₃₄"
SQUASHED = {"f": "ft", "i": "it", "c": "cct", "o": "ot"}
LSTM_GATES = (
    ("f", "Forget gate", "σ", "fₜ", palette.FORGET_GATE, "how much is kept"),
    ("i", "Input gate", "σ", "iₜ", palette.INPUT_GATE, "how much is let in"),
    ("c", "Candidate", "tanh", "c̃ₜ", palette.CANDIDATE, "what could be written"),
    ("o", "Output gate", "σ", "oₜ", palette.OUTPUT_GATE, "how much is shown"),
)


def heads(symbol: str, count: int) -> list[str]:
    """Symbols of the entries of a vector."""
    return [symbol + SUB[place] for place in range(count)]


class Script:
    """Blocks and sentences, collected step by step."""

    def __init__(self) -> None:
        self.blocks, self.says = [], []

    def step(self, sentence: str) -> None:
        """Begin the next step, with the sentence that goes with it."""
        self.says.append(sentence)

    def block(self, title: str, equation: str, colour: str) -> None:
        """Begin a block."""
        self.blocks.append(
            {"title": title, "equation": equation, "colour": colour, "groups": []}
        )

    def group(self, name, symbol, before="", edit=False, heads=()) -> None:
        """Add one array to the block; it appears at the present step."""
        self.blocks[-1]["groups"].append(
            {
                "name": name,
                "symbol": symbol,
                "before": before,
                "edit": edit,
                "heads": list(heads),
                "step": len(self.says) - 1,
            }
        )


def rnn_script(n_x: int, n_a: int) -> Script:
    """An RNN cell: equations (1) and (2) of core/rnn.py."""
    script = Script()
    x, a = heads("x", n_x), heads("a", n_a)
    script.step("The cell is given an input, and its own state of the step before.")
    script.block("What comes in", "", palette.NAIVE)
    script.group("xt", "xₜ", edit=True)
    script.group("a_prev", "aₜ₋₁", edit=True)
    script.step("Each weight is multiplied by the input it listens to; rows are added.")
    script.block("From the input", "Wax xₜ", palette.NAIVE)
    script.group("Wax", "Wax", edit=True, heads=x)
    script.group("ax", "weight × input", "→", heads=x)
    script.group("from_x", "sum", "=")
    script.step("The same with the state: this is how the past gets a say.")
    script.block("From the state", "Waa aₜ₋₁", palette.NAIVE)
    script.group("Waa", "Waa", edit=True, heads=a)
    script.group("aa", "weight × state", "→", heads=a)
    script.group("from_a", "sum", "=")
    script.step("Both are added to a bias.")
    script.block("New state", "aₜ = tanh(Waa aₜ₋₁ + Wax xₜ + ba)", palette.HIDDEN_STATE)
    script.group("from_a", "Waa aₜ₋₁")
    script.group("from_x", "Wax xₜ", "+")
    script.group("ba", "ba", "+", edit=True)
    script.group("z", "z", "=")
    script.step("tanh squeezes the sum into −1 to 1. That is the new state.")
    script.group("a_next", "aₜ", "tanh →")
    _output(script, "Wya", a)
    return script


def lstm_script(n_x: int, n_a: int) -> Script:
    """An LSTM cell: equations (1) to (7) of core/lstm.py."""
    script = Script()
    both, a = heads("a", n_a) + heads("x", n_x), heads("a", n_a)
    script.step(
        "The cell is given an input, its own hidden state, and the cell state: the "
        "memory."
    )
    script.block("What comes in", "", palette.NAIVE)
    script.group("xt", "xₜ", edit=True)
    script.group("a_prev", "aₜ₋₁", edit=True)
    script.group("c_prev", "cₜ₋₁", edit=True)
    for gate, title, squash, symbol, colour, purpose in LSTM_GATES:
        script.step(f"{title}: each weight times the state or input it listens to.")
        script.block(
            title, f"{symbol} = {squash}(W{gate} [aₜ₋₁; xₜ] + b{gate})", colour
        )
        script.group("W" + gate, "W" + gate, edit=True, heads=both)
        script.group("p" + gate, "weight × what it hears", "→", heads=both)
        bounds = "0 to 1" if squash == "σ" else "−1 to 1"
        script.step(
            f"{title}: rows and bias are added, and {squash} squeezes the sum into "
            f"{bounds}. It says {purpose}."
        )
        script.group("b" + gate, "b" + gate, "+", edit=True)
        script.group("z" + gate, "z", "=")
        script.group(SQUASHED[gate], symbol, f"{squash} →")
    script.step("What is kept of the old memory, plus what is written: the new memory.")
    script.block("Cell state", "cₜ = fₜ ∗ cₜ₋₁ + iₜ ∗ c̃ₜ", palette.CELL_STATE)
    script.group("kept", "fₜ ∗ cₜ₋₁")
    script.group("written", "iₜ ∗ c̃ₜ", "+")
    script.group("c_next", "cₜ", "=")
    script.step("The memory, squeezed, and shown as far as the output gate is open.")
    script.block("Hidden state", "aₜ = oₜ ∗ tanh(cₜ)", palette.HIDDEN_STATE)
    script.group("ot", "oₜ")
    script.group("squashed", "tanh(cₜ)", "∗")
    script.group("a_next", "aₜ", "=")
    _output(script, "Wy", a)
    return script


def _output(script: Script, weight: str, a: list[str]) -> None:
    script.step("An output layer reads the state: one score for each class.")
    script.block("Output", f"yₜ = softmax({weight} aₜ + by)", palette.NAIVE)
    script.group(weight, weight, edit=True, heads=a)
    script.group("ya", "weight × state", "→", heads=a)
    script.group("by", "by", "+", edit=True)
    script.group("score", "score", "=")
    script.step("softmax turns the scores into probabilities that add up to 1.")
    script.group("yt_pred", "yₜ", "softmax →")


SCRIPTS = {"rnn": rnn_script, "lstm": lstm_script}
