"""What came of a training in the lessons, in a sentence."""

import math

from core.lesson import adding, text
from core.lesson.addition import baseline_error
from core.lesson.cells import CELLS

SOLVED, UNSOLVED = 0.02, 0.1  # test errors; the constant answer has 0.167
TRUTH = (
    "The whole truth: the RNN is not unable, only slow. With a ten times smaller "
    "learning rate it gets there too, several times later: after 4,000 steps its error "
    "is 0.03 to 0.05. *Patience* among the presets shows it."
)


def verdict(result: text.Result | adding.Result) -> str:
    """Say what a training came to."""
    if isinstance(result, text.Result):
        return _written(result)
    return _added(result)


def ending(result: text.Result | adding.Result) -> str:
    """Say why a training ended early, or return "" if it did not."""
    if result.ended.startswith("exploded"):
        return (
            f"The training {result.ended}. Its gradient grew beyond all bounds. The "
            f"last whole epoch to look at is number {result.epochs}."
        )
    return ""


def _written(result: text.Result) -> str:
    cell, size = CELLS[result.config.cell].title, len(result.corpus.characters)
    judged = result.loss if result.val_loss is None else result.val_loss
    where = "text it has seen" if result.val_loss is None else "text it has not seen"
    likely, blind = math.exp(-judged), 1 / size
    return (
        f"On {where} the {cell} gives the right next character a chance of "
        f"{likely:.0%} (geometric mean). Blind guessing among {size} characters would "
        f"give {blind:.0%}."
    )


def _added(result: adding.Result) -> str:
    rnn, lstm = result.mse["rnn"], result.mse["lstm"]
    baseline = baseline_error(result.config)
    errors = (
        f"Test error: LSTM {lstm:.2g}, RNN {rnn:.2g}; who always answers 1 "
        f"gets {baseline:.2g}."
    )
    if lstm < SOLVED and rnn > UNSOLVED:
        return f"The LSTM has solved it; the RNN is no better than guessing. {errors}"
    solved = [CELLS[c].title for c in adding.CELLS if result.mse[c] < SOLVED]
    if len(solved) == 2:
        return f"Both have solved it. {errors}"
    if solved:
        return f"The {solved[0]} has solved it, the other not yet. {errors}"
    return f"Neither has solved it. {errors}"
