"""Networks with random weights, for the tests of the lessons."""

import numpy as np
import pytest

from core.course import Course
from core.lesson.cells import CELLS

GATES = "fico"
every_cell = pytest.mark.parametrize("cell", CELLS)


def parameters(cell, n_x, n_a, n_y, rng, scale=0.5):
    """Random weights under the names of the lessons."""

    def draw(*shape):
        return scale * rng.standard_normal(shape)

    if cell == "rnn":
        hidden = {"Wax": draw(n_a, n_x), "Waa": draw(n_a, n_a), "ba": draw(n_a, 1)}
        return {**hidden, "Wya": draw(n_y, n_a), "by": draw(n_y, 1)}
    head = {"Wy": draw(n_y, n_a), "by": draw(n_y, 1)}
    if cell == "gru":
        both = {f"W{gate}": draw(n_a, n_a + n_x) for gate in "zr"}
        candidate = {"Wca": draw(n_a, n_a), "Wcx": draw(n_a, n_x)}
        biases = {name: draw(n_a, 1) for name in ("bz", "br", "bca", "bc")}
        return {**both, **candidate, **biases, **head}
    if cell == "mingru":
        weights = {f"W{gate}": draw(n_a, n_x) for gate in "zc"}
        return {**weights, "bz": draw(n_a, 1), "bc": draw(n_a, 1), **head}
    weights = {f"W{gate}": draw(n_a, n_a + n_x) for gate in GATES}
    biases = {f"b{gate}": draw(n_a, 1) for gate in GATES}
    return {**weights, **biases, **head}


class Case:
    """One network with a batch of sequences and a gradient to send back."""

    def __init__(self, cell, seed=0, n_x=3, n_a=4, n_y=2, m=5, T=6, scale=0.5):
        rng = np.random.default_rng(seed)
        self.kind = Course(CELLS[cell])
        self.cell = cell
        self.parameters = parameters(cell, n_x, n_a, n_y, rng, scale)
        self.x = rng.standard_normal((n_x, m, T))
        self.a0 = rng.standard_normal((n_a, m))
        self.da = rng.standard_normal((n_a, m, T))

    def forward(self):
        return self.kind.forward(self.x, self.a0, self.parameters)

    def backward(self):
        return self.kind.backward(self.da, self.forward()[-1])
