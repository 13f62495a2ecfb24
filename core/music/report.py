"""What a report and a notebook say and show of a model that improvises."""

from collections.abc import Sequence

from core.music.figures import (
    compared,
    compared_alt,
    losses,
    losses_alt,
    orders,
    orders_alt,
    sweep,
    sweep_alt,
)
from core.music.result import Result
from core.report import Illustration, Introduction
from core.task import AnyTask, Point

INTRODUCTION = Introduction(
    "Music",
    "An LSTM reads melodies, a sixteenth at a time and over their chords, and predicts "
    "the next sixteenth: a note, a note that is held, or a rest. Drawing from its "
    "predictions, it improvises. It is evaluated on whole pieces that it was not "
    "trained on, and compared with a Markov chain and with a rival that only repeats "
    "what is already in the piece.",
    "core.music.training",
)


CLEARLY = 0.3  # nats a sixteenth beyond the rival that repeats itself


def introduction(_task: AnyTask, _result: Result) -> Introduction:
    """Return the settings of the training."""
    return INTRODUCTION


def report_verdicts(result: Result) -> list[str]:
    """Return the evaluation in sentences."""
    judged, markov = result.judgement, result.markov
    better = "better than" if judged.nats < markov.nats else "no better than"
    verdicts = [
        f"On {len(result.corpus.test)} held-out pieces its loss is {judged.nats:.3g} "
        f"nats per sixteenth, {better} the best Markov chain (order {markov.order}), "
        f"which has {markov.nats:.3g}.",
        f"Of the notes of these pieces, {judged.onset_accuracy:.1%} were the most "
        f"likely token; with the Markov chain that is best at this (order "
        f"{markov.onset_order}), {markov.onset_accuracy:.1%}.",
        *beyond_copies(result),
    ]
    if any(piece.inferred for piece in result.corpus.test):
        verdicts.append(
            "The chords of these pieces are inferred from their melodies and would "
            "tell some of the notes: the loss is measured with the chords hidden, and "
            "no gain by them is claimed."
        )
    if judged.chord_gain is not None:
        verdicts.append(
            f"The chords save {judged.chord_gain:+.3f} nats per sixteenth: without "
            f"them the loss is {judged.without_chords:.3g}."
        )
    if result.started_from == "folk":
        verdicts.append("It began with the weights of the bundled model of folk tunes.")
    return verdicts


def beyond_copies(result: Result) -> list[str]:
    """Return the part of repetition in the gain, in sentences."""
    judged, markov, rivals = result.judgement, result.markov, result.rivals
    gain, beyond = markov.nats - judged.nats, rivals.copy_nats - judged.nats
    copies = (
        "A rival that only repeats the piece's own past, beside the Markov chain, has "
        f"{rivals.copy_nats:#.3g}"
    )
    if beyond <= 0:
        sentences = [f"{copies}: this model is no better than that."]
    else:
        share = (markov.nats - rivals.copy_nats) / gain if gain > 0 else 0.0
        less = "" if beyond >= CLEARLY else f", less than the {CLEARLY:g} we aimed at"
        sentences = [
            f"{copies}: {max(0.0, share):.0%} of the gain over the Markov chain needs "
            f"no network. What the model adds is {beyond:.2f} nats per sixteenth{less}."
        ]
    default = result.config.model == "default" and result.config.repeats == "read"
    if rivals.plain_nats is not None and default:
        sentences.append(
            "The LSTM of the usual settings without repetitions as an input has "
            f"{rivals.plain_nats:#.3g}."
        )
    if judged.fresh is not None:
        sentences.append(
            f"On fresh {judged.fresh_unit}s, which are no copies of earlier ones "
            f"({rivals.fresh_share:.0%} of the sixteenths), the model has "
            f"{judged.fresh:#.3g}, the Markov chain {rivals.markov_fresh:#.3g}, the "
            f"rival that repeats "
            f"{rivals.copy_fresh:#.3g}."
        )
    return sentences


def report_figures(result: Result, points: Sequence[Point]) -> list[Illustration]:
    """Draw the training, and the evaluation on held-out pieces."""
    figures = []
    if points:
        figures.append(
            Illustration("Learning curves", losses(points), losses_alt(points))
        )
    figures.append(
        Illustration(
            "What the gain owes to repetition",
            compared(result.compared),
            compared_alt(result.compared),
        )
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
