"""How sounds are written down: names of pitches in a key, and note values in bars."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.music.chord import OCTAVE, Chord
from core.music.piece import Key
from core.music.score import Meter
from core.music.spelling import ACCIDENTALS, LETTERS, PLAIN

FIFTHS = "FCGDAEB"  # letters a fifth apart; the next seven are the same with a sharp
C_MAJOR = Key(0)
# On the line of fifths around the tonic's key signature: the seven notes of the scale
# and those that are borrowed most, such as F# and Eb in C major, G# in A minor.
FLATTEST_IN_MAJOR, FLATTEST_IN_MINOR = -5, -3
F_FLAT, B_SHARP = -8, 12  # beyond them are double flats and sharps, written simply
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
class Spelling:
    """A pitch class as it is written: a letter, and semitones up or down from it."""

    letter: str
    alter: int


def fifths(key: Key) -> int:
    """Return a key's signature: sharps, or (negative) flats, -5 to 6."""
    major = key.tonic + 3 * key.minor
    return (7 * major + 5) % OCTAVE - 5


def spelled(pitch_class: int, key: Key = C_MAJOR) -> Spelling:
    """Return how a pitch class is written in a key: F# in G major, Gb in Db major."""
    flattest = FLATTEST_IN_MINOR if key.minor else FLATTEST_IN_MAJOR
    lowest = min(max(fifths(key) + flattest, F_FLAT), B_SHARP - OCTAVE + 1)
    place = lowest + (7 * pitch_class - lowest) % OCTAVE
    alter, letter = divmod(place + 1, len(FIFTHS))
    return Spelling(FIFTHS[letter], alter)


def root_spelled(chord: Chord, key: Key) -> Spelling:
    """Return a chord's root as its writer spelled it, or else as the key asks."""
    letter, accidental = chord.text[:1], chord.text[1:2].translate(PLAIN)
    if letter in LETTERS:
        alter = ACCIDENTALS.get(accidental, 0)
        if (LETTERS[letter] + alter) % OCTAVE == chord.root:
            return Spelling(letter, alter)
    return spelled(chord.root, key)


def octave_of(pitch: int, spelling: Spelling) -> int:
    """Return the octave that a MIDI number is written in; middle C begins the fourth.

    A C flat is written in the octave above its sound, a B sharp in the one below.
    """
    return (pitch - spelling.alter) // OCTAVE - 1


def values(start: int, length: int, meter: Meter) -> Iterator[int]:
    """Split a note within a bar into lengths that have a sign of their own.

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
