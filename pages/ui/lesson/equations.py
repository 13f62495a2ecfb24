"""The equations of the cells, in LaTeX, each with its colour.

Weights are called as in the code and in the blocks: Waa, not W_aa.
"""

from core import palette


def _aligned(*rows: tuple[str, str, str]) -> str:
    lines = [
        rf"\textcolor{{{colour}}}{{\blacksquare}}\; {left} &= {right}"
        for colour, left, right in rows
    ]
    body = r" \\[0.4em] ".join(lines)
    return rf"\begin{{aligned}}{body}\end{{aligned}}"


def _gate(squash: str, letter: str) -> str:
    return rf"{squash}(\mathit{{W{letter}}}\, [a_{{t-1}}; x_t] + \mathit{{b{letter}}})"


EQUATIONS = {
    "rnn": _aligned(
        (
            palette.HIDDEN_STATE,
            "a_t",
            r"\tanh(\mathit{Waa}\, a_{t-1} \\ &\quad + \mathit{Wax}\, x_t + "
            r"\mathit{ba})",
        ),
        (
            palette.NAIVE,
            r"\hat y_t",
            r"\mathrm{softmax}(\mathit{Wya}\, a_t + \mathit{by})",
        ),
    ),
    "lstm": _aligned(
        (palette.FORGET_GATE, "f_t", _gate(r"\sigma", "f")),
        (palette.INPUT_GATE, "i_t", _gate(r"\sigma", "i")),
        (palette.CANDIDATE, r"\tilde c_t", _gate(r"\tanh", "c")),
        (palette.OUTPUT_GATE, "o_t", _gate(r"\sigma", "o")),
        (palette.CELL_STATE, "c_t", r"f_t * c_{t-1} + i_t * \tilde c_t"),
        (palette.HIDDEN_STATE, "a_t", r"o_t * \tanh(c_t)"),
        (
            palette.NAIVE,
            r"\hat y_t",
            r"\mathrm{softmax}(\mathit{Wy}\, a_t + \mathit{by})",
        ),
    ),
}
