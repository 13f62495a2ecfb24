"""How music is laid out in notation: bars, and the note values within them."""

import bisect
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.music.score.score import Score
from core.music.theory.keys import Key
from core.music.theory.notes import STEPS_A_QUARTER, Meter, Note

# Lengths in steps of a sixteenth, longest first: type, and whether it is dotted.
VALUES = {
    16: ("whole", False),
    12: ("half", True),
    8: ("half", False),
    6: ("quarter", True),
    4: ("quarter", False),
    3: ("eighth", True),
    2: ("eighth", False),
    1: ("16th", False),
}


@dataclass(frozen=True)
class Event:
    """Pitches that begin and end together, or a rest; times in sixteenths."""

    start: int
    end: int
    pitches: tuple[int, ...] = ()


@dataclass(frozen=True)
class Span:
    """The part of an event within a bar, or of one note value."""

    event: Event
    start: int
    end: int


@dataclass(frozen=True)
class Layout:
    """What all parts of a score have in common.

    Attributes
    ----------
    bars
        Begin and end of each bar in sixteenths, the pickup first.
    """

    meter: Meter
    key: Key
    tempo: float
    pickup: bool
    bars: tuple[tuple[int, int], ...]


def step_of(time: float) -> int:
    """Return the sixteenth nearest to a time in quarter notes."""
    return round(time * STEPS_A_QUARTER)


def layout_of(score: Score, key: Key, end: int) -> Layout:
    """Lay out the bars of a score that ends at a sixteenth."""
    size, pickup = score.meter.steps, step_of(score.pickup)
    begins = [0] * (pickup > 0) + list(range(pickup, max(end, pickup + 1), size))
    ends = [*begins[1:], begins[-1] + size]
    bars = tuple(zip(begins, ends, strict=True))
    return Layout(score.meter, key, score.tempo, pickup > 0, bars)


def events_of(notes: Sequence[Note]) -> tuple[Event, ...]:
    """Return notes as one voice of chords and rests, without gaps.

    Notes that begin at one sixteenth are a chord, as long as the longest of them; it
    ends where the next one begins.
    """
    groups: dict[int, set[int]] = defaultdict(set)
    ends: dict[int, int] = defaultdict(int)
    for note in notes:
        start = step_of(note.start)
        groups[start].add(note.pitch)
        ends[start] = max(ends[start], start + 1, step_of(note.end))
    found, now = [], 0
    last = max(ends.values(), default=0)
    for start, following in itertools.pairwise([*sorted(groups), last]):
        if start > now:
            found.append(Event(now, start))
        now = min(ends[start], following)
        found.append(Event(start, now, tuple(sorted(groups[start]))))
    return tuple(found)


def in_bars(events: Sequence[Event], layout: Layout) -> list[list[Span]]:
    """Split events at bar lines; return the spans of each bar. Rests fill the end."""
    begins = [begin for begin, _ in layout.bars]
    found: list[list[Span]] = [[] for _ in layout.bars]
    done, last = events[-1].end if events else 0, layout.bars[-1][1]
    for event in [*events, *([Event(done, last)] if done < last else [])]:
        now = event.start
        while now < event.end:
            place = bisect.bisect_right(begins, now) - 1
            until = min(event.end, layout.bars[place][1])
            found[place].append(Span(event, now, until))
            now = until
    return found


def note_values(span: Span, bar: tuple[int, int], meter: Meter) -> tuple[int, ...]:
    """Split a span into lengths that one note or rest can have, in sixteenths."""
    length = span.end - span.start
    if not span.event.pitches and (span.start, span.end) == bar:
        return (length,)
    # Counted from the bar's end, as a pickup is the end of a bar.
    place = span.start - bar[1] + meter.steps
    return tuple(split_length(place, length, meter))


def split_length(start: int, length: int, meter: Meter) -> Iterator[int]:
    """Split a note within a bar into lengths that one note can have.

    The parts show where the beats are: a note crosses one only from another beat, or
    as the plain syncopation of a beat's length from its middle.

    Parameters
    ----------
    start, length
        In sixteenths, the start from the beginning of the bar.
    meter
        The bar's.
    """
    while length > 0:
        fitting = (value for value in VALUES if _fits(start, value, length, meter))
        value = next(fitting)
        yield value
        start, length = start + value, length - value


def _fits(start: int, value: int, length: int, meter: Meter) -> bool:
    """Tell whether a value may begin a note of some length there."""
    if value > length:
        return False
    if meter.compound:
        beat = max(1, 3 * 16 // meter.unit)
        return start % beat + value <= beat or not (start % beat or value % beat)
    beat = max(1, 16 // meter.unit)
    whole = 1 << (value.bit_length() - 1)  # without the dot
    return (
        start % beat + value <= beat
        or (start % whole == 0 and whole == value)
        or (start % whole == 0 and (value == length or start % (2 * whole) == 0))
        or (value == beat == length and start % beat == beat // 2)
    )
