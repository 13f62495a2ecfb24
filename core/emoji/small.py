"""The training of the small model: logistic regression, for a few sentences a class.

It reads a sentence as the mean of its word vectors, divided by its length. Each epoch
tries one setting: how much more rare words count, and how strongly the weights are held
near zero. A setting is judged by cross-validation: five models, each trained without a
fifth of the sentences, answer that fifth; this is how well the small model does on new
ones. The setting with the least cross-validated loss answers. The words that name a
thing matter to some classes, and *not*, *might* or *can't* to others.

The word vectors are those of `core.emoji.vectors.sentence_words`, which a sentence
encoder has learned: GloVe has words of opposite meaning close together.
"""

import itertools
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from core.emoji.config import Config
from core.emoji.judging.metrics import choose_temperature, epoch_metrics, nll
from core.emoji.model.answering import softmax, weight_name
from core.emoji.model.regression import cross_validated, fit, folds_of, scores
from core.emoji.result import Result, audited, evaluated
from core.emoji.text.corpus import Sentences
from core.task import State, Training
from core.training import TrainingLoop


class Setting(NamedTuple):
    """The settings tried by an epoch."""

    rarity: float  # `WeightedVectors.a`
    strength: float  # penalty for one sentence; see `core.emoji.model.regression.fit`


SETTINGS = tuple(
    itertools.starmap(Setting, itertools.product((1e-3, 1e-4, 0.0), (10.0, 3.0, 30.0)))
)


def train(
    config: Config, data: Sentences, resume: State | None = None
) -> Training[Result]:
    """Train the small model; see `core.task.Training`.

    Yields
    ------
    Progress
        Metrics of the best setting so far: loss, the mean cross-entropy in nats a
        sentence, and accuracy; val_loss and val_accuracy by cross-validation.
    """
    loop = TrainingLoop(config.epochs, resume)
    search = Search(config, data)
    loop.save_and_restore(search)
    yield from loop.pause()
    for _ in loop.epochs(search):
        search.try_next()
        yield from loop.end_epoch(search.metrics())
    result = search.result(loop.epoch)
    return result.timed(*loop.seconds())


class Search:
    """The settings that were tried, and the cross-validated scores of the best one."""

    def __init__(self, config: Config, data: Sentences) -> None:
        self.config, self.data = config, data
        rows = data.learned
        self.texts, self.targets = rows.texts, rows.targets
        self.row_weights = data.row_weights(config.taught, balanced=True)[: len(rows)]
        self.folds = folds_of(self.targets, config.seed)
        self.untrained = Result(
            config=config,
            data=data,
            epochs=0,
            seconds=0.0,
            fit_cpu_seconds=0.0,
            weights={},
            words=(),
            vectors=None,
            length=1,
            sentence_words=config.vectors == "glove",
        )
        self._features: dict[float, np.ndarray] = {}
        self._scores: dict[Setting, np.ndarray] = {}
        self.losses: list[float] = []  # cross-validated, of each setting so far, nats

    @property
    def is_over(self) -> bool:
        """Whether every setting has been tried."""
        return len(self.losses) == len(SETTINGS)

    @property
    def best(self) -> Setting:
        """The setting with the least cross-validated loss so far."""
        return SETTINGS[int(np.argmin(self.losses)) if self.losses else 0]

    def try_next(self) -> None:
        """Cross-validate the next setting."""
        found = self._cross_validated(SETTINGS[len(self.losses)])
        self.losses.append(nll(softmax(found), self.targets))

    def metrics(self) -> dict[str, float]:
        """Return loss and accuracy on all sentences, and by cross-validation."""
        x = self._x(self.best.rarity)
        fitted = softmax(scores(x, self._fit(self.best)))
        others = softmax(self._cross_validated(self.best))
        return {
            **epoch_metrics(fitted, self.targets),
            **epoch_metrics(others, self.targets, "val_"),
        }

    def state(self) -> State:
        """Return the losses so far."""
        return {"losses": np.array(self.losses)}

    def restore(self, state: State) -> None:
        """Restore the values of `state`."""
        self.losses = state["losses"].tolist()

    def result(self, epochs: int) -> Result:
        """Calibrate by cross-validation, answer every set, and audit the labels."""
        weights, others = self._fit(self.best), self._cross_validated(self.best)
        temperature = 1.0
        if self.config.calibration == "development":
            temperature = choose_temperature(
                lambda t: softmax(others / t), self.targets
            )
        weights = weights.astype(np.float32)
        result = replace(
            self.untrained,
            epochs=epochs,
            weights={
                weight_name(0, "head", "out", "kernel"): weights[:-1],
                weight_name(0, "head", "out", "bias"): weights[-1],
            },
            temperature=temperature,
            rarity=self.best.rarity,
            folds=softmax(others / temperature),
        )
        return audited(evaluated(result), self.folds)

    def _x(self, rarity: float) -> np.ndarray:
        """Return the features of the sentences (rows, features)."""
        if rarity not in self._features:
            model = replace(self.untrained, rarity=rarity).model
            (x,) = model.ensemble.features(model.vectors_of(self.texts))
            self._features[rarity] = x
        return self._features[rarity]

    def _fit(self, setting: Setting) -> np.ndarray:
        x, classes = self._x(setting.rarity), len(self.data.labels)
        return fit(x, self.targets, classes, setting.strength, self.row_weights)

    def _cross_validated(self, setting: Setting) -> np.ndarray:
        """Return each sentence's scores by a regression without its fold."""
        if setting not in self._scores:
            self._scores[setting] = cross_validated(
                self._x(setting.rarity),
                self.targets,
                len(self.data.labels),
                self.folds,
                setting.strength,
                self.row_weights,
            )
        return self._scores[setting]
