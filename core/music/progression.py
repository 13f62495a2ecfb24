"""Chord progressions as text, such as "Dm7 G7 | Cmaj7 % | N.C."."""

import itertools
import math
import re
from collections.abc import Iterator, Sequence

import numpy as np

from core.music.chord import Chord
from core.music.inference import merged
from core.music.piece import NO_CHORD, Grid
from core.music.score import FOUR_FOUR, STEPS_A_QUARTER, ChordSpan, Meter
from core.music.spelling import NO_CHORD_TEXTS, chord
from core.task import DataError

MOST_CHARACTERS = 4_000
MOST_BARS = 256
AGAIN = ("%", "/")  # the bar before again, or within a bar the chord before


def parse_chords(text: str, meter: Meter = FOUR_FOUR) -> tuple[ChordSpan, ...]:
    """Read a typed progression.

    Bars are divided by | or line breaks; without any, each chord is a bar. The chords
    of a bar share its beats equally, the first ones longer where beats are left over.
    "%" is the bar before again; "%" or "/" among other chords is the chord before
    again; "N.C." is no chord.

    Parameters
    ----------
    text
        What somebody typed.
    meter
        How long a bar is.

    Returns
    -------
    tuple of ChordSpan
        Without gaps; neighbours differ.

    Raises
    ------
    DataError
        If there is no chord, too many bars, or a symbol that is not a chord, with
        the symbol and the number of its bar.
    """
    if len(text) > MOST_CHARACTERS:
        raise DataError(
            f"Chords: expected at most {MOST_CHARACTERS:,} characters, got "
            f"{len(text):,}. Type fewer bars."
        )
    bars = _bars(text)
    if not bars:
        raise DataError("Chords: expected some, got none. Type for example Dm7 | G7.")
    if len(bars) > MOST_BARS:
        raise DataError(
            f"Chords: expected at most {MOST_BARS} bars, got {len(bars)}. Type fewer."
        )
    spans: list[ChordSpan] = []
    before: list[Chord | None] = []
    for number, symbols in enumerate(bars, 1):
        before = _read_bar(symbols, before, number)
        lengths = shares(len(before), meter, number)
        for sounding, length in zip(before, lengths, strict=True):
            start = spans[-1].end if spans else 0.0
            spans.append(ChordSpan(start, length, sounding))
    return merged(spans)


def chord_text(spans: Sequence[ChordSpan], meter: Meter = FOUR_FOUR) -> str:
    """Write a progression as text that `parse_chords` reads as the same."""
    if not spans:
        return ""
    bars = math.ceil(spans[-1].end / meter.quarters - 1e-9)
    return " | ".join(
        _bar_text(spans, bar * meter.quarters, meter) for bar in range(bars)
    )


def moved(spans: Sequence[ChordSpan], semitones: int) -> tuple[ChordSpan, ...]:
    """Return a progression moved by semitones."""
    return tuple(
        ChordSpan(
            span.start, span.length, span.chord and span.chord.transposed(semitones)
        )
        for span in spans
    )


def repeated(spans: Sequence[ChordSpan], length: float) -> tuple[ChordSpan, ...]:
    """Return a progression again and again, until it is `length` quarters long."""
    whole = spans[-1].end
    rounds = (
        ChordSpan(span.start + again * whole, span.length, span.chord)
        for again in range(int(length // whole) + 1)
        for span in spans
    )
    return merged(
        ChordSpan(span.start, min(span.length, length - span.start), span.chord)
        for span in rounds
        if span.start < length
    )


def on_grid(spans: Sequence[ChordSpan], steps: int) -> tuple[tuple[Chord, ...], Grid]:
    """Return the different chords, and the place of the one at each step.

    These are `chords` and `harmony` of a `Piece`; `Piece.spans` is the way back.
    """
    chords = tuple(dict.fromkeys(span.chord for span in spans if span.chord))
    harmony = np.full(steps, NO_CHORD, np.int16)
    for span in spans:
        if span.chord is not None:
            begin, end = (
                round(time * STEPS_A_QUARTER) for time in (span.start, span.end)
            )
            harmony[max(begin, 0) : max(end, 0)] = chords.index(span.chord)
    return chords, harmony


def shares(count: int, meter: Meter, number: int = 1) -> list[float]:
    """Return how long each of `count` chords of a bar is, in quarter notes.

    Raises
    ------
    DataError
        If there are more than a bar has sixteenths; `number` names the bar.
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


def _bars(text: str) -> list[list[str]]:
    """Return the symbols of each bar that has any."""
    if not re.search(r"[|\n]", text.strip()):
        return [[symbol] for symbol in text.split()]
    bars = [re.sub(r"\s+", " ", bar).split() for bar in re.split(r"[|\n]", text)]
    return [bar for bar in bars if bar]


def _read_bar(
    symbols: Sequence[str], before: list[Chord | None], number: int
) -> list[Chord | None]:
    if list(symbols) == ["%"]:
        if not before:
            raise _wrong("%", number, "there is no bar before it")
        return before
    found: list[Chord | None] = []
    for symbol in symbols:
        if symbol in AGAIN:
            if not (found or before):
                raise _wrong(symbol, number, "there is no chord before it")
            found.append((found or before)[-1])
            continue
        try:
            found.append(chord(symbol))
        except ValueError as error:
            raise _wrong(symbol, number, str(error)) from error
    return found


def _wrong(symbol: str, number: int, why: str) -> DataError:
    return DataError(
        f"Chords: bar {number}: expected a chord such as Dm7, G7 or Cmaj7, got "
        f"{symbol[:20]!r}: {why}."
    )


def _bar_text(spans: Sequence[ChordSpan], start: float, meter: Meter) -> str:
    """Write one bar with as few symbols as show its changes."""
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
