"""One layer of attention beside the recurrent cells: influence of the past, and cost.

The layer is that of A. Vaswani et al., "Attention is all you need", NeurIPS (2017),
equation 1, with one head. The last step asks for what it needs, every step offers a
key and a value, and the answer is a weighted mean of the values:

    q = Wq x_T,   k_s = Wk x_s,   v_s = Wv x_s                                (1)
    α_s = softmax over s of (qᵀ k_s / √n)                                     (2)
    h_T = Σ_s α_s v_s                                                         (3)
    ∂h_T / ∂x_s = α_s (Wv + (v_s - h_T) (Wkᵀ q)ᵀ / √n),       s < T           (4)
    ∂h_T / ∂x_T = (4) for s = T + Σ_s α_s (v_s - h_T) (Wqᵀ k_s)ᵀ / √n         (5)

No step waits for another one, and (4) is no product over the steps between s and T. Nor
does it depend on the place s: the order of the inputs before the last one makes no
difference to h_T. But the shares sum to 1, so before training (4) is about 1 / T in
size: the influence of each input is diluted. Networks of such layers tell the positions
apart by numbers added to the inputs, by rotations of q and k (Su et al. 2021), or by a
causal mask alone, where each step sees another number of inputs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.lesson.cells import CELLS
from core.lesson.demo import initial_influence, untrained_influence
from core.recurrent import Array, softmax

ATTENTION = "Attention"
COMPARED = ("lstm", "mingru")  # cells compared with attention in `costs`
UNITS, EXAMPLES = 16, 8  # size of the layer whose influence is measured


def attention(x: Array, Wq: Array, Wk: Array, Wv: Array) -> Array:
    """Return the attention of the last step: equations (1) to (3).

    x is (T, n_x); the weights of query, keys and values are (n, n_x).

    Returns
    -------
    Array
        h_T, (n,).
    """
    return _shares(x, Wq, Wk) @ (x @ Wv.T)


def attention_jacobian(x: Array, Wq: Array, Wk: Array, Wv: Array) -> Array:
    """Differentiate `attention` by each input: equations (4) and (5), (T, n, n_x)."""
    root = np.sqrt(len(Wq))
    shares, q, k, v = _shares(x, Wq, Wk), Wq @ x[-1], x @ Wk.T, x @ Wv.T
    weighted = shares[:, np.newaxis] * (v - shares @ v)  # α_s (v_s - h_T)
    by_key = weighted[:, :, np.newaxis] * (q @ Wk) / root
    jacobian = shares[:, np.newaxis, np.newaxis] * Wv + by_key  # (4)
    jacobian[-1] += weighted.T @ k @ Wq / root  # (5)
    return np.asarray(jacobian)


def _shares(x: Array, Wq: Array, Wk: Array) -> Array:
    """Return α, which sums to 1: equation (2), (T,)."""
    scores = (x @ Wk.T) @ (Wq @ x[-1]) / np.sqrt(len(Wq))
    return softmax(scores[:, np.newaxis])[:, 0]


def influence_beside_attention(seed: int, steps: int = 50) -> Mapping[str, Array]:
    """Measure the influence of past inputs before training, attention included.

    Returns
    -------
    mapping
        Title of each network -> norm of d h_T / d x_{T-k} over its value at lag 0,
        for k = 0 ... steps - 1, as `core.lesson.demo.initial_influence` has it.
    """
    norms = _attended(seed, steps)
    return {**initial_influence(seed, steps), ATTENTION: norms / norms[0]}


def influence_of_the_first(
    seed: int, lengths: Sequence[int]
) -> Mapping[str, list[float]]:
    """Measure the influence of the first input on the last state before training.

    Returns
    -------
    mapping
        Title of each network -> norm of d h_T / d x_1 for each length T.
    """
    found: dict[str, list[float]] = {}
    for steps in lengths:
        curves = {**untrained_influence(seed, steps), ATTENTION: _attended(seed, steps)}
        for title, curve in curves.items():
            found.setdefault(title, []).append(float(curve[-1]))
    return found


def _attended(seed: int, steps: int) -> Array:
    """Return the norm of d h_T / d x_{T-k} of attention for k = 0 ... steps - 1."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, (steps, 2, EXAMPLES))
    weights = rng.standard_normal((3, UNITS, 2)) / np.sqrt(2)
    norms = [
        np.linalg.norm(attention_jacobian(one, *weights), axis=(1, 2))[::-1]
        for one in np.moveaxis(x, 2, 0)
    ]
    return np.asarray(np.mean(norms, axis=0))


@dataclass(frozen=True)
class Cost:
    """What one layer needs for a sequence, with as many inputs as units."""

    stored: int  # numbers kept of the past, in order to read the next symbol
    # Multiplications, by weights or of queries, keys and values: for the next symbol,
    # and for the whole sequence, read symbol by symbol
    next_products: int
    all_products: int
    # Steps that must wait for each other while a known sequence is read. A sum over T
    # counts as one step; in pairs that of attention takes log2(T) rounds.
    waits: int
    path: int  # steps that the gradient passes from the last state to the first input


def costs(length: int, units: int) -> dict[str, Cost]:
    """Count the costs of an LSTM, a minGRU and attention, by title.

    The minGRU reads a known sequence by its scan. Each symbol of attention reads
    itself and all before it.
    """
    found = {}
    for name in COMPARED:
        cell = CELLS[name]
        matrices = [rows for rows in cell.weights.values() if rows[0] == "n_a"]
        columns = sum(
            len(width.split("+")) for _, width in matrices if width != "1"
        )  # width of all matrices side by side, in units of `units`
        products = columns * units**2
        found[cell.title] = Cost(
            stored=units * len(cell.states),
            next_products=products,
            all_products=products * length,
            waits=length if cell.recurrent else (length - 1).bit_length(),
            path=length - 1,
        )
    products, pair = 3 * units**2, 2 * units  # Wq, Wk, Wv; one key and its value
    found[ATTENTION] = Cost(
        stored=2 * units * length,
        next_products=products + pair * length,
        all_products=products * length + pair * length * (length + 1) // 2,
        waits=1,
        path=1,
    )
    return found
