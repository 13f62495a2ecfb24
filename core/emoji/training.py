"""The training of the three models."""

import contextlib
import math
from collections.abc import Iterator
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from core.emoji.config import Config
from core.emoji.judging.metrics import epoch_metrics
from core.emoji.judging.selective import right_outputs
from core.emoji.model.answering import Ensemble
from core.emoji.model.network import Dropout, Network
from core.emoji.model.vocabulary import (
    FIRST_WORD,
    PADDING,
    Vocabulary,
    pad_sequences,
)
from core.emoji.result import Result, audited, evaluated
from core.emoji.sentence_map import MOST, sample, snapshot
from core.emoji.text.corpus import Sentences
from core.emoji.text.rows import Rows, evenly
from core.emoji.text.tokens import TokenizedText, tokenize
from core.layers.adam import Adam
from core.task import State, Training
from core.training import EarlyStopping, TrainingLoop, Variables, has_snapshot

WARM_UP = 10.0  # steps, before which a moving average would remember its start
MIN_VALIDATION_ROWS = 32
IDS = tf.TensorSpec([None, None], tf.int32)  # (batch, time)
LENGTHS = tf.TensorSpec([None], tf.int32)  # (batch,)


def train(
    config: Config, data: Sentences, resume: State | None = None
) -> Training[Result]:
    """Train the model of `config`; see `core.task.Training`.

    Yields
    ------
    Progress
        Metrics of each epoch: loss, the mean cross-entropy in nats a sentence, and
        accuracy, as trained, with dropout; val_loss and val_accuracy on the
        development sentences, where there are any. The snapshot of some epochs is that
        of `core.emoji.sentence_map`.
    """
    keras.backend.clear_session(free_memory=False)  # the worker frees it
    loop = TrainingLoop(config.epochs, resume, sums=["loss", "right", "rows"])
    model = TrainableModel(config, data)
    optimizer = Adam(model.weights, config.learning_rate)
    model.compile(optimizer)
    early_stopping = EarlyStopping(config.patience, model.averaged)
    variables = Variables([*model.weights, *model.averages, *optimizer.variables])
    loop.save_and_restore(variables, early_stopping)
    yield from loop.pause()
    for epoch in loop.epochs(early_stopping):
        for batch in loop.batches(model.batches(epoch), model.steps):
            loss, right = model.train_step(batch)
            rows = len(batch.targets)
            sums = {"loss": loss * rows, "right": right, "rows": rows}
            yield from loop.end_step(sums)
        if loop.stopped:
            break
        metrics = {
            "loss": loop.mean("loss", "rows"),
            "accuracy": loop.mean("right", "rows"),
            **model.validate(),
        }
        if "val_loss" in metrics:
            early_stopping.update(metrics["val_loss"])
        yield from loop.end_epoch(
            metrics,
            model.snapshot if has_snapshot(epoch + 1, config.epochs, MOST) else None,
        )
    result = _result(model, data, early_stopping.weights(), loop.epoch)
    return result.timed(*loop.seconds())


class Batch(NamedTuple):
    """Sentences of one training step."""

    ids: np.ndarray  # ids of words (batch, time)
    lengths: np.ndarray  # how many words of each row are read (batch,)
    targets: np.ndarray  # classes (batch,)
    row_weights: np.ndarray  # how much each sentence counts (batch,)
    seed: np.ndarray  # seed of the dropout masks (2,)


class TrainableModel:
    """The networks of a Config with their training and validation sentences."""

    def __init__(self, config: Config, data: Sentences) -> None:
        self.config = config
        table = data.word_vectors(config.vectors)
        learned, validation = data.all_learned, validation_rows(data, config)
        classes = len(data.labels)
        # A score for each class; a last one if there are sentences of none to learn.
        self.outputs = classes + bool(len(data.learned_none))
        train_texts = [tokenize(text, table.row) for text in learned.texts]
        validation_texts = [tokenize(text, table.row) for text in validation.texts]
        self.words = _known_words(train_texts)
        words = [*self.words, *_known_words(validation_texts)]
        self.vocabulary = Vocabulary(table, words)
        rows = [self.vocabulary.encode(text) for text in train_texts]
        self.length = max(map(len, rows))
        self.ids, self.lengths = self._pad(rows)
        self.map_rows = sample(learned)
        self.targets = right_outputs(learned.targets, classes)
        weights = data.row_weights(config.taught, balanced=config.model == "best")
        self.row_weights = weights.astype(np.float32)
        self.validation_targets = right_outputs(validation.targets, classes)
        rows = [self.vocabulary.encode(text) for text in validation_texts]
        self.validation = tuple(map(tf.constant, self._pad(rows)))
        self.steps = math.ceil(len(self.ids) / config.batch)  # steps an epoch
        self._build(table.size)

    def _build(self, size: int) -> None:
        config = self.config
        self.networks = [
            Network(config, size, n, self.outputs) for n in range(config.networks)
        ]
        # By the names of `weight_name`; "vectors" are those of the words, if trained.
        self.named = {k: v for net in self.networks for k, v in net.named.items()}
        self.vectors = keras.Variable(self.vocabulary.embedding(), dtype="float32")
        if config.embedding == "trained":
            self.named["vectors"] = self.vectors
        self.weights = list(self.named.values())
        self.averages = (
            [keras.Variable(weight.numpy(), trainable=False) for weight in self.weights]
            if config.average
            else []
        )
        self.predict = tf.function(
            self._predict, input_signature=[IDS, LENGTHS], autograph=False
        )

    def compile(self, optimizer: Adam) -> None:
        """Make one graph of a training step with this optimizer."""
        self.optimizer = optimizer
        targets, row_weights = LENGTHS, tf.TensorSpec([None], tf.float32)
        seed = tf.TensorSpec([2], tf.int32)
        self._graph = tf.function(
            self._train_step,
            input_signature=[IDS, LENGTHS, targets, row_weights, seed],
            autograph=False,
        )

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield the batches of an epoch, as many as `steps`.

        Each depends on the seed, the epoch and its index only, so that a resumed
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
                seed=random.integers(2**30, size=2, dtype=np.int32),
            )

    def train_step(self, batch: Batch) -> tuple[float, int]:
        """Train on a batch; return its mean loss and how many answers were right."""
        loss, right = self._graph(*map(tf.constant, batch))
        return float(loss), int(right)

    def _train_step(
        self,
        ids: tf.Tensor,
        lengths: tf.Tensor,
        targets: tf.Tensor,
        row_weights: tf.Tensor,
        seed: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        dropout, smoothing = Dropout(seed), self.config.smoothing
        smoothed = tf.one_hot(targets, self.outputs) * (1.0 - smoothing)
        smoothed += smoothing / self.outputs
        values = [weight.value for weight in self.weights]
        loss, probabilities = 0.0, 0.0
        for network in self.networks:
            read = dropout.drop_words(ids, self.config.word_dropout)
            x = tf.gather(self.vectors.value, read)
            scores = network(x, lengths, dropout)
            if self.config.softmax == "twice":
                scores = tf.nn.softmax(scores)
            losses = tf.nn.softmax_cross_entropy_with_logits(smoothed, scores)
            loss += tf.reduce_mean(losses * row_weights)
            probabilities += tf.nn.softmax(scores)
        self.optimizer.move(tf.gradients(loss, values))
        self._update_averages()
        answers = tf.argmax(probabilities, axis=1, output_type=tf.int32)
        right = tf.reduce_sum(tf.cast(answers == targets, tf.int32))
        return loss / len(self.networks), right

    def _update_averages(self) -> None:
        if not self.averages:
            return
        steps = self.optimizer.steps
        decay = tf.minimum(self.config.average, steps / (steps + WARM_UP))
        for average, weight in zip(self.averages, self.weights, strict=True):
            average.assign(decay * average + (1.0 - decay) * weight)

    def averaged(self) -> State:
        """Return the weights that answer, by name: the averages, if there are any."""
        values = self.averages or self.weights
        return {
            key: np.array(value.numpy())
            for key, value in zip(self.named, values, strict=True)
        }

    def validate(self) -> dict[str, float]:
        """Return loss and accuracy on the validation sentences, if there are any."""
        if not len(self.validation_targets):
            return {}
        with self._use_averages():
            probabilities = self.predict(*self.validation).numpy()
        return epoch_metrics(probabilities, self.validation_targets, "val_")

    def snapshot(self) -> State:
        """Return where the sentences of the map lie in the network's state."""
        weights = self.averaged()
        vectors = weights.get("vectors", self.vectors.numpy())
        ensemble = Ensemble(
            config=self.config,
            classes=self.outputs,
            weights=weights,
            padding=vectors[PADDING],
            length=self.length,
        )
        rows = self.map_rows
        return snapshot(
            ensemble, [vectors[self.ids[row, : self.lengths[row]]] for row in rows]
        )

    @contextlib.contextmanager
    def _use_averages(self) -> Iterator[None]:
        """Replace the weights by their averages, where there are any, for a while."""
        replaced = self.weights if self.averages else []
        current = [weight.numpy() for weight in replaced]
        for weight, average in zip(replaced, self.averages, strict=True):
            weight.assign(average)
        yield
        for weight, value in zip(replaced, current, strict=True):
            weight.assign(value)

    def _predict(self, ids: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
        """Return the mean of the networks' probabilities (batch, outputs)."""
        x = tf.gather(self.vectors.value, ids)
        no_dropout = Dropout(None)
        probabilities = [
            tf.nn.softmax(network(x, lengths, no_dropout)) for network in self.networks
        ]
        if self.config.softmax == "twice":
            probabilities = [tf.nn.softmax(each) for each in probabilities]
        return tf.add_n(probabilities) / len(probabilities)

    def _pad(self, rows: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
        """Return rows at one length (batch, time), and how much is read of each."""
        least = self.length if self.config.reads_padding else 1
        lengths = np.array([max(least, len(row)) for row in rows], np.int32)
        return pad_sequences(rows, least), lengths

    def _order(self, epoch: int) -> list[np.ndarray]:
        """Return the rows of each batch, of similar length where padding is skipped."""
        random = np.random.default_rng([self.config.seed, epoch])
        order = random.permutation(len(self.ids))
        cuts = range(self.config.batch, len(order), self.config.batch)
        if self.config.reads_padding or not self.config.recurrent:
            return np.split(order, cuts)
        noisy_lengths = self.lengths[order] + random.uniform(0, 3, len(order))
        batches = np.split(order[np.argsort(noisy_lengths)], cuts)
        return [batches[index] for index in random.permutation(len(batches))]


def validation_rows(data: Sentences, config: Config) -> Rows:
    """Return the development sentences that are evaluated after each epoch.

    Those that are none of the classes are among them where the model learns from such.
    All of them where they decide when to stop; otherwise at most a quarter as many as
    there are training sentences, evenly chosen, to save time.
    """
    rows = data.development.of_classes
    if len(data.learned_none):
        rows += data.none_development
    most = max(MIN_VALIDATION_ROWS, len(data.learned) // 4)
    return rows if config.patience else rows.take(evenly(len(rows), most))


def _known_words(texts: list[TokenizedText]) -> list[str]:
    """Return the known words without repetition, in the order in which they come."""
    words = [token.word for text in texts for token in text.tokens]
    return list(dict.fromkeys(word for word in words if word))


def _result(
    model: TrainableModel, data: Sentences, weights: State, epochs: int
) -> Result:
    """Calibrate on the development set, answer every set, and audit the labels."""
    vectors = weights.get("vectors")
    rows = len(model.words) + FIRST_WORD
    result = Result(
        config=model.config,
        data=data,
        epochs=epochs,
        seconds=0.0,
        fit_cpu_seconds=0.0,
        weights={key: w for key, w in weights.items() if key != "vectors"},
        words=tuple(model.words) if vectors is not None else (),
        vectors=None if vectors is None else vectors[:rows],
        length=model.length,
    )
    return audited(evaluated(result))
