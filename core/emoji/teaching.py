"""Teach a trained model a few sentences in seconds, in NumPy.

The networks stay as they are. The state x of each taught sentence, pooled over its
words, is stored beside them, and changes the scores of the sentences near it:

    score(x) += sum_i exp((cos(x, x_i) - 1) / WIDTH) a_i

The cosine is of states whose principal components have been scaled to equal variance
(`Memory.nearness`); they are those of the sentences which the model was trained on.
Only the changes a_i (classes,) are learned, by gradient descent on the cross-entropy of
the taught sentences. Elsewhere the scores are as before. (The cache of Grave et al.
2017 stores states of a recurrent network under such a kernel.)
"""

from dataclasses import replace

import numpy as np

from core.emoji.config import Config
from core.emoji.judging.metrics import epoch_metrics
from core.emoji.judging.selective import right_outputs
from core.emoji.model.answering import Memory, directions, mean_probability, softmax
from core.emoji.own_classes import QUOTED, check_contradictions
from core.emoji.result import Result, evaluated
from core.emoji.text.corpus import Sentences
from core.emoji.text.rows import Rows, evenly
from core.task import DataError, State, Training
from core.training import TrainingLoop

MOST_EPOCHS = 200  # contradictory sentences would never end
COMPARED = 2_000  # training sentences whose states are compared, evenly chosen
COMPONENTS = 32  # principal components of a state, at most
RIDGE = 0.01  # added to their variances, of the mean of all variances
TINY = 1e-12  # added to them, too: one sentence alone has no variance
MOST_TAUGHT = 1_000  # sentences: time and memory grow with their square
LEARNED = 0.5  # probability of its label at which a taught sentence is learned

Array = np.ndarray


def teach(before: Result, rows: Rows, run_id: str = "") -> Sentences:
    """Return the data of a training that teaches sentences to a trained model.

    The rows are all taught sentences, those taught before among them. An undo leads
    back to `run_id`, the run that trained the model, if any.
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
    if len(taught.of_none) and not before.detects_none:
        raise DataError(
            f"Sentences to teach: expected labels of the {len(before.labels)} classes, "
            "got 'none', which this model does not answer with. Leave them out, or "
            "train from scratch."
        )
    for text in taught.texts:
        if not any(token.word for token in before.model.tokenize(text).tokens):
            raise DataError(
                "Sentences to teach: expected words that the model knows, got "
                f"{text[:QUOTED]!r}. To the model all unknown words are alike, so it "
                "would learn this for all of them. Write it in other words."
            )


def model_before(data: Sentences) -> Result:
    """Return the model before it was taught."""
    earlier = Result.decode(data.base)
    return replace(earlier, data=replace(data, base=b"", base_run=""))


def train(
    config: Config, data: Sentences, resume: State | None = None
) -> Training[Result]:
    """Teach the sentences in `data.taught` to the model in `data.base`.

    Yields
    ------
    Progress
        Metrics of each epoch: loss and accuracy on the taught sentences, val_loss and
        val_accuracy on the development sentences, where there are any.
    """
    loop = TrainingLoop(MOST_EPOCHS, resume)
    before = model_before(data)
    lesson = Lesson(before, data)
    loop.save_and_restore(lesson)
    yield from loop.pause()
    for _ in loop.epochs(lesson):
        lesson.step()
        yield from loop.end_epoch(lesson.metrics())
    result = evaluated(
        replace(
            before,
            config=config,
            data=data,
            epochs=loop.epoch,
            weights={**before.weights, **lesson.taught_weights()},
            folds=before.folds[:0],  # no folds of the model before
        )
    )
    return result.timed(*loop.seconds())


class Lesson:
    """The taught sentences, and their effect on each network's scores."""

    def __init__(self, before: Result, data: Sentences) -> None:
        self.config, model = before.config, before.model
        self.ensemble, self.development = model.ensemble, data.development
        known = data.train + data.off_topic_train
        known = known.take(evenly(len(known), COMPARED))
        taught, self.validation, compared = (
            self.ensemble.features(model.vectors_of(rows.texts))
            for rows in (data.taught, data.development, known)
        )
        self.labels = right_outputs(data.taught.targets, len(before.labels))
        self.before = self.ensemble.logits(taught)  # (networks, taught, outputs)
        self.changes = np.zeros(self.before.shape)
        self.memories = [
            self._memory(number, compared[number], features)
            for number, features in enumerate(taught)
        ]
        nearness = [
            memory.nearness(features)
            for memory, features in zip(self.memories, taught, strict=True)
        ]
        self.nearness = np.array(nearness, np.float64)  # (networks, taught, taught)
        # The inverse of a bound on the curvature of the loss.
        self.rates = 1.0 / np.linalg.eigvalsh(self.nearness)[:, -1, None, None]

    def _memory(self, network: int, compared: Array, taught: Array) -> Memory:
        """Return the places of the taught sentences, which change nothing yet."""
        earlier = self.ensemble.memory(network)
        if earlier is not None:
            kernel, bias = earlier.kernel, earlier.bias
        else:
            kernel, bias = _components(compared if len(compared) > 1 else taught)
        places = directions(taught, kernel, bias).T
        changes = self.changes[network]
        return Memory(kernel=kernel, bias=bias, places=places, changes=changes)

    def step(self) -> None:
        """Move the scores of the sentences that are not learned towards their label."""
        probabilities = softmax(self._scores())
        error = np.eye(probabilities.shape[-1])[self.labels] - probabilities
        error[~self._missing()] = 0
        self.changes = self.changes + self.rates * error

    @property
    def is_over(self) -> bool:
        """Whether every network has learned every sentence."""
        return not self._missing().any()

    def metrics(self) -> dict[str, float]:
        """Return loss and accuracy on the taught and the development sentences."""
        probabilities = mean_probability(self.config, self._scores())
        found = epoch_metrics(probabilities, self.labels)
        if self.development.labelled:
            weights = {**self.ensemble.weights, **self.taught_weights()}
            after = replace(self.ensemble, weights=weights)
            scores = after.logits(self.validation)
            probabilities = mean_probability(self.config, scores)
            found |= epoch_metrics(probabilities, self.development.targets, "val_")
        return found

    def taught_weights(self) -> State:
        """Return the weights of the memories by name."""
        weights: State = {}
        for number, memory in enumerate(self.memories):
            memory = replace(memory, changes=self.changes[number])
            weights |= _joined(self.ensemble.memory(number), memory).named(number)
        return weights

    def state(self) -> State:
        """Return the changes of each network's scores."""
        return {f"change/{n}": each for n, each in enumerate(self.changes)}

    def restore(self, state: State) -> None:
        """Take back what `state` returned."""
        self.changes = np.stack([state[f"change/{n}"] for n in range(len(self.rates))])

    def _scores(self) -> Array:
        """Return the scores of the taught sentences (networks, taught, outputs)."""
        return np.asarray(self.before + self.nearness @ self.changes)

    def _missing(self) -> Array:
        """Return which sentences each network has not learned (networks, taught)."""
        probabilities = softmax(self._scores())
        of_label = probabilities[:, np.arange(len(self.labels)), self.labels]
        return np.asarray(of_label < LEARNED)


def _components(states: Array) -> tuple[Array, Array]:
    """Return `Memory.kernel` and `bias` for states (rows, features)."""
    mean = states.mean(axis=0)
    variances, components = np.linalg.eigh(np.cov(states.T.astype(np.float64), ddof=0))
    count = min(COMPONENTS, len(variances))
    scale = np.sqrt(variances[-count:] + RIDGE * variances.mean() + TINY)
    kernel = components[:, -count:] / scale
    return kernel.astype(np.float32), (-mean @ kernel).astype(np.float32)


def _joined(earlier: Memory | None, memory: Memory) -> Memory:
    """Return earlier sentences with those of a memory that change anything."""
    changing = memory.changes.any(axis=1)
    places, changes = memory.places[:, changing], memory.changes[changing]
    if earlier is not None:
        places = np.hstack([earlier.places, places])
        changes = np.vstack([earlier.changes, changes])
    return replace(memory, places=places, changes=changes.astype(np.float32))


def _opinions(before: Result, learned: Rows) -> Array:
    """Return the evidence of other sentences for each label; see `Result.opinions`.

    Of a sentence that is new it is what the model answers before it is taught.
    """
    known = dict(zip(before.data.learned.texts, before.opinions, strict=False))
    new = [text for text in learned.texts if text not in known]
    known.update(zip(new, before.model.predict(new), strict=True))
    return np.array([known[text] for text in learned.texts])
