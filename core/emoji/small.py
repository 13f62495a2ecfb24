"""The training of the small model: softmax regression, for a few sentences a class.

It reads a sentence as the mean of its word vectors, divided by its length. With it five
others are trained, each without a fifth of the sentences, which it then answers: that
is how well the small model does on new ones. All of this is done twice, with rare words
counting more and with all words alike, and the better one is taken: the words that name
a thing matter to some classes, and *not*, *might* or *can't* to others.

The word vectors are those that the model that ships has learned from its sentences. It
has moved words apart that GloVe has close together, such as *good* and *bad*.
"""

from dataclasses import replace

import numpy as np

from core.emoji.config import Config
from core.emoji.judging.audit import learning_curve, out_of_fold
from core.emoji.judging.cross_validation import FOLDS, stratified_folds
from core.emoji.judging.metrics import accuracy, choose_temperature, nll
from core.emoji.labels import LABELS
from core.emoji.model.answering import softmax, weight_name
from core.emoji.model.vocabulary import FIRST_WORD
from core.emoji.pretrained import load
from core.emoji.result import Result, evaluated
from core.emoji.text.corpus import Sentences
from core.task import State, Training
from core.training import TrainingLoop

RARITIES = (1e-4, 0.0)  # `WeightedVectors.a` of the two readings
RIDGE = 1.0  # how strongly weights are held near zero
STEPS = 10  # in an epoch, each on all sentences
MOMENTUM = 0.9


def train(config: Config, data: Sentences, resume: State | None = None) -> Training:
    """Train the small model; see `core.task.Training`.

    Yields
    ------
    Progress
        Metrics of each epoch: loss, the mean cross-entropy in nats a sentence, and
        accuracy; val_loss and val_accuracy by cross-validation.
    """
    loop = TrainingLoop(config.epochs, resume)
    readings = [Regressions(config, data, rarity) for rarity in RARITIES]
    loop.save_and_restore(*readings)
    yield from loop.pause()
    for _ in loop.epochs():
        for _ in range(STEPS):
            for reading in readings:
                reading.train_step()
        yield from loop.end_epoch(_better(readings).metrics())
    result = _better(readings).result(loop.epoch)
    seconds, cpu_seconds = loop.seconds()
    return replace(result, seconds=seconds, fit_cpu_seconds=cpu_seconds)


class Regressions:
    """One regression on all sentences, and one without each fold.

    Attributes
    ----------
    weights, velocity
        Of all the regressions (1 + folds, features + 1, classes).
    """

    def __init__(self, config: Config, data: Sentences, rarity: float) -> None:
        self.config, self.data = config, data
        rows = data.learned
        self.targets, classes = rows.targets, len(data.labels)
        words, vectors = _trained_vectors(config, data)
        self.untrained = Result(
            config=config,
            data=data,
            epochs=0,
            seconds=0.0,
            fit_cpu_seconds=0.0,
            weights={},
            words=words,
            vectors=vectors,
            length=1,
            rarity=rarity,
        )
        model = self.untrained.model
        (features,) = model.ensemble.features(model.vectors_of(rows.texts))
        self.mean = features.mean(axis=0)
        self.scale = features.std(axis=0) + 1e-6
        scaled = (features - self.mean) / self.scale
        self.x = np.column_stack([scaled, np.ones(len(rows))])  # (rows, features + 1)
        self.folds = stratified_folds(self.targets, config.seed)
        self.wanted = np.eye(classes)[self.targets]
        self.shares = self._shares()
        # The inverse of a bound on the curvature: a longer step may diverge.
        self.steps = [
            1.0 / (np.linalg.eigvalsh((self.x.T * share) @ self.x)[-1] * 0.5 + RIDGE)
            for share in self.shares
        ]
        self.weights = np.zeros((1 + FOLDS, self.x.shape[1], classes))
        self.velocity = np.zeros_like(self.weights)

    def _shares(self) -> np.ndarray:
        """Return how much each sentence counts in each regression (1 + folds, rows).

        The classes count alike, however many sentences each has.
        """
        weight = self.data.row_weights(self.config.taught, balanced=True)
        weight = weight[: len(self.targets)]  # without those of none of the classes
        learns = np.array([self.folds != fold for fold in range(-1, FOLDS)])
        shares = learns * weight
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))

    def train_step(self) -> None:
        """Take one step of accelerated gradient descent (Nesterov 1983) in each."""
        for n, (share, step) in enumerate(zip(self.shares, self.steps, strict=True)):
            ahead = self.weights[n] + MOMENTUM * self.velocity[n]
            error = (softmax(self.x @ ahead) - self.wanted) * share[:, None]
            held = RIDGE * ahead
            held[-1] = 0.0  # the bias is not held near zero
            self.velocity[n] *= MOMENTUM
            self.velocity[n] -= step * (self.x.T @ error + held)
            self.weights[n] += self.velocity[n]

    def scores_of_folds(self) -> np.ndarray:
        """Return each sentence's scores by the regression without it."""
        scores = np.einsum("rf,nfc->nrc", self.x, self.weights[1:])
        return np.asarray(scores[self.folds, np.arange(len(self.folds))])

    def metrics(self) -> dict[str, float]:
        """Return loss and accuracy on all sentences, and by cross-validation."""
        fitted = softmax(self.x @ self.weights[0])
        others = softmax(self.scores_of_folds())
        return {
            "loss": nll(fitted, self.targets),
            "accuracy": accuracy(fitted, self.targets),
            "val_loss": nll(others, self.targets),
            "val_accuracy": accuracy(others, self.targets),
        }

    def state(self) -> State:
        """Return the arrays that a checkpoint holds."""
        name = f"weights/{self.untrained.rarity}"
        return {name: np.stack([self.weights, self.velocity])}

    def restore(self, state: State) -> None:
        """Take back what `state` returned."""
        saved = np.array(state[f"weights/{self.untrained.rarity}"])
        self.weights, self.velocity = saved

    def result(self, epochs: int) -> Result:
        """Calibrate by cross-validation, answer every set, and audit the labels."""
        kernel = self.weights[0, :-1] / self.scale[:, None]
        bias = self.weights[0, -1] - self.mean @ kernel
        scores, temperature = self.scores_of_folds(), 1.0
        if self.config.calibration == "development":
            temperature = choose_temperature(
                lambda t: softmax(scores / t), self.targets
            )
        folds = softmax(scores / temperature)
        result = replace(
            self.untrained,
            epochs=epochs,
            weights={
                weight_name(0, "head", "out", "kernel"): kernel.astype(np.float32),
                weight_name(0, "head", "out", "bias"): bias.astype(np.float32),
            },
            temperature=temperature,
            folds=folds,
        )
        plain, learned, test = result.plain_model, self.data.learned, self.data.test
        return replace(
            evaluated(result),
            opinions=out_of_fold(plain, learned, folds=self.folds),
            curve=tuple(learning_curve(plain, learned, test) if test.labelled else ()),
        )


def _trained_vectors(
    config: Config, data: Sentences
) -> tuple[tuple[str, ...], np.ndarray | None]:
    """Return words and vectors of the model that ships, for `Result`.

    None for the five emojis: the vectors have learned from most of their sentences, so
    cross-validation would find too much. And none with a person's own vectors.
    """
    if config.vectors != "glove" or data.labels == LABELS:
        return (), None
    table, best = data.word_vectors("glove"), load()
    assert best.vectors is not None
    rows = [n for n, word in enumerate(best.words) if table.row(word) is not None]
    vectors = np.zeros((FIRST_WORD + len(rows), table.size), np.float16)
    vectors[FIRST_WORD:] = best.vectors[FIRST_WORD:][rows]
    return tuple(best.words[n] for n in rows), vectors


def _better(readings: list[Regressions]) -> Regressions:
    return min(readings, key=lambda reading: reading.metrics()["val_loss"])
