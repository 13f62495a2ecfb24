"""A chart becomes its bars: repeats, endings, sections and degrees written out.

What a chart is read from (typed text, iReal Pro) is `typed_text` and `ireal`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from core.music.theory.chord import (
    DEGREES,
    OCTAVE,
    PLAIN,
    QUALITIES,
    Chord,
    minor_quality_of,
    parse_chord,
    quality_of,
)
from core.music.theory.jumps import without_jumps
from core.music.theory.keys import C_MAJOR, Key, spelled
from core.music.theory.notes import Meter
from core.music.theory.token import Token, place_of
from core.task import DataError

MOST_BARS = 256
MOST_TIMES = 64
REPEATS = ("%", "/", ".")  # repeated bar, or repeated chord within a bar
TWO_BARS = "%%"
OTHER_BASS = "W/"  # iReal Pro's: the chord before, over another bass
SCALES = {  # semitones of the degrees above the tonic, by "minor"
    False: {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11},
    True: {"I": 0, "II": 2, "III": 3, "IV": 5, "V": 7, "VI": 8, "VII": 10},
}
RAISED = ("vi", "vii")  # raised degrees of a minor key (melodic minor)
APPLIED = ("V", "VII")  # these, over another degree, are in the key of that degree
ROMAN = "VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i"
DEGREE = re.compile(
    rf"(?P<sign>[#b♯♭]?)(?P<degree>{ROMAN})(?P<quality>[^/]*|[^/]*6/9)"
    rf"(?:/(?P<low>[#b♯♭]?(?:{ROMAN}|[1-7])))?"
)
FLAT, SHARP = "b♭", "#♯"

Bar = tuple[Chord | None, ...]


@dataclass(frozen=True)
class Chart:
    """The bars of a chart in playing order, and its meter if it has one."""

    bars: tuple[Bar, ...]
    meter: Meter | None = None


def chart_of(tokens: Sequence[Token], text: str = "") -> Chart:
    """Write out a chart; `text` is what the tokens are from, to name their places.

    Bars are divided by bar lines and line breaks; without any, each symbol is a bar.
    A repeated part is played twice, or as often as "x3" after it says; it begins at
    its sign, or at the last repeat or section. "x3" after a bar repeats that bar. A
    section that has no bars of its own is played as it was before; a last line that
    names all sections, and not just in their order, is the form of the whole.

    Raise a DataError if a symbol is not understood, a repeat has nothing to repeat, the
    meter changes, or there are too many bars.
    """
    tokens = without_jumps(tokens, text)
    writer = _Writer(text, in_lines=any(t.kind in LINES for t in tokens))
    order = _last_names(tokens)
    music = tokens[: len(tokens) - len(order)]
    places = iter(enumerate(music))
    for place, token in places:
        following = music[place + 1] if place + 1 < len(music) else None
        if writer.add(token, following):
            next(places, None)  # token read together with this one
    writer.finish(order)
    return Chart(tuple(writer.bars), writer.meter)


LINES = ("bar", "line", "begin", "end")


def _last_names(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens of a last line of names of sections only, or none."""
    last = len(tokens)
    while last and tokens[last - 1].kind == "line":
        last -= 1
    first = last
    while first and tokens[first - 1].kind in ("section", "times"):
        first -= 1
    names = [token for token in tokens[first:last] if token.kind == "section"]
    own_line = first > 0 and tokens[first - 1].kind == "line"
    if not own_line or len(names) < 2 or tokens[first].kind != "section":
        return ()
    return tokens[first:]


@dataclass
class _Writer:
    """The bars so far, and the state of the repeats."""

    text: str
    in_lines: bool
    bars: list[Bar] = field(default_factory=list)
    symbols: list[Token] = field(default_factory=list)
    number: int = 1  # number of the written bar that is being read
    begin: int = 0  # start of the part that may be repeated
    body: list[Bar] | None = None  # bars of that part before the first volta
    bar_times: int = 1
    sections: dict[str, list[Bar]] = field(default_factory=dict)
    name: Token | None = None  # name of the section that is being read
    section_begin: int = 0
    section_times: int = 1
    key: Key | None = None
    meter: Meter | None = None

    def add(self, token: Token, following: Token | None) -> bool:
        """Read a token; tell whether the following one was read with it."""
        if token.kind == "symbol":
            self.symbols.append(token)
            if not self.in_lines:
                self._end_bar()
            return False
        if token.kind == "times":
            self._repeat_bar(token)
            return False
        if token.kind == "key":
            self.key = _key(token.text)
            return False
        if token.kind == "meter":
            self._change_meter(token)
            return False
        self._end_bar()
        if token.kind == "begin":
            self.begin, self.body = len(self.bars), None
        elif token.kind == "volta" and self.body is None:
            self.body = self.bars[self.begin :]
        elif token.kind == "section":
            self._begin_section(token)
        elif token.kind == "end":
            several = following is not None and following.kind == "times"
            self._repeat(token, following if several else None)
            return several
        return False

    def finish(self, order: Sequence[Token]) -> None:
        """End the last bar and section; play the sections in an order, if any."""
        self._end_bar()
        if self.name is not None:
            self._end_section()
        names = [_name(token) for token in order if token.kind == "section"]
        if set(names) == set(self.sections) and names != list(self.sections):
            self.bars.clear()
        for place, token in enumerate(order):
            if token.kind == "section":
                more = order[place + 1 : place + 2]
                times = more and more[0].kind == "times"
                self._play(token, self._times(more[0]) if times else 1)

    def _end_bar(self) -> None:
        if not self.symbols:
            return
        texts = [token.text for token in self.symbols]
        if texts == [TWO_BARS]:
            if len(self.bars) < 2:
                raise self._error(self.symbols[0], "there are no two bars before it")
            found = self.bars[-2:]
            self.number += 1
        elif texts == ["%"]:
            if not self.bars:
                raise self._error(self.symbols[0], "there is no bar before it")
            found = self.bars[-1:]
        else:
            found = [tuple(self._chords())]
        self._extend(found * self.bar_times)
        self.symbols, self.bar_times = [], 1
        self.number += 1

    def _chords(self) -> Iterator[Chord | None]:
        """Return the chords of the bar that is being read."""
        last: Chord | None = None
        known = bool(self.bars)
        if known:
            last = self.bars[-1][-1]
        for token in self.symbols:
            if token.text in REPEATS or token.text.startswith(OTHER_BASS):
                if not known:
                    raise self._error(token, "there is no chord before it")
                if last is not None and token.text not in REPEATS:
                    low = self._read(replace(token, text=token.text[2:]))
                    last = replace(last, bass=low.root if low else last.bass, text="")
            else:
                last = self._read(token)
            known = True
            yield last

    def _read(self, token: Token) -> Chord | None:
        found = DEGREE.fullmatch(token.text)
        try:
            if found is None:
                return parse_chord(token.text)
            if self.key is None:
                _of_degree(found, C_MAJOR)  # a word such as Verse is no degree
                raise self._error(
                    token, "a degree needs a key before it, such as Key: Bb"
                )
            return _of_degree(found, self.key)
        except ValueError as error:
            if isinstance(error, DataError):
                raise
            raise self._error(token, str(error)) from error

    def _repeat_bar(self, token: Token) -> None:
        times = self._times(token)
        if self.symbols:
            self.bar_times = times
        elif self.name is not None and self.section_begin == len(self.bars):
            self.section_times = times
        elif self.bars:
            self._extend(self.bars[-1:] * (times - 1))
        else:
            raise self._error(token, "there is nothing before it to repeat")

    def _repeat(self, token: Token, times: Token | None) -> None:
        if self.body is not None:  # an ending: the next one follows the same bars
            self._extend(self.body)
            return
        part = self.bars[self.begin :]
        if not part:
            raise self._error(token, "there are no bars before it to repeat")
        self._extend(part * ((self._times(times) if times else 2) - 1))
        self.begin = len(self.bars)

    def _begin_section(self, token: Token) -> None:
        if self.name is not None:
            self._end_section()
        self.name, self.section_begin, self.section_times = token, len(self.bars), 1
        self.begin, self.body = len(self.bars), None

    def _end_section(self) -> None:
        assert self.name is not None
        own = self.bars[self.section_begin :]
        if own:
            self.sections[_name(self.name)] = own
            self._extend(own * (self.section_times - 1))
        else:
            self._play(self.name, self.section_times)

    def _play(self, token: Token, times: int) -> None:
        """Add the bars of a section that was written before."""
        bars = self.sections.get(_name(token))
        if bars is None:
            raise self._error(token, "no bars follow it, or were named so before")
        self._extend(bars * times)

    def _change_meter(self, token: Token) -> None:
        beats, unit = (int(number) for number in token.text.split("/"))
        meter = Meter(beats, unit)
        if self.meter not in (None, meter):
            raise self._error(token, f"the meter cannot change from {self.meter}")
        if unit not in (1, 2, 4, 8, 16) or not meter.fits:
            raise self._error(token, "this meter is not known here")
        self.meter = meter

    def _extend(self, bars: Sequence[Bar]) -> None:
        if len(self.bars) + len(bars) > MOST_BARS:
            raise DataError(
                f"Chords: expected at most {MOST_BARS} bars, got "
                f"{len(self.bars) + len(bars)} or more. Type fewer."
            )
        self.bars.extend(bars)

    def _times(self, token: Token) -> int:
        if not 1 <= int(token.text) <= MOST_TIMES:
            raise DataError(
                f"Chords: bar {self.number}: expected x1 to x{MOST_TIMES}, got "
                f"x{token.text}{place_of(token, self.text)}. Repeat it less often."
            )
        return int(token.text)

    def _error(self, token: Token, why: str) -> DataError:
        return DataError(
            f"Chords: bar {self.number}: expected a chord such as Dm7, G7 or Cmaj7, "
            f"got {token.text[:20]!r}{place_of(token, self.text)}: {why}."
        )


def _name(token: Token) -> str:
    return " ".join(token.text.lower().split())


def _key(text: str) -> Key:
    """Return the key that a text such as "Bb" or "c minor" names."""
    tonic, *mode = text.split()
    chord = parse_chord(tonic)
    assert chord is not None
    return Key(chord.root, "minor" in mode or chord.quality == "m")


def _of_degree(found: re.Match[str], key: Key) -> Chord:
    """Return the chord of a degree; its case gives its quality."""
    degree, low = found["degree"], found["low"]
    within = key
    bass = None
    if low and degree.upper() in APPLIED and not low[-1].isdigit():
        within = Key(_tone(low, key), minor=low[-1].islower())
    elif low:
        bass = _tone(low, key) if not low[-1].isdigit() else None
    root = _tone(found["sign"] + degree, within)
    text = found["quality"].translate(PLAIN)
    quality = quality_of(text) if degree.isupper() else minor_quality_of(text)
    if low and low[-1].isdigit():  # a tone of the chord: I/3
        bass = (root + _step_of(low, quality)) % OCTAVE
    chord = Chord(root, quality, root if bass is None else bass)
    name = f"{spelled(root, key)}{quality}"
    if chord.bass != root:
        name += f"/{spelled(chord.bass, key)}"
    return replace(chord, text=name)


def _step_of(low: str, quality: str) -> int:
    """Return the semitones from a chord's root to a tone such as "7" or "b3".

    Without a sign it is the chord's own: the seventh of Cmaj7 is B.
    """
    number, tones = int(low[-1]), QUALITIES[quality]
    own = [step for step in DEGREES[number] if step in tones]
    if own and len(low) == 1:
        return own[0]
    return DEGREES[number][0] + _shift(low[:-1])


def _tone(degree: str, key: Key) -> int:
    """Return the pitch class of a degree with its sign, such as "bVII".

    A flat lowers the degree of the major scale, in minor keys as well.
    """
    sign, name = (degree[0], degree[1:]) if degree[0] in FLAT + SHARP else ("", degree)
    flat = sign in FLAT and bool(sign)
    above = SCALES[key.minor and not flat][name.upper()]
    if key.minor and not sign and name in RAISED:
        above += 1
    return (key.tonic + above + _shift(sign)) % OCTAVE


def _shift(sign: str) -> int:
    return 0 if not sign else -1 if sign in FLAT else 1
