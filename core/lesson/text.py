"""A network that learns to write, one character after the other.

It reads a character and says which comes next (Elman 1990; Graves 2013). From a
list of names it learns to invent names; from a passage, to go on like it.
"""

from collections.abc import Mapping

from core.lesson.cells import CELLS
from core.lesson.corpus import (
    Corpus,
    own_names,
)
from core.lesson.loop import run
from core.lesson.text_config import Config
from core.lesson.text_lesson import (
    Result,
    TextLesson,
    decode_data,
    encode_data,
    named_loss,
)
from core.task import Scalar, State, Training

__all__ = [
    "Config",
    "Result",
    "check",
    "decode_data",
    "encode_data",
    "example",
    "headline",
    "look",
    "tiny",
    "title",
    "train",
]


def train(config: Config, data: Corpus, resume: State | None = None) -> Training:
    """Train a network to write like a text.

    Parameters
    ----------
    config
        Settings.
    data
        Names or a passage.
    resume
        State of an earlier pause.

    Yields
    ------
    Progress
        Metrics of each epoch: loss, the cross-entropy in nats a character after it
        on a fixed part of the training text; val_loss, where something is held out;
        gradient_norm, the mean before clipping. Snapshots as `look` takes them.

    Returns
    -------
    Result
        The network.
    """
    return run(TextLesson.of(config, data), resume)


def look(config: Config, data: Corpus) -> State:
    """Return the snapshot of epoch 0: the network before training.

    Returns
    -------
    dict
        "probe" (T + 1,), the characters it reads and one more, T at most 20;
        "inside" (rows, units, T), what goes on meanwhile, rows as in
        `pictures.ROWS`; "state weights" (gates, units, units); "input weights"
        (gates, units, T), those of the characters of the probe; "gradient by step"
        (T,), norm of the loss's gradient by each input; "influence" (T,), norm of
        the gradient of the last state by lag; "connectivity" (T, T), how much the
        prediction at [t] listens to the character at [s]; "samples", up to 8.
    """
    lesson = TextLesson.of(config, data)
    return lesson.look(lesson.start(), 0)


def title(data: Corpus) -> str:
    """Return a short name of the text."""
    return data.title


def check(config: Config, data: Corpus) -> None:
    """Accept any settings with any text: `Corpus.from_text` refused the others."""


def headline(summary: Mapping[str, Scalar]) -> str:
    """Return a run's summary in a few words, for a list of runs."""
    if "loss" not in summary:
        return ""
    cell = CELLS[str(summary["cell"])].title
    ended = " · exploded" if str(summary["ended"]).startswith("exploded") else ""
    loss = named_loss(summary["loss"], summary["val_loss"])
    return f"{cell}, {loss}, writes “{summary['sample']}”{ended}"


def example() -> tuple[Config, Corpus]:
    """Return what the example on the LSTM page was trained with."""
    return Config(), own_names()


def tiny() -> tuple[Config, Corpus]:
    """Return the smallest settings and text on which training makes sense."""
    names = Corpus.from_text("anna\nhanna\nnanna\nhannah\nanan\nnahan", "Six names")
    return Config(units=6, epochs=3, steps=5, batch=4, sample=2), names
