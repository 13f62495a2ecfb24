"""The RNN in the terminal: python -m core.rnn."""

from core.lesson.command import main

if __name__ == "__main__":
    main("rnn")
