"""The words of a chart, which typed text and iReal Pro's are read into."""

from dataclasses import dataclass

UNPLACED = -1  # the place of a token that is not in the text
BAR_LINES = ("bar", "line", "begin", "end", "volta", "section")
MARKS = ("segno", "coda", "fine", "jump")


@dataclass(frozen=True)
class Token:
    """A word of a chart."""

    # "symbol" (a chord, a degree, "%", "/"), "bar" (a bar line), "line" (a line break),
    # "begin" and "end" (of a repeated part), "volta", "section", "times", "key",
    # "meter", or one of `MARKS`: "jump" (D.C., D.S.), and where it leads
    kind: str
    text: str  # text as typed; of a volta, a section, and so on, only its content
    place: int = UNPLACED  # index of its first letter in the text


def place_of(token: Token, text: str) -> str:
    """Return the line and column of a token of a text in words."""
    if token.place == UNPLACED:
        return ""
    before = text[: token.place]
    column = len(before) - (before.rfind("\n") + 1) + 1
    lines = text.strip().count("\n")
    line = f" in line {before.count(chr(10)) + 1}," if lines else " at"
    return f"{line} column {column}"
