"""Rules of a jazz trio's accompaniment: walking bass, comping, ride cymbal.

Nothing here is learned. The bass line is the cheapest path through the pitches of a
bass, where the costs are the rules of walking: the root where a chord begins, chord
tones on strong beats, a step into the next chord, no leap beyond an octave. Comping
draws rhythms that differ from bar to bar, with voicings without a root.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.music.theory.chord import OCTAVE, QUALITIES, Chord
from core.music.theory.notes import FOUR_FOUR, Meter, Note

Floats = NDArray[np.float64]
Hits = tuple[tuple[float, float], ...]  # onset in the bar and length, in quarters

NEVER = 1e3
# Costs of an interval between two notes, in semitones; beyond an octave is NEVER.
INTERVALS = (3.0, 0.0, 0.0, 0.25, 0.35, 0.4, 1.2, 0.6, 1.5, 1.5, 2.0, 2.5, 1.0)
# Costs of an interval into a new chord: a semitone is best, then a tone, a fifth.
APPROACHES = {1: -1.3, 2: -0.6, 5: -0.4, 7: -0.3}
RETURN, WIDE_TWICE, ONWARD = (
    1.0,
    1.0,
    -0.15,
)  # costs of the note before last, leaps, direction
TONE, SCALE, CHROMATIC, LEFT_BY_LEAP = 0.3, 0.5, 0.9, 1.5  # costs on weak beats
LEAN = 0.03  # cost of each semitone from the middle
NOISE = 0.35  # mean of a random cost of each note, so that choruses differ
WIDE = 4  # semitones: a greater interval is a leap
# Scales by the third and seventh above a root; see `scale_of`.
IONIAN, MIXOLYDIAN = (0, 2, 4, 5, 7, 9, 11), (0, 2, 4, 5, 7, 9, 10)
DORIAN, LOCRIAN = (0, 2, 3, 5, 7, 9, 10), (0, 1, 3, 5, 6, 8, 10)
DIMINISHED, WHOLE_TONE = (0, 2, 3, 5, 6, 8, 9, 11), (0, 2, 4, 6, 8, 10)

# Rhythms of comping in a bar of 4/4 and of 3/4: the Charleston first.
SHORT = 0.4
FOUR_BEATS: tuple[Hits, ...] = (
    ((0.0, SHORT), (1.5, SHORT)),
    ((0.0, 1.2), (1.5, SHORT)),
    ((0.5, SHORT), (2.0, 1.0)),
    ((1.0, SHORT), (2.5, SHORT)),
    ((1.5, SHORT), (3.5, SHORT)),
    ((0.0, SHORT), (2.5, 0.9)),
    ((0.5, 0.9), (2.5, SHORT), (3.5, SHORT)),
    ((2.5, SHORT),),
    ((1.0, SHORT), (3.0, SHORT)),
    ((0.0, SHORT), (1.5, SHORT), (3.5, SHORT)),
    ((1.5, 1.8),),
    ((0.5, SHORT), (1.5, SHORT), (3.0, SHORT)),
)
THREE_BEATS: tuple[Hits, ...] = (
    ((0.0, SHORT), (1.5, SHORT)),
    ((1.0, SHORT), (2.0, SHORT)),
    ((1.5, 0.9),),
    ((0.5, SHORT), (2.0, SHORT)),
    ((0.0, 1.2), (2.5, SHORT)),
    ((1.0, SHORT), (2.5, SHORT)),
)
RECENT = 2  # bars whose rhythm does not come again at once
EARLY = 0.5  # quarter notes before a change: the new chord is anticipated

RIDE, PEDAL_HAT = 51, 44  # drums of General MIDI
RIDE_VELOCITY, SKIP_VELOCITY, HAT_VELOCITY = 52, 40, 44
STRUCK = 0.25  # quarter notes that a cymbal is written to last
SKIPPED = 0.2  # probability that a note off the beat is left out


@dataclass(frozen=True)
class Beat:
    """A beat of a walking bass."""

    chord: Chord  # chord under it
    change: bool  # whether the chord begins there
    strong: bool  # whether it is the first beat of a bar, or the middle of four


def walking_line(
    beats: Sequence[Beat], lowest: int, highest: int, random: np.random.Generator
) -> list[int]:
    """Return a pitch for each beat: the cheapest line by the rules of walking.

    The path is found by dynamic programming (Viterbi) over pairs of notes, as a note's
    cost depends on the two before it.
    """
    pitches = np.arange(lowest, highest + 1)
    notes = np.stack([_note_costs(beat, pitches) for beat in beats])
    notes += random.exponential(NOISE, notes.shape)
    notes += LEAN * np.abs(pitches - pitches.mean())
    if len(beats) == 1:
        return [int(pitches[notes[0].argmin()])]
    thirds = _contour_costs(pitches)
    best = notes[0][:, None] + _step_costs(beats[0], beats[1], pitches) + notes[1]
    came: list[NDArray[np.intp]] = []
    for place in range(2, len(beats)):
        ways = best[:, :, None] + thirds
        came.append(ways.argmin(axis=0))
        steps = _step_costs(beats[place - 1], beats[place], pitches)
        best = ways.min(axis=0) + steps + notes[place]
    before, last = (int(at) for at in np.unravel_index(best.argmin(), best.shape))
    path = [last, before]
    for table in reversed(came):
        path.append(int(table[path[-1], path[-2]]))
    return [int(pitches[place]) for place in reversed(path)]


def _note_costs(beat: Beat, pitches: NDArray[np.int64]) -> Floats:
    above = (pitches - beat.chord.root) % OCTAVE
    if beat.change:
        return np.where(pitches % OCTAVE == beat.chord.bass, 0.0, NEVER)
    tone = np.isin(above, QUALITIES[beat.chord.quality])
    if beat.strong:
        return np.where(tone, 0.0, NEVER)
    scale = np.isin(above, scale_of(beat.chord))
    return np.where(tone, TONE, np.where(scale, SCALE, CHROMATIC))


def _step_costs(beat: Beat, following: Beat, pitches: NDArray[np.int64]) -> Floats:
    """Return the costs from each pitch to each of the next beat."""
    size = np.abs(pitches[None, :] - pitches[:, None])
    table = np.full(size.max() + OCTAVE + 2, NEVER)
    table[: len(INTERVALS)] = INTERVALS
    if following.change:
        for interval, cost in APPROACHES.items():
            table[interval] = cost
        return np.asarray(table[size])
    above = (pitches - beat.chord.root) % OCTAVE
    outside = ~np.isin(above, [*scale_of(beat.chord), *QUALITIES[beat.chord.quality]])
    leaving = outside[:, None] & (size != 1)
    return np.asarray(table[size] + LEFT_BY_LEAP * leaving)


def _contour_costs(pitches: NDArray[np.int64]) -> Floats:
    """Return the costs of three notes in a row, (first, second, third)."""
    first, second, third = np.meshgrid(pitches, pitches, pitches, indexing="ij")
    one, other = second - first, third - second
    costs = RETURN * (third == first)
    costs = costs + WIDE_TWICE * ((np.abs(one) > WIDE) & (np.abs(other) > WIDE))
    return np.asarray(costs + ONWARD * (one * other > 0), np.float64)


def scale_of(chord: Chord) -> tuple[int, ...]:
    """Return the scale that passing notes are taken from, above the chord's root."""
    tones = QUALITIES[chord.quality]
    if 3 in tones and 4 not in tones:
        if 7 in tones or 8 in tones:
            return DORIAN
        return LOCRIAN if 10 in tones else DIMINISHED
    if 8 in tones and 7 not in tones:
        return WHOLE_TONE
    return MIXOLYDIAN if 10 in tones or 5 in tones else IONIAN


def rootless_tones(
    chords: Sequence[Chord | None], place: int
) -> tuple[int, ...] | None:
    """Return the pitch classes of a voicing without the root; None keeps the usual.

    Seventh and sixth chords are played as third, seventh and colour: the ninth with
    the fifth, or on a dominant with the thirteenth. Before a minor chord a fifth below
    a dominant has a flat ninth. The ninth is left out if the chords around have the
    note a semitone below.
    """
    chord, before = chords[place], chords[max(0, place - 1) : place]
    following = chords[place + 1] if place + 1 < len(chords) else None
    if chord is None:
        return None
    tones = QUALITIES[chord.quality]
    if len(tones) != 4 or tones[2] != 7 or tones[1] not in (3, 4):
        return None
    third, seventh = tones[1], tones[3]
    around = [*before, following]
    heard = {tone for one in around if one for tone in one.tones}
    ninth = 2 if (chord.root + 1) % OCTAVE not in heard else 0
    steps = (third, 7, seventh, ninth)
    if third == 4 and seventh == 10:
        fifth_below = (chord.root + 5) % OCTAVE
        falls = following is not None and following.root == fifth_below
        minor = following is not None and 3 in QUALITIES[following.quality]
        steps = (third, 7, seventh, 1) if falls and minor else (third, 9, seventh, 2)
    return tuple((chord.root + step) % OCTAVE for step in steps)


def comping_rhythms(
    changes: Sequence[bool],
    onsets: Sequence[Sequence[float]],
    meter: Meter,
    random: np.random.Generator,
) -> list[Hits]:
    """Return the rhythm of the chords in each bar of 4/4 or 3/4.

    Where the chord changes in the middle of a bar it is struck there. Of the rhythms
    those are taken that are struck least where the melody's notes begin, `onsets`.
    """
    known = FOUR_BEATS if meter == FOUR_FOUR else THREE_BEATS
    middle = meter.quarters / 2
    found: list[Hits] = []
    for change, notes in zip(changes, onsets, strict=True):
        fitting = [
            hits
            for hits in known
            if hits not in found[-RECENT:]
            and (
                not change or any(middle - EARLY <= at <= middle + 1 for at, _ in hits)
            )
        ]
        met = [
            float(
                np.mean(
                    [any(abs(at - note) < EARLY for note in notes) for at, _ in hits]
                )
            )
            for hits in fitting
        ]
        ways = [hits for hits, one in zip(fitting, met, strict=True) if one == min(met)]
        found.append(ways[int(random.integers(len(ways)))])
    return found


def ride(
    begin: float, bars: int, meter: Meter, random: np.random.Generator
) -> tuple[Note, ...]:
    """Return a quiet ride cymbal, with the hi-hat on 2 and 4, or on 2 of three."""
    beats = round(meter.quarters)
    found = []
    for bar in range(bars):
        start = begin + bar * meter.quarters
        for beat in range(beats):
            found.append(Note(start + beat, STRUCK, RIDE, RIDE_VELOCITY))
            if beat % 2 == 1:
                found.append(Note(start + beat, STRUCK, PEDAL_HAT, HAT_VELOCITY))
                if random.random() >= SKIPPED:
                    off = start + beat + 0.5
                    found.append(Note(off, STRUCK, RIDE, SKIP_VELOCITY))
    return tuple(sorted(found))
