"""Chord progressions as text, such as "Dm7 G7 | Cmaj7 %", and well-known ones."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.music.theory.chart import Chart, chart_of
from core.music.theory.chord import NO_CHORD_TEXTS
from core.music.theory.ireal import ireal_tokens, is_ireal
from core.music.theory.notes import FOUR_FOUR, ChordSpan, Meter, merge_equal
from core.music.theory.typed_text import typed_tokens
from core.task import DataError

MOST_CHARACTERS = 4_000


def parse_chords(text: str, meter: Meter = FOUR_FOUR) -> tuple[ChordSpan, ...]:
    """Parse a typed progression into spans without gaps, of which neighbours differ.

    Bars are divided by | or line breaks; without any, each chord is a bar. The chords
    of a bar share its beats equally, the first ones longer where beats are left over.
    "%" repeats the bar before, "%%" the two bars before; "%" or "/" among other chords
    repeats the chord before; "N.C." is no chord.

    |: and :| are a repeated part, with endings "1." and "2."; "x3" after it, or after
    a bar, says how often it is played. One jump is followed: D.C. or D.S., al Coda or
    al Fine. "[A]" or "A:" begins a section; its name alone plays it again. After
    "Key: Bb" or "in F:" degrees are chords, such as "ii7 V7 I". Links and texts of
    iReal Pro are read as well.

    Raise a DataError if there is no chord, too many bars, or a symbol that is not a
    chord, with the symbol, the number of its bar as it is written, and its column.
    """
    bars = _chart(text).bars
    if not bars:
        raise DataError("Chords: expected some, got none. Type for example Dm7 | G7.")
    spans: list[ChordSpan] = []
    for number, chords in enumerate(bars, 1):
        lengths = shares(len(chords), meter, number)
        for sounding, length in zip(chords, lengths, strict=True):
            start = spans[-1].end if spans else 0.0
            spans.append(ChordSpan(start, length, sounding))
    return merge_equal(spans)


def written_meter(text: str) -> Meter | None:
    """Return the meter in a progression's text, as "3/4" or iReal Pro's T34."""
    return _chart(text).meter


def _chart(text: str) -> Chart:
    if len(text) > MOST_CHARACTERS:
        raise DataError(
            f"Chords: expected at most {MOST_CHARACTERS:,} characters, got "
            f"{len(text):,}. Type fewer bars."
        )
    tokens = ireal_tokens(text) if is_ireal(text) else typed_tokens(text)
    return chart_of(tokens, text)


def chord_text(spans: Sequence[ChordSpan], meter: Meter = FOUR_FOUR) -> str:
    """Write a progression as text that `parse_chords` reads as the same."""
    if not spans:
        return ""
    bars = math.ceil(spans[-1].end / meter.quarters - 1e-9)
    return " | ".join(
        _bar_text(spans, bar * meter.quarters, meter) for bar in range(bars)
    )


def transpose(spans: Sequence[ChordSpan], semitones: int) -> tuple[ChordSpan, ...]:
    """Return a progression transposed by semitones."""
    return tuple(
        ChordSpan(
            span.start, span.length, span.chord and span.chord.transposed(semitones)
        )
        for span in spans
    )


def repeat(
    spans: Sequence[ChordSpan], length: float, start: float = 0.0
) -> tuple[ChordSpan, ...]:
    """Repeat a progression until it ends `length` quarter notes after 0.

    It begins at `start`, such as the end of a pickup; no chord is before it.
    """
    whole = spans[-1].end
    rounds = (
        ChordSpan(span.start + start + round_ * whole, span.length, span.chord)
        for round_ in range(int(max(0.0, length - start) // whole) + 1)
        for span in spans
    )
    before = [ChordSpan(0.0, start, None)] if start else []
    return until(merge_equal([*before, *rounds]), length)


def shifted(spans: Sequence[ChordSpan], quarters: float) -> tuple[ChordSpan, ...]:
    """Return a progression moved in time, cut at 0."""
    return tuple(
        ChordSpan(max(0.0, span.start + quarters), end - max(0.0, begin), span.chord)
        for span in spans
        for begin, end in [(span.start + quarters, span.end + quarters)]
        if end > 0
    )


def until(spans: Sequence[ChordSpan], end: float) -> tuple[ChordSpan, ...]:
    """Return a progression that ends at a time: cut, or its last chord longer."""
    found = [span for span in spans if span.start < end]
    if found:
        last = found[-1]
        found[-1] = ChordSpan(last.start, end - last.start, last.chord)
    return tuple(found)


def shares(count: int, meter: Meter, number: int = 1) -> list[float]:
    """Return the lengths of `count` chords in a bar, in quarter notes.

    Raise a DataError with the bar's number if there are more than a bar has sixteenths.
    """
    beat = 3 * 4 / meter.unit if meter.compound else 4 / meter.unit
    parts = max(1, round(meter.quarters / beat))
    while parts < count:
        parts *= 3 if meter.compound and parts * beat == meter.quarters else 2
        beat = meter.quarters / parts
    if count > meter.steps or parts > meter.steps:
        raise DataError(
            f"Chords: bar {number}: expected at most {meter.steps} chords, got {count}."
            " Divide the bars with |."
        )
    whole, over = divmod(parts, count)
    return [(whole + (place < over)) * beat for place in range(count)]


def _bar_text(spans: Sequence[ChordSpan], start: float, meter: Meter) -> str:
    """Write one bar with the fewest symbols that show its changes."""
    for count in range(1, meter.steps + 1):
        try:
            times = [0.0, *itertools.accumulate(shares(count, meter))]
        except DataError:
            continue
        changes = {span.start - start for span in spans}
        inside = {change for change in changes if 0 < change < meter.quarters - 1e-9}
        if inside <= set(times):
            return " ".join(_symbols(spans, [start + time for time in times[:-1]]))
    raise ValueError("Expected chords that change on sixteenths.")


def _symbols(spans: Sequence[ChordSpan], times: Sequence[float]) -> Iterator[str]:
    before: object = object()
    for time in times:
        sounding = next((s.chord for s in spans if s.start <= time < s.end), None)
        yield "/" if sounding == before else str(sounding or NO_CHORD_TEXTS[0])
        before = sounding


@dataclass(frozen=True)
class Progression:
    """A progression that musicians know by name."""

    name: str
    text: str  # chords for `parse_chords`
    meter: Meter = FOUR_FOUR
    tempo: float = 120.0  # usual, in quarter notes a minute

    @property
    def chords(self) -> tuple[ChordSpan, ...]:
        """Its chords with their times."""
        return parse_chords(self.text, self.meter)

    @property
    def bars(self) -> int:
        """Bars of one chorus."""
        return round(self.chords[-1].end / self.meter.quarters)


PROGRESSIONS = (
    Progression(
        "12-bar blues",
        "C7 | F7 | C7 | C7 | F7 | F7 | C7 | A7 | Dm7 | G7 | C7 A7 | Dm7 G7",
    ),
    Progression(
        "Minor blues",
        "Cm7 | Fm7 | Cm7 | Cm7 | Fm7 | Fm7 | Cm7 | Cm7 | Ab7 | G7 | Cm7 | Dm7b5 G7",
    ),
    Progression(
        "Simple blues",
        "E7 | % | % | % | A7 | % | E7 | % | B7 | A7 | E7 | B7",
        tempo=96,
    ),
    Progression("ii-V-I", "Dm7 | G7 | Cmaj7 | Cmaj7 A7"),
    Progression("ii-V-i in minor", "Dm7b5 | G7b9 | Cm6 | Cm6"),
    Progression(
        "ii-V-I through the keys",
        "Dm7 G7 | Cmaj7 | Cm7 F7 | Bbmaj7 | Bbm7 Eb7 | Abmaj7 | "
        "Abm7 Db7 | Gbmaj7 | F#m7 B7 | Emaj7 | Em7 A7 | Dmaj7",
    ),
    Progression(
        "Rhythm changes",
        "Bbmaj7 G7 | Cm7 F7 | Dm7 G7 | Cm7 F7 | "
        "Fm7 Bb7 | Eb7 Edim7 | Dm7 G7 | Cm7 F7 | "
        "Bbmaj7 G7 | Cm7 F7 | Dm7 G7 | Cm7 F7 | Fm7 Bb7 | Eb7 Edim7 | Cm7 F7 | Bb6 | "
        "D7 | % | G7 | % | C7 | % | F7 | % | "
        "Bbmaj7 G7 | Cm7 F7 | Dm7 G7 | Cm7 F7 | Fm7 Bb7 | Eb7 Edim7 | Cm7 F7 | Bb6",
        tempo=180,
    ),
    Progression(
        "32-bar song",
        "Cmaj7 | Am7 | Dm7 | G7 | Em7 | A7 | Dm7 G7 | C6 | "
        "Cmaj7 | Am7 | Dm7 | G7 | Em7 | A7 | Dm7 G7 | C6 | "
        "Gm7 | C7 | Fmaj7 | Fmaj7 | Am7 | D7 | Dm7 | G7 | "
        "Cmaj7 | Am7 | Dm7 | G7 | Em7 | A7 | Dm7 G7 | C6",
    ),
    Progression("I-vi-ii-V", "Cmaj7 | Am7 | Dm7 | G7"),
    Progression("I-vi-IV-V", "C | Am | F | G"),
    Progression("I-V-vi-IV", "C | G | Am | F", tempo=104),
    Progression(
        "Ragtime circle",
        "C | E7 | A7 | A7 | D7 | G7 | C | G7",
        meter=Meter(2, 4),
        tempo=84,
    ),
    Progression(
        "Ragtime strain",
        "C | G7 | C | C7 | F | Ebdim7 | C | G7 | "
        "C | G7 | C | C7 | F Fm | C A7 | D7 G7 | C",
        meter=Meter(2, 4),
        tempo=84,
    ),
    Progression("Falling bass", "Am | Am/G | F | E7", tempo=100),
    Progression("Canon", "C G | Am Em | F C | F G", tempo=72),
    Progression(
        "One mode",
        "Dm7 | % | % | % | % | % | % | % | % | % | % | % | % | % | % | % | "
        "Ebm7 | % | % | % | % | % | % | % | Dm7 | % | % | % | % | % | % | %",
        tempo=132,
    ),
    Progression(
        "Jig",
        "D | D | G | A7 | D | D | G A7 | D | D | G | D | A7 | D | G | D A7 | D",
        tempo=165,
        meter=Meter(6, 8),
    ),
    Progression(
        "Waltz",
        "F | C7 | C7 | F | F | D7 | Gm7 | C7 | F | F7 | Bb | Bbm6 | F D7 | Gm7 C7 | "
        "F | F",
        tempo=132,
        meter=Meter(3, 4),
    ),
)

# Played over where no chords are given.
DEFAULT_PROGRESSION = next(p for p in PROGRESSIONS if p.name == "Ragtime strain")
# The same as a chart with its meter, as typed chords are in 4/4 otherwise.
DEFAULT_CHART = f"{DEFAULT_PROGRESSION.meter} {DEFAULT_PROGRESSION.text}"
