"""Keys: finding one, key signatures, and the names of pitches in a key."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.music.theory.chord import (
    ACCIDENTALS,
    LETTERS,
    OCTAVE,
    PLAIN,
    QUALITIES,
    Chord,
    smallest_interval,
)
from core.music.theory.notes import ChordSpan, Note

# How well each pitch class above the tonic fits, as listeners rated it (Krumhansl and
# Kessler 1982).
MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
DOMINANT = 7  # semitones above the tonic
FRAMED = 0.1  # bonus in correlation for a first or last chord that fits
FIFTHS = "FCGDAEB"  # letters a fifth apart; the next seven are the same with a sharp
# Places on the line of fifths around the key signature: the seven notes of the scale
# and the most frequent others, such as F# and Eb in C major, G# in A minor.
FLATTEST_IN_MAJOR, FLATTEST_IN_MINOR = -5, -3
F_FLAT, B_SHARP = -8, 12  # beyond them are double flats and sharps, written simply
SIGNS = {-1: "b", 0: "", 1: "#"}


@dataclass(frozen=True, order=True)
class Key:
    """A key: its tonic's pitch class, and whether it is minor."""

    tonic: int
    minor: bool = False


C_MAJOR = Key(0)


@dataclass(frozen=True)
class Spelling:
    """A pitch class as it is written: a letter, and semitones up or down from it."""

    letter: str
    alter: int

    def __str__(self) -> str:
        return self.letter + SIGNS[self.alter]


def key_of(notes: Sequence[Note]) -> Key | None:
    """Return the key whose profile correlates best with the pitch classes' durations.

    None without notes, or if all pitch classes have the same duration.
    """
    durations = _durations(notes)
    return max(_fits(durations))[1] if durations.std() else None


def signed_key(sharps: int, minor: bool, notes: Sequence[Note]) -> Key | None:
    """Return the key of a signature: the minor one if it says so or fits far better.

    None without sharps or flats (negative): the default of notation programs.
    """
    if not sharps:
        return None
    major = Key(7 * sharps % OCTAVE)
    relative = Key((major.tonic + 9) % OCTAVE, minor=True)
    fits = {key: fit for fit, key in _fits(_durations(notes))}
    return relative if minor or fits[relative] > fits[major] + FRAMED else major


def _durations(notes: Sequence[Note]) -> NDArray[np.float64]:
    """Return how long each pitch class sounds."""
    durations = np.zeros(OCTAVE)
    for note in notes:
        durations[note.pitch % OCTAVE] += note.length
    return durations


def key_of_chords(spans: Sequence[ChordSpan]) -> Key | None:
    """Return the key of a progression, or None without chords.

    As `key_of` their notes, with the root counted twice; and a key is likelier if the
    first or the last chord is its tonic's, or the last one leads to that.
    """
    durations = np.zeros(OCTAVE)
    sounding = [span for span in spans if span.chord]
    for span in sounding:
        assert span.chord
        for tone in (span.chord.root, *span.chord.tones):
            durations[tone] += span.length
    first, last = (sounding[0].chord, sounding[-1].chord) if sounding else (None, None)

    def framed(key: Key) -> float:
        leads = last is not None and (last.root - key.tonic) % OCTAVE == DOMINANT
        tonics = _is_tonic(first, key) + max(_is_tonic(last, key), leads)
        return FRAMED * tonics

    fits = ((fit + framed(key), key) for fit, key in _fits(durations))
    return max(fits)[1] if sounding else None


def _is_tonic(chord: Chord | None, key: Key) -> bool:
    """Tell whether a chord is a key's tonic chord."""
    third = (key.tonic + (3 if key.minor else 4)) % OCTAVE
    return chord is not None and chord.root == key.tonic and third in chord.tones


def _fits(durations: NDArray[np.float64]) -> list[tuple[float, Key]]:
    """Return how well each key fits the durations of the pitch classes.

    All fit equally well, by 0, if these are equal.
    """

    def fit(profile: NDArray[np.float64]) -> float:
        return float(np.corrcoef(profile, durations)[0, 1]) if durations.std() else 0.0

    return [
        (fit(np.roll(profile, tonic)), Key(tonic, bool(minor)))
        for minor, profile in enumerate((MAJOR, MINOR))
        for tonic in range(OCTAVE)
    ]


def fifths(key: Key) -> int:
    """Return a key's signature: sharps, or (negative) flats, -6 to 6."""
    major = key.tonic + 3 * key.minor
    sharps = (7 * major + 5) % OCTAVE - 5
    return -sharps if key.minor and sharps == 6 else sharps  # Eb minor, not D#


def spelled(pitch_class: int, key: Key = C_MAJOR) -> Spelling:
    """Return how a pitch class is written in a key: F# in G major, Gb in Db major."""
    flattest = FLATTEST_IN_MINOR if key.minor else FLATTEST_IN_MAJOR
    lowest = min(max(fifths(key) + flattest, F_FLAT), B_SHARP - OCTAVE + 1)
    place = lowest + (7 * pitch_class - lowest) % OCTAVE
    alter, letter = divmod(place + 1, len(FIFTHS))
    return Spelling(FIFTHS[letter], alter)


def root_spelled(chord: Chord, key: Key) -> Spelling:
    """Return a chord's root as it was typed, or else as the key spells it."""
    letter, accidental = chord.text[:1], chord.text[1:2].translate(PLAIN)
    if letter in LETTERS:
        alter = ACCIDENTALS.get(accidental, 0)
        if (LETTERS[letter] + alter) % OCTAVE == chord.root:
            return Spelling(letter, alter)
    return spelled(chord.root, key)


def spelled_over(pitch_class: int, key: Key, chord: Chord | None) -> Spelling:
    """Return how a pitch class is written over a chord: over A7 in C major, C# not Db.

    Notes of the key, and those that are not the chord's, are written as in the key.
    """
    plain = spelled(pitch_class, key)
    if chord is None or pitch_class not in chord.tones:
        return plain
    if plain.alter == signature(key).get(plain.letter, 0):
        return plain
    root = root_spelled(chord, key)
    above = _letters_above((pitch_class - chord.root) % OCTAVE, chord)
    letters = tuple(LETTERS)
    letter = letters[(letters.index(root.letter) + above) % len(letters)]
    alter = smallest_interval(pitch_class - LETTERS[letter])
    return Spelling(letter, alter) if alter in SIGNS else plain


def _letters_above(step: int, chord: Chord) -> int:
    """Return how many letters above its root a chord's tone is, by its semitones."""
    tones = QUALITIES[chord.quality]
    if step == 3 and 4 in tones:
        return 1  # a sharp ninth
    if step == 6 and 7 in tones:
        return 3  # a sharp eleventh
    if step == 8 and 7 in tones:
        return 5  # a flat thirteenth
    if step == 9 and chord.quality == "dim7":
        return 6
    return (0, 1, 1, 2, 2, 3, 4, 4, 4, 5, 6, 6)[step]


def signature(key: Key) -> dict[str, int]:
    """Return the letters that a key signature alters: 1 is sharp, -1 is flat."""
    count = fifths(key)
    if count < 0:
        return dict.fromkeys(FIFTHS[count:], -1)
    return dict.fromkeys(FIFTHS[:count], 1)


def octave_of(pitch: int, spelling: Spelling) -> int:
    """Return the octave that a MIDI number is written in; middle C begins the fourth.

    A C flat is written in the octave above its sound, a B sharp in the one below.
    """
    return (pitch - spelling.alter) // OCTAVE - 1


def key_name(key: Key) -> str:
    """Return the name of a key, such as "F# minor"."""
    return f"{spelled(key.tonic, key)} {'minor' if key.minor else 'major'}"


def spelled_span(span: ChordSpan, key: Key) -> ChordSpan:
    """Return a chord span with its symbol spelt for a key: C#7 in F# minor."""
    if span.chord is None:
        return span
    chord = span.chord
    text = f"{spelled(chord.root, key)}{chord.quality}"
    if chord.bass != chord.root:
        text += f"/{spelled(chord.bass, key)}"
    return replace(span, chord=replace(chord, text=text))


def pitch_name(pitch: int, key: Key = C_MAJOR) -> str:
    """Return the name of a pitch in a key, such as "Bb4"; C4 is middle C."""
    name = spelled(pitch % OCTAVE, key)
    return f"{name}{octave_of(pitch, name)}"
