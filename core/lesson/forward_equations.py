"""The equations of each cell's step, as data: for the browser and for the zoom."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from core.lesson.cells import CELLS


@dataclass(frozen=True)
class Sum:
    """A weighted sum of a cell, and the function applied to it."""

    name: str  # name of the result in the cell's cache
    squash: str  # the function of the sum: "σ", "tanh", or "" for none
    # Names of the weights by which the old hidden state and the input are multiplied. A
    # weight that is both is split between them. Empty: none.
    state: str
    input: str
    bias: str  # name of the bias
    product: tuple[str, ...] = ()  # two other values whose product is added


def _gate(name: str, squash: str) -> Sum:
    """Return the sum of a gate that reads state and input with one weight."""
    letter = name[0]
    return Sum(name, squash, f"W{letter}", f"W{letter}", f"b{letter}")


SUMS: Mapping[str, tuple[Sum, ...]] = {
    "rnn": (Sum("h", "tanh", "Waa", "Wax", "ba"),),
    "lstm": (_gate("f", "σ"), _gate("i", "σ"), _gate("cc", "tanh"), _gate("o", "σ")),
    "gru": (
        _gate("z", "σ"),
        _gate("r", "σ"),
        Sum("s", "", "Wca", "", "bca"),
        Sum("cc", "tanh", "", "Wcx", "bc", ("r", "s")),
    ),
    "mingru": (Sum("z", "σ", "", "Wz", "bz"), Sum("cc", "", "", "Wc", "bc")),
}
# The new states as sums of products of other values.
STATES: Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]] = {
    "rnn": {},
    "lstm": {"c": (("f", "c_prev"), ("i", "cc")), "h": (("o", "tanh c"),)},
    "gru": {"h": (("z", "h_prev"), ("1 − z", "cc"))},
    "mingru": {"h": (("1 − z", "h_prev"), ("z", "cc"))},
}


def equations_of(cell: str) -> dict[str, object]:
    """Return the sums, states and head of a cell, for JSON."""
    return {
        "sums": [asdict(each) for each in SUMS[cell]],
        "states": STATES[cell],
        "head": CELLS[cell].head,
    }
