"""The default model in training: its batches, a step, and its validation."""

import functools
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from core.layers.adam import Adam
from core.music.config import Config
from core.music.corpora import Corpus
from core.music.inputs import VOCABULARY, WIDTH, Material, dense, material
from core.music.judged import Totals, totals_of, watched
from core.music.learned import has_chords, prepared
from core.music.network import Network
from core.music.piece import Piece
from core.music.silence import without_chords
from core.music.sources import SOURCES
from core.music.vocabulary import FIRST_NOTE, Vocabulary
from core.task import State
from core.training import Pause, Pauses

EPOCH_STEPS = 64  # of training in an epoch, at most
WARM_UP = 30  # steps in which the learning rate rises
CLIP = 1.0  # largest norm of the gradients
HIDDEN = 0.15  # share of stretches learned without their chords
AT_ONCE = 8_192  # sixteenths judged at a time
PREPARED_AT_ONCE = 100  # pieces


class Batch(NamedTuple):
    """Stretches of one training step.

    Attributes
    ----------
    seen
        Steps of shape (batch, time).
    counted
        1 where a step counts, 0 where a stretch is filled up, (batch, time).
    chance
        Seed (2,) of what dropout hides.
    learning_rate
        Of this step.
    """

    seen: Material
    counted: np.ndarray
    chance: np.ndarray
    learning_rate: float


class Fit:
    """The default model while it learns.

    Attributes
    ----------
    steps
        Steps of training in an epoch; known once `prepare` has ended.
    named, weights
        The weights by name, and in a list.
    """

    vocabulary: Vocabulary = VOCABULARY

    def __init__(self, config: Config, corpus: Corpus, start: State | None) -> None:
        self.config, self.corpus = config, corpus
        self.chords = config.harmony == "heard" and has_chords(corpus.train)
        self.network = Network(config.units, config.seed)
        self.named = self.network.named
        self.weights = list(self.named.values())
        for name, value in (start or {}).items():
            self.named[name].assign(value)
        self.steps = 1
        self._judge = tf.function(
            self._judge_on, input_signature=_specs(), autograph=False
        )

    def compile(self, optimizer: Adam) -> None:
        """Make one graph of a training step with this optimizer."""
        self.optimizer = optimizer
        self._train = tf.function(
            self._train_on,
            input_signature=[*_specs(), tf.TensorSpec([None, None]), _SEED],
            autograph=False,
        )

    def prepare(self, pause: Pause) -> Pauses[None]:
        """Read the pieces, a few between two pauses."""
        parts: list[Material] = []
        for piece in self.corpus.train:
            parts.append(self._read(piece))
            if len(parts) % PREPARED_AT_ONCE == 0:
                yield from pause()
        self._lengths = np.array([len(part.tokens) for part in parts])
        self._material = Material.joined(parts)
        self._watched = [self._read(piece) for piece in watched(self.corpus)]
        stretches = int(self._pieces_cut().sum())
        self._batches = math.ceil(stretches / self.config.batch)
        self.steps = min(self._batches, EPOCH_STEPS)

    def _read(self, piece: Piece) -> Material:
        return material(prepared(piece, self.chords))

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Draw the batches of an epoch, as many as `steps`.

        A round through all pieces takes one epoch or more. Each batch depends on the
        seed and its number only, so that a resumed training repeats it.
        """
        for number in range(epoch * self.steps, (epoch + 1) * self.steps):
            rounds, place = divmod(number, self._batches)
            random = np.random.default_rng([self.config.seed, rounds, place])
            rows, counted = _padded(self._order(rounds)[place])
            seen = self._material.take(rows)
            if self.chords:
                deaf = random.random(len(rows)) < HIDDEN
                seen = without_chords(seen, deaf)
            chance = random.integers(2**30, size=2, dtype=np.int32)
            yield Batch(seen, counted, chance, self._rate(number))

    def train_step(self, batch: Batch) -> tuple[float, int]:
        """Train on a batch; return its nats and how many sixteenths it had."""
        self.optimizer.learning_rate.assign(batch.learning_rate)
        counted, chance = tf.constant(batch.counted), tf.constant(batch.chance)
        loss = self._train(*_tensors(batch.seen), counted, chance)
        steps = int(batch.counted.sum())
        return float(loss) * steps, steps

    def _rate(self, number: int) -> float:
        """Return the learning rate of a step: it rises, then falls like a cosine."""
        done = number / (self.config.epochs * self.steps)
        fallen = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
        return self.config.learning_rate * min(1.0, (number + 1) / WARM_UP) * fallen

    def _pieces_cut(self) -> np.ndarray:
        """Return into how many stretches each piece is cut."""
        parts = np.round(self._lengths / self.config.window).astype(int)
        return np.asarray(np.maximum(1, parts))

    @functools.lru_cache(maxsize=1)  # noqa: B019 - it ends with the fit
    def _order(self, rounds: int) -> list[np.ndarray]:
        """Return the stretches of each batch (batch, 2): begin and end.

        Pieces are cut anew in every round; stretches of like length are together.
        """
        random = np.random.default_rng([self.config.seed, rounds])
        found = []
        begin = 0
        for length, parts in zip(
            self._lengths.tolist(), self._pieces_cut().tolist(), strict=True
        ):
            cuts = np.arange(parts + 1) * (length / parts)
            cuts[1:-1] += random.uniform(-0.5, 0.5, parts - 1) * (length / parts)
            cuts = begin + cuts.round().astype(int)
            found.append(np.stack([cuts[:-1], cuts[1:]], axis=1))
            begin += length
        stretches = np.concatenate(found)
        near = np.diff(stretches)[:, 0] + random.uniform(0, 8, len(stretches))
        size = self.config.batch
        cut = range(size, len(stretches), size)
        batches = np.split(stretches[np.argsort(near)], cut)
        return [batches[place] for place in random.permutation(len(batches))]

    def _train_on(
        self,
        x: tf.Tensor,
        before: tf.Tensor,
        roots: tf.Tensor,
        said: tf.Tensor,
        tokens: tf.Tensor,
        counted: tf.Tensor,
        chance: tf.Tensor,
    ) -> tf.Tensor:
        values = [weight.value for weight in self.weights]
        facts = (before, roots, said)
        scores = self.network(x, facts, self.config.dropout, chance)
        each = tf.nn.sparse_softmax_cross_entropy_with_logits(tokens, scores)
        loss = tf.reduce_sum(each * counted) / tf.reduce_sum(counted)
        gradients = tf.gradients(loss, values)
        gradients, _ = tf.clip_by_global_norm(gradients, CLIP)
        self.optimizer.move(gradients)
        return loss

    def _judge_on(
        self,
        x: tf.Tensor,
        before: tf.Tensor,
        roots: tf.Tensor,
        said: tf.Tensor,
        tokens: tf.Tensor,
    ) -> tf.Tensor:
        del tokens
        return self.network(x, (before, roots, said))

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

    def read(self, pieces: Sequence[Piece], chords: bool = True) -> list[Material]:
        """Return pieces as the model sees them, with or without their chords."""
        return [material(prepared(piece, chords and self.chords)) for piece in pieces]

    def judge(
        self, pieces: Sequence[Material], temperature: float = 1.0
    ) -> Iterator[Totals]:
        """Judge whole pieces, some at a time."""
        for some in _by_length(pieces):
            ends = np.cumsum([0, *(len(one.tokens) for one in some)])
            rows, counted = _padded(np.stack([ends[:-1], ends[1:]], axis=1))
            seen = Material.joined(some).take(rows)
            scores = self._judge(*_tensors(seen)).numpy()[counted > 0]
            tokens = seen.tokens[counted > 0]
            yield totals_of(scores / temperature, tokens, tokens >= FIRST_NOTE)


_SEED = tf.TensorSpec([2], tf.int32)


def _specs() -> list[tf.TensorSpec]:
    whole = tf.TensorSpec([None, None], tf.int32)
    return [
        tf.TensorSpec([None, None, WIDTH]),
        *(whole, whole, tf.TensorSpec([None, None, SOURCES], tf.int32), whole),
    ]


def _tensors(seen: Material) -> tuple[tf.Tensor, ...]:
    whole = (seen.before, seen.roots, seen.sources, seen.tokens)
    return (
        tf.constant(dense(seen)),
        *(tf.constant(numbers.astype(np.int32)) for numbers in whole),
    )


def _padded(stretches: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of stretches (batch, time), and which count; the rest repeats."""
    lengths = np.diff(stretches)
    places = np.arange(lengths.max())[None]
    rows = stretches[:, :1] + np.minimum(places, lengths - 1)
    return rows, (places < lengths).astype(np.float32)


def _by_length(pieces: Sequence[Material]) -> Iterator[list[Material]]:
    ordered = sorted(pieces, key=lambda one: len(one.tokens))
    some: list[Material] = []
    for one in ordered:
        if some and (len(some) + 1) * len(one.tokens) > AT_ONCE:
            yield some
            some = []
        some.append(one)
    if some:
        yield some
