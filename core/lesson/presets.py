"""Backward passes to choose from: the correct one, and common mistakes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.lesson.broken import (
    MISTAKES,
    Mistake,
    with_forget_bias,
    without_recurrence,
)
from core.recurrent import Parameters

RIGHT = Mistake(
    "Correct",
    "Every gradient is passed on to the previous step, and those of the weights are "
    "summed over the steps.",
    ("rnn", "lstm"),
)


@dataclass(frozen=True)
class Preset:
    """A network and a way back through it.

    Attributes
    ----------
    way
        The backward pass, right or wrong, with its title and explanation.
    change
        What is done to the weights first.
    wrong
        Whether the gradients are wrong, and not only the network poor.
    """

    way: Mistake
    change: Callable[[Parameters], Parameters] = field(default=dict)
    wrong: bool = False


PRESETS: Mapping[str, Preset] = {
    "right": Preset(RIGHT),
    **{name: Preset(mistake, wrong=True) for name, mistake in MISTAKES.items()},
    "forget bias 0": Preset(
        Mistake(
            "Forget bias 0",
            "Not a mistake but an unfavourable start: the forget gate is near 0.5, so "
            "the gradient along the cell state is about halved at each step.",
            ("lstm",),
        ),
        lambda parameters: with_forget_bias(parameters, 0.0),
    ),
    "forget bias 1": Preset(
        Mistake(
            "Forget bias 1",
            "The usual start: the forget gate is near 0.73, so the gradient along the "
            "cell state reaches further back.",
            ("lstm",),
        ),
        lambda parameters: with_forget_bias(parameters, 1.0),
    ),
    "no recurrence": Preset(
        Mistake(
            "No recurrence",
            "The weights from state to state are zero. The gradients are correct, but "
            "none passes through these weights, so hardly anything can be learned "
            "about earlier inputs.",
            ("rnn", "lstm"),
        ),
        without_recurrence,
    ),
}


def presets_of(cell: str) -> list[str]:
    """Return the names of the presets that a network can have."""
    return [name for name, preset in PRESETS.items() if cell in preset.way.cells]
