from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "rnn",
    "RNN",
    "It reads one step at a time, and remembers what it has read in its state. A "
    "network without a loop sees the present input alone.",
)
