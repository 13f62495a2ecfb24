"""The sentences and figures of a lesson's training for report and notebook."""

from collections.abc import Sequence

from core.lesson import adding, writing
from core.lesson.cells import CELLS
from core.lesson.figures import error_figure, influence_figure
from core.lesson.verdicts import errors_in_words, failure, verdict
from core.report import Illustration, Introduction, metric_curves
from core.stats import short
from core.task import AnyTask, Point

Result = writing.Result | adding.Result
INFLUENCE_ALT = (
    "Norm of the gradient of the last hidden state with respect to each input, against "
    "steps back."
)
WRITING = Introduction(
    "A network that writes",
    "A recurrent network reads a text character by character and predicts the next "
    "one; drawing from its predictions, it writes. Everything is computed in NumPy, "
    "from the equations of the lesson.",
    "core.lesson.writing",
    loop="Writing.train",
)
ADDING = Introduction(
    "The adding problem",
    "Two numbers of a sequence are marked, and the network has to output their sum "
    "after the last step: it has to remember them for as long. Networks of different "
    "cells train side by side on the same sequences, computed in NumPy from the "
    "equations of the lesson.",
    "core.lesson.adding",
    loop="Adding.train",
)


def introduction(task: AnyTask, _result: Result) -> Introduction:
    """Return the settings of the training."""
    return WRITING if task.name == "text" else ADDING


def report_verdicts(result: Result) -> list[str]:
    """Return the training's results in sentences."""
    sentences = verdict(result), errors_in_words(result), failure(result)
    return [sentence for sentence in sentences if sentence]


def report_figures(result: Result, points: Sequence[Point]) -> list[Illustration]:
    """Draw the training, and how far the gradient reaches back."""
    if isinstance(result, writing.Result):
        curves = metric_curves(points, "loss", "Learning curves", "Nats a character")
    else:
        curves = []
        if points:
            last = points[-1].metrics
            errors = [
                f"{CELLS[cell].title} {short(last[f'{cell}_mse'])}"
                for cell in reversed(result.config.networks)
            ]
            alt = f"{', '.join(errors)} in the end."
            curve = error_figure(points, result.config)
            curves.append(Illustration("Test error", curve, alt))
    influence = influence_figure(result)
    return [
        *curves,
        Illustration("Influence of earlier inputs", influence, INFLUENCE_ALT),
    ]
