from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "lstm",
    "LSTM",
    "A long short-term memory has gates that decide what to keep. The RNN overwrites "
    "its memory at every step.",
)
