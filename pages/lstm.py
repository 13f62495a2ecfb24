from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "lstm",
    "LSTM",
    "A long short-term memory: its gates can keep a value over many steps, in an extra "
    "state; the RNN overwrites its only one.",
)
