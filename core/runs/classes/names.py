"""Valid names of students, and texts of one line."""

import unicodedata

from core.runs.store.run_list import visible
from core.task import LONGEST, UserError

MAX_NAME = 24  # characters, of a student's name
MOST_TYPED = 2_000  # characters of a text before it is cleaned
# Blank, though Unicode counts them as letters, marks or symbols.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
VARIATIONS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
MOST_MARKS = 2  # most marks on a letter: more cover the lines above and below
VISIBLE = {"L", "N", "S"}  # letters, digits, and symbols such as emoji


def clean_name(text: str) -> str:
    """Return a student's name as it is shown; a UserError for an invalid one.

    Invisible characters and marks that change text direction are removed. Markup is not
    interpreted.
    """
    spaced = " ".join(_limited("name", text).split())
    letters: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", spaced):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if kind[0] != "C" and letter not in BLANK and marks <= MOST_MARKS:
            letters.append(letter)
    name = unicodedata.normalize("NFC", " ".join("".join(letters).split()))
    if not any(unicodedata.category(letter)[0] in VISIBLE for letter in name):
        raise UserError("Type your name: letters, digits or emoji.")
    if len(name) > MAX_NAME:
        raise UserError(
            f"name: expected at most {MAX_NAME} characters, got {len(name)}. Shorten "
            "it."
        )
    return name


def name_key(name: str) -> str:
    """Return a key that is equal for names that look alike, such as Ann and ANN."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    again = unicodedata.normalize("NFKC", folded)
    return " ".join("".join(c for c in again if c not in VARIATIONS).split())


def clean_line(what: str, text: str, most: int) -> str:
    """Return a text as one line of visible characters, of limited length."""
    line = " ".join(visible(_limited(what, text)).split())
    if len(line) > most:
        raise UserError(
            f"{what}: expected at most {most} characters, got {len(line)}. Shorten it."
        )
    return line


def quoted(text: str) -> str:
    """Return the beginning of a typed text in quotes, for a message."""
    return repr(visible(text[:LONGEST]))


def _limited(what: str, text: str) -> str:
    if len(text) > MOST_TYPED:
        raise UserError(f"{what}: got {len(text):,} characters. Shorten it.")
    return text
