"""All numbers of a trained network over a text, down to one multiplication.

The values are those of the network; each sum is also there as its products, so that
one can follow where it comes from. Indices of units and characters count from 0.
"""

from collections.abc import Sequence

import numpy as np

from core.lesson.demo import Sequence as Text
from core.lesson.forward_equations import STATES, SUMS, Sum
from core.lesson.network import Network
from core.recurrent import Array, Unrolled, softmax
from core.task import Scalar

BEST = 5  # characters that the network predicts with most probability
DIGITS = 6  # significant ones of each number


def zoom(network: Network, text: Text, characters: str) -> dict[str, object]:
    """Return all numbers of a network that reads a text, for JSON.

    Returns
    -------
    dict
        `labels` and `inputs`: the character of each step, and its index. `values`:
        each value by name, steps by units. `sums`: of each `Sum` its weights from
        state and input, and its bias. `states`: the products of each new state.
        `output`: weights and bias of the scores, and for each step the characters with
        the highest probability.
    """
    x = np.moveaxis(text.x, 2, 0)  # (T, n_x, 1)
    unrolled = network.forward(x)
    W, b = network.head
    scores = np.einsum("yu,tum->tym", W, unrolled.h) + b  # (T, n_y, 1)
    probabilities = np.stack([softmax(each) for each in scores])[:, :, 0]
    return {
        "labels": list(text.labels),
        "inputs": x[:, :, 0].argmax(axis=1).tolist(),
        "characters": list(characters),
        "values": {n: _numbers(v) for n, v in values_of(unrolled).items()},
        "sums": [_sum(network, each) for each in SUMS[network.cell]],
        "states": [
            {"name": name, "products": [list(each) for each in products]}
            for name, products in STATES[network.cell].items()
        ],
        "output": {
            "state": _numbers(W),
            "bias": _numbers(b[:, 0]),
            "best": [_best(each) for each in probabilities],
        },
    }


def values_of(unrolled: Unrolled) -> dict[str, Array]:
    """Return each value of a cell at all steps, (T, units)."""
    cell = unrolled.cell
    names = [name for name in cell.cache if name != "xt"]
    found = {name: unrolled.values(name)[:, :, 0] for name in names}
    if "c" in found:
        found["tanh c"] = np.tanh(found["c"])
    if "z" in found:
        found["1 − z"] = 1 - found["z"]
    return found


def weights_of(network: Network, each: Sum) -> tuple[Array | None, Array | None]:
    """Return the weights of a sum from the old state and from the input."""
    units = network.units
    state = network.parameters[each.state] if each.state else None
    inputs = network.parameters[each.input] if each.input else None
    if each.state == each.input and state is not None:  # [h_prev; x], h_prev first
        return state[:, :units], state[:, units:]
    return state, inputs


def _sum(network: Network, each: Sum) -> dict[str, object]:
    state, inputs = weights_of(network, each)
    return {
        "name": each.name,
        "squash": each.squash,
        "state": None if state is None else _numbers(state),
        "input": None if inputs is None else _numbers(inputs),
        "weights": [each.state, each.input],
        "bias": _numbers(network.parameters[each.bias][:, 0]),
        "biasName": each.bias,
        "product": list(each.product),
    }


def _best(probabilities: Array) -> list[dict[str, Scalar]]:
    order = np.argsort(-probabilities)[:BEST]
    return [
        {"index": int(i), "probability": round(float(probabilities[i]), 4)}
        for i in order
    ]


def _numbers(values: Array) -> Sequence[object]:
    """Return an array as lists of numbers with few digits, to be sent."""
    if values.ndim > 1:
        return [_numbers(row) for row in values]
    return [float(f"{value:.{DIGITS}g}") for value in values]
