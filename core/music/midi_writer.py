"""Writes a score as a standard MIDI file, through MIDIUtil and round its traps.

MIDIUtil writes corrupt files for pitches, velocities and times out of range, raises
for notes of no length, for two of the same pitch at once and for names outside
Latin-1, mixes up pitch 10 in channel 11 with pitch 101 in channel 1 where it sorts
out overlaps, and cuts off fractions of a tick. `as_written` makes all that fit, on
ticks, and MIDIUtil is given nothing to mend.
"""

import io

from midiutil import MIDIFile

from core.music.as_written import (
    MICROSECONDS,
    TICKS,
    as_written,
    channels,
    pickup_meter,
)
from core.music.score import Meter, Score


def write_midi(score: Score) -> bytes:
    """Write a score as a MIDI file of format 1; `as_written` says what is in it.

    The first track of the file holds the title, tempo, time signature, and each chord
    as a text; the score's tracks follow it. A pickup is a short first bar of its own.

    Raises
    ------
    ScoreError
        If a time or the tempo is not a finite number.
    """
    written = as_written(score)
    file = MIDIFile(
        len(written.tracks),
        removeDuplicates=False,
        deinterleave=False,
        adjust_origin=False,
        ticks_per_quarternote=TICKS,
        eventtime_is_ticks=True,
    )
    _write_head(file, written)
    for place, channel in enumerate(channels(written.tracks)):
        track = written.tracks[place]
        if track.name:
            file.addTrackName(place, 0, track.name)
        file.addProgramChange(place, channel, 0, track.program)
        for note in track.notes:
            start, length = round(note.start * TICKS), round(note.length * TICKS)
            file.addNote(place, channel, note.pitch, start, length, note.velocity)
    content = io.BytesIO()
    file.writeFile(content)
    return content.getvalue()


def _write_head(file: MIDIFile, written: Score) -> None:
    head = file.tracks[0]  # format 1 puts it before the tracks asked for
    if written.title:
        head.addTrackName(0, written.title)
    # MIDIUtil cuts off the fraction of a microsecond: half of one is added for that.
    microseconds = round(MICROSECONDS / written.tempo)
    file.addTempo(0, 0, MICROSECONDS / (microseconds + 0.5))
    if first := pickup_meter(written.pickup, written.meter):
        _write_meter(file, 0, first)
    _write_meter(file, round(written.pickup * TICKS), written.meter)
    for span in written.chords:
        name = "N.C." if span.chord is None else span.chord.name
        head.addText(round(span.start * TICKS), name)


def _write_meter(file: MIDIFile, tick: int, meter: Meter) -> None:
    click = 24 * 4 // meter.unit * (3 if meter.compound else 1)
    file.addTimeSignature(0, tick, meter.beats, meter.unit.bit_length() - 1, click)
