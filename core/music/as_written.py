"""What a score becomes in a file: the same music on ticks, with nothing amiss.

Scores come from networks, from uploads and from people, and hold what no file can:
times before the beginning, notes of no length, pitch 130. Here they are made fit.
"""

import itertools
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.music.midi import FASTEST, MOST_QUARTERS, SLOWEST
from core.music.score import HIGHEST, ChordSpan, Meter, Note, Score, Track
from core.task import UserError

TICKS = 480  # in a quarter note
LAST_TICK = TICKS * MOST_QUARTERS
FINEST = 32  # unit of a time signature; where a pickup may end
MOST_BEATS = 255
MOST_LETTERS = 100
MICROSECONDS = 60_000_000  # in a minute
DRUM_CHANNEL = 9  # people count it as the tenth
CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)
LIKE = dict(zip("øØłŁđĐðı♯♭–—−‘’“”„«»", "oOlLdDdi#b---''" + 5 * '"', strict=True))
LIKE |= {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th"}
LATIN = str.maketrans(LIKE)


class ScoreError(UserError):
    """A score cannot be written, shown or played."""


@dataclass
class _Struck:
    """A note on ticks, on its way into a file."""

    start: int
    track: int
    pitch: int
    end: int
    velocity: int


def as_written(score: Score) -> Score:
    """Return the score that the file of a score holds, to the tick.

    Times are on 480 ticks a quarter, from 0 to 10,000 quarters; what is before or
    beyond is cut off. A note lasts a tick at least. Pitches, velocities, programs,
    tempo and meter are moved to the nearest that a file and this task can hold. Where
    a pitch is struck while it sounds in the same channel, the first stroke ends there
    and the second lasts as long as the longer of them; of strokes on one tick the
    longest and the loudest become one. Texts are ASCII. Tracks that share a channel
    have the program of the first of them.

    Raises
    ------
    ScoreError
        If a time or the tempo is not a finite number.
    """
    _check(score)
    meter = _meter(score.meter)
    slow = min(max(score.tempo, SLOWEST), FASTEST)
    return Score(
        tracks=_tracks(score.tracks),
        tempo=MICROSECONDS / round(MICROSECONDS / slow),
        meter=meter,
        title=ascii_text(score.title),
        chords=tuple(_spans(score.chords)),
        pickup=_pickup(score.pickup, meter),
    )


def channels(tracks: Sequence[Track]) -> tuple[int, ...]:
    """Return the channel of each track, 0 to 15.

    Drums are on channel 9 (the tenth), and nothing else is. Up to 15 other tracks have
    a channel each; of more, those of the same program share one.
    """
    pitched = [track for track in tracks if not track.drums]
    crowded = len(pitched) > len(CHANNELS)
    places: dict[int, int] = {}
    found = []
    for place, track in enumerate(tracks):
        if track.drums:
            found.append(DRUM_CHANNEL)
            continue
        voice = _within(track.program, 0, HIGHEST) if crowded else place
        found.append(CHANNELS[places.setdefault(voice, len(places)) % len(CHANNELS)])
    return tuple(found)


def ascii_text(text: str) -> str:
    """Return a text in printable ASCII: accents dropped, "?" for what has no like."""
    apart = unicodedata.normalize("NFKD", text.translate(LATIN))
    letters = (letter for letter in apart if not unicodedata.combining(letter))
    plain = " ".join("".join(letters).split())
    known = (c if c.isascii() and c.isprintable() else "?" for c in plain)
    return "".join(known)[:MOST_LETTERS].strip()


def pickup_meter(pickup: float, meter: Meter) -> Meter | None:
    """Return the time signature of a first bar of some quarter notes, if there is one.

    Its unit is the meter's own where that will do, or a finer one.
    """
    unit = meter.unit
    while unit <= FINEST:
        beats = pickup * unit / 4
        if beats.is_integer() and 1 <= beats <= MOST_BEATS:
            return Meter(int(beats), unit)
        unit *= 2
    return None


def _check(score: Score) -> None:
    notes = [note for track in score.tracks for note in track.notes]
    for what, values in (
        ("tempo", [score.tempo]),
        ("pickup", [score.pickup]),
        ("beginning of a note", [note.start for note in notes]),
        ("length of a note", [note.length for note in notes]),
        ("beginning of a chord", [span.start for span in score.chords]),
        ("length of a chord", [span.length for span in score.chords]),
    ):
        wrong = next((value for value in values if not math.isfinite(value)), None)
        if wrong is not None:
            raise ScoreError(
                f"Expected a finite number as the {what}, got {wrong}. "
                "Correct the score, or generate it again."
            )


def _tracks(tracks: Sequence[Track]) -> tuple[Track, ...]:
    of_channel: dict[int, list[_Struck]] = defaultdict(list)
    programs: dict[int, int] = {}
    places = channels(tracks)
    for place, (channel, track) in enumerate(zip(places, tracks, strict=True)):
        of_channel[channel] += _struck(place, track.notes)
        programs.setdefault(channel, _within(track.program, 0, HIGHEST))
    notes: dict[int, list[Note]] = defaultdict(list)
    for struck in of_channel.values():
        for one in _apart(struck):
            length = (one.end - one.start) / TICKS
            note = Note(one.start / TICKS, length, one.pitch, one.velocity)
            notes[one.track].append(note)
    return tuple(
        replace(
            track,
            name=ascii_text(track.name),
            notes=tuple(sorted(notes[place])),
            program=programs[places[place]],
        )
        for place, track in enumerate(tracks)
    )


def _struck(track: int, notes: Sequence[Note]) -> Iterator[_Struck]:
    for note in notes:
        if ticks := _ticks(note):
            yield _Struck(
                start=ticks[0],
                track=track,
                pitch=_within(note.pitch, 0, HIGHEST),
                end=ticks[1],
                velocity=_within(note.velocity, 1, HIGHEST),
            )


def _apart(notes: list[_Struck]) -> list[_Struck]:
    """Return the notes of one channel with no pitch sounding twice at a time."""
    kept: list[_Struck] = []
    latest: dict[int, _Struck] = {}
    for note in sorted(notes, key=lambda note: (note.start, note.track)):
        last = latest.get(note.pitch)
        if last and last.start == note.start:
            last.end = max(last.end, note.end)
            last.velocity = max(last.velocity, note.velocity)
            continue
        if last and last.end > note.start:
            note.end = max(last.end, note.end)
            last.end = note.start
        latest[note.pitch] = note
        kept.append(note)
    return kept


def _spans(spans: Sequence[ChordSpan]) -> Iterator[ChordSpan]:
    ordered = sorted(spans, key=lambda span: span.start)
    found = [(ticks, span.chord) for span in ordered if (ticks := _ticks(span))]
    held = {start: (end, chord) for (start, end), chord in found}
    for start, until in itertools.pairwise([*held, LAST_TICK]):
        end, chord = held[start]
        yield ChordSpan(start / TICKS, (min(end, until) - start) / TICKS, chord)


def _meter(meter: Meter) -> Meter:
    unit = 1 << (_within(meter.unit, 1, FINEST).bit_length() - 1)
    return Meter(_within(meter.beats, 1, MOST_BEATS), unit)


def _pickup(pickup: float, meter: Meter) -> float:
    """Return the pickup on 32nd notes, within a bar; 0 if no bar can be written."""
    steps = FINEST // 4
    rounded = round(pickup % meter.quarters * steps) / steps % meter.quarters
    return rounded if pickup_meter(rounded, meter) else 0.0


def _ticks(sounding: Note | ChordSpan) -> tuple[int, int] | None:
    """Return first tick and end, cut to the file; None for what is outside it."""
    # Cut before rounding: a float may be too large for that.
    low, high = -1.0, float(MOST_QUARTERS)
    start, end = (
        round(min(max(time, low), high) * TICKS)
        for time in (sounding.start, sounding.end)
    )
    if start >= LAST_TICK or (start < 0 and end <= 0):
        return None
    start = max(start, 0)
    return start, max(end, start + 1)


def _within(value: int, low: int, high: int) -> int:
    return int(min(max(value, low), high))
