from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "rnn",
    "RNN",
    "A recurrent neural network reads one step at a time and remembers what it has "
    "read; without a loop it would see the present alone.",
)
