"""What a report and a notebook say and show of a model that improvises."""

from collections.abc import Sequence

from core.music.figures import (
    losses,
    losses_alt,
    orders,
    orders_alt,
    sweep,
    sweep_alt,
)
from core.music.result import Result
from core.report import Illustration, Introduction
from core.task import Point

INTRODUCTION = Introduction(
    "Music",
    "An LSTM reads melodies, a sixteenth at a time and over their chords, and predicts "
    "the next sixteenth: a note, a note that is held, or a rest. Drawing from its "
    "predictions, it improvises. It is evaluated on whole pieces that it was not "
    "trained on, and compared with a Markov chain.",
    "core.music.training",
)


def introduction(_: Result) -> Introduction:
    """Return what was trained."""
    return INTRODUCTION


def report_verdicts(result: Result) -> list[str]:
    """Return what the evaluation says, in sentences."""
    judged, markov = result.judgement, result.markov
    better = "better than" if judged.nats < markov.nats else "no better than"
    verdicts = [
        f"On {len(result.corpus.test)} held-out pieces its loss is {judged.nats:.3g} "
        f"nats per sixteenth, {better} the best Markov chain (order {markov.order}), "
        f"which has {markov.nats:.3g}.",
        f"Of the notes of these pieces, {judged.onset_accuracy:.1%} were the most "
        f"likely token; with the Markov chain, {markov.onset_accuracy:.1%}.",
    ]
    if judged.chord_gain is not None:
        verdicts.append(
            f"The chords save {judged.chord_gain:+.3f} nats per sixteenth: without "
            f"them the loss is {judged.without_chords:.3g}."
        )
    if result.started_from == "folk":
        verdicts.append("It began with the weights of the bundled model of folk tunes.")
    return verdicts


def report_figures(result: Result, points: Sequence[Point]) -> list[Illustration]:
    """Draw the training, and the evaluation on held-out pieces."""
    figures = []
    if points:
        figures.append(
            Illustration("Learning curves", losses(points), losses_alt(points))
        )
    ours = result.judgement.validation
    figures.append(
        Illustration(
            "Against Markov chains",
            orders(result.markov, ours),
            orders_alt(result.markov, ours),
        )
    )
    if result.sweep:
        figures.append(
            Illustration("Temperature", sweep(result.sweep), sweep_alt(result.sweep))
        )
    return figures
