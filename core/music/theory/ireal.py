"""Reads charts of iReal Pro: links (irealbook://, irealb://) and the text in them.

The text is a row of cells, of which a bar of 4/4 usually has four: a chord, or nothing.
It is described in the app's documentation ("Custom chord chart protocol"). The text of
an irealb link is scrambled besides, in pieces of fifty characters; how is known from
public readers of the format.
"""

import html
import re
from urllib.parse import unquote

from core.music.theory.notes import Meter
from core.music.theory.token import MARKS, UNPLACED, Token
from core.task import DataError

LINK = re.compile(r"ireal(?P<kind>b|book)://(?P<songs>.*)", re.DOTALL)
# What only such a text has: a time signature, a mark of a section, a brace.
CELLS = re.compile(r"T\d\d(?!\d)|\*\w|[{}]")
SCRAMBLED = "1r34LbKcu7"  # mark before the text of an irealb link
PIECE = 50  # characters that are scrambled together
MIRRORED = (*range(5), *range(10, 24))  # change places with those as far from the end
ABBREVIATIONS = {"XyQ": "   ", "LZ": " |", "Kcl": "| x"}
FIELDS = 6  # fields of a song in an irealbook link; the last one is the text
TIMES = {"12": Meter(12, 8), "22": Meter(2, 2), "32": Meter(3, 2)}
EIGHTHS = "69"  # beats in a bar of eighths: T68, T98
CHORD = r"[A-GW][b#]?(?:sus|alt|add|[-+^ho\d#b])*(?:/[A-G][b#]?)?"
OFFSET = r"(?:\*\d\d)?\s*"  # offset of a text above or below the line
KINDS = {
    "jump": rf"<{OFFSET}[Dd]\.\s?[CcSs]\.[^>]*>",
    "fine": rf"<{OFFSET}[Ff]ine\.?\s*>",
    "times": rf"<{OFFSET}\d+\s?[x×]\s*>",
    "skip": r"<[^>]*>|\([^)]*\)|\*[A-Za-z]|[UflsY,]|\r|\n",
    "segno": "S",
    "coda": "Q",
    "meter": r"T\d\d",
    "volta": r"N\d",
    "begin": r"\{",
    "end": r"\}",
    "bar": r"[|\[\]Z]+",
    "cell": r"[ \xa0\t_]",
    "symbol": rf"{CHORD}|[xrpn]",
}
PARTS = re.compile("|".join(f"(?P<{kind}>{text})" for kind, text in KINDS.items()))
WORDS = {"x": "%", "r": "%%", "p": "/", "n": "N.C.", "W": "/"}


def is_ireal(text: str) -> bool:
    """Tell whether a text is a link or the text of iReal Pro."""
    return bool(LINK.search(text) or CELLS.search(text))


def ireal_tokens(text: str) -> list[Token]:
    """Return the bars, repeats and chords of a link or of its text.

    Raise a DataError if the link does not have one song.
    """
    link = LINK.search(text)
    music = _music(link["kind"], link["songs"]) if link else text
    tokens, times, place = [], [], 0
    while place < len(music):
        found = PARTS.match(music, place)
        kind, word = "symbol", music[place]
        if found is not None:
            kind, word = found.lastgroup or "", found[0]
        token = Token(kind, _plain(kind, word), UNPLACED if link else place)
        if kind == "times":
            times = [token]  # times of the part that ends after it
        elif kind != "skip":
            tokens.append(token)
        if kind == "end":
            tokens += times
            times = []
        place += len(word)
    return _on_beats(tokens)


def _plain(kind: str, text: str) -> str:
    """Return the text of a token as it is written elsewhere: "4/4" for "T44"."""
    if kind == "meter":
        unit = 8 if text[1] in EIGHTHS else int(text[2])
        return str(TIMES.get(text[1:]) or Meter(int(text[1]), unit))
    if kind == "volta":
        return text[1:]
    if kind == "times":
        return str(re.findall(r"\d+", text)[-1])
    if kind == "jump":
        return re.sub(r"^\*\d\d", "", text.strip("<>")).strip()
    return WORDS.get(text, text)


def _on_beats(tokens: list[Token]) -> list[Token]:
    """Write cells without a chord as "/" in bars that have a cell for each beat."""
    beats = Meter().beats
    found: list[Token] = []
    bar: list[Token] = []
    for token in [*tokens, Token("bar", "|", UNPLACED)]:
        if token.kind in ("cell", "symbol", *MARKS):
            bar.append(token)
            continue
        if token.kind == "meter":
            beats = int(token.text.split("/")[0])
        else:
            found += _bar_on_beats(bar, beats)
            bar = []
        found.append(token)
    return found


def _bar_on_beats(bar: list[Token], beats: int) -> list[Token]:
    kinds = [token.kind for token in bar if token.kind not in MARKS]
    if kinds.count("symbol") < 2 or len(kinds) != beats:
        return [token for token in bar if token.kind != "cell"]
    return [
        Token("symbol", "/", token.place) if token.kind == "cell" else token
        for token in bar
    ]


def _music(kind: str, songs: str) -> str:
    """Return the text of the only song of a link."""
    decoded = html.unescape(unquote(songs)).strip().strip("\"'")
    fields = decoded.split("=")
    if kind == "b":
        found = [field for field in fields if field.startswith(SCRAMBLED)]
        texts = [unscrambled(field[len(SCRAMBLED) :]) for field in found]
    else:
        texts = fields[FIELDS - 1 :: FIELDS]
    if len(texts) != 1:
        raise DataError(
            "Chords: expected a link of iReal Pro with one song, got one with "
            f"{len(texts) or 'none'}. Export the song by itself."
        )
    return texts[0]


def unscrambled(text: str) -> str:
    """Return the text of an irealb link in order, its abbreviations written out."""
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    for number, piece in enumerate(pieces):
        left = len(text) - (number + 1) * PIECE
        if len(piece) == PIECE and (left > 1):
            letters = list(piece)
            for place in MIRRORED:
                other = PIECE - 1 - place
                letters[place], letters[other] = letters[other], letters[place]
            pieces[number] = "".join(letters)
    whole = "".join(pieces)
    for short, long in ABBREVIATIONS.items():
        whole = whole.replace(short, long)
    return whole
