"""The result of a training in the lessons, in a sentence."""

import math

from core.lesson import adding, writing
from core.lesson.adding.problem import baseline_error
from core.lesson.cells import CELLS

SOLVED, UNSOLVED = 0.02, 0.1  # test errors; the constant prediction has 0.167
REPEATED = 0.1  # share of the held-out text from which it is not called unseen
DIVERGED = 2  # times the loss of uniform guessing
SLOW_RNN = (
    "The RNN can learn this task, only much more slowly. With a learning rate ten "
    "times smaller its error falls to between 0.03 and 0.05 after 4,000 steps, several "
    "times as many as the LSTM needs. The preset *Patience* shows it."
)


def verdict(result: writing.Result | adding.Result) -> str:
    """Return the result of a training in a sentence."""
    if isinstance(result, writing.Result):
        return _writing_verdict(result)
    return _adding_verdict(result)


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
    loss = writing.loss_in_words(result.loss, result.val_loss)
    return (
        f"{loss.capitalize()} nats a character: on {where} the "
        f"{CELLS[result.config.cell].title} gives the right next character a "
        f"probability of {_percent(-_loss(result))} (geometric mean). Uniform "
        f"guessing among {len(result.corpus.characters)} characters gives "
        f"{_percent(-_guessing_loss(result))}.{warning}"
    )


def _percent(log_probability: float) -> str:
    share = math.exp(log_probability)
    return f"{share:.0%}" if share >= 0.005 else "less than 1%"


def _adding_verdict(result: adding.Result) -> str:
    rnn, lstm = result.mse["rnn"], result.mse["lstm"]
    each = [f"{CELLS[cell].title} {mse:.3g}" for cell, mse in _best_first(result)]
    errors = (
        f"Test error (mean squared error): {', '.join(each)}, and "
        f"{baseline_error(result.config):.3g} for always answering 1."
    )
    solved = [CELLS[c].title for c, mse in _best_first(result) if mse < SOLVED]
    if len(result.mse) > 2:
        others = [CELLS[c].title for c, mse in _best_first(result) if mse >= SOLVED]
        return f"{_who_solved(solved, others)} {errors}"
    if lstm < SOLVED and rnn > UNSOLVED:
        return (
            "The LSTM has solved the task; the RNN is no better than a constant "
            f"answer. {errors}"
        )
    if len(solved) == 2:
        return f"Both networks have solved the task. {errors}"
    if solved:
        return f"The {solved[0]} has solved the task, the other has not yet. {errors}"
    return f"Neither network has solved the task. {errors}"


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
        f"The {_listed(titles)} {solved} solved the task, the {_listed(others)} "
        f"{unsolved} not."
    )


def _listed(titles: list[str]) -> str:
    *first, last = titles
    return f"{', '.join(first)} and {last}" if first else last
