"""The default model in training: its batches, its training step, its validation."""

import functools
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from core.layers.adam import Adam
from core.music.config import Config
from core.music.corpora import Corpus
from core.music.judging.judgement import Totals, totals_of, watched
from core.music.model.inputs import WIDTH, Inputs, dense, inputs_of
from core.music.model.network import Network, TrainableModel
from core.music.model.repetition import PREDICTORS, first_time
from core.music.model.vocabulary import FIRST_NOTE, VOCABULARY, Vocabulary, prepared
from core.music.score.piece import Piece, has_chords
from core.task import State
from core.training import Pause, Pauses

EPOCH_STEPS = 64  # most training steps an epoch
# Steps of a bar of 4/4. Batches are padded to bars: oneDNN keeps code for each length.
BAR = 16
WARM_UP = 30  # steps in which the learning rate rises
CLIP = 1.0  # largest norm of the gradients
# Share of segments trained on without their chords; and the same where the chords are
# inferred from the melodies, as the model is then judged without them.
HIDDEN, HIDDEN_INFERRED = 0.15, 0.5
# Share of segments trained on without copies of earlier bars, where training starts
# from the folk model: the rhythm of what is played comes nearer to that of the corpus.
HIDDEN_REPEATS = 0.3
AT_ONCE = 8_192  # sixteenths evaluated at a time
PREPARED_AT_ONCE = 100  # pieces


class Batch(NamedTuple):
    """The segments of one training step."""

    inputs: Inputs  # steps of shape (batch, time)
    mask: np.ndarray  # (batch, time) 1 where a step counts, 0 where a segment is padded
    seed: np.ndarray  # seed of the dropout (2,)
    learning_rate: float  # learning rate of this step


class Judged(NamedTuple):
    """A piece for evaluation."""

    inputs: Inputs  # inputs of its steps
    fresh: np.ndarray  # (steps,) which of them are in fresh half bars; see `first_time`


class DefaultModel(TrainableModel):
    """The default model in training; `steps` of an epoch are known after `prepare`."""

    vocabulary: Vocabulary = VOCABULARY

    def __init__(self, config: Config, corpus: Corpus, start: State | None) -> None:
        self.config, self.corpus = config, corpus
        self.chords = config.harmony == "heard" and has_chords(corpus.train)
        inferred = any(piece.inferred for piece in corpus.train)
        self._hidden = HIDDEN_INFERRED if inferred else HIDDEN
        self._hidden_repeats = HIDDEN_REPEATS if start else 0.0
        self.network = Network(config.units, config.seed)
        self.named = self.network.named
        self.use(start or {})
        self.steps = 1
        self._judge = tf.function(
            self._judge_on, input_signature=_specs(), autograph=False
        )

    def compile(self, optimizer: Adam) -> None:
        """Build the graph of a training step with this optimizer."""
        self.optimizer = optimizer
        self._train = tf.function(
            self._train_on,
            input_signature=[*_specs(), tf.TensorSpec([None, None]), _SEED],
            autograph=False,
        )

    def prepare(self, pause: Pause) -> Pauses[None]:
        """Compute the inputs of all pieces, a few between two pauses."""
        pieces = sorted(self.corpus.train, key=lambda piece: piece.steps)
        read: dict[int, Inputs] = {}
        for begin in range(0, len(pieces), PREPARED_AT_ONCE):
            some = pieces[begin : begin + PREPARED_AT_ONCE]
            read |= zip(map(id, some), self._read(some), strict=True)
            yield from pause()
        parts = [read[id(piece)] for piece in self.corpus.train]
        self._lengths = np.array([len(part.tokens) for part in parts])
        self._inputs = Inputs.joined(parts)
        self._watched = self.read(watched(self.corpus))
        segments = int(self._segments_of_pieces().sum())
        self._batches = math.ceil(segments / self.config.batch)
        self.steps = min(self._batches, EPOCH_STEPS)

    def _read(self, pieces: Sequence[Piece], chords: bool = True) -> list[Inputs]:
        keep = chords and self.chords
        found = inputs_of(
            [prepared(piece if keep else piece.without_chords()) for piece in pieces]
        )
        if self.config.repeats == "read":
            return found
        return [inputs.without_repeats() for inputs in found]

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Return the batches of an epoch, as many as `steps`.

        A round through all pieces takes one epoch or more. Each batch depends on the
        seed and its number only, so that a resumed training repeats it.
        """
        for number in range(epoch * self.steps, (epoch + 1) * self.steps):
            rounds, place = divmod(number, self._batches)
            random = np.random.default_rng([self.config.seed, rounds, place])
            rows, mask = _padded(self._order(rounds)[place])
            inputs = self._inputs.take(rows)
            if self.chords:
                inputs = inputs.without_chords(random.random(len(rows)) < self._hidden)
            seed = random.integers(2**30, size=2, dtype=np.int32)
            hidden = random.random(len(rows)) < self._hidden_repeats
            inputs = inputs.without_repeats(hidden)
            yield Batch(inputs, mask, seed, self._rate(number))

    def train_step(self, batch: Batch) -> tuple[float, int]:
        """Train on a batch; return its sum of nats, and its sixteenths."""
        self.optimizer.learning_rate.assign(batch.learning_rate)
        mask, seed = tf.constant(batch.mask), tf.constant(batch.seed)
        loss = self._train(*_tensors(batch.inputs), mask, seed)
        steps = int(batch.mask.sum())
        return float(loss) * steps, steps

    def _rate(self, number: int) -> float:
        """Return the learning rate of a step: warm-up, then cosine decay."""
        done = number / (self.config.epochs * self.steps)
        decay = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
        return self.config.learning_rate * min(1.0, (number + 1) / WARM_UP) * decay

    def _segments_of_pieces(self) -> np.ndarray:
        """Return the number of segments that each piece is cut into."""
        parts = np.round(self._lengths / self.config.window).astype(int)
        return np.asarray(np.maximum(1, parts))

    @functools.lru_cache(maxsize=1)  # noqa: B019 - it ends with the model
    def _order(self, rounds: int) -> list[np.ndarray]:
        """Return the segments of each batch of a round (batch, 2): begin and end.

        Every round has other cuts; segments of similar length are batched together.
        """
        random = np.random.default_rng([self.config.seed, rounds])
        found = []
        begin = 0
        for length, parts in zip(
            self._lengths.tolist(), self._segments_of_pieces().tolist(), strict=True
        ):
            cuts = np.arange(parts + 1) * (length / parts)
            cuts[1:-1] += random.uniform(-0.5, 0.5, parts - 1) * (length / parts)
            cuts = begin + cuts.round().astype(int)
            found.append(np.stack([cuts[:-1], cuts[1:]], axis=1))
            begin += length
        segments = np.concatenate(found)
        near = np.diff(segments)[:, 0] + random.uniform(0, 8, len(segments))
        size = self.config.batch
        cut = range(size, len(segments), size)
        batches = np.split(segments[np.argsort(near)], cut)
        return [batches[place] for place in random.permutation(len(batches))]

    def _train_on(
        self,
        x: tf.Tensor,
        before: tf.Tensor,
        roots: tf.Tensor,
        predictions: tf.Tensor,
        tokens: tf.Tensor,
        mask: tf.Tensor,
        seed: tf.Tensor,
    ) -> tf.Tensor:
        values = [weight.value for weight in self.weights]
        context = (before, roots, predictions)
        scores = self.network(x, context, self.config.dropout, seed)
        each = tf.nn.sparse_softmax_cross_entropy_with_logits(tokens, scores)
        loss = tf.reduce_sum(each * mask) / tf.reduce_sum(mask)
        gradients = tf.gradients(loss, values)
        gradients, _ = tf.clip_by_global_norm(gradients, CLIP)
        self.optimizer.move(gradients)
        return loss

    def _judge_on(
        self,
        x: tf.Tensor,
        before: tf.Tensor,
        roots: tf.Tensor,
        predictions: tf.Tensor,
        tokens: tf.Tensor,
    ) -> tf.Tensor:
        del tokens
        return self.network(x, (before, roots, predictions))

    def on_watched(self, temperature: float = 1.0) -> Iterator[Totals]:
        """Evaluate on the watched validation pieces."""
        return self.judge(self._watched, temperature)

    def read(self, pieces: Sequence[Piece], chords: bool = True) -> list[Judged]:
        """Return the inputs of evaluation pieces, with or without their chords.

        Chords inferred from the melody are never read: they would tell some of it.
        """
        known = [piece.without_inferred_chords() for piece in pieces]
        return [
            Judged(inputs, first_time(piece))
            for inputs, piece in zip(self._read(known, chords), pieces, strict=True)
        ]

    def judge(
        self, pieces: Sequence[Judged], temperature: float = 1.0
    ) -> Iterator[Totals]:
        """Evaluate on whole pieces, some at a time."""
        for some in _by_length(pieces):
            ends = np.cumsum([0, *(len(one.fresh) for one in some)])
            rows, mask = _padded(np.stack([ends[:-1], ends[1:]], axis=1))
            inputs = Inputs.joined([one.inputs for one in some]).take(rows)
            fresh = np.concatenate([one.fresh for one in some])
            scores = self._judge(*_tensors(inputs)).numpy()[mask > 0]
            tokens = inputs.tokens[mask > 0]
            yield totals_of(scores / temperature, tokens, tokens >= FIRST_NOTE, fresh)


_SEED = tf.TensorSpec([2], tf.int32)


def _specs() -> list[tf.TensorSpec]:
    whole = tf.TensorSpec([None, None], tf.int32)
    predictions = tf.TensorSpec([None, None, PREDICTORS], tf.int32)
    return [tf.TensorSpec([None, None, WIDTH]), whole, whole, predictions, whole]


def _tensors(inputs: Inputs) -> tuple[tf.Tensor, ...]:
    whole = (inputs.pitches, inputs.roots, inputs.predictions, inputs.tokens)
    return (
        tf.constant(dense(inputs)),
        *(tf.constant(numbers.astype(np.int32)) for numbers in whole),
    )


def _padded(segments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of segments (batch, time), padded, and the mask."""
    lengths = np.diff(segments)
    places = np.arange(-(-lengths.max() // BAR) * BAR)[None]
    rows = segments[:, :1] + np.minimum(places, lengths - 1)
    return rows, (places < lengths).astype(np.float32)


def _by_length(pieces: Sequence[Judged]) -> Iterator[list[Judged]]:
    ordered = sorted(pieces, key=lambda one: len(one.fresh))
    some: list[Judged] = []
    for one in ordered:
        if some and (len(some) + 1) * len(one.fresh) > AT_ONCE:
            yield some
            some = []
        some.append(one)
    if some:
        yield some
