"""The LSTM in the terminal: python -m core.lstm."""

from core.lesson.command import main

if __name__ == "__main__":
    main("lstm")
