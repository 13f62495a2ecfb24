"""A network that writes: its samples, and what goes on while it reads."""

import numpy as np

from core.lesson import pictures
from core.lesson.cells import CELLS
from core.lesson.corpus import END, LONGEST_NAME, START, Corpus, one_hot
from core.lesson.fused import walk
from core.lesson.lags import connectivity, gradient_by_step, influence
from core.lesson.losses import Tokens, next_character
from core.lesson.network import Network
from core.recurrent import Array
from core.task import State

PROBE = 20  # characters whose reading goes into each snapshot
PRIME = 8  # characters of a passage that a sample starts from
SAMPLE = 100  # length of a sample, its start included


def write(
    network: Network,
    corpus: Corpus,
    rng: np.random.Generator,
    count: int,
    temperature: float,
) -> list[str]:
    """Let a network write.

    Parameters
    ----------
    network
        Trained on the corpus.
    corpus
        Its characters; a list of names is answered with names, a passage with
        passages that start like it.
    rng
        Where the choice between likely characters comes from.
    count
        Number of samples.
    temperature
        Below 1 the likely becomes likelier, above 1 the unlikely does.

    Returns
    -------
    list of str
        The samples.
    """
    prime = START if corpus.is_names else corpus.text[:PRIME]
    total = LONGEST_NAME if corpus.is_names else min(SAMPLE, len(corpus.text) - 1)
    kind, n_a = CELLS[network.cell], network.head[0].shape[1]
    states = [np.zeros((n_a, count)) for _ in kind.carried]
    written = np.tile(corpus.tokens(prime)[:, np.newaxis], count)  # (T, count)
    for t in range(total):
        xt = one_hot(written[t : t + 1], len(corpus.characters))[0]
        *states, y, _ = kind.cell_forward(xt, *states, network.parameters)
        if t + 1 == len(written):
            written = np.vstack([written, _choose(y, temperature, rng)])
    texts = [corpus.word(column) for column in written.T]
    if corpus.is_names:
        return [text.removeprefix(START).split(END)[0] for text in texts]
    return texts


def _choose(y: Array, temperature: float, rng: np.random.Generator) -> Tokens:
    """Draw one class from each column of probabilities."""
    p = y ** (1 / temperature)
    heights = np.cumsum(p, axis=0)  # (n_y, m)
    return np.asarray(np.sum(heights < rng.random(y.shape[1]) * heights[-1], axis=0))


def probe(corpus: Corpus) -> Tokens:
    """Return the characters whose reading is looked at, the same in every epoch."""
    if not corpus.is_names:
        return corpus.tokens(corpus.text[: PROBE + 1])
    fitting = [line for line in corpus.lines if len(line) < PROBE]
    longest = max(fitting, key=len, default=corpus.lines[0])
    return corpus.tokens(START + longest + END)[: PROBE + 1]


def picture(network: Network, corpus: Corpus, samples: list[str]) -> State:
    """Return a snapshot of a network that writes; `core.lesson.text.look` explains.

    Parameters
    ----------
    network, corpus
        The network, and what it is trained on.
    samples
        What it has just written.
    """
    tokens = probe(corpus)
    inputs, targets = tokens[:-1], tokens[1:]
    x = one_hot(inputs[:, np.newaxis], len(corpus.characters))  # (T, n_x, 1)
    trace = walk(network.cell, x, network.parameters)
    cost = next_character(trace.a[1:], targets[:, np.newaxis], network.head)
    states, from_inputs = pictures.weights(network)
    return {
        "probe": np.array(list(corpus.word(tokens))),
        "inside": pictures.inside(network, x[:, :, 0]),
        "state weights": states,
        "input weights": from_inputs[:, :, inputs],
        "gradient by step": gradient_by_step(trace, cost.da).astype(np.float32),
        "influence": influence(network, x).astype(np.float32),
        "connectivity": pictures.half(connectivity(network, x[:, :, 0])),
        "samples": np.array(samples),
    }
