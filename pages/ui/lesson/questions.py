"""One question a step: to be answered before the view answers it."""

from typing import NamedTuple


class Question(NamedTuple):
    """A question, what can be answered, which is right, and why."""

    text: str
    options: tuple[str, ...]
    right: int
    why: str


QUESTIONS = {
    ("rnn", "The cell"): Question(
        "If every weight in Waa were 0, what would the new state depend on?",
        ("The input alone", "The old state alone", "Both, but weakly"),
        0,
        "Waa is the only road from the old state to the new one. Set it to zero below "
        "and change a number of the old state: nothing moves.",
    ),
    ("rnn", "Forward"): Question(
        "“l” comes twice in “hello”. Will the state be the same both times?",
        ("Yes, the input is the same", "No, the past differs", "Only the second unit"),
        1,
        "The state mixes the letter with what came before it. The second “l” comes "
        "after “hel”, the first after “he”.",
    ),
    ("rnn", "Backward"): Question(
        "The loss looks at the last state only. What happens to its gradient on the "
        "way back?",
        ("It stays the same", "It shrinks or grows step by step", "It stops at once"),
        1,
        "Each step multiplies it by the slopes of tanh and by Waa. Many factors below "
        "1 leave next to nothing; many above 1 explode.",
    ),
    ("lstm", "The cell"): Question(
        "The forget gate is 1 and the input gate is 0. What is the new cell state?",
        ("Zero", "The candidate", "The old cell state"),
        2,
        "cₜ = 1 ∗ cₜ₋₁ + 0 ∗ c̃ₜ. The memory passes untouched. Raise bf and lower bi "
        "below and watch it happen.",
    ),
    ("lstm", "Forward"): Question(
        "Which of these can leave the range −1 to 1?",
        ("The hidden state", "The cell state", "The forget gate"),
        1,
        "The cell state is a sum, and each step may add to it. Gates are squeezed into "
        "0 to 1, and the hidden state is a tanh times a gate.",
    ),
    ("lstm", "Backward"): Question(
        "By what is the gradient along the cell state multiplied at each step back?",
        ("By the forget gate", "By all four weight matrices", "By the output gate"),
        0,
        "Along the cell state the factor is the forget gate and nothing else. While it "
        "is near 1, the gradient goes far back.",
    ),
    ("rnn", "Learning"): Question(
        "Two of 50 numbers are marked; their sum is asked for at the end. The LSTM "
        "learns it. What does the RNN's error do meanwhile?",
        ("Falls as fast", "Stays at that of a constant answer", "Falls half as fast"),
        1,
        "At this learning rate it never hears of the first number: the gradient that "
        "reaches it is lost among those of the last few steps. Choose *Adding problem* "
        "and see both.",
    ),
    ("lstm", "Learning"): Question(
        "While the LSTM learns to carry a number over 50 steps, what happens to the "
        "gradient that reaches back to the first step?",
        ("It grows", "It stays as it was", "It fades further"),
        0,
        "Training opens the forget gates where something must be kept, and what keeps "
        "the memory keeps the gradient. Under *Vanishing gradient*, compare the dashed "
        "line with the solid one.",
    ),
}
