"""Places chords on the keyboard so that each voice moves little (voice leading)."""

import itertools
from collections.abc import Sequence

from core.music.chord import OCTAVE, QUALITIES, Chord

LOWEST_VOICE, HIGHEST_VOICE = 52, 71  # E3 to B4: clear of bass and melody
CENTRE = 61.0
MOST_VOICES = 4
WIDEST = 14  # semitones from the lowest voice to the highest
LOWEST_BASS, HIGHEST_BASS = 33, 50  # A1 to D3
BASS_CENTRE = 41
# Semitones of unease, in the currency of a voice that moves so far.
LEAN = 0.35  # for each semitone of the mean from the centre
RUB = 3.0  # two voices a semitone apart
RUB_ON_TOP = 6.0
FIFTHS = (7, 6, 8)  # above the root, the likeliest first

Voicing = tuple[int, ...]  # MIDI numbers, lowest first


def colours(chord: Chord) -> tuple[int, ...]:
    """Return the pitch classes that are played above the bass, at most four.

    A triad is played whole. Of richer chords the third, the seventh and what is
    altered or added come first, then the fifth; the root is the bass's affair.
    """
    tones = QUALITIES[chord.quality].tones
    if len(tones) > 3:
        # The last are those that make the chord what it is called.
        ranked = [tones[1], tones[3], *tones[:3:-1], tones[2], 0]
        tones = tuple(ranked[:MOST_VOICES])
    return tuple(dict.fromkeys((chord.root + step) % OCTAVE for step in tones))


def voicing(chord: Chord, before: Voicing = ()) -> Voicing:
    """Return a chord in the middle of the keyboard, each pitch class once.

    Of all positions that fit, the one into which the voices before move least, near
    the middle and without semitones that rub.
    """
    placed = itertools.product(*(_places(tone) for tone in colours(chord)))
    options = (tuple(sorted(pitches)) for pitches in placed)
    narrow = (pitches for pitches in options if pitches[-1] - pitches[0] <= WIDEST)
    return min(narrow, key=lambda pitches: (_unease(pitches, before), pitches))


def voicings(chords: Sequence[Chord | None]) -> list[Voicing]:
    """Return each chord's voicing, led from the one before; empty for no chord."""
    found: list[Voicing] = []
    before: Voicing = ()
    for chord in chords:
        found.append(() if chord is None else voicing(chord, before))
        before = found[-1] or before
    return found


def bass(pitch_class: int, near: int = BASS_CENTRE) -> int:
    """Return a bass note of a pitch class, the nearest to another."""
    places = range(LOWEST_BASS, HIGHEST_BASS + 1)
    found = [pitch for pitch in places if pitch % OCTAVE == pitch_class]
    return min(found, key=lambda pitch: (abs(pitch - near), abs(pitch - BASS_CENTRE)))


def fifth(chord: Chord) -> int:
    """Return the pitch class that a bass goes to and fro with: the chord's fifth."""
    tones = QUALITIES[chord.quality].tones
    step = next((step for step in FIFTHS if step in tones), 0)
    return (chord.root + step) % OCTAVE


def _places(pitch_class: int) -> list[int]:
    places = range(LOWEST_VOICE, HIGHEST_VOICE + 1)
    return [pitch for pitch in places if pitch % OCTAVE == pitch_class]


def _unease(pitches: Voicing, before: Voicing) -> float:
    moved = sum(
        min(abs(pitch - other) for other in before or pitches) for pitch in pitches
    )
    left = sum(min(abs(pitch - other) for other in pitches) for pitch in before)
    steps = [above - below for below, above in itertools.pairwise(pitches)]
    rubs = RUB * steps.count(1) + RUB_ON_TOP * (steps[-1:] == [1])
    lean = LEAN * abs(sum(pitches) / len(pitches) - CENTRE)
    return (moved + left) / 2 + rubs + lean
