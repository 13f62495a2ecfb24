"""Chords and their symbols: "Dm7", "dm7", "G7(b9)", "C△", "C^7", "F#ø", "Bb6/9"."""

import re
from collections.abc import Collection
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
# Other ways to write a part of a quality, after its beginning is standard: in turn.
SPELLINGS = [
    (re.compile(pattern), standard)
    for pattern, standard in (
        (r"^(?:ø|h|hdim|halfdim)[79]?$", "m7b5"),  # without its ninth
        (r"^m(?:Maj|maj|Ma|ma|M|Δ)(?=7|9|$)", "mmaj"),
        (r"^Δ7?", "maj7"),
        (r"^maj(?=$|6|add)", ""),
        (r"-(?=\d)", "b"),
        (r"\+(?=\d)", "#"),
        (r"(?<=\d)(?:\+|aug)$", "#5"),
        (r"^aug(7|9|maj7)$", r"\1#5"),
        (r"[79](?:add)?(?=9|11|13)", ""),  # the highest number implies those below
        (r"6add9", "69"),
        (r"sus(?![24])", "sus4"),
        (r"^sus4(7|9|13)$", r"\1sus4"),
        (r"([b#]\d+)sus4$", r"sus4\1"),
        (r"([b#]9)([b#]5)$", r"\2\1"),
        (r"([b#]9)b13$", r"#5\1"),
    )
]
# Whole qualities that follow no rule, or that the nearest known one stands for.
OTHERS = {
    "2": "sus2",
    "4": "sus4",
    "add2": "add9",
    "#5": "aug",
    "mb5": "dim",
    "mmaj": "mmaj7",
    "m/maj7": "mmaj7",
    "maj#11": "maj7#11",
    "maj9#11": "maj7#11",
    "9b13": "7b13",
    "13sus4b9": "7sus4b9",
    "m7o5": "m7b5",
    "m9b5": "m7b5",
    "m11b5": "m7b5",
    "m7b511": "m7b5",
    "alt": "7alt",
    "7b9#9": "7alt",
    "power": "5",
}
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

    def clashes(self, pitch: int) -> bool:
        """Tell whether a long note clashes: no tone, and a semitone above one."""
        return pitch % OCTAVE not in self.tones and (pitch - 1) % OCTAVE in self.tones

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


def smallest_interval(semitones: int) -> int:
    """Return the interval to the same pitch class, a tritone at most, -6 to 5."""
    return (semitones + OCTAVE // 2) % OCTAVE - OCTAVE // 2


def nearest_pitch(pitch: int, classes: Collection[int]) -> int:
    """Return the nearest pitch of some pitch classes, the lower one of two."""
    half = OCTAVE // 2
    near = sorted(range(-half, half + 1), key=lambda by: (abs(by), by))
    return next(pitch + by for by in near if (pitch + by) % OCTAVE in classes)


def fitted(pitch: int, moved: int, source: Chord, target: Chord) -> int:
    """Return a moved note, on a tone of its new chord if it was one of its old one."""
    return (
        nearest_pitch(moved, target.tones) if pitch % OCTAVE in source.tones else moved
    )


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
    for spelling, standard in SPELLINGS:
        plain = spelling.sub(standard, plain)
    plain = OTHERS.get(plain, plain)
    if plain not in QUALITIES:
        raise ValueError(f"{text!r} is not a kind of chord known here")
    return plain
