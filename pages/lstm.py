from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "lstm",
    "LSTM",
    "Its gates can keep a value unchanged over many steps, in a second state. The RNN "
    "overwrites its only state at each step.",
)
