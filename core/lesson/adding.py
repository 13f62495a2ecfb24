"""The adding problem as a run: an RNN and an LSTM in lockstep.

Both networks see the same batches in the same order, from the same seed.
"""

from collections.abc import Mapping

from core.lesson.adding_lesson import CELLS, AddingLesson, Result
from core.lesson.addition import (
    Config,
)
from core.lesson.loop import run
from core.task import DataError, Scalar, State, Training

__all__ = [
    "CELLS",
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

NOTHING = b"the adding problem draws its numbers from the seed"


def train(
    config: Config,
    data: None = None,  # noqa: ARG001 - a door of every room
    resume: State | None = None,
) -> Training:
    """Train the RNN and the LSTM side by side.

    Parameters
    ----------
    config
        Settings of both.
    data
        None: the sequences are drawn from the seed.
    resume
        State of an earlier pause.

    Yields
    ------
    Progress
        Metrics of each epoch: rnn_mse and lstm_mse on test data, rnn_loss and
        lstm_loss, rnn_gradient_norm and lstm_gradient_norm before clipping.
        Snapshots as `look` takes them.

    Returns
    -------
    Result
        Both networks.
    """
    return run(AddingLesson(config), resume)


def look(config: Config, data: None = None) -> State:  # noqa: ARG001 - a door of every room
    """Return the snapshot of epoch 0: both networks before training.

    Returns
    -------
    dict
        "x" (T, 2), one test sequence, and "targets" (64,). Then, with "rnn " or
        "lstm " before each name: "inside" (rows, units, T), what goes on while it
        reads x, rows as in `pictures.ROWS`; "state weights" (gates, units, units)
        and "input weights" (gates, units, 2); "influence" (T,), norm of the
        gradient of the last state by lag; "answers" (64,).
    """
    lesson = AddingLesson(config)
    return lesson.look(lesson.start(), 0)


def encode_data(data: None) -> bytes:  # noqa: ARG001 - a door of every room
    """Write the data: there is none."""
    return NOTHING


def decode_data(content: bytes) -> None:
    """Read what `encode_data` wrote."""
    if content != NOTHING:
        raise DataError("The adding problem takes no data. Start it without any.")


def title(data: None) -> str:  # noqa: ARG001 - a door of every room
    """Return a short name of the data."""
    return "Adding problem"


def check(config: Config, data: None) -> None:
    """Accept any settings: there are no data that they might not fit."""


def headline(summary: Mapping[str, Scalar]) -> str:
    """Return a run's summary in a few words, for a list of runs."""
    if "lstm_mse" not in summary:
        return ""
    ended = " · exploded" if str(summary["ended"]).startswith("exploded") else ""
    return (
        f"test error: LSTM {summary['lstm_mse']:.3g}, RNN {summary['rnn_mse']:.3g}, "
        f"constant answer {summary['mse_baseline']:.3g}{ended}"
    )


def example() -> tuple[Config, None]:
    """Return what the example on the page was trained with."""
    return Config(), None


def tiny() -> tuple[Config, None]:
    """Return the smallest settings on which training makes sense."""
    return Config(units=4, length=6, epochs=3, steps=5, batch=8), None
