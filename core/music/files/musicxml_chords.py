"""Chord symbols in MusicXML: harmony elements read and written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from core.music.theory.chord import (
    ACCIDENTALS,
    DEGREES,
    OCTAVE,
    QUALITIES,
    Chord,
    quality_of,
)
from core.music.theory.keys import Key, Spelling, root_spelled, spelled

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
_BY_TONES = {frozenset(tones): name for name, tones in QUALITIES.items()}

KIND_OF = {quality: kind for kind, quality in KINDS.items()}
# Qualities without a name in MusicXML -> one with a name, and the added degrees.
WITH_DEGREES = {
    "69": ("6", "9"),
    "m69": ("m6", "9"),
    "add9": ("", "9"),
    "madd9": ("m", "9"),
    "mmaj9": ("mmaj7", "9"),
    "7sus4": ("sus4", "b7"),
    "9sus4": ("sus4", "b7 9"),
    "13sus4": ("sus4", "b7 9 13"),
    "7sus4b9": ("sus4", "b7 b9"),
    "7sus4b13": ("sus4", "b7 b13"),
    "7sus4add3": ("sus4", "b7 3"),
    "7alt": ("7", "#5 b9 #9"),
}
ALTERATION = re.compile(r"(?P<sign>[#b]?)(?P<step>\d+)")
ALTERED = re.compile(r"(?P<base>.*?)(?P<degrees>(?:[#b]\d+)+)")


@dataclass(frozen=True)
class Degree:
    """A tone that is added to a kind, altered in it, or removed."""

    value: int  # 5 is a fifth
    # Semitones: of an added one from its place in `DEGREES`, of an altered one from its
    # own
    alter: int
    action: str  # "add", "alter" or "subtract"


def chord_of(
    root: int, kind: str, text: str = "", degrees: Sequence[Degree] = ()
) -> Chord | None:
    """Return the chord of a harmony element; None if it is not known.

    It is the quality of the same tones, or else of the printed text, or else of the
    kind without its degrees. The kinds "other" and "pedal" have no tones of their own.
    """
    if kind in ELSEWHERE:
        up, quality = ELSEWHERE[kind]
        return Chord((root + up) % OCTAVE, quality)
    base = KINDS.get(kind, NEAREST.get(kind))
    exact = kind in KINDS or (base is None and degrees)
    tones = set(QUALITIES[base]) if base is not None else {0}
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


def _printed(text: str, default: str | None) -> str | None:
    """Return the quality of a printed text, or the default."""
    try:
        return quality_of(text) if text.strip() else default
    except ValueError:
        return default


def harmony_element(chord: Chord | None, key: Key) -> Element:
    """Return the harmony element of a chord; None is "N.C.".

    The kind is the nearest one with a name in MusicXML, with degrees added or altered.
    """
    element = Element("harmony")
    if chord is None:
        _add_step(element, "root", Spelling("C", 0))
        SubElement(element, "kind", text="N.C.").text = "none"
        return element
    base, degrees = _base_and_degrees(chord.quality)
    _add_step(element, "root", root_spelled(chord, key))
    SubElement(element, "kind", text=chord.quality).text = KIND_OF[base]
    if chord.bass != chord.root:
        _add_step(element, "bass", spelled(chord.bass, key))
    for degree in degrees:
        _add_degree(element, base, *degree)
    return element


def _base_and_degrees(quality: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a quality with a MusicXML name, and degrees with their alteration."""
    if quality in KIND_OF:
        return quality, []
    if quality in WITH_DEGREES:
        base, degrees = WITH_DEGREES[quality]
    else:
        found = ALTERED.fullmatch(quality)
        assert found is not None, f"a quality without a name in MusicXML: {quality}"
        base, degrees = found["base"], found["degrees"]
    parts = ALTERATION.finditer(degrees)
    return base, [(int(part["step"]), ACCIDENTALS[part["sign"]]) for part in parts]


def _add_degree(element: Element, base: str, step: int, alter: int) -> None:
    highest = max([5, *(int(number) for number in re.findall(r"\d+", base))])
    # An added seventh is a minor one as it stands.
    alter += step == 7
    degree = SubElement(element, "degree")
    SubElement(degree, "degree-value").text = str(step)
    SubElement(degree, "degree-alter").text = str(alter)
    kind = "alter" if alter and step <= highest and step != 7 else "add"
    SubElement(degree, "degree-type").text = kind


def _add_step(element: Element, name: str, spelling: Spelling) -> None:
    part = SubElement(element, name)
    SubElement(part, f"{name}-step").text = spelling.letter
    if spelling.alter:
        SubElement(part, f"{name}-alter").text = str(spelling.alter)
