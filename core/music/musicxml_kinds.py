"""The kinds of chords that MusicXML has names for, and its degrees beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.music.chord import OCTAVE, QUALITIES, Chord
from core.music.spelling import quality_of

# MusicXML's name of a kind -> the quality of the same tones.
KINDS = {
    "major": "",
    "minor": "m",
    "augmented": "aug",
    "diminished": "dim",
    "dominant": "7",
    "major-seventh": "maj7",
    "minor-seventh": "m7",
    "diminished-seventh": "dim7",
    "augmented-seventh": "7#5",
    "half-diminished": "m7b5",
    "major-minor": "mmaj7",
    "major-sixth": "6",
    "minor-sixth": "m6",
    "dominant-ninth": "9",
    "major-ninth": "maj9",
    "minor-ninth": "m9",
    "dominant-11th": "11",
    "minor-11th": "m11",
    "dominant-13th": "13",
    "major-13th": "maj13",
    "minor-13th": "m13",
    "suspended-second": "sus2",
    "suspended-fourth": "sus4",
    "power": "5",
}
# Kinds whose sound has a name on another root: semitones up to it, and the quality.
ELSEWHERE = {
    "Neapolitan": (1, ""),
    "Italian": (8, "7"),
    "French": (8, "7b5"),
    "German": (8, "7"),
    "Tristan": (0, "m7b5"),
}
# Kinds without a quality of all their tones: the nearest that has one.
NEAREST = {"major-11th": "maj9"}
# Where a degree may lie in a chord, semitones above the root; first where it is added.
DEGREES = {
    1: (0,),
    2: (2,),
    3: (4, 3),
    4: (5,),
    5: (7, 6, 8),
    6: (9,),
    7: (10, 11, 9),
    9: (2,),
    11: (5,),
    13: (9,),
}
_BY_TONES = {frozenset(quality.tones): name for name, quality in QUALITIES.items()}


@dataclass(frozen=True)
class Degree:
    """A tone that is added to a kind, altered in it, or taken away.

    Attributes
    ----------
    value
        Its number: 5 is a fifth.
    alter
        Semitones: of an added one from where `DEGREES` has it, of an altered one from
        where it is.
    action
        "add", "alter" or "subtract".
    """

    value: int
    alter: int
    action: str


def chord_of(
    root: int, kind: str, text: str = "", degrees: Sequence[Degree] = ()
) -> Chord | None:
    """Return what a harmony element says; None if it cannot be known.

    The tones are asked first. Where they are no quality known here, the text that is
    printed is, and then the kind without its degrees.

    Parameters
    ----------
    root
        Pitch class.
    kind
        MusicXML's name; "other" and "pedal" have no tones of their own.
    text
        What a program prints instead of the kind's name.
    degrees
        What differs from the kind.
    """
    if kind in ELSEWHERE:
        up, quality = ELSEWHERE[kind]
        return Chord((root + up) % OCTAVE, quality)
    base = KINDS.get(kind, NEAREST.get(kind))
    exact = kind in KINDS or (base is None and degrees)
    tones = set(QUALITIES[base].tones) if base is not None else {0}
    for degree in degrees:
        _change(tones, degree)
    found = _BY_TONES.get(frozenset(tones)) if exact else None
    if found is None:
        found = _printed(text, base)
    return None if found is None else Chord(root, found)


def _change(tones: set[int], degree: Degree) -> None:
    places = DEGREES.get(degree.value, ())
    if not places:
        return
    here = [] if degree.action == "add" else [at for at in places if at in tones]
    tones.difference_update(here[:1])
    if degree.action != "subtract":
        tones.add(((here or places)[0] + degree.alter) % OCTAVE)


def _printed(text: str, otherwise: str | None) -> str | None:
    """Return the quality that a text means; without one, another."""
    try:
        return quality_of(text) if text.strip() else otherwise
    except ValueError:
        return otherwise
