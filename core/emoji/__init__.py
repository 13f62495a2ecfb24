"""Sentences: a network reads one and answers with an emoji.

The web process imports this package, so TensorFlow is imported in `train` only.
"""

from collections.abc import Mapping
from dataclasses import replace

from core.emoji import teaching
from core.emoji.config import Config
from core.emoji.labels import LABELS
from core.emoji.own_classes import check_classes
from core.emoji.result import Result
from core.emoji.text.corpus import Sentences, check_training, shipped
from core.task import DataError, Measure, Scalar, State, Task, Training

__all__ = ["TASK", "Config", "Result"]


class Emoji(Task[Config, Sentences, Result]):
    """A network reads a sentence and answers with an emoji."""

    name = "emoji"
    TITLE, ICON, LINK = "Emoji", "mood", "Type a sentence"
    ABOUT = (
        "Type a sentence, and an LSTM answers with an emoji as you type. See which "
        "words mattered, and teach it new sentences."
    )
    OBJECTIVE, OBJECTIVE_TITLE = "val_loss", "validation loss"
    # Not the patience, which decides how many development sentences are validated on;
    # nor the calibration, which comes after the training.
    SEARCHABLE = (
        "model",
        "vectors",
        "embedding",
        "units",
        "layers",
        "direction",
        "padding",
        "pooling",
        "networks",
        "dropout",
        "spatial_dropout",
        "word_dropout",
        "smoothing",
        "softmax",
        "learning_rate",
        "batch",
        "epochs",
        "average",
        "taught",
    )
    MEASURES = (
        Measure("development", "Accuracy, development set", "high", "validation", True),
        Measure("accuracy", "Accuracy", "high", "test", True),
        Measure("macro_f1", "Macro F1", "high", "test"),
        Measure("ece", "Calibration error", "low", "test", True),
        Measure("challenge", "Accuracy, challenge set", "high", "test", True),
        Measure("off_topic_sure", "Sure about other topics", "low", "test", True),
    )

    def train(
        self, config: Config, data: Sentences, resume: State | None = None
    ) -> Training[Result]:
        """Train step by step; `resume` is the state of an earlier step.

        Unusable sentences raise a DataError at once, before TensorFlow is imported.
        """
        self.check(config, data)
        if data.base:
            return teaching.train(config, data, resume)
        if config.model == "small":  # without TensorFlow
            from core.emoji import small

            return small.train(config, data, resume)
        from core.layers.setup import single_thread

        single_thread()
        from core.emoji.training import train

        return train(config, data, resume)

    def check(self, config: Config, data: Sentences) -> None:
        """Raise a DataError if nothing can be learned from the sentences."""
        if data.base:
            teaching.check(config, data)
        else:
            if data.labels != LABELS:
                check_classes(data.learned, data.labels)
            check_training(data.learned, data.labels)
        data.word_vectors(config.vectors)

    def check_search(self, config: Config, data: Sentences) -> None:
        """Raise a DataError if there are no development sentences."""
        del config
        if not len(data.development):
            raise DataError(
                "Sentences: expected some for development, to choose settings by, got "
                "none. Add a file of them."
            )

    def encode_data(self, data: Sentences) -> bytes:
        """Write the sentences so that a worker on another machine can read them."""
        return data.encode()

    def decode_data(self, content: bytes) -> Sentences:
        """Decode the bytes of `encode_data`."""
        return Sentences.decode(content)

    def title(self, data: Sentences) -> str:
        """Return a short name of the sentences for a list of runs."""
        if not data.taught:
            return data.name
        how = " in seconds" if data.base else ""
        return f"{data.name} + {len(data.taught)} taught{how}"

    def headline(self, summary: Mapping[str, Scalar]) -> str:
        """Return a run's summary in a few words, for a list of runs."""
        if isinstance(right := summary.get("cross_validated"), float):
            classes = summary["classes"]
            return f"{classes} classes, {right:.0%} right in cross-validation"
        if not isinstance(right := summary.get("accuracy"), float):
            return ""
        return f"{summary['model']}, {right:.0%} of the test right"

    def example(self) -> tuple[Config, Sentences]:
        """Return the settings and data of the page's model."""
        return Config(), shipped()

    def tiny(self) -> tuple[Config, Sentences]:
        """Return settings and sentences that train in a second."""
        sizes = {
            "train": 24,
            "development": 10,
            "test": 10,
            "challenge": 10,
            "off_topic_train": 6,
            "off_topic_development": 4,
            "off_topic": 4,
            "mixed_development": 10,
            "mixed": 10,
        }
        few = {
            name: getattr(shipped(), name).take(range(0, rows * 3, 3))
            for name, rows in sizes.items()
        }
        data = replace(shipped(), name="A few sentences", **few)
        return Config(units=4, batch=8, epochs=3), data


TASK = Emoji()
