"""One question per step, to be answered before looking at the view."""

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
        "Waa is the only connection from the old state to the new one. Set it to zero "
        "below and change a number of the old state: the new state does not change.",
    ),
    ("rnn", "Forward"): Question(
        "“l” comes twice in “hello”. Will the state be the same both times?",
        ("Yes, the input is the same", "No, the past differs", "Only the second unit"),
        1,
        "The state mixes the letter with what came before it. The second “l” comes "
        "after “hel”, the first after “he”.",
    ),
    ("rnn", "Backward"): Question(
        "The loss depends on the last state only. What happens to its gradient in the "
        "backward pass?",
        ("It stays the same", "It shrinks or grows step by step", "It stops at once"),
        1,
        "Each step multiplies it by the slopes of tanh and by Waa. The product of many "
        "factors below 1 is nearly 0; that of many factors above 1 explodes.",
    ),
    ("lstm", "The cell"): Question(
        "The forget gate is 1 and the input gate is 0. What is the new cell state?",
        ("Zero", "The candidate", "The old cell state"),
        2,
        "cₜ = 1 ∗ cₜ₋₁ + 0 ∗ c̃ₜ: the cell state does not change. Raise bf and lower "
        "bi below to see it.",
    ),
    ("lstm", "Forward"): Question(
        "Which of these can leave the range −1 to 1?",
        ("The hidden state", "The cell state", "The forget gate"),
        1,
        "The cell state is a sum, and each step may add to it. Gates are between 0 and "
        "1, and the hidden state is a tanh multiplied by a gate.",
    ),
    ("lstm", "Backward"): Question(
        "By what is the gradient along the cell state multiplied at each step back?",
        ("By the forget gate", "By all four weight matrices", "By the output gate"),
        0,
        "Along the cell state the only factor is the forget gate. While it is near 1, "
        "the gradient reaches far back.",
    ),
    ("rnn", "Learning"): Question(
        "Two of 50 numbers are marked, and the network has to output their sum after "
        "the last step. The LSTM learns this. What does the RNN's error do meanwhile?",
        ("Falls as fast", "Stays at that of a constant answer", "Falls half as fast"),
        1,
        "At this learning rate the RNN learns nothing from the first number: the "
        "gradient that reaches it is tiny beside those of the last few steps. Choose "
        "*Adding problem* to see both networks.",
    ),
    ("lstm", "Learning"): Question(
        "While the LSTM learns to keep a number over 50 steps, what happens to the "
        "gradient that reaches the first step?",
        ("It grows", "It stays as it was", "It shrinks further"),
        0,
        "Training opens the forget gates where a value has to be kept, and a gate that "
        "keeps the cell state also keeps its gradient. Under *Vanishing gradient*, "
        "compare the dashed line (before training) with the solid one (after).",
    ),
}
