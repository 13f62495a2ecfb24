"""Writes a score as MusicXML, which notation programs open."""

from collections.abc import Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from core.music.files.midi_writer import to_ticks
from core.music.files.musicxml_chords import harmony_element
from core.music.score.layout import (
    VALUES,
    Event,
    Layout,
    Span,
    events_of,
    in_bars,
    layout_of,
    note_values,
    step_of,
)
from core.music.score.score import Score, Track
from core.music.theory.chord import OCTAVE, Chord
from core.music.theory.keys import C_MAJOR, Key, fifths, key_of, octave_of, spelled
from core.music.theory.notes import STEPS_A_QUARTER

BELOW_TREBLE = 55  # a part whose mean pitch is lower is written in the bass clef
Chords = dict[int, Chord | None]  # by their start in sixteenths


def write_musicxml(score: Score) -> str:
    """Write a score as MusicXML 4.0: a part for each track, chords above the first.

    Notes are rounded to sixteenths, so a score is to be written without swing. A part
    has one voice: notes that begin together are a chord, as long as the longest of
    them, and end where the next begin. The key is inferred from the first track.
    """
    rounded = to_ticks(score)
    parts = [events_of(track.notes) for track in rounded.tracks]
    ends = [part[-1].end for part in parts if part]
    key = key_of(rounded.tracks[0].notes) or C_MAJOR
    layout = layout_of(rounded, key, max([step_of(rounded.length), *ends]))
    root = Element("score-partwise", version="4.0")
    SubElement(SubElement(root, "work"), "work-title").text = _printable(score.title)
    coding = SubElement(SubElement(root, "identification"), "encoding")
    SubElement(coding, "software").text = "Unrolled"
    _add_list(root, rounded.tracks)
    chords = {step_of(span.start): span.chord for span in rounded.chords}
    for number, events in enumerate(parts, start=1):
        part = SubElement(root, "part", id=f"P{number}")
        _add_measures(part, layout, events, chords if number == 1 else {})
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "unicode") + "\n"


def _add_list(root: Element, tracks: Sequence[Track]) -> None:
    part_list = SubElement(root, "part-list")
    for number, track in enumerate(tracks, start=1):
        part = SubElement(part_list, "score-part", id=f"P{number}")
        SubElement(part, "part-name").text = track.name or f"Part {number}"
        instrument = SubElement(part, "score-instrument", id=f"P{number}-I1")
        SubElement(instrument, "instrument-name").text = track.name or f"Part {number}"
        midi = SubElement(part, "midi-instrument", id=f"P{number}-I1")
        SubElement(midi, "midi-channel").text = str(number)
        SubElement(midi, "midi-program").text = str(track.program + 1)


def _add_measures(
    part: Element, layout: Layout, events: Sequence[Event], chords: Chords
) -> None:
    spans = in_bars(events, layout)
    for place, (bar, within) in enumerate(zip(layout.bars, spans, strict=True)):
        number = place + (not layout.pickup)
        measure = SubElement(part, "measure", number=str(number))
        if number == 0:
            measure.set("implicit", "yes")
        if place == 0:
            _add_attributes(measure, layout, events)
            _add_tempo(measure, layout.tempo)
        for span in within:
            begin = span.start
            for length in note_values(span, bar, layout.meter):
                part_of = replace(span, start=begin, end=begin + length)
                _add_notes(measure, layout.key, part_of, chords)
                begin += length
    SubElement(SubElement(measure, "barline"), "bar-style").text = "light-heavy"


def _add_attributes(measure: Element, layout: Layout, events: Sequence[Event]) -> None:
    attributes = SubElement(measure, "attributes")
    SubElement(attributes, "divisions").text = str(STEPS_A_QUARTER)
    key = SubElement(attributes, "key")
    SubElement(key, "fifths").text = str(fifths(layout.key))
    SubElement(key, "mode").text = "minor" if layout.key.minor else "major"
    time = SubElement(attributes, "time")
    SubElement(time, "beats").text = str(layout.meter.beats)
    SubElement(time, "beat-type").text = str(layout.meter.unit)
    pitches = [pitch for event in events for pitch in event.pitches]
    low = bool(pitches) and sum(pitches) < BELOW_TREBLE * len(pitches)
    clef = SubElement(attributes, "clef")
    SubElement(clef, "sign").text = "F" if low else "G"
    SubElement(clef, "line").text = "4" if low else "2"


def _add_tempo(measure: Element, tempo: float) -> None:
    direction = SubElement(measure, "direction", placement="above")
    metronome = SubElement(SubElement(direction, "direction-type"), "metronome")
    SubElement(metronome, "beat-unit").text = "quarter"
    SubElement(metronome, "per-minute").text = f"{tempo:.6g}"
    SubElement(direction, "sound", tempo=f"{tempo:.6g}")


def _add_notes(measure: Element, key: Key, span: Span, chords: Chords) -> None:
    """Write the notes, or the rest, of one note value, and the chords above it."""
    if span.start in chords:
        measure.append(harmony_element(chords[span.start], key))
    for place, pitch in enumerate(span.event.pitches):
        note = SubElement(measure, "note")
        if place:
            SubElement(note, "chord")
        _add_pitch(note, pitch, key)
        _add_value(note, span)
    if not span.event.pitches:
        note = SubElement(measure, "note")
        SubElement(note, "rest")
        _add_value(note, span)
    for step in range(span.start + 1, span.end):
        if step in chords:
            rest = str(span.end - step)
            SubElement(SubElement(measure, "backup"), "duration").text = rest
            measure.append(harmony_element(chords[step], key))
            SubElement(SubElement(measure, "forward"), "duration").text = rest


def _add_pitch(note: Element, pitch: int, key: Key) -> None:
    name = spelled(pitch % OCTAVE, key)
    element = SubElement(note, "pitch")
    SubElement(element, "step").text = name.letter
    if name.alter:
        SubElement(element, "alter").text = str(name.alter)
    SubElement(element, "octave").text = str(octave_of(pitch, name))


def _add_value(note: Element, span: Span) -> None:
    """Write the duration of a note value, and its ties to its neighbours."""
    SubElement(note, "duration").text = str(span.end - span.start)
    ties = []
    if span.event.pitches:
        ties += ["stop"] * (span.start > span.event.start)
        ties += ["start"] * (span.end < span.event.end)
    for kind in ties:
        SubElement(note, "tie", type=kind)
    SubElement(note, "voice").text = "1"
    if value := VALUES.get(span.end - span.start):
        SubElement(note, "type").text = value[0]
        if value[1]:
            SubElement(note, "dot")
    notations = SubElement(note, "notations") if ties else note
    for kind in ties:
        SubElement(notations, "tied", type=kind)


def _printable(text: str) -> str:
    """Return a text without the letters that XML does not allow."""
    return "".join(letter for letter in text if letter.isprintable())
