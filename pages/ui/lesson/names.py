"""What each quantity is called, how it is written, and in which colour."""

from typing import NamedTuple

from core import palette


class Name(NamedTuple):
    """A quantity in words, as a symbol, and in its colour."""

    title: str
    symbol: str
    colour: str


STATES = {
    "f": Name("Forget gate", "f", palette.FORGET_GATE),
    "i": Name("Input gate", "i", palette.INPUT_GATE),
    "cc": Name("Candidate", "c̃", palette.CANDIDATE),
    "o": Name("Output gate", "o", palette.OUTPUT_GATE),
    "c": Name("Cell state", "c", palette.CELL_STATE),
    "a": Name("Hidden state", "a", palette.HIDDEN_STATE),
}
GATES = ("f", "i", "o")  # between 0 and 1; the others are around zero
LINES = {
    "rnn": [palette.HIDDEN_STATE],
    "lstm": [palette.CELL_STATE, palette.HIDDEN_STATE],
}


def gradient(name: str) -> Name:
    """How the gradient of a quantity is called: "df" is that of "f"."""
    if name == "dz":
        return Name("Sum before tanh", "dz", palette.NAIVE)
    of = STATES[name[1:]]
    return Name(of.title, "d" + of.symbol, of.colour)


def sequence_data(cell: str, sequence, source: str):
    """What both heatmap views need to know of a sequence."""
    return {
        "cell": cell.upper(),
        "labels": list(sequence.labels),
        "reads": "letter" if source == "A word" else "point",
        "lines": LINES[cell],
        "negative": palette.NEGATIVE,
        "positive": palette.POSITIVE,
    }
