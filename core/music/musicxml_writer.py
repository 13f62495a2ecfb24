"""Writes a score as MusicXML, which notation programs open."""

from collections.abc import Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from core.music.as_written import ScoreError, as_written, channels
from core.music.chord import OCTAVE, Chord
from core.music.keys import key_of
from core.music.layout import (
    Event,
    Page,
    Span,
    events_of,
    in_bars,
    page_of,
    signs,
    step_of,
)
from core.music.musicxml_harmony import harmony
from core.music.notation import C_MAJOR, VALUES, fifths, octave_of, spelled
from core.music.piece import Key
from core.music.score import STEPS_A_QUARTER, Score, Track

BELOW_TREBLE = 55  # a part whose mean pitch is lower is written in the bass clef
Chords = dict[int, Chord | None]  # by the sixteenth that they begin at


def write_musicxml(score: Score, key: Key | None = None) -> str:
    """Write a score as MusicXML 4.0: a part for each track, chords above the first.

    Notes go to the nearest sixteenth, so a score is to be written before it is swung.
    A part has one voice: notes that begin together are a chord, as long as the
    longest of them, and end where the next begin. Drums are left out.

    Parameters
    ----------
    score
        What to write.
    key
        For the key signature and the names of pitches; by default the key that the
        first track's notes are likely in.

    Raises
    ------
    ScoreError
        If a time or the tempo is not a finite number, or there are only drums.
    """
    written = as_written(score)
    tracks = [track for track in written.tracks if not track.drums]
    if not tracks:
        raise ScoreError(
            "Expected a track of notes, got none or drums alone, which are not written "
            "as MusicXML here. Take the MIDI file instead."
        )
    parts = [events_of(track.notes) for track in tracks]
    ends = [part[-1].end for part in parts if part]
    key = key or key_of(tracks[0].notes) or C_MAJOR
    page = page_of(written, key, max([step_of(written.length), *ends]))
    root = Element("score-partwise", version="4.0")
    SubElement(SubElement(root, "work"), "work-title").text = _printable(score.title)
    coding = SubElement(SubElement(root, "identification"), "encoding")
    SubElement(coding, "software").text = "Unrolled"
    _add_list(root, tracks)
    chords = {step_of(span.start): span.chord for span in written.chords}
    for number, events in enumerate(parts, start=1):
        part = SubElement(root, "part", id=f"P{number}")
        _add_measures(part, page, events, chords if number == 1 else {})
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "unicode") + "\n"


def _add_list(root: Element, tracks: Sequence[Track]) -> None:
    part_list = SubElement(root, "part-list")
    for number, (track, channel) in enumerate(
        zip(tracks, channels(tracks), strict=True), start=1
    ):
        part = SubElement(part_list, "score-part", id=f"P{number}")
        SubElement(part, "part-name").text = track.name or f"Part {number}"
        instrument = SubElement(part, "score-instrument", id=f"P{number}-I1")
        SubElement(instrument, "instrument-name").text = track.name or f"Part {number}"
        midi = SubElement(part, "midi-instrument", id=f"P{number}-I1")
        SubElement(midi, "midi-channel").text = str(channel + 1)
        SubElement(midi, "midi-program").text = str(track.program + 1)


def _add_measures(
    part: Element, page: Page, events: Sequence[Event], chords: Chords
) -> None:
    spans = in_bars(events, page)
    for place, (bar, within) in enumerate(zip(page.bars, spans, strict=True)):
        number = place + (not page.pickup)
        measure = SubElement(part, "measure", number=str(number))
        if number == 0:
            measure.set("implicit", "yes")
        if place == 0:
            _add_attributes(measure, page, events)
            _add_tempo(measure, page.tempo)
        for span in within:
            begin = span.start
            for length in signs(span, bar, page.meter):
                sign = replace(span, start=begin, end=begin + length)
                _add_sign(measure, page.key, sign, chords)
                begin += length
    SubElement(SubElement(measure, "barline"), "bar-style").text = "light-heavy"


def _add_attributes(measure: Element, page: Page, events: Sequence[Event]) -> None:
    attributes = SubElement(measure, "attributes")
    SubElement(attributes, "divisions").text = str(STEPS_A_QUARTER)
    key = SubElement(attributes, "key")
    SubElement(key, "fifths").text = str(fifths(page.key))
    SubElement(key, "mode").text = "minor" if page.key.minor else "major"
    time = SubElement(attributes, "time")
    SubElement(time, "beats").text = str(page.meter.beats)
    SubElement(time, "beat-type").text = str(page.meter.unit)
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


def _add_sign(measure: Element, key: Key, sign: Span, chords: Chords) -> None:
    """Write the notes, or the rest, of one sign, and the chords above it."""
    if sign.start in chords:
        measure.append(harmony(chords[sign.start], key))
    for place, pitch in enumerate(sign.event.pitches):
        note = SubElement(measure, "note")
        if place:
            SubElement(note, "chord")
        _add_pitch(note, pitch, key)
        _add_value(note, sign)
    if not sign.event.pitches:
        note = SubElement(measure, "note")
        SubElement(note, "rest")
        _add_value(note, sign)
    for step in range(sign.start + 1, sign.end):
        if step in chords:
            back = str(sign.end - step)
            SubElement(SubElement(measure, "backup"), "duration").text = back
            measure.append(harmony(chords[step], key))
            SubElement(SubElement(measure, "forward"), "duration").text = back


def _add_pitch(note: Element, pitch: int, key: Key) -> None:
    name = spelled(pitch % OCTAVE, key)
    element = SubElement(note, "pitch")
    SubElement(element, "step").text = name.letter
    if name.alter:
        SubElement(element, "alter").text = str(name.alter)
    SubElement(element, "octave").text = str(octave_of(pitch, name))


def _add_value(note: Element, sign: Span) -> None:
    """Write how long a sign is, and its ties to the parts of its note around it."""
    SubElement(note, "duration").text = str(sign.end - sign.start)
    ties = []
    if sign.event.pitches:
        ties += ["stop"] * (sign.start > sign.event.start)
        ties += ["start"] * (sign.end < sign.event.end)
    for kind in ties:
        SubElement(note, "tie", type=kind)
    SubElement(note, "voice").text = "1"
    if value := VALUES.get(sign.end - sign.start):
        SubElement(note, "type").text = value[0]
        if value[1]:
            SubElement(note, "dot")
    notations = SubElement(note, "notations") if ties else note
    for kind in ties:
        SubElement(notations, "tied", type=kind)


def _printable(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return "".join(letter for letter in text if letter.isprintable())
