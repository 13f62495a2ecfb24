"""The classic recipe: one LSTM learns sixty snippets of thirty tokens by heart.

They are drawn from the first two hundred notes of one piece. It hears nothing but its
own last token, from a state of zeros. The classic script builds thirty copies of its
cell; one layer over the whole snippet computes the same.
"""

import math
from collections.abc import Iterator, Sequence

import keras
import numpy as np
import tensorflow as tf

from core.layers.adam import Adam
from core.layers.lstm import BlockLSTM
from core.music.config import Config
from core.music.corpora import Corpus
from core.music.judged import Totals, totals_of, watched
from core.music.learned import prepared
from core.music.note_tokens import NoteTokens
from core.music.piece import Piece
from core.music.vocabulary import Tokens
from core.task import State
from core.training import Pause, Pauses

EXCERPT = 200  # tokens of one piece
ROWS = [tf.TensorSpec([None, None], tf.int32)]  # tokens (batch, time)


class SeedFit:
    """The classic model while it learns; its methods are those of `fit.Fit`.

    Attributes
    ----------
    snippets
        (windows, window) the tokens that it learns.
    """

    chords = False

    def __init__(self, config: Config, corpus: Corpus, start: State | None) -> None:
        del start
        self.config, self.corpus = config, corpus
        first = excerpt(corpus.train)
        judged = [prepared(piece) for piece in (*watched(corpus), *corpus.test)]
        self.vocabulary = NoteTokens.of([*first, *judged])
        self._lengths = self.vocabulary.lengths
        tokens = np.concatenate([self.vocabulary.encode(piece) for piece in first])
        self.snippets = snippets(tokens[:EXCERPT], config)
        self.steps = math.ceil(len(self.snippets) / config.batch)
        self._watched = self.read(watched(corpus))
        self._build()

    def _build(self) -> None:
        size, seed = self.vocabulary.size, self.config.seed
        self.lstm = BlockLSTM(self.config.units, seed=seed + 10)
        self.lstm.build((None, None, size))
        glorot = keras.initializers.GlorotUniform(seed)
        self.named = {
            "kernel": self.lstm.kernel,
            "recurrent": self.lstm.recurrent_kernel,
            "gates": self.lstm.bias,
            "score": keras.Variable(glorot((self.config.units, size))),
            "bias": keras.Variable(np.zeros(size, np.float32)),
        }
        self.weights = list(self.named.values())
        self.scores = tf.function(self._scores, input_signature=ROWS, autograph=False)

    def compile(self, optimizer: Adam) -> None:
        """Make one graph of a training step with this optimizer."""
        self.optimizer = optimizer
        self._train = tf.function(self._train_on, input_signature=ROWS, autograph=False)

    def prepare(self, pause: Pause) -> Pauses[None]:
        """Do nothing: all is there."""
        del pause
        yield from ()

    def batches(self, epoch: int) -> Iterator[Tokens]:
        """Draw the batches of an epoch: snippets (batch, time) in a shuffled order."""
        random = np.random.default_rng([self.config.seed, epoch])
        order = random.permutation(len(self.snippets))
        for first in range(0, len(order), self.config.batch):
            yield self.snippets[order[first : first + self.config.batch]]

    def train_step(self, tokens: Tokens) -> tuple[float, int]:
        """Train on snippets; return their nats and how many sixteenths they had."""
        loss = float(self._train(tf.constant(tokens.astype(np.int32))))
        return loss * len(tokens), int(self._lengths[tokens].sum())

    def _train_on(self, tokens: tf.Tensor) -> tf.Tensor:
        values = [weight.value for weight in self.weights]
        scores = self._scores(tokens)
        each = tf.nn.sparse_softmax_cross_entropy_with_logits(tokens, scores)
        loss = tf.reduce_mean(tf.reduce_sum(each, axis=1))
        self.optimizer.move(tf.gradients(loss, values))
        return loss

    def _scores(self, tokens: tf.Tensor) -> tf.Tensor:
        """Return the scores (batch, time, tokens) of what comes at each step."""
        heard = tf.one_hot(tokens[:, :-1], self.vocabulary.size)
        heard = tf.pad(heard, [[0, 0], [1, 0], [0, 0]])  # before the first is nothing
        hidden, _ = self.lstm(heard)
        return hidden @ self.named["score"].value + self.named["bias"].value

    def values(self) -> State:
        """Return the weights by name."""
        return {name: np.array(w.numpy()) for name, w in self.named.items()}

    def use(self, values: State) -> None:
        """Put weights in place."""
        for name, value in values.items():
            self.named[name].assign(value)

    def on_watched(self, temperature: float = 1.0) -> Iterator[Totals]:
        """Judge the watched validation pieces."""
        return self.judge(self._watched, temperature)

    def read(self, pieces: Sequence[Piece], chords: bool = True) -> list[Tokens]:
        """Return the tokens of pieces of the corpus; chords belong to them."""
        del chords
        return [self.vocabulary.encode(prepared(piece)) for piece in pieces]

    def judge(
        self, pieces: Sequence[Tokens], temperature: float = 1.0
    ) -> Iterator[Totals]:
        """Judge whole pieces, one at a time.

        A note is foreseen if the likeliest token is it, its length included.
        """
        for tokens in pieces:
            scores = self.scores(tf.constant(tokens[None].astype(np.int32))).numpy()
            note = self.vocabulary.notes[tokens]
            nats, _, foreseen, onsets = totals_of(scores[0] / temperature, tokens, note)
            yield nats, int(self._lengths[tokens].sum()), foreseen, onsets


def excerpt(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the first pieces, of as many notes as the classic learns from."""
    found: list[Piece] = []
    while len(found) < len(pieces) and _notes(found) < EXCERPT:
        found.append(prepared(pieces[len(found)]))
    return found


def _notes(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.onsets) for piece in pieces)


def snippets(tokens: Tokens, config: Config) -> Tokens:
    """Draw random snippets of a row of tokens, (windows, window)."""
    random = np.random.default_rng([config.seed, 1])
    window = min(config.window, len(tokens))
    starts = random.integers(len(tokens) - window + 1, size=config.windows)
    return np.asarray(tokens[starts[:, None] + np.arange(window)])
