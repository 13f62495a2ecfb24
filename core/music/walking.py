"""A walking bass: a note a beat, from each chord's root on to the next chord's."""

from core.music.chord import OCTAVE, Chord
from core.music.voicing import BASS_CENTRE, HIGHEST_BASS, LOWEST_BASS, bass, fifth

ARCH = 5  # semitones that a line leaves and comes back by, where it goes nowhere
FAR = 4  # semitones that are somewhere


def walk(
    chord: Chord, following: Chord | None, beats: int, near: int, again: bool = False
) -> list[int]:
    """Return a bass line of some beats over one chord.

    It begins on the chord's bass note and ends a semitone from the next one's, on the
    side it comes from; between them it takes the chord's tones on its way.

    Parameters
    ----------
    chord, following
        The chord, and the one it leads to, if any.
    beats
        Notes to play, at least one.
    near
        The bass note before.
    again
        Whether the chord has sounded for a bar already: then it begins on the fifth.
    """
    first = bass(fifth(chord) if again else chord.bass, near)
    if beats == 1:
        return [first]
    target = bass((following or chord).bass, first)
    last = target - 1 if first < target or target == HIGHEST_BASS else target + 1
    line = [first]
    for beat in range(1, beats - 1):
        share = beat / (beats - 1)
        ideal = first + share * (last - first)
        if abs(last - first) < FAR:
            away = 1 if first <= BASS_CENTRE else -1
            ideal += away * ARCH * min(1.0, 4 * share * (1 - share) + share / 2)
        line.append(_nearest(chord, ideal, line[-1], last))
    return [*line, last]


def _nearest(chord: Chord, ideal: float, *others: int) -> int:
    """Return the chord's tone nearest to a height that is none of some pitches."""
    tones = set(chord.tones)
    places = [
        pitch
        for pitch in range(LOWEST_BASS - 1, HIGHEST_BASS + 2)
        if pitch % OCTAVE in tones and pitch not in others
    ]
    return min(places, key=lambda pitch: (abs(pitch - ideal), pitch))
