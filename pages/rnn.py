from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "rnn",
    "RNN",
    "A recurrent neural network reads letter by letter and remembers what it has "
    "read; without its loop it would see one letter only.",
)
