"""Texts that a trained network generates, and the text that snapshots have it read."""

import numpy as np

from core.lesson.cells import CELLS
from core.lesson.network import Network, Tokens
from core.lesson.writing.corpus import END, LONGEST_NAME, START, Corpus, one_hot
from core.recurrent import Array, softmax

PROBE_LENGTH = 20  # characters that a network reads for a snapshot
PRIME_LENGTH = 8  # characters of a passage that a sample starts with
SAMPLE_LENGTH = 100  # characters of a sample of a passage, its start included


def sample(
    network: Network,
    corpus: Corpus,
    rng: np.random.Generator,
    count: int,
    temperature: float,
) -> list[str]:
    """Generate texts character by character.

    Parameters
    ----------
    network
        Trained on the corpus.
    corpus
        Its characters. Trained on a list of names, a network writes names; trained on
        a passage, it writes passages that start like it.
    rng
        Random generator.
    count
        Number of texts.
    temperature
        Below 1 the likely characters become likelier, above 1 the unlikely ones.
    """
    prime, length = prime_and_length(corpus)
    cell, (W, b) = CELLS[network.cell], network.head
    weights = cell.stack(network.parameters)
    states = [np.zeros((network.units, count)) for _ in cell.states]
    tokens = np.tile(corpus.encode(prime)[:, np.newaxis], count)  # (T, count)
    for t in range(length):
        xt = one_hot(tokens[t : t + 1], len(corpus.characters))[0]
        *states, _ = cell.step(xt, *states, *weights)
        if t + 1 == len(tokens):
            y = softmax(W @ states[0] + b)
            tokens = np.vstack([tokens, _choose(y, temperature, rng)])
    texts = [corpus.decode(column) for column in tokens.T]
    if corpus.is_names:
        return [text.removeprefix(START).split(END)[0] for text in texts]
    return texts


def prime_and_length(corpus: Corpus) -> tuple[str, int]:
    """Return the characters that samples start with, and the steps of a sample."""
    if corpus.is_names:
        return START, LONGEST_NAME
    return corpus.text[:PRIME_LENGTH], min(SAMPLE_LENGTH, len(corpus.text) - 1)


def _choose(y: Array, temperature: float, rng: np.random.Generator) -> Tokens:
    """Draw one class from each column of probabilities."""
    p = y ** (1 / temperature)
    cumulative = np.cumsum(p, axis=0)  # (n_y, m)
    threshold = rng.random(y.shape[1]) * cumulative[-1]
    return np.asarray(np.sum(cumulative < threshold, axis=0))


def probe(corpus: Corpus) -> Tokens:
    """Return the characters that snapshots show, the same in every epoch."""
    if not corpus.is_names:
        return corpus.encode(corpus.text[: PROBE_LENGTH + 1])
    fitting = [line for line in corpus.lines if len(line) < PROBE_LENGTH]
    longest = max(fitting, key=len, default=corpus.lines[0])
    return corpus.encode(START + longest + END)[: PROBE_LENGTH + 1]
