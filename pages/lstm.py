from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "lstm",
    "LSTM",
    "A network that reads letter by letter and decides what to keep: a long short-term "
    "memory. A plain recurrent network (RNN) overwrites its memory at every letter.",
)
