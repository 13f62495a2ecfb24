"""Chord symbols of MusicXML: every kind that can be written, and what others write."""

from xml.etree.ElementTree import Element, SubElement

import pytest

from core.music.files.musicxml_chords import (
    ELSEWHERE,
    KINDS,
    NEAREST,
    Degree,
    chord_of,
    harmony_element,
)
from core.music.files.musicxml_reader import _read_part
from core.music.theory.chord import QUALITIES, Chord
from core.music.theory.keys import Key

# All names that MusicXML 4.0 has for a kind, but "none".
STANDARD = {
    *("major", "minor", "augmented", "diminished", "dominant", "half-diminished"),
    *("major-seventh", "minor-seventh", "diminished-seventh", "augmented-seventh"),
    *("major-minor", "major-sixth", "minor-sixth", "dominant-ninth", "major-ninth"),
    *("minor-ninth", "dominant-11th", "major-11th", "minor-11th", "dominant-13th"),
    *("major-13th", "minor-13th", "suspended-second", "suspended-fourth", "power"),
    *("Neapolitan", "Italian", "French", "German", "Tristan", "pedal", "other"),
}


def read_back(element):
    """Return the chord that the reader finds in a harmony element."""
    part = Element("part")
    SubElement(part, "measure").append(element)
    ((time, chord),) = _read_part(part).chords
    assert time == 0
    return chord


@pytest.mark.parametrize("printed", [True, False], ids=["with text", "without text"])
@pytest.mark.parametrize("quality", QUALITIES)
def test_every_kind_of_chord_is_read_as_it_was_written(quality, printed):
    for root in range(12):
        chord = Chord(root, quality, (root + 7) % 12)
        element = harmony_element(chord, Key(0))
        if not printed:
            del element.find("kind").attrib["text"]
        assert read_back(element) == chord


@pytest.mark.parametrize("kind", sorted(STANDARD - {"pedal", "other"}))
def test_every_standard_kind_is_a_chord(kind):
    assert kind in {*KINDS, *ELSEWHERE, *NEAREST}
    assert chord_of(2, kind) is not None


def test_an_augmented_sixth_sounds_like_a_seventh_elsewhere():
    german = chord_of(0, "German")
    assert set(german.tones) == {0, 3, 6, 8}
    assert (german.root, german.quality) == (8, "7")


@pytest.mark.parametrize(
    ("kind", "text", "degrees", "quality"),
    [
        ("other", "m7b5", (), "m7b5"),
        ("other", "7alt", (), "7alt"),
        ("dominant", "13", (), "7"),  # the tones count before the text
        ("dominant", "7(b9)", (Degree(9, -1, "add"),), "7b9"),
        ("dominant", "", (Degree(5, 1, "alter"),), "7#5"),
        ("major", "", (Degree(3, 0, "subtract"), Degree(4, 0, "add")), "sus4"),
        ("suspended-fourth", "", (Degree(7, 0, "add"),), "7sus4"),
        ("major", "", (Degree(9, 0, "add"),), "add9"),
        ("minor", "", (Degree(9, 0, "add"),), "madd9"),
        ("half-diminished", "", (Degree(9, 0, "add"),), "m7b5"),  # no kind known here
        ("dominant", "", (Degree(99, 0, "add"),), "7"),
        ("other", "", (Degree(3, -1, "add"), Degree(5, 0, "add")), "m"),
        ("jazzy", "maj7", (), "maj7"),
        ("major", "what?", (Degree(2, 1, "add"),), ""),
    ],
)
def test_tones_count_first_then_the_text_then_the_kind(kind, text, degrees, quality):
    assert chord_of(5, kind, text, degrees) == Chord(5, quality)


@pytest.mark.parametrize("kind", ["other", "pedal", "jazzy", ""])
def test_a_kind_without_tones_leaves_the_chord_before(kind):
    assert chord_of(5, kind) is None


def test_a_chord_may_stand_before_or_after_its_place():
    element = harmony_element(Chord(0, "m7"), Key(0))
    SubElement(element, "offset").text = "2"
    part = Element("part")
    SubElement(part, "measure").append(element)
    assert _read_part(part).chords == [(2.0, Chord(0, "m7"))]
