"""Chords: their tones, the scale that goes with them, and their names."""

from dataclasses import dataclass, field, replace
from typing import Self

OCTAVE = 12
PITCH_CLASSES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")

# Scales as semitones above the root.
MAJOR = (0, 2, 4, 5, 7, 9, 11)
LYDIAN = (0, 2, 4, 6, 7, 9, 11)
LYDIAN_AUGMENTED = (0, 2, 4, 6, 8, 9, 11)
MIXOLYDIAN = (0, 2, 4, 5, 7, 9, 10)
LYDIAN_DOMINANT = (0, 2, 4, 6, 7, 9, 10)
MIXOLYDIAN_FLAT_6 = (0, 2, 4, 5, 7, 8, 10)
DORIAN = (0, 2, 3, 5, 7, 9, 10)
MELODIC_MINOR = (0, 2, 3, 5, 7, 9, 11)
PHRYGIAN = (0, 1, 3, 5, 7, 8, 10)
LOCRIAN = (0, 1, 3, 5, 6, 8, 10)
ALTERED = (0, 1, 3, 4, 6, 8, 10)
WHOLE_TONE = (0, 2, 4, 6, 8, 10)
HALF_WHOLE = (0, 1, 3, 4, 6, 7, 9, 10)
WHOLE_HALF = (0, 2, 3, 5, 6, 8, 9, 11)


@dataclass(frozen=True)
class Quality:
    """A kind of chord, whatever its root.

    Attributes
    ----------
    tones
        Semitones above the root, within an octave, in the order they are stacked.
    scale
        Semitones above the root of the scale usually played over it.
    """

    tones: tuple[int, ...]
    scale: tuple[int, ...]


# Each kind by its plainest spelling; other spellings are in `spelling`.
QUALITIES: dict[str, Quality] = {
    "": Quality((0, 4, 7), MAJOR),
    "m": Quality((0, 3, 7), DORIAN),
    "7": Quality((0, 4, 7, 10), MIXOLYDIAN),
    "maj7": Quality((0, 4, 7, 11), MAJOR),
    "m7": Quality((0, 3, 7, 10), DORIAN),
    "m7b5": Quality((0, 3, 6, 10), LOCRIAN),
    "dim": Quality((0, 3, 6), WHOLE_HALF),
    "dim7": Quality((0, 3, 6, 9), WHOLE_HALF),
    "aug": Quality((0, 4, 8), WHOLE_TONE),
    "5": Quality((0, 7), MIXOLYDIAN),
    "6": Quality((0, 4, 7, 9), MAJOR),
    "m6": Quality((0, 3, 7, 9), MELODIC_MINOR),
    "69": Quality((0, 4, 7, 9, 2), MAJOR),
    "m69": Quality((0, 3, 7, 9, 2), MELODIC_MINOR),
    "add9": Quality((0, 4, 7, 2), MAJOR),
    "madd9": Quality((0, 3, 7, 2), DORIAN),
    "sus2": Quality((0, 2, 7), MIXOLYDIAN),
    "sus4": Quality((0, 5, 7), MIXOLYDIAN),
    "7sus4": Quality((0, 5, 7, 10), MIXOLYDIAN),
    "9sus4": Quality((0, 5, 7, 10, 2), MIXOLYDIAN),
    "13sus4": Quality((0, 5, 7, 10, 2, 9), MIXOLYDIAN),
    "9": Quality((0, 4, 7, 10, 2), MIXOLYDIAN),
    "11": Quality((0, 4, 7, 10, 2, 5), MIXOLYDIAN),
    "13": Quality((0, 4, 7, 10, 2, 9), MIXOLYDIAN),
    "maj9": Quality((0, 4, 7, 11, 2), MAJOR),
    "maj13": Quality((0, 4, 7, 11, 2, 9), MAJOR),
    "m9": Quality((0, 3, 7, 10, 2), DORIAN),
    "m11": Quality((0, 3, 7, 10, 2, 5), DORIAN),
    "m13": Quality((0, 3, 7, 10, 2, 9), DORIAN),
    "mmaj7": Quality((0, 3, 7, 11), MELODIC_MINOR),
    "mmaj9": Quality((0, 3, 7, 11, 2), MELODIC_MINOR),
    "maj7#11": Quality((0, 4, 7, 11, 6), LYDIAN),
    "maj7#5": Quality((0, 4, 8, 11), LYDIAN_AUGMENTED),
    "maj7b5": Quality((0, 4, 6, 11), LYDIAN),
    "7b5": Quality((0, 4, 6, 10), WHOLE_TONE),
    "7#5": Quality((0, 4, 8, 10), WHOLE_TONE),
    "9#5": Quality((0, 4, 8, 10, 2), WHOLE_TONE),
    "9b5": Quality((0, 4, 6, 10, 2), WHOLE_TONE),
    "7b9": Quality((0, 4, 7, 10, 1), HALF_WHOLE),
    "7#9": Quality((0, 4, 7, 10, 3), HALF_WHOLE),
    "7#11": Quality((0, 4, 7, 10, 6), LYDIAN_DOMINANT),
    "9#11": Quality((0, 4, 7, 10, 2, 6), LYDIAN_DOMINANT),
    "13#11": Quality((0, 4, 7, 10, 2, 6, 9), LYDIAN_DOMINANT),
    "7b13": Quality((0, 4, 7, 10, 8), MIXOLYDIAN_FLAT_6),
    "13b9": Quality((0, 4, 7, 10, 1, 9), HALF_WHOLE),
    "7#5b9": Quality((0, 4, 8, 10, 1), ALTERED),
    "7#5#9": Quality((0, 4, 8, 10, 3), ALTERED),
    "7b5b9": Quality((0, 4, 6, 10, 1), ALTERED),
    "7b5#9": Quality((0, 4, 6, 10, 3), ALTERED),
    "13#9": Quality((0, 4, 7, 10, 3, 9), HALF_WHOLE),
    "7sus4b9": Quality((0, 5, 7, 10, 1), PHRYGIAN),
    "7alt": Quality((0, 4, 8, 10, 1, 3), ALTERED),
}


@dataclass(frozen=True)
class Chord:
    """A chord: a root, a kind, and the lowest note where that is another.

    Attributes
    ----------
    root
        Pitch class, 0 (C) to 11 (B).
    quality
        A name from `QUALITIES`: "" is a major triad.
    bass
        Pitch class of the lowest note.
    text
        As somebody wrote it; two chords are equal however they are written.

    Raises
    ------
    ValueError
        If root or bass is no pitch class, or the quality is not known.
    """

    root: int
    quality: str = ""
    bass: int = -1  # the root, once it is made
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
        """The chord in its plainest spelling, with flats, such as "Bbm7/Eb"."""
        name = PITCH_CLASSES[self.root] + self.quality
        return name if self.bass == self.root else f"{name}/{PITCH_CLASSES[self.bass]}"

    @property
    def tones(self) -> tuple[int, ...]:
        """Pitch classes of the chord, root first."""
        return self._above_root(QUALITIES[self.quality].tones)

    @property
    def scale(self) -> tuple[int, ...]:
        """Pitch classes of the scale that goes with it, root first."""
        return self._above_root(QUALITIES[self.quality].scale)

    def transposed(self, semitones: int) -> Self:
        """Return the chord moved by semitones, up or (negative) down."""
        return replace(
            self,
            root=(self.root + semitones) % OCTAVE,
            bass=(self.bass + semitones) % OCTAVE,
            text="",
        )

    def _above_root(self, semitones: tuple[int, ...]) -> tuple[int, ...]:
        return tuple((self.root + step) % OCTAVE for step in semitones)

    def __str__(self) -> str:
        return self.text or self.name
