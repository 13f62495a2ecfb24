from pages.ui.frame import frame
from pages.ui.lesson.view import lesson

frame()
lesson(
    "rnn",
    "RNN",
    "A network that reads letter by letter and remembers what it has read: a recurrent "
    "neural network. Without its memory it would see one letter only.",
)
