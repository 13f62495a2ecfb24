"""Teach a trained model a few sentences in seconds, in NumPy.

The LSTMs stay as they are; only the last layer moves. Its scores of a sentence are
linear in the pooled states x, and of all changes of the layer that give the taught
sentences their labels, the one is taken that changes the scores of the sentences which
the model was trained on the least, in mean squares. Those sentences are rehearsed by
that: they enter as C, the mean of x xᵀ over them, and the change of the scores is

    score(x) += x C⁻¹ Xᵀ A,   X the states of the taught sentences, A (taught, classes)

so that only the small matrix A is learned, by gradient descent on the cross-entropy of
the taught sentences. (The same least-squares argument is in Meng et al. 2022, ROME,
for one layer of a language model.)
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.emoji.config import Config
from core.emoji.judging.metrics import accuracy, nll
from core.emoji.labels import NONE
from core.emoji.model.answering import Model, mean_probability, softmax, weight_name
from core.emoji.own_classes import QUOTED, check_contradictions
from core.emoji.result import Result, evaluated
from core.emoji.text.corpus import Sentences
from core.emoji.text.rows import Rows
from core.task import DataError, State, Training
from core.training import TrainingLoop

ROUNDS = 200  # at most; sentences that contradict each other would never end
REHEARSED = 2_000  # training sentences that keep their scores, evenly chosen
RIDGE = 0.01  # added to C, of its mean eigenvalue
MOST_TAUGHT = 1_000  # sentences: time and memory grow with their square
LEARNED = 0.5  # probability of its label at which a taught sentence is learned

Array = np.ndarray


def teach(before: Result, rows: Rows, run_id: str = "") -> Sentences:
    """Return the data of a training that teaches sentences to a trained model.

    Parameters
    ----------
    before
        The model to go on from.
    rows
        All taught sentences, those that it has been taught before among them.
    run_id
        The run that trained it, if any: where an undo leads to.
    """
    data = before.data.teach(rows)
    none = Sentences(name=data.name, train=Rows(), labels=data.labels)
    left = before.judged_on(data)
    base = replace(left, data=none, opinions=_opinions(before, data.learned))
    return replace(data, base=base.encode(), base_run=run_id)


def check(config: Config, data: Sentences) -> None:
    """Raise a DataError if these sentences cannot be taught to the model in `data`."""
    taught = data.taught
    if not taught.labelled:
        got = f"{taught.labels.count(None)} without one" if len(taught) else "none"
        raise DataError(
            f"Sentences to teach: expected at least one, each with a label, got {got}. "
            "Write a sentence and choose its label."
        )
    if len(taught) > MOST_TAUGHT:
        raise DataError(
            f"Sentences to teach: expected at most {MOST_TAUGHT:,}, got "
            f"{len(taught):,}. Teach fewer, or train from scratch with all of them."
        )
    before = model_before(data)
    check_contradictions(taught, before.labels)
    if replace(before.config, seed=config.seed) != config:
        raise DataError(
            "Settings: expected those of the model that is taught, got others. Leave "
            "the settings as they are, or train from scratch."
        )
    classes = len(before.labels)
    if len(taught.of_none) and not before.detects_none:
        raise DataError(
            f"Sentences to teach: expected labels of the {classes} classes, got "
            "'none', which this model does not answer with. Leave them out, or train "
            "from scratch."
        )
    if (most := int(taught.targets.max())) >= classes:
        raise DataError(
            f"Sentences to teach: expected labels of the {classes} classes that the "
            f"model answers with, got number {most}. Train from scratch to add a class."
        )
    for text in taught.texts:
        if not any(token.word for token in before.model.tokenize(text).tokens):
            raise DataError(
                "Sentences to teach: expected words that the model knows, got "
                f"{text[:QUOTED]!r}. To the model all unknown words are alike, so it "
                "would learn this for all of them. Write it in other words."
            )


def model_before(data: Sentences) -> Result:
    """Return the model that was taught the sentences, as it was before."""
    earlier = Result.decode(data.base)
    return replace(earlier, data=replace(data, base=b"", base_run=""))


def train(config: Config, data: Sentences, resume: State | None = None) -> Training:
    """Teach the sentences in `data.taught` to the model in `data.base`.

    Yields
    ------
    Progress
        Metrics of each round: loss and accuracy on the taught sentences, val_loss and
        val_accuracy on the development sentences, where there are any.
    """
    loop = TrainingLoop(ROUNDS, resume)
    before = model_before(data)
    lesson = Lesson(before, data)
    loop.save_and_restore(lesson)
    yield from loop.pause()
    for _ in loop.epochs(lesson):
        if loop.stopped:
            break
        lesson.step()
        yield from loop.end_epoch(lesson.metrics())
    result = evaluated(
        replace(
            before,
            config=config,
            data=data,
            epochs=loop.epoch,
            weights={**before.weights, **lesson.heads()},
            folds=before.folds[:0],  # they were of the model before
        )
    )
    return result.timed(*loop.seconds())


class Lesson:
    """The taught sentences, and the change of each network's last layer.

    Parameters
    ----------
    before
        The model that is taught.
    data
        The sentences that it is taught, and those that it was trained on.
    """

    def __init__(self, before: Result, data: Sentences) -> None:
        self.config, model = before.config, before.model
        ensemble = model.ensemble
        self.layers = [
            np.vstack(
                [
                    ensemble.weights[weight_name(number, "head", "out", part)]
                    for part in ("kernel", "bias")
                ]
            ).astype(np.float64)
            for number in range(self.config.networks)
        ]  # (features + 1, classes), the last row the bias
        targets, none = data.taught.targets, len(before.labels)
        self.labels = np.where(targets == NONE, none, targets)
        self.development = data.development
        self.taught = states(model, data.taught.texts)
        self.validation = states(model, data.development.texts)
        known = data.train + data.off_topic_train
        rehearsed = states(model, _evenly(known, REHEARSED).texts)
        # C⁻¹ Xᵀ of each network (features + 1, taught), and X C⁻¹ Xᵀ.
        self.directions = [
            np.linalg.solve(_second_moment(known, taught), taught.T)
            for known, taught in zip(rehearsed, self.taught, strict=True)
        ]
        self.similarity = [
            taught @ directions
            for taught, directions in zip(self.taught, self.directions, strict=True)
        ]
        # The inverse of a bound on the curvature of the loss.
        self.rates = [1.0 / np.linalg.eigvalsh(each)[-1] for each in self.similarity]
        shape = len(self.labels), self.layers[0].shape[1]
        self.changes = [np.zeros(shape) for _ in self.layers]  # A of each network

    def step(self) -> None:
        """Move the scores of the sentences that are not learned towards their label."""
        for number, rate in enumerate(self.rates):
            error = np.eye(self.layers[number].shape[1])[self.labels]
            error -= softmax(self._scores(number))
            self.changes[number] += rate * error * self._missing(number)[:, None]

    @property
    def is_over(self) -> bool:
        """Whether every network has learned every sentence."""
        return not any(self._missing(number).any() for number in range(len(self.rates)))

    def metrics(self) -> dict[str, float]:
        """Return loss and accuracy on the taught and the development sentences."""
        probabilities = self._probabilities(self.taught)
        found = {
            "loss": nll(probabilities, self.labels),
            "accuracy": accuracy(probabilities, self.labels),
        }
        if self.development.labelled:
            probabilities = self._probabilities(self.validation)
            targets = self.development.targets
            found["val_loss"] = nll(probabilities, targets)
            found["val_accuracy"] = accuracy(probabilities, targets)
        return found

    def heads(self) -> State:
        """Return the weights of the last layers by name."""
        weights: State = {}
        for number in range(len(self.layers)):
            layer = self._layer(number).astype(np.float32)
            weights[weight_name(number, "head", "out", "kernel")] = layer[:-1]
            weights[weight_name(number, "head", "out", "bias")] = layer[-1]
        return weights

    def state(self) -> State:
        """Return the change of each network's last layer."""
        return {f"change/{n}": each.copy() for n, each in enumerate(self.changes)}

    def restore(self, state: State) -> None:
        """Take back what `state` returned."""
        self.changes = [state[f"change/{n}"].copy() for n in range(len(self.changes))]

    def _layer(self, number: int) -> Array:
        return self.layers[number] + self.directions[number] @ self.changes[number]

    def _scores(self, number: int) -> Array:
        """Return a network's scores of the taught sentences (taught, classes)."""
        before = self.taught[number] @ self.layers[number]
        return np.asarray(before + self.similarity[number] @ self.changes[number])

    def _missing(self, number: int) -> Array:
        """Return which taught sentences a network has not learned (taught,)."""
        probabilities = softmax(self._scores(number))
        of_label = probabilities[np.arange(len(self.labels)), self.labels]
        return np.asarray(of_label < LEARNED)

    def _probabilities(self, sentences: Array) -> Array:
        scores = [x @ self._layer(number) for number, x in enumerate(sentences)]
        return mean_probability(self.config, np.stack(scores))


def states(model: Model, texts: Sequence[str]) -> Array:
    """Return the pooled states of texts, and a 1 (networks, texts, features + 1)."""
    pooled = model.ensemble.features(model.vectors_of(texts))
    return np.concatenate([pooled, np.ones_like(pooled[..., :1])], axis=2, dtype=float)


def _second_moment(rehearsed: Array, taught: Array) -> Array:
    """Return C of the rehearsed states, or without any of the taught ones."""
    x = rehearsed if len(rehearsed) else taught
    moment = x.T @ x / len(x)
    size = len(moment)
    return np.asarray(moment + RIDGE * np.trace(moment) / size * np.eye(size))


def _evenly(rows: Rows, most: int) -> Rows:
    """Return at most so many of the rows, evenly chosen."""
    if len(rows) <= most:
        return rows
    return rows.take(np.linspace(0, len(rows) - 1, most).astype(int))


def _opinions(before: Result, learned: Rows) -> Array:
    """Return what other sentences say of each label; see `Result.opinions`.

    Of a sentence that is new it is what the model answers before it is taught.
    """
    known = dict(zip(before.data.learned.texts, before.opinions, strict=False))
    new = [text for text in learned.texts if text not in known]
    known.update(zip(new, before.model.predict(new), strict=True))
    return np.array([known[text] for text in learned.texts])
