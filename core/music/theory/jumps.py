"""Jumps of a chart become bars: D.C. and D.S., to a Fine or by way of a Coda.

What is played again is played without its repeats and with the last of its endings, as
is usual. A Fine counts at the end of its bar, a segno and a second coda sign at the
beginning. A first coda sign counts where it stands, but at the end of its bar if the
bar has begun.
"""

import re
from collections.abc import Sequence

from core.music.theory.token import BAR_LINES, MARKS, Token, place_of
from core.task import DataError

JUMP = re.compile(
    r"(?i:(?P<from>d\.?\s?[cs]\.?|da\s+capo|dal\s+segno)"
    r"(?:\s+al(?:la)?\s+(?P<to>fine|coda|𝄌|⊕))?)"
)
SIGNS = {"segno": "a segno (Segno or 𝄋)", "coda": "a coda sign (Coda or 𝄌)"}
SIGNS["fine"] = "a Fine"
ADVICE = "Or write the bars in the order in which they are played."


def without_jumps(tokens: Sequence[Token], text: str = "") -> list[Token]:
    """Return the tokens with the jump of a chart, if it has one, written out.

    `text` is what they are from, to name their places. Raise a DataError if there are
    several jumps or one of another kind, if it has no sign to jump to, or if bars after
    it would never be played.
    """
    if all(token.kind != "jump" for token in tokens):
        return [token for token in tokens if token.kind not in MARKS]
    tokens = _in_bars(tokens)
    jumps = [place for place, token in enumerate(tokens) if token.kind == "jump"]
    token = tokens[jumps[0]]
    named = f"Chords: {token.text!r}{place_of(token, text)}"
    found = JUMP.fullmatch(token.text.strip(" ."))
    if len(jumps) > 1 or found is None:
        why = "is the first of several jumps" if found else "is no jump known here"
        raise DataError(
            f"{named} {why}: expected one at most, such as D.C. al Coda or D.S. al "
            f"Fine. {ADVICE}"
        )
    jump = _bar_end(tokens, jumps[0])
    from_sign = "s" in found["from"].lower()
    to = {None: "", "fine": "fine"}.get(found["to"] and found["to"].lower(), "coda")

    def sign(kind: str, begin: int, end: int) -> int:
        for place in range(begin, end):
            if _is(tokens[place], kind):
                return place
        where = "after" if begin else "before"
        raise DataError(f"{named} needs {SIGNS[kind]} {where} it. Add it. {ADVICE}")

    start = _bar_begin(tokens, sign("segno", 0, jump)) if from_sign else 0
    end, coda = jump, len(tokens)
    if to == "fine" or (not to and any(_is(one, "fine") for one in tokens[:jump])):
        end = _bar_end(tokens, sign("fine", 0, jump))
    elif to:
        end = sign("coda", 0, jumps[0])
        if _has_symbol(tokens[_bar_begin(tokens, end) : end]):
            end = _bar_end(tokens, end)
        coda = _bar_begin(tokens, sign("coda", jumps[0] + 1, len(tokens)))
        coda = max(coda, jumps[0])  # both are in one bar
        jump = min(jump, coda)
    if _has_symbol(tokens[jump:coda]):
        raise DataError(
            f"{named} is followed by bars that are never played. Take them out. "
            f"{ADVICE}"
        )
    line = Token("bar", "|", token.place)
    again = _played_once(tokens[start:end])
    written = [*tokens[:jump], line, *again, line, *tokens[coda:]]
    return [one for one in written if one.kind not in MARKS]


def _in_bars(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return tokens with bar lines: without any, each symbol begins a bar."""
    if any(token.kind in BAR_LINES for token in tokens):
        return tokens
    found: list[Token] = []
    for token in tokens:
        after_segno = bool(found) and found[-1].kind == "segno"
        if token.kind in ("symbol", "segno") and not after_segno:
            found.append(Token("bar", "|", token.place))
        found.append(token)
    return found


def _is(token: Token, kind: str) -> bool:
    """Tell whether a token is a sign; a section named Coda is a coda sign."""
    is_coda = token.kind == "section" and token.text.lower() == "coda"
    return token.kind == kind or (kind == "coda" and is_coda)


def _has_symbol(tokens: Sequence[Token]) -> bool:
    return any(token.kind == "symbol" for token in tokens)


def _bar_begin(tokens: Sequence[Token], place: int) -> int:
    while place and tokens[place - 1].kind not in BAR_LINES:
        place -= 1
    return place


def _bar_end(tokens: Sequence[Token], place: int) -> int:
    """Return the place after a bar, and after the repeat that ends with it."""
    while place < len(tokens) and tokens[place].kind not in BAR_LINES:
        place += 1
    if place < len(tokens) and tokens[place].kind == "end":
        place += 1
        if place < len(tokens) and tokens[place].kind == "times":
            place += 1
    return place


def _played_once(tokens: Sequence[Token]) -> list[Token]:
    """Return tokens without repeats, and of several endings with the last only."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.kind == "volta" and (later := _next_volta(tokens, place)):
            place = later
            continue
        if token.kind in ("begin", "end", "volta"):
            found.append(Token("bar", "|", token.place))
        elif token.kind != "times" or not place or tokens[place - 1].kind != "end":
            found.append(token)
        place += 1
    return found


def _next_volta(tokens: Sequence[Token], volta: int) -> int:
    """Return the place of the ending that comes instead of one, or 0."""
    ends = (n for n in range(volta, len(tokens)) if tokens[n].kind == "end")
    place = next(ends, len(tokens)) + 1
    while place < len(tokens) and tokens[place].kind in ("bar", "line", "times"):
        place += 1
    return place if place < len(tokens) and tokens[place].kind == "volta" else 0
