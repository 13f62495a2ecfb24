"""The classic recipe: an LSTM memorises sixty snippets of thirty tokens.

They are random windows of the first two hundred notes of one piece. The only input is
the last token, from a state of zeros. The original script builds thirty copies of its
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
from core.music.judging.judgement import Totals, totals_of, watched
from core.music.model.network import TrainableModel
from core.music.model.vocabulary import NoteTokens, Tokens, prepared
from core.music.score.piece import Piece, has_known_chords
from core.task import State
from core.training import Pause, Pauses

EXCERPT = 200  # tokens of one piece
ROWS = [tf.TensorSpec([None, None], tf.int32)]  # tokens (batch, time)


class ClassicModel(TrainableModel):
    """The classic model in training; its methods are those of `DefaultModel`."""

    def __init__(self, config: Config, corpus: Corpus, start: State | None) -> None:
        del start
        self.config, self.corpus = config, corpus
        self.chords = has_known_chords(corpus.train)  # degrees above the roots
        first = excerpt(corpus.train)
        judged = [_read(piece) for piece in (*watched(corpus), *corpus.test)]
        self.vocabulary = NoteTokens.of([*first, *judged])
        self._durations = self.vocabulary.durations
        tokens = np.concatenate([self.vocabulary.encode(piece) for piece in first])
        self.snippets = snippets(tokens[:EXCERPT], config)
        self.steps = math.ceil(len(self.snippets) / config.batch)
        self._watched = self.read(watched(corpus))
        size, seed = self.vocabulary.size, config.seed
        self.lstm = BlockLSTM(config.units, seed=seed + 10)
        self.lstm.build((None, None, size))
        glorot = keras.initializers.GlorotUniform(seed)
        self.named = {
            "kernel": self.lstm.kernel,
            "recurrent": self.lstm.recurrent_kernel,
            "gates": self.lstm.bias,
            "score": keras.Variable(glorot((config.units, size))),
            "bias": keras.Variable(np.zeros(size, np.float32)),
        }
        self.scores = tf.function(self._scores, input_signature=ROWS, autograph=False)

    def compile(self, optimizer: Adam) -> None:
        """Build the graph of a training step with this optimizer."""
        self.optimizer = optimizer
        self._train = tf.function(self._train_on, input_signature=ROWS, autograph=False)

    def prepare(self, pause: Pause) -> Pauses[None]:
        """Do nothing: the snippets need no preparation."""
        del pause
        yield from ()

    def batches(self, epoch: int) -> Iterator[Tokens]:
        """Return the batches of an epoch: snippets (batch, time) in random order."""
        random = np.random.default_rng([self.config.seed, epoch])
        order = random.permutation(len(self.snippets))
        for first in range(0, len(order), self.config.batch):
            yield self.snippets[order[first : first + self.config.batch]]

    def train_step(self, tokens: Tokens) -> tuple[float, int]:
        """Train on snippets; return their sum of nats, and their sixteenths."""
        loss = float(self._train(tf.constant(tokens.astype(np.int32))))
        return loss * len(tokens), int(self._durations[tokens].sum())

    def _train_on(self, tokens: tf.Tensor) -> tf.Tensor:
        values = [weight.value for weight in self.weights]
        scores = self._scores(tokens)
        each = tf.nn.sparse_softmax_cross_entropy_with_logits(tokens, scores)
        loss = tf.reduce_mean(tf.reduce_sum(each, axis=1))
        self.optimizer.move(tf.gradients(loss, values))
        return loss

    def _scores(self, tokens: tf.Tensor) -> tf.Tensor:
        """Return the scores (batch, time, tokens) of the token at each step."""
        x = tf.one_hot(tokens[:, :-1], self.vocabulary.size)
        x = tf.pad(x, [[0, 0], [1, 0], [0, 0]])  # zeros before the first
        hidden, _ = self.lstm(x)
        return hidden @ self.named["score"].value + self.named["bias"].value

    def on_watched(self, temperature: float = 1.0) -> Iterator[Totals]:
        """Evaluate on the watched validation pieces."""
        return self.judge(self._watched, temperature)

    def read(self, pieces: Sequence[Piece], chords: bool = True) -> list[Tokens]:
        """Return the tokens of pieces of the corpus, which depend on their chords."""
        del chords
        return [self.vocabulary.encode(_read(piece)) for piece in pieces]

    def judge(
        self, pieces: Sequence[Tokens], temperature: float = 1.0
    ) -> Iterator[Totals]:
        """Evaluate on whole pieces, one at a time.

        A note is predicted if it is the most likely token, its duration included.
        """
        for tokens in pieces:
            scores = self.scores(tf.constant(tokens[None].astype(np.int32))).numpy()
            note = self.vocabulary.notes[tokens]
            totals = totals_of(scores[0] / temperature, tokens, note)
            yield totals._replace(steps=int(self._durations[tokens].sum()))


def excerpt(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the first pieces, of as many notes as the classic recipe uses."""
    found: list[Piece] = []
    while len(found) < len(pieces) and sum(len(p.onsets) for p in found) < EXCERPT:
        found.append(_read(pieces[len(found)]))
    return found


def _read(piece: Piece) -> Piece:
    # A degree above a chord inferred from the melody would tell some of the note.
    return prepared(piece.without_inferred_chords())


def snippets(tokens: Tokens, config: Config) -> Tokens:
    """Return random windows of a row of tokens, (windows, window)."""
    random = np.random.default_rng([config.seed, 1])
    window = min(config.window, len(tokens))
    starts = random.integers(len(tokens) - window + 1, size=config.windows)
    return np.asarray(tokens[starts[:, None] + np.arange(window)])
