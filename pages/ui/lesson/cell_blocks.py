"""The cell on the page: which numbers stand where, and when they appear."""

from core import palette

SUB = "₁₂₃₄"
SQUASHED = {"f": "ft", "i": "it", "c": "cct", "o": "ot"}
LSTM_GATES = (
    (
        "f",
        "Forget gate",
        "σ",
        "fₜ",
        palette.FORGET_GATE,
        "how much of the old cell state is kept",
    ),
    (
        "i",
        "Input gate",
        "σ",
        "iₜ",
        palette.INPUT_GATE,
        "how much of the candidate is added",
    ),
    (
        "c",
        "Candidate",
        "tanh",
        "c̃ₜ",
        palette.CANDIDATE,
        "the values that could be added",
    ),
    (
        "o",
        "Output gate",
        "σ",
        "oₜ",
        palette.OUTPUT_GATE,
        "how much of the cell state is output",
    ),
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
    script.step("The cell receives an input and its hidden state of the previous step.")
    script.block("Inputs", "", palette.NAIVE)
    script.group("xt", "xₜ", edit=True)
    script.group("a_prev", "aₜ₋₁", edit=True)
    script.step("Each weight is multiplied by its input; each row is summed.")
    script.block("From the input", "Wax xₜ", palette.NAIVE)
    script.group("Wax", "Wax", edit=True, heads=x)
    script.group("ax", "weight × input", "→", heads=x)
    script.group("from_x", "sum", "=")
    script.step("The same for the previous state: this is how the past takes part.")
    script.block("From the state", "Waa aₜ₋₁", palette.NAIVE)
    script.group("Waa", "Waa", edit=True, heads=a)
    script.group("aa", "weight × state", "→", heads=a)
    script.group("from_a", "sum", "=")
    script.step("Both sums and a bias are added.")
    script.block("New state", "aₜ = tanh(Waa aₜ₋₁ + Wax xₜ + ba)", palette.HIDDEN_STATE)
    script.group("from_a", "Waa aₜ₋₁")
    script.group("from_x", "Wax xₜ", "+")
    script.group("ba", "ba", "+", edit=True)
    script.group("z", "z", "=")
    script.step(
        "tanh maps the sum to between −1 and 1. The result is the new hidden state."
    )
    script.group("a_next", "aₜ", "tanh →")
    _output(script, "Wya", a)
    return script


def lstm_script(n_x: int, n_a: int) -> Script:
    """An LSTM cell: equations (1) to (7) of core/lstm.py."""
    script = Script()
    both, a = heads("a", n_a) + heads("x", n_x), heads("a", n_a)
    script.step(
        "The cell receives an input, and its hidden state and cell state of the "
        "previous step."
    )
    script.block("Inputs", "", palette.NAIVE)
    script.group("xt", "xₜ", edit=True)
    script.group("a_prev", "aₜ₋₁", edit=True)
    script.group("c_prev", "cₜ₋₁", edit=True)
    for gate, title, squash, symbol, colour, purpose in LSTM_GATES:
        script.step(f"{title}: each weight is multiplied by its state or input.")
        script.block(
            title, f"{symbol} = {squash}(W{gate} [aₜ₋₁; xₜ] + b{gate})", colour
        )
        script.group("W" + gate, "W" + gate, edit=True, heads=both)
        script.group("p" + gate, "weight × state or input", "→", heads=both)
        bounds = "0 to 1" if squash == "σ" else "−1 to 1"
        script.step(
            f"{title}: each row and the bias are summed, and {squash} maps the sum to "
            f"{bounds}: {purpose}."
        )
        script.group("b" + gate, "b" + gate, "+", edit=True)
        script.group("z" + gate, "z", "=")
        script.group(SQUASHED[gate], symbol, f"{squash} →")
    script.step(
        "The part of the old cell state that is kept, plus what is added: the new "
        "cell state."
    )
    script.block("Cell state", "cₜ = fₜ ∗ cₜ₋₁ + iₜ ∗ c̃ₜ", palette.CELL_STATE)
    script.group("kept", "fₜ ∗ cₜ₋₁")
    script.group("written", "iₜ ∗ c̃ₜ", "+")
    script.group("c_next", "cₜ", "=")
    script.step(
        "tanh of the cell state, scaled by the output gate: the new hidden state."
    )
    script.block("Hidden state", "aₜ = oₜ ∗ tanh(cₜ)", palette.HIDDEN_STATE)
    script.group("ot", "oₜ")
    script.group("squashed", "tanh(cₜ)", "∗")
    script.group("a_next", "aₜ", "=")
    _output(script, "Wy", a)
    return script


def _output(script: Script, weight: str, a: list[str]) -> None:
    script.step(
        "The output layer computes one score for each class from the hidden state."
    )
    script.block("Output", f"ŷₜ = softmax({weight} aₜ + by)", palette.NAIVE)
    script.group(weight, weight, edit=True, heads=a)
    script.group("ya", "weight × state", "→", heads=a)
    script.group("by", "by", "+", edit=True)
    script.group("score", "score", "=")
    script.step("softmax turns the scores into probabilities that sum to 1.")
    script.group("yt_pred", "ŷₜ", "softmax →")


SCRIPTS = {"rnn": rnn_script, "lstm": lstm_script}
