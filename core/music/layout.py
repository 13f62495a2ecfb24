"""What is on each page of a score: bars, and what one voice does in them."""

import bisect
import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from core.music.notation import values
from core.music.piece import Key
from core.music.score import STEPS_A_QUARTER, Meter, Note, Score


@dataclass(frozen=True)
class Event:
    """Pitches that begin and end together, or a rest; times in sixteenths."""

    start: int
    end: int
    pitches: tuple[int, ...] = ()


@dataclass(frozen=True)
class Span:
    """The part of an event that lies within a bar, or under one sign."""

    event: Event
    start: int
    end: int


@dataclass(frozen=True)
class Page:
    """What all parts of a score have in common.

    Attributes
    ----------
    bars
        Begin and end of each in sixteenths, the pickup first.
    """

    meter: Meter
    key: Key
    tempo: float
    pickup: bool
    bars: tuple[tuple[int, int], ...]


def step_of(time: float) -> int:
    """Return the sixteenth nearest to a time in quarter notes."""
    return round(time * STEPS_A_QUARTER)


def page_of(score: Score, key: Key, end: int) -> Page:
    """Lay out the bars of a score that ends at a sixteenth."""
    size, pickup = score.meter.steps, step_of(score.pickup)
    begins = [0] * (pickup > 0) + list(range(pickup, max(end, pickup + 1), size))
    ends = [*begins[1:], begins[-1] + size]
    bars = tuple(zip(begins, ends, strict=True))
    return Page(score.meter, key, score.tempo, pickup > 0, bars)


def events_of(notes: Sequence[Note]) -> tuple[Event, ...]:
    """Write notes as one voice, which plays chords and rests, without gaps.

    Notes that begin at one sixteenth are a chord, as long as the longest of them; it
    ends where the next begin.
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


def in_bars(events: Sequence[Event], page: Page) -> list[list[Span]]:
    """Return for each bar what begins or goes on in it; rests fill the end."""
    begins = [begin for begin, _ in page.bars]
    found: list[list[Span]] = [[] for _ in page.bars]
    done, last = events[-1].end if events else 0, page.bars[-1][1]
    for event in [*events, *([Event(done, last)] if done < last else [])]:
        now = event.start
        while now < event.end:
            place = bisect.bisect_right(begins, now) - 1
            until = min(event.end, page.bars[place][1])
            found[place].append(Span(event, now, until))
            now = until
    return found


def signs(span: Span, bar: tuple[int, int], meter: Meter) -> tuple[int, ...]:
    """Split a span into lengths that have a sign of their own, in sixteenths."""
    length = span.end - span.start
    if not span.event.pitches and (span.start, span.end) == bar:
        return (length,)
    # Counted from the bar's end, as a pickup is the end of a bar.
    place = span.start - bar[1] + meter.steps
    return tuple(values(place, length, meter))
