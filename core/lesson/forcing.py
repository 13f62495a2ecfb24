"""Teacher forcing and free running: a text read as it stands, or as it is written."""

from dataclasses import dataclass

import numpy as np

from core.lesson.cells import CELLS
from core.lesson.network import PADDING, Network, Tokens
from core.lesson.trained import TrainedNetwork
from core.lesson.writing.corpus import cut, one_hot
from core.recurrent import Array, softmax

LONGEST = 20  # characters of a text that are predicted
EPOCHS = 12  # most networks of a training


@dataclass(frozen=True)
class Reading:
    """Predictions of the next characters of texts."""

    truth: Tokens  # the characters to predict, or PADDING, (T, m)
    written: Tokens  # the most likely ones, (T, m)
    chances: Array  # probabilities of the true ones, (T, m)

    @property
    def loss(self) -> float:
        """Cross-entropy of the true characters, in nats a character."""
        chances = self.chances[self.truth != PADDING]
        return float(-np.mean(np.log(np.maximum(chances, 1e-300))))

    def apart(self, given: int) -> Tokens:
        """Return where each text first differs from the truth, (m,); T if nowhere."""
        differs = (self.written != self.truth) & (self.truth != PADDING)
        differs[: given - 1] = False
        apart = np.where(differs.any(axis=0), differs.argmax(axis=0), len(differs))
        return np.asarray(apart)


def read_texts(network: Network, texts: Tokens, given: int | None = None) -> Reading:
    """Read texts, (T + 1, m): as they stand, which is teacher forcing, or running free.

    Running free, the first `given` characters, at least one, are as they stand; after
    them the network reads the most likely ones of its own.
    """
    cell, (W, b) = CELLS[network.cell], network.head
    weights, columns = cell.stack(network.parameters), np.arange(texts.shape[1])
    states = [np.zeros((network.units, len(columns))) for _ in cell.states]
    written: list[Tokens] = []
    chances = []
    for t, true in enumerate(texts[1:]):
        fed = texts[t] if given is None or t < given else written[-1]
        *states, _ = cell.step(one_hot(fed[np.newaxis], len(b))[0], *states, *weights)
        y = softmax(W @ states[0] + b)  # (n_y, m)
        written.append(y.argmax(axis=0))
        chances.append(y[true, columns])
    return Reading(texts[1:], np.array(written), np.array(chances))


def held_out_texts(trained: TrainedNetwork) -> Tokens:
    """Return the beginnings of held-out texts, or of training texts without any."""
    excerpts = cut(trained.corpus, trained.config.window)
    found = excerpts.held_out if excerpts.held_out.size else excerpts.some_of_train()
    return found[: LONGEST + 1]


def losses(trained: TrainedNetwork, given: int) -> dict[int, tuple[float, float]]:
    """Return the loss on held-out texts by epoch: fed the truth, and running free."""
    texts, epochs = held_out_texts(trained), sorted(trained.networks)
    chosen = {*epochs[:: -(-len(epochs) // EPOCHS)], *epochs[:2], epochs[-1]}
    return {
        epoch: (
            read_texts(trained.networks[epoch], texts).loss,
            read_texts(trained.networks[epoch], texts, given).loss,
        )
        for epoch in sorted(chosen)
    }


def followed_furthest(trained: TrainedNetwork, given: int) -> Tokens:
    """Return the held-out text that the network follows furthest, (T + 1, 1).

    One that it follows to its end comes last.
    """
    texts = held_out_texts(trained)
    apart = read_texts(trained.result, texts, given).apart(given)
    best = int(np.where(apart < len(texts) - 1, apart, -1).argmax())
    text = texts[:, best]
    return np.asarray(text[text != PADDING][:, np.newaxis])
