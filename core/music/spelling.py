"""Chord symbols as musicians write them: "Dm7", "G7(b9)", "C△", "F#ø", "Bb6/9"."""

import re

from core.music.chord import QUALITIES, Chord

LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS = {"": 0, "#": 1, "b": -1}
SYMBOL = re.compile(r"(?P<root>[A-G][#b]?)(?P<quality>.*?)(?:/(?P<bass>[A-G][#b]?))?")
PLAIN = str.maketrans({"♯": "#", "♭": "b", "−": "-", "–": "-", "∆": "Δ", "△": "Δ"})
NO_CHORD_TEXTS = ("N.C.", "NC", "N.C", "n.c.", "nc")

# The beginning of a quality: its spellings, longest first -> the plainest.
BEGINNINGS = (
    (re.compile(r"^(?:minor|min|mi|m|-)(?=maj|Maj|ma7|Ma|M7|M9|Δ)"), "m"),
    (re.compile(r"^(?:minor|Min|min|mi(?!x)|m(?!a)|-)"), "m"),
    (re.compile(r"^(?:major|Major|Maj|MAJ|maj|Ma|ma|M|j(?=7))"), "maj"),
    (re.compile(r"^dominant|^dom"), ""),
    (re.compile(r"^(?:°|o(?!m))"), "dim"),
    (re.compile(r"^\+"), "aug"),
)
# What follows a minor's "m" when its seventh is major.
MAJOR_SEVENTH = re.compile(r"^m(?:Maj|maj|Ma|ma|M|Δ)(?=7|9|$)")
# Whole qualities that are spelled otherwise, after their beginning is plain.
OTHERS = {
    "maj": "",
    "maj6": "6",
    "maj69": "69",
    "Δ": "maj7",
    "Δ7": "maj7",
    "Δ9": "maj9",
    "Δ13": "maj13",
    "Δ#11": "maj7#11",
    "maj9#11": "maj7#11",
    "maj#11": "maj7#11",
    "majadd9": "add9",
    "2": "sus2",
    "add2": "add9",
    "sus": "sus4",
    "4": "sus4",
    "7sus": "7sus4",
    "sus7": "7sus4",
    "9sus": "9sus4",
    "sus9": "9sus4",
    "13sus": "13sus4",
    "7susb9": "7sus4b9",
    "7b9sus": "7sus4b9",
    "7b9sus4": "7sus4b9",
    "ø": "m7b5",
    "ø7": "m7b5",
    "h7": "m7b5",
    "mb5": "dim",
    "m7-5": "m7b5",
    "m7o5": "m7b5",
    "hdim7": "m7b5",
    "halfdim": "m7b5",
    "#5": "aug",
    "aug7": "7#5",
    "7+": "7#5",
    "7+5": "7#5",
    "7aug": "7#5",
    "aug9": "9#5",
    "9+5": "9#5",
    "maj7+5": "maj7#5",
    "augmaj7": "maj7#5",
    "maj7-5": "maj7b5",
    "7-5": "7b5",
    "7-9": "7b9",
    "7+9": "7#9",
    "7+11": "7#11",
    "9+11": "9#11",
    "9-5": "9b5",
    "9b13": "7b13",
    "7b9#5": "7#5b9",
    "7b9b13": "7#5b9",
    "7#9#5": "7#5#9",
    "7#9b13": "7#5#9",
    "7b9b5": "7b5b9",
    "7#9b5": "7b5#9",
    "13-9": "13b9",
    "alt": "7alt",
    "7b9#9": "7alt",
    "mmaj": "mmaj7",
    "power": "5",
}


def chord(symbol: str) -> Chord | None:
    """Read one chord symbol; None is "N.C.", no chord.

    Raises
    ------
    ValueError
        If it is not a chord symbol; the text says why in a few words.
    """
    if symbol in NO_CHORD_TEXTS:
        return None
    plain = symbol.translate(PLAIN)
    found = SYMBOL.fullmatch(plain)
    if found is None:
        raise ValueError("a chord begins with a capital letter from A to G")
    root = _pitch_class(found["root"])
    bass = _pitch_class(found["bass"]) if found["bass"] else root
    return Chord(root, quality_of(found["quality"]), bass, text=symbol)


def _pitch_class(name: str) -> int:
    return (LETTERS[name[0]] + ACCIDENTALS[name[1:]]) % 12


def quality_of(text: str) -> str:
    """Return the plainest spelling of a quality, the key of `QUALITIES`.

    Raises
    ------
    ValueError
        If it is not known; the text says why in a few words.
    """
    written = re.sub(r"[(), ]", "", text).replace("6/9", "69")
    if written in QUALITIES:
        return written
    plain = written
    for beginning, instead in BEGINNINGS:
        plain, changed = beginning.subn(instead, plain, count=1)
        if changed:
            break
    plain = MAJOR_SEVENTH.sub("mmaj", plain)
    plain = OTHERS.get(plain, plain)
    if plain not in QUALITIES:
        raise ValueError(f"{text!r} is not a kind of chord known here")
    return plain
