"""What a training on sentences ends with."""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field
from typing import Self

import numpy as np

from core.arrays import pack, unpack, with_prefix
from core.emoji.config import Config
from core.emoji.judging.audit import Learned
from core.emoji.judging.metrics import Interval, accuracy, figures
from core.emoji.labels import CLASSES
from core.emoji.model.answering import Answer, Model
from core.emoji.model.reading import Reader
from core.emoji.model.vocabulary import FIRST, PADDING, UNKNOWN, table_of
from core.emoji.text.corpus import Sentences
from core.emoji.text.rows import Rows
from core.task import Scalar, State

JUDGED = ("development", "test", "challenge", "off_topic_development", "off_topic")
WEIGHT, JUDGEMENT = "weight ", "judgement "
NEGATION = "negation"


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """A trained model, and how it answered the sentences kept aside.

    Attributes
    ----------
    config, data
        What it was trained with and on.
    epochs
        Epochs completed.
    seconds, fit_cpu_seconds
        Time and processor time spent training, pauses left out.
    weights
        The networks' weights by name.
    words, vectors
        The words whose vectors were trained, and these: first the padding and the
        unknown word, then each word (2 + words, size). None where they were frozen.
    length
        Words to which sentences are filled up, where the filling is read.
    temperature, threshold
        What scores are divided by, and the confidence from which an answer is sure.
    probabilities
        By the name of a set: its answers (rows, 5).
    opinions
        Of the training sentences, by models that never saw them: see
        `core.emoji.audit.second_opinions` (learned, 5).
    curve
        What the quick model makes of parts of the sentences; empty without a test.
    """

    config: Config
    data: Sentences
    epochs: int
    seconds: float
    fit_cpu_seconds: float
    weights: Mapping[str, np.ndarray]
    words: tuple[str, ...]
    vectors: np.ndarray | None
    length: int
    temperature: float = 1.0
    threshold: float = 0.5
    probabilities: Mapping[str, np.ndarray] = field(default_factory=dict)
    opinions: np.ndarray = field(default_factory=lambda: np.empty((0, CLASSES)))
    curve: tuple[Learned, ...] = ()

    @functools.cached_property
    def model(self) -> Model:
        """What answers."""
        table = table_of(self.config, self.data)
        adapted: dict[str, np.ndarray] = {}
        padding = np.zeros(table.size, np.float32)
        if self.vectors is not None:
            vectors = np.asarray(self.vectors, np.float32)
            padding = vectors[PADDING]
            adapted = dict(zip(self.words, vectors[FIRST:], strict=True))
            adapted[""] = vectors[UNKNOWN]
        reader = Reader(
            config=self.config,
            # Weights that ship have half the size, in which NumPy computes slowly.
            weights={k: np.asarray(w, np.float32) for k, w in self.weights.items()},
            padding=padding,
            length=self.length,
            temperature=self.temperature,
        )
        return Model(
            reader=reader, table=table, adapted=adapted, threshold=self.threshold
        )

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """Answer texts, whatever they are."""
        return self.model.answer(texts)

    def rows(self, name: str) -> Rows:
        """Return a set by its name in `probabilities`."""
        rows = getattr(self.data, name)
        assert isinstance(rows, Rows)
        return rows

    def metrics(self, name: str = "test") -> Mapping[str, float]:
        """Return accuracy, macro_f1 and ece on a set; empty if it has no rows."""
        rows = self.rows(name)
        if not rows.labelled:
            return {}
        return figures(self.probabilities[name], rows.targets)

    def accuracy_on(self, phenomenon: str, name: str = "challenge") -> float | None:
        """Return the accuracy on the rows of a phenomenon, None if there are none."""
        chosen = self.rows(name).of_phenomenon(phenomenon)
        if not chosen.any():
            return None
        labels = self.rows(name).targets[chosen]
        return accuracy(self.probabilities[name][chosen], labels)

    def sure_share(self, name: str) -> float | None:
        """Return the share of sure answers in a set, None if it has no rows."""
        confidence = self.probabilities[name].max(axis=1)
        if not len(confidence):
            return None
        return float(np.mean(confidence >= self.threshold))

    def summary(self) -> dict[str, Scalar]:
        """Return the figures of the run, ready for JSON."""
        test = self.metrics("test")
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
            "off_topic_sure": self.sure_share("off_topic"),
            "temperature": self.temperature,
            "threshold": self.threshold,
        }

    def encode(self) -> bytes:
        """Write the whole result; `decode` reads it again."""
        facts = {
            "config": asdict(self.config),
            "epochs": self.epochs,
            "seconds": self.seconds,
            "fit_cpu_seconds": self.fit_cpu_seconds,
            "words": self.words,
            "length": self.length,
            "temperature": self.temperature,
            "threshold": self.threshold,
            "curve": [(rows, *astuple(right)) for rows, right in self.curve],
        }
        arrays: State = {
            "facts": np.frombuffer(json.dumps(facts).encode(), np.uint8),
            "data": np.frombuffer(self.data.encode(), np.uint8),
            "opinions": self.opinions.astype(np.float16),
            **{WEIGHT + key: value for key, value in self.weights.items()},
            **{JUDGEMENT + key: value for key, value in self.probabilities.items()},
        }
        if self.vectors is not None:
            arrays["vectors"] = self.vectors
        return pack(arrays, compress=True)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read what `encode` wrote."""
        arrays = unpack(content)
        facts = json.loads(arrays["facts"].tobytes())
        config = Config.from_dict(facts.pop("config"))
        words = tuple(facts.pop("words"))
        curve = tuple(
            Learned(rows, Interval(value=value, low=low, high=high))
            for rows, value, low, high in facts.pop("curve")
        )
        return cls(
            config=config,
            data=Sentences.decode(arrays["data"].tobytes()),
            words=words,
            vectors=arrays.get("vectors"),
            weights=with_prefix(arrays, WEIGHT),
            probabilities=with_prefix(arrays, JUDGEMENT),
            opinions=arrays["opinions"],
            curve=curve,
            **facts,
        )
