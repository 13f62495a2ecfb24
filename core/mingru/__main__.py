"""The minGRU in the terminal: python -m core.mingru."""

from core.lesson.command import main

if __name__ == "__main__":
    main("mingru")
