from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "lstm",
    "LSTM",
    "A long short-term memory keeps what it has read for many steps: gates open and "
    "close an extra state. The RNN overwrites its only one.",
)
