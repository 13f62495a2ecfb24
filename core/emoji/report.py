"""The sentences and figures of a trained model for report and notebook."""

from collections.abc import Sequence

import numpy as np

from core.emoji import figures
from core.emoji.pretrained import load
from core.emoji.result import Result, gain, shared_rows
from core.report import Illustration, Introduction, metric_curves
from core.stats import Interval
from core.task import AnyTask, Point

INTRODUCTION = Introduction(
    "Emoji",
    "A network reads a sentence as a sequence of word vectors and answers with one "
    "of several classes, such as emojis, and its confidence. It is evaluated on "
    "sentences that it was not trained on, and compared with v1, the mean of the word "
    "vectors, which ignores the order of the words.",
    "core.emoji.training",
)


HALF_PRECISION = """\
from core.emoji.pretrained import half_precision

result = half_precision(result)  # as the weights of the model that ships are
"""


def introduction(_task: AnyTask, result: Result) -> Introduction:
    """Return the settings of the training."""
    halved = all(weights.dtype == np.float16 for weights in result.weights.values())
    if result.data.base:
        return INTRODUCTION._replace(training="core.emoji.teaching")
    return INTRODUCTION._replace(finish=HALF_PRECISION if halved else "")


def report_verdicts(result: Result) -> list[str]:
    """Return the evaluation in sentences."""
    test = result.rows("test")
    if result.cross_validation and not test.labelled:
        return [result.cross_validation.in_words]
    if not test.labelled:
        return ["There are no labelled test sentences to evaluate on."]
    right, found = result.accuracy, result.calibration
    verdicts = [
        f"Of {len(test)} test sentences, {right.value:.1%} get the correct emoji (95% "
        f"interval {right.low:.1%} to {right.high:.1%}).",
    ]
    v1 = load("v1")
    if shared_rows(result, v1, "test")[0].size and result.config.model != "v1":
        verdicts.append(_against_v1(gain(result, v1)))
    verdicts.append(
        f"Confidence and accuracy differ by {found.ece:.3f} on average; if the "
        f"confidence were exact, chance alone would give {found.ece_by_chance:.3f}."
    )
    sure = result.sure_of_an_emoji("off_topic")
    if sure is not None:
        verdicts.append(
            f"It is sure of an emoji for {sure:.0%} of the sentences that no emoji "
            "fits, where it should never be."
        )
    if (mixed := result.selective()) is not None:
        verdicts.append(
            f"Of {mixed.rows} difficult sentences, {mixed.coverage.value:.0%} get a "
            "sure answer, an emoji or that none fits; "
            f"{mixed.error.value:.1%} of the sure answers are wrong."
        )
    return verdicts


def _against_v1(found: Interval) -> str:
    points = f"{found.value:+.1%} (95% interval {found.low:+.1%} to {found.high:+.1%})"
    if found.low > 0:
        return f"It is better than v1: its accuracy differs by {points}."
    if found.high < 0:
        return f"It is worse than v1: its accuracy differs by {points}."
    return f"It is not shown to be better than v1: its accuracy differs by {points}."


def report_figures(result: Result, points: Sequence[Point]) -> list[Illustration]:
    """Draw the training, and the evaluation of the answers."""
    shown = [
        *metric_curves(points, "loss", "Learning curves: loss", "Loss"),
        *metric_curves(points, "accuracy", "Learning curves: accuracy", "Accuracy"),
    ]
    if result.rows("test").labelled:
        shown.append(figures.confusion(result.confusion, labels=result.labels))
        shown.append(figures.reliability(result.calibration))
    if result.rows("challenge").labelled:
        shown.append(figures.scorecard(result.scores))
    if result.curve:
        shown.append(figures.learning_curve(result.curve))
    return shown
