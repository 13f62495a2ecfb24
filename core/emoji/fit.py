"""The networks in training: their batches, a step, and their validation."""

import contextlib
import math
from collections.abc import Iterator
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from core.emoji.config import Config
from core.emoji.judging.metrics import accuracy, nll
from core.emoji.labels import CLASSES
from core.emoji.model.network import Chance, Network, without_words
from core.emoji.model.vocabulary import Lexicon, padded, table_of
from core.emoji.text.corpus import Sentences
from core.emoji.text.rows import Rows
from core.emoji.text.tokens import Reading, read
from core.layers.adam import Adam
from core.task import State

WARM_UP = 10.0  # steps, before which a moving average would remember its start
WATCHED = 32  # development sentences judged each epoch, at least
# Rows of words (batch, time), and how many words of each are read (batch,).
ROWS = [tf.TensorSpec([None, None], tf.int32), tf.TensorSpec([None], tf.int32)]


class Batch(NamedTuple):
    """Sentences of one training step.

    Attributes
    ----------
    ids, lengths
        Rows of words (batch, time), and how many of each are read (batch,).
    targets, row_weights
        Classes, and how much each sentence counts, (batch,).
    chance
        Seed (2,) of what is hidden.
    """

    ids: np.ndarray
    lengths: np.ndarray
    targets: np.ndarray
    row_weights: np.ndarray
    chance: np.ndarray


class Fit:
    """The networks of a Config while they learn.

    Attributes
    ----------
    steps
        Steps of training in an epoch.
    named
        The weights by name, as `core.emoji.reading.Reader` knows them; "vectors"
        are the words' where these are trained.
    weights, averages
        The same in a list, and their moving averages if the Config has any.
    judge
        Returns probabilities (batch, 5) of rows of words (batch, time) and of how
        many words of each are read (batch,).
    """

    def __init__(self, config: Config, data: Sentences) -> None:
        self.config = config
        table = table_of(config, data)
        learned, watched = data.learned, _watched(data, config)
        readings = [read(text, table.row) for text in learned.texts]
        others = [read(text, table.row) for text in watched.texts]
        self.words = _words(readings)
        self.lexicon = Lexicon.of(table, [*self.words, *_words(others)])
        rows = [self.lexicon.rows(reading) for reading in readings]
        self.length = max(map(len, rows))
        self.ids, self.lengths = self._filled(rows)
        self.targets = learned.targets
        self.row_weights = _row_weights(config, data)
        self.watched_targets = watched.targets
        watched_rows = [self.lexicon.rows(reading) for reading in others]
        self.watched = tuple(map(tf.constant, self._filled(watched_rows)))
        self.steps = math.ceil(len(self.ids) / config.batch)
        self._build(table.size)

    def _build(self, size: int) -> None:
        config = self.config
        self.networks = [Network(config, size, n) for n in range(config.networks)]
        self.named = {k: v for net in self.networks for k, v in net.named.items()}
        self.vectors = keras.Variable(self.lexicon.vectors(), dtype="float32")
        if config.embedding == "trained":
            self.named["vectors"] = self.vectors
        self.weights = list(self.named.values())
        self.averages = (
            [keras.Variable(weight.numpy(), trainable=False) for weight in self.weights]
            if config.average
            else []
        )
        self.judge = tf.function(self._answer, input_signature=ROWS, autograph=False)

    def compile(self, optimizer: Adam) -> None:
        """Make one graph of a training step with this optimizer."""
        self.optimizer = optimizer
        known = [
            tf.TensorSpec([None], tf.int32),
            tf.TensorSpec([None], tf.float32),
            tf.TensorSpec([2], tf.int32),
        ]
        self._train = tf.function(
            self._train_on, input_signature=[*ROWS, *known], autograph=False
        )

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Draw the batches of an epoch, as many as `steps`.

        Each depends on the seed, the epoch and its place only, so that a resumed
        training repeats it.
        """
        for step, rows in enumerate(self._order(epoch)):
            random = np.random.default_rng([self.config.seed, epoch, step])
            lengths = self.lengths[rows]
            yield Batch(
                ids=self.ids[rows, : lengths.max()],
                lengths=lengths,
                targets=self.targets[rows],
                row_weights=self.row_weights[rows],
                chance=random.integers(2**30, size=2, dtype=np.int32),
            )

    def train_step(self, batch: Batch) -> tuple[float, int]:
        """Train on a batch; return its mean loss and how many answers were right."""
        loss, right = self._train(*map(tf.constant, batch))
        return float(loss), int(right)

    def _filled(self, rows: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
        """Return rows at one length (batch, time), and how much is read of each."""
        least = self.length if self.config.reads_padding else 1
        lengths = np.array([max(least, len(row)) for row in rows], np.int32)
        return padded(rows, least), lengths

    def _order(self, epoch: int) -> list[np.ndarray]:
        """Return the rows of each batch, of similar length where that saves reading."""
        random = np.random.default_rng([self.config.seed, epoch])
        order = random.permutation(len(self.ids))
        cuts = range(self.config.batch, len(order), self.config.batch)
        if self.config.reads_padding or not self.config.recurrent:
            return np.split(order, cuts)
        near = self.lengths[order] + random.uniform(0, 3, len(order))
        batches = np.split(order[np.argsort(near)], cuts)
        return [batches[place] for place in random.permutation(len(batches))]

    def _train_on(
        self,
        ids: tf.Tensor,
        lengths: tf.Tensor,
        targets: tf.Tensor,
        row_weights: tf.Tensor,
        seed: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        chance = Chance(seed)
        smoothing = self.config.smoothing
        wanted = tf.one_hot(targets, CLASSES) * (1.0 - smoothing) + smoothing / CLASSES
        values = [weight.value for weight in self.weights]
        loss, answers = 0.0, 0.0
        for network in self.networks:
            seen = without_words(ids, self.config.word_dropout, chance)
            x = tf.gather(self.vectors.value, seen)
            scores = network(x, lengths, chance)
            if self.config.softmax == "twice":
                scores = tf.nn.softmax(scores)
            each = tf.nn.softmax_cross_entropy_with_logits(wanted, scores)
            loss += tf.reduce_mean(each * row_weights)
            answers += tf.nn.softmax(scores)
        gradients = tf.gradients(loss, values)
        self.optimizer.move(gradients)
        self._follow()
        answered = tf.argmax(answers, axis=1, output_type=tf.int32)
        right = tf.reduce_sum(tf.cast(answered == targets, tf.int32))
        return loss / len(self.networks), right

    def _follow(self) -> None:
        """Move the averages a little towards the weights."""
        if not self.averages:
            return
        steps = self.optimizer.steps
        memory = tf.minimum(self.config.average, steps / (steps + WARM_UP))
        for average, weight in zip(self.averages, self.weights, strict=True):
            average.assign(memory * average + (1.0 - memory) * weight)

    def averaged(self) -> State:
        """Return the weights that answer, by name: the averages, if there are any."""
        values = self.averages or self.weights
        return {
            key: np.array(value.numpy())
            for key, value in zip(self.named, values, strict=True)
        }

    def validate(self) -> dict[str, float]:
        """Return loss and accuracy on the development sentences that are watched."""
        if not len(self.watched_targets):
            return {}
        with self._averages_in_place():
            probabilities = self.judge(*self.watched).numpy()
        return {
            "val_loss": nll(probabilities, self.watched_targets),
            "val_accuracy": accuracy(probabilities, self.watched_targets),
        }

    @contextlib.contextmanager
    def _averages_in_place(self) -> Iterator[None]:
        """Put the averages, where there are any, in place for a while."""
        moved = self.weights if self.averages else []
        current = [weight.numpy() for weight in moved]
        for weight, average in zip(moved, self.averages, strict=True):
            weight.assign(average)
        yield
        for weight, value in zip(moved, current, strict=True):
            weight.assign(value)

    def _answer(self, ids: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
        """Return the mean of the networks' probabilities (batch, 5)."""
        x = tf.gather(self.vectors.value, ids)
        nothing_hidden = Chance(None)
        answers = [
            tf.nn.softmax(network(x, lengths, nothing_hidden))
            for network in self.networks
        ]
        if self.config.softmax == "twice":
            answers = [tf.nn.softmax(answer) for answer in answers]
        return tf.add_n(answers) / len(answers)


def _watched(data: Sentences, config: Config) -> Rows:
    """Return the development sentences that are judged after each epoch.

    All of them where they decide when to stop; otherwise no more than a quarter of
    the sentences that are learned from, evenly chosen, so that watching costs little.
    """
    rows = data.development
    most = max(WATCHED, len(data.learned) // 4)
    if config.patience or len(rows) <= most:
        return rows
    return rows.take(np.unique(np.linspace(0, len(rows) - 1, most).astype(int)))


def _words(readings: list[Reading]) -> list[str]:
    """Return the known words, each once, in the order in which they come."""
    words = [token.word for reading in readings for token in reading.tokens]
    return list(dict.fromkeys(word for word in words if word))


def _row_weights(config: Config, data: Sentences) -> np.ndarray:
    """Return how much each sentence counts, 1 on average (rows,).

    Our own model counts the five emojis alike, however many sentences each has.
    """
    counts = np.ones(len(data.learned), np.float32)
    counts[len(data.train) :] = config.taught
    if config.model == "best":
        targets = data.learned.targets
        counts /= np.bincount(targets, counts, minlength=CLASSES)[targets]
    return np.asarray(counts / counts.mean(), np.float32)
