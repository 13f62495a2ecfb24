"""Writes a score as MusicXML, which notation programs open."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from core.music.files.midi_writer import to_ticks
from core.music.files.musicxml_chords import harmony_element
from core.music.score.instruments import INSTRUMENTS, Instrument, instrument_of
from core.music.score.layout import (
    QUARTER,
    Layout,
    Part,
    Value,
    Voices,
    layout_of,
)
from core.music.score.score import Score, printable
from core.music.theory.chord import LETTERS, OCTAVE, Chord
from core.music.theory.keys import fifths, octave_of, signature
from core.music.theory.notes import STEPS_A_QUARTER

CLEFS = {"treble": ("G", 2), "bass": ("F", 4)}
ACCIDENTALS = {-1: "flat", 0: "natural", 1: "sharp"}
VOICES_A_STAFF = 4  # MusicXML numbers the voices of a part through its staves
STRAIGHT = 1.0
DOTTED = 1.5  # quarters of a compound meter's beat
LARGEST_SHARE = 9  # largest number in a written ratio of swing
# Two eighths are played as a quarter and an eighth of a triplet.
EVEN = (("eighth", "begin"), ("eighth", "end"))
UNEVEN = (("quarter", "start"), ("eighth", "stop"))
STEMS = {1: "up", 2: "down", 3: "up", 4: "down"}  # stem of each of several voices
Chords = dict[int, Chord | None]  # chords by their start
Signs = dict[tuple[int, int], str]  # accidentals by the start and pitch of their notes


@dataclass(frozen=True)
class Mark:
    """A colour for a note, "" for the usual one, and a letter below it, "" for none."""

    colour: str = ""
    letter: str = ""


def write_musicxml(
    score: Score,
    swing: float = STRAIGHT,
    triplets: frozenset[int] = frozenset(),
    marks: Sequence[Mark] = (),
) -> str:
    """Write a score as MusicXML 4.0: a part for each track, chords above the first.

    An accompaniment that needs it is on two staves. Transposing instruments are written
    as they read. Without a key in the score, one is inferred from the first track.

    Parameters
    ----------
    score
        Without swing.
    swing
        How long the first eighth of a beat is played, the second being 1: a word and a
        mark above the first bar say so, and a program plays it.
    triplets
        Quarters from the end of the pickup, those in it negative, in which the first
        track's first three sixteenths stand for a triplet.
    marks
        Of each note of the first track, whose notes follow one another.
    """
    rounded = to_ticks(score)
    concert = layout_of(rounded, triplets)
    root = Element("score-partwise", version="4.0")
    SubElement(SubElement(root, "work"), "work-title").text = printable(score.title)
    coding = SubElement(SubElement(root, "identification"), "encoding")
    SubElement(coding, "software").text = "Unrolled"
    _add_list(root, concert.parts)
    for number, part in enumerate(concert.parts, start=1):
        layout = concert
        if by := _instrument(part).transposition:
            layout = layout_of(rounded.transposed(-by), triplets)
            part = layout.parts[number - 1]
        element = SubElement(root, "part", id=f"P{number}")
        chords = layout.chords if number == 1 else {}
        marked = _by_start(part, marks) if number == 1 else {}
        first = _Measure(element, layout, part, 0, chords, marked)
        if number == 1:
            _add_tempo(first.element, rounded, swing)
        first.fill()
        for place in range(1, len(layout.bars)):
            _Measure(element, layout, part, place, chords, marked).fill()
        barline = SubElement(element[-1], "barline", location="right")
        SubElement(barline, "bar-style").text = "light-heavy"
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "unicode") + "\n"


def _by_start(part: Part, marks: Sequence[Mark]) -> dict[int, Mark]:
    """Return the marks of a part's notes by their starts, in twelfths."""
    starts = {
        value.event.start
        for staff in part.staves
        for voices in staff.bars
        for values in voices.values()
        for value in values
        if value.event
    }
    return dict(zip(sorted(starts), marks, strict=False))


def _instrument(part: Part) -> Instrument:
    return instrument_of(INSTRUMENTS[part.track.program])


def _add_list(root: Element, parts: Sequence[Part]) -> None:
    part_list = SubElement(root, "part-list")
    for number, part in enumerate(parts, start=1):
        element = SubElement(part_list, "score-part", id=f"P{number}")
        sounds = INSTRUMENTS[part.track.program]
        name = sounds if number == 1 else part.track.name or f"Part {number}"
        SubElement(element, "part-name").text = name
        instrument = SubElement(element, "score-instrument", id=f"P{number}-I1")
        SubElement(instrument, "instrument-name").text = sounds
        midi = SubElement(element, "midi-instrument", id=f"P{number}-I1")
        SubElement(midi, "midi-channel").text = str(number)
        SubElement(midi, "midi-program").text = str(part.track.program + 1)


def _add_tempo(measure: Element, score: Score, swing: float) -> None:
    """Write the tempo, and for a swung score the word and its ratio."""
    direction = SubElement(measure, "direction", placement="above")
    swung = swing != STRAIGHT and not score.meter.compound
    if swung:
        words = SubElement(SubElement(direction, "direction-type"), "words")
        words.text = "Swing"
    metronome = SubElement(SubElement(direction, "direction-type"), "metronome")
    SubElement(metronome, "beat-unit").text = "quarter"
    beats = score.tempo
    if score.meter.compound:
        SubElement(metronome, "beat-unit-dot")
        beats /= DOTTED
    SubElement(metronome, "per-minute").text = f"{beats:.0f}"
    sound = SubElement(direction, "sound", tempo=f"{score.tempo:.6g}")
    if swung:
        ratio = Fraction(swing).limit_denominator(LARGEST_SHARE)
        played = SubElement(sound, "swing")
        SubElement(played, "first").text = str(ratio.numerator)
        SubElement(played, "second").text = str(ratio.denominator)
        SubElement(played, "swing-type").text = "eighth"
        _add_swing(measure)


def _add_swing(measure: Element) -> None:
    """Write the mark of two equal eighths that are played as in a triplet."""
    direction = SubElement(measure, "direction", placement="above")
    kind = SubElement(direction, "direction-type")
    metronome = SubElement(kind, "metronome", parentheses="yes")
    for length, beam in EVEN:
        note = SubElement(metronome, "metronome-note")
        SubElement(note, "metronome-type").text = length
        SubElement(note, "metronome-beam").text = beam
    SubElement(metronome, "metronome-relation").text = "equals"
    for length, end in UNEVEN:
        note = SubElement(metronome, "metronome-note")
        SubElement(note, "metronome-type").text = length
        bracket = SubElement(note, "metronome-tuplet", type=end, bracket="yes")
        _add_three_for_two(bracket)


def _add_three_for_two(parent: Element) -> None:
    SubElement(parent, "actual-notes").text = "3"
    SubElement(parent, "normal-notes").text = "2"
    SubElement(parent, "normal-type").text = "eighth"


@dataclass
class _Measure:
    """One bar of a part."""

    part: Element
    layout: Layout
    written: Part
    place: int
    chords: Chords
    marked: Mapping[int, Mark]
    element: Element = field(init=False)
    now: int = field(init=False)  # place of the next element, in twelfths of a quarter

    def __post_init__(self) -> None:
        # The file's durations are whole numbers of a quarter's parts.
        self.divisions = QUARTER if self.layout.triplets else STEPS_A_QUARTER
        number = self.place + (not self.layout.pickup)
        self.element = SubElement(self.part, "measure", number=str(number))
        if number == 0:
            self.element.set("implicit", "yes")
        if self.place == 0:
            self._add_attributes()
        self.begin, self.end = self.layout.bars[self.place]
        self.now = self.begin

    def fill(self) -> None:
        """Write the voices of each staff, and the chords with the first."""
        for number, staff in enumerate(self.written.staves, start=1):
            voices = staff.bars[self.place]
            signs = _accidentals(voices, self.layout)
            for place, (voice, values) in enumerate(voices.items()):
                stem = STEMS[voice] if len(voices) > 1 else ""
                chords = {} if place or number > 1 else self.chords
                if place or number > 1:
                    self._move(self.begin)
                for value in values:
                    self._move(value.start)
                    self._add_chords(value, chords)
                    self._add_value(value, number, voice, stem, signs)
        self._move(self.end)

    def _duration(self, twelfths: int) -> str:
        return str(twelfths * self.divisions // QUARTER)

    def _move(self, time: int) -> None:
        """Go to a time in the bar without a note."""
        if time != self.now:
            tag = "forward" if time > self.now else "backup"
            moved = SubElement(self.element, tag)
            SubElement(moved, "duration").text = self._duration(abs(time - self.now))
            self.now = time

    def _add_attributes(self) -> None:
        layout, staves = self.layout, self.written.staves
        attributes = SubElement(self.element, "attributes")
        SubElement(attributes, "divisions").text = str(self.divisions)
        key = SubElement(attributes, "key")
        SubElement(key, "fifths").text = str(fifths(layout.key))
        SubElement(key, "mode").text = "minor" if layout.key.minor else "major"
        time = SubElement(attributes, "time")
        SubElement(time, "beats").text = str(layout.meter.beats)
        SubElement(time, "beat-type").text = str(layout.meter.unit)
        if len(staves) > 1:
            SubElement(attributes, "staves").text = str(len(staves))
        for number, staff in enumerate(staves, start=1):
            clef = SubElement(attributes, "clef")
            if len(staves) > 1:
                clef.set("number", str(number))
            sign, line = CLEFS[staff.clef]
            SubElement(clef, "sign").text = sign
            SubElement(clef, "line").text = str(line)
        if by := _instrument(self.written).transposition:
            octaves, chromatic = int(by / OCTAVE), math.fmod(by, OCTAVE)
            transpose = SubElement(attributes, "transpose")
            letters = round(chromatic * len(LETTERS) / OCTAVE)
            SubElement(transpose, "diatonic").text = str(letters)
            SubElement(transpose, "chromatic").text = str(int(chromatic))
            if octaves:
                SubElement(transpose, "octave-change").text = str(octaves)

    def _add_chords(self, value: Value, chords: Chords) -> None:
        """Write the chords that begin with a value or within it."""
        for time in range(value.start, value.end):
            if time in chords:
                self._move(time)
                self.element.append(harmony_element(chords[time], self.layout.key))
        self._move(value.start)

    def _add_pitch(self, note: Element, value: Value, pitch: int | None) -> None:
        """Write a pitch, or a rest."""
        if pitch is None or value.event is None:
            rest = SubElement(note, "rest")
            if not value.kind:
                rest.set("measure", "yes")
            return
        name = self.layout.spelling(pitch, value.event.start)
        element = SubElement(note, "pitch")
        SubElement(element, "step").text = name.letter
        # A natural is said, as programs compare tied notes with and without one.
        if name.alter or name.letter in signature(self.layout.key):
            SubElement(element, "alter").text = str(name.alter)
        SubElement(element, "octave").text = str(octave_of(pitch, name))

    def _add_value(
        self, value: Value, staff: int, voice: int, stem: str, signs: Signs
    ) -> None:
        """Write a rest, a note or a chord."""
        event, ties = value.event, _ties(value)
        mark = (event and self.marked.get(event.start)) or Mark()
        for place, pitch in enumerate(event.pitches if event else (None,)):
            note = SubElement(self.element, "note")
            if mark.colour:
                note.set("color", mark.colour)
            if place:
                SubElement(note, "chord")
            self._add_pitch(note, value, pitch)
            SubElement(note, "duration").text = self._duration(value.end - value.start)
            for kind in ties:
                SubElement(note, "tie", type=kind)
            number = voice + VOICES_A_STAFF * (staff - 1)
            SubElement(note, "voice").text = str(number)
            if value.kind:
                SubElement(note, "type").text = value.kind
            if value.dotted:
                SubElement(note, "dot")
            if pitch is not None and (sign := signs.get((value.start, pitch))):
                SubElement(note, "accidental").text = sign
            if value.triplet:
                _add_three_for_two(SubElement(note, "time-modification"))
            if event and stem:
                SubElement(note, "stem").text = stem
            if len(self.written.staves) > 1:
                SubElement(note, "staff").text = str(staff)
            for level, beam in enumerate(() if place else value.beams, start=1):
                SubElement(note, "beam", number=str(level)).text = beam
            _add_notations(note, value, ties, first=not place)
            if mark.letter and "stop" not in ties:
                lyric = SubElement(note, "lyric")
                SubElement(lyric, "syllabic").text = "single"
                SubElement(lyric, "text").text = mark.letter
        self.now = value.end


def _ties(value: Value) -> list[str]:
    if value.event is None:
        return []
    stops = ["stop"] * (value.start > value.event.start)
    return stops + ["start"] * (value.end < value.event.end)


def _add_notations(note: Element, value: Value, ties: list[str], first: bool) -> None:
    """Write ties, and at the first note of a chord triplets and staccato dots."""
    notations = Element("notations")
    for kind in ties:
        SubElement(notations, "tied", type=kind)
    if first and value.bracket:
        bracket = "no" if value.beams else "yes"
        SubElement(notations, "tuplet", type=value.bracket, bracket=bracket)
    if first and not ties and value.event and value.event.staccato:
        SubElement(SubElement(notations, "articulations"), "staccato")
    if len(notations):
        note.append(notations)


def _accidentals(voices: Voices, layout: Layout) -> Signs:
    """Return the accidentals of a staff's bar.

    One counts for its line to the end of the bar. A note that is tied has none.
    """
    usual = signature(layout.key)
    written: dict[tuple[str, int], int] = {}
    marks = {}
    values = (value for voice in voices.values() for value in voice if value.event)
    for value in sorted(values, key=lambda value: value.start):
        assert value.event is not None
        for pitch in value.event.pitches:
            name = layout.spelling(pitch, value.event.start)
            line = name.letter, octave_of(pitch, name)
            before = written.get(line, usual.get(name.letter, 0))
            if value.start == value.event.start and before != name.alter:
                marks[value.start, pitch] = ACCIDENTALS[name.alter]
                written[line] = name.alter
    return marks
