from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "lstm",
    "LSTM",
    "A long short-term memory reads letter by letter, and its gates decide what to "
    "keep. The plain RNN overwrites its memory at every letter.",
)
