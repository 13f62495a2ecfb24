"""Accompanies chords, by rules: block chords, a stride left hand, a walking bass, jazz.

Voice leading places each chord on the keyboard so that every voice moves little.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.music.arranger.jazz import (
    EARLY,
    Beat,
    comping_rhythms,
    rootless_tones,
    walking_line,
)
from core.music.score.score import Track
from core.music.theory.chord import DEGREES, OCTAVE, QUALITIES, Chord
from core.music.theory.notes import FOUR_FOUR, ChordSpan, Meter, Note

Voicing = tuple[int, ...]  # MIDI numbers, lowest first
Hands = tuple[list[Note], list[Note]]  # chords, bass

ACOUSTIC_BASS = 32
WITH_BASS = ("swing", "jazz")  # styles with a bass of its own
JAZZ = 19  # added to the seed, so that jazz has random numbers of its own
CHORD_VELOCITY, BASS_VELOCITY = 58, 70
HELD, SHORT = 0.95, 0.7  # length of a note, as a share of the time to the next one
OFF_BEAT = 0.5  # quarters
LOWEST_VOICE, HIGHEST_VOICE = 52, 71  # E3 to B4: clear of bass and melody
CENTRE = 61.0
MOST_VOICES = 4
WIDEST = 14  # semitones from the lowest voice to the highest
LOWEST_BASS, HIGHEST_BASS = 33, 50  # A1 to D3
BASS_CENTRE = 41
ARCH = 5  # semitones of the detour of a bass line that ends near its beginning
FAR = 4  # fewest semitones that are not near
# Costs, in semitones of movement of one voice.
LEAN = 0.35  # cost of each semitone between mean and centre
CLASH = 3.0  # two voices a semitone apart
CLASH_ON_TOP = 6.0


@dataclass(frozen=True)
class _Part:
    """The part of a chord span within one bar; times in quarter notes."""

    start: float
    end: float
    bar: int
    bar_start: float
    chord: Chord
    voicing: Voicing
    following: Chord | None
    next_voicing: Voicing  # voicing of the chord that follows, or of this one
    continued: bool  # continuation from an earlier bar

    def times(self, within_bar: Sequence[float]) -> list[float]:
        """Return the given times of a bar that lie in this part."""
        times = [self.bar_start + place for place in within_bar]
        return [time for time in times if self.start <= time < self.end]


def accompaniment(
    chords: Sequence[ChordSpan],
    meter: Meter,
    pickup: float = 0.0,
    style: str = "stride",
    program: int = 0,
    seed: int = 0,
    melody: Sequence[Note] = (),
) -> tuple[Track, ...]:
    """Return an accompaniment in one of the `STYLES`: chords, and for some a bass.

    "block" holds each chord for its bar over its bass. "stride" has the bass on 1 and
    3 and the chord on 2 and 4: in 2/4 on the eighths, in 3/4 bass, chord, chord, in
    6/8 on the first and last eighth of each beat. "swing" has a walking bass
    and short chords mostly off the beat, anticipating changes. "jazz" has a freer
    walking bass and chords without a root in changing rhythms, in the gaps of the
    `melody`; see `jazz`. Only its random choices depend on `seed`.
    """
    played = voicings([span.chord for span in chords], rootless=style == "jazz")
    parts = list(_parts(chords, meter, pickup, played))
    if style == "jazz":
        random = np.random.default_rng([seed, JAZZ])
        upper, lower = _comp(parts, meter, random, melody), _walk(parts, meter, random)
    else:
        upper, lower = PLAIN[style](parts, meter)
    if style in WITH_BASS:
        return (
            Track("Chords", tuple(sorted(upper)), program),
            Track("Bass", tuple(sorted(lower)), ACOUSTIC_BASS),
        )
    return (Track("Chords", tuple(sorted(upper + lower)), program),)


def _parts(
    chords: Sequence[ChordSpan],
    meter: Meter,
    pickup: float,
    played: Sequence[Voicing],
) -> Iterator[_Part]:
    for index, (span, pitches) in enumerate(zip(chords, played, strict=True)):
        if span.chord is None:
            continue
        following = chords[index + 1].chord if index + 1 < len(chords) else None
        start = span.start
        while start < span.end - 1e-9:
            bar = math.floor((start - pickup) / meter.quarters + 1e-9)
            bar_start = pickup + bar * meter.quarters
            end = min(span.end, bar_start + meter.quarters)
            last = end == span.end
            yield _Part(
                start=start,
                end=end,
                bar=bar,
                bar_start=bar_start,
                chord=span.chord,
                voicing=pitches,
                following=following if last else span.chord,
                next_voicing=played[index + 1] if last and following else pitches,
                continued=start > span.start,
            )
            start = end


def _block(parts: list[_Part], meter: Meter) -> Hands:
    del meter
    upper, lower = [], []
    for part in parts:
        length = HELD * (part.end - part.start)
        upper += _chord(part.start, length, part.voicing)
        lower.append(Note(part.start, length, bass(part.chord.bass), BASS_VELOCITY))
    return upper, lower


def _stride(parts: list[_Part], meter: Meter) -> Hands:
    upper: list[Note] = []
    lower: list[Note] = []
    onsets = _stride_onsets(meter)
    low = {start for start, is_bass in onsets if is_bass}
    for part in parts:
        times = part.times([start for start, _ in onsets]) or [part.start]
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


def _swing(parts: list[_Part], meter: Meter) -> Hands:
    upper: list[Note] = []
    lower: list[Note] = []
    near, anticipated = BASS_CENTRE, False
    for part in parts:
        times = part.times(_bass_onsets(meter)) or [part.start]
        line = walking_bass(
            part.chord, part.following, len(times), near, part.continued
        )
        for time, until, pitch in zip(times, [*times[1:], part.end], line, strict=True):
            lower.append(Note(time, HELD * (until - time), pitch, BASS_VELOCITY))
        near = line[-1]
        hits = part.times(_chord_onsets(meter, part.bar)) or [part.start]
        if anticipated:
            hits = [time for time in hits if time > part.start]
        anticipated = False  # whether the next chord is, by the last hit
        for time in hits:
            anticipated = time > part.start and time + OFF_BEAT >= part.end
            pitches = part.next_voicing if anticipated else part.voicing
            upper += _chord(time, SHORT * min(1.0, part.end - part.start), pitches)
    return upper, lower


PLAIN: dict[str, Callable[[list[_Part], Meter], Hands]] = {
    "block": _block,
    "stride": _stride,
    "swing": _swing,
}


def _walk(parts: list[_Part], meter: Meter, random: np.random.Generator) -> list[Note]:
    """Return a walking bass, a line for each stretch of chords without a break."""
    beats: list[Beat] = []
    times: list[tuple[float, float]] = []
    found: list[Note] = []
    for part, following in itertools.zip_longest(parts, parts[1:]):
        starts = part.times(_bass_onsets(meter)) or [part.start]
        for start, end in itertools.pairwise([*starts, part.end]):
            change = start == starts[0] and not part.continued
            strong = start - part.bar_start in (0, meter.quarters / 2)
            beats.append(Beat(part.chord, change, strong))
            times.append((start, end))
        if following is None or following.start > part.end:
            line = walking_line(beats, LOWEST_BASS, HIGHEST_BASS, random)
            for (start, end), pitch in zip(times, line, strict=True):
                found.append(Note(start, HELD * (end - start), pitch, BASS_VELOCITY))
            beats, times = [], []
    return found


def _comp(
    parts: list[_Part],
    meter: Meter,
    random: np.random.Generator,
    melody: Sequence[Note],
) -> list[Note]:
    """Return chords in rhythms that change; one just before a change is the new one."""
    found: list[Note] = []
    struck = -1.0  # time of the latest chord
    bars = [list(bar) for _, bar in itertools.groupby(parts, key=lambda part: part.bar)]
    rhythms = _rhythms(bars, meter, random, melody)
    for bar, rhythm in zip(bars, rhythms, strict=True):
        for place, (onset, length) in enumerate(rhythm):
            time = bar[0].bar_start + onset
            part = next((one for one in bar if one.start <= time < one.end), None)
            if part is None or (time == part.start and struck >= time - EARLY):
                continue  # no chord, or it was struck early already
            early = time > part.start and time + EARLY >= part.end
            pitches = part.next_voicing if early else part.voicing
            gap = rhythm[place + 1][0] - onset if place + 1 < len(rhythm) else length
            end = math.inf if early and part.following else part.end
            found += _chord(time, min(length, HELD * gap, end - time), pitches)
            struck = time
    return found


def _rhythms(
    bars: Sequence[Sequence[_Part]],
    meter: Meter,
    random: np.random.Generator,
    melody: Sequence[Note],
) -> list[tuple[tuple[float, float], ...]]:
    """Return the rhythm of each bar; outside of 4/4 and 3/4 the plain one of swing."""
    if meter in (FOUR_FOUR, Meter(3, 4)):
        begins = [bar[0].bar_start for bar in bars]
        onsets = [
            [
                note.start - begin
                for note in melody
                if -1 <= note.start - begin < meter.quarters + 1
            ]
            for begin in begins
        ]
        return comping_rhythms([len(bar) > 1 for bar in bars], onsets, meter, random)
    return [
        tuple((onset, SHORT * OFF_BEAT) for onset in _chord_onsets(meter, bar[0].bar))
        for bar in bars
    ]


def _chord(start: float, length: float, pitches: Voicing) -> list[Note]:
    return [Note(start, length, pitch, CHORD_VELOCITY) for pitch in pitches]


def _bass_onsets(meter: Meter) -> list[float]:
    """Return the onsets of a walking bass in a bar."""
    if meter.compound:
        beat = 12 / meter.unit
        starts = [place * beat for place in range(meter.beats // 3)]
        return sorted([*starts, *(start + beat * 2 / 3 for start in starts)])
    step = min(1.0, 4 / meter.unit)
    return [place * step for place in range(round(meter.quarters / step))]


def _stride_onsets(meter: Meter) -> list[tuple[float, bool]]:
    """Return the onsets of a stride left hand in a bar, and which are bass notes."""
    if meter.compound:
        onsets = _bass_onsets(meter)
        return [(start, place % 2 == 0) for place, start in enumerate(onsets)]
    count = 4 if meter.beats == 2 else meter.beats
    step = meter.quarters / count
    return [
        (place * step, place % 2 == 0 if count % 2 == 0 else place == 0)
        for place in range(count)
    ]


def _chord_onsets(meter: Meter, bar: int) -> list[float]:
    """Return the onsets of short chords in a bar, in a pattern of two bars."""
    beat = 12 / meter.unit if meter.compound else 1.0
    off = beat * 2 / 3 if meter.compound else beat / 2
    places = (
        (0.0, beat + off) if bar % 2 == 0 else (beat + off, meter.quarters - beat + off)
    )
    return sorted({place for place in places if place < meter.quarters})


def upper_tones(chord: Chord) -> tuple[int, ...]:
    """Return the pitch classes that are played above the bass, at most four.

    A triad is played whole. Of richer chords the third, the seventh and what is
    altered or added come first, then the fifth; the bass plays the root.
    """
    tones = QUALITIES[chord.quality]
    if len(tones) > 3:
        # The last tones are those that the chord is named by.
        ranked = [tones[1], tones[3], *tones[:3:-1], tones[2], 0]
        tones = tuple(ranked[:MOST_VOICES])
    return tuple(dict.fromkeys((chord.root + step) % OCTAVE for step in tones))


def voicing(
    chord: Chord, before: Voicing = (), tones: Sequence[int] | None = None
) -> Voicing:
    """Return a chord in the middle of the keyboard, each pitch class once.

    Of all positions that fit it is the cheapest by `_cost`: little movement from the
    voicing before, near the middle, no semitones between voices. By default it has the
    pitch classes of `upper_tones`.
    """
    placed = itertools.product(*(_places(tone) for tone in tones or upper_tones(chord)))
    options = (tuple(sorted(pitches)) for pitches in placed)
    narrow = (pitches for pitches in options if pitches[-1] - pitches[0] <= WIDEST)
    return min(narrow, key=lambda pitches: (_cost(pitches, before), pitches))


def voicings(chords: Sequence[Chord | None], rootless: bool = False) -> list[Voicing]:
    """Return each chord's voicing, led from the one before; empty for no chord."""
    found: list[Voicing] = []
    before: Voicing = ()
    for place, chord in enumerate(chords):
        tones = rootless_tones(chords, place) if rootless else None
        found.append(() if chord is None else voicing(chord, before, tones))
        before = found[-1] or before
    return found


def bass(pitch_class: int, near: int = BASS_CENTRE) -> int:
    """Return the bass note of a pitch class that is nearest to a pitch."""
    places = range(LOWEST_BASS, HIGHEST_BASS + 1)
    found = [pitch for pitch in places if pitch % OCTAVE == pitch_class]
    return min(found, key=lambda pitch: (abs(pitch - near), abs(pitch - BASS_CENTRE)))


def fifth(chord: Chord) -> int:
    """Return the pitch class of the chord's fifth, which a bass alternates with."""
    tones = QUALITIES[chord.quality]
    step = next((step for step in DEGREES[5] if step in tones), 0)
    return (chord.root + step) % OCTAVE


def _places(pitch_class: int) -> list[int]:
    places = range(LOWEST_VOICE, HIGHEST_VOICE + 1)
    return [pitch for pitch in places if pitch % OCTAVE == pitch_class]


def _cost(pitches: Voicing, before: Voicing) -> float:
    arriving = sum(
        min(abs(pitch - other) for other in before or pitches) for pitch in pitches
    )
    leaving = sum(min(abs(pitch - other) for other in pitches) for pitch in before)
    steps = [above - below for below, above in itertools.pairwise(pitches)]
    clashes = CLASH * steps.count(1) + CLASH_ON_TOP * (steps[-1:] == [1])
    lean = LEAN * abs(sum(pitches) / len(pitches) - CENTRE)
    return (arriving + leaving) / 2 + clashes + lean


def walking_bass(
    chord: Chord,
    following: Chord | None,
    beats: int,
    near: int,
    continued: bool = False,
) -> list[int]:
    """Return a bass line of some beats over one chord, after a bass note `near`.

    It begins on the chord's bass note, or on the fifth if the chord is `continued` from
    an earlier bar, ends a semitone from the next one's, and uses the chord's tones
    between them.
    """
    first = bass(fifth(chord) if continued else chord.bass, near)
    if beats == 1:
        return [first]
    target = bass((following or chord).bass, first)
    last = target - 1 if first < target or target == HIGHEST_BASS else target + 1
    line = [first]
    for beat in range(1, beats - 1):
        share = beat / (beats - 1)
        ideal = first + share * (last - first)
        if abs(last - first) < FAR:
            direction = 1 if first <= BASS_CENTRE else -1
            ideal += direction * ARCH * min(1.0, 4 * share * (1 - share) + share / 2)
        line.append(_nearest(chord, ideal, line[-1], last))
    return [*line, last]


def _nearest(chord: Chord, ideal: float, *others: int) -> int:
    """Return the chord's tone nearest to a pitch, without some other pitches."""
    tones = set(chord.tones)
    places = [
        pitch
        for pitch in range(LOWEST_BASS - 1, HIGHEST_BASS + 2)
        if pitch % OCTAVE in tones and pitch not in others
    ]
    return min(places, key=lambda pitch: (abs(pitch - ideal), pitch))
