"""How music is laid out in notation: staves, voices, bars, note values and beams.

Times are in twelfths of a quarter note: a sixteenth is 3, an eighth of a triplet 4.
"""

import bisect
import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter

import numpy as np

from core.music.score.score import Score, Track
from core.music.theory.chord import OCTAVE, Chord
from core.music.theory.keys import (
    C_MAJOR,
    Key,
    Spelling,
    key_of,
    octave_of,
    spelled,
    spelled_over,
)
from core.music.theory.notes import STEPS_A_QUARTER, Meter, Note
from core.music.theory.viterbi import best_path

QUARTER, SIXTEENTH, THIRD = 12, 3, 4
# Length in sixteenths, longest first -> type, and whether it is dotted.
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
PLAIN = (3, 6, 12, 24, 48)  # twelfths of the undotted values
IN_TRIPLETS = {THIRD: "eighth", 2 * THIRD: "quarter"}
BEAMS = {"eighth": 1, "16th": 2}
EXACT = 0.25  # twelfths that a time may be off the grid by rounding to ticks
DETACHED = 1.5  # longest gap to the next note, in lengths, that a note is written for
STACCATO = 0.75  # share of its written length that a note is marked below
MOST_VOICES = 4  # most voices on a staff
# Bottom and top line of each clef, in letters above C0.
LINES = {"treble": (30, 38), "bass": (18, 26)}
MOST_LEDGER_LINES = 2  # most ledger lines of a part on one staff that is not the first
LEFT_HAND = 52  # E3: lower notes of an accompaniment are the left hand's
MIDDLE_C = 60
# Costs of a chord's place on a grand staff, beside the square of its ledger lines.
CHANGE_STAFF, LEFT, DIVIDED = 1.5, 3.5, 9.0
PLACEMENTS = 3  # in the left hand, divided, in the right hand


@dataclass(frozen=True)
class Event:
    """Pitches that begin and end together; `staccato` if they sound shorter."""

    start: int
    end: int
    pitches: tuple[int, ...]
    staccato: bool = False


@dataclass(frozen=True)
class Value:
    """One note value: of an event, of a part of it that is tied, or of a rest."""

    event: Event | None  # None is a rest
    start: int
    end: int
    # Such as "eighth"; "" is the rest of a whole bar
    kind: str = ""
    dotted: bool = False
    triplet: bool = False  # whether three last as long as two
    bracket: str = ""  # "start" and "stop" at the ends of a triplet
    # "begin", "continue", "end", "forward hook" or "backward hook" for each beam
    beams: tuple[str, ...] = ()


Voices = dict[int, tuple[Value, ...]]  # one bar; the lowest number has no gaps


@dataclass(frozen=True)
class Staff:
    """A staff: its clef, "treble" or "bass", and the voices of each bar."""

    clef: str
    bars: tuple[Voices, ...]


@dataclass(frozen=True)
class Part:
    """What one instrument plays, on one staff or two."""

    track: Track
    staves: tuple[Staff, ...]


@dataclass(frozen=True)
class Layout:
    """A score as it is written."""

    meter: Meter
    key: Key
    pickup: bool
    bars: tuple[tuple[int, int], ...]  # begin and end of each, the pickup first
    chords: dict[int, Chord | None]  # chords by their start
    parts: tuple[Part, ...]

    def spelling(self, pitch: int, time: int) -> Spelling:
        """Return how a pitch that begins at a time is written."""
        starts = [start for start in self.chords if start <= time]
        chord = self.chords[max(starts)] if starts else None
        return spelled_over(pitch % OCTAVE, self.key, chord)

    @cached_property
    def triplets(self) -> bool:
        """Whether any note is one of a triplet."""
        return any(
            value.triplet
            for part in self.parts
            for staff in part.staves
            for bar in staff.bars
            for voice in bar.values()
            for value in voice
        )


def layout_of(score: Score, triplets: frozenset[int] = frozenset()) -> Layout:
    """Lay out a score without swing; drums are left out.

    Notes are on sixteenths, or on the thirds of a beat where one begins on such. For
    `triplets` see `write_musicxml`.
    """
    pickup = _on_sixteenth(score.pickup)
    tracks = [track for track in score.tracks if not track.drums] or [Track("", ())]
    key = score.key or key_of(tracks[0].notes) or C_MAJOR
    frame = _Frame(pickup, SIXTEENTH * score.meter.steps)
    chords = {_on_sixteenth(span.start): span.chord for span in score.chords}
    written = [
        _Written(track.notes, frame, frozenset() if place else triplets).events()
        for place, track in enumerate(tracks)
    ]
    ends = [event.end for events in written for event in events]
    ends += [_on_sixteenth(span.end) for span in score.chords]
    bars = frame.bars(max(ends, default=0))
    parts = []
    for place, (track, events) in enumerate(zip(tracks, written, strict=True)):
        alone = place == 0 or track.name == "Bass"
        staves = tuple(
            Staff(clef, _bars_of(_voices(notes), bars, score.meter))
            for clef, notes in _staves(events, key, alone)
        )
        parts.append(Part(track, staves))
    return Layout(score.meter, key, pickup > 0, bars, chords, tuple(parts))


def _on_sixteenth(time: float) -> int:
    """Return a time in quarter notes in twelfths, rounded to a sixteenth."""
    return SIXTEENTH * round(time * STEPS_A_QUARTER)


@dataclass(frozen=True)
class _Frame:
    """Where bars begin: the end of the pickup, and the length of a bar."""

    pickup: int
    size: int

    def bar_end(self, time: float) -> int:
        """Return the end of the bar that a time is in, or is the end of."""
        if time <= self.pickup + EXACT:
            return self.pickup
        count = math.ceil((time - self.pickup - EXACT) / self.size)
        return self.pickup + self.size * count

    def bars(self, end: int) -> tuple[tuple[int, int], ...]:
        """Return begin and end of each bar, the pickup first."""
        last = max(self.bar_end(end), self.pickup + self.size)
        begins = [0] * (self.pickup > 0) + list(range(self.pickup, last, self.size))
        return tuple(zip(begins, [*begins[1:], last], strict=True))


class _Written:
    """The notes of a part, moved to times and lengths that can be written."""

    def __init__(
        self, notes: Sequence[Note], frame: _Frame, triplets: frozenset[int]
    ) -> None:
        self.frame, self.pickup, self.triplets = frame, frame.pickup, triplets
        self.sounding = [
            (self._unfolded(note.start), self._unfolded(note.end), note.pitch)
            for note in notes
        ]
        self.triplet_beats = set(triplets)
        for start, _, _ in self.sounding:
            place = (start - self.pickup) % QUARTER
            if min(abs(place - THIRD), abs(place - 2 * THIRD)) < EXACT:
                self.triplet_beats.add(self._beat(start))
        self.starts = sorted({self._nearest(start) for start, _, _ in self.sounding})

    def events(self) -> list[Event]:
        """Return an event a note, by start."""
        return sorted(
            (self._event(*note) for note in self.sounding),
            key=lambda event: (event.start, event.pitches),
        )

    def _event(self, start: float, end: float, pitch: int) -> Event:
        begin, until = self._nearest(start), self._nearest(end)
        if abs(until - end) <= EXACT and until > begin:
            return Event(begin, until, (pitch,))
        length = end - begin
        bar_end = self.frame.bar_end(max(end, begin + 1))
        until = self._nearest(min(begin + self._plain_length(begin, length), bar_end))
        return Event(begin, until, (pitch,), length < STACCATO * (until - begin))

    def _plain_length(self, begin: int, length: float) -> int:
        """Return the written length of a note that is cut short, as accompaniments are.

        It lasts until the next note begins, or to the end of its beat, if that is near;
        else it has the next longer plain value.
        """
        place = bisect.bisect_right(self.starts, begin)
        gap = self.starts[place] - begin if place < len(self.starts) else math.inf
        rest_of_beat = QUARTER - (begin - self.pickup) % QUARTER
        if length - EXACT <= gap <= DETACHED * length:
            return int(gap)
        if length / DETACHED <= rest_of_beat < QUARTER:
            return rest_of_beat
        longer = (size for size in PLAIN if size >= length - EXACT)
        return next(longer, SIXTEENTH * math.ceil(length / SIXTEENTH))

    def _unfolded(self, time: float) -> float:
        """Return a time in quarters in twelfths, three sixteenths as a triplet."""
        time *= QUARTER
        if self._beat(time) not in self.triplets:
            return time
        place = (time - self.pickup) % QUARTER
        return time - place + min(place * THIRD / SIXTEENTH, QUARTER)

    def _beat(self, time: float) -> int:
        return math.floor((time - self.pickup + EXACT) / QUARTER)

    def _nearest(self, time: float) -> int:
        """Return the nearest time at which a note may begin or end."""
        unit = THIRD if self._beat(time) in self.triplet_beats else SIXTEENTH
        return self.pickup + unit * round((time - self.pickup) / unit)


def _letters(pitch: int, key: Key) -> int:
    """Return how many letters a pitch is written above C0."""
    name = spelled(pitch % OCTAVE, key)
    return 7 * octave_of(pitch, name) + "CDEFGAB".index(name.letter)


def ledger_lines(pitch: int, clef: str, key: Key = C_MAJOR) -> int:
    """Return the ledger lines that a pitch needs."""
    (bottom, top), place = LINES[clef], _letters(pitch, key)
    return max(0, (bottom - place) // 2, (place - top) // 2)


def _staves(notes: list[Event], key: Key, alone: bool) -> list[tuple[str, list[Event]]]:
    """Return the clef of each staff, and the notes on it.

    One staff for the first part and the bass, by where most of their notes are, and
    for one hand if few ledger lines are needed; a grand staff otherwise.
    """
    lines = {
        clef: [ledger_lines(note.pitches[0], clef, key) for note in notes]
        for clef in LINES
    }
    if alone:
        low = sum(note.pitches[0] < MIDDLE_C for note in notes)
        return [("bass" if 2 * low > len(notes) else "treble", notes)]
    clef = min(LINES, key=lambda clef: sum(lines[clef]))
    hands = {note.pitches[0] < LEFT_HAND for note in notes}
    if max(lines[clef], default=0) <= MOST_LEDGER_LINES and len(hands) < 2:
        return [(clef, notes)]
    upper: list[Event] = []
    lower: list[Event] = []
    for note, clef in zip(notes, _hands(notes, key), strict=True):
        (upper if clef == "treble" else lower).append(note)
    return [("treble", upper), ("bass", lower)]


def _hands(notes: Sequence[Event], key: Key) -> list[str]:
    """Return the clef of each note of a grand staff.

    Notes below E3 are in the bass. The chord above them is whole in one staff, where
    it needs the fewest ledger lines and changes staff least, or divided at middle C;
    Viterbi's algorithm finds the best.
    """
    played = (
        [note.pitches[0] for note in group if note.pitches[0] >= LEFT_HAND]
        for _, group in itertools.groupby(notes, lambda note: note.start)
    )
    groups = [pitches for pitches in played if pitches]
    ways = [_placements(pitches) for pitches in groups]
    costs = [
        [
            cost + max(map(ledger_lines, pitches, clefs, itertools.repeat(key))) ** 2
            for clefs, cost in placements
        ]
        for pitches, placements in zip(groups, ways, strict=True)
    ]
    scores = -np.array(costs).reshape(len(groups), PLACEMENTS)
    changes = CHANGE_STAFF * (1 - np.eye(PLACEMENTS))
    scores[:1, 1] -= CHANGE_STAFF  # to divide the first chord is a change
    path = best_path(scores[::-1], itertools.repeat(changes))[::-1] if groups else []
    chosen = (placed[place][0] for placed, place in zip(ways, path, strict=True))
    clefs = itertools.chain.from_iterable(chosen)
    return ["bass" if note.pitches[0] < LEFT_HAND else next(clefs) for note in notes]


def _placements(pitches: Sequence[int]) -> tuple[tuple[list[str], float], ...]:
    """Return the clefs of a chord in each of the `PLACEMENTS`, and its cost."""
    divided = ["bass" if pitch < MIDDLE_C else "treble" for pitch in pitches]
    count = len(pitches)
    return (["bass"] * count, LEFT), (divided, DIVIDED), (["treble"] * count, 0.0)


def _voices(notes: Sequence[Event]) -> dict[int, list[Event]]:
    """Return the events of each voice of a staff, the highest first.

    Notes that begin and end together are a chord. Notes that overlap are in several
    voices; where they are more than four, a note ends when the next one begins.
    """
    chords: dict[tuple[int, int], list[Event]] = defaultdict(list)
    for note in notes:
        chords[note.start, note.end].append(note)
    events = [
        Event(start, end, pitches, all(note.staccato for note in group))
        for (start, end), group in chords.items()
        for pitches in [tuple(sorted({note.pitches[0] for note in group}))]
    ]
    voices: dict[int, list[Event]] = {}
    for cluster in _overlapping(events):
        lanes = sorted(_lanes(cluster), key=_mean_pitch, reverse=True)
        for number, lane in enumerate(lanes, start=1):
            voices.setdefault(number, []).extend(lane)
    return voices


def _overlapping(events: Iterable[Event]) -> Iterator[list[Event]]:
    """Split events where nothing sounds on."""
    cluster: list[Event] = []
    until = 0
    for event in sorted(events, key=lambda event: (event.start, -event.pitches[-1])):
        if cluster and event.start >= until:
            yield cluster
            cluster = []
        cluster.append(event)
        until = max(until, event.end)
    if cluster:
        yield cluster


def _lanes(cluster: Iterable[Event]) -> list[list[Event]]:
    lanes: list[list[Event]] = []
    for event in cluster:
        free = [lane for lane in lanes if lane[-1].end <= event.start]
        if free:
            free[0].append(event)
        elif len(lanes) < MOST_VOICES:
            lanes.append([event])
        else:
            lane = min(lanes, key=lambda lane: lane[-1].start)
            last = lane.pop()
            if last.start < event.start:
                lane.append(replace(last, end=event.start))
            else:
                pitches = tuple(sorted({*last.pitches, *event.pitches}))
                event = replace(event, pitches=pitches)
            lane.append(event)
    return lanes


def _mean_pitch(lane: Sequence[Event]) -> float:
    pitches = [pitch for event in lane for pitch in event.pitches]
    return sum(pitches) / len(pitches)


def _bars_of(
    voices: dict[int, list[Event]], bars: Sequence[tuple[int, int]], meter: Meter
) -> tuple[Voices, ...]:
    """Return the note values of each voice in each bar.

    The first voice with notes in a bar has rests; the others have only notes.
    """
    found: list[Voices] = [{} for _ in bars]
    begins = [begin for begin, _ in bars]
    for number, events in voices.items():
        within: dict[int, list[Event]] = defaultdict(list)
        for event in events:
            first = bisect.bisect_right(begins, event.start) - 1
            last = bisect.bisect_left(begins, event.end)
            for place in range(first, last):
                within[place].append(event)
        for place, sounding in within.items():
            found[place][number] = _Bar(bars[place], meter, sounding).values()
    for place, bar in enumerate(bars):
        if not found[place]:
            whole = bar[1] - bar[0] == SIXTEENTH * meter.steps
            rest = (Value(None, *bar),) if whole else _Bar(bar, meter, []).values()
            found[place][1] = rest
            continue
        main = min(found[place])
        found[place] = {
            number: values
            if number == main
            else tuple(value for value in values if value.event)
            for number, values in sorted(found[place].items())
        }
    return tuple(found)


class _Bar:
    """One voice in one bar."""

    def __init__(
        self, bar: tuple[int, int], meter: Meter, events: Sequence[Event]
    ) -> None:
        self.begin, self.end = bar
        self.meter = meter
        self.spans: list[tuple[Event | None, int, int]] = []
        now = self.begin
        for event in events:
            start, end = max(event.start, self.begin), min(event.end, self.end)
            if start > now:
                self.spans.append((None, now, start))
            self.spans.append((event, start, end))
            now = end
        if now < self.end:
            self.spans.append((None, now, self.end))
        # Counted from the bar's end, as a pickup is the end of a bar.
        self.offset = SIXTEENTH * meter.steps - self.end
        times = {time for _, *ends in self.spans for time in ends}
        self.triplet_beats = {
            (time + self.offset) // QUARTER for time in times if time % SIXTEENTH
        }

    def values(self) -> tuple[Value, ...]:
        """Return the note values, with their beams and triplets."""
        found = [value for span in self.spans for value in self._split(*span)]
        return tuple(self._beamed(_bracketed(found, self.offset)))

    def _split(self, event: Event | None, start: int, end: int) -> Iterator[Value]:
        while start < end:
            beat, place = divmod(start + self.offset, QUARTER)
            if beat in self.triplet_beats:
                until = min(end, start - place + QUARTER)
                yield Value(
                    event, start, until, IN_TRIPLETS[until - start], triplet=True
                )
            else:
                later = [beat * QUARTER - self.offset for beat in self.triplet_beats]
                until = min([end, *(time for time in later if time > start)])
                yield from self._plain(event, start, until)
            start = until

    def _plain(self, event: Event | None, start: int, end: int) -> Iterator[Value]:
        split = split_length if event else split_rest
        place, length = (start + self.offset) // SIXTEENTH, (end - start) // SIXTEENTH
        for part in split(place, length, self.meter):
            until = start + SIXTEENTH * part
            yield Value(event, start, until, *VALUES[part])
            start = until

    def _beamed(self, values: Sequence[Value]) -> list[Value]:
        found = list(values)
        groups = self._beam_groups(values)
        places = range(len(values))
        for _, group in itertools.groupby(places, key=groups.__getitem__):
            for run in _runs(values, list(group)):
                for place, beams in zip(run, _beams(values, run), strict=True):
                    found[place] = replace(values[place], beams=beams)
        return found

    def _beam_groups(self, values: Sequence[Value]) -> list[int]:
        """Return for each value the beam group that it begins in.

        A group is a beat; a half of 4/4, or 2/4, with nothing but eighths is one.
        """
        places = [(value.start + self.offset) // SIXTEENTH for value in values]
        meter = self.meter
        if meter.compound or meter.unit == 8:
            beat = 3 * 16 // meter.unit
            return [place // beat for place in places]
        groups = [place // STEPS_A_QUARTER for place in places]
        if (meter.beats, meter.unit) not in ((4, 4), (2, 4), (2, 2)):
            return groups
        halves = [group // 2 for group in groups]
        for half in set(halves):
            inside = [i for i, other in enumerate(halves) if other == half]
            if all(_is_eighth(values[i]) for i in inside) and len(inside) == 4:
                for i in inside:
                    groups[i] = 2 * half
        return groups


def _is_eighth(value: Value) -> bool:
    plain = value.kind == "eighth" and not value.dotted and not value.triplet
    return plain and value.event is not None


def _runs(values: Sequence[Value], places: Sequence[int]) -> Iterator[list[int]]:
    """Return the places of notes that are beamed together, over short rests too."""
    beamed = [values[place].kind in BEAMS for place in places]
    for beam, group in itertools.groupby(
        zip(places, beamed, strict=True), itemgetter(1)
    ):
        notes = [place for place, _ in group if values[place].event]
        if beam and len(notes) > 1:
            yield notes


def _beams(values: Sequence[Value], run: Sequence[int]) -> list[tuple[str, ...]]:
    """Return the beams of each value of a run."""
    depths = [BEAMS[values[i].kind] for i in run]
    ends = [0, *depths, 0]
    found = []
    for place, depth in enumerate(depths, start=1):
        before, after = ends[place - 1], ends[place + 1]
        beams = []
        for level in range(1, depth + 1):
            if before >= level and after >= level:
                beams.append("continue")
            elif before >= level:
                beams.append("end")
            elif after >= level:
                beams.append("begin")
            else:  # a short beam points to where its beat began
                beams.append("backward hook" if before else "forward hook")
        found.append(tuple(beams))
    return found


def _bracketed(values: Sequence[Value], offset: int) -> list[Value]:
    """Return values with the ends of each triplet."""
    found = list(values)
    beats = [(value.start + offset) // QUARTER for value in values]
    for place, value in enumerate(values):
        if value.triplet:
            inside = [i for i, beat in enumerate(beats) if beat == beats[place]]
            ends = {inside[0]: "start", inside[-1]: "stop"}
            found[place] = replace(value, bracket=ends.get(place, ""))
    return found


def split_rest(start: int, length: int, meter: Meter) -> Iterator[int]:
    """Split a rest within a bar, in sixteenths, so that each shows where it is.

    A rest begins at a multiple of its own length, and is not longer than a beat unless
    it is half a bar of 4/4. In compound meters a beat's is dotted.
    """
    while length > 0:
        if meter.compound:
            beat = 3 * 16 // meter.unit
            sizes = [beat, *(size for size in (4, 2, 1) if size < beat)]
            fits = [
                size
                for size in sizes
                if size <= length and start % beat % size == 0 and size in VALUES
            ]
        else:
            longest = 8 if meter.steps == 16 else max(4, 16 // meter.unit)
            fits = [
                size
                for size in (16, 8, 4, 2, 1)
                if size <= min(length, longest) and start % size == 0
            ]
        yield fits[0]
        start, length = start + fits[0], length - fits[0]


def split_length(start: int, length: int, meter: Meter) -> Iterator[int]:
    """Split a note within a bar, in sixteenths, into lengths that one note can have.

    The parts show where the beats are: a note crosses one only from another beat, or
    as the plain syncopation of a beat's length from its middle.
    """
    while length > 0:
        fitting = (value for value in VALUES if _fits(start, value, length, meter))
        value = next(fitting)
        yield value
        start, length = start + value, length - value


def _fits(start: int, value: int, length: int, meter: Meter) -> bool:
    """Whether a value may begin a note of some length there; all in sixteenths."""
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
