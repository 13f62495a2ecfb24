"""The result of a training in the lessons, in a sentence."""

import math
from collections.abc import Mapping

from core.lesson import adding, writing
from core.lesson.adding.problem import baseline_error
from core.lesson.cells import CELLS
from core.lesson.influence import from_far
from core.stats import listed, short
from core.task import State

SOLVED = 0.02  # test error; the constant prediction has 0.167
NO_BETTER = 0.95  # share of the error of the constant prediction
REPEATED = 0.1  # share of the held-out text from which it is not called unseen
DIVERGED = 2  # times the loss of uniform guessing
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LOST = 0.01  # share of its influence before training with which it has vanished
FLATTER = 0.7  # share of its slope before training with which tanh is called flat


def verdict(result: writing.Result | adding.Result) -> str:
    """Return the result of a training in a sentence, without its errors."""
    if isinstance(result, writing.Result):
        return _writing_verdict(result)
    return _adding_verdict(result)


def writings(frames: Mapping[int, State]) -> dict[int, str]:
    """Return the first text that a network writes before and after training, by epoch.

    `frames` are the snapshots of the training's epochs, with that before the first one.
    """
    epochs = sorted(frames)
    ends = epochs[0], epochs[-1]
    samples = {epoch: frames[epoch]["samples"].tolist() for epoch in ends}
    return {epoch: next(filter(None, each), "") for epoch, each in samples.items()}


def errors_in_words(result: writing.Result | adding.Result) -> str:
    """Return the errors of a training in a sentence."""
    if isinstance(result, writing.Result):
        loss = writing.loss_in_words(result.loss, result.val_loss)
        return (
            f"{loss.capitalize()} nats a character: minus the logarithm of the "
            "probability of the right one, on average. Its exponential is the typical "
            "chance, the geometric mean."
        )
    each = [f"{CELLS[cell].title} {short(mse)}" for cell, mse in _best_first(result)]
    return (
        f"Test error (mean squared error): {', '.join(each)}, and "
        f"{short(baseline_error(result.config))} for always answering 1."
    )


def failure(result: writing.Result | adding.Result) -> str:
    """Return how a training failed in a sentence, or "" if it did not."""
    if result.ended.startswith("exploded"):
        return (
            f"The training {result.ended}. Its gradient became too large to compute "
            f"with. The last complete epoch is number {result.epochs}."
        )
    if isinstance(result, writing.Result):
        loss, guess = _loss(result), _guessing_loss(result)
        if loss > DIVERGED * guess:
            return (
                f"The training diverged: its loss is {loss:.3g} nats a character, and "
                f"uniform guessing has {guess:.3g}. Each step overshoots the minimum; "
                "a smaller learning rate prevents it."
            )
    return ""


def _loss(result: writing.Result) -> float:
    """Return the validation loss, or the training loss where nothing is held out."""
    return result.loss if result.val_loss is None else result.val_loss


def _guessing_loss(result: writing.Result) -> float:
    """Return the loss of giving every character the same probability."""
    return math.log(len(result.corpus.characters))


def _writing_verdict(result: writing.Result) -> str:
    where = "text it has not seen"
    warning = ""
    if result.val_loss is None:
        where = "the text it was trained on"
    elif result.repeated >= REPEATED:
        where = "the held-out text"
        warning = (
            f" {result.repeated:.0%} of the held-out text also occurs in the training "
            "text, so this does not show how well it predicts new text."
        )
    return (
        f"On {where} the {CELLS[result.config.cell].title} gives the right next "
        f"character a typical chance of {_percent(-_loss(result))}; a blind guess "
        f"among {len(result.corpus.characters)} characters gives it "
        f"{_percent(-_guessing_loss(result))}.{warning}"
    )


def _percent(log_probability: float) -> str:
    share = math.exp(log_probability)
    return f"{share:.0%}" if share >= 0.005 else "less than 1%"


def _adding_verdict(result: adding.Result) -> str:
    rnn, lstm = result.mse["rnn"], result.mse["lstm"]
    solved = [CELLS[c].title for c, mse in _best_first(result) if mse < SOLVED]
    if len(result.mse) > 2:
        others = [CELLS[c].title for c, mse in _best_first(result) if mse >= SOLVED]
        return _who_solved(solved, others)
    if lstm < SOLVED and rnn >= NO_BETTER * baseline_error(result.config):
        return (
            "The LSTM has solved the task; the RNN is no better than a constant answer."
        )
    if len(solved) == 2:
        return "Both networks have solved the task."
    if solved:
        return f"The {solved[0]} has solved the task, the other has not yet."
    return "Neither network has solved the task."


def gradient_verdict(result: adding.Result) -> str:
    """Return how far back the gradients of RNN and LSTM reach before and after."""
    far = {name: float(from_far(each)) for name, each in result.influences().items()}
    rnn, lstm = (
        [far[cell, when] for when in ("before", "after")] for cell in ("rnn", "lstm")
    )
    slope = [result.step_factors()["rnn", when] for when in ("before", "after")]
    near = lstm[0] / 10 <= rnn[0] <= 10 * lstm[0]
    before = (
        "Before training the first fifth of the inputs has a mean influence of "
        f"{in_words(rnn[0])} on the last state of the RNN, and of {in_words(lstm[0])} "
        f"on that of the LSTM{', within a factor of ten' if near else ''}."
    )
    slopes = f"the mean slope of its tanh goes from {slope[0]:.2f} to {slope[1]:.2f}"
    if rnn[1] < LOST * rnn[0] and slope[1] < FLATTER * slope[0]:
        after = (
            "Training drives the RNN's states towards −1 and 1, where tanh is flat: "
            f"{slopes}, and the gradient is multiplied by such slopes and Waaᵀ at each "
            f"step. The influence is then {in_words(rnn[1])}."
        )
    else:
        after = f"After training it is {in_words(rnn[1])} in the RNN; {slopes}."
    return f"{before} {after} The LSTM ends with {in_words(lstm[1])}."


def patience_verdict(patience: adding.Result, example: adding.Result) -> str:
    """Return the effect of a smaller learning rate on the RNN.

    `example` was trained with the default rate.
    """
    far = float(from_far(patience.influences()["rnn", "after"]))
    slope = patience.step_factors()["rnn", "after"]
    config, usual = patience.config, example.config
    return (
        f"The RNN can learn this task, only more slowly. *Patience*, the dotted line, "
        f"is one training at a learning rate of {config.learning_rate:g} in place of "
        f"{usual.learning_rate:g}. After {config.epochs * config.steps:,} updates the "
        f"mean slope is {slope:.2f}, the first fifth of the inputs has an influence "
        f"of {in_words(far)}, and the RNN's test error is {patience.mse['rnn']:.2g}. "
        f"The LSTM has {example.mse['lstm']:.2g} after "
        f"{usual.epochs * usual.steps:,} at the larger rate."
    )


def in_words(value: float) -> str:
    """Write a norm with one or two digits: 0.068, or 4·10⁻¹²."""
    if value == 0 or value >= 0.001:
        return f"{value:.2g}"
    digits, exponent = f"{value:.0e}".split("e")
    raised = str(int(exponent)).translate(SUPERSCRIPT)
    return f"{digits}·10{raised}"


def _best_first(result: adding.Result) -> list[tuple[str, float]]:
    """Return the networks and their test errors; of two, the LSTM comes first."""
    if len(result.mse) == 2:
        return [(cell, result.mse[cell]) for cell in ("lstm", "rnn")]
    return sorted(result.mse.items(), key=lambda each: each[1])


def _who_solved(titles: list[str], others: list[str]) -> str:
    """Return which of several networks have solved the task, in a sentence."""
    if not titles:
        return "None of the networks has solved the task."
    if not others:
        return f"All {len(titles)} networks have solved the task."
    solved = "has" if len(titles) == 1 else "have"
    unsolved = "has" if len(others) == 1 else "have"
    return (
        f"The {listed(titles)} {solved} solved the task, the {listed(others)} "
        f"{unsolved} not."
    )
