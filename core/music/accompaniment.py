"""Plays chords: block chords, a stride left hand, or a walking bass with comping."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from core.music.chord import Chord
from core.music.score import ChordSpan, Meter, Note, Track
from core.music.voicing import BASS_CENTRE, Voicing, bass, fifth, voicings
from core.music.walking import walk

STYLES = ("block", "stride", "swing")
ACOUSTIC_BASS = 32
CHORD_VELOCITY, BASS_VELOCITY = 58, 70
HELD, SHORT = 0.95, 0.7  # of the time to the next stroke, that a note sounds
OFF_BEAT = 0.5


@dataclass(frozen=True)
class _Stretch:
    """The part of a chord that lies in one bar; times in quarter notes."""

    start: float
    end: float
    bar: int
    bar_start: float
    chord: Chord
    voicing: Voicing
    following: Chord | None
    ahead: Voicing  # of the chord that follows, or of this one
    again: bool  # whether the chord has begun in an earlier bar

    def times(self, within_bar: Sequence[float]) -> list[float]:
        """Return the places in a bar that are here."""
        times = [self.bar_start + place for place in within_bar]
        return [time for time in times if self.start <= time < self.end]


Hands = tuple[list[Note], list[Note]]  # chords, bass


def accompaniment(
    chords: Sequence[ChordSpan],
    meter: Meter,
    pickup: float = 0.0,
    style: str = "stride",
    program: int = 0,
) -> tuple[Track, ...]:
    """Play chords as one of the `STYLES`.

    "block" holds each chord for its bar over its bass. "stride" has the bass on 1 and
    3 and the chord on 2 and 4: in 2/4 on the eighths, in 3/4 bass, chord, chord, in
    6/8 on the first and last eighth of each beat. "swing" walks the bass and puts
    short chords mostly off the beat, early where the chord is about to change.

    Parameters
    ----------
    chords
        By start; where there is none, nothing is played.
    meter, pickup
        Of the score that is accompanied; the pickup in quarter notes.
    style
        One of `STYLES`.
    program
        General MIDI instrument of the chords.

    Returns
    -------
    tuple of Track
        "Chords", and with "swing" also "Bass", an acoustic bass.

    Raises
    ------
    ValueError
        If the style is not known.
    """
    if style not in STYLES:
        raise ValueError(f"Expected one of {', '.join(STYLES)}, got {style!r}.")
    play: dict[str, Callable[[list[_Stretch], Meter], Hands]] = {
        "block": _block,
        "stride": _stride,
        "swing": _swing,
    }
    upper, lower = play[style](list(_stretches(chords, meter, pickup)), meter)
    if style == "swing":
        return (
            Track("Chords", tuple(sorted(upper)), program),
            Track("Bass", tuple(sorted(lower)), ACOUSTIC_BASS),
        )
    return (Track("Chords", tuple(sorted(upper + lower)), program),)


def _stretches(
    chords: Sequence[ChordSpan], meter: Meter, pickup: float
) -> Iterator[_Stretch]:
    places = voicings([span.chord for span in chords])
    for place, (span, played) in enumerate(zip(chords, places, strict=True)):
        if span.chord is None:
            continue
        next_span = chords[place + 1] if place + 1 < len(chords) else None
        following = next_span.chord if next_span else None
        start = span.start
        while start < span.end - 1e-9:
            bar = math.floor((start - pickup) / meter.quarters + 1e-9)
            bar_start = pickup + bar * meter.quarters
            end = min(span.end, bar_start + meter.quarters)
            last = end == span.end
            yield _Stretch(
                start=start,
                end=end,
                bar=bar,
                bar_start=bar_start,
                chord=span.chord,
                voicing=played,
                following=following if last else span.chord,
                ahead=places[place + 1] if last and following else played,
                again=start > span.start,
            )
            start = end


def _block(stretches: list[_Stretch], meter: Meter) -> Hands:
    del meter
    upper, lower = [], []
    for part in stretches:
        length = HELD * (part.end - part.start)
        upper += _chord(part.start, length, part.voicing)
        lower.append(Note(part.start, length, bass(part.chord.bass), BASS_VELOCITY))
    return upper, lower


def _stride(stretches: list[_Stretch], meter: Meter) -> Hands:
    upper: list[Note] = []
    lower: list[Note] = []
    pulses = _pulses(meter)
    low = {start for start, is_bass in pulses if is_bass}
    for part in stretches:
        times = part.times([start for start, _ in pulses]) or [part.start]
        turns = 0
        for time, until in zip(times, [*times[1:], part.end], strict=True):
            length = until - time
            is_bass = time == times[0] or time - part.bar_start in low
            if is_bass:
                tone = fifth(part.chord) if turns % 2 else part.chord.bass
                lower.append(Note(time, HELD * length, bass(tone), BASS_VELOCITY))
                turns += 1
            if not is_bass or len(times) == 1:
                upper += _chord(time, SHORT * length, part.voicing)
    return upper, lower


def _swing(stretches: list[_Stretch], meter: Meter) -> Hands:
    upper: list[Note] = []
    lower: list[Note] = []
    near, early = BASS_CENTRE, False
    for part in stretches:
        times = part.times(_beats(meter)) or [part.start]
        line = walk(part.chord, part.following, len(times), near, part.again)
        for time, until, pitch in zip(times, [*times[1:], part.end], line, strict=True):
            lower.append(Note(time, HELD * (until - time), pitch, BASS_VELOCITY))
        near = line[-1]
        hits = part.times(_comping(meter, part.bar)) or [part.start]
        if early:  # this chord has been struck before its time
            hits = [time for time in hits if time > part.start]
        for time in hits:
            early = time > part.start and time + OFF_BEAT >= part.end
            pitches = part.ahead if early else part.voicing
            upper += _chord(time, SHORT * min(1.0, part.end - part.start), pitches)
        early = early and bool(hits)
    return upper, lower


def _chord(start: float, length: float, pitches: Voicing) -> list[Note]:
    return [Note(start, length, pitch, CHORD_VELOCITY) for pitch in pitches]


def _beats(meter: Meter) -> list[float]:
    """Return where a walking bass steps in a bar."""
    if meter.compound:
        beat = 12 / meter.unit
        starts = [place * beat for place in range(meter.beats // 3)]
        return sorted([*starts, *(start + beat * 2 / 3 for start in starts)])
    step = min(1.0, 4 / meter.unit)
    return [place * step for place in range(round(meter.quarters / step))]


def _pulses(meter: Meter) -> list[tuple[float, bool]]:
    """Return where a stride left hand strikes in a bar, and whether that is bass."""
    if meter.compound:
        return [(start, place % 2 == 0) for place, start in enumerate(_beats(meter))]
    count = 4 if meter.beats == 2 else meter.beats
    step = meter.quarters / count
    return [
        (place * step, place % 2 == 0 if count % 2 == 0 else place == 0)
        for place in range(count)
    ]


def _comping(meter: Meter, bar: int) -> list[float]:
    """Return where chords are struck in a bar: two bars make the pattern."""
    beat = 12 / meter.unit if meter.compound else 1.0
    off = beat * 2 / 3 if meter.compound else beat / 2
    places = (
        (0.0, beat + off) if bar % 2 == 0 else (beat + off, meter.quarters - beat + off)
    )
    return sorted({place for place in places if place < meter.quarters})
