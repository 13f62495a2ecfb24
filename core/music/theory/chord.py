"""Chords and their symbols: "Dm7", "dm7", "G7(b9)", "C△", "C^7", "F#ø", "Bb6/9"."""

import re
from dataclasses import dataclass, field, replace
from typing import Self

OCTAVE = 12
PITCH_CLASSES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")

# Standard spelling of each quality -> its tones, semitones above the root within an
# octave, in the order they are stacked.
QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "m7b5": (0, 3, 6, 10),
    "dim": (0, 3, 6),
    "dim7": (0, 3, 6, 9),
    "aug": (0, 4, 8),
    "5": (0, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "69": (0, 4, 7, 9, 2),
    "m69": (0, 3, 7, 9, 2),
    "add9": (0, 4, 7, 2),
    "madd9": (0, 3, 7, 2),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "7sus4": (0, 5, 7, 10),
    "9sus4": (0, 5, 7, 10, 2),
    "13sus4": (0, 5, 7, 10, 2, 9),
    "9": (0, 4, 7, 10, 2),
    "11": (0, 4, 7, 10, 2, 5),
    "13": (0, 4, 7, 10, 2, 9),
    "maj9": (0, 4, 7, 11, 2),
    "maj13": (0, 4, 7, 11, 2, 9),
    "m9": (0, 3, 7, 10, 2),
    "m11": (0, 3, 7, 10, 2, 5),
    "m13": (0, 3, 7, 10, 2, 9),
    "mmaj7": (0, 3, 7, 11),
    "mmaj9": (0, 3, 7, 11, 2),
    "maj7#11": (0, 4, 7, 11, 6),
    "maj7#5": (0, 4, 8, 11),
    "maj7b5": (0, 4, 6, 11),
    "7b5": (0, 4, 6, 10),
    "7#5": (0, 4, 8, 10),
    "9#5": (0, 4, 8, 10, 2),
    "9b5": (0, 4, 6, 10, 2),
    "7b9": (0, 4, 7, 10, 1),
    "7#9": (0, 4, 7, 10, 3),
    "7#11": (0, 4, 7, 10, 6),
    "9#11": (0, 4, 7, 10, 2, 6),
    "13#11": (0, 4, 7, 10, 2, 6, 9),
    "7b13": (0, 4, 7, 10, 8),
    "13b9": (0, 4, 7, 10, 1, 9),
    "7#5b9": (0, 4, 8, 10, 1),
    "7#5#9": (0, 4, 8, 10, 3),
    "7b5b9": (0, 4, 6, 10, 1),
    "7b5#9": (0, 4, 6, 10, 3),
    "13#9": (0, 4, 7, 10, 3, 9),
    "7sus4b9": (0, 5, 7, 10, 1),
    "7alt": (0, 4, 8, 10, 1, 3),
    "7b9#11": (0, 4, 7, 10, 1, 6),
    "7#9#11": (0, 4, 7, 10, 3, 6),
    "7sus4b13": (0, 5, 7, 10, 8),
    "7sus4add3": (0, 5, 7, 10, 4),
    "mb6": (0, 3, 7, 8),
    "m#5": (0, 3, 8),
}

LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS = {"": 0, "#": 1, "b": -1}
SYMBOL = re.compile(
    r"(?P<root>[A-Ga-g][#b]?)(?P<quality>.*?)(?:/(?P<bass>[A-Ga-g][#b]?))?"
)
PLAIN = str.maketrans(
    {"♯": "#", "♭": "b", "−": "-", "–": "-", "∆": "Δ", "△": "Δ", "^": "Δ"}
)
# Qualities that a small letter makes minor: none, and those that name no third.
MINOR_UNSAID = re.compile(r"\(?(?:[#b\d]|add).*|")
NO_CHORD_TEXTS = ("N.C.", "NC", "N.C", "n.c.", "nc")

# Spellings of the beginning of a quality, longest first -> the standard one.
BEGINNINGS = (
    (re.compile(r"^(?:minor|min|mi|m|-)(?=maj|Maj|ma7|Ma|M7|M9|Δ)"), "m"),
    (re.compile(r"^(?:minor|Min|MIN|min|[mM]i(?!x)|MI|m(?!a)|-)"), "m"),
    (re.compile(r"^(?:major|Major|Maj|MAJ|maj|Ma|MA|ma|M|j(?=7))"), "maj"),
    (re.compile(r"^dominant|^dom"), ""),
    (re.compile(r"^(?:°|o(?!m))"), "dim"),
    (re.compile(r"^\+"), "aug"),
)
# What follows a minor's "m" when its seventh is major.
MAJOR_SEVENTH = re.compile(r"^m(?:Maj|maj|Ma|ma|M|Δ)(?=7|9|$)")
# Other spellings of whole qualities, after their beginning is standard.
OTHERS = {
    "maj": "",
    "maj6": "6",
    "maj69": "69",
    "Δ": "maj7",
    "Δ7": "maj7",
    "Δ9": "maj9",
    "Δ13": "maj13",
    "Δ#11": "maj7#11",
    "Δ7#11": "maj7#11",
    "Δ9#11": "maj7#11",
    "Δ7#5": "maj7#5",
    "Δ7b5": "maj7b5",
    "maj9#11": "maj7#11",
    "maj79": "maj9",
    "maj7add9": "maj9",
    "maj713": "maj13",
    "79": "9",
    "7add9": "9",
    "711": "11",
    "713": "13",
    "7913": "13",
    "913": "13",
    "7add13": "13",
    "m79": "m9",
    "m7add9": "m9",
    "m711": "m11",
    "m7911": "m11",
    "m911": "m11",
    "m7add11": "m11",
    "m713": "m13",
    "m6add9": "m69",
    "6add9": "69",
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
    "13susb9": "7sus4b9",  # without its thirteenth
    "13sus4b9": "7sus4b9",
    "13b9sus": "7sus4b9",
    "7b9sus": "7sus4b9",
    "7b9sus4": "7sus4b9",
    "7b13sus": "7sus4b13",
    "7b13sus4": "7sus4b13",
    "7susb13": "7sus4b13",
    "7susadd3": "7sus4add3",
    "ø": "m7b5",
    "ø7": "m7b5",
    "h": "m7b5",
    "h7": "m7b5",
    "h9": "m7b5",  # without its ninth
    "ø9": "m7b5",
    "mb5": "dim",
    "m7-5": "m7b5",
    "m9b5": "m7b5",
    "m11b5": "m7b5",
    "m7b511": "m7b5",
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
    "m/maj7": "mmaj7",
    "power": "5",
}


@dataclass(frozen=True)
class Chord:
    """A chord: a root, a quality, and a bass note where that is not the root."""

    root: int  # pitch class, 0 (C) to 11 (B)
    quality: str = ""  # a name from `QUALITIES`: "" is a major triad
    # Pitch class of the lowest note
    bass: int = -1  # replaced by the root
    # The symbol as it was typed; it does not count when chords are compared
    text: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.bass == -1:
            object.__setattr__(self, "bass", self.root)
        if not (0 <= self.root < OCTAVE and 0 <= self.bass < OCTAVE):
            raise ValueError(
                f"Expected pitch classes 0 to 11, got {self.root}, {self.bass}."
            )
        if self.quality not in QUALITIES:
            raise ValueError(f"Expected a quality of chord, got {self.quality!r}.")

    @property
    def name(self) -> str:
        """The chord in its standard spelling, with flats, such as "Bbm7/Eb"."""
        name = PITCH_CLASSES[self.root] + self.quality
        return name if self.bass == self.root else f"{name}/{PITCH_CLASSES[self.bass]}"

    @property
    def tones(self) -> tuple[int, ...]:
        """Pitch classes of the chord, root first."""
        return tuple((self.root + step) % OCTAVE for step in QUALITIES[self.quality])

    def transposed(self, semitones: int) -> Self:
        """Return the chord transposed by semitones."""
        return replace(
            self,
            root=(self.root + semitones) % OCTAVE,
            bass=(self.bass + semitones) % OCTAVE,
            text="",
        )

    def __str__(self) -> str:
        return self.text or self.name


def parse_chord(symbol: str) -> Chord | None:
    """Parse a chord symbol; None is "N.C.", no chord.

    A small letter is a minor chord: "d" and "dm" are D minor, "d7" and "dm7" its
    seventh chord. Raise a ValueError with the reason if it is no chord symbol.
    """
    if symbol in NO_CHORD_TEXTS:
        return None
    plain = symbol.translate(PLAIN)
    found = SYMBOL.fullmatch(plain)
    if found is None:
        raise ValueError("a chord begins with a letter from A to G")
    name, quality, low = found["root"], found["quality"], found["bass"]
    root = pitch_class(name)
    bass = pitch_class(low) if low else root
    if name[0].isupper() and not (low and low[0].islower()):
        return Chord(root, quality_of(quality), bass, text=symbol)
    kind = quality_of(quality) if name[0].isupper() else minor_quality_of(quality)
    text = name.capitalize() + kind + (f"/{low.capitalize()}" if low else "")
    return Chord(root, kind, bass, text=text)


def pitch_class(name: str) -> int:
    """Return the pitch class of a note's name, such as "Bb", in either case."""
    return (LETTERS[name[0].upper()] + ACCIDENTALS[name[1:]]) % OCTAVE


def minor_quality_of(text: str) -> str:
    """Return the quality that a text means after a small letter: "7" is "m7".

    A quality that says its third itself, such as "maj7" or "dim", is left as it is.
    """
    return quality_of(f"m{text}" if MINOR_UNSAID.fullmatch(text) else text)


def quality_of(text: str) -> str:
    """Return the standard spelling of a quality, a key of `QUALITIES`.

    Raise a ValueError with the reason if it is not known.
    """
    written = re.sub(r"[(), ]|(?<=\d)/(?=[#b]?\d)", "", text)  # 6/9, 7/b9, 7(13)
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
