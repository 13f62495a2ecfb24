"""The result of a training, its evaluation, and its comparison with another one."""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field, replace
from typing import Self

import numpy as np

from core.arrays import pack, unpack, with_prefix
from core.emoji.config import Config
from core.emoji.judging.audit import CurvePoint, learning_curve, out_of_fold
from core.emoji.judging.cross_validation import CrossValidation, cross_validation
from core.emoji.judging.metrics import (
    Calibration,
    Metric,
    Score,
    accuracy,
    accuracy_interval,
    calibration,
    choose_temperature,
    confusion,
    difference,
    macro_f1_interval,
    scorecard,
)
from core.emoji.judging.selective import (
    Selective,
    all_metrics,
    answers,
    choose_sure,
    selective,
)
from core.emoji.labels import LABELS, NONE, Labels
from core.emoji.model.answering import (
    NEVER,
    NONE_DOUBT,
    Answer,
    Ensemble,
    Model,
    if_one,
    is_sure,
    weight_name,
)
from core.emoji.model.vocabulary import FIRST_WORD, PADDING, UNKNOWN
from core.emoji.text.corpus import HELD_OUT, Sentences
from core.emoji.text.rows import Rows
from core.emoji.vectors.sentence_words import sentence_words
from core.emoji.vectors.weighted import WeightedVectors
from core.stats import Interval
from core.task import Scalar, State

# Prefixes of the stored arrays.
WEIGHT, PROBABILITIES, NONE_PROBABILITIES = "weight ", "judgement ", "none "
# Stored as they are.
FACTS = (
    *("epochs", "seconds", "fit_cpu_seconds", "length", "temperature", "threshold"),
    *("rarity", "sentence_words", "none_doubt"),
)
NEGATION = "negation"


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """A trained model, and its answers to held-out sentences."""

    config: Config
    data: Sentences
    epochs: int  # completed
    seconds: float  # spent training, pauses left out
    fit_cpu_seconds: float
    weights: Mapping[str, np.ndarray]  # weights of the networks, by name
    words: tuple[str, ...]  # words with trained vectors
    # The padding, the unknown word, then each of the words (2 + words, size); None
    # where vectors were frozen.
    vectors: np.ndarray | None
    length: int  # padded length of every sentence, in words
    temperature: float = 1.0  # what scores are divided by
    rarity: float = 0.0  # `WeightedVectors.a` of a small model
    sentence_words: bool = False  # whether a small model reads `SentenceWords`
    threshold: float = NEVER  # confidence from which an answer is sure
    none_doubt: float = NONE_DOUBT  # by which the threshold was chosen
    # Answers to the sets that were not trained on, by name: the probability of each
    # class, if it is one (rows, classes), and that it is none of them (rows,).
    probabilities: Mapping[str, np.ndarray] = field(default_factory=dict)
    none: Mapping[str, np.ndarray] = field(default_factory=dict)
    # Of the training set, by `core.emoji.judging.audit.out_of_fold` (learned, classes).
    opinions: np.ndarray = field(default_factory=lambda: np.empty((0, len(LABELS))))
    # Of the training set, by a model of the same kind that had not seen the sentence
    # (learned, classes); only a small one has it.
    folds: np.ndarray = field(default_factory=lambda: np.empty((0, len(LABELS))))
    curve: tuple[CurvePoint, ...] = ()  # quick model; empty without test set

    @functools.cached_property
    def model(self) -> Model:
        """The networks with their words, to answer with."""
        table = self.data.word_vectors(self.config.vectors)
        if self.sentence_words:
            table = sentence_words()
        if self.config.model == "small":
            table = WeightedVectors(table, self.rarity)
        adapted: dict[str, np.ndarray] = {}
        padding = np.zeros(table.size, np.float32)
        if self.vectors is not None:
            vectors = np.asarray(self.vectors, np.float32)
            padding, trained = vectors[PADDING], vectors[FIRST_WORD:]
            if isinstance(table, WeightedVectors):
                rows = [table.row(word) for word in self.words]
                trained = table.weighted(trained, np.array(rows))
            adapted = dict(zip(self.words, trained, strict=True))
            adapted[""] = vectors[UNKNOWN]
        ensemble = Ensemble(
            config=self.config,
            # Weights that ship are float16, in which NumPy computes slowly.
            weights={k: np.asarray(w, np.float32) for k, w in self.weights.items()},
            classes=len(self.labels),
            padding=padding,
            length=self.length,
            temperature=self.temperature,
        )
        return Model(
            ensemble=ensemble,
            table=table,
            adapted=adapted,
            threshold=self.threshold,
            labels=self.labels,
            english=self.config.vectors == "glove",  # one's own may be of any language
        )

    @property
    def plain_model(self) -> Model:
        """The model with the word vectors as they come, to compare with."""
        return replace(
            self.model, table=self.data.word_vectors(self.config.vectors), adapted={}
        )

    @functools.cached_property
    def cross_validation(self) -> CrossValidation | None:
        """Accuracy on training sentences not seen, of a small model; else None."""
        if not len(self.folds):
            return None
        return cross_validation(self.folds, self.opinions, self.data.learned.targets)

    @property
    def labels(self) -> Labels:
        """The classes of its answers."""
        return self.data.labels

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Answer any texts."""
        return self.model.answer(texts)

    def judged_on(self, data: Sentences) -> Self:
        """Return the result with other sentences, all of which it has answered.

        Its sets that choose and judge may have more sentences than those of `data`.
        """
        other = replace(self, data=data)
        answered: dict[str, np.ndarray] = {}
        for name in self.probabilities:
            left = set(other.rows(name).texts)
            answered[name] = np.array([t in left for t in self.rows(name).texts], bool)
        return replace(
            other,
            probabilities={n: p[answered[n]] for n, p in self.probabilities.items()},
            none={n: p[answered[n]] for n, p in self.none.items()},
        )

    def timed(self, seconds: float, cpu_seconds: float) -> Self:
        """Return the result with the duration of its training."""
        return replace(self, seconds=seconds, fit_cpu_seconds=cpu_seconds)

    def rows(self, name: str) -> Rows:
        """Return a set by its name in `probabilities`.

        Those of the mixed sets may be labelled NONE; of the others such are left out.
        """
        rows = getattr(self.data, name)
        assert isinstance(rows, Rows)
        return rows if name.startswith("mixed") else rows.of_classes

    @property
    def detects_none(self) -> bool:
        """Whether the training set has sentences of no class."""
        head = self.weights[weight_name(0, "head", "out", "bias")]
        return len(head) > len(self.labels)

    def shares(self, name: str) -> np.ndarray:
        """Return the probability of each class and of none, (rows, classes + 1)."""
        rows, none = self.probabilities[name], self.none[name][:, None]
        return np.hstack([rows * (1 - none), none])

    @property
    def never_sure(self) -> str:
        """Why no answer can be sure, in a sentence; empty if some can."""
        if self.threshold < NEVER:
            return ""
        if self.config.model != "small":
            return "No answer of this model can be sure."
        fewest = int(np.bincount(self.data.learned.targets).min())
        return f"No answer can be sure with {fewest} sentences a class."

    def metrics(self, name: str = "test") -> Mapping[str, float]:
        """Return accuracy, macro_f1 and ece on a set; empty if it has no rows."""
        rows = self.rows(name)
        if not rows.labelled:
            return {}
        return all_metrics(self.shares(name), rows.targets)

    @functools.cached_property
    def accuracy(self) -> Interval:
        """Accuracy on the test set."""
        return accuracy_interval(self.probabilities["test"], self.rows("test").targets)

    @functools.cached_property
    def macro_f1(self) -> Interval:
        """Macro-F1 on the test set."""
        return macro_f1_interval(self.probabilities["test"], self.rows("test").targets)

    @functools.cached_property
    def calibration(self) -> Calibration:
        """Confidence and accuracy on the test set."""
        return calibration(self.shares("test"), self.rows("test").targets)

    @functools.cached_property
    def confusion(self) -> np.ndarray:
        """Labels and answers of the test set (classes, classes)."""
        return confusion(self.probabilities["test"], self.rows("test").targets)

    @functools.cached_property
    def scores(self) -> list[Score]:
        """Accuracy on the challenge set by phenomenon."""
        return scorecard(self.probabilities["challenge"], self.rows("challenge"))

    def accuracy_on(self, phenomenon: str, name: str = "challenge") -> float | None:
        """Return the accuracy on the rows of a phenomenon, or None without rows."""
        chosen = self.rows(name).of_phenomenon(phenomenon)
        if not chosen.any():
            return None
        labels = self.rows(name).targets[chosen]
        return accuracy(self.probabilities[name][chosen], labels)

    def sure_of_an_emoji(self, name: str) -> float | None:
        """Return the share of a set with a sure emoji, None if empty."""
        shares = self.shares(name)
        if not len(shares):
            return None
        sure = is_sure(shares, self.threshold)
        return float(np.mean(sure & (answers(shares) != NONE)))

    def choosing(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the shares and labels for choosing the threshold.

        They are those of the mixed and the off-topic development sets: of the plain
        development sentences nearly all are answered rightly. Of a model that has not
        learned what is none of the classes they are those of its classes, and where
        there is no such set the plain ones; of a small model the cross-validated ones.
        """
        if len(self.folds):
            none = np.zeros((len(self.folds), 1))
            return np.hstack([self.folds, none]), self.data.learned.targets
        names = ["mixed_development", "off_topic_development"]
        if not self.rows("mixed_development").labelled:
            names = ["development"]
        shares = np.concatenate([self.shares(name) for name in names])
        labels = np.concatenate(
            [
                self.rows(name).targets
                if self.rows(name).labelled
                else np.full(len(self.shares(name)), NONE)
                for name in names
            ]
        ).astype(int)
        chosen = np.full(len(labels), True) if self.detects_none else labels != NONE
        return shares[chosen], labels[chosen]

    def selective(self, name: str = "mixed") -> Selective | None:
        """Return coverage and error on a set, None without answers."""
        shares, rows = self.shares(name), self.rows(name)
        if not len(shares) or not rows.labelled:
            return None
        return selective(shares, rows.targets, self.threshold)

    def summary(self) -> dict[str, Scalar]:
        """Return the figures of the run, ready for JSON."""
        test, mixed = self.metrics("test"), self.selective()
        found = self.cross_validation
        return {
            "model": self.config.model,
            "rows": len(self.data.learned),
            "taught": len(self.data.taught),
            "epochs": self.epochs,
            "seconds": round(self.seconds, 3),
            "accuracy": test.get("accuracy"),
            "macro_f1": test.get("macro_f1"),
            "ece": test.get("ece"),
            "development": self.metrics("development").get("accuracy"),
            "challenge": self.metrics("challenge").get("accuracy"),
            "negation": self.accuracy_on(NEGATION),
            "off_topic_sure": self.sure_of_an_emoji("off_topic"),
            "coverage": None if mixed is None else mixed.coverage.value,
            "sure_and_wrong": mixed.error.value if mixed and mixed.sure else None,
            "temperature": self.temperature,
            "threshold": self.threshold,
            "classes": len(self.labels),
            "cross_validated": found.ours.value if found else None,
        }

    def encode(self) -> bytes:
        """Write the whole result; `decode` reads it again."""
        facts = {
            **{name: getattr(self, name) for name in FACTS},
            "config": asdict(self.config),
            "words": self.words,
            "curve": [(rows, *astuple(right)) for rows, right in self.curve],
        }
        arrays: State = {
            "facts": np.frombuffer(json.dumps(facts).encode(), np.uint8),
            "data": np.frombuffer(self.data.encode(), np.uint8),
            "opinions": self.opinions.astype(np.float16),
            "folds": self.folds.astype(np.float32),
            **{WEIGHT + key: value for key, value in self.weights.items()},
            **{PROBABILITIES + key: value for key, value in self.probabilities.items()},
            **{NONE_PROBABILITIES + key: value for key, value in self.none.items()},
        }
        if self.vectors is not None:
            arrays["vectors"] = self.vectors
        return pack(arrays, compress=True)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Decode the bytes of `encode`."""
        arrays = unpack(content)
        facts = json.loads(arrays["facts"].tobytes())
        found = cls(
            config=Config.from_dict(facts["config"]),
            data=Sentences.decode(arrays["data"].tobytes()),
            words=tuple(facts["words"]),
            vectors=arrays.get("vectors"),
            weights=with_prefix(arrays, WEIGHT),
            probabilities=with_prefix(arrays, PROBABILITIES),
            none=with_prefix(arrays, NONE_PROBABILITIES),
            opinions=arrays["opinions"],
            folds=arrays["folds"],
            curve=tuple(
                CurvePoint(rows, Interval(value=value, low=low, high=high))
                for rows, value, low, high in facts["curve"]
            ),
            **{name: facts[name] for name in FACTS if name in facts},
        )
        if "none_doubt" in facts or not found.data.development:
            return found
        # Version 1.0 had one threshold for all answers.
        return replace(found, threshold=choose_sure(*found.choosing()))


def evaluated(result: Result) -> Result:
    """Choose temperature and threshold on the development set; answer every set.

    The temperature makes the probability right that the page shows: of a class, where
    none of them is an answer too. Without a development set both stay as they are.
    """
    development = result.rows("development")
    if result.config.calibration == "development" and development.labelled:
        model = result.model
        features = model.ensemble.features(model.vectors_of(development.texts))
        logits = model.ensemble.logits(features)
        temperature = choose_temperature(
            lambda t: replace(model.ensemble, temperature=t).shares(logits),
            development.targets,
        )
        result = replace(result, temperature=temperature)
    shares = {
        name: result.model.predict_shares(result.rows(name).texts) for name in HELD_OUT
    }
    result = replace(
        result,
        probabilities={name: if_one(rows) for name, rows in shares.items()},
        none={name: rows[:, -1] for name, rows in shares.items()},
    )
    shares_and_labels = result.choosing()
    if not len(shares_and_labels[0]):
        return result
    return replace(result, threshold=choose_sure(*shares_and_labels))


def audited(result: Result, folds: np.ndarray | None = None) -> Result:
    """Audit the training sentences: their labels, and the benefit of more of them."""
    model, learned, test = result.plain_model, result.data.learned, result.data.test
    return replace(
        result,
        opinions=out_of_fold(model, learned, folds=folds),
        curve=tuple(learning_curve(model, learned, test) if test.labelled else ()),
    )


def shared_rows(
    ours: Result, theirs: Result, name: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the places in either of the rows of a set that both have (shared,)."""
    mine, others = (
        list(zip(each.rows(name).texts, each.rows(name).labels, strict=True))
        for each in (ours, theirs)
    )
    places = {row: place for place, row in enumerate(others)}
    pairs = [(n, places[row]) for n, row in enumerate(mine) if row in places]
    one, other = np.array(pairs, int).reshape(-1, 2).T
    return one, other


def gain(
    ours: Result,
    theirs: Result,
    name: str = "test",
    phenomenon: str = "",
    metric: Metric = accuracy,
) -> Interval:
    """Return the difference in a metric on a set, with its bootstrap interval.

    It is that on the rows that both were evaluated on and, if one is given, that show
    a phenomenon.
    """
    rows, (one, other) = ours.rows(name), shared_rows(ours, theirs, name)
    if phenomenon:
        chosen = rows.of_phenomenon(phenomenon)[one]
        one, other = one[chosen], other[chosen]
    return difference(
        metric,
        ours.probabilities[name][one],
        theirs.probabilities[name][other],
        rows.targets[one],
    )
