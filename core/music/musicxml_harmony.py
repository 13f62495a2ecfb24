"""Chord symbols as MusicXML's harmony elements."""

import re
from xml.etree.ElementTree import Element, SubElement

from core.music.chord import Chord
from core.music.musicxml_kinds import KINDS
from core.music.notation import Spelling, root_spelled, spelled
from core.music.piece import Key

KIND_OF = {quality: kind for kind, quality in KINDS.items()}
# Qualities that are one of those with other degrees than their names say.
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
    "7alt": ("7", "#5 b9 #9"),
}
ALTERATION = re.compile(r"(?P<sign>[#b]?)(?P<step>\d+)")
ALTERED = re.compile(r"(?P<base>.*?)(?P<degrees>(?:[#b]\d+)+)")
ALTER = {"": 0, "#": 1, "b": -1}


def harmony(chord: Chord | None, key: Key) -> Element:
    """Return the harmony element of a chord; None is "N.C.".

    The kind is the nearest that MusicXML has a name for, with degrees added or
    altered, and carries the quality as text, for programs that print that.
    """
    element = Element("harmony")
    if chord is None:
        _add_step(element, "root", Spelling("C", 0))
        SubElement(element, "kind", text="N.C.").text = "none"
        return element
    base, degrees = _taken_apart(chord.quality)
    _add_step(element, "root", root_spelled(chord, key))
    SubElement(element, "kind", text=chord.quality).text = KIND_OF[base]
    if chord.bass != chord.root:
        _add_step(element, "bass", spelled(chord.bass, key))
    for degree in degrees:
        _add_degree(element, base, *degree)
    return element


def _taken_apart(quality: str) -> tuple[str, list[tuple[int, int]]]:
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
    return base, [(int(part["step"]), ALTER[part["sign"]]) for part in parts]


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
