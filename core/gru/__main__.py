"""The GRU in the terminal: python -m core.gru."""

from core.lesson.command import main

if __name__ == "__main__":
    main("gru")
