"""Reads typed chords into the words of a chart: "|: Dm7 G7 | Cmaj7 :| x2"."""

import re
from dataclasses import replace

from core.music.theory.token import Token

NOTE = "[A-Ga-g][#b♯♭]?"
MODE = r"(?P<mode>major|minor|maj|min|m|-)?"
BLANK = "[^\\S\n]"  # any space but a line break
# The beginning of a bar is the only place for these.
AT_BEGINNING = (
    (
        "key",
        re.compile(
            rf"(?i:key(?:{BLANK}+of)?{BLANK}*[:=]?|in){BLANK}*(?P<word>{NOTE})"
            rf"{BLANK}*{MODE}(?=[\s:,.;|]|$)[\s:,.;]*"
        ),
    ),
    (
        "volta",
        re.compile(r"(?P<word>\d(?:[,.&+-]\s?\d)*)\.(?=[^\w]|[A-Ga-g]|$)"),
    ),
    (
        "section",
        re.compile(r"(?P<word>[A-Za-z][\w'’]{0,15}(?: ?\d)?):(?![|:])\n?"),
    ),
)
WORD_END = r"(?=[\s|:\])]|$)"
ANYWHERE = (
    ("line", re.compile(r"\n")),
    (
        "jump",
        re.compile(
            r"[\[(]?(?P<word>(?i:d\.\s?[cs]\.?|d[cs](?=\s+al\s)|da\s+capo|dal\s+segno)"
            r"(?:\s+(?i:al|alla)\s+[^\s|\])]+(?:\s(?i:end)\w*\.?)?)?)[\])]?"
        ),
    ),
    ("fine", re.compile(rf"[\[(]?(?i:fine)\.?[\])]?{WORD_END}")),
    ("segno", re.compile(rf"𝄋|(?i:segno){WORD_END}")),
    ("coda", re.compile(rf"(?i:to\s+)?(?:𝄌|⊕|(?i:coda){WORD_END})")),
    ("end", re.compile(r":\|{1,2}\]?(?!:)|:(?=\|{1,2}:)")),
    ("begin", re.compile(r"\[?\|{1,2}:")),
    ("volta", re.compile(r"\[(?P<word>\d(?:[,.&+-]\s?\d)*)\.?\]?")),
    ("bar", re.compile(r"\|+\]?|\[\|")),
    ("section", re.compile(r"\[(?P<word>[A-Za-z][^\][|\n]{0,20})\]:?\n?")),
    (
        "times",
        re.compile(
            r"\(?(?:[x×]\s?(?P<word>\d{1,3})|(?P<other>\d{1,3})\s?[x×])\)?(?!\w)"
        ),
    ),
    ("meter", re.compile(r"(?P<word>\d{1,2}/\d{1,2})(?=\s|\||$)")),
)
SYMBOL = re.compile(r"(?:(?!:?\|)[^\s\[\]])+|[\[\]]")
# Do re mi: names that no chord of letters begins with, and their letters.
SYLLABLES = {
    "Do": "C",
    "Re": "D",
    "Ré": "D",
    "Mi": "E",
    "Fa": "F",
    "Sol": "G",
    "La": "A",
    "Si": "B",
}
KIND = r"(?=[#b♯♭mM\-+°øΔ^o\d/(]|maj|dim|sus|aug|add|$)"
SYLLABLE = re.compile("(?P<name>" + "|".join(SYLLABLES) + ")" + KIND)


def typed_tokens(text: str) -> list[Token]:
    """Return the words of typed chords; all other text is symbols."""
    tokens: list[Token] = []
    end = len(text.rstrip())
    place, beginning = len(text) - len(text.lstrip()), True
    while place < end:
        if text[place].isspace() and text[place] != "\n":
            place += 1
            continue
        token, length = _next(text, place, beginning)
        tokens.append(token)
        place += length
        beginning = token.kind not in ("symbol", "times")
    return _in_letters(tokens)


def _next(text: str, place: int, beginning: bool) -> tuple[Token, int]:
    """Return the token at a place, and its length in the text."""
    for kind, pattern in (*(AT_BEGINNING if beginning else ()), *ANYWHERE):
        if found := pattern.match(text, place):
            words = found.groupdict()
            word = words.get("word") or words.get("other") or found[0]
            if kind == "key":
                word += " minor" if words["mode"] in ("minor", "min", "m", "-") else ""
            return Token(kind, word, place), len(found[0])
    found = SYMBOL.match(text, place)
    word = found[0] if found else text[place]
    return Token("symbol", word, place), len(word)


def _in_letters(tokens: list[Token]) -> list[Token]:
    """Write do re mi as letters, where any but "Do" shows that they are meant.

    "Do7" by itself is a D diminished seventh chord.
    """
    found = [
        SYLLABLE.match(token.text) if token.kind == "symbol" else None
        for token in tokens
    ]
    if not any(match and match["name"] != "Do" for match in found):
        return tokens
    return [
        replace(token, text=SYLLABLES[match["name"]] + token.text[match.end() :])
        if match
        else token
        for token, match in zip(tokens, found, strict=True)
    ]
