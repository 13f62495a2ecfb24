"""Chords and their symbols: "Dm7", "dm7", "G7(b9)", "C△", "C^7", "F#ø", "Bb6/9"."""

import re
from dataclasses import dataclass, field, replace
from typing import Self

OCTAVE = 12
PITCH_CLASSES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")

# Semitones above the root of each step of a scale on it; an added third is a tenth.
STEPS = {1: 0, 2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 10, 9: 2, 10: 4, 11: 5, 13: 9}
LARGER = {"6": (6,), "69": (6, 9), "7": (7,), "9": (7, 9), "11": (7, 9, 11)}
LARGER |= {"13": (7, 9, 13)}
FIFTHS = {"dim": "b5", "ø": "b5", "aug": "#5"}
SIGNS = {"#": 1, "+": 1, "b": -1, "-": -1, "o": -1}
QUALITY = re.compile(
    r"(?P<triad>m|dim|aug|ø)?(?P<major>maj)?(?:7?9?(?=1[13])|7(?=9))?"
    r"(?P<size>1[13]|69|[5679])?"
    r"(?P<changes>(?:sus[24]?|add(?:1[13]|[239])|[#b+o-]5|[#b+-]9|[#+]11|b13|b6|aug|\+"
    r"|11)*)"
)
CHANGE = re.compile(r"(?P<what>sus|add|aug|[#b+o-])?(?P<step>1[13]|\d)?")


def _steps(quality: str) -> dict[float, int]:
    """Return the steps of a quality and their semitones; none if it is unknown.

    The beginning of the quality is standard. A flat ninth is the step 8.9.
    """
    found = QUALITY.fullmatch(quality.replace("alt", "#5b9#9"))
    if found is None:
        return {}
    triad, major, size = found["triad"] or "", found["major"], found["size"]
    if (size == "5" or "sus" in found["changes"]) and (triad or major):
        return {}
    if not size and (triad == "ø" or (triad and major)):
        size = "7"
    tones: dict[float, int] = {1: 0, 3: 3 if triad in ("m", "dim", "ø") else 4, 5: 7}
    if size == "5":
        del tones[3]
    tones |= {step: STEPS[step] for step in LARGER.get(size or "", ())}
    if 7 in tones and (major or triad == "dim"):
        tones[7] = 11 if major else 9
    for change in CHANGE.finditer(FIFTHS.get(triad, "") + found["changes"]):
        what, step = change["what"], int(change["step"] or 0)
        if what == "aug" or (what in SIGNS and (step or what == "+")):
            step, alter = step or 5, SIGNS.get(what, 1)
            tones.pop(step, None)
            tones[step + alter / 10] = STEPS[step] + alter
        elif what or step:
            if what == "sus":
                tones.pop(3, None)
            else:
                step = {2: 9, 3: 10}.get(step, step)
            tones[step or 4] = STEPS[step or 4]
    return tones


# Standard spellings of qualities, besides the major triad's.
NAMES = (
    "m 7 maj7 m7 m7b5 dim dim7 aug 5 6 m6 69 m69 add9 madd9 sus2 sus4 7sus4 "
    "9sus4 13sus4 9 11 13 maj9 maj13 m9 m11 m13 mmaj7 mmaj9 maj7#11 maj7#5 "
    "maj7b5 7b5 7#5 9#5 9b5 7b9 7#9 7#11 9#11 13#11 7b13 13b9 7#5b9 7#5#9 "
    "7b5b9 7b5#9 13#9 7sus4b9 7alt 7b9#11 7#9#11 7sus4b13 7sus4add3 mb6 m#5"
)
_STEPS = {name: _steps(name) for name in ["", *NAMES.split()]}
# Quality -> its tones, semitones above the root within an octave, as they are stacked.
QUALITIES = {
    name: tuple(semitones for _, semitones in sorted(steps.items()))
    for name, steps in _STEPS.items()
}
# Others, which are played without some of their tones.
SIMPLER = {
    "13sus4b9": "7sus4b9",
    "ø9": "m7b5",
    "m11b5": "m7b5",
    "m7b511": "m7b5",
    "maj9#11": "maj7#11",
    "maj#11": "maj7#11",
    "7add13": "13",
    "m7add11": "m11",
    "9b13": "7b13",
    "7b9b13": "7#5b9",
    "7#9b13": "7#5#9",
    "7b9#9": "7alt",
}
_NAMES = {frozenset(steps.items()): name for name, steps in _STEPS.items()}
_NAMES |= {frozenset(_steps(text).items()): name for text, name in SIMPLER.items()}

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
    (re.compile(r"^(?:°|o(?!m))"), "dim"),
    (re.compile(r"^\+"), "aug"),
    (re.compile(r"^(?:halfdim|hdim|h|ø)7?"), "ø"),
    (re.compile(r"^Δ(?=\d)"), "maj"),
    (re.compile(r"^Δ"), "maj7"),
    (re.compile(r"^sus(7|9|13)"), r"\1sus"),
    (re.compile(r"^(?=[24]$)"), "sus"),
    (re.compile(r"^power$"), "5"),
    (re.compile(r"^alt"), "7alt"),
)
# What follows a minor's "m" when its seventh is major.
MAJOR_SEVENTH = re.compile(r"^m/?(?:Maj|maj|Ma|ma|M|Δ)(?=7|9|$)")


@dataclass(frozen=True)
class Chord:
    """A chord: a root, a quality, and a bass note where that is not the root.

    Attributes
    ----------
    root
        Pitch class, 0 (C) to 11 (B).
    quality
        A name from `QUALITIES`: "" is a major triad.
    bass
        Pitch class of the lowest note.
    text
        The symbol as it was typed; it does not count when chords are compared.
    """

    root: int
    quality: str = ""
    bass: int = -1  # replaced by the root
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
    seventh chord.

    Raises
    ------
    ValueError
        If it is not a chord symbol, with the reason in a few words.
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

    Raises
    ------
    ValueError
        If it is not known, with the reason in a few words.
    """
    written = re.sub(r"[(), ]|(?<=\d)/(?=[#b]?\d)", "", text)  # 6/9, 7/b9, 7(13)
    if written in QUALITIES:
        return written
    plain = re.sub("^(?:dominant|dom)", "", written)
    for beginning, instead in BEGINNINGS:
        plain, changed = beginning.subn(instead, plain, count=1)
        if changed:
            break
    steps = frozenset(_steps(MAJOR_SEVENTH.sub("mmaj", plain)).items())
    if steps not in _NAMES:
        raise ValueError(f"{text!r} is not a kind of chord known here")
    return _NAMES[steps]
