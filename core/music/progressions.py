"""Progressions that everybody plays, to improvise over."""

from dataclasses import dataclass

from core.music.piece import Key
from core.music.progression import parse_chords
from core.music.score import FOUR_FOUR, ChordSpan, Meter

C_MAJOR = Key(0)


@dataclass(frozen=True)
class Progression:
    """A named progression.

    Attributes
    ----------
    name
        What musicians call it.
    about
        One sentence for who does not know it.
    text
        Its chords, as `parse_chords` reads them.
    key
        The key it is written in.
    meter
        How long its bars are.
    tempo
        Quarter notes a minute, a usual one.
    """

    name: str
    about: str
    text: str
    key: Key = C_MAJOR
    meter: Meter = FOUR_FOUR
    tempo: float = 120.0

    @property
    def chords(self) -> tuple[ChordSpan, ...]:
        """Its chords with their times."""
        return parse_chords(self.text, self.meter)

    @property
    def bars(self) -> int:
        """How many bars one chorus has."""
        return round(self.chords[-1].end / self.meter.quarters)


PROGRESSIONS = (
    Progression(
        "12-bar blues",
        "Three lines of four bars on the three main chords, all of them sevenths.",
        "C7 | F7 | C7 | C7 | F7 | F7 | C7 | A7 | Dm7 | G7 | C7 A7 | Dm7 G7",
    ),
    Progression(
        "Minor blues",
        "The blues in minor, with a chromatic turn before its end.",
        "Cm7 | Fm7 | Cm7 | Cm7 | Fm7 | Fm7 | Cm7 | Cm7 | Ab7 | G7 | Cm7 | Dm7b5 G7",
        Key(0, minor=True),
    ),
    Progression(
        "Simple blues",
        "The oldest form of the blues: three chords, hardly a change.",
        "E7 | % | % | % | A7 | % | E7 | % | B7 | A7 | E7 | B7",
        Key(4),
        tempo=96,
    ),
    Progression(
        "ii-V-I",
        "The most common cadence in jazz: second, fifth, first degree.",
        "Dm7 | G7 | Cmaj7 | Cmaj7 A7",
    ),
    Progression(
        "ii-V-i in minor",
        "The same cadence in minor: half-diminished, altered, home.",
        "Dm7b5 | G7b9 | Cm6 | Cm6",
        Key(0, minor=True),
    ),
    Progression(
        "ii-V-I through the keys",
        "The cadence again and again, each time a whole tone lower.",
        "Dm7 G7 | Cmaj7 | Cm7 F7 | Bbmaj7 | Bbm7 Eb7 | Abmaj7 | "
        "Abm7 Db7 | Gbmaj7 | F#m7 B7 | Emaj7 | Em7 A7 | Dmaj7",
    ),
    Progression(
        "Rhythm changes",
        "Thirty-two bars at a quick tempo; sevenths around the circle in the middle.",
        "Bbmaj7 G7 | Cm7 F7 | Dm7 G7 | Cm7 F7 | "
        "Fm7 Bb7 | Eb7 Edim7 | Dm7 G7 | Cm7 F7 | "
        "Bbmaj7 G7 | Cm7 F7 | Dm7 G7 | Cm7 F7 | Fm7 Bb7 | Eb7 Edim7 | Cm7 F7 | Bb6 | "
        "D7 | % | G7 | % | C7 | % | F7 | % | "
        "Bbmaj7 G7 | Cm7 F7 | Dm7 G7 | Cm7 F7 | Fm7 Bb7 | Eb7 Edim7 | Cm7 F7 | Bb6",
        Key(10),
        tempo=180,
    ),
    Progression(
        "32-bar song",
        "The form of most old songs: one strain, again, a bridge, the strain.",
        "Cmaj7 | Am7 | Dm7 | G7 | Em7 | A7 | Dm7 G7 | C6 | "
        "Cmaj7 | Am7 | Dm7 | G7 | Em7 | A7 | Dm7 G7 | C6 | "
        "Gm7 | C7 | Fmaj7 | Fmaj7 | Am7 | D7 | Dm7 | G7 | "
        "Cmaj7 | Am7 | Dm7 | G7 | Em7 | A7 | Dm7 G7 | C6",
    ),
    Progression(
        "I-vi-ii-V",
        "The turn that leads home and on again.",
        "Cmaj7 | Am7 | Dm7 | G7",
    ),
    Progression(
        "I-vi-IV-V",
        "The four chords of the ballads of the fifties.",
        "C | Am | F | G",
    ),
    Progression(
        "I-V-vi-IV",
        "The four chords of countless newer songs.",
        "C | G | Am | F",
        tempo=104,
    ),
    Progression(
        "Ragtime circle",
        "Sevenths around the circle of fifths, the oldest trick of ragtime.",
        "C | E7 | A7 | A7 | D7 | G7 | C | G7",
        meter=Meter(2, 4),
        tempo=84,
    ),
    Progression(
        "Ragtime strain",
        "Sixteen bars as the composers of rags wrote them.",
        "C | G7 | C | C7 | F | Ebdim7 | C | G7 | "
        "C | G7 | C | C7 | F Fm | C A7 | D7 G7 | C",
        meter=Meter(2, 4),
        tempo=84,
    ),
    Progression(
        "Falling bass",
        "Minor, with a bass that falls by step to the dominant.",
        "Am | Am/G | F | E7",
        Key(9, minor=True),
        tempo=100,
    ),
    Progression(
        "Canon",
        "Eight chords over a bass of fourths and steps, for three hundred years.",
        "C G | Am Em | F C | F G",
        tempo=72,
    ),
    Progression(
        "One mode",
        "Sixteen bars of one chord, eight of its neighbour, eight back home.",
        "Dm7 | % | % | % | % | % | % | % | % | % | % | % | % | % | % | % | "
        "Ebm7 | % | % | % | % | % | % | % | Dm7 | % | % | % | % | % | % | %",
        Key(2, minor=True),
        tempo=132,
    ),
    Progression(
        "Jig",
        "Six eighths to the bar, and the chords a fiddler expects.",
        "D | D | G | A7 | D | D | G A7 | D | D | G | D | A7 | D | G | D A7 | D",
        Key(2),
        Meter(6, 8),
        tempo=165,
    ),
    Progression(
        "Waltz",
        "Three quarters to the bar, out to the second degree and home.",
        "F | C7 | C7 | F | F | D7 | Gm7 | C7 | F | F7 | Bb | Bbm6 | F D7 | Gm7 C7 | "
        "F | F",
        Key(5),
        Meter(3, 4),
        tempo=132,
    ),
)
